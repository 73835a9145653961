//! Runs one migration: its segments in order, each recorded in the ledger.

use super::{ApplyError, Kept, Options};
use crate::history::{
    Ledger, Migration, Mode, Record, Script, Segment, Statement, checksum_of_done,
};
use orm_core::ErrorKind;
use orm_core::exec::Connection;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

/// One migration under way.
struct Run<'a> {
    migration: &'a Migration,
    options: &'a Options,
    /// How many statements it has.
    count: usize,
    /// How many are done and recorded.
    done: usize,
}

/// Runs what is left of a migration of which `done` statements are done.
pub(super) async fn migration(
    connection: &mut Connection,
    migration: &Migration,
    script: &Script,
    done: usize,
    options: &Options,
) -> Result<(), ApplyError> {
    let mut run = Run { migration, options, count: script.statements().count(), done };
    // What an earlier migration has set must not reach this one.
    connection
        .batch("RESET ROLE; RESET ALL; SET statement_timeout = 0")
        .await
        .map_err(ApplyError::Session)?;
    if run.count == 0 {
        // A migration may be empty but for comments: it is recorded all the same.
        return run.transaction(connection, &[]).await;
    }
    for segment in &script.segments {
        let left = run.left_of(segment);
        match (left, segment.mode) {
            ([], _) => {}
            (left, Mode::Transaction) => run.transaction(connection, left).await?,
            (left, Mode::Autocommit) => run.autocommit(connection, left).await?,
        }
    }
    Ok(())
}

impl Run<'_> {
    fn left_of<'s>(&self, segment: &'s Segment) -> &'s [Statement] {
        let first = segment.statements.iter().position(|statement| statement.number > self.done);
        first.and_then(|first| segment.statements.get(first..)).unwrap_or_default()
    }

    /// All of them and their record, or none; again when a table lock was not obtained.
    async fn transaction(
        &mut self,
        connection: &mut Connection,
        statements: &[Statement],
    ) -> Result<(), ApplyError> {
        let mut attempt = 1;
        loop {
            match self.attempt(connection, statements).await {
                Err(Failed::Lock(_)) if attempt < self.options.attempts => {
                    pause(attempt).await;
                    attempt += 1;
                }
                Err(failed) => return Err(self.explained(failed, attempt)),
                Ok(()) => {
                    self.done += statements.len();
                    return Ok(());
                }
            }
        }
    }

    async fn attempt(
        &self,
        connection: &mut Connection,
        statements: &[Statement],
    ) -> Result<(), Failed> {
        let begun = Instant::now();
        let tx = connection.begin().await.map_err(Failed::Session)?;
        let timeout = self.options.lock_timeout.as_millis();
        tx.batch(&format!("SET LOCAL lock_timeout = {timeout}")).await.map_err(Failed::Session)?;
        for statement in statements {
            if let Err(error) = tx.batch(&statement.text).await {
                // Waits until it is undone. Its own error would say less than the first one.
                let _undone = tx.rollback().await;
                return Err(Failed::at(statement, error));
            }
        }
        Ledger::record(&tx, &self.record(statements.len(), begun.elapsed()))
            .await
            .map_err(Failed::Ledger)?;
        tx.commit().await.map_err(Failed::Commit)
    }

    /// Each for itself, recorded one by one.
    async fn autocommit(
        &mut self,
        connection: &mut Connection,
        statements: &[Statement],
    ) -> Result<(), ApplyError> {
        let timeout = self.options.lock_timeout.as_millis();
        connection
            .batch(&format!("SET lock_timeout = {timeout}"))
            .await
            .map_err(ApplyError::Session)?;
        for statement in statements {
            let begun = Instant::now();
            // No second attempt: a failed CREATE INDEX CONCURRENTLY leaves an invalid index behind.
            connection
                .batch(&statement.text)
                .await
                .map_err(|error| self.explained(Failed::at(statement, error), 1))?;
            let tx = connection.begin().await.map_err(ApplyError::Session)?;
            Ledger::record(&tx, &self.record(1, begun.elapsed())).await?;
            tx.commit().await.map_err(ApplyError::Session)?;
            self.done += 1;
        }
        Ok(())
    }

    /// What is recorded when `more` statements are done.
    fn record(&self, more: usize, duration: Duration) -> Record<'_> {
        let statements_done = self.done + more;
        let finished = statements_done >= self.count;
        let of_done = (!finished).then(|| checksum_of_done(&self.migration.up, statements_done));
        Record {
            name: &self.migration.name,
            checksum: of_done.flatten().unwrap_or_else(|| self.migration.checksum()),
            duration,
            statements: self.count,
            statements_done,
        }
    }

    fn explained(&self, failed: Failed, attempts: u32) -> ApplyError {
        let (file, kept) = (self.migration.up_path(), Kept::of(self.done));
        match failed {
            Failed::Session(error) => ApplyError::Session(error),
            Failed::Ledger(error) => error.into(),
            Failed::Commit(source) => ApplyError::Commit { file, source, kept },
            Failed::Lock(statement) => ApplyError::LockTimeout { file, statement, attempts, kept },
            Failed::Statement(statement, source) => {
                let line = match source.position() {
                    Some(position) => statement.line_of(position),
                    None => statement.line,
                };
                let (number, count) = (statement.number, self.count);
                ApplyError::Statement { file, number, count, line, source, kept }
            }
        }
    }
}

enum Failed {
    Session(orm_core::Error),
    Ledger(crate::history::HistoryError),
    Commit(orm_core::Error),
    Lock(Box<Statement>),
    Statement(Box<Statement>, orm_core::Error),
}

impl Failed {
    fn at(statement: &Statement, error: orm_core::Error) -> Self {
        let statement = Box::new(statement.clone());
        match error.kind() {
            ErrorKind::LockTimeout => Self::Lock(statement),
            _ => Self::Statement(statement, error),
        }
    }
}

/// Twice as long each time up to 5 s, with up to half more by chance, so that two runs do not stay in step.
async fn pause(attempt: u32) {
    let base = 100_u64.saturating_mul(1 << attempt.min(6)).min(5_000);
    let chance = RandomState::new().hash_one(attempt) % (base / 2);
    tokio::time::sleep(Duration::from_millis(base + chance)).await;
}
