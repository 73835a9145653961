//! Arrays as bytes. What the server says of them: `tests/types/ranges.rs` and `tests/queries/array_shapes.rs`.

use super::super::Array;
use crate::types::{ArrayElement, Dimension, NdArray, SqlType, Value};
use bytes::BytesMut;
use postgres_types::Type;
use proptest::prelude::*;

fn written<V: Value>(value: &V) -> Vec<u8> {
    let mut out = BytesMut::new();
    value.write(&V::Sql::pg_type(), &mut out).unwrap();
    out.to_vec()
}

fn read<V: ArrayElement>(raw: &[u8]) -> Result<NdArray<V>, String>
where
    Array<V::Element>: SqlType,
{
    let ty = <Array<V::Element> as SqlType>::pg_type();
    <NdArray<V> as Value>::read(&ty, Some(raw)).map_err(|error| error.to_string())
}

/// A head, and what follows it, as numbers.
fn bytes(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

const INT4: i32 = 23;

#[test]
fn an_array_travels_as_its_dimensions_and_its_elements() {
    let board = NdArray::from_rows(vec![vec![Some(5)], vec![None]]).unwrap();
    let expected = bytes(&[2, 1, INT4, 2, 1, 1, 1, 4, 5, -1]);
    assert_eq!(written(&board), expected);
    assert_eq!(read::<Option<i32>>(&expected).unwrap(), board);
    assert_eq!(written(&NdArray::<i32>::default()), bytes(&[0, 0, INT4]));
    assert_eq!(written(&Vec::<i32>::new()), bytes(&[0, 0, INT4]));
    assert_eq!(written(&vec![7]), bytes(&[1, 0, INT4, 1, 1, 4, 7]));
}

#[test]
fn a_vec_has_the_elements_of_an_array_whatever_the_number_of_the_first() {
    let raw = bytes(&[1, 0, INT4, 2, -5, 4, 7, 4, 8]);
    assert_eq!(<Vec<i32> as Value>::read(&Type::INT4_ARRAY, Some(&raw)).unwrap(), [7, 8]);
    let array = read::<i32>(&raw).unwrap();
    assert_eq!(array.dimensions(), [Dimension { length: 2, lower_bound: -5 }]);
    assert_eq!((array.get(&[-4]), array.get(&[1])), (Some(&8), None));
}

#[test]
fn what_is_no_array_is_an_error() {
    let too_short = "the array is shorter than it says";
    let cases: [(&[i32], &str); 8] = [
        (&[], too_short),
        (&[1, 0, INT4], too_short),
        (&[7, 0, INT4], too_short),
        (&[-1, 0, INT4], too_short),
        (&[1, 0, INT4, -1, 1], too_short),
        (&[1, 0, INT4, i32::MAX, 1, 4, 7], too_short),
        (
            &[
                6,
                0,
                INT4,
                i32::MAX,
                1,
                i32::MAX,
                1,
                i32::MAX,
                1,
                i32::MAX,
                1,
                i32::MAX,
                1,
                i32::MAX,
                1,
            ],
            too_short,
        ),
        (&[1, 0, INT4, 1, 1, 4, 7, 8], "the array is longer than it says"),
    ];
    for (numbers, expected) in cases {
        assert_eq!(read::<i32>(&bytes(numbers)).unwrap_err(), expected, "{numbers:?}");
    }
    let null = bytes(&[1, 1, INT4, 2, 1, 4, 7, -1]);
    assert_eq!(
        read::<i32>(&null).unwrap_err(),
        "element number 2 is NULL; declare the field as `Vec<Option<_>>`"
    );
}

#[test]
fn what_is_no_array_is_not_made() {
    let error = |lengths: &[usize], elements: Vec<i32>| {
        NdArray::with_lengths(lengths.to_vec(), elements).unwrap_err().to_string()
    };
    assert_eq!(
        error(&[2, 2], vec![1, 2, 3]),
        "an array of these dimensions has 4 elements, and not 3"
    );
    assert_eq!(error(&[], vec![1]), "an array of these dimensions has 0 elements, and not 1");
    assert_eq!(error(&[1; 7], vec![1]), "an array has at most 6 dimensions, and not 7");
    assert_eq!(error(&[usize::MAX, 2], vec![1]), "an array has at most 134217727 elements");
    let dimension = Dimension { length: 1, lower_bound: i32::MAX };
    assert_eq!(
        NdArray::new([dimension], vec![1]).unwrap_err().to_string(),
        "a dimension of 1 elements cannot begin with the subscript 2147483647"
    );
    assert_eq!(
        NdArray::from_rows(vec![vec![1], vec![2, 3]]).unwrap_err().to_string(),
        "the rows of an array have one length, and not 1 and 2"
    );
    assert!(NdArray::from_planes(vec![vec![vec![1]], vec![vec![1], vec![2]]]).is_err());
    // What has no elements has no dimensions.
    assert_eq!(NdArray::<i32>::with_lengths([0, 3], vec![]).unwrap(), NdArray::default());
    assert_eq!(NdArray::<i32>::from_rows(vec![vec![], vec![]]).unwrap(), NdArray::default());
}

#[test]
fn nested_vecs_come_back() {
    let rows = vec![vec![1, 2, 3], vec![4, 5, 6]];
    assert_eq!(NdArray::from_rows(rows.clone()).unwrap().into_rows(), Ok(rows));
    let planes = vec![vec![vec![1], vec![2]], vec![vec![3], vec![4]]];
    let array = NdArray::from_planes(planes.clone()).unwrap();
    assert_eq!(array.get(&[2, 1, 1]), Some(&3));
    assert_eq!(array.clone().into_rows(), Err(array.clone()));
    assert_eq!(array.into_planes(), Ok(planes));
    assert_eq!(NdArray::<i32>::default().into_planes(), Ok(vec![]));
}

proptest! {
    #[test]
    fn any_bytes_are_an_array_or_an_error(raw in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = read::<i32>(&raw);
        let _ = read::<Option<String>>(&raw);
        let _ = <Vec<Option<i32>> as Value>::read(&Type::INT4_ARRAY, Some(&raw));
    }

    #[test]
    fn a_damaged_array_is_an_array_or_an_error(at in 0_usize..48, byte: u8) {
        let array = NdArray::with_lengths([2, 2], vec![Some(1), None, Some(3), Some(4)]).unwrap();
        let mut raw = written(&array);
        if let Some(place) = raw.get_mut(at) {
            *place = byte;
        }
        let _ = read::<Option<i32>>(&raw);
    }
}
