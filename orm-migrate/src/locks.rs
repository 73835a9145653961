//! How many locks one transaction may take. PostgreSQL holds them in shared memory, with room for
//! `max_locks_per_transaction` times as many as there may be sessions (manual, section 20.12); where that is full, also
//! other sessions fail. How many a statement takes depends on the release: 15.20 also locks each object that another one
//! depends on.

use orm_core::exec::{Connection, Transaction};
use orm_core::{Error, ErrorKind, Result};
use std::fmt;

/// After how many statements of a transaction its locks are counted.
pub(crate) const EVERY: usize = 100;

const ROOM: &str = include_str!("locks.sql");

/// The locks of this session, and the room for those of all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) taken: i64,
    setting: i64,
    sessions: i64,
}

/// One transaction takes more locks than the server has room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    /// How many it takes.
    taken: i64,
    /// How many there is room for.
    room: i64,
    /// The setting as it is.
    setting: i64,
    /// The setting that it needs.
    needed: i64,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { taken, room, setting, needed } = self;
        write!(
            f,
            "one transaction takes about {taken} locks, and the server has room for {room} of all sessions together \
             (max_locks_per_transaction = {setting})"
        )?;
        write!(
            f,
            "\nhint: set max_locks_per_transaction = {needed} or more in postgresql.conf and restart the server, or divide \
             it: `-- orm:segment transaction` begins a new transaction"
        )
    }
}

impl std::error::Error for Exceeded {}

impl Room {
    pub(crate) async fn of(connection: &Connection) -> Result<Self> {
        let rows = connection.query::<orm_core::exec::DriverRow>(ROOM, &[]).await?;
        Self::read(|index| rows.first().and_then(|row| row.try_get(index).ok()))
    }

    /// The same within a transaction.
    pub(crate) async fn in_transaction(tx: &Transaction<'_>) -> Result<Self> {
        let rows = tx.query::<orm_core::exec::DriverRow>(ROOM, &[]).await?;
        Self::read(|index| rows.first().and_then(|row| row.try_get(index).ok()))
    }

    fn read(cell: impl Fn(usize) -> Option<i64>) -> Result<Self> {
        match (cell(0), cell(1), cell(2)) {
            (Some(taken), Some(setting), Some(sessions)) => Ok(Self { taken, setting, sessions }),
            _ => Err(Error::new(ErrorKind::Conversion, "pg_locks has other columns than expected")),
        }
    }

    pub(crate) fn all(&self) -> i64 {
        self.setting.saturating_mul(self.sessions)
    }

    /// What is said where a transaction takes that many.
    pub(crate) fn exceeded_by(&self, taken: i64) -> Exceeded {
        // A tenth more: others take locks too.
        let needed = taken.saturating_mul(11) / (self.sessions.max(1) * 10) + 1;
        let needed = needed.max(self.setting.saturating_add(1));
        Exceeded { taken, room: self.all(), setting: self.setting, needed }
    }

    /// Whether there is no room for more, after `done` of the `all` statements of a transaction: nothing is left to the
    /// others. How many all of them will take is judged by those that are done.
    pub(crate) fn is_full(&self, done: usize, all: usize) -> Option<Exceeded> {
        if self.taken < self.all() || done >= all {
            return None;
        }
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let expected = self.taken.saturating_mul(count(all)) / count(done.max(1));
        Some(self.exceeded_by(expected))
    }
}
