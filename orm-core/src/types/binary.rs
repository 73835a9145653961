//! Binary strings of other Rust types than `Vec<u8>`: manual, section 8.4.

use super::{Bytea, CustomType, Failure};
use bytes::{Bytes, BytesMut};
use postgres_types::Type;

/// Bytes that are cloned without being copied.
impl CustomType for Bytes {
    type Sql = Bytea;
    type Element = Bytea;
    const DATA_TYPE: &'static str = "bytea";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self::copy_from_slice(raw))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(self);
        Ok(())
    }
}

/// As many bytes as the type says: a hash, a key. Others are an error when they are read. The server knows nothing of the number:
/// `check = "octet_length(digest) = 32"` has it refuse others.
impl<const N: usize> CustomType for [u8; N] {
    type Sql = Bytea;
    type Element = Bytea;
    const DATA_TYPE: &'static str = "bytea";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let found = raw.len();
        raw.try_into().map_err(|_| format!("it has {found} bytes, and `[u8; {N}]` has {N}").into())
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_length_is_an_error_that_names_both() {
        let read = |raw| <[u8; 4] as CustomType>::read(&Type::BYTEA, raw);
        assert_eq!(read(&[1, 2, 3, 4]).unwrap(), [1, 2, 3, 4]);
        for (raw, found) in [(&[] as &[u8], 0), (&[1, 2, 3], 3), (&[0; 5], 5)] {
            let error = read(raw).unwrap_err().to_string();
            assert_eq!(error, format!("it has {found} bytes, and `[u8; 4]` has 4"));
        }
    }
}
