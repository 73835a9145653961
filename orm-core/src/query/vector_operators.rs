//! Distances of vectors of the extension pgvector.

use super::expr::Expr;
use super::expression::{Expression, Propagate, binary};
use super::operand::{Comparable, Subject};
use crate::types::{Bits, HalfVector, OfSqlType, SparseVector, Value, Vector};

/// The SQL type `Self` is one of vectors: `vector`, `halfvec`, `sparsevec`.
pub trait VectorType {}
impl VectorType for Vector {}
impl VectorType for HalfVector {}
impl VectorType for SparseVector {}

/// A column or value that is a vector.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector",
    label = "not a vector",
    note = "vectors are `orm::types::Vector`, `HalfVector` and `SparseVector`"
)]
pub trait VectorSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> VectorSubject for S where <S::Value as Value>::Sql: VectorType {}

/// A column or value that is a string of bits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a string of bits",
    label = "not a `bit` or `bit varying`",
    note = "strings of bits are `orm::types::Bits`"
)]
pub trait BitsSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> BitsSubject for S where S::Value: OfSqlType<Bits> {}

/// The distance of two vectors: NULL where one of them is.
type Distance<E, O> = Expr<
    Propagate<<E as Expression>::Value, <O as Comparable<<E as Expression>::Subject>>::Value, f64>,
    (<E as Expression>::Reads, <O as Comparable<<E as Expression>::Subject>>::Reads),
>;

/// The distances of columns and expressions that are vectors, or strings of bits. Both must be of one type and have as many dimensions.
///
/// An index with the operator class of the distance finds the nearest rows: `ORDER BY` the distance, ascending, with a `LIMIT`.
///
/// ```
/// use orm::prelude::*;
/// use orm::types::Vector;
///
/// #[derive(Table, Debug)]
/// #[table(index(embedding ops "vector_l2_ops", method = hnsw))]
/// struct Document {
///     #[column(primary_key)]
///     id: i64,
///     #[column(data_type = "vector(2)")]
///     embedding: Vector,
/// }
///
/// let distance = Document::embedding.l2_distance(Vector::from([1.0, 2.0]));
/// let query = Document::query().filter(distance.clone().lt(0.5)).select((Document::id, distance));
/// assert_eq!(
///     query.to_sql(),
///     concat!(
///         r#"SELECT "document"."id", "document"."embedding" <-> $1 FROM "document" "#,
///         r#"WHERE ("document"."embedding" <-> $2) < $3"#,
///     )
/// );
/// ```
pub trait VectorOperators: Expression {
    /// `<->`: the Euclidean distance.
    fn l2_distance<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: VectorSubject,
    {
        binary(self.into_node(), "<->", other.into_comparable())
    }

    /// `<#>`: the inner product times -1, so that the smallest is the nearest.
    fn negative_inner_product<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: VectorSubject,
    {
        binary(self.into_node(), "<#>", other.into_comparable())
    }

    /// `<=>`: the cosine distance, from 0 to 2. NaN where one of them has only zeros.
    fn cosine_distance<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: VectorSubject,
    {
        binary(self.into_node(), "<=>", other.into_comparable())
    }

    /// `<+>`: the taxicab distance. pgvector 0.7 and later.
    fn l1_distance<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: VectorSubject,
    {
        binary(self.into_node(), "<+>", other.into_comparable())
    }

    /// `<~>`: of two strings of bits, in how many places they differ. pgvector 0.7 and later.
    fn hamming_distance<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: BitsSubject,
    {
        binary(self.into_node(), "<~>", other.into_comparable())
    }

    /// `<%>`: of two strings of bits, the part of the ones that they do not have in common, from 0 to 1. pgvector 0.7 and later.
    fn jaccard_distance<O: Comparable<Self::Subject>>(self, other: O) -> Distance<Self, O>
    where
        Self::Subject: BitsSubject,
    {
        binary(self.into_node(), "<%>", other.into_comparable())
    }
}

impl<E: Expression> VectorOperators for E {}
