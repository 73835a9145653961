//! [`Merge`]: `MERGE` (manual, MERGE). PostgreSQL 15 and later.

use super::Table;
use super::assignment::Assignments;
use super::changed::{New, Old};
use super::expression::{Boolean, Expression};
use super::insert::target;
use super::node::{Assigned, MergeAction, MergeNode, MergeWhen, Node, Output, Statement};
use super::reads::{InScope, PerRow};
use super::returning::Returning;
use super::scope::{Handle, NotYetIn, Nullable, Required, Source};
use super::selection::Selection;
use super::source::IntoSource;
use super::update::add_client_values;
use super::{Writable, insert::whole};
use std::marker::PhantomData;

/// What a clause for rows that match reads.
type Both<T, S> = (Required<T>, Required<S>);
/// What `RETURNING` reads: a row may have matched none of the source, and may have been inserted or deleted.
type Changes<T, S> = (Required<T>, Nullable<S>, Nullable<Old<T>>, Nullable<New<T>>);

/// Starts a merge into a table: its rows are compared with those of a source, and inserted, updated or deleted.
///
/// The first `WHEN` clause that fits a row decides. PostgreSQL 15 and later.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// let merge = orm::merge(User)
///     .using(Session, Session::user_id.eq(User::id))
///     .when_matched()
///     .filter(User::image.is_null())
///     .update(User::image.set(Session::user_agent))
///     .when_not_matched()
///     .do_nothing();
/// assert_eq!(
///     merge.to_sql(),
///     concat!(
///         r#"MERGE INTO "user" USING "session" ON "session"."user_id" = "user"."id" "#,
///         r#"WHEN MATCHED AND "user"."image" IS NULL THEN UPDATE SET "image" = "session"."user_agent", "updated_at" = now() "#,
///         r#"WHEN NOT MATCHED THEN DO NOTHING"#,
///     )
/// );
/// ```
pub fn merge<T: Table + Writable>(_: Handle<T>) -> MergeInto<T> {
    MergeInto(PhantomData)
}

/// A merge that waits for its source.
#[must_use = "name the source: `.using(source, condition)`"]
#[derive(Debug)]
pub struct MergeInto<T>(PhantomData<fn() -> T>);

impl<T: Table> MergeInto<T> {
    /// The source, and the condition by which its rows match rows of the table.
    pub fn using<F, C, Place>(self, source: F, on: C) -> Merge<T, F::Source>
    where
        F: IntoSource,
        F::Source: NotYetIn<(Required<T>,)>,
        C: Expression,
        C::Value: Boolean,
        C::Reads: InScope<Both<T, F::Source>, Place> + PerRow,
    {
        let node = MergeNode {
            with: Vec::new(),
            target: target::<T>(),
            source: source.into_item(),
            on: on.into_node(),
            when: Vec::new(),
            returning: Vec::new(),
            not_made: None,
        };
        Merge { node, types: PhantomData }
    }
}

/// A merge of the rows of the source `S` into the table `T`.
#[must_use = "a merge does nothing until it is run: `.execute(&db)`"]
pub struct Merge<T, S> {
    node: MergeNode,
    types: PhantomData<fn() -> (T, S)>,
}

impl<T, S> Clone for Merge<T, S> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, S> std::fmt::Debug for Merge<T, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

/// A row of the table and one of the source match.
pub enum Matched {}
/// A row of the source matches none of the table.
pub enum NotMatched {}
/// A row of the table matches none of the source.
pub enum NotMatchedBySource {}

impl<T: Table, S: Source> Merge<T, S> {
    /// `WHEN MATCHED`: a row of the table and one of the source match.
    pub fn when_matched(self) -> When<T, S, Matched> {
        When::new(self, "MATCHED")
    }

    /// `WHEN NOT MATCHED`: a row of the source matches none of the table. It can be inserted.
    pub fn when_not_matched(self) -> When<T, S, NotMatched> {
        When::new(self, "NOT MATCHED")
    }

    /// `WHEN NOT MATCHED BY SOURCE`: a row of the table matches none of the source. PostgreSQL 17 and later.
    pub fn when_not_matched_by_source(self) -> When<T, S, NotMatchedBySource> {
        When::new(self, "NOT MATCHED BY SOURCE")
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Merge(self.node)
    }

    /// Gives the rows that were inserted, updated or deleted. PostgreSQL 17 and later.
    pub fn returning_all(mut self) -> Returning<T> {
        self.node.returning = vec![whole::<T>()];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows that were inserted, updated or deleted. PostgreSQL 17 and later.
    pub fn returning<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        L: Selection<Changes<T, S>, Places>,
        L::Reads: PerRow,
    {
        let mut outputs: Vec<Output> = Vec::new();
        list.append_to(&mut outputs);
        self.node.returning = outputs;
        Returning::new(self.into_statement())
    }
}

/// A clause of a merge that waits to hear what to do.
#[must_use = "say `.update(..)`, `.insert(..)`, `.delete()` or `.do_nothing()`"]
pub struct When<T, S, Rows> {
    merge: Merge<T, S>,
    when: &'static str,
    filters: Vec<Node>,
    rows: PhantomData<fn() -> Rows>,
}

impl<T, S, R> std::fmt::Debug for When<T, S, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "when {} of {:?}", self.when, self.merge)
    }
}

/// What a clause can read.
pub trait WhenRows<T, S> {
    /// The sources.
    type Reads;
}

impl<T, S> WhenRows<T, S> for Matched {
    type Reads = Both<T, S>;
}

impl<T, S> WhenRows<T, S> for NotMatched {
    type Reads = (Required<S>,);
}

impl<T, S> WhenRows<T, S> for NotMatchedBySource {
    type Reads = (Required<T>,);
}

/// The rows of a clause are rows of the table: they can be updated and deleted.
#[diagnostic::on_unimplemented(
    message = "`{Self}`: there is no row of the table to update or delete",
    label = "no row of the table",
    note = "`when_not_matched()` is followed by `.insert(..)` or `.do_nothing()`"
)]
pub trait OfTheTable {}
impl OfTheTable for Matched {}
impl OfTheTable for NotMatchedBySource {}

impl<T: Table, S: Source, R: WhenRows<T, S>> When<T, S, R> {
    fn new(merge: Merge<T, S>, when: &'static str) -> Self {
        Self { merge, when, filters: Vec::new(), rows: PhantomData }
    }

    /// `AND`: the clause is for these rows only; called twice, both must hold.
    pub fn filter<C, Place>(mut self, condition: C) -> Self
    where
        C: Expression,
        C::Value: Boolean,
        C::Reads: InScope<R::Reads, Place> + PerRow,
    {
        self.filters.push(condition.into_node());
        self
    }

    /// Leaves the rows as they are.
    pub fn do_nothing(self) -> Merge<T, S> {
        self.then(MergeAction::Nothing)
    }

    /// Updates the row of the table; columns with `on_update = ..` are set too.
    pub fn update<A: Assignments<T, Place, R::Reads>, Place>(self, assignments: A) -> Merge<T, S>
    where
        R: OfTheTable,
    {
        let mut set = Assigned::None;
        assignments.append_to(&mut set);
        if !set.is_empty() {
            add_client_values(T::TABLE, T::FIELDS, &mut set);
        }
        self.then(MergeAction::Update(set))
    }

    /// Deletes the row of the table.
    pub fn delete(self) -> Merge<T, S>
    where
        R: OfTheTable,
    {
        self.then(MergeAction::Delete)
    }

    fn then(self, action: MergeAction) -> Merge<T, S> {
        let Self { mut merge, when, filters, .. } = self;
        merge.node.when.push(MergeWhen { when, filters, action });
        merge
    }
}

impl<T: Table, S: Source> When<T, S, NotMatched> {
    /// Inserts a row: columns that are not set get their defaults. A `default_fn` is not called for the rows of a source: where there is
    /// no default of the server, the column is set, or running the merge is an error.
    pub fn insert<A: Assignments<T, Place, (Required<S>,)>, Place>(
        self,
        assignments: A,
    ) -> Merge<T, S> {
        let mut set = Assigned::None;
        assignments.append_to(&mut set);
        for (position, column) in T::TABLE.columns.iter().enumerate() {
            let name: &'static str = &column.name;
            let made = super::insert::made_for_all(T::TABLE, T::FIELDS, position);
            if let Some(make) = made.filter(|_| !set.iter().any(|(set, _)| *set == name)) {
                set.push((name, super::node::made(make)));
            }
        }
        let is_set = |position: usize| {
            let column = T::TABLE.columns.get(position);
            column.is_some_and(|column| set.iter().any(|(set, _)| *set == column.name))
        };
        let not_made = super::insert::not_made::<T>(is_set);
        let mut merge = self.then(MergeAction::Insert(set));
        merge.node.not_made = merge.node.not_made.or(not_made);
        merge
    }
}
