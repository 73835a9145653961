//! Positions in the write-ahead log: manual, section 8.20.

use super::fixed::fixed;
use super::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;
use std::str::FromStr;

/// A `pg_lsn`: a place in the write-ahead log, counted in bytes from its beginning.
///
/// ```
/// use orm_core::types::PgLsn;
/// let place: PgLsn = "16/B374D848".parse()?;
/// assert_eq!(place, PgLsn(0x16_B374_D848));
/// assert_eq!(place.to_string(), "16/B374D848");
/// assert_eq!("16".parse::<PgLsn>().unwrap_err().to_string(), "`16` is no `pg_lsn`: two hexadecimal numbers, `16/B374D848`");
/// # Ok::<(), orm_core::types::PgLsnError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PgLsn(pub u64);

/// A text is no [`PgLsn`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PgLsnError(String);

impl fmt::Display for PgLsnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no `pg_lsn`: two hexadecimal numbers, `16/B374D848`", self.0)
    }
}

impl std::error::Error for PgLsnError {}

impl fmt::Display for PgLsn {
    /// As the server writes it: the upper and the lower four bytes, hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & u64::from(u32::MAX))
    }
}

impl FromStr for PgLsn {
    type Err = PgLsnError;

    fn from_str(text: &str) -> Result<Self, PgLsnError> {
        let part = |part: &str| {
            let is_hexadecimal = part.bytes().all(|byte| byte.is_ascii_hexdigit());
            u32::from_str_radix(part, 16).ok().filter(|_| is_hexadecimal).map(u64::from)
        };
        let parts = text.split_once('/').and_then(|(upper, lower)| part(upper).zip(part(lower)));
        let (upper, lower) = parts.ok_or_else(|| PgLsnError(text.chars().take(40).collect()))?;
        Ok(Self(upper << 32 | lower))
    }
}

sql_type!(for PgLsn, "pg_lsn", PG_LSN, PG_LSN_ARRAY);

impl CustomType for PgLsn {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "pg_lsn";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(u64::from_be_bytes(fixed("`pg_lsn`", raw)?)))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_u64(self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_place_is_an_error() {
        for text in ["", "/", "1/", "/1", "1/2/3", "g/0", "+1/2", "123456789/0", " 1/2"] {
            assert!(text.parse::<PgLsn>().is_err(), "{text}");
        }
        let most: PgLsn = "FFFFFFFF/ffffffff".parse().unwrap();
        assert_eq!(most, PgLsn(u64::MAX));
        assert_eq!(most.to_string().parse(), Ok(most));
    }
}
