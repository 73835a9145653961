//! A distance of vectors is of vectors; `sum` takes them, a deviation does not.
use orm::func;
use orm::prelude::*;
use orm::types::Vector;

#[derive(Table, Debug)]
struct Document {
    #[column(primary_key)]
    id: i64,
    title: String,
    embedding: Vector,
}

fn main() {
    let _distance = Document::title.cosine_distance("x");
    let _sum = func::sum(Document::embedding);
    let _deviation = func::stddev_samp(Document::embedding);
}
