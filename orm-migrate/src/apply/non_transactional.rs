//! Statements that the server refuses to run in a transaction, and so cannot be committed together with their record.
//!
//! It is recorded that they begin, with what was there before; should the run break off, the next one asks the catalog.
//! Where that cannot tell, as of a procedure that commits, it asks its user: nothing is done twice by guess.

use super::catalog_effect::{Effect, EffectState, can_ask, drop_invalid};
use super::event::Event;
use super::retry::Failed;
use super::run::{Run, as_oneself, recorded};
use super::{ApplyError, Options};
use crate::history::{HistoryError, Script, Started, Statement};
use orm_core::ErrorKind;
use std::time::{Duration, Instant};

impl Run<'_> {
    /// Runs such a statement, unless an earlier run has brought it to its end.
    pub(super) async fn alone(
        &mut self,
        statement: &Statement,
        effect: Option<&Effect>,
    ) -> Result<(), ApplyError> {
        let begun = Instant::now();
        let is_of_index = effect.is_some_and(|effect| !matches!(effect, Effect::Detach { .. }));
        // Nobody waits behind a statement about an index that waits, and what it has done would be lost.
        self.be_patient(is_of_index).await?;
        let mut attempt = 1;
        loop {
            let failed = match self.alone_once(statement, effect, begun).await {
                Ok(()) => break,
                Err(failed) => failed,
            };
            // Anything else is no failure of the statement itself: what it has left is not known.
            if matches!(failed, Failed::Statement(..) | Failed::Lock(..) | Failed::Late(_)) {
                self.tidy_up(effect).await;
            }
            attempt = self.retry(failed, attempt).await?;
        }
        self.done += 1;
        self.be_impatient(is_of_index).await
    }

    async fn be_patient(&mut self, it_matters: bool) -> Result<(), ApplyError> {
        let Options { lock_timeout, concurrent_lock_timeout, .. } = self.options;
        self.swap(it_matters, *lock_timeout, *concurrent_lock_timeout).await
    }

    async fn be_impatient(&mut self, it_matters: bool) -> Result<(), ApplyError> {
        let Options { lock_timeout, concurrent_lock_timeout, .. } = self.options;
        self.swap(it_matters, *concurrent_lock_timeout, *lock_timeout).await
    }

    /// Exchanges the lock timeout; one that the migration has set itself stays.
    async fn swap(
        &mut self,
        it_matters: bool,
        from: Duration,
        to: Duration,
    ) -> Result<(), ApplyError> {
        if !it_matters {
            return Ok(());
        }
        let sql = format!(
            "SELECT pg_catalog.set_config('lock_timeout', '{}', false) FROM pg_catalog.pg_settings \
             WHERE name = 'lock_timeout' AND setting = '{}'",
            to.as_millis(),
            from.as_millis()
        );
        self.connection.batch_execute(&sql).await.map_err(ApplyError::Session)
    }

    async fn alone_once(
        &mut self,
        statement: &Statement,
        effect: Option<&Effect>,
        begun: Instant,
    ) -> Result<(), Failed> {
        self.limit(statement).await?;
        let is_begun = self.started.as_ref().is_some_and(|it| it.statement == statement.number);
        if is_begun && !can_ask(&statement.text) {
            return Err(Failed::Unknown(Box::new(statement.clone())));
        }
        if self.is_resumed(statement, effect).await.map_err(|error| self.at(statement, error))? {
            (self.observe)(&Event::AlreadyDone { statement });
            return self.write_down(statement, None, begun).await;
        }
        self.tell(statement);
        let state = self.cleared(effect).await.map_err(|error| self.at(statement, error))?;
        let begins = Started {
            statement: statement.number,
            text: statement.text.clone(),
            found: state.oid(),
        };
        self.write_down(statement, Some(&begins), begun).await?;
        let finish =
            effect.filter(|_| matches!(state, EffectState::Broken(_))).and_then(Effect::finish);
        let text = finish.as_deref().unwrap_or(&statement.text);
        self.limit(statement).await?;
        self.connection.batch_execute(text).await.map_err(|error| self.at(statement, error))?;
        self.write_down(statement, None, begun).await
    }

    /// Clears away what an earlier run has left of a statement that has been rewritten since.
    pub(super) async fn clear_rewritten(&mut self, script: &Script) -> Result<(), ApplyError> {
        let Some(started) = &self.started else { return Ok(()) };
        let Some(now) = script.statements().nth(self.done) else { return Ok(()) };
        if started.text == now.text {
            return Ok(());
        }
        let old = Effect::of(&started.text);
        self.started = None;
        let cleared = self.cleared(old.as_ref()).await;
        cleared.map(drop).map_err(|error| self.explained(self.at(now, error), 1))
    }

    /// Whether an earlier run that broke off had brought the statement to its end.
    async fn is_resumed(
        &mut self,
        statement: &Statement,
        effect: Option<&Effect>,
    ) -> orm_core::Result<bool> {
        let Some(started) = &self.started else { return Ok(false) };
        let Some(effect) = effect.filter(|_| started.statement == statement.number) else {
            return Ok(false);
        };
        let is_done = effect.is_done(started, effect.state(self.connection).await?);
        if !is_done {
            // From here on it is this run that has begun it.
            self.started = None;
        }
        Ok(is_done)
    }

    /// Drops the invalid indexes that a failed run has left; what is there then.
    async fn cleared(&mut self, effect: Option<&Effect>) -> orm_core::Result<EffectState> {
        let Some(effect) = effect else { return Ok(EffectState::Absent) };
        let mut state = effect.state(self.connection).await?;
        let mut last = None;
        while let EffectState::Broken(index) = state
            && effect.leaves_invalid_indexes()
            && last != Some(index)
        {
            if let Some(name) = drop_invalid(self.connection, index).await? {
                (self.observe)(&Event::IndexDropped { name: &name });
            }
            last = Some(index);
            state = effect.state(self.connection).await?;
        }
        Ok(state)
    }

    /// After a failure: an invalid index slows every write down, and a unique one refuses rows. What cannot be cleared
    /// away now is left to the next run, which finds in the ledger that the statement was begun.
    async fn tidy_up(&mut self, effect: Option<&Effect>) {
        if self.connection.is_closed() {
            return;
        }
        // Not by what is left of the time: none may be left.
        if self.deadline.is_over() {
            let _limited = self.connection.batch_execute("SET statement_timeout = '2s'").await;
        }
        let state = self.cleared(effect).await;
        if matches!(state, Ok(state) if !matches!(state, EffectState::Broken(_))) {
            // The failure itself is what there is to say.
            let _forgotten = self.forget().await;
        }
    }

    async fn forget(&mut self) -> Result<(), HistoryError> {
        let role = self.changes_role;
        let ledger = self.options.ledger();
        let failed = |source| ledger.failed("write")(source);
        let tx = self.connection.begin().await.map_err(failed)?;
        as_oneself(&tx, &ledger, role).await?;
        ledger.forget(&tx, &self.migration.name).await?;
        tx.commit().await.map_err(failed)
    }

    /// Records that the statement begins, or that it is done.
    async fn write_down(
        &mut self,
        statement: &Statement,
        started: Option<&Started>,
        begun: Instant,
    ) -> Result<(), Failed> {
        let mut record = self.record(usize::from(started.is_none()), begun.elapsed());
        record.started = started;
        if started.is_some() {
            record.duration = Duration::ZERO;
        }
        let lost = |error: orm_core::Error| match error.kind() {
            ErrorKind::Closed => Failed::at(statement, error),
            _ => Failed::Session(error),
        };
        let (role, ledger) = (self.changes_role, self.options.ledger());
        let tx = self.connection.begin().await.map_err(lost)?;
        let recorded = recorded(&tx, &ledger, &record, role).await;
        recorded.map_err(|error| Failed::ledger(Some(statement), error))?;
        tx.commit().await.map_err(lost)
    }
}
