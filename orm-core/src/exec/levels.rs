//! Runs a query whose relations are levels of one statement: its rows are taken in, then put together.

use crate::error::Result;
use crate::exec::params::typed;
use crate::exec::rows::Running;
use crate::exec::run::perhaps_behind;
use crate::exec::sink::Sink;
use crate::exec::{Cache, Executor, errors};
use crate::query::node::{Output, Statement};
use crate::sql::levels;
use crate::types::cells::Cells;
use crate::types::known::Lookup;
use crate::types::levels::Levels;
use std::future::poll_fn;

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
    let mut read = |levels: &Levels, lookup: &Lookup<'_>| {
        rows.restart(levels.count());
        for place in 0..levels.count() {
            if let Some(mut cells) = Cells::of_level(levels, place, lookup) {
                rows.take(&mut cells)?;
            }
        }
        Ok(())
    };
    all(executor, statement, &mut read).await
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
    let Some((rendered, plan)) = levels::render(select) else { return Ok(false) };
    let lease = executor.lease_for_statement().await?;
    let params = typed(&rendered);
    let placed = |error| errors::placed(error, statement, &rendered.params);
    let encoded = lease.encoded(&params).await.map_err(placed)?;
    let started = lease.start(&rendered.text, &encoded, Cache::Named).await;
    let started = started.map_err(|error| placed(perhaps_behind(error)))?;
    let mut running = Running::new(lease, started, &*rendered.text);
    let mut levels = Levels::new(plan);
    while let Some(row) = poll_fn(|cx| running.poll_next(cx)).await {
        levels.push(&row.map_err(placed)?)?;
    }
    let lease = running.into_lease();
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
        return answer.map(|()| true).map_err(|error| error.with_sql(&rendered.text));
    }
    Ok(false)
}
