//! Makes a session fit for its next user, whatever the last one left behind. Start at [`Session::renew`].

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Session, errors};
use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::SimpleQueryMessage;

/// What a session needs before another user may have it. `DISCARD ALL` does as much, but it drops the prepared
/// statements of this library too, and it is refused among other statements in one query (manual, `DISCARD`).
///
/// `SET SESSION AUTHORIZATION` sets the role to none; `RESET ROLE` to the one that the session began with. What
/// seeds `random()` is no setting: another seed takes its place. The last query gives how many prepared statements
/// of the protocol there are, and what deallocates those that SQL made.
const CLEAN: &str = "ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; UNLISTEN *; \
    SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; \
    SELECT pg_catalog.setseed(pg_catalog.hashtext(pg_catalog.gen_random_uuid()::text) / 2147483648.0); \
    SELECT count(*) FILTER (WHERE NOT from_sql), \
    string_agg('DEALLOCATE ' || pg_catalog.quote_ident(name), '; ') FILTER (WHERE from_sql) \
    FROM pg_catalog.pg_prepared_statements";

/// How long a session may take to become clean when no statement runs in it: it may have much to roll back.
const CLEANING: Duration = Duration::from_secs(5);
/// How long a statement whose future was dropped may take to end by itself: most do, and a request to cancel costs
/// the server a process.
const GRACE: Duration = Duration::from_millis(3);
/// How long the session may take after each request to cancel; after the last it is ended.
const AFTER_CANCEL: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(200), Duration::from_millis(500)];

impl Session {
    /// Stops what the session runs, and undoes what was left in it. Gives whether it is fit for another user; else
    /// it must be ended.
    pub(crate) async fn renew(&self) -> bool {
        if !self.state.is_busy() {
            return matches!(timeout(CLEANING, self.clean()).await, Ok(Ok(())));
        }
        if let Ok(cleaned) = timeout(GRACE, self.clean()).await {
            return cleaned.is_ok();
        }
        // One request stops one statement, and several may have been sent.
        for pause in AFTER_CANCEL {
            if !self.cancel().await {
                // The server cannot be reached, or the request may still hit anything: no more of them.
                self.state.cleaned();
                return false;
            }
            match timeout(pause, self.clean()).await {
                Ok(Ok(())) => return true,
                // The request came when the statement was over, and hit the cleaning.
                Ok(Err(error)) if error.kind() == ErrorKind::Cancelled => {}
                Ok(Err(_)) => break,
                Err(_) => {}
            }
        }
        // The session is dropped busy, and the server told once more.
        false
    }

    /// Undoes what was left in a session that runs nothing: one round trip.
    async fn clean(&self) -> Result<()> {
        let messages = self.client.simple_query(CLEAN).await;
        let messages = messages.map_err(|error| errors::statement_failed(error, CLEAN))?;
        let last = messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let count = last.and_then(|row| row.get(0)?.parse::<usize>().ok()).unwrap_or(0);
        if count < self.statement_count() {
            // `DEALLOCATE ALL`, `DISCARD ALL`: the driver's own statements are lost as well.
            return Err(Error::new(
                ErrorKind::Closed,
                "the session has lost its prepared statements",
            ));
        }
        if let Some(deallocate) = last.and_then(|row| row.get(1)) {
            let done = self.client.batch_execute(deallocate).await;
            done.map_err(|error| errors::statement_failed(error, deallocate))?;
        }
        self.state.cleaned();
        Ok(())
    }
}
