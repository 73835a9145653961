//! PostgreSQL has no `=` for points, and that of boxes compares areas: columns `place` and `area` have `same_as`.
use orm::prelude::*;
use orm::types::{BoundingBox, Point};

#[derive(Table)]
#[table(name = "shop")]
pub struct Shop {
    #[column(primary_key)]
    pub id: i64,
    pub place: Point,
    pub area: BoundingBox,
}

fn main() {
    let _ = Shop::query().filter(Shop::place.eq(Point::new(1.0, 2.0)));
    let _ = Shop::query().order_by(Shop::area.asc());
}
