//! Dates and times of the crate `time`.

use crate::times::or_infinity;
use ::time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
use orm::OrInfinity;
use proptest::prelude::*;

/// Of the years that PostgreSQL and `time` have.
fn microseconds() -> impl Strategy<Value = i64> + Clone {
    -210_866_803_200_000_000..253_402_300_799_999_999_i64
}

fn moment(microseconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000).unwrap()
}

fn local(microseconds: i64) -> PrimitiveDateTime {
    let moment = moment(microseconds);
    PrimitiveDateTime::new(moment.date(), moment.time())
}

fn date(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

types! {
    timestamptz {
        rust: time::OffsetDateTime,
        sql: "timestamp with time zone",
        feature: "time",
        limits: "to the year 9999, without infinities, as all types of `time`; read with the offset of UTC",
        edges: [
            (moment(-1), "1970-01-01 05:29:59.999999+05:30"),
            (moment(253_402_300_799_999_999), "10000-01-01 05:44:59.999999+05:45"),
        ],
        random: microseconds().prop_map(moment),
    }
    timestamptz_or_infinity {
        rust: orm::OrInfinity<time::OffsetDateTime>,
        sql: "timestamp with time zone",
        feature: "time",
        edges: [(OrInfinity::Infinity, "infinity"), (OrInfinity::NegativeInfinity, "-infinity")],
        random: or_infinity(microseconds().prop_map(moment)),
    }
    timestamp {
        rust: time::PrimitiveDateTime,
        sql: "timestamp",
        feature: "time",
        edges: [(local(-62_167_219_200_000_000), "0001-01-01 00:00:00 BC")],
        random: microseconds().prop_map(local),
    }
    date {
        rust: time::Date,
        sql: "date",
        feature: "time",
        edges: [
            (date(0, 2, 29), "0001-02-29 BC"),
            (date(-4713, 11, 24), "4714-11-24 BC"),
            (date(9999, 12, 31), "9999-12-31"),
        ],
        random: microseconds().prop_map(|it| local(it).date()),
    }
    time_of_day {
        rust: time::Time,
        sql: "time",
        feature: "time",
        edges: [(Time::MIDNIGHT, "00:00:00"), (Time::from_hms_micro(23, 59, 59, 999_999).unwrap(), "23:59:59.999999")],
        random: microseconds().prop_map(|it| local(it).time()),
    }
}
