//! A table built as a sketch: without its files, which are what building costs.
//!
//! A partitioned table has no storage, nor do its indexes, and its columns, defaults, checks and index expressions read
//! as those of any other table. What has no expression, and what a partitioned table cannot have, is taken over as it
//! was declared. So a sketch that equals the live table says that nothing differs; one that does not says nothing.

use orm_core::schema::{Column, List, Table, Text};

/// A column that a table has nowhere else: its rows would be divided by it.
const KEY: &str = "orm sketch";

/// Whether a sketch can be made of it.
pub(super) fn is_possible(table: &Table) -> bool {
    table.partition_by.is_none()
        && table.partition_of.is_none()
        && table.exclusions.is_empty()
        && table.triggers.is_empty()
        && table.policies.is_empty()
}

/// What is created of it.
pub(super) fn of(mut table: Table) -> Table {
    table.columns.to_mut().push(Column::new(KEY, "integer"));
    table.partition_by = Some(Text::Owned(format!("RANGE (\"{KEY}\")")));
    table.primary_key = None;
    table.uniques = List::default();
    table.storage_parameters = List::default();
    for index in table.indexes.to_mut() {
        index.unique = false;
    }
    table
}

/// What was read of it, with what only stands in the declaration; `indexes` have their own names again.
pub(super) fn finish(read: &mut Table, declared: &Table) {
    read.columns.to_mut().retain(|column| column.name != KEY);
    read.partition_by = None;
    read.primary_key = declared.primary_key.clone();
    read.uniques = declared.uniques.clone();
    read.storage_parameters = declared.storage_parameters.clone();
    let key = read.primary_key.iter().flat_map(|key| key.columns.iter());
    for name in key.cloned().collect::<Vec<_>>() {
        let mut columns = read.columns.to_mut().iter_mut();
        if let Some(column) = columns.find(|column| column.name == name) {
            column.nullable = false;
        }
    }
    for index in read.indexes.to_mut() {
        let declared = declared.indexes.iter().find(|it| it.name == index.name);
        index.unique = declared.is_some_and(|it| it.unique);
    }
}
