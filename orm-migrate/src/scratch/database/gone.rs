//! How a scratch database goes: within a time, since a server may never come to the end of `DROP DATABASE`, for instance
//! while a session elsewhere holds a lock on it, or a background process does not react.

use super::{DatabaseKind, PREFIX};
use crate::scratch::ScratchError;
use orm_core::exec::Connection;
use orm_core::sql::ident::Ident;
use std::fmt;
use std::time::Duration;

/// The session that has made a database holds this lock together with the hash of its name: `orms` in ASCII.
const OWNED: i32 = 0x6f72_6d73;

/// How long the server may take to drop a database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// To get the lock on it.
    lock: Duration,
    /// For all of it: the server writes out what it holds in memory first.
    all: Duration,
}

/// When there is time.
pub(super) const PATIENT: Limit =
    Limit { lock: Duration::from_secs(5), all: Duration::from_secs(30) };

/// After a signal, and for what others have left behind.
pub(super) const HURRIED: Limit =
    Limit { lock: Duration::from_millis(400), all: Duration::from_millis(1200) };

/// To empty a database that was lent takes longer, and it is not done later.
const EMPTIED: Duration = Duration::from_secs(15);

/// How much longer than the limit an answer may take that says that it is over.
const GRACE: Duration = Duration::from_millis(300);

/// How long the databases that others have left behind may keep a caller that needs one waiting.
const LEFT_BEHIND: Duration = Duration::from_secs(5);

impl Limit {
    /// For all of it, the session included.
    pub(super) fn of(self, kind: &DatabaseKind) -> Duration {
        match kind {
            DatabaseKind::Created { .. } => self.all + GRACE,
            DatabaseKind::Lent { .. } => self.all + EMPTIED,
        }
    }
}

/// A scratch database that stays on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub database: String,
    /// What kept the server from dropping it.
    pub why: String,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { database, why } = self;
        write!(
            f,
            "the scratch database {database} stays on the server: {why}\n  hint: the next run tries again to drop it; by \
             hand: DROP DATABASE {} WITH (FORCE)",
            Ident(database)
        )
    }
}

pub(super) fn left(database: &str, why: &str) -> ScratchError {
    ScratchError::Left(Left { database: database.to_owned(), why: why.to_owned() })
}

/// Drops it, with the sessions in it.
///
/// # Errors
/// [`ScratchError::Left`], with what the server said.
pub(super) async fn drop_database(
    admin: &Connection,
    name: &str,
    limit: Limit,
) -> Result<(), ScratchError> {
    let (lock, all) = (limit.lock.as_millis(), limit.all.as_millis());
    let work = async {
        admin
            .batch_execute(&format!("SET lock_timeout = {lock}; SET statement_timeout = {all}"))
            .await?;
        // A statement of its own: it cannot run in a transaction.
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", Ident(name))).await
    };
    match tokio::time::timeout(limit.all + GRACE, work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(left(name, &error.to_string())),
        Err(_) => Err(left(name, &format!("the server gave no answer in {:?}", limit.all))),
    }
}

/// Says to others that the session which has made a database is there.
pub(super) async fn mark_as_ours(admin: &Connection, name: &str) -> Result<(), ScratchError> {
    admin
        .query::<orm_core::exec::DriverRow>(
            "SELECT pg_advisory_lock($1, hashtext($2))",
            &[&OWNED, &name],
        )
        .await?;
    Ok(())
}

/// Drops the scratch databases of this role whose session has ended: of processes that were killed, and those that
/// could not be dropped then.
pub(super) async fn drop_what_was_left_behind(admin: &Connection) -> Result<(), ScratchError> {
    let sql = "SELECT datname::text FROM pg_database AS d \
               WHERE starts_with(datname, $1) AND datdba = current_user::regrole \
               AND NOT EXISTS (SELECT FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.objsubid = 2 \
               AND l.classid::bigint = $2::int::bigint \
               AND l.objid::bigint = hashtext(d.datname::text)::bigint & 4294967295)";
    let rows = admin.query::<orm_core::exec::DriverRow>(sql, &[&PREFIX, &OWNED]).await?;
    let names = rows.iter().filter_map(|row| row.try_get::<_, String>(0).ok());
    let begun = tokio::time::Instant::now();
    for name in names.filter(|name| is_ours(name)) {
        if begun.elapsed() > LEFT_BEHIND {
            break;
        }
        // Another process may be dropping it, too.
        let _dropped = drop_database(admin, &name, HURRIED).await;
    }
    // As for a new session.
    admin.batch_execute("RESET lock_timeout; RESET statement_timeout").await?;
    Ok(())
}

/// `orm_scratch_<process>_<nanoseconds since 1970>_<count>`: any other name was given by a person.
fn is_ours(name: &str) -> bool {
    let parts: Vec<&str> = name.strip_prefix(PREFIX).unwrap_or_default().split('_').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u128>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_whether_a_process_has_given_it() {
        assert!(is_ours(&super::super::scratch_name()));
        for other in ["orm_scratch_mine", "orm_scratch_1_x_0", "orm_scratch_1_1_0_0", "shop", ""] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
