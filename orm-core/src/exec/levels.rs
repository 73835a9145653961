//! Runs a query whose relations are levels of one statement: its rows are taken in, then put together.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::errors::{BEHIND, hint_at_missing_migration};
use crate::exec::executor::Lease;
use crate::exec::rows::Running;
use crate::exec::run::DATATYPE_MISMATCH;
use crate::exec::session::TypedParam;
use crate::exec::sink::Sink;
use crate::exec::{Cache, Executor};
use crate::query::node::{Output, Statement};
use crate::sql::levels;
use crate::types::cells::{Cells, Decode};
use crate::types::known::Lookup;
use crate::types::levels::{LevelPlan, Levels};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

/// How often types may be looked up for one statement: a type of the database's own within another needs one more.
const LOOKUPS_MAX: usize = 32;

/// Whether a statement loads relations.
pub(super) fn has_relation(statement: &Statement) -> bool {
    matches!(statement, Statement::Select(select)
        if select.outputs.iter().any(|output| matches!(output, Output::Relation(_))))
}

/// Takes the rows of a query whose relations are levels; false where they cannot be.
pub(super) async fn take(
    executor: &dyn Executor,
    statement: &Statement,
    rows: &mut dyn Sink,
) -> Result<bool> {
    let mut read = |levels: &Levels, lookup: &Lookup<'_>| decode(levels, lookup, rows);
    all(executor, statement, &mut read).await
}

/// Puts the rows together.
fn decode(levels: &Levels, lookup: &Lookup<'_>, rows: &mut dyn Sink) -> Result<()> {
    rows.restart(levels.count());
    for place in 0..levels.count() {
        if let Some(mut cells) = Cells::of_level(levels, place, lookup) {
            rows.take(&mut cells)?;
        }
    }
    Ok(())
}

/// Puts the rows together, whatever their type. It is called again from the first row on where a type had to be looked up.
pub(super) type Read<'r> = dyn FnMut(&Levels, &Lookup<'_>) -> Result<()> + Send + 'r;

/// Runs a query whose relations are levels; `false` where they cannot be, and nothing was sent.
pub(super) async fn all(
    executor: &dyn Executor,
    statement: &Statement,
    read: &mut Read<'_>,
) -> Result<bool> {
    let Statement::Select(select) = statement else { return Ok(false) };
    if !levels::has_levels(select) {
        return Ok(false);
    }
    let lease = executor.lease_for_statement().await?;
    let Some((rows, text, plan)) = lease.start_levels(statement, select).await? else {
        return Ok(false);
    };
    let rows = pin!(rows);
    let running = Running::pinned(Lease::borrowed(lease.session()), rows, &*text, Some(statement));
    taken(&lease, running, plan, &text, read).await?;
    Ok(true)
}

/// The rows of a prepared query, whose text is of levels.
pub(super) async fn prepared<Row: Decode>(
    executor: &dyn Executor,
    text: &str,
    plan: &Arc<LevelPlan>,
    params: &[TypedParam<'_>],
) -> Result<Vec<Row>> {
    let lease = executor.lease_for_statement().await?;
    let params = lease.encoded(params).await?;
    let rows = lease.start(text, &params, Cache::Named).await.map_err(|error| {
        match error.sqlstate() {
            // The database has other types than the code: the columns of two levels do not match.
            Some(DATATYPE_MISMATCH) => error.with_hint(BEHIND),
            _ => hint_at_missing_migration(error),
        }
    })?;
    let rows = pin!(rows);
    let running = Running::pinned(Lease::borrowed(lease.session()), rows, text, None);
    let mut found = Vec::new();
    let mut read = |levels: &Levels, lookup: &Lookup<'_>| decode(levels, lookup, &mut found);
    taken(&lease, running, Arc::clone(plan), text, &mut read).await?;
    Ok(found)
}

/// Takes in the rows of all levels, then puts them together.
async fn taken(
    lease: &Lease<'_>,
    mut running: Running<'_>,
    plan: Arc<LevelPlan>,
    text: &str,
    read: &mut Read<'_>,
) -> Result<()> {
    let mut levels = Levels::new(plan);
    while let Some(row) = poll_fn(|cx| running.poll_next(cx)).await {
        levels.push(&row?)?;
    }
    drop(running);
    for _ in 0..LOOKUPS_MAX {
        let lookup = Lookup::new(lease.types());
        let answer = read(&levels, &lookup);
        let asked = lookup.asked();
        if answer.is_err() && !asked.missing.is_empty() {
            lease.look_up(&asked.missing).await?;
            continue;
        }
        if answer.is_ok() && !asked.composites.is_empty() {
            lease.still_known(&asked.composites).await?;
        }
        return answer.map_err(|error| error.with_sql(text));
    }
    Err(Error::new(ErrorKind::Conversion, "a type of the database is within too many others")
        .with_sql(text))
}
