//! Ranges as values, as texts and as bytes. What the server says of them: `tests/queries/ranges.rs` and `tests/types/ranges.rs`.

use super::{Multirange, Range, RangeElement, Step};
use crate::types::{CustomType, Failure, Numeric};
use bytes::BytesMut;
use postgres_types::Type;
use proptest::prelude::*;
use std::fmt::{Debug, Display};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::str::FromStr;

#[track_caller]
fn shows<T: RangeElement>(lower: Bound<T>, upper: Bound<T>, expected: &str) {
    assert_eq!(Range::new(lower, upper).to_string(), expected);
}

#[test]
fn a_range_of_integers_includes_its_lower_bound_and_excludes_its_upper_one() {
    shows(Included(1), Included(3), "[1,4)");
    shows(Excluded(1), Excluded(3), "[2,3)");
    shows(Excluded(1), Excluded(2), "empty");
    shows(Excluded(1), Excluded(1), "empty");
    shows(Included(1), Excluded(1), "empty");
    shows(Included(1), Included(1), "[1,2)");
    shows(Unbounded, Included(i64::MIN), "(,-9223372036854775807)");
    shows::<i32>(Unbounded, Unbounded, "(,)");
}

#[test]
fn a_range_of_numbers_has_the_bounds_that_it_was_given() {
    let number = |text: &str| text.parse::<Numeric>().unwrap();
    shows(Excluded(number("1.50")), Included(number("2")), "(1.50,2]");
    shows(Included(number("1")), Included(number("1.0")), "[1,1.0]");
    shows(Excluded(number("1")), Included(number("1")), "empty");
    shows(Included(number("1")), Included(Numeric::NAN), "[1,NaN]");
    assert_eq!(
        Range::from(number("1.0")..number("2.00")),
        Range::from(number("1")..number("2")),
        "digits after the point do not tell ranges apart"
    );
}

#[test]
fn rusts_ranges_become_ranges() {
    assert_eq!(Range::from(1..3).to_string(), "[1,3)");
    assert_eq!(Range::from(1..=3).to_string(), "[1,4)");
    assert_eq!(Range::from(1..).to_string(), "[1,)");
    assert_eq!(Range::from(..3).to_string(), "(,3)");
    assert_eq!(Range::from(..=3).to_string(), "(,4)");
    assert_eq!(Range::<i32>::from(..).to_string(), "(,)");
    assert_eq!(Range::from((Excluded(1), Unbounded)).to_string(), "[2,)");
}

#[track_caller]
fn not_written<T: CustomType>(value: &T, ty: &Type, expected: &str) {
    let error = CustomType::write(value, ty, &mut BytesMut::new()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_the_server_cannot_store_is_not_written() {
    let backwards = Range::new(Included(5), Excluded(3));
    let expected = "the lower bound of the range [5,3) is greater than its upper bound";
    not_written(&backwards, &Type::INT4_RANGE, expected);
    not_written(&Multirange::from(backwards), &Type::INT4MULTI_RANGE, expected);
    assert!("[5,3)".parse::<Range<i32>>().is_err());
    let to_the_last = Range::from(1..=i64::MAX);
    not_written(
        &to_the_last,
        &Type::INT8_RANGE,
        "the range [1,9223372036854775807] cannot be stored: int8range excludes upper bounds, and \
         9223372036854775807 is the greatest value; leave the bound out",
    );
}

#[test]
fn ranges_are_sorted_as_the_server_sorts_them() {
    let sorted = ["empty", "(,1)", "(,)", "[1,2)", "[1,5)", "[1,)", "[2,3)"];
    let ranges: Vec<Range<i32>> = sorted.iter().map(|text| text.parse().unwrap()).collect();
    let mut again = ranges.clone();
    again.reverse();
    again.sort();
    assert_eq!(again, ranges);
    let number = |text: &str| text.parse::<Range<Numeric>>().unwrap();
    assert!(number("[1,2)") < number("(1,2)"));
    assert!(number("[1,2)") < number("[1,2]"));
}

#[test]
fn the_ranges_of_a_multirange_are_sorted_and_merged() {
    let multirange = |text: &str| text.parse::<Multirange<Numeric>>().unwrap().to_string();
    assert_eq!(multirange("{ }"), "{}");
    assert_eq!(multirange("{empty,[5,6],(1,2), [2,3)}"), "{(1,3),[5,6]}");
    assert_eq!(multirange("{[1,2),(2,3)}"), "{[1,2),(2,3)}");
    assert_eq!(multirange("{[1,9],[2,3]}"), "{[1,9]}");
    assert_eq!(multirange("{[1,2],(2,3]}"), "{[1,3]}");
    assert_eq!(multirange("{(,4),[3,)}"), "{(,)}");
    let days = Multirange::new([3..4, 1..3].map(Range::from));
    assert_eq!(days.as_slice(), [Range::from(1..4)]);
    assert_eq!(days.into_iter().collect::<Multirange<i32>>().to_string(), "{[1,4)}");
}

#[test]
fn texts_are_quoted_where_they_need_it() {
    assert_eq!(r#"[ "1" , 2 )"#.parse::<Range<Words>>().unwrap().to_string(), r#"[" 1 "," 2 ")"#);
    let words = Range::new(Included(Words("a,b".into())), Excluded(Words(r#"c"\d"#.into())));
    assert_eq!(words.to_string(), r#"["a,b","c""\\d")"#);
    assert_eq!(words.to_string().parse::<Range<Words>>().unwrap(), words);
    let empty = Range::new(Included(Words(String::new())), Unbounded);
    assert_eq!(empty.to_string(), r#"["",)"#);
    assert_eq!(empty.to_string().parse::<Range<Words>>().unwrap(), empty);
    assert_eq!(r"[\,,)".parse::<Range<Words>>().unwrap().lower(), Some(&Words(",".into())));
    // Only the server knows how texts are sorted.
    assert_eq!("[b,A)".parse::<Range<Words>>().unwrap().to_string(), "[b,A)");
}

#[test]
fn what_is_no_text_of_a_range_is_an_error_that_says_where() {
    let error = |text: &str| text.parse::<Range<i32>>().unwrap_err().to_string();
    assert_eq!(
        error("1,2"),
        "`1,2` is not the text of a range: one of `[(` is expected before `1,2`"
    );
    assert_eq!(error("[1,2"), "`[1,2` is not the text of a range: it ends too early");
    assert_eq!(error("[1,2) x"), "`[1,2) x` is not the text of a range: `x` is after its end");
    assert_eq!(error("[a,2)"), "`[a,2)` is not the text of a range: invalid digit found in string");
    let error = |text: &str| text.parse::<Multirange<i32>>().unwrap_err().to_string();
    assert_eq!(
        error("[1,2)"),
        "`[1,2)` is not the text of a multirange: one of `{` is expected before `[1,2)`"
    );
    assert_eq!(
        error("{[1,2)"),
        "`{[1,2)` is not the text of a multirange: one of `,}` is expected before ``"
    );
}

/// Texts: their order is one of the server.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
struct Words(String);

impl CustomType for Words {
    type Sql = crate::types::Text;
    type Element = crate::types::Text;
    const DATA_TYPE: &'static str = "text";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(String::from_utf8(raw.to_vec())?))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}

impl RangeElement for Words {
    type Range = crate::types::Own<Range<Self>>;
    type Multirange = crate::types::Own<Multirange<Self>>;
    const RANGE: &'static str = "words_range";
    const MULTIRANGE: &'static str = "words_multirange";

    fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self == other).then_some(std::cmp::Ordering::Equal)
    }

    fn to_text(&self) -> String {
        self.0.clone()
    }

    fn from_text(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.to_owned()))
    }
}

#[test]
fn the_last_value_has_no_next_one() {
    assert_eq!(7.step(), Step::Next(8));
    assert_eq!(i32::MAX.step(), Step::Last);
    assert_eq!(Numeric::ZERO.step(), Step::None);
}

fn bound<T: RangeElement>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Bound<T>> {
    (value, 0..3).prop_map(|(value, kind)| match kind {
        0 => Included(value),
        1 => Excluded(value),
        _ => Unbounded,
    })
}

fn range<T: RangeElement>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Range<T>> {
    (bound(value.clone()), bound(value))
        .prop_map(|(one, other)| Range::new(one, other))
        .prop_filter("a range that can be stored", |range| range.fault().is_none())
}

/// There and back, as bytes and as text.
#[track_caller]
fn comes_back<V: CustomType + PartialEq + Display + FromStr<Err = Failure>>(value: &V, ty: &Type) {
    let mut out = BytesMut::new();
    CustomType::write(value, ty, &mut out).unwrap();
    assert_eq!(&<V as CustomType>::read(ty, &out).unwrap(), value);
    assert_eq!(&value.to_string().parse::<V>().unwrap(), value);
}

fn is_read_without_panic<V: CustomType>(ty: &Type, bytes: &[u8]) {
    let _ = <V as CustomType>::read(ty, bytes);
}

proptest! {
    #[test]
    fn ranges_come_back(range in range(-9..9_i32), numbers in range((-9..9_i64).prop_map(Numeric::from))) {
        comes_back(&range, &Type::INT4_RANGE);
        comes_back(&numbers, &Type::NUM_RANGE);
    }

    #[test]
    fn a_multirange_has_the_values_of_its_ranges(ranges in proptest::collection::vec(range(-9..9_i32), 0..6)) {
        let multirange = Multirange::new(ranges.clone());
        comes_back(&multirange, &Type::INT4MULTI_RANGE);
        for value in -12..12 {
            let expected = ranges.iter().any(|range| range.contains(&value));
            prop_assert_eq!(multirange.contains(&value), expected, "{} in {}", value, multirange);
        }
        for pair in multirange.as_slice().windows(2) {
            prop_assert!(pair[0].upper() < pair[1].lower(), "{}", multirange);
        }
    }

    #[test]
    fn any_bytes_are_a_range_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        is_read_without_panic::<Range<i32>>(&Type::INT4_RANGE, &bytes);
        is_read_without_panic::<Range<Numeric>>(&Type::NUM_RANGE, &bytes);
        is_read_without_panic::<Multirange<i64>>(&Type::INT8MULTI_RANGE, &bytes);
    }

    #[test]
    fn any_text_is_a_range_or_an_error(text in r#"[\[\(\{]?["\\\[\]\(\),{}0-9 a-eé]{0,12}[\]\)\}]?"#) {
        let _ = text.parse::<Range<i32>>();
        let _ = text.parse::<Range<Words>>();
        let _ = text.parse::<Multirange<Words>>();
    }
}

#[cfg(feature = "chrono")]
mod times {
    use super::*;
    use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

    #[track_caller]
    fn check<T: RangeElement>(text: &str) {
        assert_eq!(T::from_text(text).unwrap().to_text(), text);
    }

    #[test]
    fn dates_and_times_have_the_texts_of_psql() {
        check::<NaiveDate>("2026-01-31");
        check::<NaiveDate>("0044-03-15 BC");
        check::<NaiveDate>("0001-01-01 BC");
        check::<NaiveDate>("12026-01-31");
        check::<NaiveDateTime>("2026-01-31 12:30:00");
        check::<NaiveDateTime>("2026-01-31 00:00:00.000001");
        check::<NaiveDateTime>("0044-03-15 12:30:00.5 BC");
        check::<DateTime<Utc>>("2026-01-31 12:30:00+00");
        check::<DateTime<Utc>>("0044-03-15 12:30:00+00 BC");
        let moment =
            |text: &str| <DateTime<Utc> as RangeElement>::from_text(text).unwrap().to_text();
        assert_eq!(moment("2026-01-31 18:15:00+05:45"), "2026-01-31 12:30:00+00");
        assert_eq!(moment("1800-01-31 12:30:00-00:01:15"), "1800-01-31 12:31:15+00");
        assert_eq!(moment("2026-01-31T12:30:00Z"), "2026-01-31 12:30:00+00");
        for text in ["", "2026", "2026-02-30", "2026-01-31 25:00:00", "x-y-z"] {
            assert!(<NaiveDate as RangeElement>::from_text(text).is_err(), "{text}");
            assert!(<DateTime<Utc> as RangeElement>::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_of_days_excludes_its_upper_bound() {
        let day = |text: &str| <NaiveDate as RangeElement>::from_text(text).unwrap();
        let month = Range::from(day("2026-01-01")..=day("2026-01-31"));
        assert_eq!(month.to_string(), "[2026-01-01,2026-02-01)");
        let moments = "[\"2026-01-01 00:00:00+00\",)".parse::<Range<DateTime<Utc>>>().unwrap();
        assert_eq!(moments.to_string(), "[\"2026-01-01 00:00:00+00\",)");
    }
}
