//! Array functions: manual, section 9.19. An array with NULL elements is a `Vec<Option<T>>`.

use super::conditional::call;
use crate::query::containers::ArrayValue;
use crate::query::expr::Expr;
use crate::query::expression::Propagate;
use crate::query::node::Node;
use crate::query::operand::{ExactlyOrNull, Operand};
use crate::query::value::IntoExpression;
use crate::types::{ArrayElement, Int4, Text, Value};

/// The SQL type of the elements of an array.
type ElementSql<E> = <<<E as IntoExpression>::Value as ArrayValue>::Element as Value>::Sql;
/// The array itself, as the result of a function.
type Same<E> = <<E as IntoExpression>::Value as Value>::NotNull;
/// The array with an element more: where that can be NULL, its elements can.
type With<E, O> = Vec<ElementWith<E, O>>;
/// An element of the array, or the other value.
type ElementWith<E, O> = <<O as Operand<ElementSql<E>, ExactlyOrNull>>::Value as Value>::Propagate<
    <<E as IntoExpression>::Value as ArrayValue>::Element,
>;

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

/// `array_append(array, element)`: with the element at its end, which may be NULL. Of NULL the array of the element.
///
/// ```
/// use orm::func;
/// use orm::prelude::*;
/// use auth::User;
/// let query = User::query().select(func::array_append(func::value(vec![1, 2]), 3));
/// assert_eq!(query.to_sql(), r#"SELECT array_append($1, $2) FROM "user""#);
/// ```
pub fn array_append<E: IntoExpression, O: Operand<ElementSql<E>, ExactlyOrNull>>(
    array: E,
    element: O,
) -> Expr<With<E, O>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
    ElementWith<E, O>: ArrayElement,
    With<E, O>: Value,
{
    call("array_append", vec![array.into_expression(), element.into_operand()])
}

/// `array_prepend(element, array)`: with the element at its start, which may be NULL. Of NULL the array of the element.
pub fn array_prepend<E: IntoExpression, O: Operand<ElementSql<E>, ExactlyOrNull>>(
    element: O,
    array: E,
) -> Expr<With<E, O>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
    ElementWith<E, O>: ArrayElement,
    With<E, O>: Value,
{
    call("array_prepend", vec![element.into_operand(), array.into_expression()])
}

/// `array_remove(array, element)`: without the elements that are equal to it; NULL removes NULLs.
pub fn array_remove<E: IntoExpression, O: Operand<ElementSql<E>, ExactlyOrNull>>(
    array: E,
    element: O,
) -> Expr<<E::Value as Value>::Propagate<Same<E>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_remove", vec![array.into_expression(), element.into_operand()])
}

/// `array_replace(array, from, to)`: each element that is equal to `from` replaced by `to`; NULL as `from` replaces NULLs.
pub fn array_replace<E, A, B>(
    array: E,
    from: A,
    to: B,
) -> Expr<<E::Value as Value>::Propagate<With<E, B>>, (E::Reads, (A::Reads, B::Reads))>
where
    E: IntoExpression,
    E::Value: ArrayValue,
    A: Operand<ElementSql<E>, ExactlyOrNull>,
    B: Operand<ElementSql<E>, ExactlyOrNull>,
    ElementWith<E, B>: ArrayElement,
    With<E, B>: Value,
{
    call("array_replace", vec![array.into_expression(), from.into_operand(), to.into_operand()])
}

/// `array_position(array, element)`: where the element, which may be NULL, is first, from 1; NULL where it is not.
pub fn array_position<E: IntoExpression, O: Operand<ElementSql<E>, ExactlyOrNull>>(
    array: E,
    element: O,
) -> Expr<Option<i32>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_position", vec![array.into_expression(), element.into_operand()])
}

/// `array_positions(array, element)`: every position of the element, which may be NULL.
pub fn array_positions<E: IntoExpression, O: Operand<ElementSql<E>, ExactlyOrNull>>(
    array: E,
    element: O,
) -> Expr<<E::Value as Value>::Propagate<Vec<i32>>, (E::Reads, O::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_positions", vec![array.into_expression(), element.into_operand()])
}

/// `array_to_string(array, delimiter)`: the texts of the elements with a delimiter between them.
pub fn array_to_string<E: IntoExpression, D: Operand<Text>>(
    array: E,
    delimiter: D,
) -> Expr<Propagate<E::Value, D::Value, String>, (E::Reads, D::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_to_string", vec![array.into_expression(), delimiter.into_operand()])
}

/// `array_to_string(array, delimiter, null)`: the same with a text in the place of NULLs, which are left out otherwise.
pub fn array_to_string_null<E: IntoExpression, D: Operand<Text>, N: Operand<Text>>(
    array: E,
    delimiter: D,
    null: N,
) -> Expr<Propagate<E::Value, D::Value, String>, (E::Reads, (D::Reads, N::Reads))>
where
    E::Value: ArrayValue,
{
    let nodes = vec![array.into_expression(), delimiter.into_operand(), null.into_operand()];
    call("array_to_string", nodes)
}

/// `array_ndims(array)`: how many dimensions; NULL of an empty array.
pub fn array_ndims<E: IntoExpression>(array: E) -> Expr<Option<i32>, (E::Reads, ())>
where
    E::Value: ArrayValue,
{
    call("array_ndims", vec![array.into_expression()])
}

/// `array_dims(array)`: its dimensions as a text, `[1:2][1:3]`; NULL of an empty array.
pub fn array_dims<E: IntoExpression>(array: E) -> Expr<Option<String>, (E::Reads, ())>
where
    E::Value: ArrayValue,
{
    call("array_dims", vec![array.into_expression()])
}

/// `array_lower(array, dimension)`: the first subscript of a dimension; NULL where there is none.
pub fn array_lower<E: IntoExpression, D: Operand<Int4>>(
    array: E,
    dimension: D,
) -> Expr<Option<i32>, (E::Reads, D::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_lower", vec![array.into_expression(), dimension.into_operand()])
}

/// `array_upper(array, dimension)`: the last subscript of a dimension; NULL where there is none.
pub fn array_upper<E: IntoExpression, D: Operand<Int4>>(
    array: E,
    dimension: D,
) -> Expr<Option<i32>, (E::Reads, D::Reads)>
where
    E::Value: ArrayValue,
{
    call("array_upper", vec![array.into_expression(), dimension.into_operand()])
}

/// `trim_array(array, count)`: without that many elements at its end; more than it has are an error of the server.
pub fn trim_array<E: IntoExpression, N: Operand<Int4>>(
    array: E,
    count: N,
) -> Expr<Propagate<E::Value, N::Value, Same<E>>, (E::Reads, N::Reads)>
where
    E::Value: ArrayValue,
{
    call("trim_array", vec![array.into_expression(), count.into_operand()])
}

/// One to eight values of one type, as the elements of an array.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values of one type",
    label = "give one to eight values, columns or expressions of one type: all can be NULL, or none"
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

/// `ARRAY[x, y, ..]`: of columns and expressions of one type. Where they can be NULL it is a `Vec<Option<_>>`.
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
