//! Array functions: manual, section 9.19. `Vec<T>` has no NULL elements: do not append a NULL.

use super::conditional::call;
use crate::query::containers::ArrayValue;
use crate::query::expr::Expr;
use crate::query::expression::Propagate;
use crate::query::node::Node;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{ArrayElement, Int4, Text, Value};

/// The SQL type of the elements of an array.
type ElementSql<E> = <<<E as IntoExpression>::Value as ArrayValue>::Element as Value>::Sql;
/// The array itself, as the result of a function.
type Same<E> = <<E as IntoExpression>::Value as Value>::NotNull;

/// `cardinality(array)`: how many elements.
pub fn cardinality<E: IntoExpression>(
    array: E,
) -> Expr<<E::Value as Value>::Propagate<i32>, (E::Reads, ())>
where
    E::Value: ArrayValue,
{
    call("cardinality", vec![array.into_expression()])
}

/// `array_length(array, dimension)`: NULL of an empty array; see [`cardinality`].
pub fn array_length<E: IntoExpression, D: Operand<Int4>>(
    array: E,
    dimension: D,
) -> Expr<Option<i32>, (E::Reads, D::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_length", vec![array.into_expression(), dimension.into_operand()])
}

/// `array_append(array, element)`.
///
/// ```
/// use orm::func;
/// use orm::prelude::*;
/// use auth::User;
/// let query = User::query().select(func::array_append(func::value(vec![1, 2]), 3));
/// assert_eq!(query.to_sql(), r#"SELECT array_append($1, $2) FROM "user""#);
/// ```
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_append<E: IntoExpression, O: Operand<ElementSql<E>>>(
    array: E,
    element: O,
) -> Expr<Propagate<E::Value, O::Value, Same<E>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_append", vec![array.into_expression(), element.into_operand()])
}

/// `array_prepend(element, array)`.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_prepend<E: IntoExpression, O: Operand<ElementSql<E>>>(
    element: O,
    array: E,
) -> Expr<Propagate<E::Value, O::Value, Same<E>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_prepend", vec![element.into_operand(), array.into_expression()])
}

/// `array_remove(array, element)`: without the elements that are equal to it.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_remove<E: IntoExpression, O: Operand<ElementSql<E>>>(
    array: E,
    element: O,
) -> Expr<<E::Value as Value>::Propagate<Same<E>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_remove", vec![array.into_expression(), element.into_operand()])
}

/// `array_replace(array, from, to)`: each element that is equal to `from` replaced by `to`.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_replace<E, A, B>(
    array: E,
    from: A,
    to: B,
) -> Expr<Propagate<E::Value, B::Value, Same<E>>, (E::Reads, (A::Reads, B::Reads))>
where
    E: IntoExpression,
    E::Value: ArrayValue,
    A: Operand<ElementSql<E>>,
    B: Operand<ElementSql<E>>,
{
    call("array_replace", vec![array.into_expression(), from.into_operand(), to.into_operand()])
}

/// `array_position(array, element)`: where the element is first, from 1; NULL where it is not.
pub fn array_position<E: IntoExpression, O: Operand<ElementSql<E>>>(
    array: E,
    element: O,
) -> Expr<Option<i32>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_position", vec![array.into_expression(), element.into_operand()])
}

/// `array_positions(array, element)`: every position of the element.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_positions<E: IntoExpression, O: Operand<ElementSql<E>>>(
    array: E,
    element: O,
) -> Expr<<E::Value as Value>::Propagate<Vec<i32>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_positions", vec![array.into_expression(), element.into_operand()])
}

/// `array_to_string(array, delimiter)`: the texts of the elements with a delimiter between them.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn array_to_string<E: IntoExpression, D: Operand<Text>>(
    array: E,
    delimiter: D,
) -> Expr<Propagate<E::Value, D::Value, String>, (E::Reads, D::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_to_string", vec![array.into_expression(), delimiter.into_operand()])
}

/// One to eight values of one type, as the elements of an array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values of one type",
    label = "give one to eight values, columns or expressions of one type, none of which can be NULL"
)]
pub trait Elements {
    /// Their type.
    type Element: ArrayElement;
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

macro_rules! elements {
    (@reads) => { () };
    (@reads $first:ident $($rest:ident)*) => { ($first::Reads, elements!(@reads $($rest)*)) };
    ($first:ident $one:ident $(, $name:ident $value:ident)*) => {
        impl<$first: IntoExpression $(, $name: Operand<<$first::Value as Value>::Sql, Value = $first::Value>)*>
            Elements for ($first, $($name,)*)
        where
            $first::Value: ArrayElement,
        {
            type Element = $first::Value;
            type Reads = ($first::Reads, elements!(@reads $($name)*));

            fn into_nodes(self) -> Vec<Node> {
                let ($one, $($value,)*) = self;
                vec![$one.into_expression() $(, $value.into_operand())*]
            }
        }
    };
}

elements!(A a);
elements!(A a, B b);
elements!(A a, B b, C c);
elements!(A a, B b, C c, D d);
elements!(A a, B b, C c, D d, E e);
elements!(A a, B b, C c, D d, E e, F f);
elements!(A a, B b, C c, D d, E e, F f, G g);
elements!(A a, B b, C c, D d, E e, F f, G g, H h);

/// `ARRAY[x, y, ..]`: of columns and expressions that are not NULL.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::array((User::name, User::email)));
/// assert_eq!(query.to_sql(), r#"SELECT ARRAY["user"."name", "user"."email"] FROM "user""#);
/// ```
pub fn array<L: Elements>(elements: L) -> Expr<Vec<L::Element>, L::Reads>
where
    Vec<L::Element>: Value,
{
    Expr::new(Node::Array(elements.into_nodes()))
}
