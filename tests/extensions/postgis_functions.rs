//! The functions of PostGIS, of a `geometry` and of a `geography`.

use crate::postgis::{Place, database, insert, place, square};
use geo_types::{Point, line_string, point, polygon};
use orm::func::postgis::*;
use orm::prelude::*;
use orm::types::{Geography, Geometry};

#[tokio::test]
async fn functions_of_a_geometry() {
    let Some((_database, db)) = database().await else { return };
    let one = Place { area: Some(square(2.0).into()), ..place(1, 1.0, 1.0) };
    insert(&db, vec![one]).await;
    let position = || st_set_srid(Place::position, 0);
    let line = || Geometry::from(line_string![(x: 0.0, y: 0.0), (x: 3.0, y: 4.0)]);
    let numbers = Place::query().select((
        st_distance(position(), Geometry::point(4.0, 5.0, 0)),
        st_area(Place::area),
        st_length(line()),
        st_perimeter(Place::area),
        st_x(Place::position),
        st_y(st_make_point(1.0, 2.5)),
        st_srid(Place::position),
        st_x(Geometry::<Point>::from(point!(x: 3.0, y: 1.0))),
        st_distance(None::<Geometry>, line()),
    ));
    assert_eq!(
        numbers.one(&db).await.unwrap(),
        (Some(5.0), Some(4.0), 5.0, Some(8.0), Some(1.0), Some(2.5), 4326, Some(3.0), None)
    );
    let conditions = Place::query().select((
        st_dwithin(position(), line(), 1.0),
        st_intersects(Place::area, line()),
        st_contains(Place::area, position()),
        st_within(Place::position, st_set_srid(Place::area, 4326)),
        st_covers(Place::area, Geometry::point(9.0, 9.0, 0)),
        st_covered_by(position(), Place::area),
        st_touches(Place::area, Geometry::point(0.0, 1.0, 0)),
        st_overlaps(Place::area, Geometry::from(square(1.0))),
    ));
    assert_eq!(
        conditions.one(&db).await.unwrap(),
        (
            true,
            Some(true),
            Some(true),
            Some(true),
            Some(false),
            Some(true),
            Some(true),
            Some(false)
        )
    );
    let more = Place::query().select((
        st_crosses(Place::area, line()),
        st_equals(Place::area, Geometry::from(square(2.0))),
        st_disjoint(Place::area, line()),
        st_is_valid(Place::position),
    ));
    assert_eq!(more.one(&db).await.unwrap(), (Some(true), Some(true), Some(false), true));
    let shapes = Place::query().select((
        st_as_text(Place::position),
        st_as_geo_json(Place::position),
        st_transform(Place::position, 3857),
        st_centroid(Place::area).cast::<Geometry<Point>>(),
        st_envelope(st_buffer(position(), 1.0)).cast::<Geometry<geo_types::Geometry>>(),
        st_intersection(Place::area, st_make_envelope(1.0, 1.0, 3.0, 3.0, 0)),
        st_geom_from_text("LINESTRING(0 0,3 4)", 0),
        st_geom_from_geo_json(r#"{"type":"Point","coordinates":[1,2]}"#),
    ));
    let row = shapes.one(&db).await.unwrap();
    assert_eq!(row.0, "POINT(1 1)");
    assert!(row.1.contains(r#""coordinates":[1,1]"#), "{}", row.1);
    assert_eq!(row.2.srid(), 3857);
    assert_eq!(row.3, Some(Geometry::point(1.0, 1.0, 0).convert().unwrap()));
    let same = geo_types::Geometry::from(polygon![
        (x: 0.0, y: 0.0), (x: 0.0, y: 2.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0)
    ]);
    assert_eq!(row.4.into_shape(), same);
    assert_eq!(row.5.map(|it| it.shape().kind()), Some("Polygon"));
    assert_eq!(row.6, line().convert().unwrap());
    assert_eq!(row.7, Geometry::point(1.0, 2.0, 4326));
}

#[tokio::test]
async fn functions_of_a_geography_are_in_metres() {
    let Some((_database, db)) = database().await else { return };
    insert(&db, vec![place(1, 0.0, 0.0)]).await;
    let there = || Geography::point(1.0, 0.0, 4326);
    let row = Place::query()
        .select((
            st_distance(Place::globe, there()),
            st_dwithin(Place::globe, there(), 100_000.0),
            st_intersects(Place::globe, there()),
            st_as_text(Place::globe),
            st_srid(Place::globe),
            st_area(st_buffer(Place::globe, 100.0)),
            Place::globe.distance_to(there()),
            Place::globe.boxes_overlap(there()),
            Place::globe.cast::<Geometry<Point>>(),
            Place::position.cast::<Geography<Point>>(),
        ))
        .one(&db)
        .await
        .unwrap();
    let (distance, near, intersects, text, srid, area, operator, overlap, flat, globe) = row;
    assert!((distance.unwrap() - 111_319.5).abs() < 1.0, "{distance:?}");
    assert_eq!((near, intersects, overlap), (Some(false), Some(false), Some(false)));
    assert_eq!((text.as_deref(), srid), (Some("POINT(0 0)"), Some(4326)));
    assert!((area.unwrap() - 31_000.0).abs() < 500.0, "{area:?}");
    // On a sphere, where the function takes the spheroid.
    assert!((operator.unwrap() - 111_195.0).abs() < 200.0, "{operator:?}");
    assert_eq!(flat, Some(place(1, 0.0, 0.0).position));
    assert_eq!(Some(globe), place(1, 0.0, 0.0).globe);
}
