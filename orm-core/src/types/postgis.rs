//! `geometry` and `geography` of the extension PostGIS: a shape, and the number of the system of its coordinates.

#[cfg(feature = "geo-types")]
mod geo;
mod reader;
mod wkb;

use super::declared::modifiers;
use super::{CustomType, Failure, extension_type};
use bytes::BytesMut;
use postgres_types::Type;
use std::fmt::Debug;

pub use wkb::{Wkb, WkbError};

/// A type that holds shapes: [`Wkb`] any, those of the crate `geo_types` (feature `geo-types`) points, lines and polygons.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of shapes",
    label = "not a shape",
    note = "shapes are `orm::types::Wkb` and, with the feature `geo-types`, `geo_types::Point` and its like"
)]
pub trait Shape: Debug + Send + Sync + Sized + 'static {
    /// Reads a shape in PostGIS's binary format, EWKB, and its SRID, which is 0 where there is none.
    ///
    /// # Errors
    /// Bytes that are no shape, or one that the type cannot hold.
    fn read_ewkb(ewkb: &[u8]) -> Result<(Self, i32), WkbError>;

    /// Writes it in that format, with this SRID unless it is 0.
    ///
    /// # Errors
    /// A shape that PostGIS could not read.
    fn write_ewkb(&self, srid: i32, out: &mut BytesMut) -> Result<(), WkbError>;
}

/// `SRID_MAXIMUM` of PostGIS, which takes a larger number for another one.
const SRID_MAX: i32 = 999_999;

macro_rules! spatial {
    ($(#[$doc:meta])* $name:ident, $sql:literal, default_srid $srid:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name<S = Wkb> {
            shape: S,
            srid: i32,
        }

        impl<S> $name<S> {
            /// A shape whose coordinates are of the system with this number (SRID).
            pub const fn new(shape: S, srid: i32) -> Self {
                Self { shape, srid }
            }

            /// The number of the system of its coordinates (SRID): 4326 are degrees of longitude and latitude, 0 is none.
            pub const fn srid(&self) -> i32 {
                self.srid
            }

            /// The shape.
            pub const fn shape(&self) -> &S {
                &self.shape
            }

            /// The shape, without the SRID.
            pub fn into_shape(self) -> S {
                self.shape
            }
        }

        impl $name {
            /// The point with these coordinates: in degrees, the longitude is first.
            pub fn point(x: f64, y: f64, srid: i32) -> Self {
                Self::new(Wkb::point(x, y), srid)
            }
        }

        impl<S: Shape> $name<S> {
            /// Reads PostGIS's binary format: what `ST_AsEWKB` gives, and `ST_AsBinary`.
            ///
            /// # Errors
            /// Bytes that are no shape, or one that the type cannot hold.
            pub fn from_ewkb(ewkb: &[u8]) -> Result<Self, WkbError> {
                let (shape, srid) = S::read_ewkb(ewkb)?;
                Ok(Self { shape, srid })
            }

            /// The shape in PostGIS's binary format, which `ST_GeomFromEWKB` reads.
            ///
            /// # Errors
            /// A shape that PostGIS could not read.
            pub fn to_ewkb(&self) -> Result<Vec<u8>, WkbError> {
                let mut out = BytesMut::new();
                self.shape.write_ewkb(self.srid, &mut out)?;
                Ok(out.to_vec())
            }

            /// The same shape in another Rust type.
            ///
            /// # Errors
            /// A shape that the type cannot hold.
            pub fn convert<T: Shape>(&self) -> Result<$name<T>, WkbError> {
                $name::from_ewkb(&self.to_ewkb()?)
            }
        }

        /// With the SRID that PostGIS takes for one that is not given.
        impl<S: Shape> From<S> for $name<S> {
            fn from(shape: S) -> Self {
                Self::new(shape, $srid)
            }
        }

        // All types of shapes are one SQL type: a column of points is compared with an area.
        extension_type!($name, $sql);

        impl<S: Shape> CustomType for $name<S> {
            type Sql = $name;
            type Element = $name;
            const DATA_TYPE: &'static str = $sql;

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                Ok(Self::from_ewkb(raw)?)
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                check_srid(self.srid, $srid, ty)?;
                Ok(self.shape.write_ewkb(self.srid, out)?)
            }
        }
    };
}

spatial! {
    /// A `geometry` of the extension PostGIS: a shape in a plane, with its SRID. The type of its shape is [`Wkb`], which holds any, or
    /// one of the crate `geo_types` with the feature `geo-types`: `Geometry<geo_types::Point>`.
    ///
    /// A column is declared with the type and the SRID that it takes, `data_type = "geometry(Point,4326)"`: a value with another SRID is
    /// an error when it is written, one of another type is refused by the server.
    ///
    /// ```
    /// use orm::func::postgis::st_dwithin;
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
    /// let query = Place::query().filter(st_dwithin(Place::position, here, 0.1)).select(Place::id);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     concat!(
    ///         r#"SELECT "place"."id" FROM "place" "#,
    ///         r#"WHERE ST_DWithin("place"."position", CAST($1 AS "geometry"), $2)"#,
    ///     )
    /// );
    /// ```
    Geometry, "geometry", default_srid 0
}

spatial! {
    /// A `geography` of the extension PostGIS: a shape on the globe in degrees of longitude and latitude, whose lengths are metres. The
    /// types of its shape are those of [`Geometry`].
    ///
    /// ```
    /// use orm::types::Geography;
    /// let berlin = Geography::point(13.4, 52.5, 4326);
    /// assert_eq!((berlin.srid(), berlin.shape().kind()), (4326, "Point"));
    /// ```
    Geography, "geography", default_srid 4326
}

/// Whether a value with that SRID is one of the type: `geometry(Point,4326)` says of which.
fn check_srid(srid: i32, default: i32, ty: &Type) -> Result<(), Failure> {
    if !(0..=SRID_MAX).contains(&srid) {
        return Err(
            format!("{srid} is no SRID of a {}: it is from 0 to {SRID_MAX}", ty.name()).into()
        );
    }
    let declared = modifiers(ty.name())
        .and_then(|text| text.split_once(','))
        .and_then(|(_, declared)| declared.trim().parse::<i32>().ok());
    // 0 is any; of a value it is the default of the type.
    let found = if srid == 0 { default } else { srid };
    match declared {
        Some(declared) if declared != 0 && declared != found => {
            Err(format!("a shape with the SRID {srid} for a {}", ty.name()).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
