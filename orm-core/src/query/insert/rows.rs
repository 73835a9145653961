//! Rows out of structs: the values of each column are gathered, so that any number of rows is one parameter a column.

use super::super::Table;
use super::super::column::{Column, Declared, Overridable, Settable, TableColumn};
use super::super::maybe::Maybe;
use super::super::node::{
    self, AnyValue, InsertRows, MadeBy, Node, PARAMS_MAX, Param, RowsOfColumn,
};
use super::Values;
use super::arrays;
use super::completed::{complete, made_rows};
use super::copy::RowWriter;
use super::values::{ColumnValues, Gathered, SentTypes};
use crate::types::{ArrayOf, Failure, Parameter, Value};
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// A row that can be inserted: the struct of a table, one with `#[derive(Insertable)]`, or a builder, `User::insert()`.
///
/// The struct of a table gives all its columns but generated ones and an `identity`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row that can be inserted, or a required column of it is not set",
    label = "not a row",
    note = "give a struct with `#[derive(Table)]` or `#[derive(Insertable)]`, or a builder: `User::insert().id(..)`"
)]
pub trait Insertable: Sized {
    /// The table.
    type Table: Table;
    #[doc(hidden)]
    fn add_to(self, rows: &mut Rows);
}

/// What a field of an insertable struct can give the column `C`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be put into the column `{C}`",
    label = "not of the type of the column `{C}`",
    note = "the field has the type of the column, a borrowed form of it, or an `Option` or `orm::Maybe` of it: then `None` leaves the column out"
)]
pub trait Given<C: TableColumn> {
    #[doc(hidden)]
    fn given(self) -> Option<C::Value>;
    #[doc(hidden)]
    fn add_given(self, to: &mut ColumnValues<C::Value>);
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, F: GivenAs<C::Value>> Given<C> for F {
    fn given(self) -> Option<C::Value> {
        self.given_as()
    }

    fn add_given(self, to: &mut ColumnValues<C::Value>) {
        self.add_to(to);
    }
}

/// A field that gives a value of type `V`, or none for the default.
pub trait GivenAs<V>: Sized {
    #[doc(hidden)]
    fn given_as(self) -> Option<V>;

    /// Adds it to the values of a column.
    #[doc(hidden)]
    fn add_to(self, column: &mut ColumnValues<V>)
    where
        V: Value,
    {
        column.put(self.given_as());
    }
}

impl<V: Value> GivenAs<V> for V {
    fn given_as(self) -> Option<V> {
        Some(self)
    }
}

impl<V> GivenAs<Option<V>> for V
where
    Option<V>: Value,
{
    fn given_as(self) -> Option<Option<V>> {
        Some(Some(self))
    }
}

impl<V: Value> GivenAs<V> for Option<V> {
    fn given_as(self) -> Self {
        self
    }
}

impl<V: Value, F: GivenAs<V>> GivenAs<V> for Maybe<F> {
    fn given_as(self) -> Option<V> {
        match self {
            Self::Absent => None,
            Self::Value(value) => value.given_as(),
        }
    }

    fn add_to(self, column: &mut ColumnValues<V>) {
        match self {
            Self::Absent => column.put(None),
            Self::Value(value) => value.add_to(column),
        }
    }
}

macro_rules! borrowed {
    ($($borrowed:ty => $owned:ty;)*) => {$(
        impl GivenAs<$owned> for $borrowed {
            fn given_as(self) -> Option<$owned> {
                Some(self.into())
            }

            fn add_to(self, column: &mut ColumnValues<$owned>) {
                let value: &<$owned as Deref>::Target = &self;
                column.put_borrowed(&value, || value.to_owned());
            }
        }
        impl GivenAs<Option<$owned>> for $borrowed {
            fn given_as(self) -> Option<Option<$owned>> {
                Some(Some(self.into()))
            }

            fn add_to(self, column: &mut ColumnValues<Option<$owned>>) {
                let value: &<$owned as Deref>::Target = &self;
                column.put_borrowed(&value, || Some(value.to_owned()));
            }
        }
        impl GivenAs<Option<$owned>> for Option<$borrowed> {
            fn given_as(self) -> Option<Option<$owned>> {
                Some(self.map(Into::into))
            }

            fn add_to(self, column: &mut ColumnValues<Option<$owned>>) {
                let value = self.as_ref().map(|value| -> &<$owned as Deref>::Target { value });
                column.put_borrowed(&value, || value.map(ToOwned::to_owned));
            }
        }
    )*};
}

borrowed! {
    &str => String;
    &String => String;
    Cow<'_, str> => String;
    &[u8] => Vec<u8>;
}

/// The values of one column.
pub(super) struct ColumnRows {
    pub(super) position: usize,
    /// Whether the server makes its values: an insert leaves it out, and an update finds its row by it.
    pub(super) is_system: bool,
    pub(super) values: Box<dyn Gathered>,
}

/// The values of rows, column by column. Filled by [`Insertable::add_to`].
#[derive(Default)]
pub struct Rows {
    pub(super) columns: Vec<ColumnRows>,
    /// The column of the row that comes next.
    next: usize,
    /// Rows of builders.
    pub(super) built: Vec<Values>,
    pub(super) overrides: bool,
    pub(super) count: usize,
    /// Writes the values of rows that are copied; then nothing is gathered.
    pub(super) copy: Option<Box<RowWriter>>,
}

impl Rows {
    /// A value of a column.
    pub fn put<C: Settable>(&mut self, column: Column<C>, value: impl Given<C>) {
        self.put_any(column, value);
    }

    /// A value of a column that may be an `identity`.
    pub fn put_overriding<C: Overridable>(&mut self, column: Column<C>, value: impl Given<C>) {
        self.overrides = true;
        self.put_any(column, value);
    }

    /// A value of a column of the table's own struct.
    pub fn put_own<C: Settable>(&mut self, value: C::Value) {
        self.put_value(C::POSITION, false, value, C::DECLARED);
    }

    /// A value of an `identity` column of the table's own struct.
    pub fn put_identity<C: Overridable>(&mut self, value: C::Value) {
        self.put_value(C::POSITION, true, value, C::DECLARED);
    }

    /// A value of a column that a patch sets, or finds its row by.
    pub fn put_patch<C: Overridable>(&mut self, column: Column<C>, value: impl Given<C>) {
        self.put_any(column, value);
    }

    fn put_any<C: TableColumn>(&mut self, _: Column<C>, value: impl Given<C>) {
        if let Some(copy) = &mut self.copy {
            return copy.put(value.given().as_ref().map(|value| value as _));
        }
        if let Some(column) = self.next_column(C::POSITION, false, C::DECLARED) {
            value.add_given(column);
        }
    }

    fn put_value<V: Value>(
        &mut self,
        position: usize,
        is_system: bool,
        value: V,
        declared: Declared,
    ) {
        if let Some(copy) = &mut self.copy {
            return copy.put(Some(&value));
        }
        if let Some(column) = self.next_column(position, is_system, declared) {
            column.put(Some(value));
        }
    }

    /// The column that the next value of the row is one of. Each row of one struct puts the same columns in the same order.
    fn next_column<V: Value>(
        &mut self,
        position: usize,
        is_system: bool,
        declared: Declared,
    ) -> Option<&mut ColumnValues<V>> {
        if self.columns.len() <= self.next {
            let values = Box::new(ColumnValues::<V>::new(SentTypes::of::<V>(declared)));
            self.columns.push(ColumnRows { position, is_system, values });
        }
        let column = self.columns.get_mut(self.next)?.values.as_any();
        self.next += 1;
        let column = column.downcast_mut::<ColumnValues<V>>()?;
        column.row = self.count;
        Some(column)
    }

    /// A row that a builder made.
    pub fn put_built(&mut self, values: Values) {
        if let Some(copy) = &mut self.copy {
            return copy.put_built(&values);
        }
        self.overrides |= values.overrides;
        self.built.push(values);
    }

    /// The next value is one of the first column.
    pub(crate) fn end_of_row(&mut self) {
        self.next = 0;
        self.count += 1;
    }

    /// The rows of an iterator.
    pub(super) fn of<R: Insertable>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut all = Self::default();
        for row in rows {
            row.add_to(&mut all);
            all.end_of_row();
        }
        all
    }

    /// The columns that are set, and their values.
    pub(super) fn gathered<T: Table>(mut self) -> (Vec<usize>, InsertRows) {
        let count = self.count;
        // A column that no row gives a value has its default by being left out.
        self.columns.retain(|column| !column.is_system && !column.values.is_all_default(count));
        self.columns = complete::<T>(self.columns);
        let made = made_by_client::<T>(|position| {
            self.columns.iter().any(|column| column.position == position)
        });
        let (values, made) = made_rows::<T>(made, count);
        self.columns.extend(values);
        let as_arrays = count > 1 && self.columns.iter().all(|column| column.values.is_array());
        if as_arrays && !self.columns.is_empty() {
            return self.arrays(&made);
        }
        let are_given = |column: &ColumnRows| column.values.absent().is_empty();
        let too_many = count.saturating_mul(self.columns.len() + made.len()) > PARAMS_MAX;
        if too_many && self.columns.iter().all(are_given) {
            return self.regrouped(&made);
        }
        let mut columns: Vec<usize> = self.columns.iter().map(|column| column.position).collect();
        let mut values: Vec<_> =
            self.columns.into_iter().map(|column| column.values.into_nodes().into_iter()).collect();
        let rows = (0..count).map(|_| {
            let row = values.iter_mut().map(|column| column.next().unwrap_or(Node::Default));
            row.chain(made.iter().map(|(_, make)| node::made(*make))).collect()
        });
        let rows = rows.collect();
        columns.extend(made.iter().map(|(at, _)| *at));
        (columns, InsertRows::Values(rows))
    }

    fn regrouped(self, made: &[(usize, fn() -> Node)]) -> (Vec<usize>, InsertRows) {
        let count = self.count;
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        for column in self.columns {
            columns.push(column.position);
            rows.push(column.values.into_rows());
        }
        for (position, make) in made {
            columns.push(*position);
            rows.push(RowsOfColumn::One(make()));
        }
        (columns, InsertRows::Regrouped(rows, arrays::row_count(count), count))
    }

    fn arrays(self, made: &[(usize, fn() -> Node)]) -> (Vec<usize>, InsertRows) {
        let count = self.count;
        let mut columns = Vec::with_capacity(self.columns.len() + made.len());
        let mut nodes = Vec::with_capacity(self.columns.len() + made.len());
        for column in self.columns {
            columns.push(column.position);
            nodes.push(unnest(column.values.into_array()));
        }
        for (position, make) in made {
            columns.push(*position);
            nodes.push(make());
        }
        (columns, InsertRows::Unnest(nodes, count))
    }
}

pub(super) fn unnest(array: Param) -> Node {
    Node::Unnest(array)
}

impl MadeBy {
    /// Makes the value again.
    pub(crate) fn make(&self, ty: postgres_types::Type) -> Option<Param> {
        let made = || match (self.make)() {
            Node::Param(param) => Some(param.value),
            _ => None,
        };
        let value: AnyValue = match &self.rows {
            None => made()?,
            Some(rows) => {
                let value = |row: &Option<AnyValue>| row.clone().or_else(made).map(Erased);
                Arc::new(ArrayOf(rows.iter().map(value).collect::<Option<Vec<Erased>>>()?))
            }
        };
        Some(Param { made_by: Some(self.clone()), ..Param::new(value, ty) })
    }
}

/// A value whose type is not known.
#[derive(Debug)]
pub(super) struct Erased(pub(super) AnyValue);

impl Parameter for Erased {
    fn write_as(
        &self,
        ty: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<postgres_types::IsNull, Failure> {
        self.0.write_as(ty, out)
    }
}

/// The columns that the client makes where a row does not set them.
pub(super) fn made_by_client<T: Table>(
    is_set: impl Fn(usize) -> bool,
) -> Vec<(usize, fn() -> Node)> {
    (0..T::FIELDS.len())
        .filter(|position| !is_set(*position))
        .filter_map(|position| {
            Some((position, super::made_by_client(T::TABLE, T::FIELDS, position)?))
        })
        .collect()
}
