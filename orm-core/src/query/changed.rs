//! The rows that a change speaks of by a keyword: `excluded` in an upsert, `old` and `new` in `RETURNING`.

use super::alias::Aliased;
use super::column::{Column, TableColumn};
use super::node::Columns;
use super::scope::{Handle, Source};
use crate::query::Table;
use std::marker::PhantomData;

/// The row that an upsert proposed for insertion.
pub struct Excluded<T>(PhantomData<T>);
/// A row as it was before a change.
pub struct Old<T>(PhantomData<T>);
/// A row as it is after a change.
pub struct New<T>(PhantomData<T>);

macro_rules! keyword_rows {
    ($($name:ident $keyword:literal)*) => {$(
        impl<T: Table> Source for $name<T> {
            type Row = T;
            type Id = T::Id;
            type PrimaryKey = T::PrimaryKey;
            const SOURCE: &'static str = $keyword;
            const COLUMNS: Columns = T::COLUMNS;
            const IS_KEYWORD: bool = true;
        }
    )*};
}

keyword_rows! { Excluded "excluded" Old "old" New "new" }

/// The value that an upsert proposed for a column (manual, INSERT, "ON CONFLICT Clause").
///
/// ```
/// use auth::Team;
/// use orm::prelude::*;
/// let seen = Team::insert().id("t").name("T").member_count(1).organization_id("o").created_at(Utc::now());
/// let upsert = seen
///     .on_conflict(Team::id)
///     .do_update(Team::name.set(orm::excluded(Team::name)))
///     .filter(Team::name.ne(orm::excluded(Team::name)));
/// assert!(upsert.to_sql().text.ends_with(
///     r#"DO UPDATE SET "name" = excluded."name", "updated_at" = now() WHERE "team"."name" <> excluded."name""#
/// ));
/// ```
pub fn excluded<C: TableColumn<Source: Table>>(
    column: Column<C>,
) -> Column<Aliased<Excluded<C::Source>, C>> {
    column.through()
}

/// A column, or a whole table, that a change has an old and a new row of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or a table",
    label = "has no old and new value",
    note = "write `orm::old(User::name)`, or `orm::old(User)` for the whole row"
)]
pub trait Changed {
    /// The same of the row before the change.
    type Old;
    /// The same of the row after it.
    type New;
    #[doc(hidden)]
    fn before(self) -> Self::Old;
    #[doc(hidden)]
    fn after(self) -> Self::New;
}

impl<C: TableColumn<Source: Table>> Changed for Column<C> {
    type Old = Column<Aliased<Old<C::Source>, C>>;
    type New = Column<Aliased<New<C::Source>, C>>;

    fn before(self) -> Self::Old {
        self.through()
    }

    fn after(self) -> Self::New {
        self.through()
    }
}

impl<T: Table> Changed for Handle<T> {
    type Old = Handle<Old<T>>;
    type New = Handle<New<T>>;

    fn before(self) -> Self::Old {
        Handle::HANDLE
    }

    fn after(self) -> Self::New {
        Handle::HANDLE
    }
}

/// The value before a change, in `returning(..)`: NULL where a row was inserted. PostgreSQL 18 and later (manual,
/// section 6.4).
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let update = User::update()
///     .set(User::name.set("Ada"))
///     .filter(User::id.eq("ada"))
///     .returning((orm::old(User::name), orm::new(User::name)));
/// assert!(update.to_sql().text.ends_with(r#"RETURNING old."name", new."name""#));
/// ```
pub fn old<X: Changed>(of: X) -> X::Old {
    of.before()
}

/// The value after a change, in `returning(..)`: NULL where a row was deleted. PostgreSQL 18 and later.
pub fn new<X: Changed>(of: X) -> X::New {
    of.after()
}
