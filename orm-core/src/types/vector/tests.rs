use super::*;
use crate::types::DeclaredType;
use proptest::prelude::*;

fn written(value: &impl CustomType, name: &str) -> Result<Vec<u8>, String> {
    let mut out = BytesMut::new();
    let ty = DeclaredType::named(name).ty();
    value.write(&ty, &mut out).map_err(|error| error.to_string())?;
    Ok(out.to_vec())
}

fn read<T: CustomType>(bytes: &[u8]) -> Result<T, String> {
    T::read(&DeclaredType::named(T::DATA_TYPE).ty(), bytes).map_err(|error| error.to_string())
}

#[test]
fn a_vector_that_has_not_as_many_dimensions_as_its_column_is_not_written() {
    let three = "a vector of 2 dimensions for a vector(3), which has 3";
    assert_eq!(written(&Vector::from([1.0, 2.0]), "vector(3)").unwrap_err(), three);
    assert!(written(&Vector::from([1.0, 2.0]), "vector(2)").is_ok());
    assert!(written(&Vector::from([1.0, 2.0]), "public.vector").is_ok());
    let half = written(&HalfVector::rounded([1.0]), "halfvec( 3 )").unwrap_err();
    assert!(half.ends_with("for a halfvec( 3 ), which has 3"), "{half}");
    let sparse = written(&SparseVector::from_dense(&[1.0]), "sparsevec(3)").unwrap_err();
    assert!(sparse.ends_with("for a sparsevec(3), which has 3"), "{sparse}");
}

#[test]
fn what_pgvector_does_not_store_is_not_written() {
    let none = written(&Vector(Vec::new()), "vector").unwrap_err();
    assert_eq!(none, "a vector of 0 dimensions is no vector: it has from 1 to 16000");
    assert!(written(&Vector(vec![1.0; 16_000]), "vector").is_ok());
    assert!(written(&Vector(vec![1.0; 16_001]), "vector").is_err());
    let nan = written(&Vector::from([1.0, f32::NAN]), "vector").unwrap_err();
    assert_eq!(nan, "element 1 of the vector is NaN: pgvector has no NaN and no infinity");
    let large = written(&HalfVector::rounded([65520.0]), "halfvec").unwrap_err();
    assert!(large.contains("is inf") && large.contains("65504"), "{large}");
    assert!(written(&HalfVector::rounded([65519.0]), "halfvec").is_ok());
    let sparse = SparseVector::from_dense(&vec![1.0; 16_001]);
    assert!(written(&sparse, "sparsevec").unwrap_err().contains("at most 16000"));
    let wide = SparseVector::new(1_000_000_001, []).expect("a vector");
    assert!(written(&wide, "sparsevec").unwrap_err().contains("from 1 to 1000000000"));
}

#[test]
fn entries_that_are_none_of_a_sparse_vector_are_refused() {
    let outside = SparseVectorError::Outside { dimension: 3, dimensions: 3 };
    assert_eq!(SparseVector::new(3, [(3, 1.0)]), Err(outside));
    let twice = SparseVectorError::Twice { dimension: 1 };
    assert_eq!(SparseVector::new(3, [(1, 1.0), (0, 1.0), (1, 0.0)]), Err(twice));
    let zero = SparseVector::new(3, [(2, -0.0), (1, 1.0)]).expect("a vector");
    assert_eq!(zero.entries(), [(1, 1.0)]);
    assert_eq!(zero.to_dense(), [0.0, 1.0, 0.0]);
}

proptest! {
    #[test]
    fn any_bytes_give_a_vector_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64), head in 0_u8..4) {
        let _any = (read::<Vector>(&bytes), read::<HalfVector>(&bytes), read::<SparseVector>(&bytes));
        // With a header that may be right.
        let mut likely = vec![0, head, 0, 0];
        likely.extend_from_slice(&bytes);
        let _any = (read::<Vector>(&likely), read::<HalfVector>(&likely));
        let mut likely = vec![0, 0, 0, 9, 0, 0, 0, head, 0, 0, 0, 0];
        likely.extend_from_slice(&bytes);
        let _any = read::<SparseVector>(&likely);
    }

    #[test]
    fn what_is_written_is_read(numbers in prop::collection::vec(-1e30_f32..1e30, 1..40)) {
        let vector = Vector(numbers.clone());
        prop_assert_eq!(read(&written(&vector, "vector").unwrap()), Ok(vector));
        let half = HalfVector::rounded(numbers.iter().map(|number| number / 1e26));
        prop_assert_eq!(read(&written(&half, "halfvec").unwrap()), Ok(half));
        let sparse = SparseVector::from_dense(&numbers);
        prop_assert_eq!(read(&written(&sparse, "sparsevec").unwrap()), Ok(sparse));
    }
}
