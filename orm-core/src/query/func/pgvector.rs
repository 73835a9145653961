//! Functions of the extension pgvector. The distances are methods: [`VectorOperators`](crate::query::VectorOperators).
//! `func::avg` and `func::sum` take vectors, `+ - *` and `concat` too.
//!
//! ```
//! use orm::func::pgvector;
//! use orm::prelude::*;
//! use orm::types::Vector;
//!
//! #[derive(Table, Debug)]
//! struct Document {
//!     #[column(primary_key)]
//!     id: i64,
//!     embedding: Vector,
//! }
//!
//! let query = Document::query().select(pgvector::vector_dims(Document::embedding));
//! assert_eq!(query.to_sql(), r#"SELECT vector_dims("document"."embedding") FROM "document""#);
//! ```

use super::conditional::call;
use crate::query::expr::Expr;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{Bits, HalfVector, Int4, SparseVector, Value, Vector};

/// A result of the type of the argument, NULL where that is.
type Same<E> = <<E as IntoExpression>::Value as Value>::Propagate<
    <<E as IntoExpression>::Value as Value>::NotNull,
>;

/// The SQL type `Self` is one of vectors, which have a length.
pub trait Norm {
    /// The function that gives it.
    #[doc(hidden)]
    const NORM: &'static str;
}

/// The SQL type `Self` is one of vectors that have a number in each dimension: `vector`, `halfvec`.
pub trait Dense: Norm {}
impl Dense for Vector {}
impl Dense for HalfVector {}

/// A value, a column or an expression that is a vector.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector",
    label = "not a vector",
    note = "vectors are `orm::types::Vector`, `HalfVector` and `SparseVector`"
)]
pub trait VectorExpression: IntoExpression {
    /// Its SQL type.
    type Sql: Norm;
}

#[diagnostic::do_not_recommend]
impl<E: IntoExpression> VectorExpression for E
where
    <E::Value as Value>::Sql: Norm,
{
    type Sql = <E::Value as Value>::Sql;
}

/// A value, a column or an expression that is a `vector` or a `halfvec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `vector` or `halfvec`",
    label = "give a `Vector` or a `HalfVector`"
)]
pub trait DenseExpression: IntoExpression {}
#[diagnostic::do_not_recommend]
impl<E: IntoExpression> DenseExpression for E where <E::Value as Value>::Sql: Dense {}

macro_rules! norms {
    ($($vector:ty, $function:literal;)*) => {$(
        impl Norm for $vector {
            const NORM: &'static str = $function;
        }
    )*};
}

norms! { Vector, "vector_norm"; HalfVector, "l2_norm"; SparseVector, "l2_norm"; }

/// `vector_dims(vector)`: how many dimensions it has.
pub fn vector_dims<E: DenseExpression>(
    vector: E,
) -> Expr<<E::Value as Value>::Propagate<i32>, (E::Reads, ())> {
    call("vector_dims", vec![vector.into_expression()])
}

/// `l2_norm(vector)`: the Euclidean length; of a `vector` the function's name is `vector_norm`.
pub fn l2_norm<E: VectorExpression>(
    vector: E,
) -> Expr<<E::Value as Value>::Propagate<f64>, (E::Reads, ())> {
    call(E::Sql::NORM, vec![vector.into_expression()])
}

/// `l2_normalize(vector)`: of the same direction and the length 1. pgvector 0.7 and later.
pub fn l2_normalize<E: VectorExpression>(vector: E) -> Expr<Same<E>, (E::Reads, ())> {
    call("l2_normalize", vec![vector.into_expression()])
}

/// `subvector(vector, start, count)`: `count` of its dimensions, from the one with the number `start` on; the first is number 1.
pub fn subvector<E, S, C>(
    vector: E,
    start: S,
    count: C,
) -> Expr<
    <S::Value as Value>::Propagate<<C::Value as Value>::Propagate<Same<E>>>,
    (E::Reads, (S::Reads, C::Reads)),
>
where
    E: DenseExpression,
    S: Operand<Int4>,
    C: Operand<Int4>,
{
    let arguments = vec![vector.into_expression(), start.into_operand(), count.into_operand()];
    call("subvector", arguments)
}

/// `binary_quantize(vector)`: a bit for each dimension, which is 1 where the number is greater than 0. pgvector 0.7 and later.
pub fn binary_quantize<E: DenseExpression>(
    vector: E,
) -> Expr<<E::Value as Value>::Propagate<Bits>, (E::Reads, ())> {
    call("binary_quantize", vec![vector.into_expression()])
}
