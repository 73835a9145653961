//! [`TimeTz`]: a time of the day with an offset from UTC.

use super::time_of_day::{TimeError, TimeOfDay, two_digits};
use crate::types::{CustomType, Failure, Type, sql_type};
use bytes::{BufMut as _, BytesMut};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A value of type `time with time zone`: a time of the day, and how many seconds its clock is ahead of UTC.
///
/// PostgreSQL has it because SQL has (manual, section 8.5.1.2): a time zone without a date does not know its summer time. It is
/// compared as on the server: by the time in UTC, and among equal ones the clock that is farther ahead comes first.
///
/// ```
/// use orm_core::types::{TimeOfDay, TimeTz};
/// let noon = TimeTz::new("12:00".parse()?, 5 * 3600 + 45 * 60)?;
/// assert_eq!(noon.to_string(), "12:00:00+05:45");
/// assert!(noon < "12:00:00+00".parse()?);
/// assert_eq!(noon.time(), TimeOfDay::from_microseconds(43_200_000_000)?);
/// # Ok::<(), orm_core::types::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TimeTz {
    time: TimeOfDay,
    offset: i32,
}

/// `TZDISP_LIMIT` of PostgreSQL.
const OFFSET_LIMIT: u32 = 16 * 3_600;

impl TimeTz {
    /// A time of the day, by a clock that is that many seconds ahead of UTC: negative in the west.
    ///
    /// # Errors
    /// PostgreSQL has no offsets of 16 hours and more.
    pub fn new(time: TimeOfDay, offset_seconds: i32) -> Result<Self, TimeError> {
        if offset_seconds.unsigned_abs() < OFFSET_LIMIT {
            return Ok(Self { time, offset: offset_seconds });
        }
        Err(TimeError::new(format!(
            "an offset of {offset_seconds} seconds is 16 hours or more, which PostgreSQL does not have"
        )))
    }

    /// What the clock shows.
    pub const fn time(self) -> TimeOfDay {
        self.time
    }

    /// How many seconds the clock is ahead of UTC.
    pub const fn offset_seconds(self) -> i32 {
        self.offset
    }

    fn key(self) -> (i64, i32) {
        (self.time.microseconds() - i64::from(self.offset) * 1_000_000, -self.offset)
    }
}

impl Ord for TimeTz {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for TimeTz {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As the server prints it: `12:00:00+05:45`.
impl fmt::Display for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let seconds = self.offset.unsigned_abs();
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}{sign}{hour:02}", self.time)?;
        if minute != 0 || second != 0 {
            write!(f, ":{minute:02}")?;
        }
        if second != 0 {
            write!(f, ":{second:02}")?;
        }
        Ok(())
    }
}

/// A [`TimeOfDay`], and the offset as `+HH`, `+HH:MM` or `+HH:MM:SS`.
impl FromStr for TimeTz {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::new(format!("{text:?} is no time with an offset"));
        let at = text.rfind(['+', '-']).ok_or_else(wrong)?;
        let (time, offset) = text.split_at_checked(at).ok_or_else(wrong)?;
        let offset = offset_of(offset).ok_or_else(wrong)?;
        Self::new(time.parse()?, offset)
    }
}

pub(super) fn offset_of(text: &str) -> Option<i32> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+')?),
    };
    let parts: Vec<i64> = text.split(':').map(two_digits).collect::<Option<_>>()?;
    let seconds = match parts[..] {
        [hour] => hour * 3_600,
        [hour, minute] if minute < 60 => (hour * 60 + minute) * 60,
        [hour, minute, second] if minute < 60 && second < 60 => (hour * 60 + minute) * 60 + second,
        _ => return None,
    };
    i32::try_from(sign * seconds).ok()
}

sql_type!(for TimeTz, "time with time zone", TIMETZ, TIMETZ_ARRAY);

impl CustomType for TimeTz {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "time with time zone";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (time, west) =
            raw.split_first_chunk::<8>().ok_or("a time with time zone has 12 bytes")?;
        let west = i32::from_be_bytes(west.try_into()?);
        let time = TimeOfDay::from_microseconds(i64::from_be_bytes(*time))?;
        Ok(Self::new(time, west.checked_neg().ok_or("an offset from UTC is out of range")?)?)
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i64(self.time.microseconds());
        // PostgreSQL counts towards the west.
        out.put_i32(-self.offset);
        Ok(())
    }
}

crate::custom_type! { TimeTz }
