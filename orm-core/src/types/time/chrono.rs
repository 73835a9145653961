//! `chrono`. The moments of a time zone are written as the same moments in UTC; what is below a microsecond is cut off.

use super::calendar::{DAY, EPOCH};
use super::column::{clock, dated, time_of_day};
use super::count::{Clock, Dated};
use super::{Date, Timestamp, Timestamptz};
use crate::types::Failure;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono::{Datelike as _, Timelike as _};

/// 2000-01-01 as `chrono` counts days.
const DAYS_TO_2000: i64 = 730_120;
const WIDER: &str = "`.cast::<String>()` and read it as text";

/// Nanoseconds from here on are those of a leap second.
const LEAP: u32 = 1_000_000_000;

fn has_no_leap_second(value: &dyn std::fmt::Debug, nanoseconds: u32) -> Result<(), Failure> {
    if nanoseconds < LEAP {
        return Ok(());
    }
    Err(format!("{value:?} is a leap second, and PostgreSQL has none: give the second after it")
        .into())
}

fn moment(count: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(count.checked_add(EPOCH)?)
}

fn moment_count<Z: TimeZone>(moment: &DateTime<Z>) -> Result<i64, Failure>
where
    DateTime<Z>: std::fmt::Debug,
{
    has_no_leap_second(moment, moment.timestamp_subsec_nanos())?;
    // `chrono` has no year before -262144.
    Ok(moment.timestamp_micros().saturating_sub(EPOCH))
}

macro_rules! moments {
    ($($rust:ty, $name:literal, $wider:expr, |$utc:ident| $of:expr;)*) => {$(
        impl Dated for $rust {
            type Sql = Timestamptz;
            const NAME: &'static str = $name;
            const WIDER: &'static str = $wider;

            fn of_count(count: i64) -> Option<Self> {
                moment(count).map(|$utc| $of)
            }

            fn count(&self) -> Result<i64, Failure> {
                moment_count(self)
            }
        }
        dated! { $rust, Timestamptz }
    )*};
}

moments! {
    DateTime<Utc>, "chrono::DateTime<Utc>", "`std::time::SystemTime`", |utc| utc;
    DateTime<Local>, "chrono::DateTime<Local>", "`std::time::SystemTime`", |utc| utc.with_timezone(&Local);
    DateTime<FixedOffset>, "chrono::DateTime<FixedOffset>", "`std::time::SystemTime`", |utc| utc.fixed_offset();
}

impl Dated for NaiveDateTime {
    type Sql = Timestamp;
    const NAME: &'static str = "chrono::NaiveDateTime";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        moment(count).map(|moment| moment.naive_utc())
    }

    fn count(&self) -> Result<i64, Failure> {
        has_no_leap_second(self, self.nanosecond())?;
        Ok(self.and_utc().timestamp_micros().saturating_sub(EPOCH))
    }
}

dated! { NaiveDateTime, Timestamp }

impl Dated for NaiveDate {
    type Sql = Date;
    const NAME: &'static str = "chrono::NaiveDate";
    const WIDER: &'static str = WIDER;

    fn of_count(count: i64) -> Option<Self> {
        let days = count.checked_add(DAYS_TO_2000)?;
        Self::from_num_days_from_ce_opt(days.try_into().ok()?)
    }

    fn count(&self) -> Result<i64, Failure> {
        Ok(i64::from(self.num_days_from_ce()) - DAYS_TO_2000)
    }
}

dated! { NaiveDate, Date }

impl Clock for NaiveTime {
    const NAME: &'static str = "chrono::NaiveTime";

    fn of_microseconds(microseconds: i64) -> Option<Self> {
        let microseconds =
            u64::try_from(microseconds).ok().filter(|it| *it < DAY.unsigned_abs())?;
        let seconds = u32::try_from(microseconds / 1_000_000).ok()?;
        let nanoseconds = u32::try_from(microseconds % 1_000_000 * 1_000).ok()?;
        Self::from_num_seconds_from_midnight_opt(seconds, nanoseconds)
    }

    fn microseconds(&self) -> Result<i64, Failure> {
        has_no_leap_second(self, self.nanosecond())?;
        let seconds = i64::from(self.num_seconds_from_midnight());
        Ok(seconds * 1_000_000 + i64::from(self.nanosecond() / 1_000))
    }
}

clock! { NaiveTime }
time_of_day! { NaiveTime }
