//! The text of an [`Hstore`], as the server reads and writes it.

use super::Hstore;
use crate::types::InvalidValue;
use std::fmt::{self, Write as _};
use std::iter::Peekable;
use std::str::{Chars, FromStr};

/// As the server writes it: keys with fewer bytes first.
impl fmt::Display for Hstore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<_> = self.0.iter().collect();
        pairs.sort_by_key(|(key, _)| key.len());
        for (place, (key, value)) in pairs.into_iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            write_quoted(key, f)?;
            f.write_str("=>")?;
            match value {
                Some(value) => write_quoted(value, f)?,
                None => f.write_str("NULL")?,
            }
        }
        Ok(())
    }
}

fn write_quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}

impl FromStr for Hstore {
    type Err = InvalidValue;

    /// Pairs, `key=>value`, with commas between. What has other signs than letters and digits is quoted, `"a b"=>"1, 2"`, and has a
    /// `\` before `"` and `\`; `NULL` without quotes is no text.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let pairs = Pairs { rest: text.chars().peekable() }.read();
        let why = "it is written \"key\"=>\"value\", \"key\"=>NULL";
        pairs.ok_or_else(|| InvalidValue::new(text, "hstore", why))
    }
}

struct Pairs<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Pairs<'_> {
    fn read(mut self) -> Option<Hstore> {
        let mut pairs = Hstore::new();
        self.skip_spaces();
        while self.rest.peek().is_some() {
            let (key, _) = self.word(&['=', ',', '"'])?;
            self.skip_spaces();
            if self.rest.next() != Some('=') || self.rest.next() != Some('>') {
                return None;
            }
            self.skip_spaces();
            let (value, is_quoted) = self.word(&[','])?;
            let is_null = !is_quoted && value.eq_ignore_ascii_case("null");
            // Of two equal keys the server keeps the first.
            pairs.entry(key).or_insert((!is_null).then_some(value));
            self.skip_spaces();
            match self.rest.next() {
                None => break,
                Some(',') => self.skip_spaces(),
                Some(_) => return None,
            }
        }
        Some(pairs)
    }

    fn skip_spaces(&mut self) {
        while self.rest.next_if(|next| next.is_whitespace()).is_some() {}
    }

    /// A text, and whether it is quoted. One without quotes ends before spaces and these signs.
    fn word(&mut self, ends: &[char]) -> Option<(String, bool)> {
        let mut word = String::new();
        if self.rest.next_if_eq(&'"').is_some() {
            loop {
                match self.rest.next()? {
                    '"' => return Some((word, true)),
                    '\\' => word.push(self.rest.next()?),
                    other => word.push(other),
                }
            }
        }
        let ends = |next: &char| next.is_whitespace() || ends.contains(next);
        while let Some(next) = self.rest.next_if(|next| !ends(next)) {
            word.push(if next == '\\' { self.rest.next()? } else { next });
        }
        (!word.is_empty()).then_some((word, false))
    }
}
