//! What is left to do on a database: the folder and the ledger, compared, up to a target.

use super::catalog_effect::refuse;
use super::session_state;
use super::{ApplyError, Options};
use crate::history::{LedgerEntry, Migration, Script, Started, compare};

/// A migration that is left to do, or what is left of it.
#[derive(Debug, Clone)]
pub struct PendingMigration<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// Its statements.
    pub script: Script,
    /// How many of them are done.
    pub done: usize,
    /// The one outside of transactions that was begun and is not known to have ended: the catalog is asked about it
    /// first.
    pub started: Option<Started>,
}

/// What is left to do, oldest first. All files are read before the first one runs.
pub(super) fn pending<'a>(
    migrations: &'a [Migration],
    entries: &[LedgerEntry],
    options: &Options,
) -> Result<Vec<PendingMigration<'a>>, ApplyError> {
    let scripts = migrations.iter().map(script).collect::<Result<Vec<_>, _>>()?;
    let last = options.to.as_deref().map(|to| target(migrations, to)).transpose()?;
    let standing = compare(migrations, entries);
    if !standing.conflicts.is_empty() {
        return Err(ApplyError::Conflicts(standing.conflicts));
    }
    let all = migrations.iter().zip(scripts).take(last.map_or(usize::MAX, |last| last + 1));
    let is_pending = |name: &str| standing.pending.iter().any(|it| it.name == name);
    all.filter(|(migration, _)| is_pending(&migration.name))
        .map(|(migration, script)| {
            // One that was applied before this was refused is none of these, and stays as it is.
            if script.is_unwritten() {
                return Err(ApplyError::Unwritten { file: migration.up_path() });
            }
            // Not of those that have run: they need not go on.
            session_state::refuse(&script)
                .map_err(|source| ApplyError::Script { file: migration.up_path(), source })?;
            let partial = standing.partial.filter(|entry| entry.name == migration.name);
            Ok(PendingMigration {
                migration,
                script,
                done: partial.map_or(0, |it| usize::try_from(it.statements_done).unwrap_or(0)),
                started: partial.and_then(|entry| entry.started.clone()),
            })
        })
        .collect()
}

fn script(migration: &Migration) -> Result<Script, ApplyError> {
    Script::parse(&migration.up)
        .and_then(|script| refuse(&script).map(|()| script))
        .map_err(|source| ApplyError::Script { file: migration.up_path(), source })
}

/// Where the migration stands that is meant: its name, its name without the time, or the beginning of either, where
/// only one has it.
pub(crate) fn target(migrations: &[Migration], given: &str) -> Result<usize, ApplyError> {
    let without_time = |name: &str| name.split_once('_').map_or(name, |(_, rest)| rest).to_owned();
    let rules: [&dyn Fn(&str) -> bool; 4] = [
        &|name| name == given,
        &|name| without_time(name) == given,
        &|name| name.starts_with(given),
        &|name| without_time(name).starts_with(given),
    ];
    for rule in rules {
        let mut found = migrations.iter().enumerate().filter(|(_, it)| rule(&it.name));
        match (found.next(), found.next()) {
            (Some((index, _)), None) => return Ok(index),
            (Some(_), Some(_)) => {
                let found = migrations.iter().filter(|it| rule(&it.name));
                return Err(ApplyError::Target {
                    given: given.to_owned(),
                    found: found.map(|it| it.name.clone()).collect(),
                });
            }
            (None, _) => {}
        }
    }
    Err(ApplyError::Target { given: given.to_owned(), found: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[track_caller]
    fn check(given: &str, expected: Result<usize, usize>) {
        let names = ["20260101T000000_add", "20260102T000000_add_slug", "20270101T000000_drop"];
        let migrations = names.map(|name| Migration {
            name: name.to_owned(),
            path: PathBuf::new(),
            up: String::new(),
            down: None,
            plan: None,
        });
        let found = target(&migrations, given).map_err(|error| match error {
            ApplyError::Target { found, .. } => found.len(),
            other => panic!("{other}"),
        });
        assert_eq!(found, expected, "{given}");
    }

    #[test]
    fn a_target_is_named_by_any_part_that_only_one_has() {
        check("20260101T000000_add", Ok(0));
        check("add", Ok(0));
        check("add_slug", Ok(1));
        check("add_", Ok(1));
        check("2027", Ok(2));
        check("20260102T000000", Ok(1));
        check("d", Ok(2));
    }

    #[test]
    fn a_target_that_none_or_several_have_is_refused() {
        check("2026", Err(2));
        check("a", Err(2));
        check("", Err(3));
        check("slug", Err(0));
    }
}
