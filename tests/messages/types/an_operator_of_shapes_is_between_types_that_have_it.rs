//! An operator of shapes is between the types of PostgreSQL's list: column `place` of type `point` has no distance from a text.
use orm::prelude::*;
use orm::types::{Point, Polygon};

#[derive(Table)]
#[table(name = "shop")]
pub struct Shop {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub place: Point,
    pub area: Polygon,
}

fn main() {
    let _ = Shop::place.distance_to("home");
    let _ = Shop::place.intersects(Shop::area);
    let _ = Shop::name.same_as(Shop::place);
    let _ = Shop::place.contains(Shop::area);
}
