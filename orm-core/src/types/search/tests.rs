use super::{TsQuery, TsVector, Weight};
use crate::types::CustomType;
use bytes::BytesMut;
use postgres_types::Type;

fn written<V: CustomType>(value: &V) -> Result<BytesMut, String> {
    let mut out = BytesMut::new();
    value.write(&Type::UNKNOWN, &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

#[track_caller]
fn comes_back<V: CustomType + PartialEq>(value: &V) {
    let bytes = written(value).unwrap();
    assert_eq!(V::read(&Type::UNKNOWN, &bytes).unwrap(), *value);
    for end in 0..bytes.len() {
        assert!(V::read(&Type::UNKNOWN, &bytes[..end]).is_err(), "{end} of {bytes:?}");
    }
    for place in 0..bytes.len() {
        for byte in [0, 1, 2, 4, 0x7f, 0xff] {
            let mut other = bytes.to_vec();
            other[place] = byte;
            let _ = V::read(&Type::UNKNOWN, &other);
        }
    }
}

#[track_caller]
fn vector(text: &str, expected: &str) {
    let vector: TsVector = text.parse().unwrap();
    assert_eq!(vector.to_string(), expected);
    assert_eq!(expected.parse(), Ok(vector.clone()));
    comes_back(&vector);
}

#[test]
fn words_are_sorted_and_each_is_there_once() {
    vector("", "");
    vector("fat cat  fat:3", "'cat' 'fat':3");
    vector("a:3A,1b,2d a:1C", "'a':1B,2,3A");
    vector(r"'it''s':2 'a b\\' \'x", r"'''x' 'a b\\' 'it''s':2");
    vector("b aa a", "'a' 'aa' 'b'");
    vector("z é", "'z' 'é'");
}

#[track_caller]
fn no_vector(text: &str, expected: &str) {
    assert_eq!(text.parse::<TsVector>().unwrap_err().to_string(), expected);
}

#[test]
fn what_the_server_would_change_is_an_error() {
    no_vector("a:0", "a word is at place 0: the range is 1 to 16383");
    no_vector("a:16384", "a word is at place 16384: the range is 1 to 16383");
    no_vector("a:x", "after `:` a place is expected, a number from 1 to 16383");
    no_vector("'a", "a quote is not closed");
    no_vector("a\\", "a backslash is the last character");
    let long = "x".repeat(2047);
    no_vector(&long, "a word has 2047 bytes, and 2046 are the most");
    let many = (1..=256).map(|place| (place, Weight::A));
    let error = TsVector::new([("a", many)]).unwrap_err().to_string();
    assert_eq!(error, "a word has 256 places, and 255 are the most");
    let error = TsVector::new([("a\0", [])]).unwrap_err().to_string();
    assert_eq!(error, "a word has a zero byte in it");
}

#[test]
fn words_in_disorder_are_not_read() {
    let raw = b"\0\0\0\x02b\0\0\0a\0\0\0";
    assert!(<TsVector as CustomType>::read(&Type::TS_VECTOR, raw).is_err());
    let raw = b"\xff\xff\xff\xffb\0\0\0";
    assert!(<TsVector as CustomType>::read(&Type::TS_VECTOR, raw).is_err());
}

#[track_caller]
fn query(text: &str, expected: &str) {
    let query: TsQuery = text.parse().unwrap();
    assert_eq!(query.to_string(), expected);
    assert_eq!(expected.parse(), Ok(query.clone()));
    comes_back(&query);
}

#[test]
fn operators_bind_as_on_the_server() {
    query("", "");
    query("a & b | c", "'a' & 'b' | 'c'");
    query("a & (b | c)", "'a' & ( 'b' | 'c' )");
    query("!a & !!b", "!'a' & !!'b'");
    query("!(a | b)", "!( 'a' | 'b' )");
    query("a <-> b <2> c", "'a' <-> 'b' <2> 'c'");
    query("a <-> (b <-> c)", "'a' <-> ( 'b' <-> 'c' )");
    query("'it''s':*dab & c:*", "'it''s':*ABD & 'c':*");
    query("((a))", "'a'");
}

#[test]
fn parentheses_that_change_nothing_are_not_shown() {
    let query: TsQuery = "a & (b & c)".parse().unwrap();
    assert_eq!(query.to_string(), "'a' & 'b' & 'c'");
    comes_back(&query);
}

#[track_caller]
fn no_query(text: &str, expected: &str) {
    assert_eq!(text.parse::<TsQuery>().unwrap_err().to_string(), expected);
}

#[test]
fn a_text_that_is_no_query_is_an_error() {
    no_query("a &", "a word is expected at the end");
    no_query("!", "a word is expected at the end");
    no_query("(", "a word is expected at the end");
    no_query("a b", "an operator is expected, not 'b'");
    no_query("(a", "a `(` is not closed");
    no_query("a)", "a `)` has no `(`");
    no_query("& a", "a word is expected");
    no_query("a <16385> b", "after `<` is `->`, or a number from 0 to 16384 and `>`");
    no_query("a <- b", "after `<` is `->`, or a number from 0 to 16384 and `>`");
}

#[test]
fn an_empty_query_changes_nothing() {
    let (empty, a) = (TsQuery::default(), TsQuery::word("a"));
    assert_eq!(empty.clone().and(a.clone()), a);
    assert_eq!(a.clone().or(empty.clone()), a);
    assert_eq!(!empty.clone(), empty);
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    let far = TsQuery::word("a").followed_at(16_385, TsQuery::word("b"));
    let expected = "a word is 16385 places after another: 16384 is the most";
    assert_eq!(written(&far).unwrap_err(), expected);
    assert_eq!(written(&TsQuery::word("a\0b")).unwrap_err(), "a word has a zero byte in it");
}

#[test]
fn a_query_may_be_as_deep_as_memory_allows() {
    let deep = format!("{}a", "!".repeat(100_000));
    let query: TsQuery = deep.parse().unwrap();
    assert_eq!(query.parts().len(), 100_001);
    let open = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(open.parse(), Ok(TsQuery::word("a")));
}
