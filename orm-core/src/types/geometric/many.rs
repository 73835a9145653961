//! [`Path`] and [`Polygon`]: the values that have any number of points.

use super::read::points;
use super::{Point, put_point};
use crate::types::{CustomType, Failure, InvalidValue};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;

/// A value of type `path`: points, each of which is joined to the next; in a closed path the last is joined to the first.
///
/// `=` of PostgreSQL compares how many points paths have, and is not offered: see [`func::npoints`](crate::query::func::npoints).
///
/// ```
/// use orm_core::types::{Path, Point};
/// let path = Path::open([Point::new(0.0, 0.0), Point::new(1.0, 1.0)])?;
/// assert_eq!(path.to_string(), "[(0,0),(1,1)]");
/// assert_eq!(Path::closed(path.points().to_vec())?.to_string(), "((0,0),(1,1))");
/// assert_eq!(Path::open([]).unwrap_err().to_string(), "[] is no `path`: it has no points");
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    points: Vec<Point>,
    is_closed: bool,
}

/// A value of type `polygon`: the corners of a surface.
///
/// PostgreSQL has no `=` for polygons: [`same_as`](crate::query::GeometricOperators::same_as) compares them.
///
/// ```
/// use orm_core::types::{Point, Polygon};
/// let triangle = Polygon::new([Point::new(0.0, 0.0), Point::new(1.0, 0.0), Point::new(0.0, 1.0)])?;
/// assert_eq!(triangle.to_string(), "((0,0),(1,0),(0,1))");
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    points: Vec<Point>,
}

/// As many points as a value of the server can have: in 1 GB.
const POINTS_MAX: usize = (0x3fff_ffff - 64) / 16;

/// What is wrong with that many points.
fn fault(count: usize) -> Option<&'static str> {
    match count {
        0 => Some("it has no points"),
        count if count > POINTS_MAX => Some("it has more points than a value of 1 GB"),
        _ => None,
    }
}

impl Path {
    /// Points that are joined, of which the last is not joined to the first.
    ///
    /// # Errors
    /// No points; more than a value of 1 GB has.
    pub fn open(points: impl Into<Vec<Point>>) -> Result<Self, InvalidValue> {
        Self::new(points.into(), false)
    }

    /// Points that are joined, the last to the first too.
    ///
    /// # Errors
    /// No points; more than a value of 1 GB has.
    pub fn closed(points: impl Into<Vec<Point>>) -> Result<Self, InvalidValue> {
        Self::new(points.into(), true)
    }

    fn new(points: Vec<Point>, is_closed: bool) -> Result<Self, InvalidValue> {
        let path = Self { points, is_closed };
        match fault(path.points.len()) {
            Some(why) => Err(InvalidValue::new(path, "path", why)),
            None => Ok(path),
        }
    }

    /// Its points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Its points, by themselves.
    pub fn into_points(self) -> Vec<Point> {
        self.points
    }

    /// Whether the last point is joined to the first.
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }
}

impl Polygon {
    /// The surface with these corners.
    ///
    /// # Errors
    /// No points; more than a value of 1 GB has.
    pub fn new(points: impl Into<Vec<Point>>) -> Result<Self, InvalidValue> {
        let polygon = Self { points: points.into() };
        match fault(polygon.points.len()) {
            Some(why) => Err(InvalidValue::new(polygon, "polygon", why)),
            None => Ok(polygon),
        }
    }

    /// Its corners.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Its corners, by themselves.
    pub fn into_points(self) -> Vec<Point> {
        self.points
    }
}

fn put_points(points: &[Point], out: &mut BytesMut) -> Result<(), Failure> {
    out.put_i32(points.len().try_into()?);
    for point in points {
        put_point(*point, out);
    }
    Ok(())
}

impl CustomType for Path {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "path";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let Some((is_closed @ (0 | 1), rest)) = raw.split_first() else {
            return Err(
                "a `path` begins with a byte 0 or 1, which says whether it is closed".into()
            );
        };
        Ok(Self::new(points(rest, "path")?, *is_closed == 1)?)
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_u8(self.is_closed.into());
        put_points(&self.points, out)
    }
}

impl CustomType for Polygon {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "polygon";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self::new(points(raw, "polygon")?)?)
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        put_points(&self.points, out)
    }
}
