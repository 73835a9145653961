//! Unique keys: over columns that may be NULL, or already implied by a smaller one.

use super::report::{Report, fields, list, named};
use super::types::is_own_table;
use super::words::words;
use super::{Level, Rule};
use orm_core::schema::{Index, IndexKey, Schema, Table};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "nullable-unique",
        what: "A unique key of several columns has one that may be NULL, and NULLs are distinct.",
        why: "Two rows that agree in all other columns are both taken when that one is NULL.",
        manual: "5.5.3 Unique Constraints",
        level: Level::Pedantic,
        check: nullable,
    },
    Rule {
        name: "unique-implied-by-another",
        what: "The columns of a unique key contain all columns of another one.",
        why: "The smaller key makes the larger one unique already; its index costs every write, unless a foreign key \
              needs it.",
        manual: "5.5.3 Unique Constraints",
        level: Level::Default,
        check: implied,
    },
];

/// A key that is unique over all rows.
struct UniqueKey<'a> {
    kind: &'static str,
    name: &'a str,
    columns: Vec<&'a str>,
    nulls_not_distinct: bool,
    is_primary: bool,
}

fn keys(table: &Table) -> Vec<UniqueKey<'_>> {
    let mut keys = Vec::new();
    if let Some(key) = &table.primary_key {
        keys.push(UniqueKey {
            kind: "primary key",
            name: named(key.name.as_ref()),
            columns: key.columns.iter().map(AsRef::as_ref).collect(),
            nulls_not_distinct: true,
            is_primary: true,
        });
    }
    for unique in table.uniques.iter() {
        keys.push(UniqueKey {
            kind: "unique constraint",
            name: named(unique.name.as_ref()),
            columns: unique.columns.iter().map(AsRef::as_ref).collect(),
            nulls_not_distinct: unique.nulls_not_distinct,
            is_primary: false,
        });
    }
    for index in table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()) {
        let Some(columns) = plain_columns(index) else { continue };
        keys.push(UniqueKey {
            kind: "index",
            name: named(index.name.as_ref()),
            columns,
            nulls_not_distinct: index.nulls_not_distinct,
            is_primary: false,
        });
    }
    keys
}

/// The columns of an index without expressions.
fn plain_columns(index: &Index) -> Option<Vec<&str>> {
    index
        .parts
        .iter()
        .map(|part| match &part.key {
            IndexKey::Column(name) => Some(name.as_ref()),
            IndexKey::Expression(_) => None,
        })
        .collect()
}

fn nullable(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for key in keys(table) {
            let may_be_null =
                |name: &&str| table.column(name).is_some_and(|column| column.nullable);
            let (nullable, rest): (Vec<&str>, Vec<&str>) =
                key.columns.iter().partition(|name| may_be_null(name));
            // Where all may be NULL, the key as a whole is optional: that is what an author means.
            if key.nulls_not_distinct || nullable.is_empty() || rest.is_empty() {
                continue;
            }
            // The classic second half: unique among the rows where it is NULL.
            let halved = table.indexes.iter().any(|index| {
                index.unique
                    && index.predicate.as_deref().is_some_and(|predicate| {
                        let words = words(predicate);
                        words.iter().any(|word| word.text == "null")
                            && nullable
                                .iter()
                                .all(|name| words.iter().any(|word| word.text == *name))
                    })
            });
            if !halved {
                let says = format!(
                    "does not hold for rows whose {} is NULL: NULLs are distinct",
                    list(&nullable)
                );
                let fix = "`NULLS NOT DISTINCT` (PostgreSQL 15), or a column that is NOT NULL";
                report.part(table, (key.kind, key.name), says, fix);
            }
        }
    }
}

fn implied(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        let keys = keys(table);
        for key in keys.iter().filter(|key| !key.is_primary) {
            let smaller = keys.iter().find(|other| {
                let not_null = |name: &str| table.column(name).is_some_and(|it| !it.nullable);
                let holds = other.nulls_not_distinct || other.columns.iter().all(|it| not_null(it));
                holds
                    && other.columns.len() < key.columns.len()
                    && other.columns.iter().all(|name| key.columns.contains(name))
            });
            let Some(smaller) = smaller else { continue };
            if !is_referenced(schema, table, &key.columns) {
                let says = format!(
                    "is implied: {} {} is unique already",
                    smaller.kind,
                    list(&smaller.columns)
                );
                let fix = format!(
                    "take it out; where queries read {} together, a plain `index` says so",
                    fields(&key.columns)
                );
                report.part(table, (key.kind, key.name), says, fix);
            }
        }
    }
}

/// Whether a foreign key needs just these columns to be unique.
fn is_referenced(schema: &Schema, table: &Table, columns: &[&str]) -> bool {
    let keys = schema.tables.iter().flat_map(|table| table.foreign_keys.iter());
    keys.into_iter().any(|key| {
        key.references_schema == table.schema
            && key.references_table == table.name
            && key.references_columns.len() == columns.len()
            && key.references_columns.iter().all(|name| columns.contains(&name.as_ref()))
    })
}
