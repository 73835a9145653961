//! Functions of geometric types: manual, section 9.11. Those between them that are casts as well are `cast::<Polygon>()` and so on.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::value::IntoExpression;
use crate::types::{BoundingBox, Circle, Float8, Line, LineSegment, Path, Point, Polygon, Value};

/// The SQL type of an argument.
type SqlOf<E> = <<E as IntoExpression>::Value as Value>::Sql;

/// The SQL type `Self` has an area: `box`, `path` or `circle`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no area",
    label = "neither `box` nor `path` nor `circle`"
)]
pub trait AreaType {
    /// `f64`; of a path `Option<f64>`, as an open one has none.
    type Area: Value;
}

impl AreaType for BoundingBox {
    type Area = f64;
}
impl AreaType for Circle {
    type Area = f64;
}
impl AreaType for Path {
    type Area = Option<f64>;
}

/// `area(shape)`: of a box, a circle or a path; NULL of an open path.
///
/// ```
/// use orm::func;
/// use orm::prelude::*;
/// use orm::types::{BoundingBox, Point};
/// #[derive(Table, Debug)]
/// struct Field {
///     #[column(primary_key)]
///     id: i64,
///     surface: BoundingBox,
/// }
/// let query = Field::query().select((func::area(Field::surface), func::center(Field::surface)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT area("field"."surface"), center("field"."surface") FROM "field""#
/// );
/// ```
pub fn area<E: IntoExpression>(
    shape: E,
) -> Expr<<E::Value as Value>::Propagate<<SqlOf<E> as AreaType>::Area>, (E::Reads, ())>
where
    SqlOf<E>: AreaType,
{
    call("area", vec![shape.into_expression()])
}

/// The SQL type `Self` has a middle: `box` or `circle`.
#[diagnostic::on_unimplemented(
    message = "`center` is not of `{Self}`",
    label = "neither `box` nor `circle`",
    note = "`.cast::<Point>()` gives the middle of an `lseg` or a `polygon`"
)]
pub trait CenterType {}
impl CenterType for BoundingBox {}
impl CenterType for Circle {}

/// `center(shape)`: the middle of a box or a circle.
pub fn center<E: IntoExpression>(
    shape: E,
) -> Expr<<E::Value as Value>::Propagate<Point>, (E::Reads, ())>
where
    SqlOf<E>: CenterType,
{
    call("center", vec![shape.into_expression()])
}

/// The SQL type `Self` has any number of points: `path` or `polygon`.
#[diagnostic::on_unimplemented(
    message = "`npoints` is not of `{Self}`",
    label = "neither `path` nor `polygon`"
)]
pub trait PointsType {}
impl PointsType for Path {}
impl PointsType for Polygon {}

/// `npoints(shape)`: how many points a path or a polygon has.
pub fn npoints<E: IntoExpression>(
    shape: E,
) -> Expr<<E::Value as Value>::Propagate<i32>, (E::Reads, ())>
where
    SqlOf<E>: PointsType,
{
    call("npoints", vec![shape.into_expression()])
}

functions! {
    /// `bound_box(box, box)`: the smallest box around both.
    bound_box(A one: BoundingBox, B other: BoundingBox) -> BoundingBox;
    /// `box(point, point)`: the box between two opposite corners.
    box_of(A one: Point, B other: Point) as "box" -> BoundingBox;
    /// `circle(center, radius)`: an error of the server where the radius is negative.
    circle(A center: Point, B radius: Float8) -> Circle;
    /// `diagonal(box)`: from the upper right corner to the lower left one.
    diagonal(A shape: BoundingBox) -> LineSegment;
    /// `diameter(circle)`.
    diameter(A shape: Circle) -> f64;
    /// `height(box)`.
    height(A shape: BoundingBox) -> f64;
    /// `isclosed(path)`: the last point is joined to the first.
    isclosed(A path: Path) -> bool;
    /// `isopen(path)`: the last point is not joined to the first.
    isopen(A path: Path) -> bool;
    /// `line(point, point)`: through both; an error of the server where they are the same.
    line(A one: Point, B other: Point) -> Line;
    /// `lseg(point, point)`: from the one to the other.
    lseg(A start: Point, B end: Point) -> LineSegment;
    /// `pclose(path)`: the path, closed.
    pclose(A path: Path) -> Path;
    /// `point(x, y)`.
    point(A x: Float8, B y: Float8) -> Point;
    /// `popen(path)`: the path, open.
    popen(A path: Path) -> Path;
    /// `radius(circle)`.
    radius(A shape: Circle) -> f64;
    /// `slope(point, point)`: of the line through both; infinite where it is vertical.
    slope(A one: Point, B other: Point) -> f64;
    /// `width(box)`.
    width(A shape: BoundingBox) -> f64;
}
