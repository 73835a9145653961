//! Primary keys: none, of unbounded size, or with an end in sight.

use super::report::{Report, fields};
use super::types::{LintedType, is_integer, is_own_table, is_text};
use super::words::{mentions, words};
use super::{Level, Rule};
use orm_core::schema::{Column, Schema, Table};
use orm_core::sql::ident::Ident;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "table-without-primary-key",
        what: "A table has no primary key.",
        why: "Two equal rows cannot be told apart, nobody can reference one, and logical replication refuses to update \
              or delete them.",
        manual: "5.5.4 Primary Keys; 29.1.1 Replica Identity",
        level: Level::Default,
        check: missing,
    },
    Rule {
        name: "unbounded-text-primary-key",
        what: "A text column of the primary key may be of any length.",
        why: "An index entry holds at most about 2,700 bytes, so that a longer value fails at run time, and the key is \
              repeated in every table that references it.",
        manual: "8.3 Character Types; 65.1 B-Tree Indexes",
        level: Level::Default,
        check: unbounded,
    },
    Rule {
        name: "integer-primary-key-may-overflow",
        what: "A primary key that counts up is an `integer` or `smallint`.",
        why: "After 2,147,483,647 rows, also rolled back ones, every insert fails, and to widen the key rewrites the \
              table and all that reference it.",
        manual: "8.1.1 Integer Types",
        level: Level::Default,
        check: overflow,
    },
    Rule {
        name: "random-uuid-primary-key",
        what: "A primary key is a random UUID.",
        why: "Each insert goes to another page of the index, which then fits less well into memory; a UUID of version 7 \
              begins with the time.",
        manual: "9.14 UUID Functions",
        level: Level::Pedantic,
        check: random,
    },
];

fn missing(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        if table.primary_key.is_none() {
            let fix = "put `#[column(primary_key)]` on the column that names a row, or `#[table(primary_key(a, b))]`";
            report.table(table, "has no primary key", fix);
        }
    }
}

/// The columns of a table's primary key.
fn key(table: &Table) -> impl Iterator<Item = &Column> {
    let columns = table.primary_key.iter().flat_map(|key| key.columns.iter());
    columns.filter_map(|name| table.column(name))
}

fn unbounded(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for column in key(table) {
            let kind = LintedType::of(&column.data_type);
            // A column that references another table is as long as that one's key.
            let references =
                table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
            if is_text(&kind)
                && kind.modifier.is_none()
                && !references
                && !is_bounded(table, column)
            {
                let name = &column.name;
                report.column(
                    table,
                    name,
                    "is part of the primary key, and its text may be of any length",
                    format!(
                        "bound it: `#[table(check(\"char_length({}) <= 64\"))]`, or `data_type = \"varchar(64)\"`",
                        Ident(name).to_string().replace('"', "\\\"")
                    ),
                );
            }
        }
    }
}

/// Whether a check says how long a value may be, or lists the values.
fn is_bounded(table: &Table, column: &Column) -> bool {
    table.checks.iter().any(|check| {
        let bounds = |word: &super::words::LintWord| {
            matches!(word.text.as_str(), "in" | "any" | "array" | "similar")
                || (word.called && word.text.ends_with("length"))
        };
        mentions(&check.expression, &column.name)
            && (words(&check.expression).iter().any(bounds) || check.expression.contains('~'))
    })
}

fn overflow(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        let Some(key) = &table.primary_key else { continue };
        let [name] = &*key.columns else { continue };
        let Some(column) = table.column(name) else { continue };
        let kind = LintedType::of(&column.data_type);
        let is_small = is_integer(&kind) && kind.name != "bigint";
        let counts = column.identity.is_some()
            || kind.serial
            || column.default.as_deref().is_some_and(|default| mentions(default, "nextval"));
        if is_small && counts {
            let says = format!("counts up, and {} ends at {}", kind.name, largest(&kind.name));
            report.column(table, name, says, "make the field an `i64`, whose column is `bigint`");
        }
    }
}

fn largest(integer: &str) -> &'static str {
    if integer == "smallint" { "32,767" } else { "2,147,483,647" }
}

fn random(schema: &Schema, report: &mut Report<'_>) {
    for table in &schema.tables {
        let columns: Vec<&Column> = key(table).collect();
        let [column] = columns.as_slice() else { continue };
        let makes_random = |default: &str| {
            words(default).iter().any(|word| {
                matches!(word.text.as_str(), "gen_random_uuid" | "uuid_generate_v4" | "uuidv4")
            })
        };
        if column.default.as_deref().is_some_and(makes_random) {
            let says = "is a primary key that is random: inserts are spread over its whole index";
            let fix = format!(
                "`default = sql(\"uuidv7()\")` on {} (PostgreSQL 18), or make it in the application",
                fields(&[&column.name])
            );
            report.column(table, &column.name, says, fix);
        }
    }
}
