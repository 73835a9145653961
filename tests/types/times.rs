//! Dates and times: manual, section 8.5. The server's time zone is another than the client's.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use proptest::prelude::*;

/// Microseconds of the years 1 to 9999.
fn microseconds() -> impl Strategy<Value = i64> {
    -62_135_596_800_000_000..253_402_300_799_999_999_i64
}

fn moment(microseconds: i64) -> DateTime<Utc> {
    Utc.timestamp_micros(microseconds).unwrap()
}

types! {
    timestamptz {
        rust: DateTime<Utc>,
        sql: "timestamp with time zone",
        feature: "chrono",
        edges: [(moment(0), "1970-01-01 05:30:00+05:30"), (moment(-1), "1970-01-01 05:29:59.999999+05:30")],
        random: microseconds().prop_map(moment),
    }
    timestamp {
        rust: NaiveDateTime,
        sql: "timestamp",
        feature: "chrono",
        edges: [(moment(0).naive_utc(), "1970-01-01 00:00:00")],
        random: microseconds().prop_map(|it| moment(it).naive_utc()),
    }
    date {
        rust: NaiveDate,
        sql: "date",
        feature: "chrono",
        edges: [(NaiveDate::from_ymd_opt(-43, 3, 15).unwrap(), "0044-03-15 BC")],
        random: microseconds().prop_map(|it| moment(it).date_naive()),
    }
    time {
        rust: NaiveTime,
        sql: "time",
        feature: "chrono",
        edges: [(NaiveTime::MIN, "00:00:00"), (NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(), "23:59:59.999999")],
        random: microseconds().prop_map(|it| moment(it).time()),
    }
}
