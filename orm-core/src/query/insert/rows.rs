//! Rows out of structs: the values of each column are gathered, so that any number of rows is one parameter a column.

use super::super::Table;
use super::super::column::{Column, Declared, Overridable, Settable, TableColumn};
use super::super::maybe::Maybe;
use super::super::node::{
    self, AnyValue, InsertNode, InsertRows, MadeBy, Node, PARAMS_MAX, Param, Positions,
    RowsOfColumn,
};
use super::arrays;
use super::completed::{complete, made_rows};
use super::copy::RowWriter;
use super::values::{ColumnValues, EXPECTED_MAX, Gathered, SentTypes};
use super::{Place, Values, made_columns, of_built, of_row, of_rows, target};
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
    fn add_given(self, to: Next<'_>);
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, F: GivenAs<C::Value>> Given<C> for F {
    fn given(self) -> Option<C::Value> {
        self.given_as()
    }

    fn add_given(self, to: Next<'_>) {
        self.add_to(to);
    }
}

/// A field that gives a value of type `V`, or none for the default.
pub trait GivenAs<V>: Sized {
    #[doc(hidden)]
    fn given_as(self) -> Option<V>;

    /// Adds it to the values of a column.
    #[doc(hidden)]
    fn add_to(self, column: Next<'_>)
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

    fn add_to(self, column: Next<'_>) {
        match self {
            Self::Absent => column.put(None::<V>),
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

            fn add_to(self, column: Next<'_>) {
                let value: &<$owned as Deref>::Target = &self;
                column.put_borrowed::<$owned>(&value, || value.to_owned());
            }
        }
        impl GivenAs<Option<$owned>> for $borrowed {
            fn given_as(self) -> Option<Option<$owned>> {
                Some(Some(self.into()))
            }

            fn add_to(self, column: Next<'_>) {
                let value: &<$owned as Deref>::Target = &self;
                column.put_borrowed::<Option<$owned>>(&value, || Some(value.to_owned()));
            }
        }
        impl GivenAs<Option<$owned>> for Option<$borrowed> {
            fn given_as(self) -> Option<Option<$owned>> {
                Some(self.map(Into::into))
            }

            fn add_to(self, column: Next<'_>) {
                let value = self.as_ref().map(|value| -> &<$owned as Deref>::Target { value });
                column.put_borrowed::<Option<$owned>>(&value, || value.map(ToOwned::to_owned));
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
    /// Those of the first row of an insert that are written when they are put: they become columns when there is a second row.
    first: Option<Values>,
    /// The column of the row that comes next.
    next: usize,
    /// Rows of builders.
    pub(super) built: Vec<Values>,
    pub(super) overrides: bool,
    pub(super) count: usize,
    /// How many rows there will be, at least.
    expected: usize,
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
        self.put_value(value, place::<C::Value>(C::POSITION, C::NAME, C::DECLARED), false);
    }

    /// A value of an `identity` column of the table's own struct.
    pub fn put_identity<C: Overridable>(&mut self, value: C::Value) {
        self.put_value(value, place::<C::Value>(C::POSITION, C::NAME, C::DECLARED), true);
    }

    /// A value of a column that a patch sets, or finds its row by.
    pub fn put_patch<C: Overridable>(&mut self, column: Column<C>, value: impl Given<C>) {
        self.put_any(column, value);
    }

    fn put_any<C: TableColumn>(&mut self, _: Column<C>, value: impl Given<C>) {
        if let Some(copy) = &mut self.copy {
            return copy.put(value.given().as_ref().map(|value| value as _));
        }
        let place = place::<C::Value>(C::POSITION, C::NAME, C::DECLARED);
        value.add_given(Next { rows: self, place, is_system: false });
    }

    fn put_value<V: Value>(&mut self, value: V, place: Place, is_system: bool) {
        if let Some(copy) = &mut self.copy {
            return copy.put(Some(&value));
        }
        Next { rows: self, place, is_system }.put(Some(value));
    }

    /// The column that the next value of the row is one of. Each row of one struct puts the same columns in the same order.
    fn next_column<V: Value>(
        &mut self,
        place: &Place,
        is_system: bool,
    ) -> Option<&mut ColumnValues<V>> {
        let position = place.position;
        if self.columns.get(self.next).is_none_or(|column| column.position != position) {
            let types = SentTypes::of::<V>(place.declared);
            let mut values = Box::new(ColumnValues::<V>::new(types, self.expected));
            if self.count > 0 {
                values.put_first(self.first.as_ref().and_then(|first| first.written(position)));
            }
            self.columns.insert(self.next, ColumnRows { position, is_system, values });
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
        if self.built.is_empty() {
            self.built.reserve(self.expected.min(EXPECTED_MAX));
        }
        self.built.push(values);
    }

    /// The next value is one of the first column.
    pub(crate) fn end_of_row(&mut self) {
        self.next = 0;
        self.count += 1;
    }

    /// The rows of an iterator, which are inserted.
    pub(super) fn to_insert<R: Insertable>(rows: impl IntoIterator<Item = R>) -> Self {
        Self { first: Some(Values::new()), ..Self::default() }.with(rows)
    }

    /// The rows of an iterator.
    pub(super) fn of<R: Insertable>(rows: impl IntoIterator<Item = R>) -> Self {
        Self::default().with(rows)
    }

    fn with<R: Insertable>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        let rows = rows.into_iter();
        self.expected = rows.size_hint().0;
        for row in rows {
            row.add_to(&mut self);
            self.end_of_row();
        }
        self
    }

    /// The insert of the rows.
    pub(super) fn into_insert<T: Table>(mut self) -> InsertNode {
        let target = target::<T>();
        if !self.built.is_empty() {
            return of_built(target, T::FIELDS, self.built);
        }
        let overrides = self.overrides;
        if let (1, Some(mut row)) = (self.count, self.first.take()) {
            row.overrides = overrides;
            for column in self.columns {
                for node in column.values.into_nodes() {
                    if !matches!(node, Node::Default) {
                        row.put(column.position, node);
                    }
                }
            }
            return of_row(target, T::FIELDS, row);
        }
        let (columns, rows) = self.gathered::<T>();
        of_rows(target, columns, rows, overrides)
    }

    /// The columns that several rows set, and their values.
    fn gathered<T: Table>(mut self) -> (Positions, InsertRows) {
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
        let mut columns: Positions = self.columns.iter().map(|column| column.position).collect();
        let mut values: Vec<_> =
            self.columns.into_iter().map(|column| column.values.into_nodes().into_iter()).collect();
        let rows = (0..count).map(|_| {
            let row = values.iter_mut().map(|column| column.next().unwrap_or(Node::Default));
            row.chain(made.iter().map(|(_, make)| node::made(*make))).collect()
        });
        let rows: Vec<Vec<Node>> = rows.collect();
        columns.extend(made.iter().map(|(at, _)| *at));
        (columns, InsertRows::Values(rows.into()))
    }

    fn regrouped(self, made: &[(usize, fn() -> Node)]) -> (Positions, InsertRows) {
        let count = self.count;
        let (mut columns, mut rows) = (Positions::new(), Vec::new());
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

    fn arrays(self, made: &[(usize, fn() -> Node)]) -> (Positions, InsertRows) {
        let count = self.count;
        let mut columns = Positions::new();
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

/// Where the next value of a row is put.
pub struct Next<'a> {
    rows: &'a mut Rows,
    place: Place,
    is_system: bool,
}

/// A column of the type `V`.
fn place<V: Value>(position: usize, name: &'static str, declared: Declared) -> Place {
    Place { position, name, declared, array_type: V::array_type }
}

impl Next<'_> {
    /// Puts a value, none for the default.
    fn put<V: Value>(mut self, value: Option<V>) {
        if self.is_taken(value.as_ref().map(|value| value as _)) {
            return;
        }
        if let Some(column) = self.rows.next_column::<V>(&self.place, self.is_system) {
            column.put(value);
        }
    }

    /// Puts a value that is only made owned where it cannot be written as it is.
    fn put_borrowed<V: Value>(mut self, value: &dyn Parameter, owned: impl FnOnce() -> V) {
        if self.is_taken(Some(value)) {
            return;
        }
        if let Some(column) = self.rows.next_column::<V>(&self.place, self.is_system) {
            column.put_borrowed(value, owned);
        }
    }

    /// Whether an insert needs no column for it: the server makes it, or it is of the first row and was written.
    fn is_taken(&mut self, value: Option<&dyn Parameter>) -> bool {
        let Some(first) = &mut self.rows.first else { return false };
        if self.is_system {
            return true;
        }
        self.rows.count == 0 && value.is_none_or(|value| first.write(&self.place, value))
    }
}

pub(super) fn unnest(array: Param) -> Node {
    Node::Unnest(array)
}

impl MadeBy {
    /// Makes the value again.
    pub(crate) fn make(&self, ty: postgres_types::Type) -> Option<Param> {
        let made = || match (self.make)() {
            Node::Param(param) => Some(param.value.shared()),
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
    made_columns(T::TABLE, T::FIELDS).filter(|(position, _)| !is_set(*position)).collect()
}
