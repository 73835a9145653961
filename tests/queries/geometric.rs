//! Operators of geometric types on columns: text and rows. Manual, section 9.11.

use orm::func;
use orm::prelude::*;
use orm::types::{BoundingBox, Circle, Line, LineSegment, Path, Point, Polygon};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "shop_in_plane", index(place, method = gist))]
struct Shop {
    #[column(primary_key)]
    id: i64,
    place: Point,
    area: Polygon,
    rectangle: BoundingBox,
    circle: Circle,
    street: LineSegment,
    route: Path,
    border: Line,
    maybe: Option<Point>,
}

const fn at(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

const fn lseg(start: Point, end: Point) -> LineSegment {
    LineSegment { start, end }
}

fn square(x: f64) -> BoundingBox {
    BoundingBox::new(at(x, 0.0), at(x + 2.0, 2.0))
}

/// Shops at 0, 10 and 20, each in the middle of its surface.
async fn shops() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Shop::TABLE]).await;
    let db = database.db();
    for id in 0..3 {
        let x = id as f64 * 10.0;
        let corners = [at(x, 0.0), at(x + 2.0, 0.0), at(x + 2.0, 2.0), at(x, 2.0)];
        let shop = Shop::insert()
            .id(id)
            .place(at(x + 1.0, 1.0))
            .area(Polygon::new(corners).unwrap())
            .rectangle(square(x))
            .circle(Circle::new(at(x + 1.0, 1.0), 1.0).unwrap())
            .street(lseg(at(x, 0.0), at(x + 2.0, 0.0)))
            .route(Path::open([at(x, 0.0), at(x + 3.0, 4.0)]).unwrap())
            .border(Line::new(1.0, 0.0, -x).unwrap())
            .maybe((id > 0).then_some(at(x, x)));
        shop.execute(&db).await.unwrap();
    }
    (database, db)
}

async fn ids(db: &Db, condition: orm::Condition<Shop>) -> Vec<i64> {
    let query = Shop::query().filter(condition).order_by(Shop::id.asc());
    query.select(Shop::id).all(db).await.unwrap()
}

/// Each line: a condition, and the shops that it is true of.
macro_rules! finds {
    ($db:expr; $($condition:expr => $expected:expr;)*) => {$(
        assert_eq!(ids($db, $condition.condition()).await, $expected, "{}", stringify!($condition));
    )*};
}

#[tokio::test]
async fn the_nearest_come_first() {
    let (_database, db) = shops().await;
    let query = Shop::query()
        .order_by(Shop::place.distance_to(at(14.0, 1.0)).asc())
        .limit(2)
        .select((Shop::id, Shop::place.distance_to(at(14.0, 1.0))));
    assert!(
        query.to_sql().text.contains(r#"ORDER BY ("shop_in_plane"."place" <-> "#),
        "{}",
        query.to_sql().text
    );
    assert_eq!(query.all(&db).await.unwrap(), [(1, 3.0), (2, 7.0)]);
    let maybe =
        Shop::query().order_by(Shop::id.asc()).select(Shop::maybe.distance_to(at(10.0, 0.0)));
    assert_eq!(maybe.all(&db).await.unwrap()[..2], [None, Some(10.0)]);
}

#[tokio::test]
async fn shapes_have_distances_from_each_other() {
    let (_database, db) = shops().await;
    let query = Shop::query().filter(Shop::id.eq(0));
    let one = (
        Shop::place.distance_to(Shop::border),
        Shop::street.distance_to(at(1.0, 5.0)),
        Shop::rectangle.distance_to(square(10.0)),
        Shop::circle.distance_to(Circle::new(at(5.0, 1.0), 1.0).unwrap()),
        Shop::area.distance_to(at(2.0, 7.0)),
        Shop::route.distance_to(at(3.0, 9.0)),
        Shop::border.distance_to(Shop::street),
        Shop::area.distance_to(Shop::circle),
    );
    let found = query.select(one).one(&db).await.unwrap();
    // The distance of two boxes is that of their centers.
    assert_eq!(found, (1.0, 5.0, 10.0, 2.0, 5.0, 5.0, 0.0, 0.0));
}

#[tokio::test]
async fn conditions_of_shapes_find_what_the_manual_says() {
    let (_database, db) = shops().await;
    let right = || Circle::new(at(13.0, 1.0), 1.0).unwrap();
    let above = || BoundingBox::new(at(10.0, 3.0), at(12.0, 4.0));
    finds! { &db;
        Shop::place.same_as(at(1.0, 1.0)) => [0];
        Shop::rectangle.same_as(square(10.0)) => [1];
        Shop::area.same_as(Shop::area) => [0, 1, 2];
        Shop::circle.same_as(right()) => [0_i64; 0];
        Shop::area.contains(at(11.0, 0.5)) => [1];
        Shop::rectangle.contains(at(11.0, 0.5)) => [1];
        Shop::circle.contains(at(11.0, 0.5)) => [1];
        Shop::route.contains(at(10.0, 0.0)) => [1];
        Shop::rectangle.contains(BoundingBox::new(at(0.5, 0.5), at(1.0, 1.0))) => [0];
        Shop::rectangle.contained_in(BoundingBox::new(at(-1.0, -1.0), at(13.0, 3.0))) => [0, 1];
        Shop::area.contained_in(Shop::area) => [0, 1, 2];
        Shop::area.overlaps(Polygon::new([at(1.0, 1.0), at(3.0, 1.0), at(3.0, 3.0)]).unwrap()) => [0];
        Shop::circle.overlaps(right()) => [1];
        Shop::place.contained_in(square(0.0)) => [0];
        Shop::place.contained_in(Shop::area) => [0, 1, 2];
        Shop::place.contained_in(Shop::street) => [0_i64; 0];
        Shop::maybe.contained_in(Line::new(1.0, -1.0, 0.0).unwrap()) => [1, 2];
        Shop::street.contained_in(square(20.0)) => [2];
        Shop::street.contained_in(Line::new(0.0, 1.0, 0.0).unwrap()) => [0, 1, 2];
        Shop::street.intersects(lseg(at(1.0, -1.0), at(1.0, 1.0))) => [0];
        Shop::border.intersects(square(9.0)) => [1];
        Shop::route.intersects(Path::open([at(0.0, 4.0), at(4.0, 0.0)]).unwrap()) => [0];
        Shop::border.is_parallel_to(Line::new(2.0, 0.0, 0.0).unwrap()) => [0, 1, 2];
        Shop::street.is_perpendicular_to(lseg(at(0.0, 0.0), at(0.0, 1.0))) => [0, 1, 2];
        Shop::border.is_vertical() => [0, 1, 2];
        Shop::street.is_horizontal() => [0, 1, 2];
        Shop::place.is_left_of(at(11.0, 1.0)) => [0];
        Shop::place.is_right_of(at(11.0, 1.0)) => [2];
        Shop::rectangle.is_below(above()) => [0, 1, 2];
        Shop::rectangle.is_above(BoundingBox::new(at(0.0, -2.0), at(1.0, -1.0))) => [0, 1, 2];
        Shop::circle.is_not_right_of(right()) => [0, 1];
        Shop::circle.is_not_left_of(right()) => [2];
        Shop::rectangle.is_not_above(above()) => [0, 1, 2];
        Shop::rectangle.is_not_below(above()) => [0_i64; 0];
    }
}

#[tokio::test]
async fn shapes_are_computed() {
    let (_database, db) = shops().await;
    let query = Shop::query().filter(Shop::id.eq(1)).select((
        Shop::street.length(),
        Shop::route.length(),
        Shop::street.intersection_with(lseg(at(11.0, -1.0), at(11.0, 1.0))),
        Shop::street.intersection_with(lseg(at(0.0, -1.0), at(0.0, 1.0))),
        Shop::rectangle.intersection_with(square(11.0)),
        Shop::place.closest_point_on(Shop::street),
        Shop::place + at(1.0, 0.0),
        func::area(Shop::rectangle),
    ));
    let found = query.one(&db).await.unwrap();
    let common = BoundingBox::new(at(11.0, 0.0), at(12.0, 2.0));
    assert_eq!(
        found,
        (
            2.0,
            5.0,
            Some(at(11.0, 0.0)),
            None,
            Some(common),
            Some(at(11.0, 0.0)),
            at(12.0, 1.0),
            4.0
        )
    );
}

#[tokio::test]
async fn every_pair_of_types_has_its_operator_on_the_server() {
    let (_database, db) = shops().await;
    let pairs = include_str!("../../orm-core/src/query/geometric/between.rs");
    let operators = include_str!("../../orm-core/src/query/geometric.rs");
    let sql = |rust: &str| match rust {
        "LineSegment" => "lseg".to_owned(),
        "BoundingBox" => "box".to_owned(),
        other => other.to_lowercase(),
    };
    let mut count = 0;
    let listed = pairs.split("between! {").nth(1).unwrap();
    for entry in listed.split(';') {
        let Some((head, list)) = entry.split_once(": ").or_else(|| entry.split_once(":\n")) else {
            continue;
        };
        let Some((name, _)) = head.trim().rsplit_once(" -> ") else { continue };
        let name = name.rsplit_once(char::is_whitespace).map_or(name, |(_, name)| name);
        let symbol = match name {
            "Contains" => "@>",
            "ContainedIn" => "<@",
            _ => {
                let symbol = operators.split(&format!(" {name} \"")).nth(1).expect(name);
                symbol.split('"').next().unwrap()
            }
        };
        for pair in list.split(',') {
            let mut types = pair.split_whitespace().map(sql);
            let (Some(left), Some(right)) = (types.next(), types.next()) else { continue };
            let text = format!("{symbol}({left},{right})");
            let found: Vec<bool> =
                db.query("SELECT to_regoperator($1) IS NOT NULL", &[&text]).await.unwrap();
            assert_eq!(found, [true], "{text}");
            count += 1;
        }
    }
    assert!(count > 70, "{count} pairs were found");
}
