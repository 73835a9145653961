//! The values of a column that the client makes where a row gives none: as if each row had given one.

use super::super::Table;
use super::super::node::{self, AnyValue, ClientValue, Field, MadeBy, Node, Param, RowsOfColumn};
use super::built::array_of;
use super::rows::{ColumnRows, Erased, unnest};
use super::values::Gathered;
use super::{arrays, made_by_client};
use std::any::Any;
use std::sync::Arc;

/// Makes the values that rows leave out of these columns.
pub(super) fn complete<T: Table>(columns: Vec<ColumnRows>) -> Vec<ColumnRows> {
    let complete = |column: ColumnRows| {
        let position = column.position;
        let make = made_by_client(T::TABLE, T::FIELDS, position);
        match (make, T::FIELDS.get(position)) {
            (Some(make), Some(field)) if !column.values.absent().is_empty() => {
                let values = Box::new(Completed::new(column.values, make, field));
                ColumnRows { values, ..column }
            }
            _ => column,
        }
    };
    columns.into_iter().map(complete).collect()
}

/// The columns that the client makes for so many rows, each value its own; and those for which it makes one SQL expression.
pub(super) fn made_rows<T: Table>(
    made: Vec<(usize, ClientValue)>,
    count: usize,
) -> (Vec<ColumnRows>, Vec<(usize, ClientValue)>) {
    let (mut values, mut expressions) = (Vec::new(), Vec::new());
    for (position, make) in made {
        match (node::made(make), T::FIELDS.get(position)) {
            (first @ Node::Param(_), Some(field)) if count > 0 => {
                let others = (1..count).map(|_| node::made(make));
                let nodes = std::iter::once(first).chain(others).collect();
                let completed = Completed { nodes, make, field };
                values.push(ColumnRows { position, is_system: false, values: Box::new(completed) });
            }
            _ => expressions.push((position, make)),
        }
    }
    (values, expressions)
}

#[derive(Debug)]
struct Completed {
    nodes: Vec<Node>,
    make: ClientValue,
    field: &'static Field,
}

impl Completed {
    fn new(values: Box<dyn Gathered>, make: ClientValue, field: &'static Field) -> Self {
        let made = |node| match node {
            Node::Default => node::made(make),
            given => given,
        };
        let nodes = values.into_nodes().into_iter().map(made).collect();
        Self { nodes, make, field }
    }

    /// None where one is an expression, `on_update = now()`.
    fn values(&self) -> Option<Vec<AnyValue>> {
        arrays::values_of(self.nodes.iter())
    }
}

impl Gathered for Completed {
    fn has_arrays(&self) -> bool {
        (self.field.array_ty)().is_some() && self.values().is_some()
    }

    fn absent(&self) -> &[usize] {
        &[]
    }

    fn into_array_with_nulls(self: Box<Self>) -> Param {
        self.into_array()
    }

    fn into_typed_nodes(self: Box<Self>) -> Vec<Node> {
        let typed = |node| match node {
            Node::Param(param) => Node::Typed(param),
            node => node,
        };
        self.nodes.into_iter().map(typed).collect()
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn is_all_default(&self, _: usize) -> bool {
        false
    }

    fn is_array(&self) -> bool {
        self.has_arrays()
    }

    fn into_array(self: Box<Self>) -> Param {
        // A prepared insert makes new values for each run.
        let given = |node: &Node| match node {
            Node::Param(param) if param.made_by.is_none() => Some(Arc::clone(&param.value)),
            _ => None,
        };
        let rows = Some(self.nodes.iter().map(given).collect());
        let made_by = Some(MadeBy { make: self.make, rows });
        let ty = (self.field.array_ty)().unwrap_or_else(self.field.ty);
        let values = self.values().unwrap_or_default();
        Param { made_by, ..array_of(&values, self.field, ty) }
    }

    fn into_rows(self: Box<Self>) -> RowsOfColumn {
        if self.has_arrays() {
            return RowsOfColumn::One(unnest(self.into_array()));
        }
        let values = self.values().unwrap_or_default();
        arrays::regrouped(values.into_iter().map(Erased).collect(), &(self.field.ty)())
    }

    fn into_nodes(self: Box<Self>) -> Vec<Node> {
        self.nodes
    }
}
