//! The rows as hand-written code has them, and what the workloads are given.

use crate::digest;
use chrono::{DateTime, Utc};
use tokio_postgres::{Error, Row};

/// A row of `users`.
#[derive(Debug, Clone)]
pub(crate) struct User {
    /// The key.
    pub(crate) id: i64,
    /// A text.
    pub(crate) name: String,
    /// A text that may be missing.
    pub(crate) hair_color: Option<String>,
    /// A time.
    pub(crate) created_at: DateTime<Utc>,
}

/// A row of `posts`.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    /// The key.
    pub(crate) id: i64,
    /// Whose it is.
    pub(crate) user_id: i64,
    /// A text.
    pub(crate) title: String,
    /// A text.
    pub(crate) body: String,
}

/// A row of `comments`.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    /// The key.
    pub(crate) id: i64,
    /// To which post.
    pub(crate) post_id: i64,
    /// A text.
    pub(crate) body: String,
}

impl User {
    /// Out of four columns from this position on.
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(at)?,
            name: row.try_get(at + 1)?,
            hair_color: row.try_get(at + 2)?,
            created_at: row.try_get(at + 3)?,
        })
    }

    pub(crate) fn digest(&self) -> u64 {
        let time = self.created_at.timestamp_micros();
        digest::user(self.id, &self.name, self.hair_color.as_deref(), time)
    }
}

impl Post {
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(at)?,
            user_id: row.try_get(at + 1)?,
            title: row.try_get(at + 2)?,
            body: row.try_get(at + 3)?,
        })
    }

    pub(crate) fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, &self.body)
    }
}

impl Comment {
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, Error> {
        Ok(Self { id: row.try_get(at)?, post_id: row.try_get(at + 1)?, body: row.try_get(at + 2)? })
    }

    pub(crate) fn digest(&self) -> u64 {
        digest::comment(self.id, self.post_id, &self.body)
    }
}

/// The user that is read by its key.
pub const READ: i64 = 77;
/// The user that is changed: the last one, which no other workload reads.
pub const CHANGED: i64 = 10_001;
/// Its new name.
pub const NAME: &str = "a new name";

/// The users of a left join with so many rows: this one to that one.
pub fn joined(size: usize) -> (i64, i64) {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    (1001 - size / 20, 1000 + size / 2)
}

/// The size as the server takes it.
pub(crate) fn count(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// What is inserted: a name, and in three of four a color.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// A text.
    pub name: String,
    /// A text that may be missing.
    pub hair_color: Option<String>,
}

/// So many rows to insert.
pub fn new_entries(size: usize) -> Vec<NewEntry> {
    let entry = |n: usize| NewEntry {
        name: format!("entry {n}"),
        hair_color: (!n.is_multiple_of(4)).then(|| format!("color {}", n % 20)),
    };
    (0..size).map(entry).collect()
}
