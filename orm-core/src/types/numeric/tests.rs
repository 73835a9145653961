//! Numbers as text, on the wire, compared and converted. What the server says of them: `orm-core/tests/exec/numeric.rs`.

use super::Numeric;
use bytes::BytesMut;
use postgres_types::{FromSql as _, ToSql as _, Type};
use proptest::prelude::*;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

fn number(text: &str) -> Numeric {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// Words of two bytes, as they travel.
fn wire(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn written(number: &Numeric) -> Vec<u8> {
    let mut out = BytesMut::new();
    number.to_sql(&Type::NUMERIC, &mut out).unwrap();
    out.to_vec()
}

fn read(bytes: &[u8]) -> Result<Numeric, String> {
    Numeric::from_sql(&Type::NUMERIC, bytes).map_err(|error| error.to_string())
}

/// Both ways: text and words.
#[track_caller]
fn check(text: &str, words: &[u16]) {
    assert_eq!(written(&number(text)), wire(words), "{text}");
    let back = read(&wire(words)).unwrap();
    assert_eq!(back.to_string(), text);
    assert_eq!(back, number(text));
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, super::NumericError>, expected: &str) {
    assert_eq!(answer.unwrap_err().to_string(), expected);
}

#[test]
fn numbers_travel_as_groups_of_four_digits() {
    check("0", &[0, 0, 0, 0]);
    check("0.00", &[0, 0, 0, 2]);
    check("1", &[1, 0, 0, 0, 1]);
    check("-1.50", &[2, 0, 0x4000, 2, 1, 5000]);
    check("10000", &[1, 1, 0, 0, 1]);
    check("12345678.9", &[3, 1, 0, 1, 1234, 5678, 9000]);
    check("0.0001", &[1, 0xffff, 0, 4, 1]);
    check("0.00001", &[1, 0xfffe, 0, 5, 1000]);
    check("1.0000", &[1, 0, 0, 4, 1]);
    check("100000000.00000001", &[5, 2, 0, 8, 1, 0, 0, 0, 1]);
    check("NaN", &[0, 0, 0xc000, 0]);
    check("Infinity", &[0, 0, 0xd000, 0]);
    check("-Infinity", &[0, 0, 0xf000, 0]);
}

#[test]
fn the_largest_numbers_of_postgresql_are_held() {
    let largest = format!("{}.{}", "9".repeat(131_072), "9".repeat(16_383));
    assert_eq!(read(&written(&number(&largest))).unwrap().to_string(), largest);
    let smallest = format!("-0.{}1", "0".repeat(16_382));
    assert_eq!(number("-1e-16383").to_string(), smallest);
    assert_eq!(read(&written(&number(&smallest))).unwrap().to_string(), smallest);
    assert_eq!(number("1e131071").to_string(), format!("1{}", "0".repeat(131_071)));
    let why = "is no `Numeric`: it has more than 131072 digits before the decimal point or 16383 after it";
    for text in ["1e131072", "1e-16384", "-1e99999999999999999999", "0.1e-99999999999999999999"] {
        refused(text.parse::<Numeric>(), &format!("{text} {why}"));
    }
}

#[test]
fn texts_are_read_with_sign_point_and_exponent() {
    for (text, expected) in [
        ("007", "7"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("1.5e3", "1500"),
        ("1.5E+1", "15"),
        ("1.5e-3", "0.0015"),
        ("0e5", "0"),
        ("nan", "NaN"),
        ("inf", "Infinity"),
        ("+INFINITY", "Infinity"),
        ("-inf", "-Infinity"),
    ] {
        assert_eq!(number(text).to_string(), expected, "{text}");
    }
    for text in [
        "", "-", ".", "e5", "1e", "1e+", "1e--1", "1.2.3", "+-1", " 1", "1_000", "0x1", "-NaN",
        "1ü",
    ] {
        refused(text.parse::<Numeric>(), &format!("{text:?} is no `Numeric`: it is not a number"));
    }
    let long = "x".repeat(1_000_000);
    assert!(long.parse::<Numeric>().unwrap_err().to_string().len() < 100);
}

#[test]
fn numbers_are_compared_as_the_server_does() {
    let hash = |number: &Numeric| {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        hasher.finish()
    };
    let ascending = [
        &["-Infinity"][..],
        &["-10000.5"],
        &["-10000", "-10000.000"],
        &["-0.5", "-.50"],
        &["0", "-0.000", "0e3"],
        &["0.00005"],
        &["1", "1.0", "1.00000000"],
        &["1.00001"],
        &["9999"],
        &["10000", "1e4"],
        &["1e100"],
        &["Infinity"],
        &["NaN"],
    ];
    for (place, equal) in ascending.iter().enumerate() {
        for (other_place, others) in ascending.iter().enumerate() {
            for (one, other) in equal.iter().flat_map(|one| others.iter().map(move |it| (one, it)))
            {
                let (one, other) = (number(one), number(other));
                assert_eq!(one.cmp(&other), place.cmp(&other_place), "{one} and {other}");
                assert_eq!(one == other, place == other_place, "{one} and {other}");
                assert!(one != other || hash(&one) == hash(&other), "{one} and {other}");
            }
        }
    }
}

#[test]
fn integers_are_exact_and_what_does_not_fit_says_why() {
    assert_eq!(Numeric::from(i128::MIN).to_string(), i128::MIN.to_string());
    assert_eq!(Numeric::from(u128::MAX).to_string(), u128::MAX.to_string());
    assert_eq!(i128::try_from(Numeric::from(i128::MIN)), Ok(i128::MIN));
    assert_eq!(u128::try_from(Numeric::from(u128::MAX)), Ok(u128::MAX));
    assert_eq!(i64::try_from(number("1.000")), Ok(1));
    assert_eq!(i64::try_from(number("-9223372036854775808")), Ok(i64::MIN));
    refused(
        i64::try_from(number("9223372036854775808")),
        "9223372036854775808 is no `i64`: the range is -9223372036854775808 to 9223372036854775807",
    );
    refused(u8::try_from(number("-1")), "-1 is no `u8`: the range is 0 to 255");
    refused(i64::try_from(number("1.5")), "1.5 is no `i64`: it has digits after the decimal point");
    refused(i64::try_from(Numeric::NAN), "NaN is no `i64`: a `i64` is always a finite number");
    let long = i64::try_from(number(&"9".repeat(100_000))).unwrap_err().to_string();
    assert!(long.starts_with("9999999999999999999999999999999999999999.. is no `i64`"), "{long}");
}

#[test]
fn a_float_is_the_nearest_one() {
    let float = |text| f64::try_from(number(text));
    assert_eq!(float("0.1"), Ok(0.1));
    assert_eq!(float("-0.00"), Ok(0.0));
    assert_eq!(float("Infinity"), Ok(f64::INFINITY));
    assert_eq!(float("-Infinity"), Ok(f64::NEG_INFINITY));
    assert!(float("NaN").unwrap().is_nan());
    let large = float("1e400").unwrap_err().to_string();
    assert!(large.ends_with("is no `f64`: it is too large"), "{large}");
    let small = float("1e-400").unwrap_err().to_string();
    assert!(small.ends_with("is no `f64`: it is too close to zero"), "{small}");
    assert!(f32::try_from(number("1e39")).is_err());
}

#[test]
fn malformed_bytes_are_refused() {
    for (words, expected) in [
        (&[][..], "a numeric ends too early"),
        (&[1, 0, 0], "a numeric ends too early"),
        (&[0, 0, 0x8000, 0], "a numeric has a sign that is not known"),
        (&[0, 0, 0, 0x4000], "a numeric has a scale that is too large"),
        (&[2, 0, 0, 0, 1], "a numeric has another length than it says"),
        (&[0xffff, 0, 0, 0, 1], "a numeric has another length than it says"),
        (&[0, 0, 0, 0, 1], "a numeric has another length than it says"),
        (&[1, 0, 0, 0, 10_000], "a numeric has digits that are none, or too many of them"),
        (&[1, 0x8000, 0, 0, 1], "a numeric has digits that are none, or too many of them"),
        (&[2, 0x8000, 0, 0, 0, 1], "a numeric has digits that are none, or too many of them"),
    ] {
        assert_eq!(read(&wire(words)), Err(expected.to_owned()), "{words:?}");
    }
    assert!(read(&[0, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
}

#[test]
fn bytes_that_the_server_would_write_otherwise_are_the_same_number() {
    assert_eq!(read(&wire(&[4, 2, 0, 0, 0, 1, 2, 0])).unwrap().to_string(), "10002");
    assert_eq!(read(&wire(&[1, 3, 0x4000, 1, 0])).unwrap().to_string(), "0.0");
    // No digit is lost where the scale is too small for them.
    assert_eq!(read(&wire(&[2, 0, 0, 0, 1, 2500])).unwrap().to_string(), "1.25");
}

#[cfg(feature = "rust_decimal")]
#[test]
fn a_decimal_is_exact_or_an_error_that_says_why() {
    use crate::types::Value as _;
    use rust_decimal::Decimal;
    let decimal = |text| Decimal::try_from(number(text)).map(|decimal| decimal.to_string());
    for text in
        ["0", "0.00", "-12.50", "79228162514264337593543950335", "1.6666666666666666666666666667"]
    {
        assert_eq!(decimal(text).as_deref(), Ok(text));
        assert_eq!(Numeric::from(text.parse::<Decimal>().unwrap()).to_string(), text);
    }
    // Zeros at the end are left out where there is no place for them.
    assert_eq!(
        decimal("1.000000000000000000000000000000").unwrap(),
        format!("1.{}", "0".repeat(28))
    );
    assert_eq!(decimal("79228162514264337593543950335.000").unwrap(), Decimal::MAX.to_string());
    for (text, why) in [
        ("NaN", "a `Decimal` is always a finite number"),
        ("-Infinity", "a `Decimal` is always a finite number"),
        ("1e-29", "it has 29 digits after the decimal point, and 28 are the most"),
        (
            "79228162514264337593543950336",
            "it has more digits than 96 bits can hold, which are 28 or 29",
        ),
        (
            "10000000000000000000000.0000001",
            "it has more digits than 96 bits can hold, which are 28 or 29",
        ),
    ] {
        let number = number(text);
        let expected = format!("{number} is no `Decimal`: {why}");
        refused(Decimal::try_from(&number), &expected);
        let read = Decimal::read(&Type::NUMERIC, Some(&written(&number)));
        assert_eq!(read.unwrap_err().to_string(), expected);
    }
    for exponent in 29..40 {
        let bytes = written(&number(&format!("1e{exponent}")));
        assert!(Decimal::read(&Type::NUMERIC, Some(&bytes)).is_err(), "{exponent}");
        assert!(Option::<Decimal>::read(&Type::NUMERIC, Some(&bytes)).is_err(), "{exponent}");
    }
    assert_eq!(Option::<Decimal>::read(&Type::NUMERIC, None).unwrap(), None);
    assert!(Decimal::read(&Type::NUMERIC, None).is_err());
}

#[cfg(feature = "bigdecimal")]
#[test]
fn a_big_decimal_holds_all_but_not_a_number_and_infinity() {
    use bigdecimal::BigDecimal;
    let largest = format!("-{}.{}", "9".repeat(131_072), "9".repeat(16_383));
    for text in ["0", "0.00", "-12.50", "1e-16383", &largest] {
        let big = BigDecimal::try_from(number(text)).unwrap();
        assert_eq!(Numeric::try_from(&big).unwrap().to_string(), number(text).to_string());
        assert_eq!(Some(big.as_bigint_and_scale().1), number(text).scale().map(i64::from));
    }
    assert_eq!(Numeric::try_from("2e3".parse::<BigDecimal>().unwrap()).unwrap(), number("2000"));
    refused(
        BigDecimal::try_from(Numeric::INFINITY),
        "Infinity is no `BigDecimal`: a `BigDecimal` is always a finite number",
    );
    let why = "is no `Numeric`: it has more than 131072 digits before the decimal point or 16383 after it";
    for text in ["1e131072", "1e-16384", "1e9223372036854775807", "-3e-9223372036854775807"] {
        let big = text.parse::<BigDecimal>().unwrap();
        refused(Numeric::try_from(big), &format!("{text} {why}"));
    }
}

/// Any digits with a point and an exponent.
fn texts() -> impl Strategy<Value = String> {
    ("-?[0-9]{1,30}(\\.[0-9]{0,30})?", prop_oneof![Just(0), -40..40_i32])
        .prop_map(|(mantissa, exponent)| format!("{mantissa}e{exponent}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(text in texts()) {
        let number = number(&text);
        let back = read(&written(&number)).unwrap();
        prop_assert_eq!(&back, &number);
        prop_assert_eq!(back.to_string(), number.to_string());
        let again = number.to_string().parse::<Numeric>().unwrap();
        prop_assert_eq!((again.scale(), &again), (number.scale(), &number));
    }

    #[test]
    fn integers_are_ordered_alike(one in any::<i128>(), other in any::<i128>()) {
        prop_assert_eq!(Numeric::from(one).cmp(&Numeric::from(other)), one.cmp(&other));
        prop_assert_eq!(i128::try_from(Numeric::from(one)), Ok(one));
    }

    #[test]
    fn any_bytes_are_a_number_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(number) = read(&bytes) {
            prop_assert_eq!(read(&written(&number)).unwrap(), number);
        }
    }

    #[test]
    fn any_words_are_a_number_or_an_error(
        (weight, sign, scale) in (any::<u16>(), 0..4_u16, 0..0x4001_u16),
        groups in prop::collection::vec(0..10_001_u16, 0..9),
    ) {
        let count = u16::try_from(groups.len()).unwrap();
        let words = [vec![count, weight, [0, 0x4000, 0xc000, 0xd000][usize::from(sign)], scale], groups];
        if let Ok(number) = read(&wire(&words.concat())) {
            let text = number.to_string();
            prop_assert_eq!(text.parse::<Numeric>().unwrap(), number);
        }
    }
}
