//! `EXPLAIN` of any statement.

use crate::error::Result;
use crate::exec::run::rows_of;
use crate::exec::{Cache, Db, Executor};
use crate::query::node::Statement;
use crate::query::{Delete, Insert, Query, Restricted, Returning, Table, Update};
use crate::sql::render_whole;
use crate::types::cells::Decode;

/// The plan of a statement: how the server would run it, or has run it (manual, EXPLAIN).
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// async fn plans(db: &Db) -> orm::Result<()> {
///     let query = User::query().filter(User::email.eq("ada@example.com"));
///     println!("{}", query.explain().text(db).await?);
///     println!("{}", query.explain().analyze().buffers().text(db).await?);
///     Ok(())
/// }
/// ```
#[must_use = "nothing is explained until it is asked for: `.text(&db)`"]
#[derive(Debug, Clone)]
pub struct Explain {
    statement: Statement,
    options: Vec<&'static str>,
}

impl Explain {
    fn new(statement: Statement) -> Self {
        Self { statement, options: Vec::new() }
    }

    fn with(mut self, option: &'static str) -> Self {
        if !self.options.contains(&option) {
            self.options.push(option);
        }
        self
    }

    /// `ANALYZE`: runs the statement, and says how long each part took and how many rows it gave.
    ///
    /// An insert, update or delete really changes its rows. Ask for [`text_rolled_back`](Self::text_rolled_back) to undo it, or run it
    /// in a transaction of your own and roll that back.
    pub fn analyze(self) -> Self {
        self.with("ANALYZE")
    }

    /// `BUFFERS`: how many pages were read, and where from.
    pub fn buffers(self) -> Self {
        self.with("BUFFERS")
    }

    /// `VERBOSE`: also the output columns of each part.
    pub fn verbose(self) -> Self {
        self.with("VERBOSE")
    }

    /// `SETTINGS`: also the settings that change how the server plans, where they are not the default.
    pub fn settings(self) -> Self {
        self.with("SETTINGS")
    }

    /// `WAL`: how much was written to the write-ahead log. Needs [`analyze`](Self::analyze).
    pub fn wal(self) -> Self {
        self.with("WAL")
    }

    /// `COSTS OFF`: leaves out estimates, which vary from one server to the next.
    pub fn without_costs(self) -> Self {
        self.with("COSTS OFF")
    }

    /// `TIMING OFF`: does not measure each part, which can be slow. Needs [`analyze`](Self::analyze).
    pub fn without_timing(self) -> Self {
        self.with("TIMING OFF")
    }

    /// `SUMMARY OFF`: leaves out the times of planning and running.
    pub fn without_summary(self) -> Self {
        self.with("SUMMARY OFF")
    }

    /// The plan as text, line by line as `psql` shows it.
    ///
    /// # Errors
    /// What the server reports, also of an option that it does not know or that needs another; no connection.
    pub async fn text(&self, executor: &(impl Executor + ?Sized)) -> Result<String> {
        let lines: Vec<String> = self.rows(executor, "FORMAT TEXT").await?;
        Ok(lines.join("\n"))
    }

    /// The plan as text, after what the statement has changed was undone: it runs in a transaction that is rolled back.
    ///
    /// Sequences stay where they are, and triggers that reach outside of the database have done so.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub async fn text_rolled_back(&self, db: &Db) -> Result<String> {
        let tx = db.begin().await?;
        let text = self.text(&tx).await?;
        tx.rollback().await?;
        Ok(text)
    }

    /// The plan as a JSON document (manual, section 14.1).
    ///
    /// # Errors
    /// As [`text`](Self::text).
    #[cfg(feature = "json")]
    pub async fn json(&self, executor: &(impl Executor + ?Sized)) -> Result<serde_json::Value> {
        let plans: Vec<serde_json::Value> = self.rows(executor, "FORMAT JSON").await?;
        Ok(plans.into_iter().next().unwrap_or_default())
    }

    /// The plan as a JSON document, after what the statement has changed was undone: see
    /// [`text_rolled_back`](Self::text_rolled_back).
    ///
    /// # Errors
    /// As [`text`](Self::text).
    #[cfg(feature = "json")]
    pub async fn json_rolled_back(&self, db: &Db) -> Result<serde_json::Value> {
        let tx = db.begin().await?;
        let plan = self.json(&tx).await?;
        tx.rollback().await?;
        Ok(plan)
    }

    async fn rows<Row: Decode>(
        &self,
        executor: &(impl Executor + ?Sized),
        format: &'static str,
    ) -> Result<Vec<Row>> {
        let rendered = render_whole(&self.statement)?;
        let mut sql = String::from("EXPLAIN (");
        for option in &self.options {
            sql.push_str(option);
            sql.push_str(", ");
        }
        sql.push_str(format);
        sql.push_str(") ");
        sql.push_str(&rendered.text);
        rows_of(executor.as_dyn(), &sql, &super::params::typed(&rendered), Cache::Unnamed).await
    }
}

/// `explain` of every statement.
macro_rules! explain {
    ([$($generics:tt)*] $statement:ty $(where $($bound:tt)*)?) => {
        impl<$($generics)*> $statement {
            /// How the server would run it: see [`Explain`].
            pub fn explain(&self) -> Explain $(where $($bound)*)? {
                Explain::new(self.clone().into_statement())
            }
        }
    };
}

explain!([S, Row, H] Query<S, Row, H>);
explain!([Row, T] Returning<Row, T>);
explain!([T: Table] Insert<T>);
explain!([T: Table, Rows, S] Update<T, Rows, S> where Rows: Restricted<T>);
explain!([T: Table, Rows, S] Delete<T, Rows, S> where Rows: Restricted<T>);
