//! Rows of the catalog -> tables. Pure.

use super::rows::{ColumnRow, ConstraintRow, IndexRow, TableRow};
use orm_core::schema::{
    Action, Check, Column, Deferrable, ForeignKey, Generated, GeneratedKind, Identity,
    IdentityKind, Index, IndexKey, IndexPart, NullsOrder, PrimaryKey, SequenceOptions, SortOrder,
    Table, Text, Unique,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Everything that was read of some tables.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
}

/// The tables, in the order of their rows.
pub(super) fn tables(rows: Rows) -> Vec<Table> {
    let mut columns = by_table(rows.columns, |row| row.table);
    let mut constraints = by_table(rows.constraints, |row| row.table);
    let mut indexes = by_table(rows.indexes, |row| row.table);
    rows.tables
        .into_iter()
        .map(|row| {
            let mut table = Table {
                schema: row.schema.into(),
                name: row.name.into(),
                comment: row.comment.map(Cow::Owned),
                ..Table::new("", "")
            };
            let columns = columns.remove(&row.oid).unwrap_or_default();
            table.columns = columns.into_iter().map(column).collect();
            for row in constraints.remove(&row.oid).unwrap_or_default() {
                constraint(&mut table, row);
            }
            table.indexes = index_list(indexes.remove(&row.oid).unwrap_or_default()).into();
            table
        })
        .collect()
}

fn by_table<Row>(rows: Vec<Row>, table: impl Fn(&Row) -> u32) -> BTreeMap<u32, Vec<Row>> {
    let mut map: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for row in rows {
        map.entry(table(&row)).or_default().push(row);
    }
    map
}

fn column(row: ColumnRow) -> Column {
    let expression = row.expression.map(Cow::Owned);
    let generated = |kind| expression.clone().map(|expression| Generated { expression, kind });
    let (default, generated) = match row.generated.as_str() {
        "" => (expression, None),
        "v" => (None, generated(GeneratedKind::Virtual)),
        _ => (None, generated(GeneratedKind::Stored)),
    };
    let sequence = SequenceOptions {
        start: row.start,
        increment: row.increment,
        min: row.min,
        max: row.max,
        cache: row.cache,
        cycle: row.cycle,
    };
    let identity = match row.identity.as_str() {
        "a" => Some(Identity { kind: IdentityKind::Always, sequence }),
        "d" => Some(Identity { kind: IdentityKind::ByDefault, sequence }),
        _ => None,
    };
    Column {
        name: row.name.into(),
        data_type: row.data_type.into(),
        nullable: row.nullable,
        default,
        identity,
        generated,
        collation: row.collation.map(Cow::Owned),
        comment: row.comment.map(Cow::Owned),
    }
}

fn constraint(table: &mut Table, row: ConstraintRow) {
    let name = Some(Text::from(row.name));
    let columns = texts(row.columns);
    let deferrable = match (row.deferrable, row.deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    };
    match row.kind.as_str() {
        "p" => {
            table.primary_key =
                Some(PrimaryKey { name, columns, deferrable, ..PrimaryKey::default() })
        }
        "u" => table.uniques.to_mut().push(Unique {
            name,
            columns,
            nulls_not_distinct: row.nulls_not_distinct,
            deferrable,
            ..Unique::default()
        }),
        "f" => table.foreign_keys.to_mut().push(ForeignKey {
            name,
            columns,
            references_schema: row.references_schema.unwrap_or_default().into(),
            references_table: row.references_table.unwrap_or_default().into(),
            references_columns: texts(row.references_columns),
            on_delete: action(&row.on_delete),
            on_update: action(&row.on_update),
            deferrable,
            ..ForeignKey::default()
        }),
        _ => table.checks.to_mut().push(Check {
            name,
            expression: row.expression.unwrap_or_default().into(),
            ..Check::default()
        }),
    }
}

fn texts(names: Option<Vec<String>>) -> Cow<'static, [Text]> {
    names.unwrap_or_default().into_iter().map(Cow::Owned).collect()
}

/// The letters of `pg_constraint.confdeltype` and `confupdtype` (manual, section 53.13).
fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// The indexes of each relation.
pub(super) fn indexes(rows: Vec<IndexRow>) -> BTreeMap<u32, Vec<Index>> {
    let rows = by_table(rows, |row| row.table);
    rows.into_iter().map(|(table, rows)| (table, index_list(rows))).collect()
}

fn index_list(rows: Vec<IndexRow>) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for row in rows {
        if indexes.last().is_none_or(|index| index.name.as_deref() != Some(row.name.as_str())) {
            indexes.push(Index {
                name: Some(row.name.clone().into()),
                unique: row.unique,
                method: row.method.clone().into(),
                parts: Cow::Owned(Vec::new()),
                include: Cow::Owned(Vec::new()),
                nulls_not_distinct: row.nulls_not_distinct,
                predicate: row.predicate.clone().map(Cow::Owned),
                ..Index::default()
            });
        }
        let Some(index) = indexes.last_mut() else { continue };
        if row.included {
            index.include.to_mut().push(row.column.unwrap_or_default().into());
        } else {
            index.parts.to_mut().push(part(row));
        }
    }
    indexes
}

fn part(row: IndexRow) -> IndexPart {
    let key = match (row.column, row.expression) {
        (Some(column), _) => IndexKey::Column(column.into()),
        (None, expression) => IndexKey::Expression(expression.unwrap_or_default().into()),
    };
    // The bits of `pg_index.indoption`: INDOPTION_DESC and INDOPTION_NULLS_FIRST.
    let order = if row.options & 1 == 0 { SortOrder::Ascending } else { SortOrder::Descending };
    let nulls = if row.options & 2 == 0 { NullsOrder::Last } else { NullsOrder::First };
    IndexPart {
        key,
        collation: row.collation.map(Cow::Owned),
        operator_class: row.operator_class.map(Cow::Owned),
        order,
        nulls,
    }
}

#[cfg(test)]
mod tests;
