//! Counts at their edges, through [`Value::read`] and [`Value::write`], which are what every road goes through.

use super::calendar::{DAY, civil, days};
use super::{Date, Dated, OrInfinity, TimeOfDay, TimeTz, Timestamp, Timestamptz};
use crate::types::{BytesMut, Interval, SqlType, Value};
use proptest::prelude::*;
use std::time::{Duration, SystemTime};

fn read<V: Value>(raw: &[u8]) -> Result<V, String> {
    V::read(&V::Sql::pg_type(), Some(raw)).map_err(|error| error.to_string())
}

fn write<V: Value>(value: &V) -> Result<Vec<u8>, String> {
    let mut out = BytesMut::new();
    value.write(&V::Sql::pg_type(), &mut out).map_err(|error| error.to_string())?;
    Ok(out.to_vec())
}

/// What can be read is written as it was, and to read it neither panics nor changes it.
#[track_caller]
fn check<V: Value>(raw: &[u8]) {
    if let Ok(value) = read::<V>(raw) {
        assert_eq!(write(&value).as_deref(), Ok(raw), "{value:?}");
    }
}

#[track_caller]
fn refused<V: Value>(raw: &[u8], expected: &str) {
    assert_eq!(read::<V>(raw).expect_err("a value that it does not hold"), expected);
}

/// Every type of each SQL type.
fn check_moments(raw: &[u8]) {
    check::<SystemTime>(raw);
    check::<OrInfinity<SystemTime>>(raw);
    #[cfg(feature = "chrono")]
    {
        check::<chrono::DateTime<chrono::Utc>>(raw);
        check::<chrono::DateTime<chrono::Local>>(raw);
        check::<chrono::DateTime<chrono::FixedOffset>>(raw);
        check::<chrono::NaiveDateTime>(raw);
        check::<chrono::NaiveTime>(raw);
    }
    #[cfg(feature = "jiff")]
    {
        check::<jiff::Timestamp>(raw);
        check::<jiff::civil::DateTime>(raw);
        check::<jiff::civil::Time>(raw);
    }
    #[cfg(feature = "time")]
    {
        check::<time::OffsetDateTime>(raw);
        check::<time::PrimitiveDateTime>(raw);
        check::<time::Time>(raw);
    }
    check::<TimeOfDay>(raw);
    check::<TimeTz>(&[raw, &[0; 4]].concat());
}

fn check_dates(raw: &[u8]) {
    #[cfg(feature = "chrono")]
    check::<OrInfinity<chrono::NaiveDate>>(raw);
    #[cfg(feature = "jiff")]
    check::<OrInfinity<jiff::civil::Date>>(raw);
    #[cfg(feature = "time")]
    check::<OrInfinity<time::Date>>(raw);
}

fn check_intervals(microseconds: i64, days: i32, months: i32) {
    let raw =
        [&microseconds.to_be_bytes()[..], &days.to_be_bytes(), &months.to_be_bytes()].concat();
    assert_eq!(read(&raw), Ok(Interval { months, days, microseconds }));
    check::<Interval>(&raw);
    check::<Duration>(&raw);
    #[cfg(feature = "chrono")]
    check::<chrono::TimeDelta>(&raw);
    #[cfg(feature = "jiff")]
    {
        check::<jiff::SignedDuration>(&raw);
        check::<jiff::Span>(&raw);
    }
    #[cfg(feature = "time")]
    check::<time::Duration>(&raw);
}

/// Around the edges of the SQL types and of the Rust types.
fn edges() -> impl Strategy<Value = i64> {
    let edges = [
        i64::MIN,
        i64::MAX,
        0,
        DAY,
        -super::calendar::EPOCH,
        -2_451_545 * DAY,
        9_223_371_331_200_000_000,
        days(10_000, 1, 1) * DAY,
        days(-9_999, 1, 1) * DAY,
        days(262_143, 1, 1) * DAY,
    ];
    prop_oneof![
        any::<i64>(),
        (proptest::sample::select(edges.to_vec()), -2_i64..3)
            .prop_map(|(edge, by)| edge.saturating_add(by)),
        (any::<i64>(), -2_i64..3).prop_map(|(day, by)| day.wrapping_mul(DAY).wrapping_add(by)),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_a_value_or_an_error(microseconds in edges(), days: i32, months: i32, garbage: Vec<u8>) {
        check_moments(&microseconds.to_be_bytes());
        check_dates(&days.to_be_bytes());
        check_intervals(microseconds, days, months);
        check_intervals(microseconds, 0, 0);
        check_moments(&garbage);
        check_dates(&garbage);
        check::<Interval>(&garbage);
        check::<TimeTz>(&garbage);
    }

    #[test]
    fn days_are_counted_there_and_back(count in -2_500_000_000_i64..2_500_000_000) {
        let (year, month, day) = civil(count);
        prop_assert_eq!(days(year, month, day), count);
        #[cfg(feature = "chrono")]
        if let Some(date) = <chrono::NaiveDate as Dated>::of_count(count) {
            use chrono::Datelike as _;
            let expected = (i64::from(date.year()), date.month() as u8, date.day() as u8);
            prop_assert_eq!((year, month, day), expected);
        }
    }

    #[test]
    fn texts_of_times_are_read_again(microseconds in 0..=DAY, offset in -57_599..57_600) {
        let time = TimeOfDay::from_microseconds(microseconds).unwrap();
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        let time = TimeTz::new(time, offset).unwrap();
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }
}

#[test]
fn dates_at_the_edges_of_i32_are_a_value_or_an_error() {
    let edges = [i32::MIN, i32::MAX, -2_451_545, 2_145_031_948, 0, 2_921_940, 95_016_544];
    for edge in edges {
        for by in -2..3 {
            check_dates(&edge.saturating_add(by).to_be_bytes());
        }
    }
}

#[test]
fn a_time_of_the_day_ends_with_the_day() {
    for text in [
        "24:00:00.000001",
        "25:00",
        "-01:00",
        "12",
        "12:60",
        "12:00:60",
        "1:00",
        "12:00:00.",
        "+1:00:00",
    ] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
    assert!(TimeOfDay::from_microseconds(-1).is_err());
    assert!(TimeOfDay::from_microseconds(DAY + 1).is_err());
    for text in ["12:00", "12:00+16", "12:00+1", "12:00+01:60", "24:01+00", "+01"] {
        assert!(text.parse::<TimeTz>().is_err(), "{text}");
    }
    assert_eq!("12:00-15:59:59".parse::<TimeTz>().unwrap().offset_seconds(), -57_599);
    refused::<TimeTz>(
        &[&0_i64.to_be_bytes()[..], &57_600_i32.to_be_bytes()].concat(),
        "an offset of -57600 seconds is 16 hours or more, which PostgreSQL does not have",
    );
    refused::<TimeTz>(
        &[&0_i64.to_be_bytes()[..], &i32::MIN.to_be_bytes()].concat(),
        "an offset from UTC is out of range",
    );
}

#[test]
fn system_times_are_cut_to_the_earlier_microsecond() {
    let cut = |time: SystemTime| read::<SystemTime>(&write(&time).unwrap()).unwrap();
    let epoch = SystemTime::UNIX_EPOCH;
    assert_eq!(cut(epoch + Duration::from_nanos(1_999)), epoch + Duration::from_micros(1));
    assert_eq!(cut(epoch - Duration::from_nanos(1)), epoch - Duration::from_micros(1));
    let late = epoch + Duration::from_secs(300_000 * 366 * 86_400);
    assert!(write(&late).unwrap_err().ends_with(
        "is no timestamp with time zone of PostgreSQL, which has those from 4714-11-24 BC to 294276-12-31"
    ));
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::*;
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

    #[test]
    fn what_chrono_does_not_hold_is_an_error_that_says_what_does() {
        refused::<NaiveDate>(
            &i32::MAX.to_be_bytes(),
            "`chrono::NaiveDate` does not hold the date infinity; use `orm::OrInfinity<chrono::NaiveDate>`",
        );
        refused::<NaiveDate>(
            &2_145_031_948_i32.to_be_bytes(),
            "`chrono::NaiveDate` does not hold the date 5874897-12-31; use `.cast::<String>()` and read it as text",
        );
        refused::<DateTime<Utc>>(
            &i64::MIN.to_be_bytes(),
            "`chrono::DateTime<Utc>` does not hold the timestamp with time zone -infinity; use `orm::OrInfinity<chrono::DateTime<Utc>>`",
        );
        refused::<DateTime<Utc>>(
            &9_223_371_331_199_999_999_i64.to_be_bytes(),
            "`chrono::DateTime<Utc>` does not hold the timestamp with time zone 294276-12-31 23:59:59.999999+00; use `std::time::SystemTime`",
        );
        refused::<NaiveDateTime>(
            &9_223_371_331_200_000_000_i64.to_be_bytes(),
            "9223371331200000000 is no timestamp without time zone of PostgreSQL",
        );
        refused::<NaiveTime>(
            &DAY.to_be_bytes(),
            "`chrono::NaiveTime` does not hold the time 24:00:00; use `orm::types::TimeOfDay`",
        );
    }

    #[test]
    fn what_postgresql_does_not_have_is_not_written() {
        let leap = NaiveTime::from_hms_milli_opt(23, 59, 59, 1_500).unwrap();
        let expected =
            "23:59:60.500 is a leap second, and PostgreSQL has none: give the second after it";
        assert_eq!(write(&leap).unwrap_err(), expected);
        let day = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
        let leap = day.and_time(leap);
        assert!(write(&leap).unwrap_err().contains("is a leap second"));
        assert!(write(&leap.and_utc()).unwrap_err().contains("is a leap second"));
        assert!(write(&OrInfinity::Value(leap)).unwrap_err().contains("is a leap second"));
        assert!(write(&NaiveDate::MIN).unwrap_err().ends_with(
            "is no date of PostgreSQL, which has those from 4714-11-24 BC to 5874897-12-31"
        ));
        assert!(write(&NaiveDateTime::MIN).is_err());
        assert!(write(&DateTime::<Utc>::MIN_UTC).is_err());
        assert!(write(&DateTime::<Utc>::MAX_UTC).is_ok());
        assert_eq!(
            write(&TimeDelta::MAX).unwrap_err(),
            "the span is longer than an interval of PostgreSQL"
        );
    }

    #[test]
    fn what_is_below_a_microsecond_is_cut_to_the_earlier_one() {
        let moment = |nanoseconds| DateTime::<Utc>::from_timestamp(-1, nanoseconds).unwrap();
        assert_eq!(write(&moment(999_999_999)), write(&moment(999_999_000)));
        assert_eq!(write(&moment(1)), write(&moment(0)));
    }
}

#[cfg(feature = "jiff")]
#[test]
fn what_jiff_does_not_hold_is_an_error_that_says_what_does() {
    let late = (days(10_000, 1, 1) * DAY).to_be_bytes();
    refused::<jiff::civil::DateTime>(
        &late,
        "`jiff::civil::DateTime` does not hold the timestamp without time zone 10000-01-01 00:00:00; use a type with more \
         years, `chrono::NaiveDateTime` or `chrono::NaiveDate`",
    );
    assert!(read::<SystemTime>(&late).is_ok());
    refused::<jiff::civil::Time>(
        &DAY.to_be_bytes(),
        "`jiff::civil::Time` does not hold the time 24:00:00; use `orm::types::TimeOfDay`",
    );
    for edge in [jiff::civil::DateTime::MIN, jiff::civil::DateTime::MAX] {
        // 9999 BC is before PostgreSQL's years.
        assert_eq!(write(&edge).is_ok(), edge.year() > 0);
    }
    assert!(write(&jiff::Timestamp::MAX).is_ok() && write(&jiff::Timestamp::MIN).is_err());
    let before = jiff::Timestamp::from_nanosecond(-1).unwrap();
    assert_eq!(write(&before), write(&jiff::Timestamp::from_nanosecond(-1_000).unwrap()));
}

#[cfg(feature = "time")]
#[test]
fn what_time_does_not_hold_is_an_error_that_says_what_does() {
    refused::<time::Date>(
        &i32::MIN.to_be_bytes(),
        "`time::Date` does not hold the date -infinity; use `orm::OrInfinity<time::Date>`",
    );
    refused::<time::Time>(
        &DAY.to_be_bytes(),
        "`time::Time` does not hold the time 24:00:00; use `orm::types::TimeOfDay`",
    );
    assert!(write(&time::Date::MIN).is_err() && write(&time::PrimitiveDateTime::MIN).is_err());
    assert!(write(&time::PrimitiveDateTime::MAX).is_ok());
}

#[test]
fn the_edges_of_postgresql_are_printed_as_it_prints_them() {
    use super::Counted as _;
    assert_eq!(Date::text(Date::RANGE.0), "4714-11-24 BC");
    assert_eq!(Date::text(Date::RANGE.1), "5874897-12-31");
    assert_eq!(Timestamp::text(Timestamp::RANGE.0), "4714-11-24 00:00:00 BC");
    assert_eq!(Timestamptz::text(Timestamptz::RANGE.1), "294276-12-31 23:59:59.999999+00");
    assert_eq!(Date::text(days(0, 12, 31)), "0001-12-31 BC");
    assert_eq!(Date::text(days(1, 1, 1)), "0001-01-01");
}
