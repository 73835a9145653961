//! Shapes of the extension PostGIS.

use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon, polygon};
use orm::types::{Geography, Geometry};
use proptest::prelude::*;

fn place() -> impl Strategy<Value = Coord> {
    (-180.0..180.0, -90.0..90.0).prop_map(|(x, y)| Coord { x, y })
}

fn line() -> impl Strategy<Value = LineString> {
    prop::collection::vec(place(), 2..6).prop_map(LineString)
}

fn area() -> impl Strategy<Value = Polygon> {
    let rings = prop::collection::vec(prop::collection::vec(place(), 3..6), 1..3);
    rings.prop_map(|rings| {
        let mut rings = rings.into_iter().map(LineString);
        Polygon::new(rings.next().unwrap(), rings.collect())
    })
}

fn shape() -> impl Strategy<Value = geo_types::Geometry> {
    let leaf = prop_oneof![
        place().prop_map(|place| Point(place).into()),
        line().prop_map(Into::into),
        area().prop_map(Into::into),
        prop::collection::vec(area(), 0..3).prop_map(|areas| MultiPolygon(areas).into()),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let parts = prop::collection::vec(inner, 0..3);
        parts.prop_map(|parts| geo_types::Geometry::GeometryCollection(parts.into()))
    })
}

types! {
    geometry {
        rust: Geometry,
        sql: "geometry",
        extension: "postgis",
        limits: "every shape, also curves, Z and M, as bytes: `Geometry::from_ewkb`, `convert`",
        edges: [
            (Geometry::point(1.0, 2.0, 4326), "0101000020E6100000000000000000F03F0000000000000040"),
            (Geometry::from_ewkb(&[1, 7, 0, 0, 0, 0, 0, 0, 0]).unwrap(), "010700000000000000"),
            // An empty point; a circular string with Z and M.
            (
                Geometry::point(f64::NAN, f64::NAN, 0),
                "0101000000000000000000F87F000000000000F87F",
            ),
            (Geometry::from_ewkb(&[1, 8, 0, 0, 0xC0, 0, 0, 0, 0]).unwrap(), "01080000C000000000"),
        ],
        random: shape().prop_map(|shape| Geometry::new(shape, 3857).convert().unwrap()),
    }
    geometry_point {
        rust: Geometry<geo_types::Point>,
        sql: "geometry(Point,4326)",
        extension: "postgis",
        feature: "geo-types",
        limits: "a value with another SRID is an error when it is written, Z, M or an empty point when it is read",
        edges: [(Geometry::new(Point::new(1.0, 2.0), 4326), "0101000020E6100000000000000000F03F0000000000000040")],
        random: place().prop_map(|place| Geometry::new(Point(place), 4326)),
    }
    geometry_polygon {
        rust: Geometry<geo_types::Polygon>,
        sql: "geometry",
        extension: "postgis",
        feature: "geo-types",
        edges: [(
            Geometry::from(polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 0.0, y: 1.0)]),
            "01030000000100000004000000\
             00000000000000000000000000000000\
             000000000000F03F0000000000000000\
             0000000000000000000000000000F03F\
             00000000000000000000000000000000",
        )],
        random: area().prop_map(Geometry::from),
    }
    geometry_of_any_type {
        rust: Geometry<geo_types::Geometry>,
        sql: "geometry",
        extension: "postgis",
        feature: "geo-types",
        limits: "also `LineString`, `MultiPoint`, `MultiLineString`, `MultiPolygon`, `GeometryCollection`",
        edges: [],
        random: (shape(), 0..10_000).prop_map(|(shape, srid)| Geometry::new(shape, srid)),
    }
    geography {
        rust: Geography,
        sql: "geography",
        extension: "postgis",
        limits: "as `Geometry`, in degrees",
        edges: [(Geography::point(1.0, 2.0, 4326), "0101000020E6100000000000000000F03F0000000000000040")],
        random: shape().prop_map(|shape| Geography::from(shape).convert().unwrap()),
    }
    geography_point {
        rust: Geography<geo_types::Point>,
        sql: "geography(Point,4326)",
        extension: "postgis",
        feature: "geo-types",
        limits: "as `Geometry`",
        edges: [],
        random: place().prop_map(|place| Geography::from(Point(place))),
    }
}
