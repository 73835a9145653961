//! Rows with the rows of their relations, without their types: as they are given, and level by level as they are inserted.

use super::super::Table;
use super::super::insert::Values;
use super::super::node::{Columns, Field, Node, Param, Target};
use super::super::relation::{FixedValue, Keys, RelationDefinition};
use super::super::scope::Source;
use super::keys::{KeySide as _, Side, WrittenRelation};
use crate::error::Result;
use crate::schema;
use crate::types::cells::Cells;
use std::any::Any;

/// A row of any table, as it was inserted.
pub(crate) type AnyRow = Box<dyn Any + Send>;

/// Adds what was inserted along a relation to the row that has the relation.
pub(crate) type Attached = fn(AnyRow, Vec<AnyRow>) -> Option<AnyRow>;

/// A table that is written.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) table: &'static schema::Table,
    pub(crate) fields: &'static [Field],
    /// Its name in a statement.
    pub(crate) name: &'static str,
    pub(crate) columns: Columns,
    /// Reads a row of it.
    pub(crate) read: fn(&mut Cells<'_>) -> Result<AnyRow>,
}

fn read<T: Table>(cells: &mut Cells<'_>) -> Result<AnyRow> {
    Ok(Box::new(T::decode(cells)?))
}

impl Written {
    pub(crate) fn of<T: Table>() -> Self {
        Self {
            table: T::TABLE,
            fields: T::FIELDS,
            name: <T as Source>::SOURCE,
            columns: T::COLUMNS,
            read: read::<T>,
        }
    }

    pub(crate) fn target(&self) -> Target {
        Target { table: self.table, name: self.name }
    }

    /// The position of a column.
    pub(crate) fn position(&self, column: &str) -> Option<usize> {
        self.table.columns.iter().position(|each| each.name == column)
    }
}

/// A relation along which rows are written.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) name: &'static str,
    pub(crate) side: Side,
    pub(crate) from: Written,
    pub(crate) to: Written,
    pub(crate) keys: Keys,
    pub(crate) through: Option<Through>,
    /// The condition that every related row meets, where the relation has one.
    pub(crate) condition: fn() -> Option<Node>,
    /// Columns of the table that has the relation, and the value that each has in a row with related rows.
    pub(crate) own_values: fn() -> Vec<FixedValue>,
    /// The same of the related table.
    pub(crate) their_values: fn() -> Vec<FixedValue>,
}

/// The join table of a link.
#[derive(Clone, Copy)]
pub(crate) struct Through {
    pub(crate) table: &'static schema::Table,
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) keys: Keys,
}

impl Link {
    pub(crate) fn of<R: WrittenRelation>() -> Self {
        let through = R::THROUGH.map(|through| {
            let super::super::relation::Through { table, name, fields, keys } = through;
            Through { table, name, fields, keys }
        });
        Self {
            name: R::NAME,
            side: R::Key::SIDE,
            from: Written::of::<R::From>(),
            to: Written::of::<R::To>(),
            keys: <R as RelationDefinition>::KEYS,
            through,
            condition: R::condition,
            own_values: R::own_values,
            their_values: R::their_values,
        }
    }

    /// Whether they are one relation.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name && std::ptr::eq(self.from.table, other.from.table)
    }
}

/// A row to be inserted, and what is written along its relations.
pub struct TreeRow {
    pub(crate) values: Values,
    pub(crate) writes: Vec<RowWrite>,
}

/// What is written along one relation of a row.
pub struct RowWrite {
    pub(crate) link: Link,
    pub(crate) rows: RowRows,
}

pub(crate) enum RowRows {
    /// Rows that are inserted.
    Insert(Vec<TreeRow>, Attached),
    /// The primary keys of rows that exist.
    Connect(Vec<Vec<Param>>),
}

/// Rows of one table that are inserted by one statement.
pub(crate) struct Level {
    pub(crate) table: Written,
    pub(crate) rows: Vec<Values>,
    pub(crate) writes: Vec<LevelWrite>,
    /// For each row which of the writes give rows to it, and how, in their order.
    pub(crate) attached: Vec<Vec<(usize, Attached)>>,
}

/// What is written along one relation of the rows of a level.
pub(crate) struct LevelWrite {
    pub(crate) link: Link,
    /// For each row that is written the row of the level that it belongs to.
    pub(crate) of: Vec<usize>,
    pub(crate) rows: LevelRows,
}

pub(crate) enum LevelRows {
    Insert(Level),
    Connect(Vec<Vec<Param>>),
}

impl Level {
    fn empty(table: Written) -> Self {
        Self { table, rows: Vec::new(), writes: Vec::new(), attached: Vec::new() }
    }

    /// The rows of trees, level by level.
    pub(crate) fn of(table: Written, rows: impl IntoIterator<Item = TreeRow>) -> Self {
        let mut level = Self::empty(table);
        for row in rows {
            level.push(row);
        }
        level
    }

    fn push(&mut self, row: TreeRow) {
        let index = self.rows.len();
        self.rows.push(row.values);
        let mut attached = Vec::new();
        for RowWrite { link, rows } in row.writes {
            match rows {
                RowRows::Insert(rows, attach) => {
                    let place = self.place(&link, true);
                    attached.push((place, attach));
                    if let Some(LevelWrite { of, rows: LevelRows::Insert(level), .. }) =
                        self.writes.get_mut(place)
                    {
                        of.extend(rows.iter().map(|_| index));
                        rows.into_iter().for_each(|row| level.push(row));
                    }
                }
                RowRows::Connect(keys) => {
                    let place = self.place(&link, false);
                    if let Some(LevelWrite { of, rows: LevelRows::Connect(all), .. }) =
                        self.writes.get_mut(place)
                    {
                        of.extend(keys.iter().map(|_| index));
                        all.extend(keys);
                    }
                }
            }
        }
        self.attached.push(attached);
    }

    /// The place of what is written along a relation.
    fn place(&mut self, link: &Link, inserts: bool) -> usize {
        let is_it = |write: &LevelWrite| {
            write.link.is(link) && matches!(write.rows, LevelRows::Insert(_)) == inserts
        };
        if let Some(place) = self.writes.iter().position(is_it) {
            return place;
        }
        let rows = if inserts {
            LevelRows::Insert(Self::empty(link.to))
        } else {
            LevelRows::Connect(Vec::new())
        };
        self.writes.push(LevelWrite { link: *link, of: Vec::new(), rows });
        self.writes.len() - 1
    }
}
