//! Intervals as text, compared, and as other spans of time. What the server prints is compared in `tests/types`.

use super::{DAY, Interval};
use proptest::prelude::*;
use std::time::Duration;

fn interval(months: i32, days: i32, microseconds: i64) -> Interval {
    Interval { months, days, microseconds }
}

#[track_caller]
fn check(found: Interval, postgres: &str, iso_8601: &str) {
    assert_eq!(found.to_string(), postgres);
    assert_eq!(format!("{found:#}"), iso_8601);
    assert_eq!(postgres.parse(), Ok(found));
    assert_eq!(iso_8601.parse(), Ok(found));
}

#[test]
fn intervals_are_printed_in_both_styles() {
    check(Interval::ZERO, "00:00:00", "PT0S");
    check(
        interval(14, 3, 14_706_789_000),
        "1 year 2 mons 3 days 04:05:06.789",
        "P1Y2M3DT4H5M6.789S",
    );
    check(
        interval(-14, 3, -1),
        "-1 years -2 mons +3 days -00:00:00.000001",
        "P-1Y-2M3DT-0.000001S",
    );
    check(interval(0, -1, DAY), "-1 days +24:00:00", "P-1DT24H");
    check(interval(1, 0, 0), "1 mon", "P1M");
    check(interval(0, 0, i64::MIN), "-2562047788:00:54.775808", "PT-2562047788H-54.775808S");
    check(
        interval(i32::MAX, i32::MIN, 1),
        "178956970 years 7 mons -2147483648 days +00:00:00.000001",
        "P178956970Y7M-2147483648DT0.000001S",
    );
    check(Interval::INFINITY, "infinity", "infinity");
    check(Interval::NEGATIVE_INFINITY, "-infinity", "-infinity");
}

#[test]
fn other_texts_are_read_too() {
    for (text, expected) in [
        ("3 weeks", interval(0, 21, 0)),
        ("2 hours 30 minutes 1.5 seconds", interval(0, 0, 9_001_500_000)),
        ("1 month -1 day 00:30", interval(1, -1, 1_800_000_000)),
        ("P2W", interval(0, 14, 0)),
        ("PT36H", interval(0, 0, 36 * 3_600_000_000)),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    for text in [
        "",
        " ",
        "1",
        "day",
        "1 fortnight",
        "1.5 days",
        "P",
        "PT",
        "P1",
        "P1H",
        "PT1D",
        "P1.5D",
        "1:60:00.5.5",
        "1:2:3:4",
        "--1 day",
        "-+1:00",
        ":",
        "1:",
        "1:000",
        "9223372036854775807 years",
        "2147483648 months",
        "0.1234567 seconds",
        "P1Dx",
        "PT1S1",
        ". seconds",
        "1. seconds",
        "P1YT",
        "é days",
    ] {
        assert!(text.parse::<Interval>().is_err(), "{text}: {:?}", text.parse::<Interval>());
    }
}

#[test]
fn lengths_are_compared_as_the_server_does() {
    let month = interval(1, 0, 0);
    assert!(month.server_cmp(&interval(0, 30, 0)).is_eq() && month != interval(0, 30, 0));
    assert!(month.server_cmp(&interval(0, 29, DAY)).is_eq());
    assert!(month.server_cmp(&interval(0, 31, 0)).is_lt());
    assert!(interval(i32::MAX, i32::MAX, i64::MAX - 1).server_cmp(&Interval::INFINITY).is_lt());
    assert!(Interval::NEGATIVE_INFINITY.server_cmp(&interval(i32::MIN, i32::MIN, 0)).is_lt());
}

#[test]
fn a_duration_has_neither_months_nor_a_sign() {
    let refused = |interval: Interval| Duration::try_from(interval).unwrap_err().to_string();
    assert_eq!(
        refused(interval(0, 1, 0)),
        "`std::time::Duration` does not hold the interval 1 day: months and days have no fixed length; use `orm::Interval`"
    );
    assert!(refused(interval(0, 0, -1)).contains("which is negative"));
    assert!(Interval::try_from(Duration::MAX).is_err());
    assert_eq!(Interval::try_from(Duration::from_nanos(1_999)), Ok(interval(0, 0, 1)));
    assert_eq!(interval(1, 2, 3).days_as_hours(), Ok(interval(1, 0, 2 * DAY + 3)));
    assert!(interval(0, 1, i64::MAX).days_as_hours().is_err());
    assert!(Interval::INFINITY.days_as_hours().is_err());
}

#[cfg(feature = "jiff")]
#[test]
fn a_span_of_jiff_has_months_and_days() {
    use jiff::{Span, SpanFieldwise, ToSpan as _};
    let span = 1.year().months(2).weeks(1).days(3).hours(4).milliseconds(5);
    let expected = interval(14, 10, 4 * 3_600_000_000 + 5_000);
    assert_eq!(Interval::try_from(span), Ok(expected));
    let back: SpanFieldwise = Span::try_from(expected).unwrap().into();
    assert_eq!(back, SpanFieldwise(1.year().months(2).days(10).hours(4).microseconds(5_000)));
    let error = Span::try_from(interval(1, -1, 0)).unwrap_err().to_string();
    assert_eq!(
        error,
        "`jiff::Span` does not hold the interval 1 mon -1 days: a span has one sign; use `orm::Interval`"
    );
    assert!(Span::try_from(interval(i32::MAX, 0, 0)).is_err());
    assert!(Span::try_from(interval(0, 0, i64::MAX)).is_err());
    // The largest span of each unit at once is no overflow.
    let longest = Span::new()
        .years(19_998)
        .months(239_976)
        .weeks(1_043_497)
        .days(7_304_484)
        .hours(175_307_616)
        .minutes(10_518_456_960_i64)
        .seconds(631_107_417_600_i64);
    assert!(Interval::try_from(longest).is_ok());
}

proptest! {
    #[test]
    fn texts_are_read_again(months: i32, days: i32, microseconds: i64) {
        let interval = interval(months, days, microseconds);
        prop_assert_eq!(interval.to_string().parse(), Ok(interval));
        prop_assert_eq!(format!("{interval:#}").parse(), Ok(interval));
    }

    #[test]
    fn any_text_is_an_interval_or_an_error(text in "[-+PT0-9YMWDHS:. a-z]{0,20}") {
        let _either = text.parse::<Interval>();
    }
}
