//! The driver's traits of a [`CustomType`](super::CustomType) of ours, for SQL that a user wrote.

/// Implements `ToSql` and `FromSql`.
macro_rules! driver {
    ($([$($generics:tt)*] $rust:ty;)*) => {$(
        const _: () = {
            use bytes::BytesMut;
            use postgres_types::{FromSql, IsNull, ToSql, Type};
            use $crate::types::{CustomType, Failure, base_type, from_sql, to_sql};

            impl<'a, $($generics)*> FromSql<'a> for $rust {
                fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
                    from_sql(ty, raw)
                }

                fn accepts(ty: &Type) -> bool {
                    <Self as CustomType>::accepts(base_type(ty))
                }
            }

            impl<$($generics)*> ToSql for $rust {
                fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                    to_sql(self, ty, out)
                }

                fn accepts(ty: &Type) -> bool {
                    <Self as CustomType>::accepts(base_type(ty))
                }

                postgres_types::to_sql_checked!();
            }
        };
    )*};
}

driver! {
    [] super::BoundingBox;
    [] super::Cidr;
    [] super::Circle;
    [] super::Hstore;
    [] super::Inet;
    [] super::Line;
    [] super::LineSegment;
    [] super::Lquery;
    [] super::Ltree;
    [] super::Ltxtquery;
    [] super::MacAddr;
    [] super::MacAddr8;
    [] super::Path;
    [] super::Point;
    [] super::Polygon;
    [] super::Bits;
    [] super::Char;
    [] super::Interval;
    [] super::Money;
    [] super::Oid;
    [] super::PgLsn;
    [] super::TsQuery;
    [] super::TsVector;
    [] super::TimeOfDay;
    [] super::TimeTz;
    [] super::Xml;
    [D: super::Dated] super::OrInfinity<D>;
}

macro_rules! objects {
    ($($object:ident)*) => {
        driver! { $([] super::$object;)* }
    };
}

super::oid::each_named_object! { objects }
