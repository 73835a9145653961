//! [`batch`]: several independent statements in one round trip.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::run::{changed_on, rows_on};
use crate::exec::{Executor, Lease};
use crate::query::node::Statement;
use crate::query::{
    Delete, Insert, InsertBuilder, Provided, Query, Restricted, Returning, Table, Update,
};
use crate::types::cells::Decode;
use futures_util::future::{BoxFuture, join_all};

/// Runs statements that do not depend on each other in one round trip, on one session: a tuple of them gives a tuple of
/// what each gives, a `Vec` a `Vec`. A query and what returns rows give all of their rows, others how many rows they
/// changed.
///
/// They run one after the other, in an order that is not to be relied on. All of them run: where one fails the others are tried
/// too, but in a transaction, which has failed then. Outside of a transaction each is permanent by itself. A statement that the
/// session has not prepared yet needs one more round trip, which others may share.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// async fn page(db: &Db, id: &str) -> orm::Result<(Vec<User>, Vec<String>, u64)> {
///     orm::batch(db, (
///         User::query().filter(User::id.eq(id)),
///         Session::query().filter(Session::user_id.eq(id)).select(Session::token),
///         User::update().set(User::name.set("Ada")).filter(User::id.eq(id)),
///     ))
///     .await
/// }
/// ```
///
/// # Errors
/// That of a statement that failed: the first in the list, and never one that says no more than that another one failed before.
pub async fn batch<B: Batch>(
    executor: &(impl Executor + ?Sized),
    statements: B,
) -> Result<B::Output> {
    let lease = executor.as_dyn().lease_for_statement().await?;
    statements.run(&lease).await
}

/// What [`batch`] runs: statements, and tuples and lists of them.
pub trait Batch: Send {
    /// What it gives.
    type Output: Send + 'static;

    /// Sends what there is when it is polled for the first time.
    #[doc(hidden)]
    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<Self::Output>>;
}

/// Statements that give rows.
fn rows<'l, Row: Decode + 'l>(
    statement: Statement,
    lease: &'l Lease<'_>,
) -> BoxFuture<'l, Result<Vec<Row>>> {
    Box::pin(rows_on(Lease::borrowed(lease.session()), statement))
}

/// Statements that change rows.
fn changed<'l>(statement: Statement, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<u64>> {
    Box::pin(async move { changed_on(lease, &statement).await })
}

impl<S: Send, Row: Decode + 'static, H: Send> Batch for Query<S, Row, H>
where
    Self: Send,
{
    type Output = Vec<Row>;

    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<Self::Output>> {
        rows(self.into_statement(), lease)
    }
}

impl<Row: Decode + 'static, T> Batch for Returning<Row, T>
where
    Self: Send,
{
    type Output = Vec<Row>;

    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<Self::Output>> {
        rows(self.statement, lease)
    }
}

impl<T: Table> Batch for Insert<T>
where
    Self: Send,
{
    type Output = u64;

    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<u64>> {
        changed(self.into_statement(), lease)
    }
}

impl<B> Batch for B
where
    B: InsertBuilder + Send,
    B::State: Provided,
{
    type Output = u64;

    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<u64>> {
        changed(self.build().into_statement(), lease)
    }
}

/// A change of rows that says which.
macro_rules! of_rows {
    ($($change:ident),*) => {$(
        impl<T: Table, Rows: Restricted<T>> Batch for $change<T, Rows>
        where
            Self: Send,
        {
            type Output = u64;

            fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<u64>> {
                changed(self.into_statement(), lease)
            }
        }
    )*};
}

of_rows!(Update, Delete);

/// What failed, as the caller should see it.
#[derive(Default)]
struct Failures(Option<Error>);

impl Failures {
    fn settle<T>(&mut self, answer: Result<T>) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(error) => {
                // Of the statements after one that has failed a transaction the server says that it has (25P02).
                let follows = |error: &Error| error.sqlstate() == Some("25P02");
                if self.0.as_ref().is_none_or(follows) {
                    self.0 = Some(error);
                }
                None
            }
        }
    }

    fn or<T>(self, value: Option<T>) -> Result<T> {
        match (self.0, value) {
            (None, Some(value)) => Ok(value),
            (Some(error), _) => Err(error),
            (None, None) => {
                Err(Error::new(ErrorKind::Query, "a statement of the batch gave nothing"))
            }
        }
    }
}

impl<B: Batch> Batch for Vec<B> {
    type Output = Vec<B::Output>;

    fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<Self::Output>> {
        let running: Vec<_> = self.into_iter().map(|statement| statement.run(lease)).collect();
        Box::pin(async {
            // All of them: an answer that no caller waits for would keep the session busy.
            let answers = join_all(running).await;
            let mut failures = Failures::default();
            let values: Vec<Option<_>> =
                answers.into_iter().map(|answer| failures.settle(answer)).collect();
            failures.or(values.into_iter().collect())
        })
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Batch),*> Batch for ($($name,)*) {
            type Output = ($($name::Output,)*);

            #[expect(non_snake_case, reason = "a value has the name of its type")]
            fn run<'l>(self, lease: &'l Lease<'_>) -> BoxFuture<'l, Result<Self::Output>> {
                let ($($name,)*) = self;
                $(let $name = $name.run(lease);)*
                Box::pin(async {
                    let ($($name,)*) = tokio::join!(biased; $($name),*);
                    let mut failures = Failures::default();
                    let settled = ($(failures.settle($name),)*);
                    let values = match settled {
                        ($(Some($name),)*) => Some(($($name,)*)),
                        _ => None,
                    };
                    failures.or(values)
                })
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
