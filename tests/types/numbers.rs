//! Numbers and booleans: manual, sections 8.1 and 8.6.

use bigdecimal::BigDecimal;
use orm::Numeric;
use proptest::prelude::*;
use rust_decimal::Decimal;

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
}
