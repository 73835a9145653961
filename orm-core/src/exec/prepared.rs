//! Running prepared queries: nothing is built and nothing rendered.

use crate::error::{Error, Result};
use crate::exec::levels::prepared as of_levels;
use crate::exec::run::{changed_of, changes_nothing, limit, only, rows_of};
use crate::exec::session::TypedParam;
use crate::exec::{Cache, Executor, errors};
use crate::query::node::{self, Statement};
use crate::query::{Arguments, Changes, GivenParam as Given, Prepared, PreparedText};
use crate::sql::{Rendered, Sql, levels, render};
use crate::types::Parameter;
use crate::types::cells::Decode;
use crate::types::levels::LevelPlan;
use std::sync::Arc;

/// Which of the texts of a prepared query: their places in `texts`, and the most rows that each gives.
const WHOLE: (usize, Option<u64>) = (0, None);
const FIRST: (usize, Option<u64>) = (1, Some(1));
const ONE: (usize, Option<u64>) = (2, Some(2));

impl<A, Row> Prepared<A, Row> {
    /// The SQL, with the values that are fixed: those of placeholders are not known.
    pub fn to_sql(&self) -> Sql {
        Sql::of(&self.statement)
    }

    /// A text, which is rendered the first time.
    fn text(&self, (place, rows): (usize, Option<u64>)) -> Result<Option<&PreparedText>> {
        let Some(cell) = self.texts.get(place) else { return Ok(None) };
        if let Some(text) = cell.get() {
            return Ok(Some(text));
        }
        let limited = match (&self.statement, rows) {
            (Statement::Select(select), Some(rows)) => {
                let mut select = select.clone();
                limit(&mut select, rows);
                Some(Statement::Select(select))
            }
            _ => None,
        };
        let statement = limited.as_ref().unwrap_or(&self.statement);
        let by_levels = match statement {
            Statement::Select(select) => levels::render(select),
            _ => None,
        };
        let text = match by_levels {
            Some((rendered, plan)) => self.given(&rendered, Some(Arc::new(plan))),
            None => self.given(&render(statement)?, None),
        };
        Ok(Some(cell.get_or_init(|| text)))
    }

    fn given(&self, rendered: &Rendered<'_>, plan: Option<Arc<LevelPlan>>) -> PreparedText {
        let given = |param: &&node::Param| {
            let is_it = |other: &node::Param| other.value.is_same(&param.value);
            match self.placeholders.iter().position(is_it) {
                Some(place) => Given::Argument(place, param.ty.clone()),
                None => match &param.made_by {
                    Some(made_by) => Given::Made(made_by.clone(), param.ty.clone()),
                    None => Given::Fixed((*param).clone()),
                },
            }
        };
        PreparedText {
            sql: rendered.text.as_str().into(),
            params: rendered.params.iter().map(given).collect(),
            plan,
        }
    }

    async fn rows(
        &self,
        executor: &(impl Executor + ?Sized),
        which: (usize, Option<u64>),
        arguments: impl Arguments<A>,
    ) -> Result<Vec<Row>>
    where
        Row: Decode,
    {
        let Some(text) = self.text(which)? else { return Ok(Vec::new()) };
        if changes_nothing(&self.statement) {
            return Ok(Vec::new());
        }
        let values = arguments.values();
        let made = made(text);
        let params = params(text, values.as_ref(), &made);
        let executor = executor.as_dyn();
        let rows = match &text.plan {
            None => rows_of(executor, &text.sql, &params, Cache::Named).await,
            // Boxed: its size would be that of every future.
            Some(plan) => Box::pin(of_levels(executor, &text.sql, plan, &params)).await,
        };
        rows.map_err(|error| self.placed(error, text))
    }

    #[cold]
    fn placed(&self, error: Error, text: &PreparedText) -> Error {
        let param = |given: &'_ Given| match given {
            Given::Fixed(param) => Some(param.clone()),
            Given::Made(made_by, ty) => made_by.make(ty.clone()),
            Given::Argument(place, _) => self.placeholders.get(*place).cloned(),
        };
        let params: Vec<node::Param> = text.params.iter().filter_map(param).collect();
        errors::placed(error, &self.statement, &params.iter().collect::<Vec<_>>())
    }
}

/// The values that the client makes for this run.
fn made(text: &PreparedText) -> Vec<node::Param> {
    let made = |given: &Given| match given {
        Given::Made(made_by, ty) => made_by.make(ty.clone()),
        _ => None,
    };
    text.params.iter().filter_map(made).collect()
}

/// The values of the parameters, in their order.
fn params<'a>(
    text: &'a PreparedText,
    values: &[&'a dyn Parameter],
    made: &'a [node::Param],
) -> Vec<TypedParam<'a>> {
    let mut made = made.iter();
    let value = |given: &'a Given| match given {
        Given::Fixed(param) => Some((&*param.value as _, param.ty.clone())),
        Given::Made(_, ty) => Some((&*made.next()?.value as _, ty.clone())),
        Given::Argument(place, ty) => Some((*values.get(*place)?, ty.clone())),
    };
    text.params.iter().filter_map(value).collect()
}

impl<A, Row: Decode> Prepared<A, Row> {
    /// All rows, with these values for the placeholders.
    ///
    /// # Errors
    /// As [`all`](crate::query::Query::all) of a query.
    pub async fn all(
        &self,
        executor: &(impl Executor + ?Sized),
        arguments: impl Arguments<A>,
    ) -> Result<Vec<Row>> {
        self.rows(executor, WHOLE, arguments).await
    }

    /// The first row, if there is one: `LIMIT 1`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn first(
        &self,
        executor: &(impl Executor + ?Sized),
        arguments: impl Arguments<A>,
    ) -> Result<Option<Row>> {
        Ok(self.rows(executor, FIRST, arguments).await?.into_iter().next())
    }

    /// The only row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) and [`ErrorKind::TooManyRows`](crate::ErrorKind::TooManyRows); else as
    /// [`all`](Self::all).
    pub async fn one(
        &self,
        executor: &(impl Executor + ?Sized),
        arguments: impl Arguments<A>,
    ) -> Result<Row> {
        only(self.rows(executor, ONE, arguments).await?, self.statement.table())
    }
}

impl<A> Prepared<A, Changes> {
    /// Runs the insert, update or delete with these values for the placeholders; gives how many rows it changed.
    ///
    /// # Errors
    /// What the server reports, with the constraint that was violated; no connection.
    pub async fn execute(
        &self,
        executor: &(impl Executor + ?Sized),
        arguments: impl Arguments<A>,
    ) -> Result<u64> {
        let Some(text) = self.text(WHOLE)? else { return Ok(0) };
        if changes_nothing(&self.statement) {
            return Ok(0);
        }
        let values = arguments.values();
        let made = made(text);
        let params = params(text, values.as_ref(), &made);
        let changed = changed_of(executor.as_dyn(), &text.sql, &params, Cache::Named).await;
        changed.map_err(|error| self.placed(error, text))
    }
}
