//! [`Replaced`]: what a squashed migration stands for; pure.
//!
//! A squashed migration runs on a database that has had none of them, and counts as run on one that has had all.

use super::{LedgerEntry, Migration};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A migration that another one stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its name.
    pub name: String,
    /// SHA-256 of its `up.sql`.
    pub checksum: String,
    /// What it stood for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
}

impl Replaced {
    /// A migration as one that is replaced.
    pub fn of(migration: &Migration) -> Self {
        let (name, checksum) = (migration.name.clone(), migration.checksum());
        Self { name, checksum, replaces: replaces(migration).to_vec() }
    }

    /// Whether a database has had it, or all that it stood for.
    fn is_applied(&self, ledger: &[LedgerEntry]) -> bool {
        ledger.iter().any(|entry| entry.name == self.name && !entry.is_partial())
            || (!self.replaces.is_empty() && self.replaces.iter().all(|it| it.is_applied(ledger)))
    }

    fn is_begun(&self, ledger: &[LedgerEntry]) -> bool {
        ledger.iter().any(|entry| entry.name == self.name)
            || self.replaces.iter().any(|it| it.is_begun(ledger))
    }

    fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.replaces.iter().find_map(|it| it.find(name))
    }
}

/// What a migration stands for.
pub(super) fn replaces(migration: &Migration) -> &[Replaced] {
    migration.plan.as_ref().map(|plan| plan.replaces.as_slice()).unwrap_or_default()
}

/// What some migration of the folder says of another one that it stands for.
pub(super) fn find<'a>(folder: &'a [Migration], name: &str) -> Option<&'a Replaced> {
    folder.iter().flat_map(replaces).find_map(|it| it.find(name))
}

/// The migration of the folder that stands for another one.
pub(crate) fn squashed_into<'a>(folder: &'a [Migration], name: &str) -> Option<&'a Migration> {
    folder.iter().find(|it| replaces(it).iter().any(|replaced| replaced.find(name).is_some()))
}

/// How a squashed migration stands to a database that does not have it in its ledger.
pub(super) enum Stand {
    /// All that it stands for was applied.
    Counts,
    /// Nothing of that was applied: it runs.
    Runs,
    /// Some of that was applied: the others come first. Those that are not in the folder.
    Waits(Vec<String>),
}

pub(super) fn stand(migration: &Migration, folder: &[Migration], ledger: &[LedgerEntry]) -> Stand {
    let replaces = replaces(migration);
    if replaces.iter().all(|it| it.is_applied(ledger)) {
        return Stand::Counts;
    }
    if !replaces.iter().any(|it| it.is_begun(ledger)) {
        return Stand::Runs;
    }
    let is_there = |it: &&Replaced| folder.iter().any(|migration| migration.name == it.name);
    let left = replaces.iter().filter(|it| !it.is_applied(ledger));
    Stand::Waits(left.filter(|it| !is_there(it)).map(|it| it.name.clone()).collect())
}

/// What these stand for.
pub(super) fn names<'a>(migrations: &[&'a Migration]) -> BTreeSet<&'a str> {
    migrations.iter().flat_map(|it| replaces(it)).map(|it| it.name.as_str()).collect()
}

/// The migrations that an empty database runs: without those that a squashed one of the folder stands for.
pub fn unreplaced(folder: &[Migration]) -> Vec<Migration> {
    let replaced = names(&folder.iter().collect::<Vec<_>>());
    folder.iter().filter(|it| !replaced.contains(it.name.as_str())).cloned().collect()
}
