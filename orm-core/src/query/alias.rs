//! [`Alias`]: a second name for a table, so that a query can read it twice.

use super::Table;
use super::column::{Column, TableColumn};
use super::scope::Source;
use std::marker::PhantomData;

/// A second name for a table. Made by [`alias!`](crate::alias).
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

impl<A: Alias, C: TableColumn> TableColumn for Aliased<A, C> {
    type Source = A;
    type Value = C::Value;
    const NAME: &'static str = C::NAME;
    const POSITION: usize = C::POSITION;
}

/// Declares an alias of a table: a type that can be joined, and through which columns are seen.
///
/// ```ignore
/// orm::alias!(pub Manager = Employee);
/// let query = Employee::query().inner_join(Manager, Employee::manager_id.eq(Manager::of(Employee::id)));
/// ```
#[macro_export]
macro_rules! alias {
    ($(#[$meta:meta])* $visibility:vis $alias:ident = $table:ty) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        $visibility struct $alias;

        const _: () = {
            impl $crate::__private::Source for $alias {
                type Row = $table;
                type Id = $crate::__private::name_bits!($alias);
                const SOURCE: $crate::__private::SourceRef = $crate::__private::SourceRef {
                    table: <$table as $crate::__private::Table>::TABLE,
                    name: stringify!($alias),
                };
            }
            impl $crate::__private::Alias for $alias {}
            impl $alias {
                /// A column of the table, seen through this alias.
                $visibility fn of<C>(
                    column: $crate::__private::Column<C>,
                ) -> $crate::__private::Column<$crate::__private::Aliased<$alias, C>>
                where
                    C: $crate::__private::TableColumn<Source = $table>,
                {
                    <Self as $crate::__private::Alias>::of(column)
                }
            }
        };
    };
}
