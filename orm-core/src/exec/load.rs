//! Runs [`Load`]: relations of rows that the program has.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::hidden::hidden;
use crate::exec::row::RawRow;
use crate::exec::run::{DATATYPE_MISMATCH, each_at_once};
use crate::exec::{Executor, levels};
use crate::query::node::Statement;
use crate::query::{Load, LoadQuery, Loadable, Steps, Table, TheseRows, ThisRow, load_query};
use crate::sql::Sql;
use crate::types::cells::Cells;
use crate::types::known::Lookup;
use crate::types::levels::Levels;
use futures_util::future::BoxFuture;
use std::sync::Arc;

impl<Row: Loadable, L: Steps<Row>> Load<Row, L, TheseRows> {
    /// Runs the query; gives all rows, in the order in which they were given, with what was loaded.
    ///
    /// # Errors
    /// What the server reports; a column that the struct cannot hold; no connection.
    pub async fn all(self, executor: &(impl Executor + ?Sized)) -> Result<Vec<L::Output>> {
        run::<Row, L, _>(executor.as_dyn(), self).await
    }
}

impl<Row: Loadable, L: Steps<Row>> Load<Row, L, ThisRow> {
    /// Runs the query; gives the row with what was loaded.
    ///
    /// # Errors
    /// As [`Load::all`].
    pub async fn one(self, executor: &(impl Executor + ?Sized)) -> Result<L::Output> {
        let rows = run::<Row, L, _>(executor.as_dyn(), self).await?;
        rows.into_iter().next().ok_or_else(lost::<Row>)
    }
}

impl<Row: Loadable, L, Rows> Load<Row, L, Rows> {
    /// The SQL and the values of its parameters, without a database.
    ///
    /// # Errors
    /// None of a relation that the derive has made.
    pub fn to_sql(self) -> Result<Sql> {
        let query = load_query(&Arc::new(self.rows), self.relations, self.loading)?;
        Ok(Sql::of(&Statement::Select(query.select)))
    }
}

async fn run<Row: Loadable, L: Steps<Row>, Rows>(
    executor: &dyn Executor,
    load: Load<Row, L, Rows>,
) -> Result<Vec<L::Output>> {
    if load.rows.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Arc::new(load.rows);
    let LoadQuery { select, rows: of_keys } = load_query(&rows, load.relations, load.loading)?;
    let mut loaded: Vec<Option<L::Read>> = Vec::new();
    loaded.resize_with(rows.len(), || None);
    let statement = Statement::Select(select);
    let mut read_levels = |levels: &Levels, lookup: &Lookup<'_>| {
        for place in 0..levels.count() {
            let cells = || Cells::of_level(levels, place, lookup).ok_or_else(lost::<Row>);
            read::<Row, L>(&of_keys, &mut loaded, cells)?;
        }
        Ok(())
    };
    let loading: BoxFuture<'_, _> = Box::pin(levels::all(executor, &statement, &mut read_levels));
    let is_loaded = match loading.await {
        // The database has other types than the code: each column by itself says which.
        Err(error) if error.sqlstate() == Some(DATATYPE_MISMATCH) => false,
        answer => answer?,
    };
    if !is_loaded {
        let mut read = |row: RawRow<'_>| {
            read::<Row, L>(&of_keys, &mut loaded, || Ok(Cells::of_row(row.row, row.lookup)))
        };
        hidden(each_at_once(executor, &statement, &mut read)).await?;
    }
    // The statement has the rows as well.
    drop(statement);
    let rows = Arc::into_inner(rows).ok_or_else(lost::<Row>)?;
    let with = |(row, read): (Row, Option<L::Read>)| Some(L::attach(row, read?));
    let rows: Option<Vec<L::Output>> = rows.into_iter().zip(loaded).map(with).collect();
    rows.ok_or_else(lost::<Row>)
}

/// Reads what was loaded of one key, for each row that has it.
fn read<'c, Row: Loadable, L: Steps<Row>>(
    of_keys: &[Vec<usize>],
    loaded: &mut [Option<L::Read>],
    cells: impl Fn() -> Result<Cells<'c>>,
) -> Result<()> {
    let number: i32 = cells()?.value()?;
    let key = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    for index in key.and_then(|key| of_keys.get(key)).ok_or_else(lost::<Row>)? {
        // Each row of one key has its own copy.
        let mut cells = cells()?;
        cells.skip(1)?;
        if let Some(place) = loaded.get_mut(*index) {
            *place = Some(L::read(&mut cells)?);
        }
    }
    Ok(())
}

/// The server's answer is not that of this query.
fn lost<Row: Loadable>() -> Error {
    let table = <Row::Table as Table>::NAME;
    let message = format!("the relations of a row of table \"{table}\" were not given back");
    Error::new(ErrorKind::Conversion, message).at(Some(table), None)
}
