//! Texts of dates and timestamps, as the server prints them with the settings `DateStyle = ISO`.

use super::calendar::{DAY, civil, days};
use super::time_of_day::{clock_of, two_digits};
use super::time_tz::offset_of;

/// The days of a date: `2026-01-31`, `0044-03-15 BC`.
pub(super) fn date(text: &str) -> Option<i64> {
    let (text, is_bc) = split_era(text);
    day(text, is_bc)
}

/// The microseconds of a timestamp: `2026-01-31 12:30:00.5`.
pub(super) fn timestamp(text: &str) -> Option<i64> {
    let (text, is_bc) = split_era(text);
    let (date, clock) = text.split_once([' ', 'T'])?;
    moment(day(date, is_bc)?, clock)
}

/// The microseconds of a timestamp with an offset from UTC: `2026-01-31 12:30:00+05:45`, or with `Z`.
pub(super) fn timestamptz(text: &str) -> Option<i64> {
    let (text, is_bc) = split_era(text);
    let (date, clock) = text.split_once([' ', 'T'])?;
    let (clock, offset) = match clock.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let (clock, offset) = clock.split_at_checked(clock.find(['+', '-'])?)?;
            (clock, offset_of(offset)?)
        }
    };
    moment(day(date, is_bc)?, clock)?.checked_sub(i64::from(offset) * 1_000_000)
}

fn split_era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

fn day(text: &str, is_bc: bool) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next().filter(|year| (4..=7).contains(&year.len()))?;
    let is_number = year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse::<i64>().ok().filter(|_| is_number)?;
    // The year before the year 1 is 1 BC.
    let year = if is_bc { 1 - year } else { year };
    let month = two_digits(parts.next()?)?.try_into().ok()?;
    let day = two_digits(parts.next()?)?.try_into().ok()?;
    let count = (1..=12).contains(&month).then(|| days(year, month, day))?;
    (civil(count) == (year, month, day)).then_some(count)
}

fn moment(days: i64, clock: &str) -> Option<i64> {
    days.checked_mul(DAY)?.checked_add(clock_of(clock).filter(|it| *it <= DAY)?)
}
