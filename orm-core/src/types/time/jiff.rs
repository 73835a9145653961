//! `jiff`. What is below a microsecond is cut off.
//!
//! `jiff::ZonedDateTime` is no type of a column: a `timestamptz` is a moment, and its server forgets the time zone that it was
//! given in. Store a [`Timestamp`](jiff::Timestamp), and the name of the zone in a column of its own where it matters.

use super::calendar::{DAY, EPOCH, civil, days};
use super::column::{clock, dated, time_of_day};
use super::count::{Clock, Dated};
use super::{Date, Timestamp, Timestamptz};
use crate::types::Failure;
use jiff::civil;

const WIDER: &str = "a type with more years, `chrono::NaiveDateTime` or `chrono::NaiveDate`";

impl Dated for jiff::Timestamp {
    type Sql = Timestamptz;
    const NAME: &'static str = "jiff::Timestamp";
    const WIDER: &'static str =
        "a type with more years, `std::time::SystemTime` or `chrono::DateTime<Utc>`";

    fn of_count(count: i64) -> Option<Self> {
        Self::from_microsecond(count.checked_add(EPOCH)?).ok()
    }

    fn count(&self) -> Result<i64, Failure> {
        let microseconds = self.as_nanosecond().div_euclid(1_000) - i128::from(EPOCH);
        Ok(microseconds.try_into()?)
    }
}

dated! { jiff::Timestamp, Timestamptz }

impl Dated for civil::DateTime {
    type Sql = Timestamp;
    const NAME: &'static str = "jiff::civil::DateTime";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        let date = civil::Date::of_count(count.div_euclid(DAY))?;
        let time = civil::Time::of_microseconds(count.rem_euclid(DAY))?;
        Some(date.to_datetime(time))
    }

    fn count(&self) -> Result<i64, Failure> {
        Ok(self.date().count()? * DAY + self.time().microseconds()?)
    }
}

dated! { civil::DateTime, Timestamp }

impl Dated for civil::Date {
    type Sql = Date;
    const NAME: &'static str = "jiff::civil::Date";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        let (year, month, day) = civil(count);
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Self::new(i16::try_from(year).ok()?, month, day).ok()
    }

    fn count(&self) -> Result<i64, Failure> {
        let (month, day) = (self.month().unsigned_abs(), self.day().unsigned_abs());
        Ok(days(self.year().into(), month, day))
    }
}

dated! { civil::Date, Date }

impl Clock for civil::Time {
    const NAME: &'static str = "jiff::civil::Time";

    fn of_microseconds(microseconds: i64) -> Option<Self> {
        let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
        let hour = i8::try_from(seconds / 3_600).ok()?;
        let minute = i8::try_from(seconds / 60 % 60).ok()?;
        let second = i8::try_from(seconds % 60).ok()?;
        Self::new(hour, minute, second, i32::try_from(fraction * 1_000).ok()?).ok()
    }

    fn microseconds(&self) -> Result<i64, Failure> {
        let minutes = i64::from(self.hour()) * 60 + i64::from(self.minute());
        let seconds = minutes * 60 + i64::from(self.second());
        Ok(seconds * 1_000_000 + i64::from(self.subsec_nanosecond() / 1_000))
    }
}

clock! { civil::Time }
time_of_day! { civil::Time }
