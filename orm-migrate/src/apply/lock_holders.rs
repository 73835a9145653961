//! [`Blocker`]: who is in the way of a statement that waits for a lock, asked over a second session while it waits.

use crate::session;
use orm_core::Result;
use orm_core::exec::{Config, Connection};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Manual, section 9.27 (`pg_blocking_pids`) and 28.2.3 (`pg_stat_activity`).
const BLOCKERS: &str = "SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.usename::text, ''), \
    coalesce(a.state, ''), coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::bigint, \
    coalesce(a.query, ''), coalesce((SELECT CASE l.locktype \
    WHEN 'relation' THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, l.relation, 0) \
    WHEN 'object' THEN pg_catalog.pg_describe_object(l.classid, l.objid, l.objsubid) END \
    FROM pg_catalog.pg_locks AS l WHERE l.pid = $1 AND NOT l.granted \
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LIMIT 1), '') \
    FROM pg_catalog.pg_stat_activity AS a \
    WHERE a.pid = ANY (pg_catalog.pg_blocking_pids($1)) ORDER BY a.xact_start, a.pid";

/// Short beside any lock timeout that makes sense; long beside what the question costs.
const PAUSE: Duration = Duration::from_millis(100);

/// A session that holds the lock that a statement waits for, or waits for it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its process on the server.
    pub pid: i32,
    /// What it calls itself.
    pub application: String,
    /// Its role.
    pub role: String,
    /// What it does, in the words of `pg_stat_activity`: `active`, `idle in transaction`, ..
    pub state: String,
    /// How long its transaction has been open.
    pub age: Duration,
    /// The first line of its statement, or of its last one.
    pub query: String,
    /// What the lock is on, in PostgreSQL's words: `table a`, `function f(integer)`; empty where that is not known.
    pub object: String,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, application, role, state, age, query, object } = self;
        let name = if application.is_empty() { "without a name" } else { application };
        let state = if state.is_empty() { "in a state that this role may not see" } else { state };
        write!(
            f,
            "pid {pid} ({name}, role {role}), {state}, its transaction open for {} s",
            age.as_secs()
        )?;
        if !object.is_empty() {
            write!(f, ", locks {object}")?;
        }
        if query.is_empty() { Ok(()) } else { write!(f, ": {query}") }
    }
}

/// Looks, until it is dropped, who is in the way of a session.
pub(super) struct Watch {
    seen: Arc<Mutex<Vec<Blocker>>>,
    task: JoinHandle<()>,
}

impl Watch {
    pub(super) fn begin(config: &Config, pid: i32) -> Self {
        let seen = Arc::default();
        let task = tokio::spawn(watch(config.clone(), pid, Arc::clone(&seen)));
        Self { seen, task }
    }

    /// Who was in the way when it was last looked, since the last call.
    pub(super) fn take(&self) -> Vec<Blocker> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Whoever cannot look, because there is no session left for it, goes on without.
async fn watch(config: Config, pid: i32, seen: Arc<Mutex<Vec<Blocker>>>) {
    let Ok(connection) = session::open(&config).await else { return };
    while let Ok(blockers) = blockers(&connection, pid).await {
        if !blockers.is_empty() {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = blockers;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn blockers(connection: &Connection, pid: i32) -> Result<Vec<Blocker>> {
    let rows = connection.query::<orm_core::exec::DriverRow>(BLOCKERS, &[&pid]).await?;
    let blockers = rows.iter().filter_map(|row| {
        let seconds = row.try_get::<_, i64>(4).ok()?;
        Some(Blocker {
            pid: row.try_get(0).ok()?,
            application: row.try_get(1).ok()?,
            role: row.try_get(2).ok()?,
            state: row.try_get(3).ok()?,
            age: Duration::from_secs(u64::try_from(seconds).unwrap_or(0)),
            query: first_line(row.try_get(5).ok()?),
            object: row.try_get(6).ok()?,
        })
    });
    Ok(blockers.collect())
}

/// Enough to know it by; nothing of a statement that may have a password.
fn first_line(query: &str) -> String {
    if query.to_ascii_lowercase().contains("password") {
        return String::new();
    }
    let line = query.trim_start().lines().next().unwrap_or_default();
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}..", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_statement_is_shown_in_short_and_without_a_password() {
        assert_eq!(first_line("\n UPDATE a\nSET b"), "UPDATE a");
        assert_eq!(first_line(&"ä".repeat(90)).chars().count(), 82);
        assert_eq!(first_line("ALTER ROLE a Password 'x'"), "");
    }
}
