//! What a statement that must run outside of transactions leaves in the catalog: how a run that broke off is told from
//! one that ended, and what has to be cleared away before it can run again.

use super::words::StatementWords;
use crate::history::{Script, ScriptError, Started};
use orm_core::Result;
use orm_core::exec::Connection;

/// What such a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// `CREATE INDEX CONCURRENTLY`.
    CreateIndex { name: String, table: String },
    /// `DROP INDEX CONCURRENTLY`.
    DropIndex { name: String },
    /// `ALTER TABLE .. DETACH PARTITION .. CONCURRENTLY`.
    Detach { parent: String, child: String },
    /// `REINDEX .. CONCURRENTLY`.
    Reindex(Reindexed),
}

/// What is indexed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reindexed {
    /// An index, or all of a table.
    Relation(String),
    /// All of a schema.
    Schema(String),
    /// All of the database.
    Database,
}

/// What the catalog says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EffectState {
    /// There is none.
    Absent,
    /// It is there: a valid index, an attached partition.
    Present(i64),
    /// It was left by a run that broke off: an invalid index, a partition that is being detached.
    Broken(i64),
}

impl EffectState {
    pub(super) fn oid(self) -> Option<i64> {
        match self {
            Self::Absent => None,
            Self::Present(oid) | Self::Broken(oid) => Some(oid),
        }
    }
}

const INDEX: &str = "SELECT i.indexrelid::bigint, i.indisvalid FROM pg_catalog.pg_index i \
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
    WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relname = $2::text::name AND c.relkind = 'i'";

const RELATION: &str = "SELECT pg_catalog.to_regclass($1)::oid::bigint, true \
    WHERE pg_catalog.to_regclass($1) IS NOT NULL";

const PARTITION: &str = "SELECT inhrelid::bigint, NOT inhdetachpending FROM pg_catalog.pg_inherits \
    WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)";

/// The half-made copies of `REINDEX CONCURRENTLY` (manual, `REINDEX`): on a table or the table of an index, on the tables
/// of a schema, or on all, and on what they store out of line.
const COPIES: &str = "SELECT i.indexrelid::bigint, i.indisvalid FROM pg_catalog.pg_index i \
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
    LEFT JOIN pg_catalog.pg_class AS toasted ON toasted.reltoastrelid = i.indrelid \
    JOIN pg_catalog.pg_class AS t ON t.oid = coalesce(toasted.oid, i.indrelid) \
    WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relname ~ '_cc(new|old)[0-9]*$' \
    AND ($1::text IS NULL OR t.oid = pg_catalog.to_regclass($1) OR t.oid = \
    (SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass($1))) \
    AND ($2::text IS NULL OR t.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $2)) \
    ORDER BY 1";

const NAMES: &str = "SELECT pg_catalog.format('%I.%I', s.nspname, c.relname), \
    pg_catalog.format('%I.%I', n.nspname, t.relname), t.relkind = 'r' FROM pg_catalog.pg_index i \
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace \
    JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
    WHERE i.indexrelid = $1::bigint::oid";

const IS_INVALID: &str =
    "SELECT FROM pg_catalog.pg_index WHERE indexrelid = $1::bigint::oid AND NOT indisvalid";

impl Effect {
    /// What the statement does, where it is one of these.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut words = StatementWords::of(text);
        if words.take(&["create", "index", "concurrently"])
            || words.take(&["create", "unique", "index", "concurrently"])
        {
            words.take(&["if", "not", "exists"]);
            let name = words.name()?;
            if !words.take(&["on"]) {
                return None;
            }
            words.take(&["only"]);
            return Some(Self::CreateIndex { name, table: words.qualified()? });
        }
        if words.take(&["drop", "index", "concurrently"]) {
            words.take(&["if", "exists"]);
            return Some(Self::DropIndex { name: words.qualified()? });
        }
        if words.take(&["alter", "table"]) {
            words.take(&["if", "exists"]);
            words.take(&["only"]);
            let parent = words.qualified()?;
            if !words.take(&["detach", "partition"]) {
                return None;
            }
            let child = words.qualified()?;
            return words.take(&["concurrently"]).then_some(Self::Detach { parent, child });
        }
        if words.take(&["reindex"]) {
            let concurrently = words.parentheses("concurrently");
            let one = words.take(&["index"]) || words.take(&["table"]);
            let schema = words.take(&["schema"]);
            let database = words.take(&["database"]) || words.take(&["system"]);
            if !(words.take(&["concurrently"]) || concurrently) {
                return None;
            }
            return match (one, schema, database) {
                (true, ..) => words.qualified().map(Reindexed::Relation),
                (_, true, _) => words.name().map(Reindexed::Schema),
                (.., true) => Some(Reindexed::Database),
                _ => None,
            }
            .map(Self::Reindex);
        }
        None
    }

    /// What is there now.
    pub(super) async fn state(&self, connection: &Connection) -> Result<EffectState> {
        let rows = match self {
            Self::CreateIndex { name, table } => {
                connection.query::<orm_core::exec::DriverRow>(INDEX, &[table, name]).await
            }
            Self::DropIndex { name } => {
                connection.query::<orm_core::exec::DriverRow>(RELATION, &[name]).await
            }
            Self::Detach { parent, child } => {
                connection.query::<orm_core::exec::DriverRow>(PARTITION, &[parent, child]).await
            }
            Self::Reindex(what) => {
                let (relation, schema) = match what {
                    Reindexed::Relation(name) => (Some(name), None),
                    Reindexed::Schema(name) => (None, Some(name)),
                    Reindexed::Database => (None, None),
                };
                connection.query::<orm_core::exec::DriverRow>(COPIES, &[&relation, &schema]).await
            }
        }?;
        Ok(match rows.first().and_then(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?))) {
            None => EffectState::Absent,
            Some((oid, true)) => EffectState::Present(oid),
            Some((oid, false)) => EffectState::Broken(oid),
        })
    }

    /// Whether the run that was recorded as begun has come to its end: what it makes is there and was not, or what it
    /// takes away was there and is not.
    pub(super) fn is_done(&self, started: &Started, now: EffectState) -> bool {
        match self {
            Self::CreateIndex { .. } => {
                matches!(now, EffectState::Present(oid) if started.found != Some(oid))
            }
            // Another index of that name, in a schema later on the path, is not the one that was meant.
            Self::DropIndex { .. } => started.found.is_some() && now.oid() != started.found,
            Self::Detach { .. } => started.found.is_some() && now == EffectState::Absent,
            // Nothing shows that it ran: once more does no harm.
            Self::Reindex(_) => false,
        }
    }

    /// What runs in place of the statement to bring to its end what broke off.
    pub(super) fn finish(&self) -> Option<String> {
        match self {
            Self::Detach { parent, child } => {
                Some(format!("ALTER TABLE {parent} DETACH PARTITION {child} FINALIZE"))
            }
            _ => None,
        }
    }

    /// Whether what is broken has to be dropped before the statement can run.
    pub(super) fn leaves_invalid_indexes(&self) -> bool {
        matches!(self, Self::CreateIndex { .. } | Self::Reindex(_))
    }
}

/// Whether the next run finds out by itself whether a statement that was begun has ended, or need not know.
pub(crate) fn can_ask(text: &str) -> bool {
    Effect::of(text).is_some() || is_repeatable(text)
}

/// Whether a statement without an [`Effect`] may run once more though it may have come to its end: it only tidies up,
/// or sets what it sets.
pub(super) fn is_repeatable(text: &str) -> bool {
    let mut words = StatementWords::of(text);
    ["vacuum", "analyze", "analyse", "cluster", "checkpoint", "reindex"]
        .iter()
        .any(|word| words.take(&[word]))
        || words.take(&["alter", "system"])
}

/// What `apply` could not go on after: an index without a name of its own could not be found again.
pub(super) fn refuse(script: &Script) -> Result<(), ScriptError> {
    for statement in script.statements() {
        let mut words = StatementWords::of(&statement.text);
        let message = if words.take(&["create", "index", "concurrently", "on"])
            || words.take(&["create", "unique", "index", "concurrently", "on"])
        {
            "an index that is created CONCURRENTLY needs a name: without one, a run that broke off could not tell \
             whether it was made"
        } else if words.take(&["discard", "all"]) {
            "DISCARD ALL gives up the lock that keeps others from applying at the same time: use RESET ALL"
        } else if words.take(&["select"])
            && words.qualified().is_some_and(|it| it.ends_with("\"pg_advisory_unlock_all\""))
        {
            "pg_advisory_unlock_all() gives up the lock that keeps others from applying at the same time: give up \
             your own locks by their keys"
        } else {
            continue;
        };
        return Err(ScriptError { line: statement.line, message: message.to_owned() });
    }
    Ok(())
}

/// Drops an invalid index; gives its name, or none where it is gone or valid by now.
///
/// Another session may be building it: the table's lock is asked for first, which every builder holds until it is
/// done. That session is waited for, or `lock_timeout` ends the wait.
pub(super) async fn drop_invalid(
    connection: &mut Connection,
    index: i64,
) -> Result<Option<String>> {
    let rows = connection.query::<orm_core::exec::DriverRow>(NAMES, &[&index]).await?;
    let names = rows
        .first()
        .and_then(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?, row.try_get(2).ok()?)));
    let Some((name, table, is_table)): Option<(String, String, bool)> = names else {
        return Ok(None);
    };
    let tx = connection.begin().await?;
    // Materialized views cannot be locked by hand.
    if is_table {
        tx.batch_execute(&format!("LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE")).await?;
    }
    let is_invalid =
        !tx.query::<orm_core::exec::DriverRow>(IS_INVALID, &[&index]).await?.is_empty();
    tx.commit().await?;
    if !is_invalid {
        return Ok(None);
    }
    connection.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Effect>) {
        assert_eq!(Effect::of(text), expected, "{text}");
    }

    fn index(name: &str, table: &str) -> Option<Effect> {
        Some(Effect::CreateIndex { name: name.to_owned(), table: table.to_owned() })
    }

    #[test]
    fn statements_that_cannot_be_taken_back_are_recognised() {
        check("CREATE INDEX CONCURRENTLY i ON a (b)", index("i", "\"a\""));
        check(
            "create unique index concurrently if not exists \"I\" on only s.\"A b\" using btree (b)",
            index("I", "\"s\".\"A b\""),
        );
        check("CREATE INDEX i ON a (b)", None);
        check(
            "DROP INDEX CONCURRENTLY IF EXISTS s.i RESTRICT",
            Some(Effect::DropIndex { name: "\"s\".\"i\"".to_owned() }),
        );
        let (parent, child) = ("\"p\"".to_owned(), "\"s\".\"c\"".to_owned());
        check(
            "ALTER TABLE p DETACH PARTITION s.c CONCURRENTLY",
            Some(Effect::Detach { parent, child }),
        );
        check("ALTER TABLE p DETACH PARTITION c", None);
        let reindex = |name: &str| Some(Effect::Reindex(Reindexed::Relation(name.to_owned())));
        check("REINDEX TABLE CONCURRENTLY t", reindex("\"t\""));
        check("REINDEX (VERBOSE, CONCURRENTLY) INDEX i", reindex("\"i\""));
        check(
            "REINDEX SCHEMA CONCURRENTLY s",
            Some(Effect::Reindex(Reindexed::Schema("s".to_owned()))),
        );
        check("REINDEX (CONCURRENTLY) DATABASE d", Some(Effect::Reindex(Reindexed::Database)));
        check("REINDEX DATABASE d", None);
    }

    #[test]
    fn only_what_was_begun_counts_as_done() {
        let started =
            |found| Started { statement: 1, text: "CREATE INDEX CONCURRENTLY i".to_owned(), found };
        let create = index("i", "\"a\"").expect("an effect");
        assert!(create.is_done(&started(None), EffectState::Present(7)));
        assert!(!create.is_done(&started(Some(7)), EffectState::Present(7)));
        assert!(!create.is_done(&started(None), EffectState::Broken(7)));
        let drop = Effect::DropIndex { name: "i".to_owned() };
        assert!(drop.is_done(&started(Some(7)), EffectState::Absent));
        assert!(drop.is_done(&started(Some(7)), EffectState::Present(8)));
        assert!(!drop.is_done(&started(None), EffectState::Absent));
    }

    #[test]
    fn what_could_not_be_gone_on_after_is_refused() {
        let script = Script::parse("\nCREATE INDEX CONCURRENTLY ON a (b)").expect("a script");
        let error = refuse(&script).expect_err("refused");
        assert!(error.line == 2 && error.message.contains("needs a name"), "{error}");
        let script = Script::parse("SELECT 1;\nDISCARD ALL").expect("a script");
        assert_eq!(refuse(&script).expect_err("refused").line, 2);
        let script = Script::parse("SELECT pg_catalog.pg_advisory_unlock_all()").expect("a script");
        assert_eq!(refuse(&script).expect_err("refused").line, 1);
    }

    #[test]
    fn what_only_tidies_up_may_run_once_more() {
        assert!(is_repeatable("VACUUM (ANALYZE) a") && is_repeatable("reindex schema s"));
        assert!(!is_repeatable("CALL a()") && !is_repeatable("CREATE DATABASE a"));
    }
}
