//! `diff`: what the crate declares against what the database has; writes the migration between them.
//!
//! `gather` has both sides, `plan` the steps and their proof, `write` the folder, `answer` the words.

mod answer;
mod gather;
mod plan;
mod write;

use super::output::Output;
use crate::error::{Exit, Failure};
use crate::history::{Folder, Ledger, compare};
use answer::answer;
use orm_core::exec::{Config, Connection};
use orm_core::schema::Schema;

/// What to do with the differences.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct How {
    /// Only says whether there are differences; writes nothing.
    #[arg(long)]
    check: bool,
    /// Allows steps that lose data.
    #[arg(long)]
    allow_destructive: bool,
    /// Does not try the migration on a scratch database.
    #[arg(long)]
    no_verify: bool,
}

pub(super) async fn run(
    config: &Config,
    folder: &Folder,
    declared: &Schema,
    name: Option<String>,
    how: How,
    output: &Output,
) -> Result<Exit, Failure> {
    let migrations = folder.read()?;
    let connection = Connection::open(config).await?;
    let entries = Ledger::read(&connection).await?;
    let standing = compare(&migrations, &entries);
    if !standing.conflicts.is_empty() {
        return Err(Failure::Conflicts(standing.conflicts));
    }
    let found = gather::find(&connection, declared, &migrations).await?;
    connection.close().await;
    if found.changes.is_empty() && (how.check || standing.pending.is_empty()) {
        answer(&found, None, None, output);
        return Ok(Exit::Done);
    }
    let plan = plan::steps(&found);
    if how.check {
        answer(&found, Some(&plan), None, output);
        return Ok(Exit::Differences);
    }
    if !standing.pending.is_empty() {
        let names = standing.pending.iter().map(|migration| migration.name.clone());
        return Err(Failure::Pending(names.collect()));
    }
    let planned = plan::Planned::new(&found, plan, how.allow_destructive)?;
    if !how.no_verify {
        plan::prove(config, &found, &planned, output).await?;
    }
    let plan = planned.plan.clone();
    let written = write::migration(folder, &found, planned, name, &migrations, output)?;
    answer(&found, Some(&plan), Some(&written.path), output);
    Ok(Exit::Done)
}
