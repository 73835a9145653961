//! Reading values of a fixed size.

use super::Failure;

/// The bytes of a value that always has that many.
///
/// # Errors
/// There are more or fewer; `of` is the name of the type.
pub(super) fn fixed<const N: usize>(of: &str, raw: &[u8]) -> Result<[u8; N], Failure> {
    let found = raw.len();
    raw.try_into().map_err(|_| format!("{of} has {N} bytes, not {found}").into())
}
