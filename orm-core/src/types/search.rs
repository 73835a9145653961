//! The types of full-text search: manual, section 8.11.

mod query;
mod text;
mod vector;

pub use query::{TsQuery, TsQueryPart};
pub use text::SearchTextError;
pub use vector::{TsVector, TsVectorError, TsVectorWord};

use super::Failure;
use std::fmt;

/// How much the words of a part of a document count (manual, section 12.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Weight {
    /// The least, which words have by themselves.
    #[default]
    D,
    /// More.
    C,
    /// More still.
    B,
    /// The most.
    A,
}

impl Weight {
    /// All of them, as they are numbered on the wire.
    const ALL: [Self; 4] = [Self::D, Self::C, Self::B, Self::A];

    /// Its letter.
    const fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
        }
    }

    /// The weight of that letter, of either case.
    fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|weight| weight.letter() == letter.to_ascii_uppercase())
    }
}

/// How long a word can be in bytes: less than `MAXSTRLEN` of PostgreSQL.
const WORD_LENGTH_MAX: usize = 2046;

/// Whether a word can be sent.
///
/// # Errors
/// It is too long, or has a zero byte.
fn check_word(word: &str) -> Result<(), Failure> {
    if word.len() > WORD_LENGTH_MAX {
        let length = word.len();
        return Err(format!("a word has {length} bytes, and {WORD_LENGTH_MAX} are the most").into());
    }
    if word.contains('\0') {
        return Err("a word has a zero byte in it".into());
    }
    Ok(())
}

/// A word in quotes, as the server writes it.
fn write_word(word: &str, f: &mut impl fmt::Write) -> fmt::Result {
    f.write_char('\'')?;
    for character in word.chars() {
        if matches!(character, '\'' | '\\') {
            f.write_char(character)?;
        }
        f.write_char(character)?;
    }
    f.write_char('\'')
}

/// The text up to a zero byte, and what is after it.
///
/// # Errors
/// There is no zero byte, or what is before it is no text.
fn terminated(raw: &[u8]) -> Result<(&str, &[u8]), Failure> {
    let end = raw.iter().position(|byte| *byte == 0).ok_or("a word has no end")?;
    let (word, rest) = raw.split_at_checked(end).ok_or("a word has no end")?;
    Ok((std::str::from_utf8(word)?, rest.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
