//! Operators of shapes of the extension PostGIS.

use super::expression::{Compared, Expression, binary};
use super::func::postgis::Spatial;
use super::geometric::{Between, Distance};
use super::operand::{Comparable, Subject};
use crate::types::{Geography, Geometry, Value};

/// A column or value that is a `geometry` or a `geography`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape of PostGIS",
    label = "not a shape",
    note = "shapes are `orm::types::Geometry` and `orm::types::Geography`"
)]
pub trait SpatialSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> SpatialSubject for S where <S::Value as Value>::Sql: Spatial {}

/// The operators of columns and expressions that are shapes. The functions are in [`func::postgis`](super::func::postgis); `<->` is
/// [`distance_to`](super::GeometricOperators::distance_to): of `geography` in metres. In `ORDER BY` with a `LIMIT`, a `gist` index
/// finds the nearest.
///
/// ```
/// use orm::prelude::*;
/// use orm::types::Geometry;
///
/// #[derive(Table, Debug)]
/// #[table(index(position, method = gist))]
/// struct Place {
///     #[column(primary_key)]
///     id: i64,
///     #[column(data_type = "geometry(Point,4326)")]
///     position: Geometry,
/// }
///
/// let here = Geometry::point(13.4, 52.5, 4326);
/// let nearest = Place::query()
///     .order_by(Place::position.distance_to(here).asc())
///     .limit(5)
///     .select(Place::id);
/// assert_eq!(
///     nearest.to_sql(),
///     r#"SELECT "place"."id" FROM "place" ORDER BY ("place"."position" <-> $1) LIMIT $2"#
/// );
/// ```
pub trait PostgisOperators: Expression {
    /// `&&`: the rectangles around the two have a point in common. A `gist` index is used.
    fn boxes_overlap<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: SpatialSubject,
    {
        binary(self.into_node(), "&&", other.into_comparable())
    }
}

impl<E: Expression> PostgisOperators for E {}

macro_rules! distances {
    ($($sql:ident)*) => {$(
        impl Between<Distance, Self> for $sql {
            type Result = f64;
        }
    )*};
}

distances! { Geometry Geography }
