//! Both shapes of a call are a `geometry`, or both a `geography`; what only a `geometry` has is not called with a `geography`.
use orm::func::postgis::{st_area, st_contains, st_distance};
use orm::prelude::*;
use orm::types::{Geography, Geometry};

#[derive(Table, Debug)]
struct Place {
    #[column(primary_key)]
    id: i64,
    name: String,
    area: Geometry,
    globe: Geography,
}

fn main() {
    let _distance = st_distance(Place::globe, Place::area);
    let _contains = st_contains(Place::area, Place::globe);
    let _nearest = Place::area.distance_to(Geography::point(1.0, 2.0, 4326));
    let _box = Place::name.boxes_overlap(Place::area);
    let _area = st_area(Place::name);
}
