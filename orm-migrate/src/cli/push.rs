//! `push`: brings a database to the code at once, for development; writes no migration.
//!
//! `run` runs the statements and knows what stays of them, `answer` has the words.

mod answer;
mod run;

use super::ask;
use super::context::{Context, Cut};
use super::diff::{Allow, Found, Named, Said, Steps, find, managed};
use super::settings::Waits;
use crate::apply;
use crate::change::{Change, ObjectName};
use crate::ddl;
use crate::error::{Exit, Failure};
use crate::history::{Migration, Script};
use crate::plan::{HazardKind, Plan};
use crate::privileges;
use crate::scratch::ScratchServer;
use crate::source::{self, Both, Filter, SchemaSource, Side};
use orm_core::exec::{Config, Connection};
use orm_core::schema::Object;
use std::collections::BTreeSet;

/// What is pushed, and what it may do.
#[derive(Debug, clap::Args)]
pub(super) struct PushArgs {
    /// What the database shall be: `crate`, another database by its URL, `migrations`, or the path of a folder or of a
    /// schema.json.
    #[arg(long, value_name = "SIDE", default_value = "crate")]
    to: String,
    #[command(flatten)]
    cut: Cut,
    /// Says what would run, statement by statement; changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Loses data without asking.
    #[arg(long)]
    allow_destructive: bool,
    /// Allows a hazard by its name; may be given several times.
    #[arg(long, value_name = "HAZARD", value_enum)]
    allow: Vec<Allow>,
    /// Also drops tables and objects that are not declared and that no migration made; extensions stay.
    #[arg(long)]
    prune: bool,
    /// Pushes to a database that has had migrations; what it then is no migration has made.
    #[arg(long)]
    despite_migrations: bool,
    #[command(flatten)]
    names: Said,
    #[command(flatten)]
    steps: Steps,
    #[command(flatten)]
    waits: Waits,
}

pub(super) async fn run(context: &Context<'_>, mut how: PushArgs) -> Result<Exit, Failure> {
    how.steps.allow(&how.allow);
    let to = Side::parse(&how.to)?;
    let (lock_wait, lock_timeout) = context.waits(how.waits)?;
    let config = context.target()?;
    let mut connection = apply::open(&config).await?;
    refuse_ledger(&connection, how.despite_migrations, context).await?;
    let filter = context.filter(&how.cut)?;
    let sides = context.sides(&Side::Target, &to).await?;
    if !how.dry_run {
        // Two at once would both find the same differences.
        apply::wait_for_others(&connection, lock_wait).await?;
    }
    let work = PushRun {
        config: &config,
        to,
        declared: sides.to.asked(&filter),
        server: sides.server,
        migrations: context.folder().and_then(|folder| Ok(folder.read()?)).unwrap_or_default(),
        prune: how.prune,
    };
    let output = context.output;
    let (server, asks) = (work.server.as_ref(), ask::can(output));
    let ours = |both: &Both| work.ours(both);
    let named = how.names.compare(work.sides(), server, ours, &filter, asks).await?;
    let Named { found, open, .. } = named;
    found.notes.iter().for_each(|note| output.note(note));
    if found.changes.is_empty() {
        answer::nothing(&found, output);
        return Ok(Exit::Done);
    }
    if !open.is_empty() {
        return Err(Failure::Questions(open));
    }
    let mut plan = how.steps.of(&config, &found, context.thresholds()?).await?;
    without_what_is_there(&mut plan, &found);
    let sql = plan.up_sql();
    answer::before(&found, &plan, &sql, how.steps.explain, output);
    if how.dry_run {
        answer::after(&found, &plan, &sql, false, output);
        return Ok(Exit::Done);
    }
    let mut allow: Vec<HazardKind> = how.allow.iter().map(|it| it.kind()).collect();
    allow.extend(how.allow_destructive.then_some(HazardKind::DataLoss));
    allowed(&plan, &allow, context).await?;
    how.steps.ask_rows(&config, &found, output).await?;
    let script = Script::parse(&sql).map_err(|error| Failure::Refused {
        what: format!("what was planned cannot be cut into statements: {error}\n{sql}"),
        hint: "this is a mistake of orm-migrate: please report it; nothing was done".to_owned(),
        exit: Exit::Error,
    })?;
    if let Err(stopped) = run::run(&mut connection, &script, lock_timeout).await {
        let right = privileges::hint(&connection, stopped.source()).await;
        return Err(stopped.explained(&script, right));
    }
    connection.close().await;
    // The server is the judge.
    let left = work.left(&filter).await?;
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|it| format!("\n- {it}")).collect();
        return Err(Failure::Refused {
            what: format!(
                "all statements ran, and still these differences are left:{}",
                left.concat()
            ),
            hint: "this is a mistake of orm-migrate: please report it".to_owned(),
            exit: Exit::Proof,
        });
    }
    answer::after(&found, &plan, &sql, true, output);
    Ok(Exit::Done)
}

/// A migration also runs elsewhere, and says `CREATE SCHEMA IF NOT EXISTS`: that asks for the right to create one, also
/// where it exists.
fn without_what_is_there(plan: &mut Plan, found: &Found) {
    let objects = found.before.schema().objects.iter();
    let there: Vec<String> = objects
        .filter_map(|object| match object {
            Object::Namespace(it) => Some(ddl::create_schema(&it.name)),
            _ => None,
        })
        .collect();
    for step in &mut plan.steps {
        step.statements.retain(|it| !there.contains(it));
    }
}

/// What is compared.
struct PushRun<'a> {
    config: &'a Config,
    to: Side,
    declared: SchemaSource,
    server: Option<ScratchServer>,
    migrations: Vec<Migration>,
    prune: bool,
}

impl PushRun<'_> {
    fn sides(&self) -> (SchemaSource, SchemaSource) {
        (SchemaSource::Database(Box::new(self.config.clone())), self.declared.clone())
    }

    /// What is ours of the database.
    fn ours(&self, both: &Both) -> BTreeSet<ObjectName> {
        if self.prune {
            let objects = both.before.schema().objects.iter();
            let stays: BTreeSet<ObjectName> = objects
                .filter(|it| matches!(it, Object::Extension(_)))
                .map(ObjectName::of_object)
                .collect();
            return ObjectName::all(both.before.schema())
                .filter(|it| !stays.contains(it))
                .collect();
        }
        managed(&Side::Target, &self.to, &both.before, &self.migrations)
    }

    /// What differs, whatever was called otherwise.
    async fn left(&self, filter: &Filter) -> Result<Vec<Change>, Failure> {
        let (from, to) = self.sides();
        let both = source::both(from, to, self.server.as_ref()).await?;
        let ours = self.ours(&both);
        Ok(find(both, ours, filter).changes)
    }
}

/// # Errors
/// Migrations were applied: they would no longer say what the database is.
async fn refuse_ledger(
    connection: &Connection,
    despite: bool,
    context: &Context<'_>,
) -> Result<(), Failure> {
    let count = context.ledger()?.read(connection).await?.len();
    if count == 0 {
        return Ok(());
    }
    let had = match count {
        1 => "1 migration".to_owned(),
        count => format!("{count} migrations"),
    };
    if despite {
        context.output.note(&format!(
            "this database has had {had}, and what is pushed is in none of them: `orm-migrate drift` will say so"
        ));
        return Ok(());
    }
    Err(Failure::Refused {
        what: format!(
            "this database has had {had}, and what is pushed would be in none of them: nothing was done"
        ),
        hint: "`orm-migrate diff` writes a migration and `orm-migrate apply` runs it; --despite-migrations pushes all the same"
            .to_owned(),
        exit: Exit::Conflict,
    })
}

/// # Errors
/// PostgreSQL would refuse a step; data would be lost, or values would mean something else, and that is not allowed.
async fn allowed(plan: &Plan, allow: &[HazardKind], context: &Context<'_>) -> Result<(), Failure> {
    let said = |kind| -> Vec<String> {
        let hazards = plan.hazards().filter(|hazard| hazard.kind == kind);
        hazards.map(|hazard| hazard.sentence.clone()).collect()
    };
    let refused = said(HazardKind::Refused);
    if !refused.is_empty() {
        return Err(Failure::InTheWay(refused));
    }
    let (lost, kind) = (said(HazardKind::DataLoss), HazardKind::Meaning);
    let sentences = said(kind);
    if !sentences.is_empty() && !allow.contains(&kind) {
        return Err(Failure::NotAllowed { kind, sentences });
    }
    if lost.is_empty() || allow.contains(&HazardKind::DataLoss) {
        return Ok(());
    }
    if ask::can(context.output) && ask::yes("lose this data and go on?").await {
        return Ok(());
    }
    Err(Failure::Destructive(lost))
}
