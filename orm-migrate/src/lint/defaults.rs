//! Defaults and checks that do not mean what they seem to mean.

use super::report::{Report, named};
use super::types::{LintedType, is_own_table, is_text};
use super::words::{LintWord, words};
use super::{Level, Rule};
use orm_core::schema::{Column, Schema, Table};
use orm_core::sql::ident::Ident;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "default-time-is-constant",
        what: "A default is written `'now'` or `'today'`, in quotes.",
        why: "The string becomes a time when the table is made, and every later row gets that one.",
        manual: "8.5.1.4 Special Values; 9.9.5 Current Date/Time",
        level: Level::Default,
        check: constant_time,
    },
    Rule {
        name: "uuid-stored-as-text",
        what: "A text column has a UUID as its default.",
        why: "The text takes 37 bytes instead of 16, in the table and in every index, and any other text is taken too.",
        manual: "8.12 UUID Type",
        level: Level::Default,
        check: uuid_as_text,
    },
    Rule {
        name: "check-not-immutable",
        what: "A check depends on the time, the user, a setting or chance.",
        why: "PostgreSQL checks a row when it is written and believes the result for ever: a dump of rows that were fine \
              may not be restored.",
        manual: "5.5.1 Check Constraints",
        level: Level::Default,
        check: not_immutable,
    },
    Rule {
        name: "check-instead-of-not-null",
        what: "A check says nothing but that a column is not NULL.",
        why: "NOT NULL is faster, the planner knows it, and a client sees it.",
        manual: "5.5.2 Not-Null Constraints",
        level: Level::Default,
        check: not_null,
    },
    Rule {
        name: "not-valid-constraint",
        what: "A constraint is NOT VALID.",
        why: "Rows that were there before were never checked, and the planner may not rely on it.",
        manual: "ALTER TABLE, ADD table_constraint [ NOT VALID ]",
        level: Level::Default,
        check: not_valid,
    },
];

fn each_column(schema: &Schema) -> impl Iterator<Item = (&Table, &Column)> {
    let tables = schema.tables.iter().filter(|table| is_own_table(table));
    tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)))
}

fn constant_time(schema: &Schema, report: &mut Report<'_>) {
    for (table, column) in each_column(schema) {
        let kind = LintedType::of(&column.data_type).name;
        let is_time = kind == "date" || kind.starts_with("time");
        let Some(default) = column.default.as_deref().filter(|_| is_time) else { continue };
        let quoted = default.trim().strip_prefix('\'').and_then(|rest| rest.split_once('\''));
        let Some((text, cast)) = quoted else { continue };
        let text = text.trim().to_ascii_lowercase();
        // `'now'::text` is read as a time only when the row is inserted.
        let is_early = !cast.trim_start().starts_with("::text");
        if is_early && matches!(text.as_str(), "now" | "today" | "tomorrow" | "yesterday") {
            let says = format!("has the default {default}, which is the time the table was made");
            report.column(
                table,
                &column.name,
                says,
                "`default = now()`, or `sql(\"CURRENT_DATE\")`",
            );
        }
    }
}

fn uuid_as_text(schema: &Schema, report: &mut Report<'_>) {
    for (table, column) in each_column(schema) {
        let makes_uuid = |word: &LintWord| {
            word.text == "gen_random_uuid"
                || word.text.starts_with("uuid_generate_v")
                || word.text.starts_with("uuidv")
        };
        let default = column.default.as_deref().unwrap_or_default();
        if is_text(&LintedType::of(&column.data_type)) && words(default).iter().any(makes_uuid) {
            let fix = "make the field a `Uuid`, whose column is `uuid`";
            report.column(table, &column.name, "holds a UUID as text", fix);
        }
    }
}

/// What gives another value at another time, to another user or by chance.
const CHANGING: &[&str] = &[
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "random",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "nextval",
    "currval",
    "lastval",
    "current_setting",
    "txid_current",
    "pg_backend_pid",
];

/// The same, written without parentheses.
const CHANGING_WORDS: &[&str] = &[
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "current_role",
];

fn not_immutable(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for check in table.checks.iter() {
            let words = words(&check.expression);
            let changes = |word: &&LintWord| {
                CHANGING_WORDS.contains(&word.text.as_str())
                    || (word.called && CHANGING.contains(&word.text.as_str()))
            };
            if let Some(word) = words.iter().find(changes) {
                let says =
                    format!("depends on {}, which changes after the row was checked", word.text);
                let fix = "check it in a trigger or in the application, or store the value it is compared with";
                report.part(table, ("check", named(check.name.as_ref())), says, fix);
            }
        }
    }
}

fn not_null(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for check in table.checks.iter() {
            let words = words(&check.expression);
            let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            let [column, "is", "not", "null"] = texts.as_slice() else { continue };
            if table.column(column).is_some() {
                let says = format!("says only that {} is not NULL", Ident(column));
                let fix =
                    "take the check out and make the column NOT NULL: a field without `Option`";
                report.part(table, ("check", named(check.name.as_ref())), says, fix);
            }
        }
    }
}

fn not_valid(schema: &Schema, report: &mut Report<'_>) {
    for table in &schema.tables {
        let checks = table.checks.iter().filter(|it| it.not_valid).map(|it| ("check", &it.name));
        let keys = table.foreign_keys.iter().filter(|it| it.not_valid);
        for (kind, name) in checks.chain(keys.map(|it| ("foreign key", &it.name))) {
            let says = "is NOT VALID: rows from before were never checked";
            report.part(
                table,
                (kind, named(name.as_ref())),
                says,
                "let it be valid: `diff` writes the VALIDATE",
            );
        }
    }
}
