//! Which geometric types each operator is between: manual, table 9.36, and `pg_operator` of PostgreSQL 14, which has all of these.

use super::Between;
use crate::types::{BoundingBox, Circle, Line, LineSegment, Path, Point, Polygon};

macro_rules! between {
    ($(#[$doc:meta] $op:ident -> $result:ty: $($left:ident $right:ident),*;)*) => {$(
        #[$doc]
        #[derive(Debug)]
        pub enum $op {}
        $(
            impl Between<$op, $right> for $left {
                type Result = $result;
            }
        )*
    )*};
}

between! {
    /// `<->`.
    Distance -> f64:
        Point Point, Point Line, Point LineSegment, Point BoundingBox, Point Path, Point Polygon, Point Circle,
        Line Point, LineSegment Point, BoundingBox Point, Path Point, Polygon Point, Circle Point,
        Line Line, Line LineSegment, LineSegment Line, LineSegment LineSegment,
        LineSegment BoundingBox, BoundingBox LineSegment, BoundingBox BoundingBox,
        Path Path, Polygon Polygon, Polygon Circle, Circle Polygon, Circle Circle;
    /// `~=`.
    SameAs -> bool: Point Point, BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `@>` of a point.
    Contains -> bool: BoundingBox Point, Path Point, Polygon Point, Circle Point;
    /// `<@` of a point or a part of a line.
    ContainedIn -> bool:
        Point Line, Point LineSegment, Point BoundingBox, Point Path, Point Polygon, Point Circle,
        LineSegment Line, LineSegment BoundingBox;
    /// `?#`.
    Intersects -> bool:
        Line Line, Line BoundingBox, LineSegment Line, LineSegment LineSegment,
        LineSegment BoundingBox, BoundingBox BoundingBox, Path Path;
    /// `##`.
    ClosestPointOn -> Option<Point>:
        Point Line, Point LineSegment, Point BoundingBox,
        LineSegment LineSegment, LineSegment BoundingBox, Line LineSegment;
    /// `?||`.
    IsParallelTo -> bool: Line Line, LineSegment LineSegment;
    /// `?-|`.
    IsPerpendicularTo -> bool: Line Line, LineSegment LineSegment;
    /// `<<`.
    IsLeftOf -> bool: Point Point, BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `>>`.
    IsRightOf -> bool: Point Point, BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `<<|`.
    IsBelow -> bool: Point Point, BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `|>>`.
    IsAbove -> bool: Point Point, BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `&<`.
    IsNotRightOf -> bool: BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `&>`.
    IsNotLeftOf -> bool: BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `&<|`.
    IsNotAbove -> bool: BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
    /// `|&>`.
    IsNotBelow -> bool: BoundingBox BoundingBox, Polygon Polygon, Circle Circle;
}

/// `#`.
#[derive(Debug)]
pub enum IntersectionWith {}

impl Between<IntersectionWith, Self> for Line {
    type Result = Option<Point>;
}

impl Between<IntersectionWith, Self> for LineSegment {
    type Result = Option<Point>;
}

impl Between<IntersectionWith, Self> for BoundingBox {
    type Result = Option<Self>;
}
