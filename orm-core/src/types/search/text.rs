//! Words in the text of a `tsvector` or a `tsquery`.

use super::Weight;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// A text is no [`TsVector`](super::TsVector) or [`TsQuery`](super::TsQuery): what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchTextError(pub(super) String);

impl fmt::Display for SearchTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SearchTextError {}

pub(super) fn error(text: impl Into<String>) -> SearchTextError {
    SearchTextError(text.into())
}

/// A text that is read from left to right.
pub(super) struct Reader<'a>(Peekable<Chars<'a>>);

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.chars().peekable())
    }

    /// The next character that is no space; it is not consumed.
    pub(super) fn peek_word(&mut self) -> Option<char> {
        while self.0.next_if(|character| character.is_ascii_whitespace()).is_some() {}
        self.0.peek().copied()
    }

    /// The next character, if it is that one.
    pub(super) fn take(&mut self, expected: char) -> bool {
        self.0.next_if_eq(&expected).is_some()
    }

    /// The next character.
    pub(super) fn next(&mut self) -> Option<char> {
        self.0.next()
    }

    /// A number, as far as it goes.
    pub(super) fn number(&mut self) -> Option<u32> {
        let mut digits = String::new();
        while let Some(digit) = self.0.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    /// The weight whose letter is next.
    pub(super) fn weight(&mut self) -> Option<Weight> {
        let weight = self.0.peek().copied().and_then(Weight::of_letter)?;
        self.0.next();
        Some(weight)
    }

    /// A word: in quotes, or up to a space, a colon or one of `ends`. A backslash is before a character that means itself.
    pub(super) fn word(&mut self, ends: &str) -> Result<String, SearchTextError> {
        let mut word = String::new();
        if self.take('\'') {
            loop {
                match self.0.next().ok_or_else(|| error("a quote is not closed"))? {
                    '\'' if !self.take('\'') => return Ok(word),
                    '\\' => word.push(self.escaped()?),
                    character => word.push(character),
                }
            }
        }
        let is_end = |character: &char| {
            character.is_ascii_whitespace() || *character == ':' || ends.contains(*character)
        };
        while let Some(character) = self.0.next_if(|character| !is_end(character)) {
            word.push(if character == '\\' { self.escaped()? } else { character });
        }
        if word.is_empty() {
            return Err(error("a word is expected"));
        }
        Ok(word)
    }

    fn escaped(&mut self) -> Result<char, SearchTextError> {
        self.0.next().ok_or_else(|| error("a backslash is the last character"))
    }
}
