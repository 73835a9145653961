//! Geometric types: manual, section 8.8. Of points, lines and shapes in a plane; for places on the earth see PostGIS.

#[cfg(feature = "geo-types")]
mod geo;
mod many;
mod read;
#[cfg(test)]
mod tests;
mod text;

use super::{CustomType, Failure, InvalidValue, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use read::whole;

pub use many::{Path, Polygon};

/// A value of type `point`.
///
/// PostgreSQL has no `=` for points: [`same_as`](crate::query::GeometricOperators::same_as) compares them.
///
/// ```
/// use orm_core::types::Point;
/// let place: Point = "(1.5,-2)".parse()?;
/// assert_eq!(place, Point { x: 1.5, y: -2.0 });
/// assert_eq!(Point::new(1e20, 0.00001).to_string(), "(1e+20,1e-05)");
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Point {
    /// The first coordinate.
    pub x: f64,
    /// The second coordinate.
    pub y: f64,
}

/// A value of type `line`: the points of which `a * x + b * y + c` is 0.
///
/// ```
/// use orm_core::types::Line;
/// let line = Line::new(1.0, -1.0, 0.0)?;
/// assert_eq!(line.to_string(), "{1,-1,0}");
/// assert_eq!(
///     Line::new(0.0, 0.0, 5.0).unwrap_err().to_string(),
///     "{0,0,5} is no `line`: one of the first two numbers must differ from 0 by more than 0.000001"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    a: f64,
    b: f64,
    c: f64,
}

/// A value of type `lseg`: the part of a line between two points.
///
/// ```
/// use orm_core::types::{LineSegment, Point};
/// let segment = LineSegment { start: Point::new(0.0, 0.0), end: Point::new(3.0, 4.0) };
/// assert_eq!(segment.to_string(), "[(0,0),(3,4)]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineSegment {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// A value of type `box`: a rectangle whose sides are parallel to the axes.
///
/// It has the upper right and the lower left corner, whichever were given, as on the server. `=` of PostgreSQL compares the areas of
/// boxes, and is not offered: [`same_as`](crate::query::GeometricOperators::same_as) compares the boxes.
///
/// ```
/// use orm_core::types::{BoundingBox, Point};
/// let rectangle = BoundingBox::new(Point::new(0.0, 5.0), Point::new(3.0, 1.0));
/// assert_eq!(rectangle.upper_right(), Point::new(3.0, 5.0));
/// assert_eq!(rectangle.to_string(), "(3,5),(0,1)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BoundingBox {
    upper_right: Point,
    lower_left: Point,
}

/// A value of type `circle`.
///
/// `=` of PostgreSQL compares the areas of circles, and is not offered:
/// [`same_as`](crate::query::GeometricOperators::same_as) compares the circles.
///
/// ```
/// use orm_core::types::{Circle, Point};
/// let circle = Circle::new(Point::new(1.0, 2.0), 3.0)?;
/// assert_eq!(circle.to_string(), "<(1,2),3>");
/// assert_eq!(
///     Circle::new(Point::default(), -1.0).unwrap_err().to_string(),
///     "<(0,0),-1> is no `circle`: its radius is negative"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Circle {
    center: Point,
    radius: f64,
}

// PostgreSQL has no `=` for points and polygons. That of boxes and circles compares areas, and that of paths how many points they have:
// what compares these says so, `func::area(..)` and `func::npoints(..)`.
sql_type!(for Point, "point", POINT, POINT_ARRAY, no equality);
sql_type!(for Line, "line", LINE, LINE_ARRAY);
sql_type!(for LineSegment, "lseg", LSEG, LSEG_ARRAY);
sql_type!(for BoundingBox, "box", BOX, BOX_ARRAY, no equality);
sql_type!(for Path, "path", PATH, PATH_ARRAY, no equality);
sql_type!(for Polygon, "polygon", POLYGON, POLYGON_ARRAY, no equality);
sql_type!(for Circle, "circle", CIRCLE, CIRCLE_ARRAY, no equality);

impl Point {
    /// The point with these coordinates.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl From<Point> for (f64, f64) {
    fn from(point: Point) -> Self {
        (point.x, point.y)
    }
}

/// `EPSILON` of PostgreSQL: what is nearer to 0 is taken for 0.
const EPSILON: f64 = 1e-6;

impl Line {
    /// The line of the equation `a * x + b * y + c = 0`.
    ///
    /// # Errors
    /// The server takes both `a` and `b` for 0: their absolute values are 0.000001 at most.
    pub fn new(a: f64, b: f64, c: f64) -> Result<Self, InvalidValue> {
        let line = Self { a, b, c };
        if a.abs() <= EPSILON && b.abs() <= EPSILON {
            let why = "one of the first two numbers must differ from 0 by more than 0.000001";
            return Err(InvalidValue::new(line, "line", why));
        }
        Ok(line)
    }

    /// What `x` is multiplied with.
    pub const fn a(&self) -> f64 {
        self.a
    }

    /// What `y` is multiplied with.
    pub const fn b(&self) -> f64 {
        self.b
    }

    /// What is added.
    pub const fn c(&self) -> f64 {
        self.c
    }
}

impl BoundingBox {
    /// The rectangle between two opposite corners, whichever they are.
    pub fn new(one: Point, other: Point) -> Self {
        let (right, left) = sorted(one.x, other.x);
        let (upper, lower) = sorted(one.y, other.y);
        Self { upper_right: Point::new(right, upper), lower_left: Point::new(left, lower) }
    }

    /// The corner with the greatest coordinates.
    pub const fn upper_right(&self) -> Point {
        self.upper_right
    }

    /// The corner with the smallest coordinates.
    pub const fn lower_left(&self) -> Point {
        self.lower_left
    }
}

/// The greater one first, as the server sorts: NaN is greater than every number.
fn sorted(one: f64, other: f64) -> (f64, f64) {
    let is_less = !one.is_nan() && (other.is_nan() || one < other);
    if is_less { (other, one) } else { (one, other) }
}

impl Circle {
    /// The circle around a point.
    ///
    /// # Errors
    /// The radius is negative.
    pub fn new(center: Point, radius: f64) -> Result<Self, InvalidValue> {
        let circle = Self { center, radius };
        if radius < 0.0 {
            return Err(InvalidValue::new(circle, "circle", "its radius is negative"));
        }
        Ok(circle)
    }

    /// Its middle.
    pub const fn center(&self) -> Point {
        self.center
    }

    /// The distance of its line from the middle.
    pub const fn radius(&self) -> f64 {
        self.radius
    }
}

fn put_point(point: Point, out: &mut BytesMut) {
    out.put_f64(point.x);
    out.put_f64(point.y);
}

/// The types of a fixed size: how they are made of their numbers, and which these are.
macro_rules! custom_type {
    ($($rust:ident $sql:literal: [$($number:ident)*] => $made:expr, |$value:ident| [$($part:expr),*];)*) => {$(
        impl CustomType for $rust {
            type Sql = Self;
            type Element = Self;
            const DATA_TYPE: &'static str = $sql;

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                let [$($number),*] = whole(raw, $sql)?;
                Ok($made)
            }

            fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                let $value = self;
                $(out.put_f64($part);)*
                Ok(())
            }
        }
    )*};
}

custom_type! {
    Point "point": [x y] => Self { x, y }, |point| [point.x, point.y];
    Line "line": [a b c] => Self::new(a, b, c)?, |line| [line.a, line.b, line.c];
    LineSegment "lseg": [a b c d] => Self { start: Point::new(a, b), end: Point::new(c, d) },
        |segment| [segment.start.x, segment.start.y, segment.end.x, segment.end.y];
    BoundingBox "box": [a b c d] => Self::new(Point::new(a, b), Point::new(c, d)),
        |area| [area.upper_right.x, area.upper_right.y, area.lower_left.x, area.lower_left.y];
    Circle "circle": [x y radius] => Self::new(Point::new(x, y), radius)?,
        |circle| [circle.center.x, circle.center.y, circle.radius];
}
