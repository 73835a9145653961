//! The texts of dates and times, as psql shows them with the settings `DateStyle = ISO` and `TimeZone = UTC`.

use crate::types::Failure;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Utc};

/// Texts of `date`.
pub(super) mod date {
    use super::{Failure, NaiveDate, day, split_era};

    pub(in super::super) fn to_text(date: &NaiveDate) -> String {
        let (day, era) = day(*date);
        format!("{day}{era}")
    }

    pub(in super::super) fn from_text(text: &str) -> Result<NaiveDate, Failure> {
        let (text, is_bc) = split_era(text);
        super::parse_day(text, is_bc)
    }
}

/// Texts of `timestamp without time zone`.
pub(super) mod timestamp {
    use super::{Failure, NaiveDateTime, day, parse_day, parse_time, split_era, time};

    pub(in super::super) fn to_text(moment: &NaiveDateTime) -> String {
        let (day, era) = day(moment.date());
        format!("{day} {}{era}", time(moment.time()))
    }

    pub(in super::super) fn from_text(text: &str) -> Result<NaiveDateTime, Failure> {
        let (text, is_bc) = split_era(text);
        let (day, time) = text.split_once([' ', 'T']).ok_or("a timestamp has a date and a time")?;
        Ok(parse_day(day, is_bc)?.and_time(parse_time(time)?))
    }
}

/// Texts of `timestamp with time zone`.
pub(super) mod timestamptz {
    use super::{DateTime, Failure, Utc, day, parse_day, parse_time, split_era, time};
    use chrono::TimeDelta;

    pub(in super::super) fn to_text(moment: &DateTime<Utc>) -> String {
        let moment = moment.naive_utc();
        let (day, era) = day(moment.date());
        format!("{day} {}+00{era}", time(moment.time()))
    }

    pub(in super::super) fn from_text(text: &str) -> Result<DateTime<Utc>, Failure> {
        let (text, is_bc) = split_era(text);
        let (day, time) = text.split_once([' ', 'T']).ok_or("a timestamp has a date and a time")?;
        let (time, east) = match time.strip_suffix('Z') {
            Some(time) => (time, TimeDelta::zero()),
            None => {
                let at = time.find(['+', '-']).ok_or("a timestamptz has an offset: `+00`")?;
                let (time, offset) = time.split_at_checked(at).unwrap_or((time, ""));
                (time, seconds_east(offset)?)
            }
        };
        let local = parse_day(day, is_bc)?.and_time(parse_time(time)?);
        let utc = local.checked_sub_signed(east).ok_or("the timestamp is out of range")?;
        Ok(utc.and_utc())
    }

    /// `+02`, `-03:30`, `+00:53:28`.
    fn seconds_east(offset: &str) -> Result<TimeDelta, Failure> {
        let (sign, digits) = match offset.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, offset.strip_prefix('+').unwrap_or(offset)),
        };
        let mut seconds = 0_i64;
        for (part, unit) in digits.splitn(3, ':').zip([3600, 60, 1]) {
            seconds += i64::from(part.parse::<u8>()?) * unit;
        }
        Ok(TimeDelta::seconds(sign * seconds))
    }
}

/// The date, and what follows its time: ` BC` before the year 1.
fn day(date: NaiveDate) -> (String, &'static str) {
    let (year, era) = match date.year() {
        // The year before the year 1 is 1 BC, and 0 in Rust.
        year if year <= 0 => (1 - i64::from(year), " BC"),
        year => (i64::from(year), ""),
    };
    (format!("{year:04}-{:02}-{:02}", date.month(), date.day()), era)
}

fn time(time: NaiveTime) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let micros = time.nanosecond() / 1000;
    let text = format!("{hour:02}:{minute:02}:{second:02}.{micros:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn split_era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

fn parse_day(text: &str, is_bc: bool) -> Result<NaiveDate, Failure> {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().ok_or("a date has a year, a month and a day: `2026-01-31`");
    let (year, month, day) = (next()?.parse::<i32>()?, next()?.parse()?, next()?.parse()?);
    let year = if is_bc { 1_i32.saturating_sub(year) } else { year };
    NaiveDate::from_ymd_opt(year, month, day)
        .ok_or_else(|| format!("there is no day {text}").into())
}

fn parse_time(text: &str) -> Result<NaiveTime, Failure> {
    Ok(NaiveTime::parse_from_str(text, "%H:%M:%S%.f")?)
}
