//! How far the server has come with an index, asked over a second session.

use orm_core::Result;
use orm_core::exec::Connection;

const PROGRESS: &str = "SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total, \
    lockers_done, lockers_total FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $1";

/// How far the server has come with an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexProgress {
    /// What it does, in its own words (manual, section 28.4).
    pub phase: String,
    /// How much of this phase is done, where the server says that.
    pub percent: Option<u8>,
    /// For how many transactions it still waits.
    pub waits_for: i64,
}

impl IndexProgress {
    /// Of the index that the session with that process makes; none when it makes none.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn of(connection: &Connection, pid: i32) -> Result<Option<Self>> {
        let rows = connection.query::<orm_core::exec::DriverRow>(PROGRESS, &[&pid]).await?;
        Ok(rows.first().and_then(|row| {
            let number = |at: usize| row.try_get::<_, Option<i64>>(at).ok().flatten().unwrap_or(0);
            Some(Self {
                phase: row.try_get(0).ok()?,
                // Of both pairs one is counted, the other one is zero or complete.
                percent: percent(number(1), number(2)).or_else(|| percent(number(3), number(4))),
                waits_for: number(6).saturating_sub(number(5)).max(0),
            })
        }))
    }
}

/// None when there is nothing to do, or all is done.
fn percent(done: i64, total: i64) -> Option<u8> {
    let is_counted = total > 0 && (0..total).contains(&done);
    is_counted.then(|| u8::try_from(done.saturating_mul(100) / total).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_said_only_where_there_is_one() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 10), Some(0));
        assert_eq!(percent(9, 10), Some(90));
        assert_eq!(percent(10, 10), None);
        assert_eq!(percent(i64::MAX - 1, i64::MAX), Some(1));
    }
}
