//! Dates and times of `jiff`.

use crate::times::or_infinity;
use jiff::{SignedDuration, Timestamp, civil};
use orm::OrInfinity;
use proptest::prelude::*;

/// Of the years that PostgreSQL and `jiff` have.
fn microseconds() -> impl Strategy<Value = i64> + Clone {
    -210_866_803_200_000_000..253_402_207_200_000_000_i64
}

fn moment(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap()
}

fn local(microseconds: i64) -> civil::DateTime {
    civil::date(1970, 1, 1).at(0, 0, 0, 0) + SignedDuration::from_micros(microseconds)
}

types! {
    timestamptz {
        rust: jiff::Timestamp,
        sql: "timestamp with time zone",
        feature: "jiff",
        limits: "to the year 9999, without infinities, as all types of `jiff`; `ZonedDateTime` is none of a column",
        edges: [
            (moment(-1), "1970-01-01 05:29:59.999999+05:30"),
            (moment(253_402_207_200_000_000), "9999-12-31 03:45:00+05:45"),
            (moment(-210_866_803_200_000_000), "4714-11-24 05:41:16+05:41:16 BC"),
        ],
        random: microseconds().prop_map(moment),
    }
    timestamptz_or_infinity {
        rust: orm::OrInfinity<jiff::Timestamp>,
        sql: "timestamp with time zone",
        feature: "jiff",
        edges: [(OrInfinity::Infinity, "infinity"), (OrInfinity::NegativeInfinity, "-infinity")],
        random: or_infinity(microseconds().prop_map(moment)),
    }
    timestamp {
        rust: jiff::civil::DateTime,
        sql: "timestamp",
        feature: "jiff",
        edges: [
            (civil::date(9999, 12, 31).at(23, 59, 59, 999_999_000), "9999-12-31 23:59:59.999999"),
            (civil::date(-43, 3, 15).at(1, 2, 3, 0), "0044-03-15 01:02:03 BC"),
        ],
        random: microseconds().prop_map(local),
    }
    date {
        rust: jiff::civil::Date,
        sql: "date",
        feature: "jiff",
        edges: [
            (civil::date(0, 2, 29), "0001-02-29 BC"),
            (civil::date(-4713, 11, 24), "4714-11-24 BC"),
            (civil::Date::MAX, "9999-12-31"),
        ],
        random: microseconds().prop_map(|it| local(it).date()),
    }
    date_or_infinity {
        rust: orm::OrInfinity<jiff::civil::Date>,
        sql: "date",
        feature: "jiff",
        edges: [(OrInfinity::NegativeInfinity, "-infinity"), (OrInfinity::Value(civil::date(2000, 1, 1)), "2000-01-01")],
        random: or_infinity(microseconds().prop_map(|it| local(it).date())),
    }
    time {
        rust: jiff::civil::Time,
        sql: "time",
        feature: "jiff",
        edges: [(civil::Time::MIN, "00:00:00"), (civil::time(23, 59, 59, 999_999_000), "23:59:59.999999")],
        random: microseconds().prop_map(|it| local(it).time()),
    }
}
