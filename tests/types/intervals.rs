//! Intervals: manual, section 8.5.4.

use chrono::TimeDelta;
use jiff::{SignedDuration, Span, ToSpan as _};
use orm::Interval;
use proptest::prelude::*;
use std::time::Duration;

fn interval(months: i32, days: i32, microseconds: i64) -> Interval {
    Interval { months, days, microseconds }
}

/// What it is printed as: by us, and by the server.
fn text(interval: Interval) -> String {
    interval.to_string()
}

/// As many hours as PostgreSQL 14 prints. Later ones have more, but do not read all of their own texts.
const LONGEST: i64 = 2_147_483_647 * 3_600_000_000;

/// Months, days and microseconds that are not so many that a server before PostgreSQL 15 does not read its own text.
fn parts() -> impl Strategy<Value = (i32, i32, i64)> {
    (-100_000..100_000, -1_000_000..1_000_000, -1_000_000_000_000_000..1_000_000_000_000_000_i64)
}

types! {
    of_postgresql {
        rust: orm::Interval,
        sql: "interval",
        limits: "every value; `==` compares months, days and microseconds, the server the length",
        edges: [
            (Interval::ZERO, "00:00:00"),
            (interval(14, 3, 14_706_789_000), text(interval(14, 3, 14_706_789_000))),
            (interval(-14, 3, -1), text(interval(-14, 3, -1))),
            (interval(0, -1, 86_400_000_000), "-1 days +24:00:00"),
            (interval(1, 1, 1), text(interval(1, 1, 1))),
            (interval(i32::MAX, i32::MIN, 1), text(interval(i32::MAX, i32::MIN, 1))),
            (interval(i32::MIN, i32::MAX, LONGEST), text(interval(i32::MIN, i32::MAX, LONGEST))),
        ],
        random: parts().prop_map(|(months, days, microseconds)| interval(months, days, microseconds)),
    }
    of_the_standard_library {
        rust: std::time::Duration,
        sql: "interval",
        limits: "without months and days, as `TimeDelta` and `SignedDuration`, and not negative",
        edges: [(Duration::ZERO, "00:00:00"), (Duration::from_micros(LONGEST as u64), "2147483647:00:00")],
        random: (0..LONGEST as u64).prop_map(Duration::from_micros),
    }
    of_chrono {
        rust: chrono::TimeDelta,
        sql: "interval",
        feature: "chrono",
        edges: [(TimeDelta::hours(-36), "-36:00:00"), (TimeDelta::microseconds(-LONGEST), "-2147483647:00:00")],
        random: (-LONGEST..LONGEST).prop_map(TimeDelta::microseconds),
    }
    of_jiff {
        rust: jiff::SignedDuration,
        sql: "interval",
        feature: "jiff",
        edges: [(SignedDuration::from_hours(-36), "-36:00:00")],
        random: (-LONGEST..LONGEST).prop_map(SignedDuration::from_micros),
    }
    of_jiff_with_months {
        rust: jiff::Span,
        sql: "interval",
        feature: "jiff",
        limits: "of one sign, and to 19,998 years",
        edges: [
            (1.year().months(2).days(10).hours(4).microseconds(5), "1 year 2 mons 10 days 04:00:00.000005"),
            (-(1.month().days(1).minutes(1)), "-1 mons -1 days -00:01:00"),
        ],
        random: (any::<bool>(), 0..200_000, 0..1_000_000, 0..1_000_000_000_000_000_i64).prop_map(
            |(is_negative, months, days, microseconds)| {
                let span = Span::try_from(interval(months, days, microseconds)).unwrap();
                if is_negative { -span } else { span }
            },
        ),
    }
    of_time {
        rust: time::Duration,
        sql: "interval",
        feature: "time",
        edges: [(time::Duration::hours(-36), "-36:00:00")],
        random: (-LONGEST..LONGEST).prop_map(time::Duration::microseconds),
    }
}
