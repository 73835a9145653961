//! Intervals as text: PostgreSQL's own style, and that of ISO 8601 (manual, sections 8.5.4 and 8.5.5).

use super::{Interval, IntervalError};
use crate::types::time::microseconds_of;
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// Microseconds as hours, minutes, seconds and a fraction, all of them of its sign.
fn clock(microseconds: i64) -> (i64, i64, i64, i64) {
    let seconds = microseconds / 1_000_000;
    (seconds / 3_600, seconds / 60 % 60, seconds % 60, microseconds % 1_000_000)
}

/// Seconds without their sign, with `width` digits before the decimal point.
fn seconds(second: i64, fraction: i64, width: usize) -> String {
    let (second, fraction) = (second.unsigned_abs(), fraction.unsigned_abs());
    if fraction == 0 {
        return format!("{second:0width$}");
    }
    format!("{second:0width$}.{}", format!("{fraction:06}").trim_end_matches('0'))
}

/// As the server prints it with the `intervalstyle` that it has unless it is told otherwise; `{:#}` prints it by ISO 8601.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_finite() {
            return f.write_str(if self.days > 0 { "infinity" } else { "-infinity" });
        }
        let text = if f.alternate() { iso_8601(self) } else { postgres(self) };
        f.write_str(&text?)
    }
}

fn postgres(interval: &Interval) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let mut is_after_negative = false;
    let (years, months) = (interval.months / 12, interval.months % 12);
    for (count, unit) in [(years, "year"), (months, "mon"), (interval.days, "day")] {
        if count != 0 {
            let space = if text.is_empty() { "" } else { " " };
            let plus = if is_after_negative && count > 0 { "+" } else { "" };
            let plural = if count == 1 { "" } else { "s" };
            write!(text, "{space}{plus}{count} {unit}{plural}")?;
            is_after_negative = count < 0;
        }
    }
    if text.is_empty() || interval.microseconds != 0 {
        let (hour, minute, second, fraction) = clock(interval.microseconds);
        let space = if text.is_empty() { "" } else { " " };
        let sign = match interval.microseconds {
            ..0 => "-",
            _ if is_after_negative => "+",
            _ => "",
        };
        let (hour, minute) = (hour.unsigned_abs(), minute.unsigned_abs());
        write!(text, "{space}{sign}{hour:02}:{minute:02}:{}", seconds(second, fraction, 2))?;
    }
    Ok(text)
}

fn iso_8601(interval: &Interval) -> Result<String, fmt::Error> {
    if *interval == Interval::ZERO {
        return Ok("PT0S".to_owned());
    }
    let mut text = "P".to_owned();
    let (years, months) = (interval.months / 12, interval.months % 12);
    for (count, unit) in [(years, 'Y'), (months, 'M'), (interval.days, 'D')] {
        if count != 0 {
            write!(text, "{count}{unit}")?;
        }
    }
    if interval.microseconds != 0 {
        text.push('T');
        let (hour, minute, second, fraction) = clock(interval.microseconds);
        for (count, unit) in [(hour, 'H'), (minute, 'M')] {
            if count != 0 {
                write!(text, "{count}{unit}")?;
            }
        }
        if second != 0 || fraction != 0 {
            let sign = if interval.microseconds < 0 { "-" } else { "" };
            write!(text, "{sign}{}S", seconds(second, fraction, 1))?;
        }
    }
    Ok(text)
}

/// What [`Display`](fmt::Display) prints, in both styles; also `3 weeks`, `2 hours 30 minutes`. Only seconds have a fraction.
impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let parsed = match text.trim() {
            "infinity" => Some(Self::INFINITY),
            "-infinity" => Some(Self::NEGATIVE_INFINITY),
            text => match text.strip_prefix('P') {
                Some(parts) => of_iso_8601(parts),
                None => of_postgres(text),
            },
        };
        parsed.ok_or_else(|| {
            IntervalError::new(format!(
                "{text:?} is no interval such as \"1 year 2 mons 3 days 04:05:06\" or \"P1Y2M3DT4H5M6S\""
            ))
        })
    }
}

/// Parts that are added up.
#[derive(Default)]
struct Sum {
    months: i64,
    days: i64,
    microseconds: i64,
}

const SECOND: i64 = 1_000_000;

impl Sum {
    /// Adds so many of a unit; only a second has a fraction.
    fn add(&mut self, number: &str, unit: Unit) -> Option<()> {
        let (part, factor) = match unit {
            Unit::Second => {
                let seconds = seconds_of(number)?;
                self.microseconds = self.microseconds.checked_add(seconds)?;
                return Some(());
            }
            Unit::Year => (&mut self.months, 12),
            Unit::Month => (&mut self.months, 1),
            Unit::Week => (&mut self.days, 7),
            Unit::Day => (&mut self.days, 1),
            Unit::Hour => (&mut self.microseconds, 3_600 * SECOND),
            Unit::Minute => (&mut self.microseconds, 60 * SECOND),
        };
        let added = number.parse::<i64>().ok()?.checked_mul(factor)?;
        *part = part.checked_add(added)?;
        Some(())
    }

    fn interval(self) -> Option<Interval> {
        let (months, days) = (self.months.try_into().ok()?, self.days.try_into().ok()?);
        Some(Interval { months, days, microseconds: self.microseconds })
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

/// Seconds with a fraction and a sign, in microseconds.
fn seconds_of(number: &str) -> Option<i64> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The least number of microseconds has no positive counterpart.
    let whole = whole.parse::<i64>().ok()?.checked_mul(sign * SECOND)?;
    whole.checked_add(sign * microseconds_of(fraction)?)
}

fn of_iso_8601(parts: &str) -> Option<Interval> {
    let mut sum = Sum::default();
    let (date, time) = match parts.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if parts.is_empty() => return None,
        None => (parts, ""),
    };
    for (mut rest, is_time) in [(date, false), (time, true)] {
        while !rest.is_empty() {
            let at = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
            let (number, unit) = rest.split_at_checked(at)?;
            let mut letters = unit.chars();
            let unit = match (letters.next()?, is_time) {
                ('Y', false) => Unit::Year,
                ('M', false) => Unit::Month,
                ('W', false) => Unit::Week,
                ('D', false) => Unit::Day,
                ('H', true) => Unit::Hour,
                ('M', true) => Unit::Minute,
                ('S', true) => Unit::Second,
                _ => return None,
            };
            sum.add(number, unit)?;
            rest = letters.as_str();
        }
    }
    sum.interval()
}

fn of_postgres(text: &str) -> Option<Interval> {
    let mut sum = Sum::default();
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            add_clock(&mut sum, word)?;
            continue;
        }
        let unit = match words.next()? {
            "year" | "years" => Unit::Year,
            "mon" | "mons" | "month" | "months" => Unit::Month,
            "week" | "weeks" => Unit::Week,
            "day" | "days" => Unit::Day,
            "hour" | "hours" => Unit::Hour,
            "min" | "mins" | "minute" | "minutes" => Unit::Minute,
            "sec" | "secs" | "second" | "seconds" => Unit::Second,
            _ => return None,
        };
        sum.add(word, unit)?;
    }
    sum.interval()
}

/// `[-]HH:MM[:SS[.ffffff]]`: the sign is of all parts.
fn add_clock(sum: &mut Sum, word: &str) -> Option<()> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    let mut parts = digits.splitn(3, ':');
    let units = [Unit::Hour, Unit::Minute, Unit::Second];
    let parts = [parts.next()?, parts.next()?, parts.next().unwrap_or("0")];
    for (number, unit) in parts.into_iter().zip(units) {
        let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        if !number.bytes().all(is_digit) || number.is_empty() {
            return None;
        }
        if !matches!(unit, Unit::Hour) && number.split('.').next().is_some_and(|it| it.len() > 2) {
            return None;
        }
        sum.add(&format!("{sign}{number}"), unit)?;
    }
    Some(())
}
