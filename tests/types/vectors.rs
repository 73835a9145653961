//! Vectors of the extension pgvector.

use orm::types::{HalfVector, SparseVector, Vector};
use proptest::prelude::*;

/// A number of single precision that is one.
fn number() -> impl Strategy<Value = f32> {
    prop_oneof![any::<f32>().prop_filter("finite", |number| number.is_finite()), Just(0.0)]
}

types! {
    vector {
        rust: Vector,
        sql: "vector",
        extension: "vector",
        limits: "1 to 16,000 dimensions; no NaN, no infinity",
        edges: [
            (Vector::from([0.0, -0.0, 1.5]), "[0,-0,1.5]"),
            (Vector::from([f32::MIN_POSITIVE, f32::MAX]), "[1.1754944e-38,3.4028235e+38]"),
        ],
        random: prop::collection::vec(number(), 1..20).prop_map(Vector),
    }
    vector_of_3 {
        rust: Vector,
        sql: "vector(3)",
        extension: "vector",
        limits: "a vector of other dimensions is an error when it is written",
        edges: [(Vector::from([1.0, 2.0, 3.0]), "[1,2,3]")],
        random: [number(), number(), number()].prop_map(Vector::from),
    }
    half_vector {
        rust: HalfVector,
        sql: "halfvec",
        extension: "vector",
        limits: "numbers are `f32`, rounded to half precision by `HalfVector::rounded`",
        edges: [(HalfVector::rounded([0.1, -65504.0, 6e-8]), "[0.099975586,-65504,5.9604645e-08]")],
        random: prop::collection::vec(-70000.0_f32..70000.0, 1..20)
            .prop_map(|numbers| HalfVector::rounded(numbers.into_iter().map(|it| it.clamp(-65504.0, 65504.0)))),
    }
    sparse_vector {
        rust: SparseVector,
        sql: "sparsevec(1000000000)",
        extension: "vector",
        limits: "up to 16,000 numbers that are not 0; dimensions are counted from 0, in SQL from 1",
        edges: [(SparseVector::new(1_000_000_000, [(999_999_999, 2.0), (0, 0.5)]).unwrap(), "{1:0.5,1000000000:2}/1000000000")],
        random: prop::collection::btree_map(0_u32..1_000_000_000, number(), 0..20)
            .prop_map(|entries| SparseVector::new(1_000_000_000, entries).unwrap()),
    }
}
