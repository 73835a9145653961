//! Runs [`Load`]: relations of rows that the program has.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::Executor;
use crate::exec::row::RawRow;
use crate::exec::run::each;
use crate::query::node::Statement;
use crate::query::{Load, LoadQuery, Loadable, Steps, Table, TheseRows, ThisRow, load_query};
use crate::sql::Sql;
use crate::types::cells::Cells;
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
        let query = load_query(&Arc::new(self.rows), self.relations)?;
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
    let LoadQuery { select, rows: of_keys } = load_query(&rows, load.relations)?;
    let mut loaded: Vec<Option<L::Read>> = Vec::new();
    loaded.resize_with(rows.len(), || None);
    let mut read = |row: RawRow<'_>| {
        let mut cells = Cells::of_row(row.row, row.lookup);
        let number: i32 = cells.value()?;
        let key = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let key = key.and_then(|key| of_keys.get(key)).ok_or_else(lost::<Row>)?;
        for index in key {
            // Each row of one key has its own copy.
            let mut cells = Cells::of_row(row.row, row.lookup);
            cells.skip(1)?;
            if let Some(place) = loaded.get_mut(*index) {
                *place = Some(L::read(&mut cells)?);
            }
        }
        Ok(())
    };
    each(executor, Statement::Select(select), &mut read).await?;
    // The statement is gone, and the rows are its no more.
    let rows = Arc::into_inner(rows).ok_or_else(lost::<Row>)?;
    let with = |(row, read): (Row, Option<L::Read>)| Some(L::attach(row, read?));
    let rows: Option<Vec<L::Output>> = rows.into_iter().zip(loaded).map(with).collect();
    rows.ok_or_else(lost::<Row>)
}

/// The server's answer is not that of this query.
fn lost<Row: Loadable>() -> Error {
    let table = <Row::Table as Table>::NAME;
    let message = format!("the relations of a row of table \"{table}\" were not given back");
    Error::new(ErrorKind::Conversion, message).at(Some(table), None)
}
