//! A function of shapes is of the types that have it: column `place` of type `point` has no area, no center, no length.
use orm::func;
use orm::prelude::*;
use orm::types::Point;

#[derive(Table)]
#[table(name = "shop")]
pub struct Shop {
    #[column(primary_key)]
    pub id: i64,
    pub place: Point,
}

fn main() {
    let _ = func::area(Shop::place);
    let _ = func::center(Shop::place);
    let _ = func::npoints(Shop::place);
    let _ = Shop::place.is_horizontal();
    let _ = Shop::place.length();
}
