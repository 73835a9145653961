//! [`Strategy`]: whether a table is so big that its changes need their online forms.

use crate::change::ObjectName;
use std::collections::BTreeMap;

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
        Self { rows: 10_000, bytes: 8 * MIB }
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
    /// Its bytes, with indexes and what is stored out of line; `None` where there is no database to ask.
    pub bytes: Option<u64>,
    /// Whether it is partitioned: some online forms do not exist for it.
    pub partitioned: bool,
}

impl Size {
    /// For people: `about 120000 rows, 13 MiB`. A count ends behind the threshold.
    fn said(&self, thresholds: &Thresholds) -> String {
        let Some(bytes) = self.bytes else { return "an unknown size".to_owned() };
        let rows = match self.rows {
            None => "an unknown number of rows".to_owned(),
            Some(rows) if !self.counted => format!("about {rows} rows"),
            Some(rows) if rows > thresholds.rows => format!("more than {} rows", thresholds.rows),
            Some(1) => "1 row".to_owned(),
            Some(rows) => format!("{rows} rows"),
        };
        match bytes {
            bytes if bytes < MIB => format!("{rows}, {} KiB", bytes.div_ceil(1024)),
            bytes => format!("{rows}, {} MiB", bytes.div_ceil(MIB)),
        }
    }
}

const MIB: u64 = 1024 * 1024;

/// The form for a table, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// It is made in this migration: nobody waits for it.
    New,
    /// In one statement each.
    Plain(String),
    /// In pieces, so that others need not wait.
    Online(String),
}

impl Strategy {
    /// The form for the changes of a table.
    pub(super) fn choice(&self, table: &ObjectName) -> Choice {
        let Some(size) = self.sizes.0.get(table) else { return Choice::New };
        let has = size.said(&self.thresholds);
        match (self.forms, size.bytes) {
            (Forms::Plain, _) => Choice::Plain(format!("plain, as asked; {table} has {has}")),
            (Forms::Online, _) => Choice::Online(format!("online, as asked; {table} has {has}")),
            (Forms::BySize, None) => {
                Choice::Plain(format!("plain: no database says how big {table} is"))
            }
            (Forms::BySize, Some(bytes)) => {
                let is_small = bytes <= self.thresholds.bytes
                    && size.rows.is_some_and(|rows| rows <= self.thresholds.rows);
                if is_small {
                    Choice::Plain(format!("plain: {table} is small ({has})"))
                } else {
                    Choice::Online(format!("online: {table} is big ({has})"))
                }
            }
        }
    }
}
