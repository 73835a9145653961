//! Records made by hand, whole and broken: what is read, and that no bytes can do harm.

use crate::types::cells::Cells;
use crate::types::known::{KnownTypes, Lookup};
use crate::types::nested::Nested;
use postgres_types::{Kind, Type};
use proptest::prelude::*;
use std::fmt::Debug;

const INT4: u32 = 23;
const TEXT: u32 = 25;
/// No type of PostgreSQL's own: a domain or an enum.
const DOMAIN: u32 = 90_001;
/// A type that was not looked up.
const UNKNOWN: u32 = 90_002;
const RECORD: u32 = 2249;

/// The catalog of a database with a domain over `integer`.
fn known() -> KnownTypes {
    let known = KnownTypes::default();
    let domain = Kind::Domain(Type::INT4);
    known.keep(&[Type::new("age".to_owned(), DOMAIN, domain, "public".to_owned())]);
    known
}

fn read<N: Nested>(cell: Option<&[u8]>) -> crate::Result<N> {
    read_with(cell, &Lookup::new(&known()))
}

/// Reads the only cell of a row.
fn read_with<N: Nested>(cell: Option<&[u8]>, lookup: &Lookup<'_>) -> crate::Result<N> {
    let row = record(&[(RECORD, cell)]);
    Cells::of_record(super::RecordCells::open(&row)?, lookup).nested()
}

/// A length and bytes; `None` is NULL.
fn sized(cell: Option<&[u8]>) -> Vec<u8> {
    match cell {
        None => (-1_i32).to_be_bytes().to_vec(),
        Some(bytes) => [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat(),
    }
}

fn record(fields: &[(u32, Option<&[u8]>)]) -> Vec<u8> {
    let mut bytes = u32::try_from(fields.len()).unwrap().to_be_bytes().to_vec();
    for (oid, cell) in fields {
        bytes.extend(oid.to_be_bytes());
        bytes.extend(sized(*cell));
    }
    bytes
}

fn header(dimensions: i32, count: i32) -> Vec<u8> {
    let fields = [dimensions, 0, RECORD.cast_signed(), count, 1];
    fields.into_iter().flat_map(i32::to_be_bytes).collect()
}

fn array(records: &[Vec<u8>]) -> Vec<u8> {
    let elements = records.iter().flat_map(|record| sized(Some(record)));
    header(1, i32::try_from(records.len()).unwrap()).into_iter().chain(elements).collect()
}

fn pair(number: i32, text: Option<&str>) -> Vec<u8> {
    record(&[(INT4, Some(&number.to_be_bytes())), (TEXT, text.map(str::as_bytes))])
}

/// A user's id and its posts: a row whose second cell holds rows.
#[derive(Debug, PartialEq)]
struct Parent(i32, Vec<Pair>);

type Pair = (i32, Option<String>);

impl crate::types::nested::ListElement for Parent {
    type Form = crate::types::nested::RecordElement;

    fn list(cells: &mut Cells<'_>) -> crate::Result<Vec<Self>> {
        crate::types::nested::record_list(cells)
    }
}

impl crate::types::cells::Decode for Parent {
    fn decode(cells: &mut crate::types::cells::Cells<'_>) -> crate::Result<Self> {
        Ok(Self(cells.value()?, cells.nested()?))
    }
}

#[track_caller]
fn check<N: Nested + Debug + PartialEq>(cell: Option<&[u8]>, expected: N) {
    assert_eq!(read::<N>(cell).unwrap(), expected);
}

#[track_caller]
fn refused<N: Nested + Debug>(cell: &[u8], expected: &str) {
    let error = read::<N>(Some(cell)).unwrap_err();
    assert_eq!(error.to_string(), format!("could not read a related row: {expected}"));
    assert_eq!(error.kind(), crate::ErrorKind::Conversion);
    assert!(error.hint().is_some());
}

#[test]
fn null_is_no_row_and_no_rows() {
    check::<Option<Pair>>(None, None);
    check::<Vec<Pair>>(None, Vec::new());
    check::<Vec<Pair>>(Some(&header(0, 0)[..12]), Vec::new());
}

#[test]
fn a_record_whose_fields_are_null_is_a_row() {
    let nulls = record(&[(INT4, None), (TEXT, None)]);
    check::<Option<(Option<i32>, Option<String>)>>(Some(&nulls), Some((None, None)));
}

#[test]
fn rows_within_a_row_within_an_array_are_read() {
    let posts = array(&[pair(7, Some("ü")), pair(-8, None)]);
    let parent = record(&[(INT4, Some(&1_i32.to_be_bytes())), (RECORD + 38, Some(&posts))]);
    let expected = Parent(1, vec![(7, Some("ü".to_owned())), (-8, None)]);
    check(Some(&array(&[parent])), vec![expected]);
}

#[test]
fn a_field_of_a_domain_is_read_as_what_is_below_it() {
    let bytes = record(&[(DOMAIN, Some(&5_i32.to_be_bytes())), (TEXT, Some(b"happy"))]);
    check::<Option<Pair>>(Some(&bytes), Some((5, Some("happy".to_owned()))));
}

#[test]
fn a_type_that_was_not_looked_up_is_noted_as_missing() {
    let bytes = record(&[(UNKNOWN, Some(&5_i32.to_be_bytes())), (TEXT, None)]);
    let known = known();
    let lookup = Lookup::new(&known);
    read_with::<Option<Pair>>(Some(&bytes), &lookup).unwrap_err();
    assert_eq!(lookup.asked().missing, [UNKNOWN]);
}

#[test]
fn a_field_of_another_type_is_refused_naming_both() {
    let bytes = record(&[(TEXT, Some(b"5")), (TEXT, None)]);
    refused::<Option<Pair>>(&bytes, "a field (text): the Rust type `i32` is for integer");
}

#[test]
fn null_where_the_field_has_no_option_is_refused() {
    let bytes = record(&[(INT4, None), (TEXT, None)]);
    refused::<Option<Pair>>(&bytes, "a field (int4): it is NULL, which `i32` does not hold");
}

#[test]
fn a_value_of_the_wrong_length_is_refused() {
    let bytes = record(&[(INT4, Some(&[0; 5])), (TEXT, None)]);
    refused::<Option<Pair>>(&bytes, "a field (int4): invalid buffer size (read as `i32`)");
}

#[test]
fn a_record_cut_anywhere_ends_too_early() {
    let whole = pair(7, Some("text"));
    for end in 0..whole.len() {
        refused::<Option<Pair>>(&whole[..end], "the record ends too early");
    }
    let rows = array(&[whole]);
    for end in 0..rows.len() {
        refused::<Vec<Pair>>(&rows[..end], "the record ends too early");
    }
}

#[test]
fn an_array_of_rows_has_one_dimension_and_no_null() {
    refused::<Vec<Pair>>(&header(2, 0), "an array of rows has more than one dimension");
    let null = [header(1, 1), sized(None)].concat();
    refused::<Vec<Pair>>(&null, "a row of an array is NULL");
}

#[test]
fn a_count_without_rows_takes_no_memory() {
    refused::<Vec<Pair>>(&header(1, i32::MAX), "the record ends too early");
}

#[test]
fn a_count_that_is_negative_or_too_small_loses_no_rows() {
    refused::<Vec<Pair>>(&header(1, -1), "an array of rows has a negative size");
    let more = [header(1, 1), sized(Some(&pair(7, None))), sized(Some(&pair(8, None)))].concat();
    refused::<Vec<Pair>>(&more, "an array of rows is longer than it says");
}

#[test]
fn a_required_row_that_is_missing_says_why_it_may_be() {
    let error = read::<Pair>(None).unwrap_err();
    assert_eq!(error.to_string(), "could not read a related row: a related row is missing");
    assert!(error.hint().unwrap().contains("row level security"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_rows_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read::<Vec<Pair>>(Some(&bytes));
        let _ = read::<Option<Pair>>(Some(&bytes));
        let _ = read::<Vec<Parent>>(Some(&bytes));
    }

    #[test]
    fn rows_with_one_byte_changed_are_rows_or_an_error(
        (at, byte) in (0_usize..200, any::<u8>()),
    ) {
        let posts = array(&[pair(7, Some("text")), pair(8, None)]);
        let id = 1_i32.to_be_bytes();
        let mut bytes = array(&[record(&[(INT4, Some(&id)), (DOMAIN, Some(&posts))])]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read::<Vec<Parent>>(Some(&bytes));
    }

    #[test]
    fn what_is_written_is_read(rows in prop::collection::vec(any::<(i32, Option<String>)>(), 0..9)) {
        let records: Vec<_> = rows.iter().map(|(id, text)| pair(*id, text.as_deref())).collect();
        prop_assert_eq!(read::<Vec<Pair>>(Some(&array(&records))).unwrap(), rows);
    }
}
