//! Updates out of structs: a patch, a changed row, many rows with different values in one statement.

use super::Table;
use super::insert::{Rows, target};
use super::node::{Assigned, FromItem, UpdateNode};
use super::update::{Filtered, Update};

/// A struct that changes rows: one with `#[derive(Patch)]`, or that of a table. A field that is absent leaves its column as it
/// is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a patch of a table",
    label = "not a patch",
    note = "put `#[derive(Patch)] #[patch(table = User)]` on the struct"
)]
pub trait Patch: Sized {
    /// The table.
    type Table: Table;
    #[doc(hidden)]
    fn add_to(self, rows: &mut Rows);
}

/// A patch that has the primary key of the row that it changes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which row of its table it changes",
    label = "has no primary key",
    note = "write `#[patch(table = .., keyed)]` on a patch that has the columns of the primary key; a table needs a primary key"
)]
pub trait Keyed {}

/// The name of the rows of values, unless the table has it.
const GIVEN: &str = "given";
const GIVEN_TOO: &str = "given_rows";

impl<T: Table> Update<T, Filtered> {
    /// Saves a changed row: every column that can be set, but those of the primary key, where the primary key is that of the
    /// row. It changes no row if there is none with that key.
    ///
    /// ```
    /// use auth::User;
    /// use orm::Update;
    /// use orm::prelude::*;
    /// async fn rename(db: &Db, mut user: User) -> orm::Result<User> {
    ///     user.name = "Ada".to_owned();
    ///     Update::row(user).returning_all().one(db).await
    /// }
    /// ```
    pub fn row<P: Patch<Table = T> + Keyed>(row: P) -> Self {
        let mut rows = Rows::default();
        row.add_to(&mut rows);
        let (set, filters) = rows.into_change::<T>();
        Self::of(UpdateNode { set, filters, ..Self::empty() })
    }

    /// Changes many rows in one statement, each to its own values: those with the primary keys of the given rows. Of two
    /// given rows with one key, PostgreSQL takes either.
    ///
    /// The values are one parameter for each column, as in [`Insert::values`](super::Insert::values). An empty list changes
    /// nothing and sends nothing.
    ///
    /// ```
    /// use auth::Team;
    /// use orm::Update;
    /// use orm::prelude::*;
    /// async fn save(db: &Db, teams: Vec<Team>) -> orm::Result<u64> {
    ///     Update::rows(teams).execute(db).await
    /// }
    /// ```
    pub fn rows<P: Patch<Table = T> + Keyed>(rows: impl IntoIterator<Item = P>) -> Self {
        let mut all = Rows::default();
        for row in rows {
            row.add_to(&mut all);
            all.end_of_row();
        }
        let name = if target::<T>().name == GIVEN { GIVEN_TOO } else { GIVEN };
        let changes = all.into_changes::<T>(name);
        let from: Vec<FromItem> = changes.from.into_iter().collect();
        let is_empty = from.is_empty();
        Self::of(UpdateNode {
            set: changes.set,
            filters: changes.filters,
            from,
            is_empty,
            ..Self::empty()
        })
    }
}

/// A patch where assignments are: `User::update().set(patch)`, `do_update(patch)`. Its fields of the primary key are left out.
pub struct OfPatch;

/// The assignments of a patch. Called by what the derive makes.
pub fn append_patch<P: Patch>(patch: P, list: &mut Assigned) {
    let mut rows = Rows::default();
    patch.add_to(&mut rows);
    list.extend(rows.into_change::<P::Table>().0);
}
