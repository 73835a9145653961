//! [`compare`]: what of the folder a database has had, and where the two contradict each other; pure.

use super::folder::{Checksum, checksum};
use super::squash::{self, Stand};
use super::{Branches, LedgerEntry, Migration, Script};
use std::collections::BTreeSet;
use std::fmt;

/// How the folder and the ledger stand to each other.
#[derive(Debug)]
pub struct Standing<'a> {
    /// What the database has had, oldest first.
    pub applied: Vec<&'a LedgerEntry>,
    /// What it has not had, or only in part, oldest first.
    pub pending: Vec<&'a Migration>,
    /// The migrations of the folder that made what the database has, oldest first; the last may be one that it has had
    /// in part. A squashed one is here in the place of what it stands for.
    pub had: Vec<&'a Migration>,
    /// The squashed ones that need not run, since it has had all that they stand for.
    pub squashed: Vec<&'a Migration>,
    /// The one that it has had in part.
    pub partial: Option<&'a LedgerEntry>,
    /// Where they contradict each other.
    pub conflicts: Vec<Conflict>,
}

/// A contradiction between the folder and the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// `up.sql` was changed after it was applied.
    Edited {
        /// The migration.
        name: String,
    },
    /// It was applied, and is not in the folder.
    Missing {
        /// The migration.
        name: String,
    },
    /// It and another one come from different branches, and do not go together.
    Branches {
        /// The migration.
        name: String,
        /// The other one.
        other: String,
        /// What both touch.
        both: Vec<String>,
    },
    /// It is undone in part.
    Undone {
        /// The migration.
        name: String,
        /// How many statements of `down.sql` are done.
        done: i32,
        /// How many it has.
        count: i32,
    },
    /// It stands for several, of which the database has had some, and the others are not in the folder.
    Squashed {
        /// The migration.
        name: String,
        /// What is missing.
        missing: Vec<String>,
    },
    /// It was applied in part, and a statement that is done was changed.
    EditedDone {
        /// The migration.
        name: String,
        /// How many statements are done.
        done: usize,
    },
}

impl Conflict {
    /// The migration.
    pub fn name(&self) -> &str {
        match self {
            Self::Edited { name }
            | Self::Missing { name }
            | Self::Branches { name, .. }
            | Self::Undone { name, .. }
            | Self::Squashed { name, .. }
            | Self::EditedDone { name, .. } => name,
        }
    }

    /// All of it for machines.
    pub fn as_json(&self) -> serde_json::Value {
        let mut said = serde_json::json!({ "kind": self.kind(), "name": self.name(), "message": self.to_string() });
        if let Self::Branches { other, both, .. } = self {
            said["other"] = other.as_str().into();
            said["both_touch"] = both.as_slice().into();
        }
        if let Self::Squashed { missing, .. } = self {
            said["missing"] = missing.as_slice().into();
        }
        said
    }

    /// One word for machines.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "edited",
            Self::Missing { .. } => "missing",
            Self::Branches { .. } => "branches",
            Self::Undone { .. } => "undone",
            Self::Squashed { .. } => "squashed",
            Self::EditedDone { .. } => "edited_done",
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { name } => write!(
                f,
                "{name}/up.sql was edited after it was applied\n  hint: restore the file, and put the change into a new migration"
            ),
            Self::Missing { name } => write!(
                f,
                "{name} was applied to this database and is not in the folder\n  hint: bring the folder up to date (another branch may have it), or use another database; where two projects share this one, each has a ledger of its own (--ledger, or `ledger` in orm.toml)"
            ),
            Self::Branches { name, other, both } => write!(
                f,
                "{name} and {other} come from different branches, and both touch {}
  hint: remove the folder {name} and run `orm-migrate diff` again on top of the other, or say that they go together: `orm-migrate repair --accept {name}`",
                both.join(", ")
            ),
            Self::Undone { name, done, count } => write!(
                f,
                "{name} is undone in part: {done} of {count} statements of its down.sql are done\n  hint: run `orm-migrate down` again: it goes on there; or undo the rest by hand, then `orm-migrate repair --rolled-back {name}`"
            ),
            Self::Squashed { name, missing } => write!(
                f,
                "{name} stands for several migrations, of which this database has had some, but not {}\n  hint: restore these folders from version control and run `orm-migrate apply`; then the squashed one counts as applied",
                missing.join(", ")
            ),
            Self::EditedDone { name, done } => write!(
                f,
                "{name}/up.sql: one of its first {done} statements was edited, and they are done\n  hint: restore these; the statements after them may be changed"
            ),
        }
    }
}

/// Holds the folder (oldest first) against the ledger.
pub fn compare<'a>(folder: &'a [Migration], ledger: &'a [LedgerEntry]) -> Standing<'a> {
    let mut standing = Standing {
        applied: Vec::new(),
        pending: Vec::new(),
        had: Vec::new(),
        squashed: Vec::new(),
        partial: None,
        conflicts: Vec::new(),
    };
    for entry in ledger {
        if let Some(undone) = entry.undoes() {
            let (done, count) = (entry.statements_done, entry.statements);
            standing.conflicts.push(Conflict::Undone { name: undone.to_owned(), done, count });
            continue;
        }
        if !entry.is_partial() {
            standing.applied.push(entry);
        }
        if folder.iter().any(|migration| migration.name == entry.name) {
            continue;
        }
        match squash::find(folder, &entry.name) {
            None => standing.conflicts.push(Conflict::Missing { name: entry.name.clone() }),
            Some(replaced) if !entry.is_partial() && replaced.checksum != entry.checksum => {
                standing.conflicts.push(Conflict::Edited { name: entry.name.clone() });
            }
            Some(_) => {}
        }
    }
    // What a squashed one does, or has done, instead.
    let mut is_done_by_another: BTreeSet<&str> = BTreeSet::new();
    for migration in folder {
        let replaces = squash::replaces(migration);
        if replaces.is_empty() {
            continue;
        }
        let stand = if ledger.iter().any(|entry| entry.name == migration.name) {
            Stand::Runs
        } else {
            squash::stand(migration, folder, ledger)
        };
        match stand {
            Stand::Runs => {
                is_done_by_another.extend(replaces.iter().map(|it| it.name.as_str()));
                continue;
            }
            Stand::Counts => standing.squashed.push(migration),
            Stand::Waits(missing) if missing.is_empty() => {}
            Stand::Waits(missing) => {
                let name = migration.name.clone();
                standing.conflicts.push(Conflict::Squashed { name, missing });
            }
        }
        is_done_by_another.insert(&migration.name);
    }
    for migration in folder {
        let name = migration.name.clone();
        match ledger.iter().find(|entry| entry.name == migration.name) {
            Some(entry) if entry.is_partial() => {
                let done = usize::try_from(entry.statements_done).unwrap_or(0);
                if checksum_of_done(&migration.up, done).as_ref() != Some(&entry.checksum) {
                    standing.conflicts.push(Conflict::EditedDone { name, done });
                }
                standing.pending.push(migration);
                standing.partial = Some(entry);
            }
            Some(entry) => {
                if entry.checksum != migration.checksum() {
                    standing.conflicts.push(Conflict::Edited { name });
                }
            }
            None if is_done_by_another.contains(name.as_str()) => {}
            None => standing.pending.push(migration),
        }
    }
    let stays = squash::names(&standing.squashed);
    standing.had = (folder.iter())
        .filter(|it| {
            ledger.iter().any(|entry| entry.name == it.name) && !stays.contains(it.name.as_str())
        })
        .chain(standing.squashed.iter().copied())
        .collect();
    standing.had.sort_by(|a, b| a.name.cmp(&b.name));
    let is_pending =
        |it: &Migration| standing.pending.iter().any(|pending| pending.name == it.name);
    let branches = Branches::of(folder).conflicts(is_pending);
    standing.conflicts.extend(branches);
    standing
}

/// The checksum of the first statements of a script; none when it cannot be read or has fewer.
pub(crate) fn checksum_of_done(up: &str, done: usize) -> Option<String> {
    let script = Script::parse(up).ok()?;
    let texts: Vec<&str> = script.statements().take(done).map(|s| s.text.as_str()).collect();
    (texts.len() == done).then(|| checksum(&texts.join(";\n")))
}

/// The checksums of the first statements of a script, by their number: those of none come first. Each statement is read
/// once, however many there are.
pub(crate) fn checksums_of_done(script: &Script) -> Vec<String> {
    let mut done = Checksum::default();
    let mut checksums = vec![done.hex()];
    for (place, statement) in script.statements().enumerate() {
        if place > 0 {
            done.add(";\n");
        }
        done.add(&statement.text);
        checksums.push(done.hex());
    }
    checksums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{PlanFile, Replaced};
    use std::path::PathBuf;
    use std::time::Duration;

    fn migration(name: &str, up: &str) -> Migration {
        let (name, up) = (name.to_owned(), up.to_owned());
        Migration { name, path: PathBuf::new(), up, down: None, plan: None }
    }

    fn entry(name: &str, checksum: String, statements: i32, statements_done: i32) -> LedgerEntry {
        LedgerEntry {
            name: name.to_owned(),
            checksum,
            applied_at: String::new(),
            duration: Duration::ZERO,
            applied_by: String::new(),
            tool_version: String::new(),
            statements,
            statements_done,
            started: None,
            kind: "migration".to_owned(),
            place: 0,
        }
    }

    #[track_caller]
    fn check(folder: &[Migration], ledger: &[LedgerEntry], pending: &[&str], conflicts: &[&str]) {
        let standing = compare(folder, ledger);
        let names: Vec<_> = standing.pending.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, pending);
        let kinds: Vec<_> = standing.conflicts.iter().map(Conflict::kind).collect();
        assert_eq!(kinds, conflicts);
    }

    #[test]
    fn what_is_not_in_the_ledger_is_pending() {
        let folder = [migration("1", "a"), migration("2", "b")];
        check(&folder, &[], &["1", "2"], &[]);
        check(&folder, &[entry("1", checksum("a"), 1, 1)], &["2"], &[]);
    }

    #[test]
    fn what_is_older_than_what_was_applied_is_pending_all_the_same() {
        let folder = [migration("1", "a"), migration("2", "b"), migration("3", "c")];
        check(&folder, &[entry("2", checksum("b"), 1, 1)], &["1", "3"], &[]);
    }

    #[test]
    fn contradictions_are_named() {
        let folder = [migration("1", "a"), migration("2", "b")];
        check(&folder, &[entry("1", checksum("x"), 1, 1)], &["2"], &["edited"]);
        check(&folder[..1], &[entry("0", checksum("b"), 1, 1)], &["1"], &["missing"]);
    }

    /// A folder with two and the one that stands for them; `kept` of them are still there.
    fn squashed(kept: usize) -> Vec<Migration> {
        let both = [migration("1", "a"), migration("2", "b")];
        let mut one = migration("2s", "c");
        let replaces = both.iter().map(Replaced::of).collect();
        one.plan = Some(PlanFile { replaces, ..PlanFile::default() });
        both.into_iter().take(kept).chain([one]).collect()
    }

    #[test]
    fn a_squashed_one_runs_where_nothing_of_it_was_applied_and_counts_where_all_was() {
        let ledger = [entry("1", checksum("a"), 1, 1), entry("2", checksum("b"), 1, 1)];
        for kept in 0..=2 {
            check(&squashed(kept), &[], &["2s"], &[]);
            check(&squashed(kept), &ledger, &[], &[]);
            check(&squashed(kept), &[entry("2s", checksum("c"), 1, 1)], &[], &[]);
        }
        // Of one that was squashed again.
        let mut twice = migration("2t", "d");
        let replaces = vec![Replaced::of(&squashed(0)[0])];
        twice.plan = Some(PlanFile { replaces, ..PlanFile::default() });
        check(std::slice::from_ref(&twice), &ledger, &[], &[]);
        check(std::slice::from_ref(&twice), &[entry("2s", checksum("c"), 1, 1)], &[], &[]);
        check(&[twice], &[], &["2t"], &[]);
    }

    #[test]
    fn where_some_of_a_squashed_one_was_applied_the_rest_comes_first() {
        let some = [entry("1", checksum("a"), 1, 1)];
        check(&squashed(2), &some, &["2"], &[]);
        check(&squashed(1), &some, &[], &["squashed"]);
        check(&squashed(0), &[entry("1", checksum("x"), 1, 1)], &[], &["edited", "squashed"]);
    }

    #[test]
    fn what_is_undone_in_part_is_neither_applied_nor_pending() {
        let ledger = [entry("1", checksum("a"), 1, 1), entry("1/down", checksum("x"), 3, 1)];
        check(&[migration("1", "a")], &ledger, &[], &["undone"]);
    }

    #[test]
    fn what_is_applied_in_part_may_change_only_in_what_is_left() {
        let up = "SELECT 1; SELECT\r\n 2;\n\nSELECT 'ä'";
        let script = Script::parse(up).expect("a script");
        let each: Vec<_> = (0..=3).filter_map(|count| checksum_of_done(up, count)).collect();
        assert_eq!(checksums_of_done(&script), each);
        let done = checksum_of_done("SELECT 1; SELECT 2", 1).expect("a checksum");
        let ledger = [entry("1", done, 2, 1)];
        check(&[migration("1", "SELECT 1;\nSELECT 3;")], &ledger, &["1"], &[]);
        check(&[migration("1", "SELECT 0; SELECT 2")], &ledger, &["1"], &["edited_done"]);
    }
}
