//! Rows of values of the program as a source: one array for each column, so that the text does not depend on their number.

use super::node::{Columns, From, FromItem, Name, Node, Output, Param, Piece, Select, Statement};
use crate::types::{ArrayOf, Parameter};
use postgres_types::Type;
use std::borrow::Cow;
use std::sync::Arc;

/// The values of one column.
pub(crate) struct GivenColumn<P> {
    pub(crate) name: Name,
    pub(crate) values: Vec<P>,
    /// What one value is sent as.
    pub(crate) ty: Type,
    /// What an array of them is sent as, where there is one.
    pub(crate) array: Option<Type>,
}

/// The name of values that are no arrays.
const VALUES: &str = "given_values";

/// So many rows as a source; `number` is the name of a column that counts them, from 1 on.
pub(crate) fn source<P: Parameter + 'static>(
    name: &'static str,
    columns: Vec<GivenColumn<P>>,
    rows: usize,
    number: Name,
) -> FromItem {
    let mut select = Select::empty();
    // An array of arrays is no list of them.
    if columns.iter().all(|column| column.array.is_some()) {
        for GivenColumn { name, values, ty, array } in columns {
            let array = Param::new(Arc::new(ArrayOf(values)), array.unwrap_or(ty));
            select.outputs.push(Output::Named(Node::Unnest(array), name));
        }
        // In step with the arrays.
        let numbers = vec![
            Piece::Sql("generate_series(1, "),
            Piece::Node(Node::Param(Param::of(i32::try_from(rows).unwrap_or(i32::MAX)))),
            Piece::Sql(")"),
        ];
        select.outputs.push(Output::Named(Node::Enclosed(numbers), number));
    } else {
        let (mut names, mut lists) = (Vec::new(), Vec::new());
        for GivenColumn { name, values, ty, .. } in columns {
            names.push(name);
            let typed = move |value| Node::Typed(Param::new(Arc::new(value), ty.clone()));
            lists.push(values.into_iter().map(typed));
        }
        names.push(number);
        let row = |place: i32| {
            let values = lists.iter_mut().filter_map(Iterator::next);
            let mut row: Vec<Node> = values.collect();
            row.push(Node::Typed(Param::of(place)));
            row
        };
        let rows = (1..).take(rows).map(row).collect();
        select.from = Some(derived(From::Values(Arc::new(rows)), VALUES));
        for (place, name) in (1..).zip(names) {
            let value = column(VALUES, Cow::Owned(format!("column{place}")));
            select.outputs.push(Output::Named(value, name));
        }
    }
    derived(From::Query(Arc::new(Statement::Select(select))), name)
}

fn derived(from: From, name: &'static str) -> FromItem {
    FromItem { from, name, columns: Columns::Names(&[]), lateral: false }
}

/// A column of such a source.
pub(crate) fn column(source: &'static str, column: Name) -> Node {
    Node::Enclosed(vec![Piece::Name(Name::Borrowed(source)), Piece::Sql("."), Piece::Name(column)])
}
