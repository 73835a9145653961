//! Indexes that cost every write and serve no query.

use super::report::{Report, list, named};
use super::types::{LintedType, is_own_table};
use super::{Level, Rule};
use orm_core::schema::{
    Deferrable, Index, IndexKey, IndexPart, NullsOrder, Schema, SortOrder, Table, Text,
};
use orm_core::sql::ident::Ident;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "duplicate-index",
        what: "An index has the same key as another index, a unique constraint or the primary key.",
        why: "The one that is there already serves every query; the second costs time at every write, and space.",
        manual: "11.1 Introduction to Indexes; 5.5.3 Unique Constraints",
        level: Level::Default,
        check: duplicate,
    },
    Rule {
        name: "redundant-index",
        what: "The key of a btree index is the beginning of another one's key.",
        why: "The longer index finds the same rows in the same order.",
        manual: "11.3 Multicolumn Indexes",
        level: Level::Default,
        check: redundant,
    },
    Rule {
        name: "index-on-boolean",
        what: "An index has nothing but a boolean column in its key.",
        why: "It has two or three distinct keys, so that reading the table is mostly faster; a partial index holds only \
              the rows that are looked for.",
        manual: "11.8 Partial Indexes",
        level: Level::Default,
        check: boolean,
    },
    Rule {
        name: "btree-index-on-document",
        what: "A btree index has a json document, an array or a text search vector in its key.",
        why: "It only serves equality with the whole value, and a value of more than about 2,700 bytes cannot be \
              inserted.",
        manual: "8.14.4 jsonb Indexing; 11.2 Index Types",
        level: Level::Default,
        check: document,
    },
];

/// Whatever has an index: a key, and what it is called.
struct Keyed<'a> {
    kind: &'static str,
    name: &'a str,
    method: &'a str,
    unique: bool,
    nulls_not_distinct: bool,
    deferrable: Deferrable,
    parts: Vec<IndexPart>,
    include: Vec<&'a str>,
    predicate: Option<&'a str>,
}

/// The indexes of a table, first those that stand for a constraint, last those that only serve queries.
fn keyed(table: &Table) -> Vec<Keyed<'_>> {
    let of_columns = |columns: &[Text]| -> Vec<IndexPart> {
        let part = |name: &Text| IndexPart {
            key: IndexKey::Column(name.clone()),
            ..IndexPart::column("")
        };
        columns.iter().map(part).collect()
    };
    let primary = table.primary_key.iter().map(|key| Keyed {
        kind: "primary key",
        name: named(key.name.as_ref()),
        method: "btree",
        unique: true,
        nulls_not_distinct: false,
        deferrable: key.deferrable,
        parts: of_columns(&key.columns),
        include: key.include.iter().map(AsRef::as_ref).collect(),
        predicate: None,
    });
    let uniques = table.uniques.iter().map(|unique| Keyed {
        kind: "unique constraint",
        name: named(unique.name.as_ref()),
        method: "btree",
        unique: true,
        nulls_not_distinct: unique.nulls_not_distinct,
        deferrable: unique.deferrable,
        parts: of_columns(&unique.columns),
        include: unique.include.iter().map(AsRef::as_ref).collect(),
        predicate: None,
    });
    let mut indexes: Vec<&Index> = table.indexes.iter().collect();
    indexes.sort_by_key(|index| !index.unique);
    let indexes = indexes.into_iter().map(|index| Keyed {
        kind: "index",
        name: named(index.name.as_ref()),
        method: &index.method,
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        deferrable: Deferrable::No,
        parts: if index.method == "btree" {
            in_one_direction(&index.parts)
        } else {
            index.parts.to_vec()
        },
        include: index.include.iter().map(AsRef::as_ref).collect(),
        predicate: index.predicate.as_deref(),
    });
    let mut all: Vec<Keyed<'_>> = primary.chain(uniques).chain(indexes).collect();
    all.iter_mut().for_each(|it| it.include.sort_unstable());
    all
}

/// A btree is read in both directions: turned so that its first part ascends.
fn in_one_direction(parts: &[IndexPart]) -> Vec<IndexPart> {
    let mut parts = parts.to_vec();
    if parts.first().is_some_and(|part| part.order == SortOrder::Descending) {
        for part in &mut parts {
            part.order = match part.order {
                SortOrder::Ascending => SortOrder::Descending,
                SortOrder::Descending => SortOrder::Ascending,
            };
            part.nulls = match part.nulls {
                NullsOrder::First => NullsOrder::Last,
                NullsOrder::Last => NullsOrder::First,
            };
        }
    }
    parts
}

/// Whether all that `it` does is done by `other`, which has the same key.
fn is_done_by(it: &Keyed<'_>, other: &Keyed<'_>) -> bool {
    let same_key = it.method == other.method
        && it.parts == other.parts
        && it.predicate == other.predicate
        && it.include == other.include;
    let same_nulls =
        it.nulls_not_distinct == other.nulls_not_distinct || other.kind == "primary key";
    let as_strict = !it.unique
        || (other.unique
            && same_nulls
            && (it.deferrable == other.deferrable || other.deferrable == Deferrable::No));
    same_key && as_strict
}

fn duplicate(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        let all = keyed(table);
        for (number, it) in all.iter().enumerate() {
            if let Some(other) = all.iter().take(number).find(|other| is_done_by(it, other)) {
                let says = format!("has the same key as {} {}", other.kind, Ident(other.name));
                report.part(table, (it.kind, it.name), says, "take it out");
            }
        }
    }
}

fn redundant(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        let all = keyed(table);
        let plain =
            all.iter().filter(|it| it.kind == "index" && !it.unique && it.method == "btree");
        for it in plain {
            let begins = |other: &&Keyed<'_>| {
                let has = |name: &&str| {
                    let in_key =
                        |part: &IndexPart| matches!(&part.key, IndexKey::Column(it) if it == name);
                    other.include.contains(name) || other.parts.iter().any(in_key)
                };
                other.method == "btree"
                    && other.predicate == it.predicate
                    && other.parts.len() > it.parts.len()
                    && other.parts.starts_with(&it.parts)
                    && it.include.iter().all(has)
            };
            if let Some(other) = all.iter().find(begins) {
                let says =
                    format!("is the beginning of the key of {} {}", other.kind, Ident(other.name));
                let fix =
                    "take it out, unless the longer one is much larger and this one is used a lot";
                report.part(table, (it.kind, it.name), says, fix);
            }
        }
    }
}

/// The type of a part that is a column.
fn type_of(table: &Table, part: &IndexPart) -> Option<LintedType> {
    match &part.key {
        IndexKey::Column(name) => {
            table.column(name).map(|column| LintedType::of(&column.data_type))
        }
        IndexKey::Expression(_) => None,
    }
}

fn boolean(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for index in table.indexes.iter().filter(|it| !it.unique && it.predicate.is_none()) {
            let kinds: Option<Vec<LintedType>> =
                index.parts.iter().map(|part| type_of(table, part)).collect();
            let is_boolean = |kinds: &Vec<LintedType>| {
                !kinds.is_empty() && kinds.iter().all(|kind| kind.name == "boolean" && !kind.array)
            };
            if kinds.as_ref().is_some_and(is_boolean) {
                let columns: Vec<&str> = index.parts.iter().filter_map(column_name).collect();
                let says =
                    format!("has nothing but {} in its key, which is boolean", list(&columns));
                let fix = "take it out, or make it a partial index on the column that is sorted or looked for: `WHERE NOT done`";
                report.part(table, ("index", named(index.name.as_ref())), says, fix);
            }
        }
    }
}

fn column_name(part: &IndexPart) -> Option<&str> {
    match &part.key {
        IndexKey::Column(name) => Some(name),
        IndexKey::Expression(_) => None,
    }
}

fn document(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for index in table.indexes.iter().filter(|it| it.method == "btree" && !it.unique) {
            let found = index.parts.iter().find_map(|part| {
                let kind = type_of(table, part)?;
                let is_document =
                    kind.array || matches!(kind.name.as_str(), "json" | "jsonb" | "tsvector");
                column_name(part).filter(|_| is_document).map(|name| (name, kind))
            });
            if let Some((name, kind)) = found {
                let says = format!("is a btree of {}, which is {}", Ident(name), kind.said());
                let fix =
                    "use `gin`, or index the member that queries compare: `((data ->> 'key'))`";
                report.part(table, ("index", named(index.name.as_ref())), says, fix);
            }
        }
    }
}
