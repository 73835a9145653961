//! `+ - * / %` on columns and expressions: manual, sections 9.3 and 9.9.

use super::column::{Column, SqlOf as ColumnSql, TableColumn};
use super::expr::Expr;
use super::expression::{Expression, SqlOf, binary};
use super::func::Aggregate;
use super::node::{Node, Param};
use super::opaque::{Opaque, Typed};
use super::operand::{Computed, computed};
use super::reads::{Aggregated, InAggregate, Of};
use crate::types::{
    Float4, Float8, HalfVector, Int1, Int2, Int4, Int8, Money, Numeric, PgLsn, UInt1, UInt2, UInt4,
    UInt8, Value, Vector,
};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// PostgreSQL has the operator `OP` between `Self` and `Right`, two SQL types. `L` and `R` are the Rust types of the operands:
/// some results are of the type of one of them.
pub trait Arithmetic<const OP: char, Right, L, R> {
    /// The type of the result, NULL where `Null` is.
    type Result<Null: Value>: Typed;
}

/// The right operand of the operator `OP` after `C`, which is of the SQL type `Sql` and the Rust type `L`.
#[diagnostic::on_unimplemented(
    message = "`{C}` has no operator {OP} with `{Self}`",
    label = "not an operand for `{C}`",
    note = "give a value of the type of `{C}`, or an expression; PostgreSQL has no such operator between other types: `.cast::<..>()` one of them"
)]
pub trait Term<C, Sql, L, const OP: char> {
    /// The type of the result, where the left operand is NULL or not as `Left` says.
    type Result<Left: Value>: Typed;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_term(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<E: Expression, C, Sql, L, const OP: char> Term<C, Sql, L, OP> for E
where
    Sql: Arithmetic<OP, SqlOf<E>, L, E::Value>,
{
    type Result<Left: Value> = Sql::Result<Left::Propagate<<E::Value as Value>::Propagate<bool>>>;
    type Reads = E::Reads;

    fn into_term(self) -> Node {
        computed::<E::Subject>(self.into_node())
    }
}

#[diagnostic::do_not_recommend]
impl<S, N: Value, R, C, Sql, L, const OP: char> Term<C, Sql, L, OP> for Expr<Opaque<S, N>, R>
where
    Sql: Arithmetic<OP, S, L, Opaque<S, N>>,
{
    type Result<Left: Value> = Sql::Result<Left::Propagate<N>>;
    type Reads = R;

    fn into_term(self) -> Node {
        self.into_erased()
    }
}

/// Values on the right: of the type of the left operand, and days after a date.
macro_rules! values {
    ($($sql:ty, $value:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C, L, const OP: char> Term<C, $sql, L, OP> for $value
        where
            $sql: Arithmetic<OP, <$value as Value>::Sql, L, $value>,
        {
            type Result<Left: Value> =
                <$sql as Arithmetic<OP, <$value as Value>::Sql, L, $value>>::Result<Left>;
            type Reads = ();

            fn into_term(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

values! {
    Int2, i16;
    Int4, i32;
    Int8, i64;
    Int1, i8;
    UInt1, u8;
    UInt2, u16;
    UInt4, u32;
    UInt8, u64;
    Float4, f32;
    Float8, f64;
    Int2, f64;
    Int4, f64;
    Int8, f64;
    Int1, f64;
    UInt1, f64;
    UInt2, f64;
    UInt4, f64;
    UInt8, f64;
    Numeric, Numeric;
    Numeric, i32;
    Numeric, i64;
    Money, Money;
    Money, i32;
    Money, f64;
    PgLsn, PgLsn;
    PgLsn, Numeric;
    Vector, Vector;
    HalfVector, HalfVector;
}

#[cfg(feature = "rust_decimal")]
values! { Numeric, rust_decimal::Decimal; }
#[cfg(feature = "bigdecimal")]
values! { Numeric, bigdecimal::BigDecimal; }

/// The Rust operators of columns, expressions and aggregates.
macro_rules! operators {
    ($($op:literal $symbol:literal $trait:ident $method:ident;)*) => {$(
        impl<C: TableColumn, O: Term<C, ColumnSql<C>, C::Value, $op>> $trait<O> for Column<C> {
            type Output = Expr<O::Result<<C::Value as Value>::Propagate<bool>>, (Of<C>, O::Reads)>;

            fn $method(self, other: O) -> Self::Output {
                binary(computed::<C>(self.node()), $symbol, other.into_term())
            }
        }

        impl<V: Typed, R, O: Term<Computed<V>, V::Sql, V, $op>> $trait<O> for Expr<V, R> {
            type Output = Expr<O::Result<V::Null>, (R, O::Reads)>;

            fn $method(self, other: O) -> Self::Output {
                binary(self.into_erased(), $symbol, other.into_term())
            }
        }

        impl<V: Value, R: InAggregate, Rows, O: Term<Computed<V>, V::Sql, V, $op>> $trait<O>
            for Aggregate<V, R, Rows>
        {
            type Output = Expr<O::Result<V::Propagate<bool>>, (Aggregated<R>, O::Reads)>;

            fn $method(self, other: O) -> Self::Output {
                binary(self.into_node(), $symbol, other.into_term())
            }
        }
    )*};
}

operators! {
    '+' "+" Add add;
    '-' "-" Sub sub;
    '*' "*" Mul mul;
    '/' "/" Div div;
    '%' "%" Rem rem;
}

/// A value on the left of a column or an expression.
macro_rules! value_first {
    ($($op:literal $symbol:literal $trait:ident $method:ident: $($value:ty)*;)*) => {$($(
        impl<C: TableColumn> $trait<Column<C>> for $value
        where
            <$value as Value>::Sql: Arithmetic<$op, ColumnSql<C>, $value, C::Value>,
        {
            type Output = Expr<
                <<$value as Value>::Sql as Arithmetic<
                    $op,
                    ColumnSql<C>,
                    $value,
                    C::Value,
                >>::Result<<C::Value as Value>::Propagate<bool>>,
                ((), Of<C>),
            >;

            fn $method(self, column: Column<C>) -> Self::Output {
                binary(Node::Param(Param::of(self)), $symbol, computed::<C>(column.node()))
            }
        }

        impl<V: Typed, R> $trait<Expr<V, R>> for $value
        where
            <$value as Value>::Sql: Arithmetic<$op, V::Sql, $value, V>,
        {
            type Output = Expr<
                <<$value as Value>::Sql as Arithmetic<$op, V::Sql, $value, V>>::Result<V::Null>,
                ((), R),
            >;

            fn $method(self, expression: Expr<V, R>) -> Self::Output {
                binary(Node::Param(Param::of(self)), $symbol, expression.into_erased())
            }
        }
    )*)*};
}

value_first! {
    '+' "+" Add add: i8 u8 i16 u16 i32 u32 i64 u64 f32 f64;
    '-' "-" Sub sub: i8 u8 i16 u16 i32 u32 i64 u64 f32 f64;
    '*' "*" Mul mul: i8 u8 i16 u16 i32 u32 i64 u64 f32 f64;
    '/' "/" Div div: i8 u8 i16 u16 i32 u32 i64 u64 f32 f64;
    '%' "%" Rem rem: i8 u8 i16 u16 i32 u32 i64 u64;
}

/// Operators and what they give. The operands of two integer types give the larger one.
macro_rules! results {
    ($($left:ty, $right:ty: $($op:literal)* => $result:ty;)*) => {$($(
        impl<L, R> Arithmetic<$op, $right, L, R> for $left {
            type Result<Null: Value> = Null::Propagate<$result>;
        }
    )*)*};
}

results! {
    Int2, Int2: '+' '-' '*' '/' '%' => i16;
    Int2, Int4: '+' '-' '*' '/' '%' => i32;
    Int2, Int8: '+' '-' '*' '/' '%' => i64;
    Int4, Int2: '+' '-' '*' '/' '%' => i32;
    Int4, Int4: '+' '-' '*' '/' '%' => i32;
    Int4, Int8: '+' '-' '*' '/' '%' => i64;
    Int8, Int2: '+' '-' '*' '/' '%' => i64;
    Int8, Int4: '+' '-' '*' '/' '%' => i64;
    Int8, Int8: '+' '-' '*' '/' '%' => i64;
    Float4, Float4: '+' '-' '*' '/' => f32;
    Float4, Float8: '+' '-' '*' '/' => f64;
    Float8, Float4: '+' '-' '*' '/' => f64;
    Float8, Float8: '+' '-' '*' '/' => f64;
    Int2, Float4: '+' '-' '*' '/' => f64;
    Int4, Float4: '+' '-' '*' '/' => f64;
    Int8, Float4: '+' '-' '*' '/' => f64;
    Float4, Int2: '+' '-' '*' '/' => f64;
    Float4, Int4: '+' '-' '*' '/' => f64;
    Float4, Int8: '+' '-' '*' '/' => f64;
    Int2, Float8: '+' '-' '*' '/' => f64;
    Int4, Float8: '+' '-' '*' '/' => f64;
    Int8, Float8: '+' '-' '*' '/' => f64;
    Float8, Int2: '+' '-' '*' '/' => f64;
    Float8, Int4: '+' '-' '*' '/' => f64;
    Float8, Int8: '+' '-' '*' '/' => f64;
    Numeric, Int2: '+' '-' '*' '/' '%' => Numeric;
    Int2, Numeric: '+' '-' '*' '/' '%' => Numeric;
    Numeric, Int4: '+' '-' '*' '/' '%' => Numeric;
    Int4, Numeric: '+' '-' '*' '/' '%' => Numeric;
    Numeric, Int8: '+' '-' '*' '/' '%' => Numeric;
    Int8, Numeric: '+' '-' '*' '/' '%' => Numeric;
    Numeric, Numeric: '+' '-' '*' '/' '%' => Numeric;
    Numeric, Float4: '+' '-' '*' '/' => f64;
    Float4, Numeric: '+' '-' '*' '/' => f64;
    Numeric, Float8: '+' '-' '*' '/' => f64;
    Float8, Numeric: '+' '-' '*' '/' => f64;
    Vector, Vector: '+' '-' '*' => Vector;
    HalfVector, HalfVector: '+' '-' '*' => HalfVector;
}

results! {
    Money, Money: '+' '-' => Money;
    Money, Money: '/' => f64;
    Money, Int2: '*' '/' => Money;
    Money, Int4: '*' '/' => Money;
    Money, Int8: '*' '/' => Money;
    Money, Float4: '*' '/' => Money;
    Money, Float8: '*' '/' => Money;
    Int2, Money: '*' => Money;
    Int4, Money: '*' => Money;
    Int8, Money: '*' => Money;
    Float4, Money: '*' => Money;
    Float8, Money: '*' => Money;
    PgLsn, PgLsn: '-' => Numeric;
    PgLsn, Numeric: '+' '-' => PgLsn;
    Numeric, PgLsn: '+' => PgLsn;
}

/// Checked integers are computed as what they are stored as: a difference of two `u32` may be less than zero.
macro_rules! computed_as {
    ($($checked:ty, $stored:ty;)*) => {$(
        impl<const OP: char, Right, L, R> Arithmetic<OP, Right, L, R> for $checked
        where
            $stored: Arithmetic<OP, Right, L, R>,
        {
            type Result<Null: Value> = <$stored as Arithmetic<OP, Right, L, R>>::Result<Null>;
        }

        computed_as!(@right $checked, $stored: Int2 Int4 Int8 Float4 Float8 Numeric);

        impl Negation for $checked {
            type Result<Null: Value> = <$stored as Negation>::Result<Null>;
        }
    )*};
    (@right $checked:ty, $stored:ty: $($left:ty)*) => {$(
        impl<const OP: char, L, R> Arithmetic<OP, $checked, L, R> for $left
        where
            $left: Arithmetic<OP, $stored, L, R>,
        {
            type Result<Null: Value> = <$left as Arithmetic<OP, $stored, L, R>>::Result<Null>;
        }
    )*};
}

/// PostgreSQL has a `-` before a value of the SQL type `Self`.
pub trait Negation {
    /// The type of the result, NULL where `Null` is.
    type Result<Null: Value>: Typed;
}

macro_rules! negations {
    ($($sql:ty, $result:ty;)*) => {$(
        impl Negation for $sql {
            type Result<Null: Value> = Null::Propagate<$result>;
        }
    )*};
}

computed_as! { Int1, Int2; UInt1, Int2; UInt2, Int4; UInt4, Int8; UInt8, Int8; }

negations! { Int2, i16; Int4, i32; Int8, i64; Float4, f32; Float8, f64; Numeric, Numeric; }

impl<C: TableColumn> Neg for Column<C>
where
    ColumnSql<C>: Negation,
{
    type Output =
        Expr<<ColumnSql<C> as Negation>::Result<<C::Value as Value>::Propagate<bool>>, (Of<C>, ())>;

    fn neg(self) -> Self::Output {
        Expr::new(Node::Prefix("-", Box::new(computed::<C>(self.node()))))
    }
}

impl<V: Typed, R> Neg for Expr<V, R>
where
    V::Sql: Negation,
{
    type Output = Expr<<V::Sql as Negation>::Result<V::Null>, (R, ())>;

    fn neg(self) -> Self::Output {
        Expr::new(Node::Prefix("-", Box::new(self.into_erased())))
    }
}

mod shapes;
mod time;

pub use time::Day;
