//! Dates and times of `chrono` and of the standard library: manual, section 8.5. The server's time zone is another than the client's.

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeZone as _, Utc};
use orm::OrInfinity;
use orm::types::{TimeOfDay, TimeTz};
use proptest::prelude::*;
use std::time::{Duration, SystemTime};

/// Microseconds of the years that `chrono` and PostgreSQL have, which are not those of every other crate.
fn microseconds() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![
        -210_866_803_200_000_000..8_210_266_876_799_999_999_i64,
        -62_135_596_800_000_000..253_402_300_799_999_999_i64,
    ]
}

fn moment(microseconds: i64) -> DateTime<Utc> {
    Utc.timestamp_micros(microseconds).unwrap()
}

/// Of the years 4713 BC to 294276, as microseconds since 1970.
pub(crate) fn microseconds_of_postgresql() -> impl Strategy<Value = i128> + Clone {
    -210_866_803_200_000_000..9_224_318_015_999_999_999_i128
}

fn system_time(microseconds: i128) -> SystemTime {
    let distance = Duration::from_micros(u64::try_from(microseconds.unsigned_abs()).unwrap());
    let epoch = SystemTime::UNIX_EPOCH;
    if microseconds < 0 { epoch - distance } else { epoch + distance }
}

/// The infinities, and values between them.
pub(crate) fn or_infinity<T: std::fmt::Debug + Clone + 'static>(
    values: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = OrInfinity<T>> + Clone {
    prop_oneof![
        1 => Just(OrInfinity::NegativeInfinity),
        1 => Just(OrInfinity::Infinity),
        4 => values.prop_map(OrInfinity::Value),
    ]
}

fn time_of_day(microseconds: i64) -> TimeOfDay {
    TimeOfDay::from_microseconds(microseconds).unwrap()
}

types! {
    timestamptz {
        rust: chrono::DateTime<chrono::Utc>,
        sql: "timestamp with time zone",
        feature: "chrono",
        limits: "to the year 262142, without infinities, as all types of `chrono`; what is below a microsecond is cut off",
        edges: [
            (moment(0), "1970-01-01 05:30:00+05:30"),
            (moment(-1), "1970-01-01 05:29:59.999999+05:30"),
            (moment(8_210_266_876_799_999_999), "262143-01-01 05:44:59.999999+05:45"),
            (moment(-210_866_803_200_000_000), "4714-11-24 05:41:16+05:41:16 BC"),
        ],
        random: microseconds().prop_map(moment),
    }
    timestamptz_with_an_offset {
        rust: chrono::DateTime<chrono::FixedOffset>,
        sql: "timestamp with time zone",
        feature: "chrono",
        limits: "read with the offset of UTC: the server does not store one",
        edges: [(moment(-1).fixed_offset(), "1970-01-01 05:29:59.999999+05:30")],
        random: microseconds().prop_map(|it| moment(it).fixed_offset()),
    }
    timestamptz_of_the_local_zone {
        rust: chrono::DateTime<chrono::Local>,
        sql: "timestamp with time zone",
        feature: "chrono",
        edges: [(moment(-1).with_timezone(&Local), "1970-01-01 05:29:59.999999+05:30")],
        random: microseconds().prop_map(|it| moment(it).with_timezone(&Local)),
    }
    timestamptz_of_the_system {
        rust: std::time::SystemTime,
        sql: "timestamp with time zone",
        limits: "every value but the infinities",
        edges: [
            (system_time(-1), "1970-01-01 05:29:59.999999+05:30"),
            (system_time(9_224_318_015_999_999_999 - 20_700_000_000), "294276-12-31 23:59:59.999999+05:45"),
        ],
        random: microseconds_of_postgresql().prop_map(|it| system_time(it - 86_400_000_000)),
    }
    timestamptz_or_infinity {
        rust: orm::OrInfinity<std::time::SystemTime>,
        sql: "timestamp with time zone",
        limits: "every value; `OrInfinity` is also of the timestamps and dates of the crates",
        edges: [
            (OrInfinity::NegativeInfinity, "-infinity"),
            (OrInfinity::Infinity, "infinity"),
            (OrInfinity::Value(system_time(0)), "1970-01-01 05:30:00+05:30"),
        ],
        random: or_infinity(microseconds_of_postgresql().prop_map(|it| system_time(it - 86_400_000_000))),
    }
    timestamp {
        rust: chrono::NaiveDateTime,
        sql: "timestamp",
        feature: "chrono",
        edges: [(moment(0).naive_utc(), "1970-01-01 00:00:00")],
        random: microseconds().prop_map(|it| moment(it).naive_utc()),
    }
    timestamp_or_infinity {
        rust: orm::OrInfinity<chrono::NaiveDateTime>,
        sql: "timestamp",
        feature: "chrono",
        edges: [(OrInfinity::Infinity, "infinity"), (OrInfinity::NegativeInfinity, "-infinity")],
        random: or_infinity(microseconds().prop_map(|it| moment(it).naive_utc())),
    }
    date {
        rust: chrono::NaiveDate,
        sql: "date",
        feature: "chrono",
        edges: [
            (NaiveDate::from_ymd_opt(-43, 3, 15).unwrap(), "0044-03-15 BC"),
            (NaiveDate::from_ymd_opt(-4713, 11, 24).unwrap(), "4714-11-24 BC"),
            (NaiveDate::MAX, "262142-12-31"),
        ],
        random: microseconds().prop_map(|it| moment(it).date_naive()),
    }
    date_or_infinity {
        rust: orm::OrInfinity<chrono::NaiveDate>,
        sql: "date",
        feature: "chrono",
        edges: [(OrInfinity::Infinity, "infinity"), (OrInfinity::NegativeInfinity, "-infinity")],
        random: or_infinity(microseconds().prop_map(|it| moment(it).date_naive())),
    }
    time {
        rust: chrono::NaiveTime,
        sql: "time",
        feature: "chrono",
        limits: "24:00:00 is an error when it is read; a leap second is one when it is written",
        edges: [(NaiveTime::MIN, "00:00:00"), (NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(), "23:59:59.999999")],
        random: microseconds().prop_map(|it| moment(it).time()),
    }
    time_to_the_end_of_the_day {
        rust: orm::types::TimeOfDay,
        sql: "time",
        limits: "every value, 24:00:00 too",
        edges: [
            (TimeOfDay::END_OF_DAY, "24:00:00"),
            (TimeOfDay::MIDNIGHT, "00:00:00"),
            (time_of_day(1_500_000), "00:00:01.5"),
        ],
        random: (0..=86_400_000_000_i64).prop_map(time_of_day),
    }
    timetz {
        rust: orm::types::TimeTz,
        sql: "time with time zone",
        edges: [
            (TimeTz::new(TimeOfDay::END_OF_DAY, -57_599).unwrap(), "24:00:00-15:59:59"),
            (TimeTz::new(TimeOfDay::MIDNIGHT, 20_700).unwrap(), "00:00:00+05:45"),
            (TimeTz::new(time_of_day(1), 0).unwrap(), "00:00:00.000001+00"),
        ],
        random: (0..=86_400_000_000_i64, -57_599..57_600)
            .prop_map(|(time, offset)| TimeTz::new(time_of_day(time), offset).unwrap()),
    }
}
