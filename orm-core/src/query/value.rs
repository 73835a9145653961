//! [`IntoExpression`]: a value, a column or an expression, whose type is its own and not asked for by what is around it.

use super::expression::Expression;
use super::node::{Node, Param};
use crate::types::{ArrayElement, NdArray, Value};

/// A value, a column or an expression: an argument whose type the place does not fix.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value or expression",
    label = "not a value or expression",
    note = "give a column, an expression, or a value of a type that a column can have"
)]
pub trait IntoExpression {
    /// Its Rust type.
    type Value: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_expression(self) -> Node;
}

/// Each kind of expression by itself, as in [`super::operand`].
macro_rules! expressions {
    ($([$($generics:tt)*] $expression:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> IntoExpression for $expression {
            type Value = <$expression as Expression>::Value;
            type Reads = <$expression as Expression>::Reads;

            fn into_expression(self) -> Node {
                self.into_node()
            }
        }
    )*};
}

super::operand::each_expression! { expressions }

macro_rules! values {
    ($($given:ty => $value:ty;)*) => {$(
        impl IntoExpression for $given {
            type Value = $value;
            type Reads = ();

            fn into_expression(self) -> Node {
                Node::Param(Param::of(<$value>::from(self)))
            }
        }
    )*};
}

values! {
    bool => bool;
    i16 => i16;
    i32 => i32;
    i64 => i64;
    i8 => i8;
    u8 => u8;
    u16 => u16;
    u32 => u32;
    u64 => u64;
    std::num::NonZeroI16 => std::num::NonZeroI16;
    std::num::NonZeroI32 => std::num::NonZeroI32;
    std::num::NonZeroI64 => std::num::NonZeroI64;
    std::num::NonZeroU8 => std::num::NonZeroU8;
    std::num::NonZeroU16 => std::num::NonZeroU16;
    std::num::NonZeroU32 => std::num::NonZeroU32;
    std::num::NonZeroU64 => std::num::NonZeroU64;
    f32 => f32;
    f64 => f64;
    crate::types::Numeric => crate::types::Numeric;
    String => String;
    &str => String;
    &String => String;
    std::borrow::Cow<'_, str> => String;
    Vec<u8> => Vec<u8>;
    &[u8] => Vec<u8>;
}

#[cfg(feature = "chrono")]
values! {
    chrono::DateTime<chrono::Utc> => chrono::DateTime<chrono::Utc>;
    chrono::NaiveDateTime => chrono::NaiveDateTime;
    chrono::NaiveDate => chrono::NaiveDate;
    chrono::NaiveTime => chrono::NaiveTime;
}

#[cfg(feature = "uuid")]
values! { uuid::Uuid => uuid::Uuid; }

#[cfg(feature = "json")]
values! { serde_json::Value => serde_json::Value; }

#[diagnostic::do_not_recommend]
impl<T: crate::types::CustomType> IntoExpression for T {
    type Value = Self;
    type Reads = ();

    fn into_expression(self) -> Node {
        Node::Param(Param::of(self))
    }
}

macro_rules! arrays {
    ($($array:ident)*) => {$(
        impl<V: ArrayElement> IntoExpression for $array<V>
        where
            Self: Value,
        {
            type Value = Self;
            type Reads = ();

            fn into_expression(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

arrays! { Vec NdArray }

impl<V: Value> IntoExpression for Option<V>
where
    Self: Value,
{
    type Value = Self;
    type Reads = ();

    fn into_expression(self) -> Node {
        Node::Param(Param::of(self))
    }
}

impl IntoExpression for Option<&str> {
    type Value = Option<String>;
    type Reads = ();

    fn into_expression(self) -> Node {
        Node::Param(Param::of(self.map(String::from)))
    }
}
