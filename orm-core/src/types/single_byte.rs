//! `"char"`, the type of one byte: manual, section 8.3.

use super::fixed::fixed;
use super::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;

/// A `"char"`: one byte, as the catalogs of PostgreSQL use it for kinds of objects. It is another type than `char(1)`, which a
/// `String` holds.
///
/// ```
/// use orm_core::types::Char;
/// let table = Char(b'r');
/// assert_eq!(table.to_string(), "r");
/// assert_eq!(Char::try_from('r'), Ok(table));
/// assert_eq!(Char::try_from('é').unwrap_err().to_string(), "'é' is no `\"char\"`: it has one byte, an ASCII character");
/// // The server writes the bytes that are no characters so, and nothing for zero.
/// assert_eq!(Char(255).to_string(), "\\377");
/// assert_eq!(Char(0).to_string(), "");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Char(pub u8);

/// A character is no [`Char`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharError(char);

impl fmt::Display for CharError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no `\"char\"`: it has one byte, an ASCII character", self.0)
    }
}

impl std::error::Error for CharError {}

impl TryFrom<char> for Char {
    type Error = CharError;

    fn try_from(character: char) -> Result<Self, CharError> {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        byte.map(Self).ok_or(CharError(character))
    }
}

impl fmt::Display for Char {
    /// As the server writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            byte if byte.is_ascii() => fmt::Display::fmt(&char::from(byte), f),
            byte => write!(f, "\\{byte:o}"),
        }
    }
}

sql_type!(for Char, "\"char\"", CHAR, CHAR_ARRAY);

impl CustomType for Char {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "\"char\"";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let [byte] = fixed("`\"char\"`", raw)?;
        Ok(Self(byte))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_u8(self.0);
        Ok(())
    }
}
