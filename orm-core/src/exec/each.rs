//! Reading rows one by one, without copying what they hold.

use crate::error::Result;
use crate::exec::Executor;
use crate::exec::hidden::hidden;
use crate::exec::row::RawRow;
use crate::exec::run::each;
use crate::query::{Query, Returning};
use crate::types::DecodeBorrowed;
use crate::types::cells::Cells;

macro_rules! for_each {
    ([$($generics:tt)*] $statement:ty) => {
        impl<$($generics)*> $statement {
            /// Reads each row as it arrives and hands it to `read`, which stops by an error. Texts and bytes are borrowed from the
            /// row: nothing is copied, and no row is kept.
            ///
            /// ```
            /// use auth::User;
            /// use orm::prelude::*;
            /// async fn longest(db: &Db) -> orm::Result<usize> {
            ///     let mut longest = 0;
            ///     let query = User::query().select((User::name, User::image));
            ///     query.for_each(db, |(name, image): (&str, Option<&str>)| {
            ///         longest = longest.max(name.len() + image.map_or(0, str::len));
            ///         Ok(())
            ///     }).await?;
            ///     Ok(longest)
            /// }
            /// ```
            ///
            /// # Errors
            /// What the server reports; a column that cannot be read; no connection; what `read` gives.
            pub async fn for_each<F>(self, executor: &(impl Executor + ?Sized), mut read: F) -> Result<()>
            where
                Row: DecodeBorrowed,
                F: for<'r> FnMut(Row::Borrowed<'r>) -> Result<()> + Send,
            {
                let mut read = |row: RawRow<'_>| {
                    read(Row::decode_borrowed(&mut Cells::of_row(row.row, row.lookup))?)
                };
                hidden(each(executor.as_dyn(), &self.into_statement(), &mut read)).await
            }
        }
    };
}

for_each!([S, Row, H] Query<S, Row, H>);
for_each!([Row, T] Returning<Row, T>);
