//! Functions of the extension PostGIS, which `search_path` must find. The operators `&&` and `<->` are methods:
//! [`PostgisOperators`](crate::query::PostgisOperators).
//!
//! Shapes are `geometry` or `geography`, all of one call of the same type: `.cast::<Geography>()` makes the one of the other. A result
//! that is a shape is read as `Geometry`, or cast, `.cast::<Geometry<geo_types::Polygon>>()`. Any other function of PostGIS is declared
//! by [`function!`](https://docs.rs/orm/latest/orm/macro.function.html).
//!
//! ```
//! use orm::func::postgis::{st_distance, st_dwithin};
//! use orm::prelude::*;
//! use orm::types::Geography;
//!
//! #[derive(Table, Debug)]
//! struct Shop {
//!     #[column(primary_key)]
//!     id: i64,
//!     position: Geography,
//! }
//!
//! // Within five kilometres.
//! let here = Geography::point(13.4, 52.5, 4326);
//! let query = Shop::query()
//!     .filter(st_dwithin(Shop::position, here.clone(), 5000.0))
//!     .select((Shop::id, st_distance(Shop::position, here)));
//! assert_eq!(
//!     query.to_sql(),
//!     concat!(
//!         r#"SELECT "shop"."id", ST_Distance("shop"."position", CAST($1 AS "geography")) FROM "shop" "#,
//!         r#"WHERE ST_DWithin("shop"."position", CAST($2 AS "geography"), $3)"#,
//!     )
//! );
//! ```

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{Float8, Geography, Geometry, Int4, Text, Value};

/// The SQL type `Self` is one of shapes: `geometry`, `geography`.
pub trait Spatial: Value {}
impl Spatial for Geometry {}
impl Spatial for Geography {}

/// A value, a column or an expression that is a `geometry` or a `geography`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape of PostGIS",
    label = "not a shape",
    note = "shapes are `orm::types::Geometry` and `orm::types::Geography`"
)]
pub trait SpatialExpression: IntoExpression {
    /// Its SQL type, which is a Rust type too: that of any shape.
    type Sql: Spatial;
}

#[diagnostic::do_not_recommend]
impl<E: IntoExpression> SpatialExpression for E
where
    <E::Value as Value>::Sql: Spatial,
{
    type Sql = <E::Value as Value>::Sql;
}

/// The SQL type of an argument.
type SqlOf<E> = <E as SpatialExpression>::Sql;
/// `T`, or NULL where the argument is.
type OrNull<E, T> = <<E as IntoExpression>::Value as Value>::Propagate<T>;
/// `T`, or NULL where the operand is.
type OrNullToo<O, Sql, T> = <<O as Operand<Sql>>::Value as Value>::Propagate<T>;

/// Functions of one shape, a `geometry` or a `geography`.
macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident as $function:literal -> $result:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name<E: SpatialExpression>(
            shape: E,
        ) -> Expr<OrNull<E, $result>, (E::Reads, ())> {
            call($function, vec![shape.into_expression()])
        }
    )*};
}

of_one! {
    /// `ST_Area(shape)`: of a `geometry` in the unit of its SRID squared, of a `geography` in square metres; 0 of what is no area.
    st_area as "ST_Area" -> f64;
    /// `ST_Length(shape)`: of a line; of a `geometry` in the unit of its SRID, of a `geography` in metres; 0 of what is no line.
    st_length as "ST_Length" -> f64;
    /// `ST_Perimeter(shape)`: the length of the boundary of an area.
    st_perimeter as "ST_Perimeter" -> f64;
    /// `ST_SRID(shape)`: 0 where it has none.
    st_srid as "ST_SRID" -> i32;
    /// `ST_AsText(shape)`: well-known text, without the SRID: `POINT(1 2)`.
    st_as_text as "ST_AsText" -> String;
    /// `ST_AsGeoJSON(shape)`: a document as text.
    st_as_geo_json as "ST_AsGeoJSON" -> String;
}

/// Functions of two shapes, each a `geometry` or each a `geography`.
macro_rules! of_two {
    ($($(#[$doc:meta])* $name:ident as $function:literal -> $result:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name<E, O>(
            shape: E,
            other: O,
        ) -> Expr<OrNull<E, OrNullToo<O, SqlOf<E>, $result>>, (E::Reads, O::Reads)>
        where
            E: SpatialExpression,
            O: Operand<SqlOf<E>>,
        {
            call($function, vec![shape.into_expression(), other.into_operand()])
        }
    )*};
}

of_two! {
    /// `ST_Distance(shape, other)`: of `geography` in metres. NULL where one of them is empty.
    st_distance as "ST_Distance" -> Option<f64>;
    /// `ST_Intersects(shape, other)`: they have a point in common.
    st_intersects as "ST_Intersects" -> bool;
    /// `ST_Covers(shape, other)`: no point of the other is outside.
    st_covers as "ST_Covers" -> bool;
    /// `ST_CoveredBy(shape, other)`: no point is outside of the other.
    st_covered_by as "ST_CoveredBy" -> bool;
}

/// `ST_DWithin(shape, other, distance)`: no further from each other than that; of `geography` in metres. An index is used.
pub fn st_dwithin<E, O, D>(
    shape: E,
    other: O,
    distance: D,
) -> Expr<
    OrNull<E, OrNullToo<O, SqlOf<E>, OrNullToo<D, Float8, bool>>>,
    (E::Reads, (O::Reads, D::Reads)),
>
where
    E: SpatialExpression,
    O: Operand<SqlOf<E>>,
    D: Operand<Float8>,
{
    let arguments = vec![shape.into_expression(), other.into_operand(), distance.into_operand()];
    call("ST_DWithin", arguments)
}

/// `ST_Buffer(shape, distance)`: all points that are no further from it than that; of a `geography` in metres.
pub fn st_buffer<E, D>(
    shape: E,
    distance: D,
) -> Expr<OrNull<E, OrNullToo<D, Float8, SqlOf<E>>>, (E::Reads, D::Reads)>
where
    E: SpatialExpression,
    D: Operand<Float8>,
{
    call("ST_Buffer", vec![shape.into_expression(), distance.into_operand()])
}

/// `ST_Centroid(shape)`: the point in the middle.
pub fn st_centroid<E: SpatialExpression>(shape: E) -> Expr<OrNull<E, SqlOf<E>>, (E::Reads, ())> {
    call("ST_Centroid", vec![shape.into_expression()])
}

functions! {
    /// `ST_Contains(shape, other)`: no point of the other is outside, and one of its inside is within. An index is used.
    st_contains(A shape: Geometry, B other: Geometry) as "ST_Contains" -> bool;
    /// `ST_Within(shape, other)`: the other contains it. An index is used.
    st_within(A shape: Geometry, B other: Geometry) as "ST_Within" -> bool;
    /// `ST_Overlaps(shape, other)`: they have a part in common, of their own dimension, and neither contains the other.
    st_overlaps(A shape: Geometry, B other: Geometry) as "ST_Overlaps" -> bool;
    /// `ST_Touches(shape, other)`: their boundaries have a point in common, their insides none.
    st_touches(A shape: Geometry, B other: Geometry) as "ST_Touches" -> bool;
    /// `ST_Crosses(shape, other)`: they have some points of their insides in common, and not all.
    st_crosses(A shape: Geometry, B other: Geometry) as "ST_Crosses" -> bool;
    /// `ST_Equals(shape, other)`: they have the same points, in whatever order.
    st_equals(A shape: Geometry, B other: Geometry) as "ST_Equals" -> bool;
    /// `ST_Disjoint(shape, other)`: they have no point in common. No index is used: `!st_intersects(..)` does the same.
    st_disjoint(A shape: Geometry, B other: Geometry) as "ST_Disjoint" -> bool;
    /// `ST_IsValid(shape)`: it is well formed: the boundary of an area does not cross itself.
    st_is_valid(A shape: Geometry) as "ST_IsValid" -> bool;
    /// `ST_X(point)`: NULL of an empty point.
    st_x(A point: Geometry) as "ST_X" -> Option<f64>;
    /// `ST_Y(point)`: NULL of an empty point.
    st_y(A point: Geometry) as "ST_Y" -> Option<f64>;
    /// `ST_MakePoint(x, y)`: a point without an SRID, which [`st_set_srid`] gives it.
    st_make_point(A x: Float8, B y: Float8) as "ST_MakePoint" -> Geometry;
    /// `ST_MakeEnvelope(x_min, y_min, x_max, y_max, srid)`: a rectangle.
    st_make_envelope(A x_min: Float8, B y_min: Float8, C x_max: Float8, D y_max: Float8, E srid: Int4) as "ST_MakeEnvelope" -> Geometry;
    /// `ST_SetSRID(shape, srid)`: the same coordinates, said to be of another system.
    st_set_srid(A shape: Geometry, B srid: Int4) as "ST_SetSRID" -> Geometry;
    /// `ST_Transform(shape, srid)`: the same place, in the coordinates of another system.
    st_transform(A shape: Geometry, B srid: Int4) as "ST_Transform" -> Geometry;
    /// `ST_Envelope(shape)`: the rectangle around it.
    st_envelope(A shape: Geometry) as "ST_Envelope" -> Geometry;
    /// `ST_Intersection(shape, other)`: the points that both have.
    st_intersection(A shape: Geometry, B other: Geometry) as "ST_Intersection" -> Geometry;
    /// `ST_Force2D(shape)`: without Z and M.
    st_force_2d(A shape: Geometry) as "ST_Force2D" -> Geometry;
    /// `ST_GeomFromText(text, srid)`: of well-known text, `POINT(1 2)`.
    st_geom_from_text(A text: Text, B srid: Int4) as "ST_GeomFromText" -> Geometry;
    /// `ST_GeomFromGeoJSON(text)`: of a document.
    st_geom_from_geo_json(A text: Text) as "ST_GeomFromGeoJSON" -> Geometry;
}
