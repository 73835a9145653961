//! [`Strategy`]: whether a table is so big that its changes need their online forms.

use crate::change::ObjectName;
use std::collections::BTreeMap;
use std::fmt;

/// How the form of each step is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strategy {
    /// By size, or one for all.
    pub forms: Forms,
    /// What counts as small.
    pub thresholds: Thresholds,
    /// How big the tables are. One that is not here does not exist yet.
    pub sizes: Sizes,
    /// Whether a big table may be written anew while nobody can use it.
    pub allow_rewrite: bool,
    /// Whether a change of type that would write a big table anew is spelled out with a second column.
    pub expand: bool,
}

/// Which forms are chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Forms {
    /// The plain form for small tables, the online form for big ones.
    #[default]
    BySize,
    /// The plain form for all tables.
    Plain,
    /// The online form for all tables that exist.
    Online,
}

/// Up to which size a table is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Rows.
    pub rows: u64,
    /// Bytes, with indexes and what is stored out of line.
    pub bytes: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { rows: 10_000, bytes: 8 * 1024 * 1024 }
    }
}

/// How big tables are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes(pub BTreeMap<ObjectName, Size>);

/// How big a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Its rows, if anybody knows.
    pub rows: Option<u64>,
    /// Whether they were counted, up to one more than the threshold; else statistics say so.
    pub counted: bool,
    /// Its bytes, with indexes and what is stored out of line.
    pub bytes: u64,
    /// Whether it is partitioned: some online forms do not exist for it.
    pub partitioned: bool,
}

/// For people: `about 120000 rows, 13 MiB`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows {
            None => write!(f, "an unknown number of rows")?,
            Some(1) if self.counted => write!(f, "1 row")?,
            Some(rows) => write!(f, "{}{rows} rows", if self.counted { "" } else { "about " })?,
        }
        match self.bytes {
            bytes if bytes < 1024 * 1024 => write!(f, ", {} KiB", bytes.div_ceil(1024)),
            bytes => write!(f, ", {} MiB", bytes.div_ceil(1024 * 1024)),
        }
    }
}

/// The form for a table, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// It is made in this migration: nobody waits for it.
    New,
    Plain(String),
    Online(String),
}

impl Strategy {
    /// The form for the changes of a table.
    pub(super) fn choice(&self, table: &ObjectName) -> Choice {
        let Some(size) = self.sizes.0.get(table) else { return Choice::New };
        match self.forms {
            Forms::Plain => Choice::Plain(format!("plain, as asked; {table} has {size}")),
            Forms::Online => Choice::Online(format!("online, as asked; {table} has {size}")),
            Forms::BySize if self.is_small(size) => {
                Choice::Plain(format!("plain: {table} is small ({size})"))
            }
            Forms::BySize => {
                Choice::Online(format!("online: {table} is big ({})", self.said(size)))
            }
        }
    }

    fn is_small(&self, size: &Size) -> bool {
        size.bytes <= self.thresholds.bytes
            && size.rows.is_some_and(|rows| rows <= self.thresholds.rows)
    }

    /// A count ends at the threshold.
    fn said(&self, size: &Size) -> String {
        match size.rows {
            Some(rows) if size.counted && rows > self.thresholds.rows => size.to_string().replacen(
                &rows.to_string(),
                &format!("more than {}", self.thresholds.rows),
                1,
            ),
            _ => size.to_string(),
        }
    }
}
