//! The advisory lock that lets one session at a time apply migrations to a database.

use super::ApplyError;
use super::event::{Event, Observe};
use super::pooler;
use crate::session;
use orm_core::exec::{Config, Connection};
use std::fmt;
use std::time::{Duration, Instant};

/// `orm_migr` in ASCII. Advisory locks are per database (manual, section 13.3.5).
const KEY: i64 = 0x6f72_6d5f_6d69_6772;

const HOLDER: &str = "SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.usename::text, ''), \
    coalesce(extract(epoch FROM clock_timestamp() - a.backend_start), 0)::bigint \
    FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND (l.classid::bigint << 32) | l.objid::bigint = $1";

/// The session that holds the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process on the server.
    pub pid: i32,
    /// What it calls itself.
    pub application: String,
    /// Its role.
    pub user: String,
    /// How long it has been connected.
    pub age: Duration,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, application, user, age } = self;
        let name = if application.is_empty() { "without a name" } else { application };
        write!(f, "pid {pid} ({name}, role {user}, connected for {} s)", age.as_secs())
    }
}

/// Opens a session that the lock can belong to. It has the settings of [`session::fix`].
///
/// # Errors
/// It cannot be opened, or goes through a pooler that gives each transaction another session of the server.
pub(crate) async fn open(config: &Config) -> Result<Connection, ApplyError> {
    let connection = session::open_unfixed(config).await.map_err(ApplyError::Session)?;
    pooler::refuse(&connection, config).await?;
    session::fix(&connection).await.map_err(ApplyError::Session)?;
    Ok(connection)
}

/// Waits for the lock, on a connection of [`open`]. Polls: a session that waits inside the server would hold a snapshot,
/// and block `CREATE INDEX CONCURRENTLY` of the very session it waits for.
pub(super) async fn wait(
    connection: &Connection,
    limit: Duration,
    observe: &mut Observe<'_>,
) -> Result<(), ApplyError> {
    let mut is_told = false;
    let begun = Instant::now();
    let mut pause = Duration::from_millis(20);
    loop {
        let rows = connection
            .query::<orm_core::exec::DriverRow>("SELECT pg_try_advisory_lock($1)", &[&KEY])
            .await
            .map_err(ApplyError::Session)?;
        if rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false) {
            return Ok(());
        }
        if begun.elapsed() >= limit {
            let holder = holder(connection).await?;
            return Err(ApplyError::Locked { holder, waited: begun.elapsed() });
        }
        if !is_told && let Some(holder) = holder(connection).await? {
            observe(&Event::Waiting { holder: &holder });
            is_told = true;
        }
        tokio::time::sleep(pause.min(limit.saturating_sub(begun.elapsed()))).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// Who has the lock, if anybody.
pub(super) async fn holder(connection: &Connection) -> Result<Option<Holder>, ApplyError> {
    let rows = connection
        .query::<orm_core::exec::DriverRow>(HOLDER, &[&KEY])
        .await
        .map_err(ApplyError::Session)?;
    Ok(rows.first().and_then(|row| {
        Some(Holder {
            pid: row.try_get(0).ok()?,
            application: row.try_get(1).ok()?,
            user: row.try_get(2).ok()?,
            age: Duration::from_secs(u64::try_from(row.try_get::<_, i64>(3).ok()?).unwrap_or(0)),
        })
    }))
}
