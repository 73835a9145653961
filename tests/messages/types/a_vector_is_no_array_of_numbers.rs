//! A column that is declared as a vector or a shape has the type of one.
use orm::prelude::*;
use orm::types::{Geometry, Vector};

#[derive(Table, Debug)]
struct Document {
    #[column(primary_key)]
    id: i64,
    #[column(data_type = "vector(3)")]
    embedding: Vec<f32>,
    #[column(data_type = "halfvec(3)")]
    half: Vector,
    #[column(data_type = "geography(Point,4326)")]
    position: Geometry,
    #[column(data_type = "vector(3)[]")]
    many: Vector,
}

fn main() {}
