//! Numbers and booleans: manual, sections 8.1 and 8.6.

use bigdecimal::BigDecimal;
use orm::Numeric;
use orm::types::Money;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::num::{NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

types! {
    boolean {
        rust: bool,
        sql: "boolean",
        edges: [(true, "true"), (false, "false")],
        random: any::<bool>(),
    }
    smallint {
        rust: i16,
        sql: "smallint",
        edges: [(i16::MIN, "-32768"), (0, "0"), (i16::MAX, "32767")],
        random: any::<i16>(),
    }
    integer {
        rust: i32,
        sql: "integer",
        edges: [(i32::MIN, "-2147483648"), (0, "0"), (i32::MAX, "2147483647")],
        random: any::<i32>(),
    }
    bigint {
        rust: i64,
        sql: "bigint",
        edges: [(i64::MIN, "-9223372036854775808"), (i64::MAX, "9223372036854775807")],
        random: any::<i64>(),
    }
    signed_byte {
        rust: i8,
        sql: "smallint",
        limits: "checked: a value out of the range of the Rust type is an error when it is read",
        edges: [(-128, "-128"), (127, "127")],
        random: -128..=127_i8,
    }
    signed_byte_as_integer {
        rust: i8,
        sql: "integer",
        limits: "checked as well when it is written",
        edges: [(-128, "-128"), (127, "127")],
        random: -128..=127_i8,
    }
    byte {
        rust: u8,
        sql: "smallint",
        limits: "checked; an array of it is a `Vec<Option<u8>>`, as `Vec<u8>` is a `bytea`",
        arrays: none,
        edges: [(0, "0"), (255, "255")],
        random: 0..=255_u8,
    }
    byte_as_bigint {
        rust: u8,
        sql: "bigint",
        limits: "checked as well when it is written",
        arrays: none,
        edges: [(0, "0"), (255, "255")],
        random: 0..=255_u8,
    }
    word {
        rust: u16,
        sql: "integer",
        limits: "checked: a value out of the range of the Rust type is an error when it is read",
        edges: [(0, "0"), (65535, "65535")],
        random: 0..=65535_u16,
    }
    word_as_smallint {
        rust: u16,
        sql: "smallint",
        limits: "checked as well when it is written",
        edges: [(0, "0"), (32767, "32767")],
        random: 0..=32767_u16,
    }
    double_word {
        rust: u32,
        sql: "bigint",
        limits: "checked: a value out of the range of the Rust type is an error when it is read",
        edges: [(0, "0"), (4294967295, "4294967295")],
        random: 0..=4294967295_u32,
    }
    double_word_as_integer {
        rust: u32,
        sql: "integer",
        limits: "checked as well when it is written",
        edges: [(0, "0"), (2147483647, "2147483647")],
        random: 0..=2147483647_u32,
    }
    quad_word {
        rust: u64,
        sql: "bigint",
        limits: "checked, also when it is written: a `bigint` holds half of the range",
        edges: [(0, "0"), (9223372036854775807, "9223372036854775807")],
        random: 0..=9223372036854775807_u64,
    }
    quad_word_as_numeric {
        rust: u64,
        sql: "numeric(20,0)",
        limits: "checked as well when it is written",
        arrays: none,
        edges: [(0, "0"), (18446744073709551615, "18446744073709551615")],
        random: 0..=18446744073709551615_u64,
    }
    non_zero_i16 {
        rust: NonZeroI16,
        sql: "smallint",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroI16::new(-32768).unwrap(), "-32768"), (NonZeroI16::new(-1).unwrap(), "-1"), (NonZeroI16::new(32767).unwrap(), "32767")],
        random: (1..=32767_i16).prop_map(|number| NonZeroI16::new(number).unwrap()),
    }
    non_zero_i32 {
        rust: NonZeroI32,
        sql: "integer",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroI32::new(-2147483648).unwrap(), "-2147483648"), (NonZeroI32::new(-1).unwrap(), "-1"), (NonZeroI32::new(2147483647).unwrap(), "2147483647")],
        random: (1..=2147483647_i32).prop_map(|number| NonZeroI32::new(number).unwrap()),
    }
    non_zero_i64 {
        rust: NonZeroI64,
        sql: "bigint",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroI64::new(-9223372036854775808).unwrap(), "-9223372036854775808"), (NonZeroI64::new(-1).unwrap(), "-1"), (NonZeroI64::new(9223372036854775807).unwrap(), "9223372036854775807")],
        random: (1..=9223372036854775807_i64).prop_map(|number| NonZeroI64::new(number).unwrap()),
    }
    non_zero_u8 {
        rust: NonZeroU8,
        sql: "smallint",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroU8::new(1).unwrap(), "1"), (NonZeroU8::new(255).unwrap(), "255")],
        random: (1..=255_u8).prop_map(|number| NonZeroU8::new(number).unwrap()),
    }
    non_zero_u16 {
        rust: NonZeroU16,
        sql: "integer",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroU16::new(1).unwrap(), "1"), (NonZeroU16::new(65535).unwrap(), "65535")],
        random: (1..=65535_u16).prop_map(|number| NonZeroU16::new(number).unwrap()),
    }
    non_zero_u32 {
        rust: NonZeroU32,
        sql: "bigint",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroU32::new(1).unwrap(), "1"), (NonZeroU32::new(4294967295).unwrap(), "4294967295")],
        random: (1..=4294967295_u32).prop_map(|number| NonZeroU32::new(number).unwrap()),
    }
    non_zero_u64 {
        rust: NonZeroU64,
        sql: "bigint",
        limits: "never zero: zero is an error when it is read",
        edges: [(NonZeroU64::new(1).unwrap(), "1"), (NonZeroU64::new(9223372036854775807).unwrap(), "9223372036854775807")],
        random: (1..=9223372036854775807_u64).prop_map(|number| NonZeroU64::new(number).unwrap()),
    }
    real {
        rust: f32,
        sql: "real",
        edges: [
            (f32::MAX, "3.4028235e+38"), (f32::MIN_POSITIVE, "1.1754944e-38"), (-0.0, "-0"),
            (f32::NAN, "NaN"), (f32::INFINITY, "Infinity"), (f32::NEG_INFINITY, "-Infinity"),
        ],
        random: any::<f32>(),
    }
    double_precision {
        rust: f64,
        sql: "double precision",
        edges: [
            (f64::MAX, "1.7976931348623157e+308"), (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (-0.0, "-0"), (f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity"),
        ],
        random: any::<f64>(),
    }
    numeric {
        rust: Numeric,
        sql: "numeric",
        limits: "every value: `NaN`, the infinities (PostgreSQL 14), 131,072 digits before and 16,383 after the point",
        edges: [
            ("1.50".parse().unwrap(), "1.50"),
            ("-0.00000000000000000001".parse().unwrap(), "-0.00000000000000000001"),
            (Numeric::NAN, "NaN"), (Numeric::INFINITY, "Infinity"), (Numeric::NEGATIVE_INFINITY, "-Infinity"),
        ],
        random: "-?[0-9]{1,40}(\\.[0-9]{1,20})?".prop_map(|text| text.parse::<Numeric>().unwrap()),
    }
    decimal {
        rust: Decimal,
        sql: "numeric",
        feature: "rust_decimal",
        limits: "28 digits; a value with more, `NaN` or an infinity is an error when it is read",
        edges: [
            (Decimal::MAX, "79228162514264337593543950335"), (Decimal::MIN, "-79228162514264337593543950335"),
            (Decimal::new(1, 28), "0.0000000000000000000000000001"), (Decimal::new(150, 2), "1.50"),
        ],
        random: (any::<i64>(), 0_u32..28).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
    }
    big_decimal {
        rust: BigDecimal,
        sql: "numeric",
        feature: "bigdecimal",
        limits: "every finite value; `NaN` or an infinity is an error when it is read",
        edges: [("1.50".parse().unwrap(), "1.50"), ("-7".parse().unwrap(), "-7")],
        random: "-?[1-9][0-9]{0,40}(\\.[0-9]{1,20})?".prop_map(|text| text.parse::<BigDecimal>().unwrap()),
    }
    money {
        rust: Money,
        sql: "money",
        limits: "in the smallest unit of the currency; `lc_monetary` says how it is shown",
        edges: [(Money(1234), "$12.34"), (Money(-1), "-$0.01"), (Money(i64::MAX), "$92,233,720,368,547,758.07"), (Money(i64::MIN), "-$92,233,720,368,547,758.08")],
        random: any::<i64>().prop_map(Money),
    }
}
