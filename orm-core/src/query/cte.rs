//! Common table expressions: `WITH` (manual, section 7.8).

use super::alias::{Alias, AliasName, AliasOf};
use super::column::{Column, TableColumn};
use super::derived::Derived;
use super::expr::Expr;
use super::from_row::{FromRow, NamedColumns, RowSource};
use super::node::{Columns, Cte, CteClause, From, FromItem, Node, OrderKey, Statement};
use super::order::Order;
use super::reads::RowOf;
use super::returning::Returning;
use super::scope::{Complete, Scope, Source};
use super::select::Query;
use super::set_operation::ResultOf;
use super::source::IntoSource;
use super::{Delete, Insert, Restricted, Table, Update};
use crate::schema::SortOrder;
use std::marker::PhantomData;
use std::sync::Arc;

/// A query with a name, which the statement computes once however often it is read. Made by `cte`, [`recursive`].
#[must_use = "a common table expression does nothing until a query reads it, or is given it by `with_cte`"]
pub struct CteOf<R> {
    cte: Arc<Cte>,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for CteOf<R> {
    fn clone(&self) -> Self {
        Self { cte: Arc::clone(&self.cte), row: PhantomData }
    }
}

impl<R> std::fmt::Debug for CteOf<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cte.fmt(f)
    }
}

/// What a common table expression has rows of: a struct with `#[derive(FromRow)]` whose fields are columns, or a table, whose
/// relations its rows have, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no columns that a query around this one could name",
    label = "neither a table nor a struct with `#[derive(FromRow)]`",
    note = "select into a struct with `#[derive(FromRow)]` and no nested fields: `.select({Self}Select {{ .. }})`"
)]
pub trait CteRow: FromRow + NamedColumns + Source<Row = Self> {}
#[diagnostic::do_not_recommend]
impl<R: FromRow + NamedColumns + Source<Row = Self>> CteRow for R {}

impl<R> CteOf<R> {
    fn of(name: &'static str, columns: Columns, statement: Statement, recursive: bool) -> Self {
        let cte =
            Cte { name, columns, statement, recursive, materialized: None, clauses: Vec::new() };
        Self { cte: Arc::new(cte), row: PhantomData }
    }

    fn changed(self, change: impl FnOnce(&mut Cte)) -> Self {
        let mut cte = Arc::unwrap_or_clone(self.cte);
        change(&mut cte);
        Self { cte: Arc::new(cte), row: PhantomData }
    }

    /// Computed once, and apart from the query that reads it: `MATERIALIZED`.
    pub fn materialized(self) -> Self {
        self.changed(|cte| cte.materialized = Some(true))
    }

    /// Computed as a part of the query that reads it: `NOT MATERIALIZED`.
    pub fn not_materialized(self) -> Self {
        self.changed(|cte| cte.materialized = Some(false))
    }
}

impl<R: CteRow> CteOf<R> {
    /// The expression as a source under another name, so that a query can read it twice.
    pub fn alias<N: AliasName>(&self, alias: AliasOf<R, N>) -> Derived<Alias<R, N>> {
        let _ = alias;
        Derived::new(item(Arc::clone(&self.cte), N::NAME, R::COLUMNS))
    }
}

fn item(cte: Arc<Cte>, name: &'static str, columns: Columns) -> FromItem {
    FromItem { from: From::Cte(cte), name, columns, lateral: false }
}

impl<R: CteRow> IntoSource for CteOf<R> {
    type Source = R;

    fn into_item(self) -> FromItem {
        item(self.cte, R::SOURCE, R::COLUMNS)
    }
}

impl<R: CteRow> IntoSource for &CteOf<R> {
    type Source = R;

    fn into_item(self) -> FromItem {
        self.clone().into_item()
    }
}

impl<S, R, H> Query<S, R, H> {
    /// Gives the query a name in the statements that read it: `WITH name AS (..)`. Its name is that of the struct.
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
    ///     .select(DevicesSelect { user_id: Session::user_id, count: func::count_star() })
    ///     .cte();
    /// let average = orm::from(&devices).select(func::avg(Devices::count));
    /// let above = orm::from(&devices).filter(Devices::count.cast::<orm::types::Numeric>().gt(orm::scalar(average)));
    /// let sql = above.select(Devices::user_id).to_sql().text;
    /// assert!(sql.starts_with(r#"WITH "devices" ("user_id", "count") AS (SELECT "session"."user_id", "#));
    /// assert_eq!(sql.matches("count(*)").count(), 1);
    /// ```
    pub fn cte(self) -> CteOf<R>
    where
        S: Scope + Complete,
        R: CteRow,
    {
        CteOf::of(R::SOURCE, R::COLUMNS, Statement::Select(self.select), false)
    }
}

impl<R: CteRow, T> Returning<R, T> {
    /// Gives the rows that the statement changes a name in the query that reads them: a data-modifying `WITH`.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = Session)]
    /// struct Ended {
    ///     id: String,
    ///     user_id: String,
    /// }
    /// let ended = Session::delete()
    ///     .filter(Session::expires_at.lt(Utc::now()))
    ///     .returning(orm::pick::<Ended>())
    ///     .cte();
    /// let query = orm::from(ended).inner_join(User, User::id.eq(Ended::user_id)).select((Ended::id, User::email));
    /// assert!(query.to_sql().text.starts_with(r#"WITH "ended" ("id", "user_id") AS (DELETE FROM "session" WHERE"#));
    /// ```
    pub fn cte(self) -> CteOf<R> {
        CteOf::of(R::SOURCE, R::COLUMNS, self.statement, false)
    }
}

/// What `with_cte` takes: a common table expression, or a statement that changes rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a common table expression nor a statement that changes rows",
    label = "cannot be a part of `WITH`",
    note = "make it one: `query.cte()`; an update or delete has a filter first, an insert `.build()`"
)]
pub trait IntoCte {
    #[doc(hidden)]
    fn into_cte(self) -> Arc<Cte>;
}

impl<R> IntoCte for CteOf<R> {
    fn into_cte(self) -> Arc<Cte> {
        self.cte
    }
}

impl<Row, T> IntoCte for Returning<Row, T> {
    fn into_cte(self) -> Arc<Cte> {
        changed(self.statement)
    }
}

impl<T: Table, Rows: Restricted<T>, S> IntoCte for Update<T, Rows, S> {
    fn into_cte(self) -> Arc<Cte> {
        changed(self.into_statement())
    }
}

impl<T: Table, Rows: Restricted<T>, S> IntoCte for Delete<T, Rows, S> {
    fn into_cte(self) -> Arc<Cte> {
        changed(self.into_statement())
    }
}

impl<T: Table, K> IntoCte for Insert<T, K> {
    fn into_cte(self) -> Arc<Cte> {
        changed(self.into_statement())
    }
}

/// A statement whose rows nothing reads.
fn changed(statement: Statement) -> Arc<Cte> {
    CteOf::<()>::of("changed", Columns::Names(&[]), statement, false).cte
}

impl<Row, T> Returning<Row, T> {
    /// Runs another statement that changes rows together with this one, which need not read it.
    pub fn with_cte(mut self, statement: impl IntoCte) -> Self {
        let with = match &mut self.statement {
            Statement::Insert(insert) => &mut insert.with,
            Statement::Update(update) => &mut update.with,
            Statement::Delete(delete) => &mut delete.with,
            Statement::Merge(merge) => &mut merge.with,
            // They give no rows.
            Statement::Truncate(_) | Statement::Refresh(_) => return self,
            Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) => {
                &mut select.with
            }
        };
        with.push(statement.into_cte());
        self
    }
}

impl<S, Row, H> Query<S, Row, H> {
    /// Runs a statement that changes rows together with the query, which need not read it: an unread `WITH`.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// let end = Session::delete().filter(Session::user_id.eq("ada")).returning(Session::id);
    /// let query = User::query().with_cte(end).filter(User::id.eq("ada")).select(User::email);
    /// assert!(query.to_sql().text.starts_with(r#"WITH "changed" AS (DELETE FROM "session""#));
    /// ```
    pub fn with_cte(mut self, statement: impl IntoCte) -> Self {
        self.select.with.push(statement.into_cte());
        self
    }
}

/// The recursive query within its own definition: a source.
pub struct Recursion<R>(PhantomData<fn() -> R>);

impl<R> Clone for Recursion<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Recursion<R> {}

impl<R> std::fmt::Debug for Recursion<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the rows found before")
    }
}

impl<R: RowSource> IntoSource for Recursion<R> {
    type Source = R;

    fn into_item(self) -> FromItem {
        FromItem { from: From::Recursion, name: R::SOURCE, columns: R::COLUMNS, lateral: false }
    }
}

/// `WITH RECURSIVE`: the closure is given the rows that were found before, and makes the query: the first rows,
/// [`union_all`](Query::union_all) or [`union`](Query::union) those that follow from them.
///
/// Rows that follow from themselves without end are only ended by `union`, which leaves out what is there already, by a
/// condition, or by [`cycle`](CteOf::cycle).
///
/// ```
/// use orm::prelude::*;
/// #[derive(Table)]
/// struct Part {
///     #[column(primary_key)]
///     id: i32,
///     of: Option<i32>,
/// }
/// #[derive(FromRow)]
/// struct Parts {
///     id: i32,
/// }
/// let parts = orm::recursive(|parts| {
///     let first = Part::query().filter(Part::id.eq(1)).select(PartsSelect { id: Part::id });
///     let next = Part::query().inner_join(parts, Part::of.eq(Parts::id)).select(PartsSelect { id: Part::id });
///     first.union_all(next)
/// });
/// assert_eq!(
///     orm::from(parts).to_sql(),
///     concat!(
///         r#"WITH RECURSIVE "parts" ("id") AS (SELECT "part"."id" FROM "part" WHERE "part"."id" = $1 "#,
///         r#"UNION ALL SELECT "part"."id" FROM "part" INNER JOIN "parts" ON "part"."of" = "parts"."id") "#,
///         r#"SELECT "parts"."id" FROM "parts""#
///     )
/// );
/// ```
pub fn recursive<R, Reads, H>(
    query: impl FnOnce(Recursion<R>) -> Query<ResultOf<R, Reads>, R, H>,
) -> CteOf<R>
where
    R: RowSource,
    ResultOf<R, Reads>: Complete,
{
    let query = query(Recursion(PhantomData));
    CteOf::of(R::SOURCE, R::COLUMNS, Statement::Select(query.select), true)
}

/// The columns that `SEARCH` and `CYCLE` add.
const SEARCH_ORDER: &str = "search_order";
const IS_CYCLE: &str = "is_cycle";
const CYCLE_PATH: &str = "cycle_path";

impl<R: RowSource> CteOf<R> {
    /// Gives the rows of a recursive query an order, by depth: [`search_order`](Self::search_order).
    pub fn search_breadth_first<C: TableColumn<Source = R>>(self, by: Column<C>) -> Self {
        self.searched(" SEARCH BREADTH FIRST BY ", by)
    }

    /// Gives the rows of a recursive query an order, each before what follows from it:
    /// [`search_order`](Self::search_order).
    pub fn search_depth_first<C: TableColumn<Source = R>>(self, by: Column<C>) -> Self {
        self.searched(" SEARCH DEPTH FIRST BY ", by)
    }

    fn searched<C: TableColumn>(self, how: &'static str, _: Column<C>) -> Self {
        self.changed(|cte| {
            cte.clauses.retain(|clause| !matches!(clause, CteClause::Search(..)));
            // Before `CYCLE`.
            cte.clauses.insert(0, CteClause::Search(how, vec![C::NAME], SEARCH_ORDER));
        })
    }

    /// Ends a recursive query where a row with this value was before on the way to it: [`is_cycle`](Self::is_cycle) marks
    /// the row that closes the circle.
    pub fn cycle<C: TableColumn<Source = R>>(self, _: Column<C>) -> Self {
        self.changed(|cte| {
            cte.clauses.retain(|clause| !matches!(clause, CteClause::Cycle(..)));
            cte.clauses.push(CteClause::Cycle(vec![C::NAME], IS_CYCLE, CYCLE_PATH));
        })
    }

    /// The order that `search_breadth_first` or `search_depth_first` gave, to sort by where the expression is read. Without
    /// one of them the server knows no such column.
    pub fn search_order(&self) -> Order<RowOf<R>> {
        let node = Node::Column { source: R::SOURCE, column: SEARCH_ORDER };
        Order::new(OrderKey { node, order: SortOrder::Ascending, nulls: None, codec: None })
    }

    /// Whether a row closes a circle, where [`cycle`](Self::cycle) looks for one. Without it the server knows no such column.
    pub fn is_cycle(&self) -> Expr<bool, (RowOf<R>, ())> {
        Expr::new(Node::Column { source: R::SOURCE, column: IS_CYCLE })
    }
}
