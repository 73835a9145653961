//! `+ - * /` of geometric types, and `+ -` of network addresses: manual, sections 9.11 and 9.12.

use super::{Arithmetic, Term};
use crate::query::node::{Node, Param};
use crate::types::{BoundingBox, Cidr, Circle, Inet, Int8, Path, Point, Value};
use std::net::IpAddr;

values! {
    Point, Point;
    BoundingBox, Point;
    Path, Point;
    Path, Path;
    Circle, Point;
    Inet, i64;
    Cidr, i64;
    Inet, Inet;
    Inet, IpAddr;
}

// A point added moves, and one multiplied turns and stretches.
results! {
    Point, Point: '+' '-' '*' '/' => Point;
    BoundingBox, Point: '+' '-' '*' '/' => BoundingBox;
    Path, Point: '+' '-' '*' '/' => Path;
    Circle, Point: '+' '-' '*' '/' => Circle;
    Inet, Int8: '+' '-' => Inet;
    Cidr, Int8: '+' '-' => Inet;
    Inet, Inet: '-' => i64;
}

/// NULL of closed paths.
impl<L, R> Arithmetic<'+', Self, L, R> for Path {
    type Result<Null: Value> = Null::Propagate<Option<Path>>;
}
