//! A message of the compiler that is put together while constants are evaluated, where nothing allocates.

/// The longest message, in bytes; what no longer fits is left out.
const LENGTH_MAX: usize = 2048;

/// What does not fit together, in words.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; LENGTH_MAX],
    length: usize,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Message {
    pub(super) const EMPTY: Self = Self { bytes: [0; LENGTH_MAX], length: 0 };

    /// The same, and these parts.
    pub(super) const fn and(mut self, parts: &[&str]) -> Self {
        let mut part = 0;
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            if self.length + bytes.len() <= LENGTH_MAX {
                let mut at = 0;
                while at < bytes.len() {
                    self.bytes[self.length] = bytes[at];
                    self.length += 1;
                    at += 1;
                }
            }
            part += 1;
        }
        self
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Its text.
    pub const fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}
