//! `check`: whether the code, the migrations folder and the database agree, and what the lint rules find. For CI:
//! changes nothing, asks nothing.
//!
//! `folder` looks at the files alone, `agree` compares, `answer` has the words.

mod agree;
mod answer;
mod folder;
mod rules;

use super::context::{Context, Cut};
use crate::error::{Exit, Failure};
use crate::lint::{Allow, Finding, LintSettings, lint};
use agree::{FolderAnswer, History};
use clap::ValueEnum;
use folder::Problem;

/// What is checked.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    cut: Cut,
    /// Only what can be checked without the database: the folder, the lint rules, and with --scratch-url whether the
    /// migrations lead to the code.
    #[arg(long)]
    no_database: bool,
    /// What becomes of lint findings: they count for the exit code, are only told, or are not looked for.
    #[arg(long, value_enum, default_value_t = LintArgs::Deny, value_name = "HOW")]
    lint: LintArgs,
    /// Turns a lint rule off, for all tables or for one; may be repeated.
    #[arg(long, value_name = "RULE[:TABLE]")]
    allow: Vec<Allow>,
    /// Turns a lint rule on, and lets its findings count also with --lint=warn; may be repeated.
    #[arg(long, value_name = "RULE", value_parser = rules::known)]
    deny: Vec<String>,
    /// Turns the pedantic lint rules on too.
    #[arg(long)]
    pedantic: bool,
    /// Lists the lint rules, and checks nothing.
    #[arg(long)]
    rules: bool,
}

/// What becomes of lint findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LintArgs {
    /// They count for the exit code.
    Deny,
    /// They are told.
    Warn,
    /// They are not looked for.
    Off,
}

/// What was found.
struct Found {
    /// What the database would have to change, and what in it is not ours; none without a database.
    database: Option<agree::Compared>,
    /// The folder against the database's ledger; none without a database.
    history: Option<History>,
    /// What is wrong with the files.
    problems: Vec<Problem>,
    migrations: usize,
    /// Whether the migrations lead to the code.
    folder: FolderAnswer,
    findings: Vec<Finding>,
    /// How many of the findings count.
    counted: usize,
}

impl Found {
    fn exit(&self) -> Exit {
        if self.history.as_ref().is_some_and(|it| !it.conflicts.is_empty()) {
            return Exit::Conflict;
        }
        let differs = self.database.as_ref().is_some_and(|it| !it.changes.is_empty())
            || self.history.as_ref().is_some_and(|it| !it.pending.is_empty())
            || !self.problems.is_empty()
            || self.folder.agrees == Some(false)
            || self.counted > 0;
        if differs { Exit::Differences } else { Exit::Done }
    }
}

pub(super) async fn run(context: &Context<'_>, how: CheckArgs) -> Result<Exit, Failure> {
    let flags =
        LintSettings { allow: how.allow.clone(), deny: how.deny.clone(), pedantic: how.pedantic };
    let settings = context.lint(flags)?;
    if how.rules {
        rules::list(&settings, context.output);
        return Ok(Exit::Done);
    }
    let filter = context.filter(&how.cut)?;
    let migrations = context.folder()?.read()?;
    let mut inspected = folder::inspect(&migrations);
    if how.no_database {
        inspected.problems.extend(folder::contradictions(&migrations));
    }
    // What can be told at once is not told after minutes of building.
    let config = if how.no_database { None } else { Some(context.target()?) };
    let history = match &config {
        Some(config) => Some(agree::history(config, &context.ledger()?, &migrations).await?),
        None => None,
    };
    let declared = context.declared()?;
    let mut notes = inspected.notes;
    let (database, hash) = match config.clone() {
        Some(config) => {
            let server = context.server(Some(&config))?;
            let compared =
                agree::database(config, &declared, &migrations, &filter, server.as_ref()).await?;
            let hash = compared.hash.clone();
            notes.extend(compared.notes.iter().cloned());
            (Some(compared), Some(hash))
        }
        None => (None, None),
    };
    let server = match (&config, context.scratch_url()?) {
        (None, None) => None,
        _ => context.server(config.as_ref())?,
    };
    let folder = agree::folder(&migrations, &declared, hash, &filter, server.as_ref()).await?;
    notes.extend(folder.notes.iter().cloned());
    let findings = match how.lint {
        LintArgs::Off => Vec::new(),
        LintArgs::Deny | LintArgs::Warn => lint(&filter.only(&declared), &settings),
    };
    let counts = |it: &&Finding| how.lint == LintArgs::Deny || settings.is_denied(it.rule);
    let counted = findings.iter().filter(counts).count();
    let problems = inspected.problems;
    let migrations = migrations.len();
    let found = Found { database, history, problems, migrations, folder, findings, counted };
    notes.iter().for_each(|note| context.output.note(note));
    answer::answer(&found, how.lint, context.output);
    Ok(found.exit())
}
