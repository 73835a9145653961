//! A distance is of two vectors of one type: a slice and a `halfvec` are no `vector`.
use orm::prelude::*;
use orm::types::{HalfVector, Vector};

#[derive(Table, Debug)]
struct Document {
    #[column(primary_key)]
    id: i64,
    embedding: Vector,
}

fn main() {
    let _half = Document::embedding.l2_distance(HalfVector::rounded([1.0]));
    let _slice = Document::embedding.l2_distance(vec![1.0_f32]);
}
