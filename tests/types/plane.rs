//! Geometric types: manual, section 8.8.

use orm::types::{BoundingBox, Circle, Line, LineSegment, Path, Point, Polygon};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), -100.0..100.0_f64, Just(f64::NAN), Just(f64::INFINITY), Just(-0.0)]
}

fn point() -> impl Strategy<Value = Point> {
    (number(), number()).prop_map(Point::from)
}

/// Whose points are compared by the server: it refuses to calculate with infinities.
fn small() -> impl Strategy<Value = Point> {
    (-1e6..1e6_f64, -1e6..1e6_f64).prop_map(Point::from)
}

const fn at(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

types! {
    point_ {
        rust: Point,
        sql: "point",
        limits: "no `eq`: `same_as` is `~=`",
        equality: none,
        edges: [
            (at(1.5, -2.0), "(1.5,-2)"), (at(1e15, 1e-5), "(1e+15,1e-05)"),
            (at(f64::INFINITY, f64::NAN), "(Infinity,NaN)"), (at(-0.0, f64::MAX), "(-0,1.7976931348623157e+308)"),
        ],
        random: point(),
    }
    line_ {
        rust: Line,
        sql: "line",
        limits: "one of the first two numbers differs from 0 by more than 0.000001",
        equality: none,
        edges: [(Line::new(1.0, -1.0, 0.5).unwrap(), "{1,-1,0.5}")],
        random: (number(), number(), number()).prop_filter_map("a line", |(a, b, c)| Line::new(a, b, c).ok()),
    }
    lseg_ {
        rust: LineSegment,
        sql: "lseg",
        equality: none,
        edges: [(LineSegment { start: at(1.0, 2.0), end: at(0.0, 0.25) }, "[(1,2),(0,0.25)]")],
        random: (point(), point()).prop_map(|(start, end)| LineSegment { start, end }),
    }
    box_ {
        rust: BoundingBox,
        sql: "box",
        limits: "the upper right and the lower left corner, whichever are given; no `eq`: `same_as` is `~=`",
        equality: none,
        edges: [
            (BoundingBox::new(at(0.0, 5.0), at(3.0, 1.0)), "(3,5),(0,1)"),
            (BoundingBox::new(at(f64::NAN, 1.0), at(2.0, f64::INFINITY)), "(NaN,Infinity),(2,1)"),
        ],
        random: (point(), point()).prop_map(|(one, other)| BoundingBox::new(one, other)),
    }
    path_ {
        rust: Path,
        sql: "path",
        limits: "at least one point; no `eq`",
        equality: none,
        edges: [
            (Path::open([at(0.0, 0.0), at(1.0, 1.0)]).unwrap(), "[(0,0),(1,1)]"),
            (Path::closed([at(0.0, 0.0)]).unwrap(), "((0,0))"),
        ],
        random: (proptest::collection::vec(point(), 1..5), any::<bool>()).prop_map(|(points, is_open)| {
            if is_open { Path::open(points) } else { Path::closed(points) }.unwrap()
        }),
    }
    polygon_ {
        rust: Polygon,
        sql: "polygon",
        limits: "at least one point; no `eq`: `same_as` is `~=`",
        equality: none,
        edges: [(Polygon::new([at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0)]).unwrap(), "((0,0),(1,0),(0,1))")],
        random: proptest::collection::vec(small(), 1..5).prop_map(|points| Polygon::new(points).unwrap()),
    }
    circle_ {
        rust: Circle,
        sql: "circle",
        limits: "no negative radius; no `eq`: `same_as` is `~=`",
        equality: none,
        edges: [(Circle::new(at(1.0, 2.0), 3.0).unwrap(), "<(1,2),3>"), (Circle::new(at(0.0, 0.0), f64::NAN).unwrap(), "<(0,0),NaN>")],
        random: (point(), number()).prop_map(|(center, radius)| Circle::new(center, radius.abs()).unwrap()),
    }
}

#[tokio::test]
async fn shapes_are_shown_as_the_server_prints_them() {
    let database = orm_test_support::database().await;
    let db = database.db();
    let points = crate::roads::values(vec![at(1e15, 123_456_789_012_345.0)], point());
    let printed = "SELECT value::text FROM unnest($1::point[]) value";
    let printed: Vec<String> = db.query(printed, &[&points]).await.unwrap();
    assert_eq!(printed, points.iter().map(ToString::to_string).collect::<Vec<_>>());
    let pairs = |made: fn(Point, Point) -> String| -> Vec<String> {
        points.windows(2).map(|pair| made(pair[0], pair[1])).collect()
    };
    for (sql, texts) in [
        ("box", pairs(|one, other| BoundingBox::new(one, other).to_string())),
        ("lseg", pairs(|start, end| LineSegment { start, end }.to_string())),
        ("path", pairs(|one, other| Path::open([one, other]).unwrap().to_string())),
        ("path", pairs(|one, other| Path::closed([one, other]).unwrap().to_string())),
    ] {
        let printed = format!("SELECT value::{sql}::text FROM unnest($1::text[]) value");
        let printed: Vec<String> = db.query(&printed, &[&texts]).await.unwrap();
        assert_eq!(printed, texts, "{sql}");
    }
}
