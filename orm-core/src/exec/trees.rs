//! Runs the statements of this library on a session: one whose shape is known is neither rendered nor prepared again.

use crate::error::{Error, Result};
use crate::exec::params::{Sent, typed};
use crate::exec::session::failed;
use crate::exec::statements::{Cache, Form, Known};
use crate::exec::{Session, errors};
use crate::query::node::{Param, Select, Statement as Tree};
use crate::sql::{Rendered, levels, render};
use crate::types::known::has_composite;
use crate::types::levels::LevelPlan;
use std::sync::Arc;
use tokio_postgres::types::Type;
use tokio_postgres::{RowStream, Statement};

impl Session {
    /// Starts a statement, as [`start`](Self::start) does, and gives its text too. `rendered` is none where it is to be prepared under a name: one that is known already is not rendered.
    pub(crate) async fn start_tree(
        &self,
        tree: &Tree,
        rendered: Option<Rendered<'_>>,
    ) -> Result<(RowStream, Arc<str>)> {
        let known =
            if rendered.is_none() { self.statements.known(tree, Form::Plain) } else { None };
        let Some(known) = known else {
            // Boxed: it is rare, and its size would be that of every query's future.
            return Box::pin(self.start_new(tree, rendered)).await;
        };
        self.start_known(tree, known).await
    }

    async fn start_known(&self, tree: &Tree, known: Known<'_>) -> Result<(RowStream, Arc<str>)> {
        let watch = self.watch();
        // A future that is handed over is copied: only where there is a limit.
        let answer = match self.query_timeout {
            None => self.query_known(&known).await,
            Some(_) => Box::pin(self.limited(&known.text, self.query_known(&known))).await,
        };
        match watch.settled(answer) {
            Ok((rows, _on_its_way)) => Ok((rows, known.text)),
            Err(error) => Err(of_tree(error, tree, known.params.iter())),
        }
    }

    async fn start_new(
        &self,
        tree: &Tree,
        rendered: Option<Rendered<'_>>,
    ) -> Result<(RowStream, Arc<str>)> {
        let (rendered, cache) = self.rendered(tree, rendered)?;
        self.start_rendered(tree, rendered, cache, None).await
    }

    async fn start_rendered(
        &self,
        tree: &Tree,
        rendered: Rendered<'_>,
        cache: Cache,
        plan: Option<&Arc<LevelPlan>>,
    ) -> Result<(RowStream, Arc<str>)> {
        let answer = async {
            let params = self.encoded(&typed(&rendered)).await?;
            self.start(&rendered.text, &params, cache).await
        };
        let rows =
            answer.await.map_err(|error| of_tree(error, tree, rendered.params.iter().copied()))?;
        self.note_shape(tree, &rendered, cache, plan);
        Ok((rows, rendered.text.into()))
    }

    /// Starts a query with relations as levels, and gives its text and what its columns are to each level; none where it cannot be
    /// one of levels.
    pub(crate) async fn start_levels(
        &self,
        tree: &Tree,
        select: &Select,
    ) -> Result<Option<(RowStream, Arc<str>, Arc<LevelPlan>)>> {
        if let Some(mut known) = self.statements.known(tree, Form::Levels)
            && let Some(plan) = known.plan.take()
        {
            let (rows, text) = self.start_known(tree, known).await?;
            return Ok(Some((rows, text, plan)));
        }
        let Some((rendered, plan)) = levels::render(select) else { return Ok(None) };
        let plan = Arc::new(plan);
        let started = self.start_rendered(tree, rendered, Cache::Named, Some(&plan)).await;
        started.map(|(rows, text)| Some((rows, text, plan)))
    }

    /// Runs a statement of ours, as [`start_tree`](Self::start_tree) does, and gives how many rows it changed.
    pub(crate) async fn change_tree(
        &self,
        tree: &Tree,
        rendered: Option<Rendered<'_>>,
    ) -> Result<u64> {
        let known =
            if rendered.is_none() { self.statements.known(tree, Form::Plain) } else { None };
        let Some(known) = known else {
            return Box::pin(self.change_new(tree, rendered)).await;
        };
        let watch = self.watch();
        let answer = match self.query_timeout {
            None => self.change_known(&known).await,
            Some(_) => Box::pin(self.limited(&known.text, self.change_known(&known))).await,
        };
        match watch.settled(answer) {
            Ok((changed, watch)) => {
                watch.answered();
                Ok(changed)
            }
            Err(error) => Err(of_tree(error, tree, known.params.iter())),
        }
    }

    async fn change_new(&self, tree: &Tree, rendered: Option<Rendered<'_>>) -> Result<u64> {
        let (rendered, cache) = self.rendered(tree, rendered)?;
        let changed = self.typed_execute(&rendered.text, &typed(&rendered), cache).await;
        let changed =
            changed.map_err(|error| of_tree(error, tree, rendered.params.iter().copied()))?;
        self.note_shape(tree, &rendered, cache, None);
        Ok(changed)
    }

    /// The text of a statement that is not known, and how it is sent.
    fn rendered<'a>(
        &self,
        tree: &'a Tree,
        rendered: Option<Rendered<'a>>,
    ) -> Result<(Rendered<'a>, Cache)> {
        match rendered {
            Some(rendered) => Ok((rendered, Cache::Unnamed)),
            None => Ok((render(tree)?, Cache::Named)),
        }
    }

    /// Has the statement be found by its shape. The attributes of a composite type are asked for each time.
    fn note_shape(
        &self,
        tree: &Tree,
        rendered: &Rendered<'_>,
        cache: Cache,
        plan: Option<&Arc<LevelPlan>>,
    ) {
        let is_composite = |param: &&Param| has_composite(&param.ty);
        if cache == Cache::Named && !rendered.params.iter().any(is_composite) {
            self.statements.add_shape(tree, rendered, plan);
        }
    }

    async fn query_known(&self, known: &Known<'_>) -> Result<RowStream> {
        if known.has_hidden_types {
            self.look_up_columns(&known.statement).await?;
        }
        match self.client.query_raw(&known.statement, known.params.iter().map(Sent)).await {
            Ok(rows) => Ok(rows),
            Err(error) => {
                let again = async {
                    let statement = self.prepared_again(error, known).await?;
                    let rows = self.client.query_raw(&statement, known.params.iter().map(Sent));
                    rows.await.map_err(|error| failed(error, &known.text))
                };
                Box::pin(again).await
            }
        }
    }

    async fn change_known(&self, known: &Known<'_>) -> Result<u64> {
        match self.client.execute_raw(&known.statement, known.params.iter().map(Sent)).await {
            Ok(changed) => Ok(changed),
            Err(error) => {
                let again = async {
                    let statement = self.prepared_again(error, known).await?;
                    let changed =
                        self.client.execute_raw(&statement, known.params.iter().map(Sent));
                    changed.await.map_err(|error| failed(error, &known.text))
                };
                Box::pin(again).await
            }
        }
    }

    /// The statement once more, where that is why it has failed; else the error.
    #[cold]
    async fn prepared_again(
        &self,
        error: tokio_postgres::Error,
        known: &Known<'_>,
    ) -> Result<Statement> {
        if !self.is_stale(&error, &known.text, false) {
            return Err(failed(error, &known.text));
        }
        let types: Vec<Type> = known.params.iter().map(|param| param.ty.clone()).collect();
        self.prepare(&known.text, &types).await
    }
}

/// An error of a statement of ours, with what it is about.
#[cold]
fn of_tree<'p>(error: Error, tree: &Tree, params: impl Iterator<Item = &'p Param>) -> Error {
    errors::placed(errors::hint_at_missing_migration(error), tree, &params.collect::<Vec<_>>())
}
