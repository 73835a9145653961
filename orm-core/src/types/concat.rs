//! Names that are made of other names when the program is compiled.

/// The longest name of an array type: a schema and a name of 63 bytes each, where each character is a quote that is doubled, two pairs
/// of quotes, a point, and what follows.
const LENGTH_MAX: usize = 2 * (2 * 63 + 2) + 1 + 2;

/// A text of a length that only the compiler knows.
pub(super) struct ConstText {
    bytes: [u8; LENGTH_MAX],
    length: usize,
}

impl ConstText {
    /// The one text and the other after it.
    ///
    /// # Panics
    /// When the program is compiled: they are longer than names are.
    pub(super) const fn concat(first: &str, second: &str) -> Self {
        let mut text = Self { bytes: [0; LENGTH_MAX], length: 0 };
        text.push(first.as_bytes());
        text.push(second.as_bytes());
        text
    }

    const fn push(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            assert!(self.length < LENGTH_MAX, "the name of a type is too long");
            self.bytes[self.length] = bytes[at];
            self.length += 1;
            at += 1;
        }
    }

    pub(super) const fn as_str(&'static self) -> &'static str {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            // Made of texts.
            Err(_) => "",
        }
    }
}
