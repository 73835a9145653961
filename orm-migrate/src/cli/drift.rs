//! `drift`: what somebody changed by hand: the database against what its applied migrations made.
//!
//! `words` says each difference, `answer` all of it; `recorded` is what can be told without a scratch database.

mod answer;
mod describe;
mod recorded;

use super::context::{Context, Cut};
use super::diff::find;
use crate::apply;
use crate::catalog::Unmanaged;
use crate::ddl;
use crate::error::{Exit, Failure};
use crate::history::{Conflict, LedgerEntry, Migration, compare};
use crate::plan::{self, HazardKind};
use crate::scratch::ScratchError;
use crate::session;
use crate::source::{self, Both, Filter, SchemaSource, SideError};
use answer::{By, Drift};
use std::collections::BTreeSet;

/// What is compared, and how it is said.
#[derive(Debug, clap::Args)]
pub(super) struct DriftArgs {
    #[command(flatten)]
    cut: Cut,
    /// Prints the SQL that brings the database back to what the migrations made; runs nothing.
    #[arg(long)]
    sql: bool,
}

pub(super) async fn run(context: &Context<'_>, how: DriftArgs) -> Result<Exit, Failure> {
    let config = context.target()?;
    let migrations = apply::read(&context.folder()?)?;
    let filter = context.filter(&how.cut)?;
    let connection = session::open(&config).await?;
    let entries = context.ledger()?.read(&connection).await?;
    connection.close().await;
    let (applied, partial) = applied(&migrations, &entries)?;
    let count = applied.len();
    if count == 0 {
        context
            .output
            .note("no migration was applied to this database, so nothing in it is managed");
    }
    let server = context.server(Some(&config))?;
    let made = match partial.clone() {
        Some(partial) => SchemaSource::Applied(applied.clone(), partial),
        None => SchemaSource::Replayed(applied.clone()),
    };
    let live = SchemaSource::Database(Box::new(config.clone()));
    let drift = match source::both(live, made, server.as_ref()).await {
        Ok(both) => of_replay(both, &filter),
        // Nothing can be built: only whether there is drift is known, from what was recorded.
        Err(SideError::Scratch(missing @ ScratchError::NoCreateDatabase { .. })) => {
            let is_whole = partial.is_none() && filter.is_all();
            let known = match recorded::expected(&applied).filter(|_| is_whole) {
                Some(plan) => recorded::compared(&config, plan, &missing).await?,
                None => return Err(SideError::Scratch(missing).into()),
            };
            context.output.note(&known.note);
            known.drift
        }
        Err(error) => return Err(error.into()),
    };
    drift.notes.iter().for_each(|note| context.output.note(note));
    let exit = if drift.is_none() { Exit::Done } else { Exit::Differences };
    answer::answer(&drift, count, how.sql, context.output);
    Ok(exit)
}

/// What the database has had, oldest first; and of the one that it has had in part, how much.
type AppliedOnes = (Vec<Migration>, Option<(String, usize)>);

/// # Errors
/// The folder does not hold what was applied: then nobody knows what it made.
fn applied(migrations: &[Migration], entries: &[LedgerEntry]) -> Result<AppliedOnes, Failure> {
    let standing = compare(migrations, entries);
    // What comes from different branches has yet to be applied, at least one of the two.
    let is_branch = |conflict: &Conflict| matches!(conflict, Conflict::Branches { .. });
    let (_, conflicts): (Vec<_>, Vec<_>) = standing.conflicts.iter().cloned().partition(is_branch);
    if !conflicts.is_empty() {
        return Err(Failure::Conflicts(conflicts));
    }
    let partial = standing.partial.map(|entry| {
        (entry.name.clone(), usize::try_from(entry.statements_done).unwrap_or_default())
    });
    Ok((standing.had.into_iter().cloned().collect(), partial))
}

/// From what the migrations make of an empty database.
fn of_replay(both: Both, filter: &Filter) -> Drift {
    let beside = both.beside.clone();
    // What the migrations did not make is another's; none of it is to be dropped.
    let found = find(both, BTreeSet::new(), filter);
    let (live, made) = (found.live.canonical.schema(), found.declared.schema());
    let mut differences = describe::of(&found.changes, live, made);
    let is_ours = |it: &&Unmanaged| {
        let Some((_, on)) = source::on_table(&it.name) else { return false };
        let is_made = made.table(&on.schema, &on.name).is_some()
            || made.object(&on.schema, &on.name).is_some();
        is_made && filter.has_named(&it.name)
    };
    let new: Vec<&Unmanaged> =
        found.live.unmanaged.iter().filter(is_ours).filter(|it| !beside.contains(it)).collect();
    let gone = beside.iter().filter(is_ours).filter(|it| !found.live.unmanaged.contains(it));
    let gone = gone.filter(|it| it.kind != INVALID_INDEX);
    differences.extend(new.iter().map(|it| describe::beside(it, true)));
    differences.extend(gone.map(|it| describe::beside(it, false)));
    let plan = plan::plan(found.changes.clone(), &found.live.canonical, &found.after);
    let lost = plan.hazards().filter(|hazard| hazard.kind == HazardKind::DataLoss);
    let notes = found.notes.iter().cloned();
    let notes =
        notes.chain(lost.map(|it| format!("bringing it back would lose data: {}", it.sentence)));
    let mut sql: String = new.iter().filter_map(|it| dropped(it)).collect();
    // A valid index of that name may come in its place.
    let rest = plan.up_sql();
    if !sql.is_empty() && !rest.is_empty() {
        sql.push('\n');
    }
    sql += &rest;
    let others = found.others().into_iter();
    let is_said =
        |(kind, name): &(String, String)| new.iter().any(|it| it.kind == *kind && it.name == *name);
    Drift {
        by: By::Replay,
        unmanaged: others.filter(|it| !is_said(it)).collect(),
        notes: notes.collect(),
        differences,
        sql: Some(sql),
    }
}

const INVALID_INDEX: &str = "invalid index";

/// The statement that takes an invalid index away.
fn dropped(it: &Unmanaged) -> Option<String> {
    if it.kind != INVALID_INDEX {
        return None;
    }
    let (index, _) = source::on_table(&it.name)?;
    let index = source::named(index)?;
    Some(format!("{};\n", ddl::alter::drop_index(&index, &index.name)))
}
