//! A distance of vectors is of vectors; `sum` takes them, a deviation does not.
use orm::func;
use orm::func::pgvector::{l2_norm, vector_dims};
use orm::prelude::*;
use orm::types::{SparseVector, Vector};

#[derive(Table, Debug)]
struct Document {
    #[column(primary_key)]
    id: i64,
    title: String,
    embedding: Vector,
    sparse: SparseVector,
}

fn main() {
    let _distance = Document::title.cosine_distance("x");
    let _differing = Document::embedding.hamming_distance(Document::embedding);
    let _norm = l2_norm(Document::title);
    let _dims = vector_dims(Document::sparse);
    let _sum = func::sum(Document::embedding);
    let _deviation = func::stddev_samp(Document::embedding);
}
