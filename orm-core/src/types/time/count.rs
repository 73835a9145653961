//! Values as counts: of days, of microseconds, with infinities and ranges. The one place that reads and writes their bytes.

use super::calendar::{DAY, clock_text, date_text};
use super::{Date, OrInfinity, Time, Timestamp, Timestamptz, parse};
use crate::types::{ElementType, Failure, SqlType};
use bytes::{BufMut as _, BytesMut};
use std::fmt::Debug;

/// An SQL type whose values are counted from 2000-01-01 00:00, and may be infinite: `date`, `timestamp`, `timestamptz`.
pub trait Counted: SqlType + ElementType {
    /// The first and the last count that PostgreSQL has.
    #[doc(hidden)]
    const RANGE: (i64, i64);
    /// The same in words.
    #[doc(hidden)]
    const YEARS: &'static str;

    #[doc(hidden)]
    fn get(raw: &[u8]) -> Result<OrInfinity<i64>, Failure>;

    #[doc(hidden)]
    fn put(count: OrInfinity<i64>, out: &mut BytesMut);

    /// A finite value as the server prints it in UTC.
    #[doc(hidden)]
    fn text(count: i64) -> String;

    /// The count of such a text.
    #[doc(hidden)]
    fn parse(text: &str) -> Option<i64>;
}

impl Counted for Date {
    // 4714-11-24 BC is the first day of the Julian period.
    const RANGE: (i64, i64) = (-2_451_545, 2_145_031_948);
    const YEARS: &'static str = "4714-11-24 BC to 5874897-12-31";

    fn get(raw: &[u8]) -> Result<OrInfinity<i64>, Failure> {
        let bytes = raw.try_into().map_err(|_| length(Self::NAME, 4, raw))?;
        Ok(match i32::from_be_bytes(bytes) {
            i32::MIN => OrInfinity::NegativeInfinity,
            i32::MAX => OrInfinity::Infinity,
            days => OrInfinity::Value(days.into()),
        })
    }

    fn put(count: OrInfinity<i64>, out: &mut BytesMut) {
        out.put_i32(match count {
            OrInfinity::NegativeInfinity => i32::MIN,
            // It is within the range.
            OrInfinity::Value(days) => days as i32,
            OrInfinity::Infinity => i32::MAX,
        });
    }

    fn text(count: i64) -> String {
        let (text, era) = date_text(count);
        text + era
    }

    fn parse(text: &str) -> Option<i64> {
        parse::date(text)
    }
}

/// The two types of microseconds differ in what they mean.
macro_rules! microseconds {
    ($sql:ty, $zone:literal, $parse:ident) => {
        impl Counted for $sql {
            const RANGE: (i64, i64) = (-2_451_545 * DAY, 9_223_371_331_199_999_999);
            const YEARS: &'static str = "4714-11-24 BC to 294276-12-31";

            fn get(raw: &[u8]) -> Result<OrInfinity<i64>, Failure> {
                let bytes = raw.try_into().map_err(|_| length(Self::NAME, 8, raw))?;
                Ok(match i64::from_be_bytes(bytes) {
                    i64::MIN => OrInfinity::NegativeInfinity,
                    i64::MAX => OrInfinity::Infinity,
                    microseconds => OrInfinity::Value(microseconds),
                })
            }

            fn put(count: OrInfinity<i64>, out: &mut BytesMut) {
                out.put_i64(match count {
                    OrInfinity::NegativeInfinity => i64::MIN,
                    OrInfinity::Value(microseconds) => microseconds,
                    OrInfinity::Infinity => i64::MAX,
                });
            }

            fn text(count: i64) -> String {
                let (date, era) = date_text(count.div_euclid(DAY));
                format!("{date} {}{}{era}", clock_text(count.rem_euclid(DAY)), $zone)
            }

            fn parse(text: &str) -> Option<i64> {
                parse::$parse(text)
            }
        }
    };
}

microseconds! { Timestamp, "", timestamp }
microseconds! { Timestamptz, "+00", timestamptz }

/// A Rust type for values of `date`, `timestamp` or `timestamptz`: what [`OrInfinity`] can be made of.
pub trait Dated: Debug + Send + Sync + Sized + 'static {
    /// The SQL type.
    type Sql: Counted;
    /// As messages name it.
    #[doc(hidden)]
    const NAME: &'static str;
    /// What holds more of the values that PostgreSQL has.
    #[doc(hidden)]
    const WIDER: &'static str;

    #[doc(hidden)]
    fn of_count(count: i64) -> Option<Self>;

    #[doc(hidden)]
    fn count(&self) -> Result<i64, Failure>;
}

/// A Rust type for values of `time`.
pub trait Clock: Debug + Send + Sync + Sized + 'static {
    /// As messages name it.
    #[doc(hidden)]
    const NAME: &'static str;

    #[doc(hidden)]
    fn of_microseconds(microseconds: i64) -> Option<Self>;

    #[doc(hidden)]
    fn microseconds(&self) -> Result<i64, Failure>;
}

fn length(name: &str, expected: usize, raw: &[u8]) -> Failure {
    format!("a {name} has {expected} bytes, not {}", raw.len()).into()
}

/// Reads a value, or an infinity.
pub(super) fn read_or_infinity<D: Dated>(raw: &[u8]) -> Result<OrInfinity<D>, Failure> {
    let count = match D::Sql::get(raw)? {
        OrInfinity::Value(count) => count,
        OrInfinity::NegativeInfinity => return Ok(OrInfinity::NegativeInfinity),
        OrInfinity::Infinity => return Ok(OrInfinity::Infinity),
    };
    let (name, (first, last)) = (<D::Sql as SqlType>::NAME, D::Sql::RANGE);
    if count < first || last < count {
        return Err(format!("{count} is no {name} of PostgreSQL").into());
    }
    of_count(count).map(OrInfinity::Value)
}

fn of_count<D: Dated>(count: i64) -> Result<D, Failure> {
    D::of_count(count).ok_or_else(|| {
        let (name, text) = (<D::Sql as SqlType>::NAME, D::Sql::text(count));
        format!("`{}` does not hold the {name} {text}; use {}", D::NAME, D::WIDER).into()
    })
}

/// A value as the server prints it in UTC.
pub(in crate::types) fn text<D: Dated>(value: &D) -> String {
    // What has no count is not sent.
    value.count().map_or_else(|_| format!("{value:?}"), D::Sql::text)
}

/// The value with that text.
pub(in crate::types) fn of_text<D: Dated>(text: &str) -> Result<D, Failure> {
    let name = <D::Sql as SqlType>::NAME;
    of_count(D::Sql::parse(text).ok_or_else(|| format!("{text:?} is no {name}"))?)
}

/// Reads a value that is not infinite.
pub(super) fn read<D: Dated>(raw: &[u8]) -> Result<D, Failure> {
    let infinity = match read_or_infinity(raw)? {
        OrInfinity::Value(value) => return Ok(value),
        OrInfinity::NegativeInfinity => "-infinity",
        OrInfinity::Infinity => "infinity",
    };
    let (rust, name) = (D::NAME, <D::Sql as SqlType>::NAME);
    Err(format!("`{rust}` does not hold the {name} {infinity}; use `orm::OrInfinity<{rust}>`")
        .into())
}

/// The count of a value, which PostgreSQL has.
pub(super) fn count<D: Dated>(value: &D) -> Result<i64, Failure> {
    let (first, last) = D::Sql::RANGE;
    let count = value.count()?;
    if (first..=last).contains(&count) {
        return Ok(count);
    }
    let (name, years) = (<D::Sql as SqlType>::NAME, D::Sql::YEARS);
    Err(format!("{value:?} is no {name} of PostgreSQL, which has those from {years}").into())
}

/// Reads a time of the day.
pub(super) fn read_clock<C: Clock>(raw: &[u8]) -> Result<C, Failure> {
    let bytes = raw.try_into().map_err(|_| length(Time::NAME, 8, raw))?;
    let microseconds = within_a_day(i64::from_be_bytes(bytes))?;
    C::of_microseconds(microseconds).ok_or_else(|| {
        let (rust, text) = (C::NAME, clock_text(microseconds));
        format!("`{rust}` does not hold the time {text}; use `orm::types::TimeOfDay`").into()
    })
}

/// Microseconds that are a time of the day: 24:00:00 is one.
pub(super) fn within_a_day(microseconds: i64) -> Result<i64, Failure> {
    if (0..=DAY).contains(&microseconds) {
        return Ok(microseconds);
    }
    Err(format!("{microseconds} microseconds are no time of the day").into())
}
