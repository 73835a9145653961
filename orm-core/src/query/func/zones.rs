//! What depends on a time zone: the starts of days, and timestamps as they are seen there. Manual, sections 9.9.2 and 9.9.4.

use super::conditional::call;
use crate::query::expr::Expr;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{Dated, Interval, OfSqlType, OrInfinity, Text, Timestamp, Timestamptz, Value};

/// An SQL type that `date_trunc` cuts.
#[diagnostic::on_unimplemented(
    message = "the SQL type `{Self}` is not a moment that can be cut",
    label = "not a timestamp",
    note = "`.cast::<chrono::NaiveDateTime>()` a date"
)]
pub trait Truncated {}
impl Truncated for Timestamp {}
impl Truncated for Timestamptz {}
impl Truncated for Interval {}

/// `date_trunc(field, x)`: cut to the start of its `hour`, `day`, `week`, `month`, .. ; of a moment in the time zone of the session.
/// The result has the Rust type of the argument.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let day = orm::group_key(|| func::date_trunc("day", User::created_at));
/// let query = User::query().group_by(day.clone()).select((day, func::count_star()));
/// assert!(query.to_sql().text.ends_with(r#"GROUP BY date_trunc($1, "user"."created_at")"#));
/// ```
pub fn date_trunc<F: Operand<Text>, E: IntoExpression>(
    field: F,
    moment: E,
) -> Expr<
    <F::Value as Value>::Propagate<<E::Value as Value>::Propagate<<E::Value as Value>::NotNull>>,
    (F::Reads, E::Reads),
>
where
    <E::Value as Value>::Sql: Truncated,
{
    call("date_trunc", vec![field.into_operand(), moment.into_expression()])
}

/// `date_trunc(field, x, time zone)`: cut to its start in a time zone.
pub fn date_trunc_in<F: Operand<Text>, E: Operand<Timestamptz>, Z: Operand<Text>>(
    field: F,
    moment: E,
    zone: Z,
) -> Expr<
    <F::Value as Value>::Propagate<
        <E::Value as Value>::Propagate<
            <Z::Value as Value>::Propagate<<E::Value as Value>::NotNull>,
        >,
    >,
    (F::Reads, (E::Reads, Z::Reads)),
>
where
    E::Value: OfSqlType<Timestamptz>,
{
    call("date_trunc", vec![field.into_operand(), moment.into_operand(), zone.into_operand()])
}

/// A timestamp, which has another one in a time zone, of the same crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no time zone to be seen in",
    label = "not a timestamp of `chrono`, `jiff` or `time`",
    note = "cast it: `.cast::<chrono::NaiveDateTime>()`, `.cast::<chrono::DateTime<Utc>>()`"
)]
pub trait Zoned {
    /// The Rust type of the result.
    type Value: Value;
}

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! zoned {
    ($($rust:ty => $value:ty;)*) => {$(
        impl Zoned for $rust {
            type Value = $value;
        }
    )*};
}

#[cfg(feature = "chrono")]
zoned! {
    chrono::NaiveDateTime => chrono::DateTime<chrono::Utc>;
    chrono::DateTime<chrono::Utc> => chrono::NaiveDateTime;
    chrono::DateTime<chrono::Local> => chrono::NaiveDateTime;
    chrono::DateTime<chrono::FixedOffset> => chrono::NaiveDateTime;
}
#[cfg(feature = "jiff")]
zoned! {
    jiff::civil::DateTime => jiff::Timestamp;
    jiff::Timestamp => jiff::civil::DateTime;
}
#[cfg(feature = "time")]
zoned! {
    time::PrimitiveDateTime => time::OffsetDateTime;
    time::OffsetDateTime => time::PrimitiveDateTime;
}

impl<D: Dated + Zoned> Zoned for OrInfinity<D>
where
    D::Value: Dated,
{
    type Value = OrInfinity<D::Value>;
}

/// `x AT TIME ZONE zone`: what calendar and clock show there at a moment; and the moment at which they show it.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::at_time_zone(User::created_at, "Europe/Paris"));
/// assert_eq!(query.to_sql(), r#"SELECT timezone($1, "user"."created_at") FROM "user""#);
/// ```
pub fn at_time_zone<E: IntoExpression, Z: Operand<Text>>(
    moment: E,
    zone: Z,
) -> Expr<
    <E::Value as Value>::Propagate<
        <Z::Value as Value>::Propagate<<<E::Value as Value>::NotNull as Zoned>::Value>,
    >,
    (E::Reads, Z::Reads),
>
where
    <E::Value as Value>::NotNull: Zoned,
{
    call("timezone", vec![zone.into_operand(), moment.into_expression()])
}
