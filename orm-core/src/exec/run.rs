//! The terminal methods of queries: they live here, so that `query` never knows `exec`.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{AnyExecutor, Cache, Executor, Param};
use crate::query::node::{self, From, InsertRows, Select, Statement};
use crate::query::scope::Complete;
use crate::query::{
    Delete, Insert, InsertBuilder, Provided, Query, Restricted, Returning, Table, Update,
};
use crate::sql::{Rendered, Sql, render};
use crate::types::Lookup;
use crate::types::cells::{Cells, Decode};
use futures_util::{StreamExt as _, pin_mut};
use std::collections::VecDeque;

impl<S, Row: Decode, H> Query<S, Row, H> {
    /// All rows.
    ///
    /// # Errors
    /// What the server reports; a column that the struct cannot hold; no connection.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn names(db: &Db) -> orm::Result<Vec<String>> {
    ///     User::query().order_by(User::name.asc()).select(User::name).all(db).await
    /// }
    /// ```
    pub async fn all(self, executor: &impl Executor) -> Result<Vec<Row>>
    where
        S: Complete,
    {
        rows(executor, &self.into_statement()).await
    }

    /// The first row, if there is one: `LIMIT 1`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first(self, executor: &impl Executor) -> Result<Option<Row>>
    where
        S: Complete,
    {
        Ok(rows(executor, &self.at_most(1)).await?.into_iter().next())
    }

    /// The only row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`all`](Self::all).
    pub async fn one(self, executor: &impl Executor) -> Result<Row>
    where
        S: Complete,
    {
        let table = self.select.table().to_owned();
        only(rows(executor, &self.at_most(2)).await?, &table)
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn count(self, executor: &impl Executor) -> Result<i64>
    where
        S: Complete,
    {
        one_value(executor, &Statement::Count(self.select)).await
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// What the server reports; no connection.
    pub async fn exists(self, executor: &impl Executor) -> Result<bool>
    where
        S: Complete,
    {
        one_value(executor, &Statement::Exists(self.select)).await
    }

    /// The statement, with at most this many rows.
    fn at_most(mut self, rows: u64) -> Statement {
        // A limit of the query's own stays, if it is smaller: it is a parameter, whose value is not looked into.
        self.select.limit.get_or_insert_with(|| node::Param::rows(rows));
        self.into_statement()
    }
}

impl<Row: Decode> Returning<Row> {
    /// Runs the statement and gives all its rows.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; no connection.
    pub async fn all(self, executor: &impl Executor) -> Result<Vec<Row>> {
        rows(executor, &self.statement).await
    }

    /// Runs the statement and gives its first row, if there is one.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first(self, executor: &impl Executor) -> Result<Option<Row>> {
        Ok(rows(executor, &self.statement).await?.into_iter().next())
    }

    /// Runs the statement and gives its only row.
    ///
    /// The statement has run, also if it gave none or several: in a transaction, roll back on the error.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and [`ErrorKind::TooManyRows`]; else as [`all`](Self::all).
    pub async fn one(self, executor: &impl Executor) -> Result<Row> {
        let table = self.statement.table().to_owned();
        only(rows(executor, &self.statement).await?, &table)
    }
}

impl<T: Table> Insert<T> {
    /// Runs the insert; gives the number of rows that were inserted, or updated on a conflict: 0 if it has no rows.
    ///
    /// # Errors
    /// An upsert that sets nothing; what the server reports, with the constraint that was violated; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<u64> {
        changed(executor, &self.into_statement()).await
    }
}

impl<T: Table, Rows, S> Update<T, Rows, S> {
    /// Runs the update; gives the number of rows that it changed.
    ///
    /// # Errors
    /// An update that sets nothing; what the server reports; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<u64>
    where
        Rows: Restricted<T>,
    {
        changed(executor, &self.into_statement()).await
    }
}

impl<T: Table, Rows, S> Delete<T, Rows, S> {
    /// Runs the delete; gives the number of rows that it deleted.
    ///
    /// # Errors
    /// What the server reports, with the foreign key that was violated; no connection.
    pub async fn execute(self, executor: &impl Executor) -> Result<u64>
    where
        Rows: Restricted<T>,
    {
        changed(executor, &self.into_statement()).await
    }
}

/// Runs the insert that a builder has gathered. In the prelude, so that every builder has it.
pub trait ExecuteInsert: InsertBuilder {
    /// Runs the insert; gives the number of rows that were inserted.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; no connection.
    fn execute(self, executor: &impl Executor) -> impl Future<Output = Result<u64>> + Send
    where
        Self::State: Provided,
    {
        let statement = self.build().into_statement();
        async move { changed(executor, &statement).await }
    }

    /// The SQL and the values of its parameters, without a database.
    fn to_sql(&self) -> Sql
    where
        Self: Clone,
        Self::State: Provided,
    {
        self.clone().build().to_sql()
    }
}

impl<B: InsertBuilder> ExecuteInsert for B {}

/// `to_sql` of every statement.
macro_rules! to_sql {
    ([$($generics:tt)*] $statement:ty $(where $($bound:tt)*)?) => {
        impl<$($generics)*> $statement {
            /// The SQL and the values of its parameters, without a database.
            pub fn to_sql(&self) -> Sql $(where $($bound)*)? {
                Sql::of(&self.clone().into_statement())
            }
        }
    };
}

to_sql!([S, Row, H] Query<S, Row, H>);
to_sql!([Row] Returning<Row>);
to_sql!([T: Table] Insert<T>);
to_sql!([T: Table, Rows, S] Update<T, Rows, S> where Rows: Restricted<T>);
to_sql!([T: Table, Rows, S] Delete<T, Rows, S> where Rows: Restricted<T>);

fn parts<'a>(rendered: &Rendered<'a>) -> Vec<Param<'a>> {
    rendered.params.iter().map(|param| (&*param.value as _, param.ty.clone())).collect()
}

/// A statement whose text varies with the number of rows would only push others out of the cache.
fn cache(statement: &Statement) -> Cache {
    match statement {
        Statement::Insert(insert) if matches!(&insert.rows, InsertRows::Values(rows) if rows.len() > 1) => {
            Cache::Unnamed
        }
        _ => Cache::Named,
    }
}

/// An insert of an empty list of rows: there is nothing to ask the server.
fn inserts_nothing(statement: &Statement) -> bool {
    let Statement::Insert(insert) = statement else { return false };
    match &insert.rows {
        InsertRows::Values(rows) => rows.is_empty(),
        InsertRows::Unnest(_, rows) => *rows == 0,
        InsertRows::Select(_) => false,
    }
}

/// The rows of a statement. Only the reading of a row is made anew for each type: compile time is a speed too.
async fn rows<Row: Decode>(executor: &dyn AnyExecutor, statement: &Statement) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut read = |cells: &mut Cells<'_>| {
        rows.push(Row::decode(cells)?);
        Ok(())
    };
    each(executor, statement, &mut read).await?;
    Ok(rows)
}

/// How often types may be looked up for one statement: a level of nested rows needs one. A server that names other
/// types in each row comes to an end here.
const LOOKUPS_MAX: usize = 32;

/// Reads each row as it arrives.
async fn each(
    executor: &dyn AnyExecutor,
    statement: &Statement,
    read: &mut (dyn FnMut(&mut Cells<'_>) -> Result<()> + Send),
) -> Result<()> {
    let rendered = render(statement)?;
    if inserts_nothing(statement) {
        return Ok(());
    }
    let session = executor.lease_any().await?;
    let stream = session.typed_stream(&rendered.text, &parts(&rendered), cache(statement)).await;
    let stream = stream.map_err(perhaps_behind)?;
    pin_mut!(stream);
    let mut composites = Vec::new();
    // A row whose types have to be looked up, and those after it: the session sends them first.
    let mut waiting = VecDeque::new();
    let mut is_over = false;
    let mut lookups_left = LOOKUPS_MAX;
    loop {
        let row = match waiting.pop_front() {
            Some(row) => row,
            None if is_over => break,
            None => match stream.next().await {
                Some(row) => row?,
                None => break,
            },
        };
        let (answer, asked) = {
            let lookup = Lookup::new(session.types());
            let answer = read(&mut Cells::of_row(&row, &lookup));
            (answer, lookup.asked())
        };
        composites.extend(asked.composites);
        match answer {
            Err(_) if !asked.missing.is_empty() && lookups_left > 0 => {
                lookups_left -= 1;
                waiting.push_front(row);
                while !is_over {
                    match stream.next().await {
                        Some(row) => waiting.push_back(row?),
                        None => is_over = true,
                    }
                }
                session.look_up(&asked.missing).await?;
            }
            answer => answer.map_err(|error| error.with_sql(&rendered.text))?,
        }
    }
    composites.sort_unstable();
    composites.dedup();
    if !composites.is_empty() {
        session.still_known(&composites).await.map_err(|error| error.with_sql(&rendered.text))?;
    }
    Ok(())
}

async fn changed(executor: &dyn AnyExecutor, statement: &Statement) -> Result<u64> {
    let rendered = render(statement)?;
    if inserts_nothing(statement) {
        return Ok(0);
    }
    let session = executor.lease_any().await?;
    let count = session.typed_execute(&rendered.text, &parts(&rendered), cache(statement)).await;
    count.map_err(perhaps_behind)
}

/// A query of ours names what the code declares: where the server does not know it, a migration is missing.
fn perhaps_behind(error: Error) -> Error {
    match error.sqlstate() {
        // Undefined table, column, type, schema (manual, appendix A).
        Some("42P01" | "42703" | "42704" | "3F000") if error.hint_text().is_none() => error.hint(
            "the database may be behind the code: run `orm-migrate diff`, then `orm-migrate apply`",
        ),
        _ => error,
    }
}

async fn one_value<V: Decode>(executor: &dyn AnyExecutor, statement: &Statement) -> Result<V> {
    let table = statement.table();
    only(rows(executor, statement).await?, table)
}

fn only<Row>(rows: Vec<Row>, table: &str) -> Result<Row> {
    let count = rows.len();
    let mut rows = rows.into_iter();
    match (rows.next(), rows.next()) {
        (Some(row), None) => Ok(row),
        (None, _) => {
            Err(Error::new(ErrorKind::NotFound, format!("no row of table \"{table}\" matches"))
                .at(Some(table), None)
                .hint("use `first` if there may be none"))
        }
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::TooManyRows,
            format!("{count} or more rows of table \"{table}\" match, where one is expected"),
        )
        .at(Some(table), None)
        .hint("use `first` or `all`, or filter by a unique column")),
    }
}

impl Select {
    fn table(&self) -> &'static str {
        let Some(source) = &self.from else {
            return self.set.as_ref().map_or("", |set| set.left.table());
        };
        match source.from {
            From::Table(table) | From::Sample(table, ..) => &table.name,
            _ => source.name,
        }
    }
}

impl Statement {
    /// The name of the table that the statement is about.
    fn table(&self) -> &'static str {
        match self {
            Self::Select(select) | Self::Count(select) | Self::Exists(select) => select.table(),
            Self::Insert(insert) => &insert.target.table.name,
            Self::Update(update) => &update.target.table.name,
            Self::Delete(delete) => &delete.target.table.name,
        }
    }
}
