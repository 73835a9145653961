//! Derived tables: a query, `VALUES` or a set-returning function that another query reads (manual, section 7.2.1).

use super::alias::{Alias, AliasName, AliasOf};
use super::from_row::{NamedColumns, RowSource};
use super::join::JoinOn;
use super::node::{Call, Columns, From, FromItem, JoinKind, List, Node, Output, Select, Statement};
use super::reads::{InScope, ReadsNothing};
use super::scope::{Complete, HasRoom, NotYetIn, Nullable, Required, Scope, Source};
use super::select::{Joinable, Query};
use super::source::IntoSource;
use std::marker::PhantomData;
use std::sync::Arc;

/// A query that gives structs with `#[derive(FromRow)]` is a source; its columns are those of the struct.
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// #[derive(FromRow)]
/// struct Devices {
///     user_id: String,
///     count: i64,
/// }
/// let devices = Session::query()
///     .group_by(Session::user_id)
///     .select(DevicesSelect { user_id: Session::user_id, count: func::count_star() });
/// let query = orm::from(devices).filter(Devices::count.gt(1)).select(Devices::user_id);
/// assert_eq!(
///     query.to_sql(),
///     concat!(
///         r#"SELECT "devices"."user_id" FROM (SELECT "session"."user_id", count(*) AS "count" FROM "session" "#,
///         r#"GROUP BY "session"."user_id") AS "devices" ("user_id", "count") WHERE "devices"."count" > $1"#
///     )
/// );
/// ```
impl<S: Scope + Complete, R: RowSource, H> IntoSource for Query<S, R, H> {
    type Source = R;

    fn into_item(self) -> FromItem {
        item(self.select, R::SOURCE, R::COLUMNS)
    }
}

fn item(select: Select, name: &'static str, columns: Columns) -> FromItem {
    let from = From::Query(Arc::new(Statement::Select(select)));
    FromItem { from, name, columns, lateral: false }
}

/// A source under another name. Made by `alias` of a query, a common table expression, `values(..)`, ..
#[must_use = "a source does nothing until a query reads it"]
pub struct Derived<S, Reads = ()> {
    item: FromItem,
    types: PhantomData<fn() -> (S, Reads)>,
}

impl<S, R> Clone for Derived<S, R> {
    fn clone(&self) -> Self {
        Self::new(self.item.clone())
    }
}

impl<S, R> std::fmt::Debug for Derived<S, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.item.fmt(f)
    }
}

impl<S, R> Derived<S, R> {
    pub(crate) fn new(item: FromItem) -> Self {
        Self { item, types: PhantomData }
    }
}

impl<S: Source> Derived<S> {
    /// The same source under another name, so that a query can read it twice.
    pub fn alias<N: AliasName>(mut self, alias: AliasOf<S, N>) -> Derived<Alias<S, N>>
    where
        S: NamedColumns,
    {
        let _ = alias;
        self.item.name = N::NAME;
        Derived::new(self.item)
    }
}

impl<S: Source, Reads: ReadsNothing> IntoSource for Derived<S, Reads> {
    type Source = S;

    fn into_item(self) -> FromItem {
        self.item
    }
}

impl<S: Scope, R: RowSource, H> Query<S, R, H> {
    /// The query as a source under another name, so that a query can read two that give the same struct.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = User)]
    /// struct UserName {
    ///     id: String,
    ///     name: String,
    /// }
    /// let other = orm::alias!(UserName, "other");
    /// let names = || User::query().select_as::<UserName>();
    /// let same = orm::from(names())
    ///     .inner_join(names().alias(other), other.name.eq(UserName::name).and(other.id.ne(UserName::id)))
    ///     .select((UserName::id, other.id));
    /// assert!(same.to_sql().text.contains(r#") AS "other" ("id", "name") ON "other"."name" = "user_name"."name""#));
    /// ```
    pub fn alias<N: AliasName>(self, alias: AliasOf<R, N>) -> Derived<Alias<R, N>, S::OuterReads> {
        let _ = alias;
        Derived::new(item(self.select, N::NAME, R::COLUMNS))
    }
}

/// What `inner_join_lateral` and its like take: a query that gives structs with `#[derive(FromRow)]`, and may read the
/// sources before it: it names them with `correlate`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query that can be joined",
    label = "not a query of rows with columns",
    note = "select into a struct with `#[derive(FromRow)]`"
)]
pub trait IntoLateral {
    /// The source.
    type Source: Source;
    /// What it reads of the sources before it.
    type Reads;
    #[doc(hidden)]
    fn into_lateral(self) -> FromItem;
}

impl<S: Scope, R: RowSource, H> IntoLateral for Query<S, R, H> {
    type Source = R;
    type Reads = S::OuterReads;

    fn into_lateral(self) -> FromItem {
        FromItem { lateral: true, ..item(self.select, R::SOURCE, R::COLUMNS) }
    }
}

impl<S: Source, Reads> IntoLateral for Derived<S, Reads> {
    type Source = S;
    type Reads = Reads;

    fn into_lateral(self) -> FromItem {
        FromItem { lateral: true, ..self.item }
    }
}

type With<Sources, Slot> = <Sources as Scope>::With<Slot>;
type RowOf<Sources> = <Sources as Scope>::Row;

impl<Sources: Scope, Row, H> Query<Sources, Row, H> {
    /// Adds a query that reads the sources before it, for each of their rows: `INNER JOIN LATERAL`.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = Session)]
    /// struct Newest {
    ///     id: String,
    ///     created_at: DateTime<Utc>,
    /// }
    /// let newest = Session::query()
    ///     .correlate(User)
    ///     .filter(Session::user_id.eq(User::id))
    ///     .order_by(Session::created_at.desc())
    ///     .limit(2)
    ///     .select(orm::pick::<Newest>());
    /// let query = User::query().inner_join_lateral(newest, true).select((User::name, Newest::id));
    /// assert!(query.to_sql().text.contains(r#" INNER JOIN LATERAL (SELECT "session"."id", "session"."created_at" FROM"#));
    /// ```
    pub fn inner_join_lateral<F, C, Place, PlaceL>(
        self,
        query: F,
        on: C,
    ) -> Query<With<Sources, Required<F::Source>>, RowOf<With<Sources, Required<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoLateral,
        F::Reads: InScope<Sources, PlaceL>,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Required<F::Source>>, F::Source, Place>,
    {
        self.joined_lateral(JoinKind::Inner, query, on.into_on())
    }

    /// As [`inner_join_lateral`](Self::inner_join_lateral), and rows for which the query gives none stay, with `None` in its
    /// place: `LEFT JOIN LATERAL`.
    pub fn left_join_lateral<F, C, Place, PlaceL>(
        self,
        query: F,
        on: C,
    ) -> Query<With<Sources, Nullable<F::Source>>, RowOf<With<Sources, Nullable<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoLateral,
        F::Reads: InScope<Sources, PlaceL>,
        F::Source: NotYetIn<Sources>,
        C: JoinOn<With<Sources, Nullable<F::Source>>, F::Source, Place>,
    {
        self.joined_lateral(JoinKind::Left, query, on.into_on())
    }

    /// As [`inner_join_lateral`](Self::inner_join_lateral), without a condition: `CROSS JOIN LATERAL`.
    pub fn cross_join_lateral<F, PlaceL>(
        self,
        query: F,
    ) -> Query<With<Sources, Required<F::Source>>, RowOf<With<Sources, Required<F::Source>>>>
    where
        Sources: HasRoom,
        H: Joinable,
        F: IntoLateral,
        F::Reads: InScope<Sources, PlaceL>,
        F::Source: NotYetIn<Sources>,
    {
        self.joined_lateral(JoinKind::Cross, query, None)
    }

    fn joined_lateral<NewSources, NewRow, F: IntoLateral>(
        self,
        kind: JoinKind,
        query: F,
        on: Option<Node>,
    ) -> Query<NewSources, NewRow> {
        self.joined_item(kind, query.into_lateral(), on)
    }
}

/// `VALUES`: these rows as a source.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// #[derive(FromRow)]
/// struct Wanted {
///     email: String,
///     rank: i32,
/// }
/// let wanted = orm::values([
///     Wanted { email: "ada@example.com".to_owned(), rank: 2 },
///     Wanted { email: "grace@example.com".to_owned(), rank: 1 },
/// ]);
/// let query = User::query()
///     .inner_join(wanted, Wanted::email.eq(User::email))
///     .order_by(Wanted::rank.asc())
///     .select(User::id);
/// assert!(query.to_sql().text.contains(r#"INNER JOIN (VALUES ($1, $2), ($3, $4)) AS "wanted" ("email", "rank") ON"#));
/// ```
pub fn values<R: RowSource>(rows: impl IntoIterator<Item = R>) -> Derived<R> {
    let rows: Vec<Vec<Node>> = rows.into_iter().map(RowSource::into_nodes).collect();
    let from = if rows.is_empty() {
        // `VALUES` has at least one row.
        let null =
            |ty: &&'static str| Output::Node(Node::Cast(Box::new(Node::Constant("NULL")), ty));
        let outputs = R::TYPES.iter().map(null).collect();
        let none =
            Select { outputs, filters: List::One(Node::Constant("false")), ..Select::empty() };
        From::Query(Arc::new(Statement::Select(none)))
    } else {
        From::Values(Arc::new(rows))
    };
    Derived::new(FromItem { from, name: R::SOURCE, columns: R::COLUMNS, lateral: false })
}

/// A call of a set-returning function, whose rows have the columns `Values`: [`rows`](Self::rows) makes it a source.
#[must_use = "a set-returning function is read by `orm::from(function.rows::<Row>())`, or a join"]
pub struct SetFunction<Values, Reads = ()> {
    call: Call,
    types: PhantomData<fn() -> (Values, Reads)>,
}

impl<V, R> Clone for SetFunction<V, R> {
    fn clone(&self) -> Self {
        Self::new(self.call.clone())
    }
}

impl<V, R> std::fmt::Debug for SetFunction<V, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.call.fmt(f)
    }
}

/// `Self`, what a set-returning function gives, are the columns of the struct `R`.
#[diagnostic::on_unimplemented(
    message = "the function gives columns of the types `{Self}`, and `{R}` has others",
    label = "not the columns of `{R}`",
    note = "the struct has a field for each column of the function, in order"
)]
pub trait ColumnsOf<R> {}
#[diagnostic::do_not_recommend]
impl<R: RowSource<Values = V>, V> ColumnsOf<R> for V {}

impl<V, Reads> SetFunction<V, Reads> {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, types: PhantomData }
    }

    /// The rows, named by a struct with `#[derive(FromRow)]`.
    ///
    /// ```
    /// use orm::func;
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// struct Number {
    ///     value: i32,
    /// }
    /// let query = orm::from(func::generate_series(1, 10).rows::<Number>()).filter(Number::value.gt(5));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "number"."value" FROM generate_series($1, $2) AS "number" ("value") WHERE "number"."value" > $3"#
    /// );
    /// ```
    pub fn rows<R: RowSource>(self) -> Derived<R, Reads>
    where
        V: ColumnsOf<R>,
    {
        let from = From::Function(Box::new(self.call));
        Derived::new(FromItem { from, name: R::SOURCE, columns: R::COLUMNS, lateral: false })
    }
}

impl<V, Reads> SetFunction<(V,), Reads> {
    /// Gives the number of each row, from 1, as a second column: `WITH ORDINALITY`.
    pub fn with_ordinality(mut self) -> SetFunction<(V, i64), Reads> {
        self.call.ordinality = true;
        SetFunction::new(self.call)
    }
}
