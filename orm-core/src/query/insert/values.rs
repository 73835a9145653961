//! The values of one column for many rows: written as they are put, where the type of the column allows it, so that no value has
//! memory of its own.

use super::super::column::{Declared, declared};
use super::super::node::{Node, Param, RowsOfColumn};
use super::arrays;
use super::rows::unnest;
use crate::types::elements::{Elements, show};
use crate::types::{ArrayOf, Failure, Parameter, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::any::Any;
use std::sync::Arc;

/// The values of one column, whatever their type.
pub(super) trait Gathered: Send + Sync {
    fn has_arrays(&self) -> bool;
    /// The rows that give no value.
    fn absent(&self) -> &[usize];
    /// As [`into_array`](Self::into_array), with NULL for what is absent.
    fn into_array_with_nulls(self: Box<Self>) -> Param;
    /// A value of its type for each row, NULL where it is absent.
    fn into_typed_nodes(self: Box<Self>) -> Vec<Node>;
    fn as_any(&mut self) -> &mut dyn Any;
    /// Whether no row of so many gives a value.
    fn is_all_default(&self, rows: usize) -> bool;
    /// Whether they can be one array: each row gives a value, of a type that has arrays.
    fn is_array(&self) -> bool;
    fn into_array(self: Box<Self>) -> Param;
    /// The values of a column that every row gives, also where its type is that of an array.
    fn into_rows(self: Box<Self>) -> RowsOfColumn;
    fn into_nodes(self: Box<Self>) -> Vec<Node>;
}

/// What the values of a column are sent as, and an array of them where there is one.
pub(super) struct SentTypes {
    pub(super) ty: Type,
    pub(super) array: Option<Type>,
}

impl SentTypes {
    /// Those of a column of the type `V`, which is declared with another type.
    pub(super) fn of<V: Value>(of_column: Declared) -> Self {
        let (ty, array) = (V::parameter_type(), V::array_type());
        match declared(of_column) {
            Some(declared) => Self { ty: declared.ty(), array: array.map(|_| declared.array()) },
            None => Self { ty, array },
        }
    }
}

/// For so many values, at most, room is made before they are there.
pub(super) const EXPECTED_MAX: usize = 4_096;

/// The values of a column of the type `V`, and the rows that have its default.
pub(super) struct ColumnValues<V> {
    held: Held<V>,
    defaults: Vec<usize>,
    types: SentTypes,
    /// The row of the next value.
    pub(super) row: usize,
    /// How many rows there will be, at least.
    expected: usize,
}

enum Held<V> {
    /// No value, or the only one: that of an insert of one row is sent by itself.
    First(Option<V>),
    /// Values that are written when the statement runs.
    Values(Vec<V>),
    Elements(Elements),
}

impl<V: Value> ColumnValues<V> {
    pub(super) fn new(types: SentTypes, expected: usize) -> Self {
        Self { held: Held::First(None), defaults: Vec::new(), types, row: 0, expected }
    }

    /// The value of the first row, written with its length; none for the default.
    pub(super) fn put_first(&mut self, written: Option<&[u8]>) {
        let elements = self.types.array.as_ref();
        match (written, elements.and_then(|array| Elements::new(array, show::<V>))) {
            (Some(value), Some(mut elements)) => {
                elements.push_written(value);
                elements.reserve(self.expected);
                self.held = Held::Elements(elements);
            }
            _ => self.defaults.push(0),
        }
    }

    /// The value of the next row, none for the default.
    pub(super) fn put(&mut self, value: Option<V>) {
        let Some(value) = value else { return self.defaults.push(self.row) };
        self.take_in_first();
        match &mut self.held {
            Held::First(first) => *first = Some(value),
            Held::Values(values) => values.push(value),
            Held::Elements(elements) => elements.push(value),
        }
    }

    /// The value of the next row, which is only made owned where it cannot be written as it is.
    pub(super) fn put_borrowed(&mut self, value: &dyn Parameter, owned: impl FnOnce() -> V) {
        self.take_in_first();
        if let Held::Elements(elements) = &mut self.held
            && elements.write(value)
        {
            return;
        }
        self.put(Some(owned()));
    }

    /// Makes room for a second value.
    fn take_in_first(&mut self) {
        let Held::First(first) = &mut self.held else { return };
        let Some(value) = first.take() else { return };
        let elements = self.types.array.as_ref();
        self.held = match elements.and_then(|array| Elements::new(array, show::<V>)) {
            Some(mut elements) => {
                elements.push(value);
                elements.reserve(self.expected);
                Held::Elements(elements)
            }
            None => {
                let mut values = Vec::with_capacity(self.expected.clamp(2, EXPECTED_MAX));
                values.push(value);
                Held::Values(values)
            }
        };
    }

    fn array_type(&self) -> Type {
        self.types.array.clone().unwrap_or_else(|| self.types.ty.clone())
    }
}

impl<V: Value> Held<V> {
    fn into_values(self) -> Box<dyn Iterator<Item = Arc<dyn Parameter>>> {
        let any = |value: V| -> Arc<dyn Parameter> { Arc::new(value) };
        match self {
            Self::First(first) => Box::new(first.into_iter().map(any)),
            Self::Values(values) => Box::new(values.into_iter().map(any)),
            Self::Elements(elements) => Box::new(elements.into_values()),
        }
    }
}

impl<V: Value> Gathered for ColumnValues<V> {
    fn has_arrays(&self) -> bool {
        self.types.array.is_some()
    }

    fn absent(&self) -> &[usize] {
        &self.defaults
    }

    fn into_array_with_nulls(self: Box<Self>) -> Param {
        if self.defaults.is_empty() {
            return self.into_array();
        }
        let ty = self.array_type();
        match self.held {
            Held::Elements(elements) => {
                Param::new(Arc::new(elements.with_nulls(&self.defaults)), ty)
            }
            held => {
                let values = with_nulls(held.into_values(), self.defaults);
                Param::new(Arc::new(ArrayOf(values.collect())), ty)
            }
        }
    }

    fn into_typed_nodes(self: Box<Self>) -> Vec<Node> {
        let ty = self.types.ty;
        let node = move |value: OrNull| Node::Typed(Param::new(value.into_any(), ty.clone()));
        with_nulls(self.held.into_values(), self.defaults).map(node).collect()
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn is_all_default(&self, rows: usize) -> bool {
        self.defaults.len() == rows
    }

    fn is_array(&self) -> bool {
        self.defaults.is_empty() && self.types.array.is_some()
    }

    fn into_array(self: Box<Self>) -> Param {
        let ty = self.array_type();
        match self.held {
            Held::First(first) => Param::new(Arc::new(ArrayOf(first.into_iter().collect())), ty),
            Held::Values(values) => Param::new(Arc::new(ArrayOf(values)), ty),
            Held::Elements(elements) => Param::new(Arc::new(elements), ty),
        }
    }

    fn into_rows(self: Box<Self>) -> RowsOfColumn {
        if self.has_arrays() {
            return RowsOfColumn::One(unnest(self.into_array()));
        }
        let values = match self.held {
            Held::First(first) => first.into_iter().collect(),
            Held::Values(values) => values,
            // Only of a type that has arrays.
            Held::Elements(_) => Vec::new(),
        };
        arrays::regrouped(values, &self.types.ty)
    }

    fn into_nodes(self: Box<Self>) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::with_capacity(self.row + 1);
        let mut defaults = self.defaults.into_iter().peekable();
        for value in self.held.into_values() {
            while defaults.next_if_eq(&nodes.len()).is_some() {
                nodes.push(Node::Default);
            }
            nodes.push(Node::Param(Param::new(value, self.types.ty.clone())));
        }
        nodes.extend(defaults.map(|_| Node::Default));
        nodes
    }
}

/// A value, or NULL where there is none.
struct OrNull(Option<Arc<dyn Parameter>>);

impl OrNull {
    fn into_any(self) -> Arc<dyn Parameter> {
        match self.0 {
            Some(value) => value,
            None => Arc::new(self),
        }
    }
}

impl std::fmt::Debug for OrNull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("None"),
        }
    }
}

impl Parameter for OrNull {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match &self.0 {
            Some(value) => value.write_as(ty, out),
            None => Ok(IsNull::Yes),
        }
    }
}

/// The values, and NULL in the rows that are left out.
fn with_nulls(
    mut values: impl Iterator<Item = Arc<dyn Parameter>>,
    absent: Vec<usize>,
) -> impl Iterator<Item = OrNull> {
    let mut absent = absent.into_iter().peekable();
    let mut row = 0;
    std::iter::from_fn(move || {
        let value = match absent.next_if_eq(&row) {
            Some(_) => OrNull(None),
            None => OrNull(Some(values.next()?)),
        };
        row += 1;
        Some(value)
    })
}
