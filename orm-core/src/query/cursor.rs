//! [`Cursor`]: a place in an order, as text that survives a URL.
//!
//! The text is base64 (RFC 4648, section 5, no padding) of: a version, flags, the fingerprint of the order, the value of each
//! key in PostgreSQL's binary format, and a checksum (SipHash-2-4) over all of it. It is only ever read with every length
//! checked, and what comes out of it becomes parameters.

use crate::error::{Error, ErrorKind, Result};
use std::fmt;

/// A place in the order of a query: where a page ends, or begins.
///
/// It is text of letters, digits, `-` and `_`: it can be put into a URL as it is. It holds the values of the keys that the
/// order has, which whoever gets it can read. See [`Query::page`](super::Query::page).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Cursor(String);

impl Cursor {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Any text: whether it is a cursor of the query is found out when the page is read.
impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Any text: whether it is a cursor of the query is found out when the page is read.
impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

/// What `after` and `before` take: a [`Cursor`], its text, or an `Option` of one, where `None` is the first page.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cursor",
    label = "give `page.next` or `page.previous` of another page, or its text"
)]
pub trait IntoCursor {
    #[doc(hidden)]
    fn into_cursor(self) -> Option<Cursor>;
}

macro_rules! into_cursor {
    ($($text:ty),*) => {$(
        impl IntoCursor for $text {
            fn into_cursor(self) -> Option<Cursor> {
                Some(Cursor::from(self))
            }
        }
    )*};
}

into_cursor!(Cursor, String, &str);

impl IntoCursor for &Cursor {
    fn into_cursor(self) -> Option<Cursor> {
        Some(self.clone())
    }
}

impl IntoCursor for &String {
    fn into_cursor(self) -> Option<Cursor> {
        Some(Cursor::from(self.as_str()))
    }
}

impl<C: IntoCursor> IntoCursor for Option<C> {
    fn into_cursor(self) -> Option<Cursor> {
        self.and_then(C::into_cursor)
    }
}

/// The value of a key, in PostgreSQL's binary format; `None` is NULL.
pub(crate) type KeyValue = Option<Vec<u8>>;

/// What a cursor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The order it is a place in.
    pub(crate) fingerprint: u64,
    /// The row of the place is part of the page.
    pub(crate) inclusive: bool,
    /// The values of the keys.
    pub(crate) values: Vec<KeyValue>,
}

/// The key of the checksum where none is given: the checksum then finds accidents, and no intent.
pub(crate) const NO_KEY: [u8; 16] = *b"orm-keyset-pages";

const VERSION: u8 = 1;
const INCLUSIVE: u8 = 1;

impl Place {
    /// The cursor.
    pub(crate) fn to_cursor(&self, key: &[u8; 16]) -> Cursor {
        let mut bytes = vec![VERSION, if self.inclusive { INCLUSIVE } else { 0 }];
        bytes.extend(self.fingerprint.to_be_bytes());
        for value in &self.values {
            // A value is at most 1 GiB: the server sent it.
            let length =
                value.as_ref().map_or(-1, |value| i32::try_from(value.len()).unwrap_or(-1));
            bytes.extend(length.to_be_bytes());
            bytes.extend(value.iter().flatten());
        }
        bytes.extend(siphash(key, &bytes).to_be_bytes());
        Cursor(to_base64(&bytes))
    }

    /// What a cursor says.
    ///
    /// # Errors
    /// It was changed or cut short, or another program made it.
    pub(crate) fn of_cursor(cursor: &Cursor, key: &[u8; 16]) -> Result<Self> {
        let damaged = || {
            Error::new(ErrorKind::Cursor, "the cursor was changed, cut short, or made elsewhere")
                .with_hint("start again at the first page")
        };
        let bytes = of_base64(&cursor.0).ok_or_else(damaged)?;
        let (body, checksum) = bytes.split_last_chunk::<8>().ok_or_else(damaged)?;
        if u64::from_be_bytes(*checksum) != siphash(key, body) {
            return Err(damaged());
        }
        Self::of_body(body).ok_or_else(damaged)
    }

    fn of_body(body: &[u8]) -> Option<Self> {
        let ([version, flags], rest) = body.split_first_chunk::<2>()?;
        if *version != VERSION || *flags > INCLUSIVE {
            return None;
        }
        let (fingerprint, mut rest) = rest.split_first_chunk::<8>()?;
        let mut values = Vec::new();
        while !rest.is_empty() {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let length = i32::from_be_bytes(*length);
            rest = after;
            values.push(if length == -1 {
                None
            } else {
                let (value, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                rest = after;
                Some(value.to_vec())
            });
        }
        let fingerprint = u64::from_be_bytes(*fingerprint);
        Some(Self { fingerprint, inclusive: *flags == INCLUSIVE, values })
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        for (to, from) in group.iter_mut().skip(1).zip(chunk) {
            *to = *from;
        }
        let bits = u32::from_be_bytes(group);
        for shift in [18, 12, 6, 0].into_iter().take(chunk.len() + 1) {
            let place = usize::try_from(bits >> shift & 63).unwrap_or_default();
            text.extend(ALPHABET.get(place).map(|byte| char::from(*byte)));
        }
    }
    text
}

/// `None` where it is no base64, or not the one text that its bytes have.
fn of_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for byte in chunk {
            let place = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(place);
        }
        let missing = 4 - chunk.len();
        bits <<= 6 * missing;
        let [_, group @ ..] = bits.to_be_bytes();
        let count = 3usize.checked_sub(missing).filter(|count| *count > 0)?;
        let (these, rest) = group.split_at_checked(count)?;
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend(these);
    }
    Some(bytes)
}

/// SipHash-2-4 (Aumasson and Bernstein): a checksum that cannot be made without the key.
pub(crate) fn siphash(key: &[u8; 16], bytes: &[u8]) -> u64 {
    let (low, high) = key.split_at(8);
    let (k0, k1) = (little(low), little(high));
    let mut state = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        take(&mut state, little(word));
    }
    // The last word has what is left, and the length modulo 256 as its highest byte.
    let length = u64::try_from(bytes.len() % 256).unwrap_or_default();
    take(&mut state, little(words.remainder()) | length << 56);
    let [_, _, v2, _] = &mut state;
    *v2 ^= 0xff;
    for _ in 0..4 {
        round(&mut state);
    }
    state.into_iter().fold(0, |all, word| all ^ word)
}

fn take(state: &mut [u64; 4], word: u64) {
    let [_, _, _, v3] = state;
    *v3 ^= word;
    round(state);
    round(state);
    let [v0, ..] = state;
    *v0 ^= word;
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte))
}

fn round([v0, v1, v2, v3]: &mut [u64; 4]) {
    *v0 = v0.wrapping_add(*v1);
    *v1 = v1.rotate_left(13) ^ *v0;
    *v0 = v0.rotate_left(32);
    *v2 = v2.wrapping_add(*v3);
    *v3 = v3.rotate_left(16) ^ *v2;
    *v0 = v0.wrapping_add(*v3);
    *v3 = v3.rotate_left(21) ^ *v0;
    *v2 = v2.wrapping_add(*v1);
    *v1 = v1.rotate_left(17) ^ *v2;
    *v2 = v2.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refusal(cursor: &Cursor, key: &[u8; 16]) -> ErrorKind {
        Place::of_cursor(cursor, key).expect_err("it is refused").kind()
    }

    #[test]
    fn the_checksum_is_that_of_the_paper() {
        let key = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let bytes: Vec<u8> = (0..15).collect();
        assert_eq!(siphash(&key, &bytes), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn a_cursor_is_refused_with_another_key() {
        let place = Place { fingerprint: 7, inclusive: false, values: vec![None, Some(vec![1])] };
        let cursor = place.to_cursor(&[1; 16]);
        assert_eq!(Place::of_cursor(&cursor, &[1; 16]).unwrap(), place);
        assert_eq!(refusal(&cursor, &[2; 16]), ErrorKind::Cursor);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cursor_comes_back_as_it_was_and_nothing_else_does(
            fingerprint in any::<u64>(),
            inclusive in any::<bool>(),
            values in prop::collection::vec(prop::option::of(prop::collection::vec(any::<u8>(), 0..20)), 0..5),
            at in any::<prop::sample::Index>(),
            other in "[A-Za-z0-9_-]",
        ) {
            let place = Place { fingerprint, inclusive, values };
            let cursor = place.to_cursor(&NO_KEY);
            prop_assert!(cursor.0.bytes().all(|byte| ALPHABET.contains(&byte)));
            prop_assert_eq!(&Place::of_cursor(&cursor, &NO_KEY).unwrap(), &place);
            let at = at.index(cursor.0.len());
            prop_assert_eq!(refusal(&cursor.0[..at].into(), &NO_KEY), ErrorKind::Cursor);
            let mut changed = cursor.0.clone();
            changed.replace_range(at..=at, &other);
            if changed != cursor.0 {
                prop_assert_eq!(refusal(&changed.into(), &NO_KEY), ErrorKind::Cursor);
            }
        }

        #[test]
        fn no_text_and_no_bytes_make_it_panic(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let _ = Place::of_cursor(&text.into(), &NO_KEY);
            let _ = Place::of_cursor(&to_base64(&bytes).into(), &NO_KEY);
            let _ = Place::of_body(&bytes);
        }
    }
}
