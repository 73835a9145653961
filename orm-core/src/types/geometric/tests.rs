use super::*;
use proptest::prelude::*;
use std::fmt::{Debug, Display};
use std::str::FromStr;

#[track_caller]
fn there_and_back<V>(value: &V)
where
    V: CustomType + PartialEq + Display + FromStr<Err = InvalidValue>,
{
    let mut out = BytesMut::new();
    value.write(&Type::POINT, &mut out).expect("a value that can be written");
    assert_eq!(&V::read(&Type::POINT, &out).expect("a value"), value);
    assert_eq!(value.to_string().parse().as_ref(), Ok(value));
}

#[track_caller]
fn is_refused<V: CustomType + Debug>(raw: &[u8], expected: &str) {
    let error = V::read(&Type::POINT, raw).expect_err("an error");
    assert_eq!(error.to_string(), expected);
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("a number", |number| !number.is_nan()),
        Just(f64::INFINITY),
        Just(-0.0),
        -100.0..100.0_f64,
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (number(), number()).prop_map(Point::from)
}

proptest! {
    #[test]
    fn every_value_is_read_as_it_was_written_and_parsed_as_it_was_shown(
        (one, other) in (point(), point()),
        many in proptest::collection::vec(point(), 1..5),
        (a, b, c) in (number(), number(), number()),
    ) {
        there_and_back(&one);
        there_and_back(&LineSegment { start: one, end: other });
        there_and_back(&BoundingBox::new(one, other));
        there_and_back(&Circle::new(one, a.abs()).expect("a circle"));
        there_and_back(&Path::open(many.clone()).expect("a path"));
        there_and_back(&Path::closed(many.clone()).expect("a path"));
        there_and_back(&Polygon::new(many).expect("a polygon"));
        if let Ok(line) = Line::new(a, b, c) {
            there_and_back(&line);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        start in 0_u8..3,
        count in -1_i32..4,
        rest in proptest::collection::vec(any::<u8>(), 0..50),
    ) {
        let mut raw = vec![start];
        raw.extend(count.to_be_bytes());
        raw.extend(rest);
        let ty = &Type::POINT;
        for raw in [raw.as_slice(), raw.get(1..).unwrap_or_default(), raw.get(5..).unwrap_or_default()] {
            let _any = (Point::read(ty, raw), Line::read(ty, raw), LineSegment::read(ty, raw));
            let _any = (BoundingBox::read(ty, raw), Circle::read(ty, raw));
            let _any = (Path::read(ty, raw), Polygon::read(ty, raw));
        }
    }

    #[test]
    fn a_text_that_is_no_value_is_an_error_and_no_panic(text in "[0-9(),<>{}\\[\\]e. ]{0,16}") {
        let _any = (text.parse::<Point>(), text.parse::<Line>(), text.parse::<LineSegment>());
        let _any = (text.parse::<BoundingBox>(), text.parse::<Circle>());
        let _any = (text.parse::<Path>(), text.parse::<Polygon>());
    }
}

#[test]
fn numbers_are_written_as_the_server_does() {
    for (number, expected) in [
        (1e15, "1e+15"),
        (1e14, "100000000000000"),
        (1_234_567_890_123_456.0, "1.234567890123456e+15"),
        (1e-5, "1e-05"),
        (1e-4, "0.0001"),
        (2.5e-7, "2.5e-07"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        (-0.0, "-0"),
        (f64::NEG_INFINITY, "-Infinity"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(Point::new(number, 0.0).to_string(), format!("({expected},0)"));
    }
}

#[test]
fn corners_are_ordered_as_on_the_server_which_takes_nan_for_the_greatest() {
    for (text, expected) in [
        ("(nan,1),(2,3)", "(NaN,3),(2,1)"),
        ("(2,3),(nan,1)", "(NaN,3),(2,1)"),
        ("(inf,1),(nan,3)", "(NaN,3),(Infinity,1)"),
        ("(0,5),(3,1)", "(3,5),(0,1)"),
    ] {
        assert_eq!(text.parse::<BoundingBox>().unwrap().to_string(), expected);
    }
}

#[test]
fn texts_are_parsed_in_all_forms_of_the_manual() {
    let two = [Point::new(1.0, 2.0), Point::new(3.0, 4.0)];
    for text in ["(1,2)", "1,2", " ( 1 , 2 ) "] {
        assert_eq!(text.parse(), Ok(two[0]), "{text}");
    }
    for text in ["[(1,2),(3,4)]", "((1,2),(3,4))", "(1,2),(3,4)", "1,2,3,4"] {
        assert_eq!(text.parse(), Ok(LineSegment { start: two[0], end: two[1] }), "{text}");
    }
    for text in ["((1,2),(3,4))", "(1,2),(3,4)", "(1,2,3,4)", "1,2,3,4"] {
        assert_eq!(text.parse(), Path::closed(two), "{text}");
        assert_eq!(text.parse(), Polygon::new(two), "{text}");
        assert_eq!(text.parse(), Ok(BoundingBox::new(two[0], two[1])), "{text}");
    }
    for text in ["<(1,2),3>", "((1,2),3)", "(1,2),3", "1,2,3"] {
        assert_eq!(text.parse(), Circle::new(two[0], 3.0), "{text}");
    }
    for text in ["", "(1,2", "(1,2)x", "1", "(1,2,3)", "(1e400,2)", "(a,2)"] {
        assert!(text.parse::<Point>().is_err(), "{text}");
    }
    for text in ["()", "[]", "[(1,2)", "(1,2),"] {
        assert!(text.parse::<Path>().is_err(), "{text}");
    }
    assert_eq!(
        "(1,2".parse::<Point>().unwrap_err().to_string(),
        "(1,2 is no `point`: it is written (x,y)"
    );
}

#[test]
fn bytes_that_are_no_value_are_an_error_that_says_why() {
    is_refused::<Point>(&[0; 15], "a `point` has 16 bytes, not 15");
    is_refused::<Polygon>(&[127, 0, 0, 0, 1], "the points of a `polygon` have no 1 bytes");
    is_refused::<Polygon>(&[127, 0, 0, 0], "a `polygon` of 2130706432 points has 0");
    is_refused::<Polygon>(&[0, 0, 0, 0], "() is no `polygon`: it has no points");
    is_refused::<Path>(&[2], "a `path` begins with a byte 0 or 1, which says whether it is closed");
    let circle = [0.0_f64, 0.0, -1.0].map(f64::to_be_bytes).concat();
    is_refused::<Circle>(&circle, "<(0,0),-1> is no `circle`: its radius is negative");
    is_refused::<Line>(
        &[0; 24],
        "{0,0,0} is no `line`: one of the first two numbers must differ from 0 by more than 0.000001",
    );
}
