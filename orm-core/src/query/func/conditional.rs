//! Values, `CASE`, and what chooses among values: manual, section 9.18.

use crate::query::case::EmptyCase;
use crate::query::expr::Expr;
use crate::query::node::{Call, Node};
use crate::query::operand::{Operand, untyped};
use crate::query::reads::LastOf;
use crate::query::row::RowValue;
use crate::query::value::IntoExpression;
use crate::types::Value;

/// A value as an expression: it is sent as a parameter.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select((User::id, func::value(7)));
/// assert_eq!(query.to_sql(), r#"SELECT "user"."id", $1 FROM "user""#);
/// ```
pub fn value<V: IntoExpression>(value: V) -> Expr<V::Value, V::Reads> {
    Expr::new(value.into_expression())
}

/// `CASE WHEN condition THEN value .. ELSE value END`.
///
/// Without [`otherwise`](crate::query::Case::otherwise) it is NULL where no condition holds.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let rank = func::case().when(User::email_verified, 1).when(User::image.is_null(), 2).otherwise(3);
/// let query = User::query().select(rank);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT CASE WHEN "user"."email_verified" THEN $1 WHEN "user"."image" IS NULL THEN $2 ELSE $3 END FROM "user""#
/// );
/// ```
pub const fn case() -> EmptyCase {
    EmptyCase::new()
}

/// `nullif(x, y)`: NULL where they are equal, else `x`.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::nullif(User::name, ""));
/// assert_eq!(query.to_sql(), r#"SELECT nullif("user"."name", $1) FROM "user""#);
/// ```
pub fn nullif<E: IntoExpression, O: Operand<<E::Value as Value>::Sql>>(
    one: E,
    other: O,
) -> Expr<<E::Value as Value>::Nullable, (E::Reads, O::Reads)> {
    call("nullif", vec![untyped(one.into_expression()), untyped(other.into_operand())])
}

/// Two to eight values of one SQL type: the first says which, and may be a value, a column or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values of one type",
    label = "give two to eight values of one type",
    note = "a value of another type is refused: `.cast::<..>()` it; more are nested"
)]
pub trait Alternatives {
    /// NULL only where the last is.
    type Value: Value;
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_arguments(self) -> Vec<Node>;
}

macro_rules! alternatives {
    (@last $last:ident) => { $last };
    (@last $first:ident $($rest:ident)+) => { alternatives!(@last $($rest)+) };
    (@reads $last:ident) => { ($last::Reads, ()) };
    (@reads $first:ident $($rest:ident)+) => { LastOf<$first::Reads, alternatives!(@reads $($rest)+)> };
    ($first:ident $one:ident, $($name:ident $value:ident),+) => {
        impl<$first: IntoExpression, $($name: Operand<<$first::Value as Value>::Sql>),+> Alternatives
            for ($first, $($name),+)
        {
            type Value = <<alternatives!(@last $($name)+) as Operand<<$first::Value as Value>::Sql>>::Value
                as Value>::Propagate<<$first::Value as Value>::NotNull>;
            type Reads = alternatives!(@reads $first $($name)+);

            fn into_arguments(self) -> Vec<Node> {
                let ($one, $($value),+) = self;
                vec![untyped($one.into_expression()), $(untyped($value.into_operand())),+]
            }
        }
    };
}

alternatives!(A a, B b);
alternatives!(A a, B b, C c);
alternatives!(A a, B b, C c, D d);
alternatives!(A a, B b, C c, D d, E e);
alternatives!(A a, B b, C c, D d, E e, F f);
alternatives!(A a, B b, C c, D d, E e, F f, G g);
alternatives!(A a, B b, C c, D d, E e, F f, G g, H h);

/// `coalesce(x, y, ..)`: the first that is not NULL. The result can be NULL only where the last can.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::coalesce((User::image, User::name)));
/// assert_eq!(query.to_sql(), r#"SELECT coalesce("user"."image", "user"."name") FROM "user""#);
/// ```
pub fn coalesce<A: Alternatives>(alternatives: A) -> Expr<A::Value, A::Reads> {
    call("coalesce", alternatives.into_arguments())
}

/// `greatest(x, y, ..)`: the largest that is not NULL. Give one that cannot be NULL as the last, and the result cannot.
pub fn greatest<A: Alternatives>(values: A) -> Expr<A::Value, A::Reads> {
    call("greatest", values.into_arguments())
}

/// `least(x, y, ..)`: the smallest that is not NULL. Give one that cannot be NULL as the last, and the result cannot.
pub fn least<A: Alternatives>(values: A) -> Expr<A::Value, A::Reads> {
    call("least", values.into_arguments())
}

/// `ROW(x, y, ..)`: two to six values that are compared as one, as a key of several columns is.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let after = func::row((User::name, User::id)).gt(func::row(("Ada", "u1")));
/// let query = User::query().filter(after).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE ROW("user"."name", "user"."id") > ROW($1, $2)"#));
/// ```
pub const fn row<T: super::super::row::RowValues>(values: T) -> RowValue<T> {
    RowValue::new(values)
}

/// A call whose types its caller knows.
pub(super) fn call<V, R>(function: &'static str, arguments: Vec<Node>) -> Expr<V, R> {
    Expr::new(Node::Call(Box::new(Call::new(function, arguments))))
}
