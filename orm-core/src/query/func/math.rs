//! Mathematical functions: manual, section 9.3.

use super::conditional::call;
use super::macros::functions;
use crate::query::arithmetic::Negation;
use crate::query::expr::Expr;
use crate::query::node::Node;
use crate::query::operand::{Fits, Operand};
use crate::query::value::IntoExpression;
use crate::types::{Float4, Float8, Int1, Int2, Int4, Int8, UInt1, UInt2, UInt4, UInt8, Value};

/// The operand is a number that PostgreSQL takes for a `double precision`: an integer, or a `real`.
pub enum AsDouble {}

macro_rules! as_double {
    ($($sql:ty)*) => {$(
        impl Fits<Float8, AsDouble> for $sql {}
    )*};
}

as_double! { Int1 Int2 Int4 Int8 UInt1 UInt2 UInt4 UInt8 Float4 Float8 }

/// A number as an argument: a `double precision`, or what PostgreSQL takes for one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "not a number",
    note = "give an `f64`, or a column or expression of an integer type or a floating-point type; `.cast::<f64>()` others"
)]
pub trait Number {
    /// Its Rust type.
    type Value: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_number(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<O: Operand<Float8, AsDouble>> Number for O {
    type Value = O::Value;
    type Reads = O::Reads;

    fn into_number(self) -> Node {
        self.into_operand()
    }
}

/// Functions of one `double precision`.
macro_rules! of_double {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        pub fn $name<N: Number>(number: N) -> Expr<<N::Value as Value>::Propagate<f64>, (N::Reads, ())> {
            call(stringify!($name), vec![double(number.into_number())])
        }
    )*};
}

/// The same functions take other types, too: a cast leaves no doubt.
fn double(node: Node) -> Node {
    match node {
        Node::Param(_) => node,
        node => Node::Cast(Box::new(node), <f64 as Value>::DATA_TYPE),
    }
}

of_double! {
    /// `ceil(number)`: the next larger whole number.
    ceil;
    /// `floor(number)`: the next smaller whole number.
    floor;
    /// `round(number)`: the nearest whole number; from the middle, the even one.
    round;
    /// `trunc(number)`: without its fraction.
    trunc;
    /// `sign(number)`: -1, 0 or 1.
    sign;
    /// `sqrt(number)`: the square root.
    sqrt;
    /// `cbrt(number)`: the cube root.
    cbrt;
    /// `exp(number)`: e to the power of it.
    exp;
    /// `ln(number)`: the natural logarithm.
    ln;
    /// `log10(number)`: the logarithm to the base 10.
    log10;
    /// `degrees(number)`: radians in degrees.
    degrees;
    /// `radians(number)`: degrees in radians.
    radians;
    /// `sin(number)`.
    sin;
    /// `cos(number)`.
    cos;
    /// `tan(number)`.
    tan;
    /// `asin(number)`.
    asin;
    /// `acos(number)`.
    acos;
    /// `atan(number)`.
    atan;
}

/// Functions of two `double precision`.
macro_rules! of_two {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        pub fn $name<A: Number, B: Number>(
            one: A,
            other: B,
        ) -> Expr<<A::Value as Value>::Propagate<<B::Value as Value>::Propagate<f64>>, (A::Reads, B::Reads)>
        {
            call(stringify!($name), vec![double(one.into_number()), double(other.into_number())])
        }
    )*};
}

of_two! {
    /// `power(base, exponent)`.
    power;
    /// `atan2(y, x)`: the angle of the point.
    atan2;
}

/// `abs(number)`: without its sign. The type stays.
pub fn abs<E: IntoExpression>(
    number: E,
) -> Expr<
    <<E::Value as Value>::Sql as Negation>::Result<<E::Value as Value>::Propagate<bool>>,
    (E::Reads, ()),
>
where
    <E::Value as Value>::Sql: Negation,
{
    call("abs", vec![number.into_expression()])
}

functions! {
    /// `pi()`.
    pi() -> f64;
    /// `random()`: at least 0, less than 1; another one for each row.
    random() -> f64;
    /// `gcd(x, y)`: the largest number that divides both.
    gcd(A one: Int8, B other: Int8) -> i64;
    /// `lcm(x, y)`: the smallest number that both divide.
    lcm(A one: Int8, B other: Int8) -> i64;
    /// `width_bucket(number, low, high, count)`: in which of `count` equal parts from `low` to `high` it is; 0 is below, `count + 1`
    /// above.
    width_bucket(A number: Float8, B low: Float8, C high: Float8, D count: Int4) -> i32;
}
