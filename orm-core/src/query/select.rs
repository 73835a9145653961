//! [`Query`]: a select.

use super::Table;
use super::expr::Expr;
use super::node::{Join, JoinKind, Node, Param, Select, Statement};
use super::order::OrderBy;
use super::relation::{Relation, RelationDefinition, RelationOf, StartsAt};
use super::scope::{Handle, In, InScope, NotYetIn, Out, Scope, Source};
use super::selection::Selection;
use std::marker::PhantomData;

/// The shape of a query that gives whole rows: it can still be joined, and relations loaded.
pub enum Whole {}
/// The shape of a query that gives chosen columns and expressions.
pub enum Selected {}

/// A select from the sources `Sources` that gives values of type `Row`.
///
/// It keeps one Rust type however many filters are added.
#[must_use = "a query does nothing until it is run: `.all(&db)`, `.first(&db)`, `.one(&db)`, .."]
pub struct Query<Sources, Row, Shape = Whole> {
    pub(crate) select: Select,
    types: PhantomData<fn() -> (Sources, Row, Shape)>,
}

impl<S, R, H> Clone for Query<S, R, H> {
    fn clone(&self) -> Self {
        Self::new(self.select.clone())
    }
}

impl<S, R, H> std::fmt::Debug for Query<S, R, H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.select.fmt(f)
    }
}

impl<T: Table> Query<(In<T>,), T> {
    pub(crate) fn of_table() -> Self {
        Self::new(Select::of(T::SOURCE))
    }
}

impl<Sources, Row, Shape> Query<Sources, Row, Shape> {
    pub(crate) fn new(select: Select) -> Self {
        Self { select, types: PhantomData }
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Select(self.select)
    }

    /// Keeps only the rows for which `condition` holds; called twice, both must hold.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::email.eq("ada@example.com")).select(User::id);
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."id" FROM "user" WHERE "user"."email" = $1"#);
    /// ```
    pub fn filter<S, Place>(mut self, condition: Expr<bool, S>) -> Self
    where
        S: InScope<Sources, Place>,
    {
        self.select.filters.push(condition.into_node());
        self
    }

    /// Sorts by one key or a tuple of keys; called twice, the second sorts within the first.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().order_by((User::name.asc(), User::image.desc().nulls_last())).select(User::id);
    /// let sql = query.to_sql().text;
    /// assert!(sql.ends_with(r#"ORDER BY "user"."name", "user"."image" DESC NULLS LAST"#));
    /// ```
    pub fn order_by<O, Place>(mut self, order: O) -> Self
    where
        O: OrderBy<Sources, Place>,
    {
        self.select.order.extend(order.into_keys());
        self
    }

    /// Gives at most this many rows.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let page = User::query().order_by(User::id.asc()).limit(20).offset(40).select(User::id);
    /// assert!(page.to_sql().text.ends_with("LIMIT $1 OFFSET $2"));
    /// ```
    pub fn limit(mut self, rows: u64) -> Self {
        self.select.limit = Some(Param::rows(rows));
        self
    }

    /// Passes over this many rows first.
    pub fn offset(mut self, rows: u64) -> Self {
        self.select.offset = Some(Param::rows(rows));
        self
    }

    /// Gives equal rows once: `SELECT DISTINCT`.
    pub fn distinct(mut self) -> Self {
        self.select.distinct = true;
        self
    }

    /// Locks the rows until the transaction ends: `FOR UPDATE` (manual, section 13.3.2).
    pub fn for_update(mut self) -> Self {
        self.select.lock = Some("FOR UPDATE");
        self
    }
}

impl<Sources: Scope, Row> Query<Sources, Row> {
    /// Adds a source; rows without a match are left out.
    ///
    /// The result is a tuple with the rows of all sources.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn active(db: &Db) -> orm::Result<Vec<(Session, User)>> {
    ///     Session::query()
    ///         .inner_join(User, Session::user_id.eq(User::id))
    ///         .filter(Session::expires_at.gt(Utc::now()))
    ///         .all(db)
    ///         .await
    /// }
    /// ```
    pub fn inner_join<S, C, Place>(
        self,
        source: Handle<S>,
        on: Expr<bool, C>,
    ) -> Query<Sources::With<In<S>>, <Sources::With<In<S>> as Scope>::Row>
    where
        S: Source + NotYetIn<Sources>,
        C: InScope<Sources::With<In<S>>, Place>,
    {
        let _ = source;
        self.joined(JoinKind::Inner, S::SOURCE, on.into_node())
    }

    /// Adds a source; rows without a match stay, with `None` in its place.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn all(db: &Db) -> orm::Result<Vec<(User, Option<Session>)>> {
    ///     User::query().left_join(Session, Session::user_id.eq(User::id)).all(db).await
    /// }
    /// ```
    pub fn left_join<S, C, Place>(
        self,
        source: Handle<S>,
        on: Expr<bool, C>,
    ) -> Query<Sources::With<Out<S>>, <Sources::With<Out<S>> as Scope>::Row>
    where
        S: Source + NotYetIn<Sources>,
        C: InScope<Sources::With<Out<S>>, Place>,
    {
        let _ = source;
        self.joined(JoinKind::Left, S::SOURCE, on.into_node())
    }

    fn joined<NewSources, NewRow>(
        mut self,
        kind: JoinKind,
        source: super::node::SourceRef,
        on: super::node::Node,
    ) -> Query<NewSources, NewRow> {
        self.select.joins.push(Join { kind, source, on });
        self.select.outputs.push(super::node::Output::Source(source));
        Query::new(self.select)
    }

    /// Gives these columns and expressions instead of whole rows: one, or a tuple.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn names(db: &Db) -> orm::Result<Vec<(String, Option<DateTime<Utc>>)>> {
    ///     // A column of a left-joined table is an `Option`.
    ///     let query = User::query().left_join(Session, Session::user_id.eq(User::id));
    ///     query.select((User::name, Session::expires_at)).all(db).await
    /// }
    /// ```
    pub fn select<L, Places>(mut self, list: L) -> Query<Sources, L::Row, Selected>
    where
        L: Selection<Sources, Places>,
    {
        self.select.outputs = list.into_outputs();
        Query::new(self.select)
    }
}

impl<T: Table, Row> Query<(In<T>,), Row> {
    /// Loads a relation of the table with each row, in the same round trip.
    ///
    /// The result holds the row, which it dereferences to, and a field named like the relation.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn page(db: &Db) -> orm::Result<()> {
    ///     let newest = User::sessions.order_by(Session::created_at.desc()).limit(5);
    ///     for user in User::query().with(newest).with(User::accounts).all(db).await? {
    ///         println!("{}: {} {}", user.name, user.sessions.len(), user.accounts.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn with<R: RelationOf<T>>(mut self, relation: R) -> Query<(In<T>,), R::Loaded<Row>> {
        self.select.outputs.push(super::node::Output::Relation(Box::new(relation.into_nested())));
        Query::new(self.select)
    }
}

impl<T: Table> Query<(In<T>,), T> {
    /// Joins the table that a relation leads to; rows without a match are left out.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// let query = Session::query().join(Session::user).filter(User::name.like("A%")).select(Session::id);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "session"."id" FROM "session" INNER JOIN "user" ON "user"."id" = "session"."user_id" WHERE "user"."name" LIKE $1"#
    /// );
    /// ```
    pub fn join<R>(self, relation: Relation<R>) -> Query<(In<T>, In<R::To>), (T, R::To)>
    where
        R: RelationDefinition + StartsAt<T>,
        R::To: NotYetIn<(In<T>,)>,
    {
        let _ = relation;
        let (from, to) = (T::SOURCE, R::To::SOURCE);
        let equal = R::KEYS.iter().map(|(of_from, of_to)| {
            let to = Node::Column { source: to.name, column: of_to };
            let from = Node::Column { source: from.name, column: of_from };
            Node::Binary(Box::new(to), "=", Box::new(from))
        });
        let on = match equal.collect::<Vec<_>>() {
            mut one if one.len() == 1 => one.swap_remove(0),
            several => Node::And(several),
        };
        self.joined(JoinKind::Inner, to, on)
    }
}
