//! PostGIS: shapes by each way, functions, and indexes that are used.

use crate::support::{differences, with_extension};
use futures_util::TryStreamExt as _;
use geo_types::{
    GeometryCollection, LineString, MultiPoint, Point, Polygon, line_string, point, polygon,
};
use orm::ErrorKind;
use orm::func::postgis::{st_dwithin, st_force_2d, st_make_envelope};
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
pub(crate) struct Place {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(data_type = "geometry(Point,4326)")]
    pub(crate) position: Geometry<Point>,
    #[column(data_type = "geometry(Polygon)")]
    pub(crate) area: Option<Geometry<Polygon>>,
    pub(crate) any: Option<Geometry>,
    pub(crate) shapes: Vec<Geometry<geo_types::Geometry>>,
    #[column(data_type = "geography(Point,4326)")]
    pub(crate) globe: Option<Geography<Point>>,
    #[column(data_type = "geography[]")]
    pub(crate) route: Vec<Option<Geography>>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "visit")]
pub(crate) struct Visit {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = Place::id)]
    pub(crate) place_id: i64,
}

pub(crate) async fn database() -> Option<(TestDatabase, Db)> {
    let (database, db) = with_extension("postgis").await?;
    database.create(&[Place::TABLE, Visit::TABLE]).await;
    Some((database, db))
}

pub(crate) fn place(id: i64, x: f64, y: f64) -> Place {
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

pub(crate) fn square(size: f64) -> Polygon {
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

pub(crate) async fn insert(db: &Db, places: Vec<Place>) {
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
