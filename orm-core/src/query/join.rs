//! Joins: how a second source is added to a query (manual, section 7.2.1).

use super::alias::RelationOfAlias;
use super::condition::IntoCondition;
use super::node::{FromItem, Join, JoinKind, Node, Output};
use super::related::Relation;
use super::relation::{FixedValue, RelationDefinition};
use super::scope::{HasRoom, NotYetIn, Nullable, PartOf, Required, Scope, Source};
use super::select::{Joinable, Query};
use super::source::IntoSource;

/// What a source is joined on: a condition, or a relation that leads to the source.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a condition nor a relation that leads to `{S}`",
    label = "cannot be joined on this",
    note = "give a condition, `Session::user_id.eq(User::id)`, or a relation of a table of the query, `Session::user`"
)]
pub trait JoinOn<Scope, S, Place> {
    #[doc(hidden)]
    fn into_on(self) -> Option<Node>;
}

/// The marker of a join on a condition.
pub struct ByCondition<Place>(std::marker::PhantomData<Place>);
/// The marker of a join on a relation.
pub struct ByRelation<Place>(std::marker::PhantomData<Place>);

impl<C: IntoCondition<Scope, Place>, Scope, S, Place> JoinOn<Scope, S, ByCondition<Place>> for C {
    fn into_on(self) -> Option<Node> {
        self.into_condition()
    }
}

impl<R, Scope, S, Place> JoinOn<Scope, S, ByRelation<Place>> for Relation<R>
where
    R: RelationDefinition,
    R::From: PartOf<Scope, Place>,
    R::Scope: WithoutJoinTable,
    S: Source<Row = R::To>,
{
    fn into_on(self) -> Option<Node> {
        Some(leading::<R, S>(<R::From as Source>::SOURCE))
    }
}

impl<A, R, Scope, S, Place> JoinOn<Scope, S, ByRelation<Place>> for RelationOfAlias<A, R>
where
    R: RelationDefinition,
    A: Source + PartOf<Scope, Place>,
    R::Scope: WithoutJoinTable,
    S: Source<Row = R::To>,
{
    fn into_on(self) -> Option<Node> {
        Some(leading::<R, S>(A::SOURCE))
    }
}

/// What a relation reads is the related table alone.
#[diagnostic::on_unimplemented(
    message = "this relation leads through a join table, which a join by relation does not read",
    label = "a relation from many to many",
    note = "join the join table first, then the related table: `.inner_join(Member, User::members).inner_join(Team, Member::team)`"
)]
pub trait WithoutJoinTable {}
impl<S> WithoutJoinTable for (Required<S>,) {}

/// The condition of a relation between two sources.
pub(crate) fn along(
    from: &'static str,
    to: &'static str,
    keys: &'static [(&'static str, &'static str)],
) -> Node {
    let equal = |(of_from, of_to): &(&'static str, &'static str)| {
        let to = Node::Column { source: to, column: of_to };
        let from = Node::Column { source: from, column: of_from };
        Node::Binary(Box::new((to, from)), "=")
    };
    match keys {
        [one] => equal(one),
        several => Node::And(several.iter().map(equal).collect()),
    }
}

/// The condition of a join of the source `S` that the relation leads to, with that of the relation itself.
fn leading<R: RelationDefinition, S: Source>(from: &'static str) -> Node {
    let equal = along(from, S::SOURCE, R::KEYS);
    let source = <R::To as Source>::SOURCE;
    let condition = R::condition().map(|condition| match S::SOURCE == source {
        true => condition,
        false => Node::Renamed { node: Box::new(condition), source, alias: S::SOURCE },
    });
    let mut all = vec![equal];
    all.extend(have(from, R::own_values()));
    all.extend(have(S::SOURCE, R::their_values()));
    all.extend(condition);
    match all.pop() {
        Some(only) if all.is_empty() => only,
        last => {
            all.extend(last);
            Node::And(all)
        }
    }
}

/// The columns of a source have these values.
pub(crate) fn have(source: &'static str, values: Vec<FixedValue>) -> impl Iterator<Item = Node> {
    values.into_iter().map(move |(column, value)| {
        Node::Binary(Box::new((Node::Column { source, column }, value)), "=")
    })
}

type With<Sources, Slot> = <Sources as Scope>::With<Slot>;
type RowOf<Sources> = <Sources as Scope>::Row;

impl<Sources: Scope, Row, H> Query<Sources, Row, H> {
    /// Adds a source; rows without a match are left out: `INNER JOIN`.
    ///
    /// The result is a tuple with the rows of all sources. The last argument is a condition, or a relation of a table
    /// of the query that leads to the source.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn active(db: &Db) -> orm::Result<Vec<(Session, User)>> {
    ///     Session::query()
    ///         .inner_join(User, Session::user)
    ///         .filter(Session::expires_at.gt(Utc::now()))
    ///         .all(db)
    ///         .await
    /// }
    /// ```
    pub fn inner_join<F, C, Place>(
        self,
        source: F,
        on: C,
    ) -> Query<With<Sources, Required<F::Source>>, RowOf<With<Sources, Required<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Required<F::Source>>, F::Source, Place>,
    {
        self.joined(JoinKind::Inner, source, on.into_on())
    }

    /// Adds a source; rows without a match stay, with `None` in its place: `LEFT JOIN`.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// async fn all(db: &Db) -> orm::Result<Vec<(User, Option<Session>)>> {
    ///     User::query().left_join(Session, Session::user_id.eq(User::id)).all(db).await
    /// }
    /// ```
    pub fn left_join<F, C, Place>(
        self,
        source: F,
        on: C,
    ) -> Query<With<Sources, Nullable<F::Source>>, RowOf<With<Sources, Nullable<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Nullable<F::Source>>, F::Source, Place>,
    {
        self.joined(JoinKind::Left, source, on.into_on())
    }

    /// Adds a source whose rows all stay, with `None` in place of the others where there is no match: `RIGHT JOIN`.
    pub fn right_join<F, C, Place>(
        self,
        source: F,
        on: C,
    ) -> Query<
        With<Sources::Missing, Required<F::Source>>,
        RowOf<With<Sources::Missing, Required<F::Source>>>,
    >
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Required<F::Source>>, F::Source, Place>,
    {
        self.joined(JoinKind::Right, source, on.into_on())
    }

    /// Adds a source; the rows of both sides stay, with `None` where there is no match: `FULL JOIN`.
    pub fn full_join<F, C, Place>(
        self,
        source: F,
        on: C,
    ) -> Query<
        With<Sources::Missing, Nullable<F::Source>>,
        RowOf<With<Sources::Missing, Nullable<F::Source>>>,
    >
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Required<F::Source>>, F::Source, Place>,
    {
        self.joined(JoinKind::Full, source, on.into_on())
    }

    /// Adds a source; every row of the one side is combined with every row of the other: `CROSS JOIN`.
    pub fn cross_join<F>(
        self,
        source: F,
    ) -> Query<With<Sources, Required<F::Source>>, RowOf<With<Sources, Required<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
    {
        self.joined(JoinKind::Cross, source, None)
    }

    fn joined<NewSources, NewRow, F: IntoSource>(
        self,
        kind: JoinKind,
        source: F,
        on: Option<Node>,
    ) -> Query<NewSources, NewRow> {
        self.joined_item(kind, source.into_item(), on)
    }

    pub(crate) fn joined_item<NewSources, NewRow>(
        mut self,
        kind: JoinKind,
        source: FromItem,
        on: Option<Node>,
    ) -> Query<NewSources, NewRow> {
        self.select.outputs.push(Output::Source(source.name, source.columns));
        let on = match kind {
            JoinKind::Cross => None,
            // An `Option` that is `None` holds for every pair.
            _ => Some(on.unwrap_or(Node::Constant("true"))),
        };
        self.select.joins.push(Join { kind, source, on });
        Query::new(self.select)
    }
}

impl<Sources: Scope, Row, H> Query<Sources, Row, H> {
    /// Joins the table that a relation leads to; rows without a match are left out: `INNER JOIN`.
    ///
    /// The relation may start at any table of the query. [`left_join`](Self::left_join) and the others take a relation
    /// in place of a condition.
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
    pub fn join<R, Place>(
        self,
        relation: Relation<R>,
    ) -> Query<With<Sources, Required<R::To>>, RowOf<With<Sources, Required<R::To>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        R: RelationDefinition,
        R::From: PartOf<Sources, Place>,
        R::To: NotYetIn<Sources>,
        R::Scope: WithoutJoinTable,
    {
        let _ = relation;
        let on = leading::<R, R::To>(<R::From as Source>::SOURCE);
        let to = super::scope::Handle::<R::To>::HANDLE;
        self.joined(JoinKind::Inner, to, Some(on))
    }
}
