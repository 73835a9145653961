//! [`TimeOfDay`]: a time of the day as PostgreSQL has it, with the end of the day.

use super::calendar::{DAY, clock_text};
use super::column::clock;
use super::count::{Clock, within_a_day};
use crate::types::Failure;
use std::fmt;
use std::str::FromStr;

/// A value of type `time`: from 00:00:00 to 24:00:00, the end of the day, which the types of other crates do not have.
///
/// ```
/// use orm_core::types::TimeOfDay;
/// let closes: TimeOfDay = "24:00".parse()?;
/// assert_eq!(closes, TimeOfDay::END_OF_DAY);
/// assert_eq!("07:30:00.5".parse::<TimeOfDay>()?.to_string(), "07:30:00.5");
/// assert!("24:00:01".parse::<TimeOfDay>().is_err());
/// # Ok::<(), orm_core::types::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeOfDay(i64);

impl TimeOfDay {
    /// 00:00:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 24:00:00. It is greater than every other time.
    pub const END_OF_DAY: Self = Self(DAY);

    /// The time that many microseconds after the start of the day.
    ///
    /// # Errors
    /// It is before 00:00:00, or after 24:00:00.
    pub fn from_microseconds(microseconds: i64) -> Result<Self, TimeError> {
        within_a_day(microseconds).map(Self).map_err(|error| TimeError::new(error.to_string()))
    }

    /// The microseconds since the start of the day.
    pub const fn microseconds(self) -> i64 {
        self.0
    }
}

/// As the server prints it.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&clock_text(self.0))
    }
}

/// `HH:MM`, `HH:MM:SS` and with at most six digits of a second.
impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let microseconds = clock_of(text)
            .ok_or_else(|| TimeError::new(format!("{text:?} is no time of the day")))?;
        Self::from_microseconds(microseconds)
    }
}

/// The microseconds of a clock's text.
pub(super) fn clock_of(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            (two_digits(second)?, microseconds_of(fraction)?)
        }
    };
    (minute < 60 && second < 60)
        .then_some(((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction)
}

pub(super) fn two_digits(text: &str) -> Option<i64> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Digits after a decimal point: what is below a microsecond is no number of them.
pub(in crate::types) fn microseconds_of(fraction: &str) -> Option<i64> {
    let is_number = fraction.len() <= 6 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !fraction.is_empty()).then(|| format!("{fraction:0<6}").parse().ok())?
}

impl Clock for TimeOfDay {
    const NAME: &'static str = "orm::types::TimeOfDay";

    fn of_microseconds(microseconds: i64) -> Option<Self> {
        Some(Self(microseconds))
    }

    fn microseconds(&self) -> Result<i64, Failure> {
        Ok(self.0)
    }
}

clock! { TimeOfDay }

/// Why something is no [`TimeOfDay`] or [`TimeTz`](super::TimeTz), or one of these no value of another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeError(String);

impl TimeError {
    pub(super) const fn new(message: String) -> Self {
        Self(message)
    }

    #[cfg_attr(
        not(any(feature = "chrono", feature = "jiff", feature = "time")),
        expect(dead_code, reason = "conversions are into the types of crates")
    )]
    pub(super) fn not_held(rust: &str, time: TimeOfDay) -> Self {
        Self(format!("`{rust}` does not hold {time}"))
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TimeError {}
