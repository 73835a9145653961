//! A query with relations as the levels of its tree, in one statement:
//!
//! ```sql
//! WITH "0 user" (..) AS (SELECT .. FROM "user" ..),
//!      "1 sessions" (..) AS (SELECT .. FROM "session" WHERE "user_id" = ANY(ARRAY(SELECT .. FROM "0 user")) ..)
//! SELECT 0, .. FROM "0 user" UNION ALL SELECT 1, .. FROM "1 sessions"
//! ```
//!
//! Facts from measurements: rows are sent as they are, where an array of records takes two to three times the time of the server and
//! 600 MB for 100,000 rows. `= ANY(ARRAY(SELECT ..))` uses an index, and the plan is the same for all values: PostgreSQL keeps it.
//! Without an index it compares each row with each key, and `IN (SELECT ..)` is a hash join. A scan of a common table expression is
//! never part of a parallel plan, so the levels come in their order, and the rows of each in its own.

mod columns;

use super::Rendered;
use super::writer::Writer;
use crate::query::Loading;
use crate::query::node::{Cardinality, Distinct, From, NestedSelect, Node, Output, Select};
use crate::schema::{IndexKey, Table};
use crate::types::levels::LevelPlan;
use columns::{Level, Slots, levels};

/// Whether a relation of the query can be a level.
pub(crate) fn has_levels(select: &Select) -> bool {
    let is_level =
        |output: &Output| matches!(output, Output::Relation(nested) if is_level(select, nested));
    select.loading != Loading::Correlated && is_plain(select) && select.outputs.iter().any(is_level)
}

/// The statement, and what its columns are to each level; none where no relation of the query can be a level.
pub(crate) fn render(select: &Select) -> Option<(Rendered<'_>, LevelPlan)> {
    if !has_levels(select) {
        return None;
    }
    let levels = levels(select);
    let slots = Slots::of(&levels);
    let mut writer = Writer::new();
    writer.levels(&levels, &slots);
    if writer.ctes_found() > 0 {
        return None;
    }
    if let Some(comment) = &select.comment {
        writer.comment(comment);
    }
    Some((writer.finish(), slots.plan(&levels)))
}

/// Whether each row of a select is one of its sources, so that another column of them adds none.
fn is_plain(select: &Select) -> bool {
    select.set.is_none()
        && select.from.is_some()
        && select.with.is_empty()
        && select.group.is_empty()
        && select.having.is_empty()
        && select.locks.is_empty()
        && matches!(select.distinct, Distinct::No)
        // A position is one of the list, which has other columns here.
        && !select.order.iter().any(|key| matches!(key.node, Node::Position(_)))
}

/// Whether the rows of a relation can be a level: they are found by values that are equal as bytes.
fn is_level(parent: &Select, nested: &NestedSelect) -> bool {
    let limited = nested.select.limit.is_some() || nested.select.offset.is_some();
    let one_of_many = limited && nested.cardinality == Cardinality::One;
    if !is_plain(&nested.select) || nested.select.with_ties || one_of_many {
        return false;
    }
    let (Some(of_parent), Some(of_child)) =
        (table_of(parent, nested.parent), table_of(&nested.select, nested.child))
    else {
        return false;
    };
    nested.keys.iter().all(|(parent, child)| {
        let kind = |table: &Table, column: &str| {
            let column = table.column(column).filter(|column| column.collation.is_none())?;
            KeyType::of(&column.data_type)
        };
        kind(of_parent, parent).is_some_and(|parent| Some(parent) == kind(of_child, child))
    })
}

/// The table that a source is.
fn table_of(select: &Select, source: &str) -> Option<&'static Table> {
    let joined = select.joins.iter().map(|join| &join.source);
    let item = select.from.iter().chain(joined).find(|item| item.name == source)?;
    match item.from {
        From::Table(table) | From::Sample(table, ..) | From::Keys(_, table) => Some(table),
        _ => None,
    }
}

/// A type whose values are equal where their bytes are, and not else.
#[derive(PartialEq, Eq)]
enum KeyType {
    Integer,
    Text,
    Other(&'static str),
}

impl KeyType {
    fn of(data_type: &str) -> Option<Self> {
        let name = data_type.split('(').next().unwrap_or_default().trim();
        Some(match name {
            "smallint" | "integer" | "bigint" | "int2" | "int4" | "int8" | "int" => Self::Integer,
            "text" | "varchar" | "character varying" => Self::Text,
            "uuid" => Self::Other("uuid"),
            "boolean" | "bool" => Self::Other("boolean"),
            "date" => Self::Other("date"),
            "bytea" => Self::Other("bytea"),
            "oid" => Self::Other("oid"),
            "timestamptz" | "timestamp with time zone" => Self::Other("timestamptz"),
            "timestamp" | "timestamp without time zone" => Self::Other("timestamp"),
            _ => return None,
        })
    }
}

/// Whether an index that is declared finds rows by these columns, and by others that have one value.
fn is_indexed(table: &Table, keys: &[&str], fixed: &[&'static str]) -> bool {
    let begins = |columns: &mut dyn Iterator<Item = &str>| {
        let found: Vec<&str> =
            columns.filter(|column| !fixed.contains(column)).take(keys.len()).collect();
        found.len() == keys.len() && keys.iter().all(|key| found.contains(key))
    };
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let uniques = table.uniques.iter().map(|unique| &unique.columns);
    primary.chain(uniques).any(|columns| begins(&mut columns.iter().map(|column| &**column)))
        || table.indexes.iter().any(|index| {
            // Others find pages, or are of other operators than `=`.
            let finds_rows =
                index.predicate.is_none() && matches!(&*index.method, "btree" | "hash");
            let columns = index.parts.iter().map_while(|part| match &part.key {
                IndexKey::Column(column) => Some(&**column),
                IndexKey::Expression(_) => None,
            });
            finds_rows && begins(&mut { columns })
        })
}

impl<'a> Writer<'a> {
    fn levels(&mut self, levels: &[Level<'a>], slots: &Slots<'a>) {
        self.push("WITH ");
        self.separated(", ", levels, |writer, level| {
            writer.ident(&level.name);
            writer.push(" (");
            writer.separated(", ", 1..=level.columns.len(), Self::level_column);
            writer.push(") AS (");
            match level.nested {
                None => writer.first_level(level),
                Some(nested) => writer.next_level(levels, level, nested),
            }
            writer.push(")");
        });
        self.push(" ");
        // The types of NULLs are found from one SELECT to the next: with three, the first says them all.
        if levels.len() > 2 {
            self.types_of(levels, slots);
            self.push(" UNION ALL ");
        }
        self.separated(" UNION ALL ", levels.iter().enumerate(), |writer, (number, level)| {
            writer.push("SELECT ");
            writer.number(number);
            for column in slots.columns(number) {
                writer.push(", ");
                match column.and_then(|column| Some((column, level.columns.get(column)?))) {
                    None => writer.push("NULL"),
                    Some((column, of_level)) => {
                        writer.cast_column(&level.name, column, of_level.text);
                    }
                }
            }
            writer.push(" FROM ");
            writer.ident(&level.name);
        });
    }

    /// A SELECT of no row, whose columns have the types of all.
    fn types_of(&mut self, levels: &[Level<'a>], slots: &Slots<'a>) {
        self.push("SELECT 0");
        for (number, column) in slots.examples() {
            self.push(", ");
            if let Some(level) = levels.get(number)
                && let Some(of_level) = level.columns.get(column)
            {
                self.cast_column(&level.name, column, of_level.text);
            }
        }
        self.push(" FROM ");
        self.separated(", ", levels, |writer, level| writer.ident(&level.name));
        self.push(" WHERE false");
    }

    /// `"c1"`.
    fn level_column(&mut self, number: usize) {
        self.push("\"c");
        self.number(number);
        self.push("\"");
    }

    fn column_of_level(&mut self, level: &str, column: usize) {
        self.ident(level);
        self.push(".");
        self.level_column(column + 1);
    }

    fn cast_column(&mut self, level: &str, column: usize, text: Option<&'static str>) {
        self.push(if text.is_some() { "CAST(" } else { "" });
        self.column_of_level(level, column);
        self.end_of_cast(text);
    }

    fn first_level(&mut self, level: &Level<'a>) {
        let depth = self.depth();
        self.level_columns(level);
        self.body(level.select);
        self.leave(depth);
    }

    /// `SELECT ..` of the columns of a level.
    fn level_columns(&mut self, level: &Level<'a>) {
        let depth = self.depth();
        self.enter_sources(level.select);
        self.push("SELECT ");
        self.separated(", ", &level.columns, |writer, column| column.write(writer));
        self.leave(depth);
    }

    fn next_level(&mut self, levels: &[Level<'a>], level: &Level<'a>, nested: &'a NestedSelect) {
        let select = level.select;
        let keys: Vec<&str> = nested.keys.iter().map(|(_, child)| *child).collect();
        let indexed = table_of(select, nested.child)
            .is_some_and(|table| is_indexed(table, &keys, &nested.fixed));
        let Some(parent) = levels.get(level.parent) else { return };
        if select.limit.is_none() && select.offset.is_none() {
            let depth = self.depth();
            self.level_columns(level);
            self.from(select);
            self.push(" WHERE ");
            self.by_parent(parent, level, nested, indexed);
            self.and_filters(select);
            self.order(&select.order);
            return self.leave(depth);
        }
        if indexed {
            self.lateral(parent, level, nested)
        } else {
            self.windowed(parent, level, nested)
        }
    }

    fn and_filters(&mut self, select: &'a Select) {
        for filter in &select.filters {
            self.push(" AND ");
            self.term(filter);
        }
    }

    /// `child.key = ANY(ARRAY(SELECT .. FROM parent))`, or `IN (SELECT ..)`.
    fn by_parent(
        &mut self,
        parent: &Level<'a>,
        level: &Level<'a>,
        nested: &'a NestedSelect,
        indexed: bool,
    ) {
        match nested.keys {
            [(_, child)] => self.column(nested.child, child),
            keys => {
                self.push("(");
                self.separated(", ", keys, |writer, (_, child)| writer.column(nested.child, child));
                self.push(")");
            }
        }
        let by_array = indexed && nested.keys.len() == 1;
        self.push(if by_array { " = ANY(ARRAY(SELECT " } else { " IN (SELECT " });
        self.separated(", ", &level.parent_key, |writer, column| {
            writer.column_of_level(&parent.name, *column);
        });
        self.push(" FROM ");
        self.ident(&parent.name);
        self.push(if by_array { "))" } else { ")" });
    }

    /// The first rows of each key, by index.
    fn lateral(&mut self, parent: &Level<'a>, level: &Level<'a>, nested: &'a NestedSelect) {
        let select = level.select;
        self.push("SELECT \"rows\".* FROM (SELECT DISTINCT ");
        self.separated(", ", &level.parent_key, |writer, column| {
            writer.column_of_level(&parent.name, *column);
        });
        self.push(" FROM ");
        self.ident(&parent.name);
        self.push(") AS \"keys\" (");
        self.separated(", ", 1..=level.parent_key.len(), Self::level_column);
        self.push(") CROSS JOIN LATERAL (");
        let depth = self.depth();
        self.level_columns(level);
        self.from(select);
        self.push(" WHERE ");
        self.separated(" AND ", nested.keys.iter().enumerate(), |writer, (place, (_, child))| {
            writer.column(nested.child, child);
            writer.push(" = ");
            writer.column_of_level("keys", place);
        });
        self.and_filters(select);
        self.tail(select);
        self.leave(depth);
        self.push(") AS \"rows\"");
    }

    /// The first rows of each key, counted among those of all.
    fn windowed(&mut self, parent: &Level<'a>, level: &Level<'a>, nested: &'a NestedSelect) {
        let select = level.select;
        let width = level.columns.len();
        self.push("SELECT ");
        self.separated(", ", 0..width, |writer, column| writer.column_of_level("rows", column));
        self.push(" FROM (");
        let depth = self.depth();
        self.level_columns(level);
        let inside = self.depth();
        self.enter_sources(select);
        self.push(", row_number() OVER (PARTITION BY ");
        self.separated(", ", nested.keys, |writer, (_, child)| writer.column(nested.child, child));
        self.order(&select.order);
        self.push(")");
        self.leave(inside);
        self.from(select);
        self.push(" WHERE ");
        self.by_parent(parent, level, nested, false);
        self.and_filters(select);
        self.leave(depth);
        self.push(") AS \"rows\" (");
        self.separated(", ", 1..=width + 1, Self::level_column);
        self.push(") WHERE ");
        let number = |writer: &mut Self| writer.column_of_level("rows", width);
        if let Some(offset) = &select.offset {
            number(self);
            self.push(" > ");
            self.param(offset);
            self.push(if select.limit.is_some() { " AND " } else { "" });
        }
        if let Some(limit) = &select.limit {
            number(self);
            if let Some(offset) = &select.offset {
                self.push(" - ");
                self.param(offset);
            }
            self.push(" <= ");
            self.param(limit);
        }
        self.push(" ORDER BY ");
        number(self);
    }
}
