//! PostGIS: shapes by each way, functions, and indexes that are used.

use crate::support::{differences, with_extension};
use futures_util::TryStreamExt as _;
use geo_types::{
    GeometryCollection, LineString, MultiPoint, Point, Polygon, line_string, point, polygon,
};
use orm::ErrorKind;
use orm::func::postgis::*;
use orm::prelude::*;
use orm::types::{Geography, Geometry};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "place",
    has_many(visits: Visit),
    index(position, method = gist),
    index("on_globe", globe, method = gist),
    index("by_cell", area ops "gist_geometry_ops_2d", method = gist, with(fillfactor = 90)),
)]
struct Place {
    #[column(primary_key)]
    id: i64,
    #[column(data_type = "geometry(Point,4326)")]
    position: Geometry<Point>,
    #[column(data_type = "geometry(Polygon)")]
    area: Option<Geometry<Polygon>>,
    any: Option<Geometry>,
    shapes: Vec<Geometry<geo_types::Geometry>>,
    #[column(data_type = "geography(Point,4326)")]
    globe: Option<Geography<Point>>,
    #[column(data_type = "geography[]")]
    route: Vec<Option<Geography>>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "visit")]
struct Visit {
    #[column(primary_key)]
    id: i64,
    #[column(references = Place::id)]
    place_id: i64,
}

async fn database() -> Option<(TestDatabase, Db)> {
    let (database, db) = with_extension("postgis").await?;
    database.create(&[Place::TABLE, Visit::TABLE]).await;
    Some((database, db))
}

fn place(id: i64, x: f64, y: f64) -> Place {
    Place {
        id,
        position: Geometry::new(point!(x: x, y: y), 4326),
        area: None,
        any: None,
        shapes: vec![],
        globe: Some(Geography::from(point!(x: x, y: y))),
        route: vec![],
    }
}

fn square(size: f64) -> Polygon {
    polygon![(x: 0.0, y: 0.0), (x: size, y: 0.0), (x: size, y: size), (x: 0.0, y: size)]
}

fn full() -> Place {
    let line = line_string![(x: 1.0, y: 2.0), (x: -0.5, y: 1e300)];
    let points = MultiPoint::new(vec![point!(x: 1.0, y: 2.0)]);
    let all = GeometryCollection::new_from(vec![line.clone().into(), points.clone().into()]);
    Place {
        area: Some(square(2.0).into()),
        // POINT ZM (1 2 3 4)
        any: Geometry::from_ewkb(
            &[&[1, 1, 0, 0, 0xC0][..], &[1.0_f64, 2.0, 3.0, 4.0].map(f64::to_le_bytes).concat()]
                .concat(),
        )
        .ok(),
        shapes: vec![
            Geometry::new(line.into(), 3857),
            Geometry::from(geo_types::Geometry::from(points)),
            Geometry::from(geo_types::Geometry::GeometryCollection(all)),
            Geometry::from(geo_types::Geometry::from(LineString(vec![]))),
        ],
        route: vec![Some(Geography::point(1.0, 2.0, 4326)), None],
        ..place(1, 13.4, 52.5)
    }
}

async fn insert(db: &Db, places: Vec<Place>) {
    orm::Insert::values(places).execute(db).await.unwrap();
}

#[tokio::test]
async fn shapes_come_back_as_they_went() {
    let Some((_database, db)) = database().await else { return };
    let one = full();
    insert(&db, vec![one.clone()]).await;
    insert(&db, vec![place(2, 1.0, 1.0), place(3, 2.0, 2.0)]).await;
    assert_eq!(Place::query().find(1).one(&db).await.unwrap(), one);
    let texts: (String, String, String, String) = db
        .query_one(
            "SELECT ST_AsEWKT(position), ST_AsEWKT(area), ST_AsEWKT(\"any\"), (SELECT string_agg(ST_AsEWKT(s), ' ') FROM unnest(shapes) s)
             FROM place WHERE id = 1",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(texts.0, "SRID=4326;POINT(13.4 52.5)");
    assert_eq!(texts.1, "POLYGON((0 0,2 0,2 2,0 2,0 0))");
    assert_eq!(texts.2, "POINT(1 2 3 4)");
    assert_eq!(
        texts.3,
        "SRID=3857;LINESTRING(1 2,-0.5 1e+300) MULTIPOINT(1 2) GEOMETRYCOLLECTION(LINESTRING(1 2,-0.5 1e+300),MULTIPOINT(1 2)) LINESTRING EMPTY"
    );
    // What the server writes is what is written here.
    let hex: String =
        db.query_one("SELECT \"any\"::text FROM place WHERE id = 1", &[]).await.unwrap();
    let ewkb = one.any.as_ref().unwrap().to_ewkb().unwrap();
    assert_eq!(hex, ewkb.iter().map(|byte| format!("{byte:02X}")).collect::<String>());

    // Within a record.
    Visit::insert().id(1).place_id(1).execute(&db).await.unwrap();
    let visit = Visit::query().with(Visit::place).one(&db).await.unwrap();
    assert_eq!(visit.place, one);

    // As a parameter.
    let same = Place::query()
        .filter(Place::position.eq(one.position))
        .filter(Place::any.is_not_distinct_from(one.any.clone()))
        .filter(Place::shapes.eq(one.shapes.clone()))
        .filter(Place::globe.eq(one.globe.unwrap()))
        .filter(Place::position.is_in([one.position]));
    assert_eq!(same.count(&db).await.unwrap(), 1);

    // COPY in and out.
    let copied = vec![Place { id: 4, ..one.clone() }, place(5, 7.0, 7.0)];
    orm::copy_in::<Place>(&db, copied.clone()).await.unwrap();
    let out: Vec<Place> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(out.len(), 5);
    assert_eq!(out[3..], copied);
}

#[tokio::test]
async fn a_shape_that_is_none_of_the_column_is_an_error() {
    let Some((database, db)) = database().await else { return };
    let wrong = Place { position: point!(x: 1.0, y: 2.0).into(), ..full() };
    let error = orm::Insert::values([wrong]).execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert!(
        error.to_string().contains("a shape with the SRID 0 for a geometry(Point,4326)"),
        "{error}"
    );
    // A type that the column has and the struct has not.
    insert(&db, vec![place(1, 1.0, 1.0)]).await;
    database
        .execute("ALTER TABLE place ALTER position TYPE geometry USING ST_Force3D(position)")
        .await;
    let error = Place::query().all(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let text = error.to_string();
    assert!(text.contains("position") && text.contains("the shape has Z, which"), "{text}");
    let flat = Place::query().select(st_force_2d(Place::position).cast::<Geometry<Point>>());
    assert_eq!(flat.one(&db).await.unwrap(), place(1, 1.0, 1.0).position);
    database.execute("UPDATE place SET position = 'SRID=4326;LINESTRING(1 1,2 2)'").await;
    let error = Place::query().select(Place::position).all(&db).await.unwrap_err();
    assert!(error.to_string().contains("a LineString is no geo_types::Point"), "{error}");
}

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

#[tokio::test]
async fn the_nearest_rows_and_those_in_a_box_are_found_by_the_index() {
    let Some((database, db)) = database().await else { return };
    database
        .execute(
            "INSERT INTO place (id, position, globe, shapes, route)
             SELECT i, p, p, '{}', '{}' FROM generate_series(1, 3000) AS i,
                 LATERAL ST_SetSRID(ST_MakePoint(i % 60, i / 60), 4326) AS p;
             ANALYZE place",
        )
        .await;
    let here = || Geometry::new(point!(x: 30.2, y: 20.1), 4326);
    let nearest = Place::query()
        .order_by(Place::position.distance_to(here()).asc())
        .limit(1)
        .select((Place::id, Place::position.distance_to(here())));
    let plan = nearest.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("Index Scan using place_position_idx on place"), "{plan}");
    let (id, distance) = nearest.first(&db).await.unwrap().unwrap();
    assert_eq!(id, 20 * 60 + 30);
    assert!((distance - 0.05_f64.sqrt()).abs() < 1e-9, "{distance}");
    let globe = Geography::from(point!(x: 30.2, y: 20.1));
    let nearest =
        Place::query().order_by(Place::globe.distance_to(globe).asc()).limit(1).select(Place::id);
    let plan = nearest.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("Index Scan using on_globe on place"), "{plan}");
    let boxed = st_make_envelope(1.5, 1.5, 3.5, 2.5, 4326);
    let inside = Place::query().filter(Place::position.boxes_overlap(boxed));
    let plan = inside.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("place_position_idx"), "{plan}");
    assert_eq!(inside.count(&db).await.unwrap(), 2);
    let near = Place::query().filter(st_dwithin(Place::position, here(), 1.0));
    let plan = near.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("place_position_idx"), "{plan}");
    assert_eq!(near.count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn declared_indexes_of_shapes_are_made_and_then_do_not_differ() {
    let Some((database, _db)) = database().await else { return };
    let tables = [Place::TABLE, Visit::TABLE];
    assert_eq!(differences(&database, "postgis", &tables).await, Vec::<String>::new());
    database
        .execute("DROP INDEX by_cell; ALTER TABLE place ALTER position TYPE geometry(Point,3857) USING ST_Transform(position, 3857)")
        .await;
    let changes = differences(&database, "postgis", &tables).await;
    assert_eq!(changes.len(), 2, "{changes:?}");
}
