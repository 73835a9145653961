//! `diff`: what one side declares against what the other has; writes the migration between them.
//!
//! `gather` has both sides, `plan` the steps and their proof, `write` the folder, `answer` the words.

pub(in crate::cli) mod explain;
pub(in crate::cli) mod gather;
mod live;
mod names;
mod plan;
mod report;
mod strategy;
mod write;

pub(super) use gather::{Found, find, managed};
pub(super) use names::{Named, Said};
pub(super) use strategy::{Allow, Steps};

use super::context::{Context, Cut};
use crate::error::{Exit, Failure};
use crate::history::{DeclaredHash, Folder, Ledger, Migration, compare};
use crate::plan::HazardKind;
use crate::session;
use crate::source::{Both, SchemaSource, Side};
use orm_core::exec::Config;
use report::{WrittenMigration, answer};
use strategy::Chosen;
use write::Written;

/// What is compared, and what to do with the differences.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct DiffArgs {
    /// What is there: `database`, `crate`, `migrations`, a URL, or the path of a folder or of a schema.json.
    #[arg(long, value_name = "SIDE", default_value = "database", hide_default_value = false)]
    from: String,
    /// What shall be there: `crate`, `database`, `migrations`, a URL, or the path of a folder or of a schema.json.
    #[arg(long, value_name = "SIDE", default_value = "crate")]
    to: String,
    #[command(flatten)]
    cut: Cut,
    /// Only says whether there are differences; writes nothing.
    #[arg(long)]
    check: bool,
    /// Prints the SQL that leads from one to the other; writes nothing.
    #[arg(long, conflicts_with = "check")]
    sql: bool,
    /// Allows steps that lose data.
    #[arg(long)]
    allow_destructive: bool,
    /// Allows a hazard by its name; may be given several times.
    #[arg(long, value_name = "HAZARD", value_enum)]
    allow: Vec<Allow>,
    #[command(flatten)]
    names: names::Said,
    #[command(flatten)]
    forms: strategy::StrategyFlags,
    /// Does not try the migration on a scratch database.
    #[arg(long)]
    no_verify: bool,
}

/// What becomes of the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// They are said.
    Say,
    /// The SQL is printed.
    Sql,
    /// A migration is written.
    Write,
}

pub(super) async fn run(
    context: &Context<'_>,
    name: Option<String>,
    mut how: DiffArgs,
) -> Result<Exit, Failure> {
    how.forms.allow(&how.allow);
    let (from, to) = (Side::parse(&how.from)?, Side::parse(&how.to)?);
    let is_ours = to == Side::Crate
        && matches!(from, Side::Target | Side::Url(_) | Side::Migrations | Side::Folder(_));
    let goal = match () {
        () if how.check => Goal::Say,
        () if how.sql => Goal::Sql,
        // Other comparisons are no step of this project's history, unless somebody gives them a name.
        () if is_ours || name.is_some() => Goal::Write,
        () => Goal::Say,
    };
    // A comparison of databases may have no project around it.
    let folder = match context.folder() {
        Ok(folder) => Some(folder),
        Err(error) if is_ours || goal == Goal::Write => return Err(error),
        Err(_) => None,
    };
    let migrations = folder.as_ref().map_or(Ok(Vec::new()), Folder::read)?;
    let mut pending = Vec::new();
    if let Some(config) = context.database(&from)?.filter(|_| is_ours || goal == Goal::Write) {
        pending = not_applied(&config, &context.ledger()?, &migrations).await?;
    }
    let sides = context.sides(&from, &to).await?;
    let server = sides.server.clone();
    let filter = context.filter(&how.cut)?;
    let history = match (context.migrations_of(&from)?, context.migrations_of(&to)?) {
        (Some(history), _) | (None, Some(history)) => history,
        (None, None) => migrations.clone(),
    };
    let managed = |both: &Both| gather::managed(&from, &to, &both.before, &history);
    let output = context.output;
    let asks = goal != Goal::Say && pending.is_empty() && super::ask::can(output);
    let declared = match (&to, &sides.to) {
        // A choice of tables leads to something else than what is declared.
        (Side::Crate, SchemaSource::Declared(schema)) if filter.is_all() => {
            Some(DeclaredHash::of(schema))
        }
        _ => None,
    };
    let sides = (sides.from, sides.to);
    let named = how.names.compare(sides, server.as_ref(), managed, &filter, asks).await?;
    let names::Named { found, open, answers } = named;
    found.notes.iter().for_each(|note| output.note(note));
    if found.changes.is_empty() && (goal != Goal::Write || pending.is_empty()) {
        let sql = (goal == Goal::Sql).then_some("-- no differences");
        answer(
            &found,
            &open,
            None,
            WrittenMigration { sql, ..WrittenMigration::default() },
            false,
            output,
        );
        return Ok(Exit::Done);
    }
    let live = context.database(&from)?;
    let Chosen { plan, refused, stored } =
        how.forms.chosen(live.as_ref(), &found, context.thresholds()?).await?;
    if goal == Goal::Say {
        answer(&found, &open, Some(&plan), WrittenMigration::default(), how.forms.explain, output);
        if how.check {
            return Ok(Exit::Differences);
        }
        output.note("nothing was written: --sql prints the statements, a NAME writes a migration");
        return Ok(Exit::Done);
    }
    if goal == Goal::Write && !pending.is_empty() {
        return Err(Failure::Pending(pending));
    }
    if !open.is_empty() {
        return Err(Failure::Questions(open));
    }
    let may_lose = how.allow_destructive || how.allow.contains(&Allow::DataLoss);
    // All that is in the way at once, not one each time.
    let rewrites = if refused.is_empty() { Ok(()) } else { Err(Failure::Rewrite(refused)) };
    let failing = how.forms.ask_rows(live.as_ref(), &found, output).await;
    let (failing, fails) = match failing {
        Err(rows @ Failure::Rows(_)) => (Vec::new(), Err(rows)),
        failing => (failing?, Ok(())),
    };
    let mut allow: Vec<HazardKind> = how.allow.iter().map(|it| it.kind()).collect();
    allow.extend(may_lose.then_some(HazardKind::DataLoss));
    Failure::all([plan::allowed(&plan, &allow), rewrites, fails])?;
    let planned = plan::Planned::new(&found, plan, &stored);
    let untried = match how.no_verify {
        true => vec!["the migration was not tried: --no-verify".to_owned()],
        false => plan::prove(server.as_ref(), &found, &planned, output).await?,
    };
    let (plan, sql) = (planned.plan.clone(), planned.up.clone());
    allow.extend(how.forms.may_rewrite().then_some(HazardKind::Rewrite));
    let hazards = write::hazards(&plan, &allow, &failing);
    let path = match folder.filter(|_| goal == Goal::Write) {
        Some(folder) => {
            let written = write::migration(
                &folder,
                &found,
                planned,
                Written { name, answers, hazards, untried: untried.clone(), declared },
                &migrations,
                output,
            )?;
            Some(written.path)
        }
        None => None,
    };
    let sql = (goal == Goal::Sql).then_some(sql);
    let made =
        WrittenMigration { written: path.as_deref(), sql: sql.as_deref(), untried: &untried };
    answer(&found, &[], Some(&plan), made, how.forms.explain, output);
    Ok(Exit::Done)
}

/// The migrations that the database has not had.
async fn not_applied(
    config: &Config,
    ledger: &Ledger,
    migrations: &[Migration],
) -> Result<Vec<String>, Failure> {
    let connection = session::open(config).await?;
    let entries = ledger.read(&connection).await?;
    connection.close().await;
    let standing = compare(migrations, &entries);
    if !standing.conflicts.is_empty() {
        return Err(Failure::Conflicts(standing.conflicts));
    }
    Ok(standing.pending.iter().map(|migration| migration.name.clone()).collect())
}
