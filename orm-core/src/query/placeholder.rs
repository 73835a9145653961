//! [`Placeholder`]: a value that is given when a prepared query is run. [`Prepared`]: such a query, rendered once.

use super::column::declared;
use super::expression::Expression;
use super::insert::{Insert, InsertBuilder, Provided};
use super::list::List;
use super::node::{Node, Param, Statement};
use super::operand::{Computed, IntoValue, Subject, array_sent_as};
use super::returning::Returning;
use super::select::{Query, shared};
use super::stored::StoredIn;
use super::update::Restricted;
use super::{Delete, Table, Update};
use crate::types::levels::LevelPlan;
use crate::types::{Failure, Parameter, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A value of type `V` that is given when the query is run: see [`prepare`].
///
/// It is an expression: it goes where a value of its type goes, and where `limit` and `offset` take a number. Used twice (clone it)
/// it is one parameter.
#[derive(Debug)]
#[must_use = "a placeholder does nothing until a query uses it"]
pub struct Placeholder<V> {
    param: Param,
    value: PhantomData<fn() -> V>,
}

impl<V> Clone for Placeholder<V> {
    fn clone(&self) -> Self {
        Self { param: self.param.clone(), value: PhantomData }
    }
}

/// Where the value will be.
#[derive(Debug)]
struct NoValue;

impl Parameter for NoValue {
    fn write_as(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, Failure> {
        Err("this placeholder belongs to another query, which was not prepared".into())
    }
}

impl<V: Value> Placeholder<V> {
    fn new() -> Self {
        let param = Param::new(Arc::new(NoValue), V::parameter_type());
        Self { param, value: PhantomData }
    }

    fn node(self) -> Node {
        shared(Node::Param(self.param))
    }
}

impl<V: Value> Expression for Placeholder<V> {
    type Value = V;
    type Reads = ();
    type Subject = Computed<V>;

    fn into_node(self) -> Node {
        self.node()
    }
}

impl<V: Value + StoredIn<T>, T> IntoValue<T> for Placeholder<V> {
    type Reads = ();

    fn into_value(self) -> Node {
        self.node()
    }
}

impl<C: Subject, V: Value> List<C> for Placeholder<Vec<V>>
where
    Vec<V>: Value,
    V: crate::types::ArrayElement + crate::types::OfSqlType<<C::Value as Value>::Sql>,
{
    type Bool = bool;
    type Reads = ();

    fn into_membership(self, operand: Node, is_in: bool) -> Node {
        let op = if is_in { "= ANY" } else { "<> ALL" };
        let list = array_sent_as(self.node(), declared(C::DECLARED));
        Node::Quantified(Box::new((operand, list)), op)
    }
}

/// A number of rows: a `u64`, or a placeholder for one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number of rows",
    label = "give a `u64`, or a `Placeholder<i64>` in a prepared query"
)]
pub trait RowCount {
    #[doc(hidden)]
    fn into_param(self) -> Param;
}

impl RowCount for u64 {
    fn into_param(self) -> Param {
        Param::rows(self)
    }
}

impl RowCount for Placeholder<i64> {
    fn into_param(self) -> Param {
        self.param
    }
}

/// Something that can be prepared: a query, an insert, an update, a delete.
pub trait Preparable {
    /// What it gives: the type of its rows, or [`Changes`].
    type Row;
    #[doc(hidden)]
    fn into_prepared(self) -> Statement;
}

/// A prepared statement that gives no rows, only how many it changed.
#[derive(Debug)]
pub enum Changes {}

impl<S, Row, H> Preparable for Query<S, Row, H> {
    type Row = Row;

    fn into_prepared(self) -> Statement {
        self.into_statement()
    }
}

impl<Row, T> Preparable for Returning<Row, T> {
    type Row = Row;

    fn into_prepared(self) -> Statement {
        self.into_statement()
    }
}

impl<T: Table> Preparable for Insert<T> {
    type Row = Changes;

    fn into_prepared(self) -> Statement {
        self.into_statement()
    }
}

impl<B: InsertBuilder> Preparable for B
where
    B::State: Provided,
{
    type Row = Changes;

    fn into_prepared(self) -> Statement {
        self.build().into_statement()
    }
}

impl<T: Table, Rows: Restricted<T>, S> Preparable for Update<T, Rows, S> {
    type Row = Changes;

    fn into_prepared(self) -> Statement {
        self.into_statement()
    }
}

impl<T: Table, Rows: Restricted<T>, S> Preparable for Delete<T, Rows, S> {
    type Row = Changes;

    fn into_prepared(self) -> Statement {
        self.into_statement()
    }
}

/// A closure that makes a query of placeholders.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a closure from placeholders to a query, insert, update or delete",
    label = "name the types: `|email: Placeholder<String>| User::query().filter(User::email.eq(email))`",
    note = "an update or delete needs a filter, and an insert all required columns"
)]
pub trait PreparedBy<Arguments> {
    /// What it gives.
    type Row;
    #[doc(hidden)]
    fn build(self) -> (Statement, Vec<Param>);
}

/// A query that is built and rendered once, and run any number of times with other values. Made by [`prepare`].
#[must_use = "a prepared query does nothing until it is run: `.all(&db, (..,))`"]
pub struct Prepared<Arguments, Row> {
    pub(crate) statement: Statement,
    pub(crate) placeholders: Vec<Param>,
    /// The text as it is, that with `LIMIT 1`, and that with `LIMIT 2`.
    pub(crate) texts: [OnceLock<Text>; 3],
    types: PhantomData<fn(Arguments) -> Row>,
}

impl<A, R> std::fmt::Debug for Prepared<A, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.statement.fmt(f)
    }
}

/// A statement that is rendered.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) sql: Box<str>,
    pub(crate) params: Box<[Given]>,
    /// What its columns are to each level, where its rows are of levels.
    pub(crate) plan: Option<Arc<LevelPlan>>,
}

/// Where the value of a parameter comes from.
#[derive(Debug)]
pub(crate) enum Given {
    /// From the query.
    Fixed(Param),
    /// Made for each run.
    Made(crate::query::node::MadeBy, Type),
    /// It is the argument at that place.
    Argument(usize, Type),
}

/// Makes a query that is built and rendered once: the arguments of the closure are placeholders, whose values are given when the
/// query is run. They are of the types that the closure names; a wrong one is a compile error.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// use orm::{Placeholder, Prepared, prepare};
/// use std::sync::LazyLock;
///
/// static BY_EMAIL: LazyLock<Prepared<(String,), User>> = LazyLock::new(|| {
///     prepare(|email: Placeholder<String>| User::query().filter(User::email.eq(email)))
/// });
///
/// async fn user(db: &Db, email: &str) -> orm::Result<Option<User>> {
///     BY_EMAIL.first(db, email).await
/// }
///
/// let newest = prepare(|name: Placeholder<String>, rows: Placeholder<i64>| {
///     User::query().filter(User::name.like(name)).order_by(User::created_at.desc()).limit(rows).select(User::id)
/// });
/// async fn ids(db: &Db, newest: &Prepared<(String, i64), String>) -> orm::Result<Vec<String>> {
///     newest.all(db, ("A%", 20)).await
/// }
/// # let _ = newest;
/// ```
///
/// Also updates, deletes and inserts can be prepared: `execute` runs them. What the query holds besides placeholders is fixed.
pub fn prepare<Arguments, F: PreparedBy<Arguments>>(query: F) -> Prepared<Arguments, F::Row> {
    let (statement, placeholders) = query.build();
    Prepared { statement, placeholders, texts: Default::default(), types: PhantomData }
}

/// A value for a placeholder of type `V`: a `V`, a reference to one, or its borrowed form.
pub trait Argument<V>: Sync {
    #[doc(hidden)]
    fn value(&self) -> &dyn Parameter;
}

impl<V: Value> Argument<V> for V {
    fn value(&self) -> &dyn Parameter {
        self
    }
}

impl<V: Value> Argument<V> for &V {
    fn value(&self) -> &dyn Parameter {
        *self
    }
}

macro_rules! borrowed {
    ($($borrowed:ty => $owned:ty;)*) => {$(
        impl Argument<$owned> for $borrowed {
            fn value(&self) -> &dyn Parameter {
                self
            }
        }
        impl Argument<Option<$owned>> for $borrowed {
            fn value(&self) -> &dyn Parameter {
                self
            }
        }
        impl Argument<Option<$owned>> for Option<$borrowed> {
            fn value(&self) -> &dyn Parameter {
                self
            }
        }
        impl Argument<Vec<$owned>> for Vec<$borrowed> {
            fn value(&self) -> &dyn Parameter {
                self
            }
        }
    )*};
}

borrowed! {
    &str => String;
    &[u8] => Vec<u8>;
}

/// The values for the placeholders of a prepared query: for one the value alone, for several a tuple in their order, for none `()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not the values of the placeholders `{Placeholders}`",
    label = "one value for each placeholder",
    note = "for one placeholder give the value alone, for several a tuple"
)]
pub trait Arguments<Placeholders>: Sync {
    #[doc(hidden)]
    fn values(&self) -> impl AsRef<[&dyn Parameter]> + Send;
}

#[diagnostic::do_not_recommend]
impl<V, A: Argument<V>> Arguments<(V,)> for A {
    fn values(&self) -> impl AsRef<[&dyn Parameter]> + Send {
        [self.value()]
    }
}

#[diagnostic::do_not_recommend]
impl Arguments<()> for () {
    fn values(&self) -> impl AsRef<[&dyn Parameter]> + Send {
        []
    }
}

impl<F: FnOnce() -> Q, Q: Preparable> PreparedBy<()> for F {
    type Row = Q::Row;

    fn build(self) -> (Statement, Vec<Param>) {
        (self().into_prepared(), Vec::new())
    }
}

macro_rules! prepared_by {
    ($($name:ident $value:ident),+) => {
        impl<F, Q: Preparable, $($name: Value),+> PreparedBy<($($name,)+)> for F
        where
            F: FnOnce($(Placeholder<$name>),+) -> Q,
        {
            type Row = Q::Row;

            fn build(self) -> (Statement, Vec<Param>) {
                $(let $value = Placeholder::<$name>::new();)+
                let params = vec![$($value.param.clone()),+];
                (self($($value),+).into_prepared(), params)
            }
        }
    };
}

macro_rules! arguments {
    ($($name:ident $value:ident $argument:ident),+) => {
        prepared_by!($($name $value),+);

        #[diagnostic::do_not_recommend]
        impl<$($name,)+ $($argument: Argument<$name>),+> Arguments<($($name,)+)> for ($($argument,)+) {
            fn values(&self) -> impl AsRef<[&dyn Parameter]> + Send {
                let ($($value,)+) = self;
                [$($value.value()),+]
            }
        }
    };
}

prepared_by!(A a);
arguments!(A a AA, B b AB);
arguments!(A a AA, B b AB, C c AC);
arguments!(A a AA, B b AB, C c AC, D d AD);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH, I i AI);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH, I i AI, J j AJ);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH, I i AI, J j AJ, K k AK);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH, I i AI, J j AJ, K k AK, L l AL);
arguments!(A a AA, B b AB, C c AC, D d AD, E e AE, G g AG, H h AH, I i AI, J j AJ, K k AK, L l AL, M m AM);
