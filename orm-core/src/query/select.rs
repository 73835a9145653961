//! [`Query`]: a select.

mod with;

use super::Table;
use super::condition::IntoCondition;
use super::group::{GroupBy, Grouped, NoSelectList};
use super::grouping::{OrderedIn, SelectedIn, Ungrouped};
use super::node::{Distinct, From, Node, Param, Select, Statement};
use super::order::OrderBy;
use super::placeholder::RowCount;
use super::reads::InScope;
use super::scope::{Required, Scope};
use super::selection::Selection;
use super::source::NamesSource;
use std::marker::PhantomData;

/// The shape of a query that gives whole rows: it can still be joined, grouped, and relations loaded.
pub enum WholeRows {}
/// The shape of a query that gives whole rows with relations.
pub enum Loaded {}
/// The shape of a query that gives chosen columns and expressions; `G` is its grouping.
/// `By` is what says it: a list, or a struct.
pub struct Selected<G = Ungrouped, By = AList>(PhantomData<(G, By)>);
/// `.select(..)`.
pub enum AList {}
/// `.select_as::<UserPage>()`.
pub enum AsStruct {}

/// What a query gives, as a type.
pub trait Shape {
    /// How its rows are grouped.
    type Grouping;
}

impl Shape for WholeRows {
    type Grouping = Ungrouped;
}
impl Shape for Loaded {
    type Grouping = Ungrouped;
}
impl<G, By> Shape for Selected<G, By> {
    type Grouping = G;
}
impl<G> Shape for Grouped<G> {
    type Grouping = G;
}

/// A select list can follow.
#[diagnostic::on_unimplemented(
    message = "this query already says what it gives",
    label = "`{Self}`: the relation, or the first list, would be dropped",
    note = "call `.select(..)` once, and without `.with(..)`"
)]
pub trait Open: Shape {}
impl Open for WholeRows {}
impl<G> Open for Grouped<G> {}

/// A source can be joined.
#[diagnostic::on_unimplemented(
    message = "a query that loads relations or has a select list is not joined",
    label = "`{Self}`: join before `.select(..)`, and without `.with(..)`",
    note = "the rows of a join and the loaded relation would be different things"
)]
pub trait Joinable: Shape {}
impl Joinable for WholeRows {}

/// A sample can be taken.
#[diagnostic::on_unimplemented(
    message = "a sample is of whole rows, and so is what a relation is loaded with",
    label = "`{Self}` gives no whole rows",
    note = "call it before `.select(..)`"
)]
pub trait GivesRows: Shape {}
impl GivesRows for WholeRows {}
impl GivesRows for Loaded {}

/// Its rows can be copied out.
#[diagnostic::on_unimplemented(
    message = "a query that loads relations is not copied",
    label = "`{Self}`: copy it without `.with(..)`, or read it with `.stream(..)`",
    note = "a loaded relation is a record, and the types within a record are not known to a copy"
)]
pub trait Copyable: Shape {}
impl Copyable for WholeRows {}
impl<G, By> Copyable for Selected<G, By> {}

/// A select from the sources `Sources` that gives values of type `Row`.
///
/// It has one Rust type however many filters are added.
#[must_use = "a query does nothing until it is run: `.all(&db)`, `.first(&db)`, `.one(&db)`, .."]
pub struct Query<Sources, Row, Shape = WholeRows> {
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

impl<T: Table> Query<(Required<T>,), T> {
    pub(crate) fn of_table() -> Self {
        Self::new(Select::of(super::node::FromItem::of_table::<T>()))
    }
}

impl<Sources, Row, H> Query<Sources, Row, H> {
    pub(crate) fn new(select: Select) -> Self {
        Self { select, types: PhantomData }
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Select(self.select)
    }

    /// Keeps only the rows for which `condition` holds; called twice, both must hold.
    ///
    /// An `Option` that is `None` filters nothing.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::email.eq("ada@example.com")).select(User::id);
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."id" FROM "user" WHERE "user"."email" = $1"#);
    /// ```
    pub fn filter<C, Place>(mut self, condition: C) -> Self
    where
        C: IntoCondition<Sources, Place>,
    {
        self.select.filters.extend(condition.into_condition());
        self
    }

    /// Sorts by one key, a tuple or a list of keys; called twice, the second sorts within the first.
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
        H: Shape,
        O: OrderBy<Sources, H::Grouping, Place>,
    {
        order.append_to(&mut self.select.order);
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
    pub fn limit(mut self, rows: impl RowCount) -> Self {
        self.select.limit = Some(rows.into_param());
        self.select.with_ties = false;
        self
    }

    /// Gives at most this many rows, and those that sort equal to the last: `FETCH FIRST .. ROWS WITH TIES`.
    pub fn limit_with_ties(mut self, rows: impl RowCount) -> Self {
        self.select.limit = Some(rows.into_param());
        self.select.with_ties = true;
        self
    }

    /// Passes over this many rows first.
    pub fn offset(mut self, rows: impl RowCount) -> Self {
        self.select.offset = Some(rows.into_param());
        self
    }

    /// Puts a comment after the statement, which the server's logs, `pg_stat_activity` and `pg_stat_statements` show.
    ///
    /// A part of the text that would end the comment is taken apart. The text of the statement is another with each comment, and so is
    /// the prepared statement: name the place in the program or the route, not the request.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().select(User::id).comment("route='/users'");
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."id" FROM "user" /* route='/users' */"#);
    /// ```
    pub fn comment(mut self, comment: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        self.select.comment = Some(comment.into());
        self
    }

    /// Gives equal rows once: `SELECT DISTINCT`.
    pub fn distinct(mut self) -> Self {
        self.select.distinct = Distinct::Rows;
        self
    }

    /// Gives the first row, in the order of `order_by`, for each value of these keys: `SELECT DISTINCT ON (..)`.
    ///
    /// The keys are also the first keys of the order: without them PostgreSQL refuses the query.
    ///
    /// ```
    /// use auth::Session;
    /// use orm::prelude::*;
    /// let newest = Session::query()
    ///     .distinct_on(Session::user_id)
    ///     .order_by((Session::user_id.asc(), Session::created_at.desc()))
    ///     .select(Session::id);
    /// assert!(newest.to_sql().text.starts_with(r#"SELECT DISTINCT ON ("session"."user_id") "session"."id""#));
    /// ```
    pub fn distinct_on<K, Place, PlaceG>(mut self, keys: K) -> Self
    where
        H: Shape,
        K: super::func::Expressions,
        K::Reads: InScope<Sources, Place> + OrderedIn<H::Grouping, PlaceG>,
    {
        self.select.distinct = Distinct::On(keys.into_nodes());
        self
    }

    /// Groups the rows: by one key, a tuple of keys, or [`rollup`](super::rollup) and its like. A select list follows.
    ///
    /// A column that is no key can be selected inside an aggregate, or when the primary key of its table is a key.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::func;
    /// use orm::prelude::*;
    /// let query = User::query()
    ///     .inner_join(Session, Session::user_id.eq(User::id))
    ///     .group_by(User::id)
    ///     .having(func::count_star().gt(1))
    ///     .select((User::name, func::count_star()));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     concat!(
    ///         r#"SELECT "user"."name", count(*) FROM "user" INNER JOIN "session" ON "session"."user_id" = "user"."id" "#,
    ///         r#"GROUP BY "user"."id" HAVING count(*) > $1"#
    ///     )
    /// );
    /// ```
    pub fn group_by<K, Place>(
        mut self,
        keys: K,
    ) -> Query<K::Scope, NoSelectList, Grouped<K::Grouping>>
    where
        H: Joinable,
        K: GroupBy<Sources, Place>,
    {
        self.select.group = keys.into_groups();
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
    pub fn select<L, Places, PlaceG>(
        mut self,
        list: L,
    ) -> Query<Sources, L::Row, Selected<<L::Reads as SelectedIn<H::Grouping, PlaceG>>::Grouping>>
    where
        H: Open,
        L: Selection<Sources, Places>,
        L::Reads: SelectedIn<H::Grouping, PlaceG>,
    {
        self.select.outputs.clear();
        self.select.outputs.with_vec(|outputs| list.append_to(outputs));
        if <L::Reads as SelectedIn<H::Grouping, PlaceG>>::IS_WHOLE {
            // One row has no order, and PostgreSQL refuses one by columns.
            self.select.order.clear();
            self.select.with_ties = false;
            self.select.distinct = Distinct::No;
        }
        Query::new(self.select)
    }

    /// Makes a table of the enclosing query known to this one, which is then a correlated subquery.
    ///
    /// A column of it that this query selects is an `Option`: a join of the enclosing query may leave the row out.
    ///
    /// See [`exists`](super::exists).
    pub fn correlate<F>(
        self,
        source: F,
    ) -> Query<Sources::With<super::scope::Outer<F::Source>>, Row, H>
    where
        Sources: Scope + super::scope::HasRoom + super::scope::Correlates,
        F: NamesSource,
        F::Source: super::scope::NotYetIn<Sources>,
    {
        let _ = source;
        Query::new(self.select)
    }

    /// Reads a sample of the table's rows: `TABLESAMPLE` (manual, SELECT). `percent` of its pages or rows.
    pub(crate) fn sampled(mut self, method: &'static str, percent: f32, seed: Option<f64>) -> Self {
        if let Some(from) = &mut self.select.from
            && let From::Table(table) = from.from
        {
            from.from = From::Sample(table, method, Param::of(percent), seed.map(Param::of));
        }
        self
    }
}

impl<Sources, Row, G> Query<Sources, Row, Grouped<G>> {
    /// Keeps only the groups for which `condition` holds; called twice, both must hold.
    pub fn having<E, Place, PlaceG>(mut self, condition: E) -> Self
    where
        E: super::Expression,
        E::Value: super::Boolean,
        E::Reads: InScope<Sources, Place> + SelectedIn<G, PlaceG> + super::reads::InHaving,
    {
        self.select.having.push(condition.into_node());
        self
    }
}

impl<T: Table, Row, H> Query<(Required<T>,), Row, H> {
    /// Reads a random sample of the table, row by row: `TABLESAMPLE BERNOULLI`. `percent` is from 0 to 100.
    pub fn sample_rows(self, percent: f32) -> Self
    where
        H: GivesRows,
    {
        self.sampled("BERNOULLI", percent, None)
    }

    /// Reads a random sample of the table, page by page: `TABLESAMPLE SYSTEM`. `percent` is from 0 to 100.
    pub fn sample_pages(self, percent: f32) -> Self
    where
        H: GivesRows,
    {
        self.sampled("SYSTEM", percent, None)
    }

    /// Has the sample be the same each time, for the same seed and table: `REPEATABLE`. It does nothing without a sample.
    pub fn repeatable(mut self, seed: f64) -> Self
    where
        H: GivesRows,
    {
        if let Some(from) = &mut self.select.from
            && let From::Sample(_, _, _, of_sample) = &mut from.from
        {
            *of_sample = Some(Param::of(seed));
        }
        self
    }
}

impl<Sources, Row, H> Query<Sources, Row, H> {
    /// Says how relations are loaded, in place of what the library chooses.
    ///
    /// [`Loading::Levels`](super::Loading) is chosen wherever it is possible: one statement reads the rows of each level once, with a
    /// hash join or by index, and sends them as plain rows. It is not possible for a stream, for what `RETURNING` gives, and where the
    /// columns of the relation are of types whose values are not equal as bytes.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::Loading;
    /// use orm::prelude::*;
    /// let query = User::query().with(User::sessions).loading(Loading::Correlated);
    /// assert!(query.to_sql().text.contains(r#"ARRAY(SELECT ROW("session"."id""#));
    /// ```
    pub fn loading(mut self, loading: super::Loading) -> Self {
        self.select.loading = loading;
        self
    }
}

/// A key that is written in several clauses, as one node.
pub(crate) fn shared(node: Node) -> Node {
    Node::Shared(std::sync::Arc::new(node))
}
