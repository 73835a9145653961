//! A shape of `geo_types` is a column within a `Geometry`, which has the SRID.
use orm::prelude::*;
use orm::types::Geometry;

#[derive(Table, Debug)]
struct Place {
    #[column(primary_key)]
    id: i64,
    position: geo_types::Point,
    area: Geometry<geo_types::Polygon>,
    name: Geometry<String>,
}

fn main() {}
