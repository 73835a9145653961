//! Foreign keys: what is slow, what cannot work, and what is there twice.

use super::report::{Report, fields, list, named};
use super::types::{LintedType, is_own_table, resolved};
use super::words::words;
use super::{Level, Rule};
use crate::change::ObjectName;
use orm_core::schema::{Action, ForeignKey, Index, IndexKey, Schema, Table};
use orm_core::sql::ident::Ident;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "foreign-key-without-index",
        what: "No index begins with the columns of a foreign key.",
        why: "When a referenced row is deleted or its key changes, the whole referencing table is read for each row; so \
              it is when rows are loaded through the relation.",
        manual: "5.5.5 Foreign Keys",
        level: Level::Default,
        check: without_index,
    },
    Rule {
        name: "foreign-key-type-mismatch",
        what: "A column of a foreign key has another type than the column it references.",
        why: "Values of the one may not fit into the other, and comparing the two may not use the index.",
        manual: "5.5.5 Foreign Keys",
        level: Level::Default,
        check: mismatch,
    },
    Rule {
        name: "on-delete-set-null-but-not-null",
        what: "A foreign key sets a column to NULL that is NOT NULL.",
        why: "Every delete of a referenced row fails.",
        manual: "5.5.5 Foreign Keys",
        level: Level::Default,
        check: set_null,
    },
    Rule {
        name: "set-default-without-default",
        what: "A foreign key sets a column to its default that has none and is NOT NULL.",
        why: "Every delete of a referenced row fails.",
        manual: "5.5.5 Foreign Keys",
        level: Level::Default,
        check: set_default,
    },
    Rule {
        name: "duplicate-foreign-key",
        what: "Two foreign keys have the same columns and reference the same ones.",
        why: "Each row is checked twice, and the two may say different things about deletes.",
        manual: "5.5.5 Foreign Keys",
        level: Level::Default,
        check: duplicate,
    },
];

/// Each foreign key that a table has of its own.
fn each(schema: &Schema) -> impl Iterator<Item = (&Table, &ForeignKey)> {
    let tables = schema.tables.iter().filter(|table| is_own_table(table));
    tables.flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
}

fn place(key: &ForeignKey) -> (&'static str, &str) {
    ("foreign key", named(key.name.as_ref()))
}

fn target(key: &ForeignKey) -> String {
    let schema = key.references_schema.to_string();
    ObjectName { schema, name: key.references_table.to_string() }.to_string()
}

fn without_index(schema: &Schema, report: &mut Report<'_>) {
    for (table, key) in each(schema) {
        let begins = |columns: &[&str]| {
            let first = columns.get(..key.columns.len());
            first.is_some_and(|first| key.columns.iter().all(|name| first.contains(&name.as_ref())))
        };
        let as_strs = |names: &[orm_core::schema::Text]| {
            begins(&names.iter().map(AsRef::as_ref).collect::<Vec<_>>())
        };
        let constraints = table.primary_key.iter().map(|it| &it.columns);
        let mut constraints = constraints.chain(table.uniques.iter().map(|it| &it.columns));
        let serves = |index: &Index| is_usable(index, key) && begins(&leading_columns(index));
        if constraints.any(|columns| as_strs(columns)) || table.indexes.iter().any(serves) {
            continue;
        }
        let name = ObjectName::of(table);
        let says = format!(
            "has no index on {}: each delete in {} reads all of {name}",
            list(&key.columns),
            target(key)
        );
        let fix = match &*key.columns {
            [column] => format!("put `index` on it: `#[column(index)]` at {column}"),
            columns => format!("`#[table(index({}))]`", fields(columns)),
        };
        report.part(table, place(key), says, fix);
    }
}

/// Whether the index can look up every row that has a key.
fn is_usable(index: &Index, key: &ForeignKey) -> bool {
    let by_equality = index.method == "btree" || index.method == "hash";
    // A predicate that only leaves out the rows without a key is implied by every look-up.
    let whole = index.predicate.as_deref().is_none_or(|predicate| {
        words(predicate).iter().all(|word| {
            matches!(word.text.as_str(), "is" | "not" | "null" | "and")
                || key.columns.iter().any(|name| *name == word.text)
        })
    });
    by_equality && whole
}

/// The columns before the first expression.
fn leading_columns(index: &Index) -> Vec<&str> {
    let columns = index.parts.iter().map_while(|part| match &part.key {
        IndexKey::Column(name) => Some(name.as_ref()),
        IndexKey::Expression(_) => None,
    });
    columns.collect()
}

fn mismatch(schema: &Schema, report: &mut Report<'_>) {
    for (table, key) in each(schema) {
        let Some(other) = schema.table(&key.references_schema, &key.references_table) else {
            continue;
        };
        for (from, to) in key.columns.iter().zip(key.references_columns.iter()) {
            let (Some(from), Some(to)) = (table.column(from), other.column(to)) else { continue };
            let types = [from, to].map(|column| resolved(schema, &column.data_type));
            if is_same(&types[0], &types[1]) {
                continue;
            }
            let says = format!(
                "compares {} {} with {} {} of {}",
                Ident(&from.name),
                types[0].name,
                Ident(&to.name),
                types[1].name,
                target(key)
            );
            report.part(table, place(key), says, format!("make both `{}`", types[1].name));
        }
    }
}

/// Text is text, whatever its limit.
fn is_same(a: &LintedType, b: &LintedType) -> bool {
    let class = |kind: &LintedType| match kind.name.as_str() {
        "text" | "character varying" => "text".to_owned(),
        other => other.to_owned(),
    };
    class(a) == class(b) && a.array == b.array
}

fn set_null(schema: &Schema, report: &mut Report<'_>) {
    for (table, key) in each(schema) {
        let says = |action: &str, name: &str| {
            format!("says {action} SET NULL, and {} is NOT NULL", Ident(name))
        };
        let fix = "make the field an `Option`, or choose `cascade` or `restrict`";
        let not_null = |name: &str| table.column(name).is_some_and(|column| !column.nullable);
        if key.on_delete == Action::SetNull
            && let Some(name) = set_on_delete(key).iter().find(|name| not_null(name))
        {
            report.part(table, place(key), says("ON DELETE", name), fix);
        } else if key.on_update == Action::SetNull
            && let Some(name) = key.columns.iter().find(|name| not_null(name))
        {
            report.part(table, place(key), says("ON UPDATE", name), fix);
        }
    }
}

/// The columns that a delete sets.
fn set_on_delete(key: &ForeignKey) -> &[orm_core::schema::Text] {
    if key.on_delete_columns.is_empty() { &key.columns } else { &key.on_delete_columns }
}

fn set_default(schema: &Schema, report: &mut Report<'_>) {
    for (table, key) in each(schema) {
        let without = |name: &str| {
            let column = table.column(name);
            column.is_some_and(|it| !it.nullable && it.default.is_none() && it.identity.is_none())
        };
        let deleted = set_on_delete(key).iter().filter(|_| key.on_delete == Action::SetDefault);
        let updated = key.columns.iter().filter(|_| key.on_update == Action::SetDefault);
        if let Some(name) = deleted.chain(updated).find(|name| without(name)) {
            let says = format!("says SET DEFAULT, and {} is NOT NULL without default", Ident(name));
            report.part(table, place(key), says, "give the column a default, or choose `restrict`");
        }
    }
}

fn duplicate(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for (number, key) in table.foreign_keys.iter().enumerate() {
            let pairs = |key: &ForeignKey| {
                let mut pairs: Vec<_> = key
                    .columns
                    .iter()
                    .cloned()
                    .zip(key.references_columns.iter().cloned())
                    .collect();
                pairs.sort();
                (key.references_schema.clone(), key.references_table.clone(), pairs)
            };
            let mut before = table.foreign_keys.iter().take(number);
            if let Some(other) = before.find(|other| pairs(other) == pairs(key)) {
                let says = format!("says the same as {}", Ident(named(other.name.as_ref())));
                report.part(table, place(key), says, "take one of the two out");
            }
        }
    }
}
