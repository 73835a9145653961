//! [`StatementCache`]: the prepared statements of one session, bounded, the least used forgotten first.
//! Knows `tokio_postgres` statements only; who prepares them is `session`.

use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_postgres::Statement;
use tokio_postgres::types::Type;

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Prepared once for each session and kept: for SQL whose text is fixed.
    Named,
    /// Sent whole in one round trip, nothing kept: for SQL whose shape varies.
    Unnamed,
}

/// A prepared statement, and the parameter types that were asked for when it was.
struct Prepared {
    types: Box<[Type]>,
    statement: Statement,
}

/// The prepared statements of one session.
pub(crate) struct StatementCache {
    /// None when the size is zero: then nothing is prepared under a name, as a pooler in transaction mode needs.
    kept: Option<Mutex<LruCache<Box<str>, Prepared>>>,
}

impl StatementCache {
    pub(crate) fn new(statement_count_max: usize) -> Self {
        // `unbounded` allocates as it grows; `new` would allocate the whole table for each connection.
        let kept = NonZeroUsize::new(statement_count_max).map(|count| {
            let mut kept = LruCache::unbounded();
            kept.resize(count);
            Mutex::new(kept)
        });
        Self { kept }
    }

    /// Whether statements are kept at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.kept.is_some()
    }

    /// The statement with that text that was prepared for the same types.
    pub(crate) fn find(&self, sql: &str, types: &[Type]) -> Option<Statement> {
        let mut kept = self.lock()?;
        let prepared = kept.get(sql)?;
        (*prepared.types == *types).then(|| prepared.statement.clone())
    }

    /// Keeps a statement; the one it pushes out is closed on the server once nobody uses it.
    pub(crate) fn keep(&self, sql: &str, types: &[Type], statement: Statement) {
        if let Some(mut kept) = self.lock() {
            kept.push(sql.into(), Prepared { types: types.into(), statement });
        }
    }

    /// Forgets a statement that the server no longer runs.
    pub(crate) fn forget(&self, sql: &str) {
        if let Some(mut kept) = self.lock() {
            kept.pop(sql);
        }
    }

    /// How many statements are kept.
    pub(crate) fn count(&self) -> usize {
        self.lock().map_or(0, |kept| kept.len())
    }

    /// A panic while the lock was held leaves the map usable: nothing in here is half done.
    fn lock(&self) -> Option<MutexGuard<'_, LruCache<Box<str>, Prepared>>> {
        self.kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
