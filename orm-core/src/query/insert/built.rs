//! The rows of builders as an array for each column.

use super::super::node::{AnyValue, Field, InsertRows, MadeBy, Node, Param, RowsOfColumn, made};
use super::rows::{Erased, unnest};
use super::{Values, arrays, made_by_client};
use crate::schema;
use crate::types::ArrayOf;
use crate::types::elements::Elements;
use std::sync::Arc;

/// The values of each column as an array, where all are values; what is the same in each row as it is.
pub(super) fn arrays(
    table: &schema::Table,
    fields: &'static [Field],
    columns: &[usize],
    rows: &[Values],
) -> Option<Vec<Node>> {
    let mut written = written(fields, columns, rows);
    let array = |position: &usize| {
        let field = fields.get(*position)?;
        if let Some(elements) = written.get_mut(*position).and_then(Option::take)
            && elements.count() == rows.len()
        {
            return Some(unnest(Param::new(Arc::new(elements), (field.array_ty)()?)));
        }
        let make = made_by_client(table, fields, *position);
        let node = |row: &Values| match (row.written(*position), row.node(*position)) {
            (Some(value), _) => Some(field.written(value)),
            (None, Some(node)) => Some(node.clone()),
            (None, None) => Some(make.map(made)?),
        };
        let nodes = rows.iter().map(node).collect::<Option<Vec<Node>>>()?;
        array_of_values(field, || nodes.iter())
    };
    let arrays = columns.iter().map(array).collect::<Option<Vec<Node>>>()?;
    arrays.iter().any(|array| matches!(array, Node::Unnest(_))).then_some(arrays)
}

/// The values of each column that are written, by the positions of the columns.
fn written(fields: &'static [Field], columns: &[usize], rows: &[Values]) -> Vec<Option<Elements>> {
    let mut all: Vec<Option<Elements>> = Vec::new();
    all.resize_with(fields.len(), || None);
    for position in columns {
        if let (Some(field), Some(place)) = (fields.get(*position), all.get_mut(*position))
            && let Some(array) = (field.array_ty)()
        {
            *place = Elements::new(&array, field.show);
        }
    }
    for (position, value) in rows.iter().flat_map(Values::records) {
        if let Some(Some(elements)) = all.get_mut(position) {
            elements.push_written(value);
            if elements.count() == 1 {
                elements.reserve(rows.len());
            }
        }
    }
    all
}

/// As [`arrays`], where a column has an array type.
pub(super) fn regrouped(
    fields: &'static [Field],
    columns: &[usize],
    rows: &[Vec<Node>],
) -> Option<InsertRows> {
    let column = |(index, position): (usize, &usize)| {
        let field = fields.get(*position)?;
        let column = || rows.iter().filter_map(|row| row.get(index));
        if let Some(array) = array_of_values(field, column) {
            return Some(RowsOfColumn::One(array));
        }
        let values: Vec<Erased> = arrays::values_of(column())?.into_iter().map(Erased).collect();
        Some(arrays::regrouped(values, &(field.ty)()))
    };
    let regrouped = columns.iter().enumerate().map(column).collect::<Option<_>>()?;
    Some(InsertRows::Regrouped(regrouped, arrays::row_count(rows.len()), rows.len()))
}

/// One column of [`arrays`].
fn array_of_values<'a, I: Iterator<Item = &'a Node>>(
    field: &Field,
    column: impl Fn() -> I,
) -> Option<Node> {
    if let Some(Node::Constant(sql)) = column().next() {
        let is_same = |node: &Node| matches!(node, Node::Constant(other) if other == sql);
        return column().all(is_same).then_some(Node::Constant(sql));
    }
    let ty = (field.array_ty)()?;
    let made_by = column().find_map(|node| match node {
        Node::Param(param) => param.made_by.as_ref(),
        _ => None,
    });
    if let Some(made_by) = made_by {
        // Where the insert is prepared, what the client makes is made for each run.
        let given = |node: &Node| match node {
            Node::Param(param) => Some(param.made_by.is_none().then(|| param.value.shared())),
            _ => None,
        };
        let rows = Some(column().map(given).collect::<Option<_>>()?);
        let made_by = Some(MadeBy { make: made_by.make, rows });
        let values = arrays::values_of(column())?;
        return Some(unnest(Param { made_by, ..array_of(&values, field, ty) }));
    }
    let values = arrays::values_of(column())?;
    Some(unnest(array_of(&values, field, ty)))
}

/// Values as an array of that type.
pub(super) fn array_of(values: &[AnyValue], field: &Field, ty: postgres_types::Type) -> Param {
    let Some(mut elements) = Elements::new(&ty, field.show) else {
        let values: Vec<Erased> = values.iter().map(|value| Erased(Arc::clone(value))).collect();
        return Param::new(Arc::new(ArrayOf(values)), ty);
    };
    for value in values {
        elements.push_any(value);
    }
    Param::new(Arc::new(elements), ty)
}
