//! Runs one migration: its segments in order, each recorded in the ledger.

use super::catalog_effect::Effect;
use super::deadline::Deadline;
use super::error::SourceLocation;
use super::event::{Event, Observe};
use super::lock_holders::{Blocker, Watch};
use super::retry::{Failed, needs_no_transaction};
use super::words::StatementWords;
use super::{ApplyError, Committed, Options, PendingMigration};
use crate::history::{
    BACK, HistoryError, Ledger, Migration, Record, ScriptMode, Started, Statement,
    checksums_of_done,
};
use crate::locks;
use crate::session;
use orm_core::ErrorKind;
use orm_core::exec::{Config, Connection, Transaction};
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

/// Where and how migrations run.
pub(super) struct Session<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) config: &'a Config,
    /// Its process on the server.
    pub(super) pid: i32,
    pub(super) options: &'a Options,
    pub(super) deadline: Deadline,
}

/// One migration under way.
pub(super) struct Run<'a> {
    pub(super) connection: &'a mut Connection,
    config: &'a Config,
    pid: i32,
    pub(super) migration: &'a Migration,
    pub(super) options: &'a Options,
    pub(super) deadline: Deadline,
    pub(super) observe: &'a mut Observe<'a>,
    /// How many statements it has.
    count: usize,
    /// How many are done and recorded.
    pub(super) done: usize,
    /// The checksum of the statements that are done, by their number; empty where all are one transaction.
    checksums: Vec<String>,
    /// What an earlier run had begun.
    pub(super) started: Option<Started>,
    /// Whether it changes its role: the ledger is written by the one that has connected.
    pub(super) changes_role: bool,
    /// The migrations after it.
    later: Vec<String>,
    /// Looks who is in the way, from the first lock on that was not obtained.
    watch: Option<Watch>,
    /// Who was in the way of the last attempt, where that is known.
    blockers: Vec<Blocker>,
}

/// Runs what is left of a migration.
pub(super) async fn migration(
    session: Session<'_>,
    pending: &PendingMigration<'_>,
    later: Vec<String>,
    observe: &mut Observe<'_>,
) -> Result<(), ApplyError> {
    let Session { connection, config, pid, options, deadline } = session;
    let PendingMigration { migration, script, done, started } = pending;
    let (count, done) = (script.statements().count(), *done);
    observe(&Event::Begun { name: &migration.name, statements: count, done });
    let started = started.clone();
    let checksums = match script.is_one_transaction() {
        true => Vec::new(),
        false => checksums_of_done(script),
    };
    let changes_role = script.statements().any(|statement| is_role(&statement.text));
    let mut run = Run {
        connection,
        config,
        pid,
        migration,
        options,
        deadline,
        observe,
        count,
        done,
        checksums,
        started,
        changes_role,
        later,
        watch: None,
        blockers: Vec::new(),
    };
    run.settle().await.map_err(ApplyError::Session)?;
    if count == 0 {
        // It says that it is empty on purpose: it is recorded all the same.
        return run.transaction(&[]).await;
    }
    run.clear_rewritten(script).await?;
    for statement in script.statements().take(done).filter(|done| is_setting(&done.text)) {
        run.again(statement).await?;
    }
    for segment in &script.segments {
        let left = segment.statements.iter().position(|it| it.number > run.done);
        let left = left.and_then(|first| segment.statements.get(first..)).unwrap_or_default();
        match (left, segment.mode) {
            ([], _) => {}
            (left, ScriptMode::Transaction) => run.transaction(left).await?,
            (left, ScriptMode::Autocommit) => run.autocommit(left).await?,
        }
    }
    Ok(())
}

/// Whether a statement says how the statements after it run: such a one is needed again when a run goes on.
fn is_setting(text: &str) -> bool {
    let mut words = StatementWords::of(text);
    if words.take(&["set"]) {
        return !words.take(&["local"])
            && !words.take(&["transaction"])
            && !words.take(&["constraints"]);
    }
    words.take(&["reset"])
        // As pg_dump writes it.
        || (words.take(&["select"])
            && words.qualified().is_some_and(|it| it.ends_with("\"set_config\"")))
}

fn is_role(text: &str) -> bool {
    let mut words = StatementWords::of(text);
    words.take(&["set"]) && {
        let _scope = words.take(&["session"]) || words.take(&["local"]);
        words.take(&["role"]) || words.take(&["authorization"])
    }
}

impl<'a> Run<'a> {
    /// What an earlier migration has set must not reach this one.
    async fn settle(&mut self) -> orm_core::Result<()> {
        self.connection.batch_execute("SET SESSION AUTHORIZATION DEFAULT; RESET ROLE").await?;
        session::reset(self.connection).await?;
        // Else the server would go on with a statement, and its locks, when we are gone. Systems on which it cannot
        // look for us refuse this.
        match self.connection.batch_execute("SET client_connection_check_interval = '2s'").await {
            Err(error) if error.kind() == ErrorKind::Closed => Err(error),
            _ => Ok(()),
        }
    }

    /// A setting that an earlier run has made.
    async fn again(&mut self, statement: &Statement) -> Result<(), ApplyError> {
        let set = self.connection.batch_execute(&statement.text).await;
        set.map_err(|error| self.explained(Failed::at(statement, error), 1))
    }

    /// All of them and their record, or none; again when a lock was not obtained.
    async fn transaction(&mut self, statements: &[Statement]) -> Result<(), ApplyError> {
        let timeout = self.options.lock_timeout.as_millis();
        let settings = format!("SET LOCAL lock_timeout = {timeout}");
        self.attempts(statements, Some(&settings))
            .await
            .map_err(|(failed, n)| self.explained(failed, n))
    }

    /// Each for itself, recorded one by one.
    async fn autocommit(&mut self, statements: &[Statement]) -> Result<(), ApplyError> {
        let timeout = self.options.lock_timeout.as_millis();
        let set = self.connection.batch_execute(&format!("SET lock_timeout = {timeout}")).await;
        set.map_err(ApplyError::Session)?;
        for statement in statements {
            if statement.repeat {
                self.repeat(statement).await?;
                continue;
            }
            if let Some(effect) = Effect::of(&statement.text) {
                self.alone(statement, Some(&effect)).await?;
                continue;
            }
            // Most statements can be committed together with their record: nothing can come between.
            match self.attempts(std::slice::from_ref(statement), None).await {
                Ok(()) => {}
                Err((Failed::Statement(_, error), _)) if needs_no_transaction(&error) => {
                    self.alone(statement, None).await?;
                }
                Err((failed, attempts)) => return Err(self.explained(failed, attempts)),
            }
        }
        Ok(())
    }

    /// Runs it again until it changes no row, each run a transaction of its own.
    async fn repeat(&mut self, statement: &Statement) -> Result<(), ApplyError> {
        self.tell(statement);
        let (mut attempt, mut rows) = (1, 0);
        loop {
            match self.batch_of(statement).await {
                Ok(0) => {
                    self.done += 1;
                    return Ok(());
                }
                Ok(more) => {
                    rows += more;
                    attempt = 1;
                    (self.observe)(&Event::Repeated { statement, rows });
                    let rest = self.deadline.at_most(self.options.repeat_pause);
                    tokio::time::sleep(rest).await;
                }
                Err(failed) => attempt = self.retry(failed, attempt).await?,
            }
        }
    }

    async fn batch_of(&mut self, statement: &Statement) -> Result<u64, Failed> {
        let begun = Instant::now();
        self.limit(statement).await?;
        let (record, role) = (self.record(1, begun.elapsed()), self.changes_role);
        let tx = self.connection.begin().await.map_err(Failed::Session)?;
        let rows = match tx.execute(&statement.text, &[]).await {
            Ok(rows) => rows,
            Err(error) => {
                let _undone = tx.rollback().await;
                return Err(self.at(statement, error));
            }
        };
        if rows == 0 {
            let recorded = recorded(&tx, &self.options.ledger(), &record, role).await;
            recorded.map_err(|error| Failed::ledger(Some(statement), error))?;
        }
        tx.commit().await.map_err(|error| self.at(statement, error))?;
        Ok(rows)
    }

    /// All of them and their record in one transaction, again when a lock was not obtained; how often it was tried.
    async fn attempts(
        &mut self,
        statements: &[Statement],
        settings: Option<&str>,
    ) -> Result<(), (Failed, u32)> {
        let mut attempt = 1;
        loop {
            match self.attempt(statements, settings).await {
                Err(Failed::Lock(statement, _)) if self.may_retry(&statement, attempt).await => {
                    attempt += 1;
                }
                Err(failed) => return Err((failed, attempt)),
                Ok(()) => {
                    self.done += statements.len();
                    return Ok(());
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        statements: &[Statement],
        settings: Option<&str>,
    ) -> Result<(), Failed> {
        let begun = Instant::now();
        let deadline = self.deadline;
        let (mut record, role) = (self.record(statements.len(), Duration::ZERO), self.changes_role);
        let ledger = self.options.ledger();
        let (migration, count) = (self.migration, self.count);
        let name = &migration.name;
        let tx = self.connection.begin().await.map_err(Failed::Session)?;
        if let Some(settings) = settings {
            tx.batch_execute(settings).await.map_err(Failed::Session)?;
        }
        for (number, statement) in statements.iter().enumerate() {
            if number > 0 && number % locks::EVERY == 0 {
                let room = locks::Room::in_transaction(&tx).await.map_err(Failed::Session)?;
                if let Some(exceeded) = room.is_full(number, statements.len()) {
                    let _undone = tx.rollback().await;
                    return Err(Failed::Locks(Box::new(statement.clone()), exceeded));
                }
            }
            (self.observe)(&Event::Statement { name, statement, count });
            let limited = match deadline.limit() {
                _ if deadline.is_over() => return Err(Failed::Late(Box::new(statement.clone()))),
                Some(limit) => tx.batch_execute(&limit).await,
                None => Ok(()),
            };
            let answer = match limited {
                Ok(()) => tx.batch_execute(&statement.text).await,
                failed => failed,
            };
            if let Err(error) = answer {
                // Waits until it is undone. Its own error would say less than the first one.
                let _undone = tx.rollback().await;
                return Err(Failed::at(statement, error).by(deadline));
            }
        }
        record.duration = begun.elapsed();
        recorded(&tx, &ledger, &record, role)
            .await
            .map_err(|error| Failed::ledger(statements.last(), error))?;
        tx.commit().await.map_err(|error| match statements.last() {
            Some(last) if error.kind() == ErrorKind::Closed => Failed::at(last, error),
            _ => Failed::Commit(error),
        })
    }

    /// Bounds the statement by what is left of the time.
    pub(super) async fn limit(&mut self, statement: &Statement) -> Result<(), Failed> {
        if self.deadline.is_over() {
            return Err(Failed::Late(Box::new(statement.clone())));
        }
        match self.deadline.limit() {
            Some(limit) => self.connection.batch_execute(&limit).await.map_err(Failed::Session),
            None => Ok(()),
        }
    }

    pub(super) fn tell(&mut self, statement: &Statement) {
        let (name, count) = (&self.migration.name, self.count);
        (self.observe)(&Event::Statement { name, statement, count });
    }

    pub(super) fn at(&self, statement: &Statement, error: orm_core::Error) -> Failed {
        Failed::at(statement, error).by(self.deadline)
    }

    /// The number of the next attempt, after a pause, where the failure is one that may pass.
    pub(super) async fn retry(&mut self, failed: Failed, attempt: u32) -> Result<u32, ApplyError> {
        if let Failed::Lock(statement, _) = &failed
            && self.may_retry(statement, attempt).await
        {
            return Ok(attempt + 1);
        }
        Err(self.explained(failed, attempt))
    }

    /// Rests before the next attempt, if there is one. Twice as long each time up to 5 s, with up to half more by
    /// chance, so that two runs do not stay in step.
    pub(super) async fn may_retry(&mut self, statement: &Statement, attempt: u32) -> bool {
        let attempts = self.options.attempts;
        self.blockers = self.watch.as_ref().map(Watch::take).unwrap_or_default();
        if attempt >= attempts || self.deadline.is_over() {
            return false;
        }
        if self.watch.is_none() {
            self.watch = Some(Watch::begin(self.config, self.pid));
        }
        let blockers = &self.blockers;
        (self.observe)(&Event::Retrying { statement, attempt, attempts, blockers });
        let base = 100_u64.saturating_mul(1 << attempt.min(6)).min(5_000);
        let chance = RandomState::new().hash_one(attempt) % (base / 2);
        let rest = self.deadline.at_most(Duration::from_millis(base + chance));
        tokio::time::sleep(rest).await;
        true
    }

    /// What is recorded when `more` statements are done.
    pub(super) fn record(&self, more: usize, duration: Duration) -> Record<'a> {
        let statements_done = self.done + more;
        let is_left = statements_done < self.count;
        let of_done = self.checksums.get(statements_done).filter(|_| is_left).cloned();
        Record {
            name: &self.migration.name,
            checksum: of_done.unwrap_or_else(|| self.migration.checksum()),
            duration,
            statements: self.count,
            statements_done,
            started: None,
        }
    }

    pub(super) fn explained(&self, failed: Failed, attempts: u32) -> ApplyError {
        let (file, kept) = (self.migration.up_path(), Committed::of(self.done));
        let place = |statement: &Statement, error: Option<&orm_core::Error>| {
            let (position, context) = (
                error.and_then(orm_core::Error::position),
                error.and_then(orm_core::Error::context),
            );
            Box::new(SourceLocation::of(
                &self.migration.up,
                &file,
                statement,
                self.count,
                position,
                context,
            ))
        };
        match failed {
            Failed::Session(error) => ApplyError::Session(error),
            Failed::Ledger(error) => error.into(),
            Failed::Commit(source) => ApplyError::Commit { file, source, kept },
            Failed::Lock(statement, source) if source.kind() == ErrorKind::LockTimeout => {
                ApplyError::LockTimeout {
                    place: place(&statement, None),
                    attempts,
                    blockers: self.blockers.clone(),
                    kept,
                }
            }
            Failed::Locks(statement, source) => {
                ApplyError::Locks { place: place(&statement, None), source, kept }
            }
            Failed::Lost(statement, source) => {
                ApplyError::Lost { place: place(&statement, None), source, kept }
            }
            Failed::Unknown(statement) => ApplyError::Unknown {
                place: place(&statement, None),
                migration: self.migration.name.trim_end_matches(BACK).to_owned(),
                kept,
            },
            Failed::Late(statement) => ApplyError::Late {
                place: place(&statement, None),
                limit: self.options.timeout.unwrap_or_default(),
                kept,
                later: self.later.clone(),
            },
            Failed::Lock(statement, source) | Failed::Statement(statement, source) => {
                ApplyError::Statement { place: place(&statement, Some(&source)), source, kept }
            }
        }
    }
}

/// Writes the ledger as the role that has connected, whichever role the migration has taken on.
pub(super) async fn recorded(
    tx: &Transaction<'_>,
    ledger: &Ledger,
    record: &Record<'_>,
    changes_role: bool,
) -> Result<(), HistoryError> {
    as_oneself(tx, ledger, changes_role).await?;
    ledger.record(tx, record).await
}

/// Until the end of the transaction: then the migration's own role holds again.
pub(super) async fn as_oneself(
    tx: &Transaction<'_>,
    ledger: &Ledger,
    changes_role: bool,
) -> Result<(), HistoryError> {
    if !changes_role {
        return Ok(());
    }
    let own =
        tx.batch_execute("SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE").await;
    own.map_err(ledger.failed("write"))
}

#[cfg(test)]
mod tests {
    use super::is_setting;

    #[test]
    fn settings_that_outlive_their_statement_are_recognised() {
        for text in [
            "SET search_path = a",
            "set role b",
            "RESET ALL",
            "SELECT pg_catalog.set_config('search_path', '', false)",
        ] {
            assert!(is_setting(text), "{text}");
        }
        for text in
            ["SET LOCAL a = 1", "SET CONSTRAINTS ALL DEFERRED", "SELECT 1", "UPDATE a SET b"]
        {
            assert!(!is_setting(text), "{text}");
        }
    }
}
