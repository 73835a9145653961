//! [`MacAddr`] and [`MacAddr8`]: manual, sections 8.9.4 and 8.9.5.

use crate::types::{CustomType, Failure, InvalidValue, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;
use std::str::FromStr;

/// A value of type `macaddr`: the address of a network card, in 6 bytes.
///
/// ```
/// use orm_core::types::MacAddr;
/// let card: MacAddr = "08-00-2B-01-02-03".parse()?;
/// assert_eq!(card, MacAddr([0x08, 0x00, 0x2b, 0x01, 0x02, 0x03]));
/// assert_eq!(card.to_string(), "08:00:2b:01:02:03");
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MacAddr(pub [u8; 6]);

/// A value of type `macaddr8`: the address of a network card, in 8 bytes.
///
/// ```
/// use orm_core::types::{MacAddr, MacAddr8};
/// let card = MacAddr8::from(MacAddr([0x08, 0x00, 0x2b, 0x01, 0x02, 0x03]));
/// assert_eq!(card.to_string(), "08:00:2b:ff:fe:01:02:03");
/// assert_eq!("08:00:2b:01:02:03".parse::<MacAddr8>()?, card);
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MacAddr8(pub [u8; 8]);

sql_type!(for MacAddr, "macaddr", MACADDR, MACADDR_ARRAY);
sql_type!(for MacAddr8, "macaddr8", MACADDR8, MACADDR8_ARRAY);

/// As the server makes 8 bytes of 6: `ff:fe` in the middle.
impl From<MacAddr> for MacAddr8 {
    fn from(short: MacAddr) -> Self {
        let [a, b, c, d, e, f] = short.0;
        Self([a, b, c, 0xff, 0xfe, d, e, f])
    }
}

impl TryFrom<MacAddr8> for MacAddr {
    type Error = InvalidValue;

    fn try_from(long: MacAddr8) -> Result<Self, InvalidValue> {
        let [a, b, c, 0xff, 0xfe, d, e, f] = long.0 else {
            let why = "only what has ff:fe in the middle can be written in 6 bytes";
            return Err(InvalidValue::new(long, "macaddr", why));
        };
        Ok(Self([a, b, c, d, e, f]))
    }
}

fn write_bytes(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, byte) in bytes.iter().enumerate() {
        let separator = if place == 0 { "" } else { ":" };
        write!(f, "{separator}{byte:02x}")?;
    }
    Ok(())
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bytes(&self.0, f)
    }
}

impl fmt::Display for MacAddr8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bytes(&self.0, f)
    }
}

/// The bytes of an address whose digits are separated by one kind of sign, or none, between bytes.
fn parse(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim();
    let separator = digits.chars().find(|sign| !sign.is_ascii_hexdigit());
    if separator.is_some_and(|sign| !matches!(sign, ':' | '-' | '.')) {
        return None;
    }
    let mut bytes = Vec::new();
    for group in digits.split(|sign| Some(sign) == separator) {
        if group.is_empty() || group.len() % 2 != 0 {
            return None;
        }
        for pair in group.as_bytes().chunks(2) {
            let mut byte = 0;
            for digit in pair {
                byte = byte * 16 + u8::try_from(char::from(*digit).to_digit(16)?).ok()?;
            }
            bytes.push(byte);
        }
    }
    Some(bytes)
}

impl FromStr for MacAddr {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let bytes = parse(text).and_then(|bytes| bytes.try_into().ok());
        let why = "it is not written with 6 pairs of hexadecimal digits: 08:00:2b:01:02:03";
        bytes.map(Self).ok_or_else(|| InvalidValue::new(text, "macaddr", why))
    }
}

impl FromStr for MacAddr8 {
    type Err = InvalidValue;

    /// In 8 bytes, or in 6 as a `macaddr` is.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let bytes = parse(text).unwrap_or_default();
        if let Ok(short) = <[u8; 6]>::try_from(bytes.as_slice()) {
            return Ok(MacAddr(short).into());
        }
        let why = "it is not written with 8 pairs of hexadecimal digits: 08:00:2b:01:02:03:04:05";
        bytes.try_into().map(Self).map_err(|_| InvalidValue::new(text, "macaddr8", why))
    }
}

macro_rules! custom_type {
    ($($rust:ident $sql:literal $count:literal;)*) => {$(
        impl CustomType for $rust {
            type Sql = Self;
            type Element = Self;
            const DATA_TYPE: &'static str = $sql;

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                let bytes = raw.try_into().map_err(|_| {
                    format!(concat!("a `", $sql, "` has ", $count, " bytes, not {}"), raw.len())
                })?;
                Ok(Self(bytes))
            }

            fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                out.put_slice(&self.0);
                Ok(())
            }
        }
    )*};
}

custom_type! { MacAddr "macaddr" 6; MacAddr8 "macaddr8" 8; }
