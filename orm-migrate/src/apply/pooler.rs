//! Finds out that a connection goes through a pooler that gives each transaction another session of the server.
//!
//! The lock that keeps others from applying belongs to a session of the server. Behind such a pooler it would stay on a
//! session that others are given next, and two could apply at once. So nothing is locked before this was looked at.

use super::{ApplyError, pid};
use crate::session;
use orm_core::exec::{Config, Connection};
use std::time::Duration;

/// How long a second connection may take. In session mode a pooler may have none left.
const SECOND: Duration = Duration::from_secs(3);

/// Which of two connections is asked in turn for the session of the server that answers it. A pooler that gives out the
/// one that was used last gives both the same; one that takes turns gives the first another one than before.
const TURNS: [bool; 9] = [false, true, true, false, false, false, true, false, true];

/// Refuses a connection whose sessions of the server change between its transactions.
///
/// # Errors
/// [`ApplyError::Pooler`]; the connection is lost.
pub(super) async fn refuse(connection: &Connection, config: &Config) -> Result<(), ApplyError> {
    let first = pid(connection).await.map_err(ApplyError::Session)?;
    let other = tokio::time::timeout(SECOND, async {
        let other = session::open_unfixed(config).await.ok()?;
        // A pooler lets a client in before it has a session of the server for it.
        pid(&other).await.ok()?;
        Some(other)
    })
    .await;
    let other = other.ok().flatten();
    let mut pids = (first, None);
    for is_other in TURNS {
        let (now, before) = match (&other, is_other) {
            (_, false) => {
                let now = pid(connection).await.map_err(ApplyError::Session)?;
                (now, pids.0)
            }
            (Some(other), true) => {
                let Ok(now) = pid(other).await else { continue };
                (now, pids.1.replace(now).unwrap_or(now))
            }
            (None, true) => continue,
        };
        if now != before || pids.1 == Some(pids.0) {
            return Err(ApplyError::Pooler);
        }
    }
    if let Some(other) = other {
        other.close().await;
    }
    Ok(())
}
