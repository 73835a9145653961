//! Ranges, multiranges and arrays of several dimensions: manual, sections 8.15 and 8.17.

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use orm::types::{Dimension, NdArray, RangeElement};
use orm::{Multirange, Numeric, Range};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::ops::Bound;

fn number<T: RangeElement>(text: &str) -> T {
    T::from_text(text).unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// Microseconds of the years 1 to 9999.
fn moments() -> impl Strategy<Value = DateTime<Utc>> + Clone {
    (-62_135_596_800_000_000..253_402_300_799_999_999_i64)
        .prop_map(|it| Utc.timestamp_micros(it).unwrap())
}

/// Ranges of these values that the server can store.
fn ranges<T: RangeElement>(
    values: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Range<T>> {
    (values.clone(), 0..4, values, 0..4).prop_map(|(one, lower, other, upper)| {
        let (low, high) = if one.compare(&other).is_some_and(|it| it.is_le()) {
            (one, other)
        } else {
            (other, one)
        };
        let bound = |value, kind| match kind {
            0 | 1 => Bound::Included(value),
            2 => Bound::Excluded(value),
            _ => Bound::Unbounded,
        };
        Range::new(bound(low, lower), bound(high, upper))
    })
}

fn multiranges<T: RangeElement>(
    values: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Multirange<T>> {
    vec(ranges(values), 0..5).prop_map(Multirange::new)
}

/// Up to three dimensions with any lower bounds.
fn nd_arrays<T: std::fmt::Debug + Clone>(
    element: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = NdArray<T>> {
    vec((1..4_usize, -3..4_i32), 0..4).prop_flat_map(move |dimensions| {
        let count = dimensions.iter().map(|(length, _)| length).product::<usize>();
        let count = if dimensions.is_empty() { 0 } else { count };
        vec(element.clone(), count).prop_map(move |elements| {
            let dimension = |(length, lower_bound): &(usize, i32)| Dimension {
                length: *length,
                lower_bound: *lower_bound,
            };
            NdArray::new(dimensions.iter().map(dimension), elements).unwrap()
        })
    })
}

types! {
    int4range {
        rust: Range<i32>,
        sql: "int4range",
        limits: "`1..=3` is read as `1..4`; a range up to the greatest value has no upper bound",
        edges: [
            (Range::empty(), "empty"), (Range::full(), "(,)"), ((1..=3).into(), "[1,4)"),
            ((Bound::Excluded(i32::MIN), Bound::Excluded(i32::MAX)).into(), "[-2147483647,2147483647)"),
        ],
        random: ranges(i32::MIN..i32::MAX),
    }
    int8range {
        rust: Range<i64>,
        sql: "int8range",
        limits: "as `int4range`",
        edges: [(Range::empty(), "empty"), ((..=i64::MIN).into(), "(,-9223372036854775807)"), ((5..).into(), "[5,)")],
        random: ranges(i64::MIN..i64::MAX),
    }
    numrange {
        rust: Range<Numeric>,
        sql: "numrange",
        edges: [
            ((number::<Numeric>("1.50")..=number("2")).into(), "[1.50,2]"),
            ((Bound::Excluded(Numeric::NEGATIVE_INFINITY), Bound::Included(Numeric::NAN)).into(), "(-Infinity,NaN]"),
            (Range::empty(), "empty"),
        ],
        random: ranges("-?[0-9]{1,9}(\\.[0-9]{1,4})?".prop_map(|text| number::<Numeric>(&text))),
    }
    numrange_of_decimals {
        rust: Range<Decimal>,
        sql: "numrange",
        feature: "rust_decimal",
        edges: [((Decimal::new(-5, 1)..).into(), "[-0.5,)"), ((..=Decimal::MAX).into(), "(,79228162514264337593543950335]")],
        random: ranges((any::<i64>(), 0..9_u32).prop_map(|(number, scale)| Decimal::new(number, scale))),
    }
    numrange_of_big_decimals {
        rust: Range<BigDecimal>,
        sql: "numrange",
        feature: "bigdecimal",
        edges: [((number::<BigDecimal>("0.001")..number("1000")).into(), "[0.001,1000)")],
        random: ranges((any::<i64>(), 0..9_i64).prop_map(|(number, scale)| BigDecimal::new(number.into(), scale))),
    }
    daterange {
        rust: Range<NaiveDate>,
        sql: "daterange",
        feature: "chrono",
        limits: "`a..=b` is read as `a..` the day after `b`",
        edges: [
            ((day(1, 1)..=day(1, 31)).into(), "[2026-01-01,2026-02-01)"),
            ((..NaiveDate::from_ymd_opt(-43, 3, 15).unwrap()).into(), "(,\"0044-03-15 BC\")"),
            (Range::empty(), "empty"),
        ],
        random: ranges(moments().prop_map(|it| it.date_naive())),
    }
    tsrange {
        rust: Range<NaiveDateTime>,
        sql: "tsrange",
        feature: "chrono",
        edges: [
            ((day(1, 1).and_time(Default::default())..).into(), "[\"2026-01-01 00:00:00\",)"),
            (Range::full(), "(,)"),
        ],
        random: ranges(moments().prop_map(|it| it.naive_utc())),
    }
    tstzrange {
        rust: Range<DateTime<Utc>>,
        sql: "tstzrange",
        feature: "chrono",
        edges: [
            ((Utc.timestamp_micros(0).unwrap()..=Utc.timestamp_micros(1).unwrap()).into(),
             "[\"1970-01-01 05:30:00+05:30\",\"1970-01-01 05:30:00.000001+05:30\"]"),
            (Range::empty(), "empty"),
        ],
        random: ranges(moments()),
    }
    int4multirange {
        rust: Multirange<i32>,
        sql: "int4multirange",
        limits: "PostgreSQL 14",
        edges: [
            (Multirange::empty(), "{}"), (Range::full().into(), "{(,)}"),
            (Multirange::new([7..8, 1..3, 3..5, 4..4].map(Range::from)), "{[1,5),[7,8)}"),
        ],
        random: multiranges(-20..20),
    }
    int8multirange {
        rust: Multirange<i64>,
        sql: "int8multirange",
        edges: [(Multirange::new([(..=i64::MIN).into(), Range::from(3..)]), "{(,-9223372036854775807),[3,)}")],
        random: multiranges(-20..20_i64),
    }
    nummultirange {
        rust: Multirange<Numeric>,
        sql: "nummultirange",
        edges: [("{(1,2),(2,3],[3,4)}".parse().unwrap(), "{(1,2),(2,4)}")],
        random: multiranges((-20..20_i64).prop_map(Numeric::from)),
    }
    datemultirange {
        rust: Multirange<NaiveDate>,
        sql: "datemultirange",
        feature: "chrono",
        edges: [(Range::from(day(1, 1)..=day(1, 1)).into(), "{[2026-01-01,2026-01-02)}")],
        random: multiranges((1..29_u32).prop_map(|it| day(2, it))),
    }
    tsmultirange {
        rust: Multirange<NaiveDateTime>,
        sql: "tsmultirange",
        feature: "chrono",
        edges: [(Multirange::empty(), "{}")],
        random: multiranges(moments().prop_map(|it| it.naive_utc())),
    }
    tstzmultirange {
        rust: Multirange<DateTime<Utc>>,
        sql: "tstzmultirange",
        feature: "chrono",
        edges: [(Range::from(Utc.timestamp_micros(0).unwrap()..).into(), "{[\"1970-01-01 05:30:00+05:30\",)}")],
        random: multiranges(moments()),
    }
    array {
        rust: NdArray<i32>,
        sql: "integer[]",
        limits: "any number of dimensions, of the other types of this page too; a `Vec<T>` is an array of one",
        equality: none,
        arrays: none,
        edges: [
            (NdArray::default(), "{}"),
            (NdArray::from_rows(vec![vec![1, 2], vec![3, 4]]).unwrap(), "{{1,2},{3,4}}"),
            (NdArray::from_planes(vec![vec![vec![1], vec![2]]]).unwrap(), "{{{1},{2}}}"),
            (NdArray::new([Dimension { length: 2, lower_bound: -1 }], vec![7, 8]).unwrap(), "[-1:0]={7,8}"),
        ],
        random: nd_arrays(any::<i32>()),
    }
    array_with_nulls {
        rust: NdArray<Option<String>>,
        sql: "text[]",
        equality: none,
        arrays: none,
        edges: [(NdArray::from_rows(vec![vec![None, Some("a".to_owned())]]).unwrap(), "{{NULL,a}}")],
        random: nd_arrays(proptest::option::of("[^\0]{0,4}")),
    }
}
