//! Bit strings: manual, section 8.10.

use super::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;
use std::str::FromStr;

/// A string of bits, in a column that is declared `bit varying`, `bit varying(n)` or `bit(n)`.
///
/// A column of type `bit(n)` takes strings of `n` bits only: the server refuses others, and `bit` alone is `bit(1)`.
///
/// ```
/// use orm_core::types::Bits;
/// let bits: Bits = "0101".parse()?;
/// assert_eq!((bits.len(), bits.get(1), bits.get(4)), (4, Some(true), None));
/// assert_eq!(bits.to_string(), "0101");
/// assert_eq!([false, true, false, true].into_iter().collect::<Bits>(), bits);
/// assert_eq!("012".parse::<Bits>().unwrap_err().to_string(), "'2' is no bit: `0` or `1` is expected");
/// # Ok::<(), orm_core::types::BitsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bits {
    /// How many bits there are.
    length: usize,
    /// Eight bits each, the first one the highest. Those after the last are zero.
    bytes: Vec<u8>,
}

impl Bits {
    /// The first `length` bits of these bytes, of which each begins with its highest bit; none where there are too few.
    ///
    /// ```
    /// use orm_core::types::Bits;
    /// assert_eq!(Bits::of_bytes(&[0b1010_0000], 3).map(|bits| bits.to_string()).as_deref(), Some("101"));
    /// assert_eq!(Bits::of_bytes(&[0b1010_0000], 9), None);
    /// ```
    pub fn of_bytes(bytes: &[u8], length: usize) -> Option<Self> {
        let mut bytes = bytes.get(..length.div_ceil(8))?.to_vec();
        if let (Some(last), 1..) = (bytes.last_mut(), length % 8) {
            *last &= 0xff << (8 - length % 8);
        }
        Some(Self { length, bytes })
    }

    /// How many bits there are.
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bit at that place, from the left; none after the last.
    pub fn get(&self, place: usize) -> Option<bool> {
        let byte = self.bytes.get(place / 8).filter(|_| place < self.length)?;
        Some(byte & (0x80 >> (place % 8)) != 0)
    }

    /// The bits from left to right.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.length).filter_map(|place| self.get(place))
    }

    /// The bytes: eight bits each, the first one the highest. The bits after the last are zero.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts a bit after the last.
    pub fn push(&mut self, bit: bool) {
        if self.length.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.length % 8);
        }
        self.length += 1;
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut all = Self::default();
        bits.into_iter().for_each(|bit| all.push(bit));
        all
    }
}

impl fmt::Display for Bits {
    /// `0` and `1`, as the server writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|bit| f.write_str(if bit { "1" } else { "0" }))
    }
}

/// A text has something else in it than bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitsError(char);

impl fmt::Display for BitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no bit: `0` or `1` is expected", self.0)
    }
}

impl std::error::Error for BitsError {}

impl FromStr for Bits {
    type Err = BitsError;

    fn from_str(text: &str) -> Result<Self, BitsError> {
        text.chars()
            .map(|character| match character {
                '0' => Ok(false),
                '1' => Ok(true),
                other => Err(BitsError(other)),
            })
            .collect()
    }
}

sql_type!(for Bits, "bit varying", VARBIT, VARBIT_ARRAY);

impl CustomType for Bits {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "bit varying";
    const DECLARED_AS: &'static [&'static str] = &["bit"];

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::VARBIT | Type::BIT)
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (length, bytes) = raw.split_first_chunk::<4>().ok_or("a bit string ends too early")?;
        let length = usize::try_from(i32::from_be_bytes(*length))
            .map_err(|_| "a bit string has a negative length")?;
        let bits = Self::of_bytes(bytes, length).filter(|bits| bits.bytes.len() == bytes.len());
        bits.ok_or_else(|| "a bit string has another length than it says".into())
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i32(i32::try_from(self.length).map_err(|_| "a bit string has too many bits")?);
        out.extend_from_slice(&self.bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &[u8]) -> Result<Bits, String> {
        <Bits as CustomType>::read(&Type::VARBIT, raw).map_err(|error| error.to_string())
    }

    #[test]
    fn bits_are_counted_from_the_left() {
        assert_eq!(read(&[0, 0, 0, 9, 0b1000_0000, 0b1000_0000]).unwrap().to_string(), "100000001");
        assert_eq!(read(&[0, 0, 0, 0]).unwrap(), Bits::default());
    }

    #[test]
    fn what_is_after_the_last_bit_says_nothing() {
        assert_eq!(read(&[0, 0, 0, 1, 0xff]).unwrap(), "1".parse().unwrap());
    }

    #[test]
    fn another_length_than_is_there_is_an_error() {
        let wrong = "a bit string has another length than it says";
        assert_eq!(read(&[0, 0, 0, 9, 0]).unwrap_err(), wrong);
        assert_eq!(read(&[0, 0, 0, 8, 0, 0]).unwrap_err(), wrong);
        assert_eq!(read(&[0x7f, 0xff, 0xff, 0xff, 0]).unwrap_err(), wrong);
        assert_eq!(read(&[0xff; 4]).unwrap_err(), "a bit string has a negative length");
        assert_eq!(read(&[0, 0]).unwrap_err(), "a bit string ends too early");
    }
}
