//! `squash`: many migrations become one, which an empty database runs and an old one counts as run.

use super::context::Context;
use crate::apply;
use crate::catalog::Canonical;
use crate::error::{Exit, Failure};
use crate::history::{
    self, Branches, Draft, Folder, Migration, PlanFile, Replaced, Script, unreplaced,
    written_or_marked,
};
use crate::plan;
use crate::scratch::{self, Proof};
use crate::source::{self, ReplayedSchema, SideError};
use orm_core::schema::Schema;
use serde_json::json;

/// What is squashed, and how.
#[derive(Debug, clap::Args)]
pub(super) struct SquashArgs {
    /// The last migration that becomes part of it [default: the newest].
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Keeps all statements, one migration after the other, instead of writing the schema that they make.
    #[arg(long)]
    concatenate: bool,
    /// Removes the folders of the migrations that it stands for. Without it they stay, until no database needs them.
    #[arg(long)]
    remove: bool,
}

pub(super) async fn run(
    context: &Context<'_>,
    name: Option<String>,
    how: SquashArgs,
) -> Result<Exit, Failure> {
    let folder = context.folder()?;
    let all = apply::read(&folder)?;
    let last = match &how.to {
        Some(name) => apply::target(&all, name)?,
        None => all.len().saturating_sub(1),
    };
    let named = all.get(..=last).unwrap_or_default();
    let chosen = unreplaced(named);
    if chosen.len() < 2 {
        return only_remove(context, &folder, &all, how.remove);
    }
    let server = context.server(None)?.ok_or(SideError::NoServer)?;
    let made = source::made(&server, &chosen).await?;
    let up = if how.concatenate { concatenated(&chosen) } else { rendered(&made, &chosen)? };
    let nothing = Canonical::of_catalog(Schema::default());
    match scratch::prove(server, &nothing, &up, &made.live.canonical).await? {
        Proof::Holds => {}
        Proof::Differs(found) => return Err(Failure::Proof { file: "up.sql", found }),
        Proof::Skipped(why) => return Err(refused(why, "name a server with --scratch-url")),
    }
    let plan = plan_file(&chosen, named, &nothing);
    let draft = Draft { name: name.unwrap_or_else(|| "squashed".to_owned()), up, down: None, plan };
    let time = chosen.last().ok_or(SideError::NoServer)?;
    let written = folder.write_at(time, &draft)?;
    let replaced: Vec<&Migration> = chosen.iter().collect();
    let removed = if how.remove { remove(&folder, &replaced)? } else { Vec::new() };
    let mut text = format!(
        "wrote {}: it stands for {} migrations, and was shown to make the same\n",
        written.up_path().display(),
        chosen.len()
    );
    text += "an empty database runs it; one that has had all of them counts it as applied\n";
    text += &match removed.len() {
        0 => {
            "their folders stay: run `orm-migrate squash --remove` when every database has had them"
                .to_owned()
        }
        count => format!("removed {count} folders"),
    };
    let names: Vec<&String> = chosen.iter().map(|it| &it.name).collect();
    let document = json!({ "migration": written.path, "up": written.up_path(), "replaces": names, "removed": removed });
    context.output.answer(&text, document);
    Ok(Exit::Done)
}

/// With `--remove` and nothing to squash: the folders that a squashed migration stands for.
fn only_remove(
    context: &Context<'_>,
    folder: &Folder,
    all: &[Migration],
    is_asked: bool,
) -> Result<Exit, Failure> {
    let stays = unreplaced(all);
    let replaced: Vec<&Migration> =
        all.iter().filter(|it| !stays.iter().any(|other| other.name == it.name)).collect();
    if replaced.is_empty() || !is_asked {
        context.output.answer(
            "nothing to squash: it takes two migrations",
            json!({ "migration": null, "up": null, "replaces": [], "removed": [] }),
        );
        return Ok(Exit::Done);
    }
    let removed = remove(folder, &replaced)?;
    let text = format!("removed {} folders that a squashed migration stands for", removed.len());
    context.output.answer(
        &text,
        json!({ "migration": null, "up": null, "replaces": [], "removed": removed }),
    );
    Ok(Exit::Done)
}

fn remove(folder: &Folder, migrations: &[&Migration]) -> Result<Vec<String>, Failure> {
    let mut removed = Vec::new();
    for migration in migrations {
        folder.remove(migration)?;
        removed.push(migration.name.clone());
    }
    Ok(removed)
}

fn refused(what: String, hint: &str) -> Failure {
    Failure::Refused { what, hint: hint.to_owned(), exit: Exit::Error }
}

fn concatenated(migrations: &[Migration]) -> String {
    let mut text = String::new();
    // A marker of one migration would speak of all of them.
    let is_empty =
        |it: &Migration| Script::parse(&it.up).is_ok_and(|script| script.segments.is_empty());
    for migration in migrations.iter().filter(|it| !is_empty(it)) {
        text += &format!(
            "-- orm:segment transaction\n-- {}\n{}\n\n",
            migration.name,
            migration.up.trim_end().trim_end_matches(';').to_owned() + ";"
        );
    }
    written_or_marked(text)
}

/// The schema that they make, where that is all that they make.
fn rendered(made: &ReplayedSchema, migrations: &[Migration]) -> Result<String, Failure> {
    let hint = "--concatenate keeps all statements as they are";
    let mut beside: Vec<String> = (history::beside(migrations).iter())
        .map(|it| format!("{}, line {}: {}", it.file.display(), it.line, it.text))
        .collect();
    beside.extend(made.filled.iter().map(|table| format!("rows of table {table}")));
    beside.extend(made.live.unmanaged.iter().map(|it| format!("{} {}", it.kind, it.name)));
    if !beside.is_empty() {
        let list: String = beside.iter().map(|line| format!("\n- {line}")).collect();
        let what =
            format!("these migrations do more than a schema says, which would be lost:{list}");
        return Err(refused(what, hint));
    }
    Ok(written_or_marked(plan::schema_sql(made.live.canonical.schema())))
}

fn plan_file(chosen: &[Migration], named: &[Migration], nothing: &Canonical) -> PlanFile {
    let branches = Branches::of(chosen);
    // While their folders are there, it comes after all of them.
    let (parent, merges) = Branches::of(named).parents();
    let last = branches.plans().last();
    let after = last.map(|plan| plan.schema_after.clone());
    PlanFile {
        changes: chosen.iter().map(|it| format!("stands for {}", it.name)).collect(),
        schema_before: nothing.hash(),
        schema_after: after.unwrap_or_default(),
        server_version: last.map(|plan| plan.server_version).unwrap_or_default(),
        parent,
        merges,
        tables: branches.tables().into_iter().collect(),
        objects: branches.objects().into_iter().collect(),
        declared: branches.plans().last().and_then(|plan| plan.declared.clone()),
        replaces: chosen.iter().map(Replaced::of).collect(),
        ..PlanFile::default()
    }
}
