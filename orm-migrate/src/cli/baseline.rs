//! `baseline`: an existing database gets a history.
//!
//! Where the folder is empty, what the database has becomes its first migration. Where it is not, the database is
//! recorded as having had that one: after it was shown that it has what the migration makes.

use super::context::{Context, Cut};
use super::diff::find;
use crate::apply::{self, Mend};
use crate::catalog::{self, Canonical};
use crate::change::{Change, ObjectName};
use crate::error::{Exit, Failure};
use crate::history::{Draft, Folder, LedgerEntry, Migration, PlanFile, written_or_marked};
use crate::plan;
use crate::scratch::{self, Proof};
use crate::source::{self, SchemaSource, Side, SideError};
use orm_core::exec::Config;
use orm_core::schema::Schema;
use serde_json::json;
use std::collections::BTreeSet;

/// What is adopted.
#[derive(Debug, clap::Args)]
pub(super) struct BaselineArgs {
    /// Where the folder has migrations: the last one that the database already has [default: the first one].
    #[arg(long = "at", value_name = "NAME")]
    at: Option<String>,
    /// What is ours of the database: `crate`, or the path of a schema.json.
    #[arg(long, value_name = "SIDE", default_value = "crate")]
    to: String,
    #[command(flatten)]
    cut: Cut,
}

pub(super) async fn run(
    context: &Context<'_>,
    name: Option<String>,
    how: BaselineArgs,
) -> Result<Exit, Failure> {
    let (config, folder) = (context.target()?, context.folder()?);
    let migrations = folder.read()?;
    if migrations.is_empty() {
        if how.at.is_some() {
            return Err(refused(
                "--at names a migration of the folder, and the folder is empty".to_owned(),
                "without --at the first migration is written from what the database has",
            ));
        }
        return adopt(context, &config, &folder, name.as_deref().unwrap_or("baseline"), &how).await;
    }
    if name.is_some() {
        return Err(refused(
            "a baseline is the first migration, and the folder has migrations".to_owned(),
            "without a name, `baseline` records that this database already has the first of them",
        ));
    }
    let last = match &how.at {
        Some(name) => apply::target(&migrations, name)?,
        None => 0,
    };
    let had = migrations.get(..=last).unwrap_or_default();
    join(context, &config, had, &how).await
}

fn refused(what: String, hint: &str) -> Failure {
    Failure::Refused { what, hint: hint.to_owned(), exit: Exit::Conflict }
}

/// Who has a history must not be given another one.
fn without_history(entries: &[LedgerEntry]) -> Result<(), Failure> {
    match entries.first() {
        None => Ok(()),
        Some(entry) => Err(refused(
            format!("this database has a history already: {} and more of its ledger", entry.name),
            "`orm-migrate status` shows it; `orm-migrate repair` corrects a single line",
        )),
    }
}

/// Writes what the database has as the first migration, and records it as applied.
async fn adopt(
    context: &Context<'_>,
    config: &Config,
    folder: &Folder,
    name: &str,
    how: &BaselineArgs,
) -> Result<Exit, Failure> {
    let connection = crate::session::open(config).await?;
    let entries = context.ledger()?.read(&connection).await?;
    let server_version = catalog::server_version(&connection).await?;
    connection.close().await;
    without_history(&entries)?;
    let to = Side::parse(&how.to)?;
    let (declared, _) = context.side(&to)?;
    let server = context.server(Some(config))?.ok_or(SideError::NoServer)?;
    let (ours, _) = source::one(declared, Some(&server)).await?;
    let live = SchemaSource::Database(Box::new(config.clone()));
    let (schema, unmanaged) = source::one(live, Some(&server)).await?;
    let filter = context.filter(&how.cut)?;
    let (schema, notes) = filter.alone(&schema);
    notes.iter().for_each(|note| context.output.note(note));
    let up = written_or_marked(plan::schema_sql(&schema));
    let all = Canonical::of_catalog(schema.clone());
    let nothing = Canonical::of_catalog(Schema::default());
    match scratch::prove(server, &nothing, &up, &all).await? {
        Proof::Holds => {}
        Proof::Differs(found) => return Err(Failure::Proof { file: "up.sql", found }),
        Proof::Skipped(why) => context.output.note(&format!("up.sql was not tried: {why}")),
    }
    let ours: BTreeSet<ObjectName> = ObjectName::all(&ours).collect();
    let mut managed = schema;
    managed.tables.retain(|table| ours.contains(&ObjectName::of(table)));
    managed.objects.retain(|object| ours.contains(&ObjectName::of_object(object)));
    let plan = PlanFile {
        changes: ObjectName::all(&managed).map(|name| format!("adopt {name}")).collect(),
        schema_before: nothing.hash(),
        schema_after: Canonical::of_catalog(managed.clone()).hash(),
        server_version,
        tables: pairs(managed.tables.iter().map(ObjectName::of)),
        objects: pairs(managed.objects.iter().map(ObjectName::of_object)),
        ..PlanFile::default()
    };
    let draft = Draft { name: name.to_owned(), up, down: None, plan };
    let written = folder.write(&draft)?;
    mark(context, config, std::slice::from_ref(&written)).await?;
    let (adopted, count) =
        (ObjectName::all(&managed).count(), ObjectName::all(all.schema()).count());
    let mut text = format!(
        "wrote {}: what the database has, {count} tables and other objects, of which {adopted} are declared and managed from now on\n",
        written.up_path().display()
    );
    text += "recorded as applied; an empty database runs it\n";
    let left_out: Vec<String> = (unmanaged.iter().filter(|it| filter.has_named(&it.name)))
        .map(|it| format!("{} {}", it.kind, it.name))
        .collect();
    if !left_out.is_empty() {
        text += &format!(
            "not in it, add by hand what an empty database needs, then run `orm-migrate repair --edited {}`: {}\n",
            written.name,
            left_out.join(", ")
        );
    }
    text += "next: `orm-migrate diff` says what the crate declares otherwise";
    let names: Vec<String> = ObjectName::all(&managed).map(|name| name.to_string()).collect();
    let document = json!({ "migration": written.path, "up": written.up_path(), "recorded": [written.name], "managed": names, "left_out": left_out });
    context.output.answer(&text, document);
    Ok(Exit::Done)
}

fn pairs(names: impl Iterator<Item = ObjectName>) -> Vec<[String; 2]> {
    names.map(|name| [name.schema, name.name]).collect()
}

/// Records migrations that the database already has, once that was shown.
async fn join(
    context: &Context<'_>,
    config: &Config,
    had: &[Migration],
    how: &BaselineArgs,
) -> Result<Exit, Failure> {
    let server = context.server(Some(config))?.ok_or(SideError::NoServer)?;
    let live = SchemaSource::Database(Box::new(config.clone()));
    let both = source::both(live, SchemaSource::Replayed(had.to_vec()), Some(&server)).await?;
    // What else the database has is another's.
    let found = find(both, BTreeSet::new(), &context.filter(&how.cut)?);
    if !found.changes.is_empty() {
        let list: Vec<String> = found.changes.iter().map(Change::to_string).collect();
        let last = had.last().map(|it| it.name.as_str()).unwrap_or_default();
        let text = format!(
            "the database does not have what the migrations up to {last} make; nothing was recorded\n{}",
            list.iter().map(|line| format!("- {line}\n")).collect::<String>()
        );
        context.output.answer(text.trim_end(), json!({ "recorded": [], "differences": list }));
        return Ok(Exit::Differences);
    }
    mark(context, config, had).await?;
    let names: Vec<&String> = had.iter().map(|it| &it.name).collect();
    let text: String = names.iter().map(|name| format!("recorded {name}\n")).collect();
    let next = "the database has what they make; next: `orm-migrate apply`";
    context.output.answer(&(text + next), json!({ "recorded": names, "differences": [] }));
    Ok(Exit::Done)
}

async fn mark(context: &Context<'_>, config: &Config, had: &[Migration]) -> Result<(), Failure> {
    let (lock_wait, _) = context.waits(Default::default())?;
    apply::mend(config, &context.ledger()?, lock_wait, |entries| {
        without_history(entries)?;
        Ok(had.iter().map(|migration| Mend::Mark(migration, "baseline")).collect())
    })
    .await
}
