//! The rows of structs as an update: which columns find a row, and which are set.

use super::super::Table;
use super::super::node::{
    self, Assigned, Columns, From, FromItem, Name, Node, Output, Param, Piece, Select, Statement,
};
use super::rows::{ColumnRows, Rows, unnest};
use crate::schema::IdentityKind;
use std::sync::Arc;

/// Conditions that all must hold.
type Filters = node::List<Node>;

/// An update of many rows: what it reads, sets, and finds its rows by.
pub(crate) struct Changes {
    /// The rows; none where the list is empty.
    pub(crate) from: Option<FromItem>,
    pub(crate) set: Assigned,
    pub(crate) filters: Filters,
}

/// The columns of the primary key.
fn key<T: Table>() -> &'static [crate::schema::Text] {
    T::TABLE.primary_key.as_ref().map_or(&[], |key| &key.columns)
}

fn name_of<T: Table>(position: usize) -> Option<&'static str> {
    T::TABLE.columns.get(position).map(|column| &*column.name)
}

fn is_key<T: Table>(column: &ColumnRows) -> bool {
    name_of::<T>(column.position).is_some_and(|name| key::<T>().iter().any(|key| key == name))
}

/// Whether an update can set it: an `identity` only to its default.
fn is_set<T: Table>(column: &ColumnRows) -> bool {
    let declared = T::TABLE.columns.get(column.position);
    let identity = declared.and_then(|column| column.identity.as_ref());
    !column.is_system
        && !is_key::<T>(column)
        && !identity.is_some_and(|identity| matches!(identity.kind, IdentityKind::Always))
}

impl Rows {
    /// The one row as assignments, and as the condition that finds it.
    pub(crate) fn into_change<T: Table>(self) -> (Assigned, Filters) {
        let (mut set, mut filters) = (Assigned::None, Filters::None);
        for column in self.columns {
            let Some(name) = name_of::<T>(column.position) else { continue };
            let (is_key, is_set) = (is_key::<T>(&column), is_set::<T>(&column));
            let is_absent = !column.values.absent().is_empty();
            let Some(value) = column.values.into_typed_nodes().pop() else { continue };
            // The column says its type.
            let value = match value {
                Node::Typed(param) => Node::Param(param),
                node => node,
            };
            if is_key {
                filters.push(Node::Binary(Box::new((own::<T>(name), value)), "="));
            } else if is_set && !is_absent {
                set.push((name, value));
            }
        }
        (set, filters)
    }

    /// The rows as a source called `source`, and the assignments and conditions that read it.
    pub(crate) fn into_changes<T: Table>(self, source: &'static str) -> Changes {
        let count = self.count;
        let (mut set, mut filters) = (Assigned::None, Filters::None);
        let as_arrays = self.columns.iter().all(|column| column.values.has_arrays());
        let mut list = List { as_arrays, source, columns: Vec::new() };
        for column in self.columns {
            let Some(name) = name_of::<T>(column.position) else { continue };
            let (is_key, is_set) = (is_key::<T>(&column), is_set::<T>(&column));
            let absent = column.values.absent().to_vec();
            if is_key {
                let value = list.add(column);
                filters.push(Node::Binary(Box::new((own::<T>(name), value)), "="));
            } else if is_set && absent.len() < count {
                let value = list.add(column);
                let node = if absent.is_empty() {
                    value
                } else {
                    let is_given = list.add_flags(&absent, count);
                    Node::Case(vec![(is_given, value)], Some(Box::new(own::<T>(name))))
                };
                set.push((name, node));
            }
        }
        let from = (count > 0).then(|| list.into_item(count));
        Changes { from, set, filters }
    }
}

/// A column of the table that is changed.
fn own<T: Table>(column: &'static str) -> Node {
    Node::Column { source: T::SOURCE, column }
}

/// The columns of the source: arrays, or a value for each row.
struct List {
    as_arrays: bool,
    source: &'static str,
    columns: Vec<ListColumn>,
}

enum ListColumn {
    Array(Param),
    Values(std::vec::IntoIter<Node>),
}

impl List {
    fn add(&mut self, column: ColumnRows) -> Node {
        let column = if self.as_arrays {
            ListColumn::Array(column.values.into_array_with_nulls())
        } else {
            ListColumn::Values(column.values.into_typed_nodes().into_iter())
        };
        self.push(column)
    }

    /// A column that says which rows have a value.
    fn add_flags(&mut self, absent: &[usize], count: usize) -> Node {
        let flags = (0..count).map(|row| absent.binary_search(&row).is_err());
        let column = if self.as_arrays {
            ListColumn::Array(Param::of(flags.collect::<Vec<bool>>()))
        } else {
            let flags: Vec<Node> = flags.map(|flag| Node::Param(Param::of(flag))).collect();
            ListColumn::Values(flags.into_iter())
        };
        self.push(column)
    }

    /// Adds a column, and gives an expression that reads it.
    fn push(&mut self, column: ListColumn) -> Node {
        self.columns.push(column);
        let name = column_name(self.columns.len());
        Node::Enclosed(vec![
            Piece::Name(Name::Borrowed(self.source)),
            Piece::Sql("."),
            Piece::Name(name),
        ])
    }

    fn into_item(self, count: usize) -> FromItem {
        let from = if self.as_arrays {
            let named = |(index, column)| match column {
                ListColumn::Array(array) => {
                    Some(Output::Named(unnest(array), column_name(index + 1)))
                }
                ListColumn::Values(_) => None,
            };
            let outputs = self.columns.into_iter().enumerate().filter_map(named).collect();
            From::Query(Arc::new(Statement::Select(Select { outputs, ..Select::empty() })))
        } else {
            let mut columns = self.columns;
            let mut row = |_| {
                let values = columns.iter_mut().filter_map(|column| match column {
                    ListColumn::Values(values) => values.next(),
                    ListColumn::Array(_) => None,
                });
                values.collect()
            };
            From::Values(Arc::new((0..count).map(&mut row).collect()))
        };
        FromItem { from, name: self.source, columns: Columns::Names(&[]), lateral: false }
    }
}

/// The name that PostgreSQL gives a column of `VALUES`.
fn column_name(number: usize) -> Name {
    Name::Owned(format!("column{number}"))
}
