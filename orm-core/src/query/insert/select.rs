//! `INSERT INTO .. SELECT ..`: the columns and the query have the same types.

use super::super::Table;
use super::super::column::{Column, Overridable, Same, Settable, TableColumn};
use super::super::node::{InsertNode, InsertRows, Output};
use super::super::scope::Complete;
use super::super::select::{Query, Selected};
use super::super::stored::StoredIn;
use super::{Insert, made_for_all, not_made, of_rows, target};
use crate::types::Value;
use std::marker::PhantomData;

/// An insert that waits for the columns and the query whose rows it inserts.
#[must_use = "name the columns, `.columns(..)`, and the query, `.select(..)`"]
pub struct InsertInto<T, Columns = (), Values = UserValues> {
    columns: Vec<usize>,
    overrides: bool,
    types: PhantomData<fn() -> (T, Columns, Values)>,
}

/// Only the server sets its `identity` columns.
pub enum UserValues {}
/// `OVERRIDING SYSTEM VALUE`.
pub enum SystemValues {}

impl<T: Table, C, V> std::fmt::Debug for InsertInto<T, C, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "insert into {} of columns {:?}", <T as Table>::NAME, self.columns)
    }
}

impl<T: Table> InsertInto<T> {
    pub(super) fn new() -> Self {
        Self { columns: Vec::new(), overrides: false, types: PhantomData }
    }

    /// `OVERRIDING SYSTEM VALUE`: an `identity` column can be among the columns.
    pub fn overriding_system_value(self) -> InsertInto<T, (), SystemValues> {
        InsertInto { columns: self.columns, overrides: true, types: PhantomData }
    }
}

impl<T: Table, V> InsertInto<T, (), V> {
    /// The columns that are set, in the order in which the query gives their values. The others get their defaults.
    pub fn columns<C: InsertColumns<T, V>>(self, columns: C) -> InsertInto<T, C, V> {
        InsertInto { columns: columns.positions(), overrides: self.overrides, types: PhantomData }
    }
}

impl<T: Table, C, V> InsertInto<T, C, V> {
    /// The query whose rows are inserted. It gives a value of the right type for each column.
    ///
    /// A `default_fn` is not called for the rows of a query: where there is no default of the server, the column is one of the columns,
    /// or running the insert is an error.
    pub fn select<S: Complete, Row: Puts<C>, G>(
        self,
        query: Query<S, Row, Selected<G>>,
    ) -> Insert<T> {
        let Self { mut columns, overrides, .. } = self;
        let mut select = query.select;
        let not_made = not_made::<T>(|position| columns.contains(&position));
        for position in 0..T::FIELDS.len() {
            // The order of a set operation's columns is that of its parts.
            if !columns.contains(&position)
                && select.set.is_none()
                && let Some(make) = made_for_all(T::TABLE, T::FIELDS, position)
                && !matches!(select.distinct, super::super::node::Distinct::Rows)
            {
                columns.push(position);
                select.outputs.push(Output::Node(make()));
            }
        }
        let rows = InsertRows::Select(Box::new(select));
        let node = of_rows(target::<T>(), columns.into(), rows, overrides);
        Insert::of(InsertNode { not_made, ..node })
    }
}

/// Columns of the table `T` that an insert sets from a query: one, or a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not columns of table `{T}` that an insert sets",
    label = "not columns of `{T}` that are set",
    note = "give a column, `{T}::id`, or a tuple of columns; an `identity` needs `.overriding_system_value()` first"
)]
pub trait InsertColumns<T, Values> {
    #[doc(hidden)]
    fn positions(&self) -> Vec<usize>;
}

/// A column that an insert from a query sets.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of table `{T}` that an insert sets",
    label = "not a column of `{T}` that is set",
    note = "a generated column is never set, an `identity` after `.overriding_system_value()`"
)]
pub trait InsertColumn<T, Values> {
    #[doc(hidden)]
    fn position(&self) -> usize;
}

#[diagnostic::do_not_recommend]
impl<T, C: Settable<Source: Same<T>>> InsertColumn<T, UserValues> for Column<C> {
    fn position(&self) -> usize {
        C::POSITION
    }
}

#[diagnostic::do_not_recommend]
impl<T, C: Overridable<Source: Same<T>>> InsertColumn<T, SystemValues> for Column<C> {
    fn position(&self) -> usize {
        C::POSITION
    }
}

#[diagnostic::do_not_recommend]
impl<T, V, C> InsertColumns<T, V> for Column<C>
where
    Self: InsertColumn<T, V>,
{
    fn positions(&self) -> Vec<usize> {
        vec![InsertColumn::position(self)]
    }
}

/// `Self`, a row of a query, has a value for each of the columns.
#[diagnostic::on_unimplemented(
    message = "the query gives `{Self}`, which does not fit the columns of the insert",
    label = "the rows of this query do not fit",
    note = "the columns are {Columns}"
)]
pub trait Puts<Columns> {}

/// `Self`, a value of a query, can be put into the column `C`.
#[diagnostic::on_unimplemented(
    message = "the query gives `{Self}`, which cannot be put into the column `{C}`",
    label = "a value of this query does not fit"
)]
pub trait PutInto<C> {}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, V: Value + StoredIn<C::Value>> PutInto<C> for V {}

impl<C: TableColumn, V: Value + PutInto<C>> Puts<Column<C>> for V {}

macro_rules! columns {
    ($($column:ident $value:ident $name:ident),+) => {
        impl<T, V, $($column),+> InsertColumns<T, V> for ($(Column<$column>,)+)
        where
            $(Column<$column>: InsertColumn<T, V>),+
        {
            fn positions(&self) -> Vec<usize> {
                let ($($name,)+) = self;
                vec![$(InsertColumn::position($name)),+]
            }
        }
        impl<$($column: TableColumn, $value: PutInto<$column>),+> Puts<($(Column<$column>,)+)>
            for ($($value,)+) {}
    };
}

columns!(A VA a);
columns!(A VA a, B VB b);
columns!(A VA a, B VB b, C VC c);
columns!(A VA a, B VB b, C VC c, D VD d);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k, L VL l);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k, L VL l, M VM m);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k, L VL l, M VM m, N VN n);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k, L VL l, M VM m, N VN n, O VO o);
columns!(A VA a, B VB b, C VC c, D VD d, E VE e, F VF f, G VG g, H VH h, I VI i, J VJ j, K VK k, L VL l, M VM m, N VN n, O VO o, P VP p);
