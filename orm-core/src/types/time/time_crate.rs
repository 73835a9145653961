//! The crate `time`. A moment is read with the offset of UTC; what is below a microsecond is cut off.

use super::calendar::{DAY, EPOCH};
use super::column::{clock, dated, time_of_day};
use super::count::{Clock, Dated};
use super::{Date, Timestamp, Timestamptz};
use crate::types::Failure;
use time::{OffsetDateTime, PrimitiveDateTime};

/// 2000-01-01 as a day of the Julian period.
const JULIAN_2000: i64 = 2_451_545;
const WIDER: &str = "a type with more years, `chrono::NaiveDateTime` or `chrono::NaiveDate`";

impl Dated for OffsetDateTime {
    type Sql = Timestamptz;
    const NAME: &'static str = "time::OffsetDateTime";
    const WIDER: &'static str =
        "a type with more years, `std::time::SystemTime` or `chrono::DateTime<Utc>`";

    fn of_count(count: i64) -> Option<Self> {
        let microseconds = i128::from(count) + i128::from(EPOCH);
        Self::from_unix_timestamp_nanos(microseconds * 1_000).ok()
    }

    fn count(&self) -> Result<i64, Failure> {
        let microseconds = self.unix_timestamp_nanos().div_euclid(1_000) - i128::from(EPOCH);
        Ok(microseconds.try_into()?)
    }
}

dated! { OffsetDateTime, Timestamptz }

impl Dated for PrimitiveDateTime {
    type Sql = Timestamp;
    const NAME: &'static str = "time::PrimitiveDateTime";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        let date = time::Date::of_count(count.div_euclid(DAY))?;
        Some(Self::new(date, time::Time::of_microseconds(count.rem_euclid(DAY))?))
    }

    fn count(&self) -> Result<i64, Failure> {
        Ok(self.date().count()?.saturating_mul(DAY).saturating_add(self.time().microseconds()?))
    }
}

dated! { PrimitiveDateTime, Timestamp }

impl Dated for time::Date {
    type Sql = Date;
    const NAME: &'static str = "time::Date";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        Self::from_julian_day(i32::try_from(count.checked_add(JULIAN_2000)?).ok()?).ok()
    }

    fn count(&self) -> Result<i64, Failure> {
        Ok(i64::from(self.to_julian_day()) - JULIAN_2000)
    }
}

dated! { time::Date, Date }

impl Clock for time::Time {
    const NAME: &'static str = "time::Time";

    fn of_microseconds(microseconds: i64) -> Option<Self> {
        let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
        let hour = u8::try_from(seconds / 3_600).ok()?;
        let minute = u8::try_from(seconds / 60 % 60).ok()?;
        let second = u8::try_from(seconds % 60).ok()?;
        Self::from_hms_micro(hour, minute, second, u32::try_from(fraction).ok()?).ok()
    }

    fn microseconds(&self) -> Result<i64, Failure> {
        let (hour, minute, second, microsecond) = self.as_hms_micro();
        let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        Ok(seconds * 1_000_000 + i64::from(microsecond))
    }
}

clock! { time::Time }
time_of_day! { time::Time }
