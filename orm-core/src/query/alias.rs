//! [`Alias`]: a second name for a table, so that a query can read it twice.

use super::Table;
use super::column::{Column, Settable, TableColumn};
use super::scope::Source;
use std::marker::PhantomData;

/// A second name for a table. Made by `orm::alias!`.
pub trait Alias: Source {
    /// A column of the table, seen through the alias.
    fn of<C>(column: Column<C>) -> Column<Aliased<Self, C>>
    where
        Self: Sized,
        C: TableColumn<Source = Self::Row>,
        Self::Row: Table,
    {
        column.through::<Self>()
    }
}

/// The column `C`, seen through the alias `A`.
pub struct Aliased<A, C>(PhantomData<(A, C)>);

impl<A: Alias, C: Settable> Settable for Aliased<A, C> {}

impl<A: Alias, C: TableColumn> TableColumn for Aliased<A, C> {
    type Source = A;
    type Value = C::Value;
    const NAME: &'static str = C::NAME;
    const POSITION: usize = C::POSITION;
}
