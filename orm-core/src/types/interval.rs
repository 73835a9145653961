//! [`Interval`]: spans of time in months, days and microseconds. Manual, section 8.5.4.

mod convert;
#[cfg(test)]
mod tests;
mod text;

use super::{CustomType, Failure, Type, sql_type};
use bytes::{BufMut as _, BytesMut};
use std::cmp::Ordering;
use std::fmt;

/// A value of type `interval`: months, days and microseconds, which are kept apart because months differ in length, and days
/// where summer time begins and ends.
///
/// Two of them are equal (`==`) when all parts are. The server compares otherwise, with a month as 30 days and a day as 24
/// hours: `INTERVAL '30 days' = INTERVAL '1 month'` is true. [`server_cmp`](Self::server_cmp) does the same.
///
/// It is printed and read as PostgreSQL does it, and with `{:#}` by ISO 8601. `chrono::TimeDelta`, [`std::time::Duration`],
/// `jiff::Span`, `jiff::SignedDuration` and `time::Duration` can be the types of `interval` columns themselves, and are
/// converted with `try_from`; all but `Span` hold no months and no days, and to read such ones as them is an error.
///
/// ```
/// use orm_core::types::Interval;
/// use std::time::Duration;
/// let month = Interval { months: 1, ..Interval::ZERO };
/// let days = Interval { days: 30, ..Interval::ZERO };
/// assert!(month != days && month.server_cmp(&days).is_eq());
/// let term: Interval = "1 year 2 mons -3 days 04:05:06.5".parse()?;
/// assert_eq!(term.to_string(), "1 year 2 mons -3 days +04:05:06.5");
/// assert_eq!(format!("{term:#}"), "P1Y2M-3DT4H5M6.5S");
/// assert_eq!(Interval::try_from(Duration::from_secs(90))?, "PT1M30S".parse()?);
/// # Ok::<(), orm_core::types::IntervalError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Months: a year is 12.
    pub months: i32,
    /// Days: a week is 7.
    pub days: i32,
    /// Hours, minutes and seconds.
    pub microseconds: i64,
}

/// The microseconds of 24 hours.
const DAY: i64 = 86_400_000_000;

impl Interval {
    /// No time.
    pub const ZERO: Self = Self { months: 0, days: 0, microseconds: 0 };
    /// Longer than every other: `infinity`. PostgreSQL 17 and later; before, it is some interval of 178,956,970 years.
    pub const INFINITY: Self = Self { months: i32::MAX, days: i32::MAX, microseconds: i64::MAX };
    /// Shorter than every other: `-infinity`. PostgreSQL 17 and later.
    pub const NEGATIVE_INFINITY: Self =
        Self { months: i32::MIN, days: i32::MIN, microseconds: i64::MIN };

    /// Whether it is neither [`INFINITY`](Self::INFINITY) nor [`NEGATIVE_INFINITY`](Self::NEGATIVE_INFINITY).
    pub fn is_finite(&self) -> bool {
        *self != Self::INFINITY && *self != Self::NEGATIVE_INFINITY
    }

    /// Compares as the server does: a month is 30 days, a day 24 hours.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// let day: Interval = "1 day".parse()?;
    /// assert!(day.server_cmp(&"24:00:00".parse()?).is_eq());
    /// assert!(day.server_cmp(&"24:00:01".parse()?).is_lt());
    /// # Ok::<(), orm_core::types::IntervalError>(())
    /// ```
    pub fn server_cmp(&self, other: &Self) -> Ordering {
        self.length().cmp(&other.length())
    }

    /// Each day as 24 hours, so that only months and microseconds are left: what a type without days can hold.
    ///
    /// The difference of two timestamps has days.
    ///
    /// ```
    /// use orm_core::types::Interval;
    /// use std::time::Duration;
    /// let age: Interval = "2 days 01:00:00".parse()?;
    /// assert!(Duration::try_from(age).is_err());
    /// assert_eq!(Duration::try_from(age.days_as_hours()?)?, Duration::from_secs(49 * 3600));
    /// # Ok::<(), orm_core::types::IntervalError>(())
    /// ```
    ///
    /// # Errors
    /// There are too many of them, or it is infinite.
    pub fn days_as_hours(self) -> Result<Self, IntervalError> {
        let hours = i64::from(self.days).checked_mul(DAY);
        let microseconds = hours.and_then(|hours| self.microseconds.checked_add(hours));
        match microseconds {
            Some(microseconds) if self.is_finite() => Ok(Self { days: 0, microseconds, ..self }),
            _ => Err(IntervalError::new(format!("the days of {self} are too many hours"))),
        }
    }

    fn length(&self) -> i128 {
        let days = i128::from(self.months) * 30 + i128::from(self.days);
        days * i128::from(DAY) + i128::from(self.microseconds)
    }
}

/// Why something is no [`Interval`], or an [`Interval`] no value of another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntervalError(String);

impl IntervalError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for IntervalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IntervalError {}

sql_type!(for Interval, "interval", INTERVAL, INTERVAL_ARRAY);

impl CustomType for Interval {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "interval";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let raw: [u8; 16] = raw.try_into().map_err(|_| "an interval has 16 bytes")?;
        let [.., d0, d1, d2, d3, m0, m1, m2, m3] = raw;
        let [t0, t1, t2, t3, t4, t5, t6, t7, ..] = raw;
        Ok(Self {
            months: i32::from_be_bytes([m0, m1, m2, m3]),
            days: i32::from_be_bytes([d0, d1, d2, d3]),
            microseconds: i64::from_be_bytes([t0, t1, t2, t3, t4, t5, t6, t7]),
        })
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i64(self.microseconds);
        out.put_i32(self.days);
        out.put_i32(self.months);
        Ok(())
    }
}

crate::custom_type! { Interval }
