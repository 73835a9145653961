//! The texts of ranges and multiranges, as psql shows them: manual, section 8.17.5.

use super::{Multirange, Range, RangeElement};
use crate::types::Failure;
use std::fmt::{self, Write as _};
use std::ops::Bound;
use std::str::FromStr;

/// As psql shows it: `[1,4)`, `empty`, `["2026-01-01 00:00:00+00",)`.
impl<T: RangeElement> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((lower, upper)) = self.bounds() else { return f.write_str("empty") };
        f.write_char(if matches!(lower, Bound::Included(_)) { '[' } else { '(' })?;
        if let Bound::Included(value) | Bound::Excluded(value) = lower {
            write_value(&value.to_text(), f)?;
        }
        f.write_char(',')?;
        if let Bound::Included(value) | Bound::Excluded(value) = upper {
            write_value(&value.to_text(), f)?;
        }
        f.write_char(if matches!(upper, Bound::Included(_)) { ']' } else { ')' })
    }
}

/// `range_bound_escape` of PostgreSQL.
fn write_value(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_special = |c: char| is_space(c) || "\"\\()[],".contains(c);
    if !text.is_empty() && !text.contains(is_special) {
        return f.write_str(text);
    }
    f.write_char('"')?;
    for c in text.chars() {
        if c == '"' || c == '\\' {
            f.write_char(c)?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

/// `isspace` of C.
fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

/// As psql shows it: `{[1,4),[6,8)}`.
impl<T: RangeElement> fmt::Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, range) in self.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write!(f, "{range}")?;
        }
        f.write_char('}')
    }
}

/// The text as PostgreSQL reads it: bounds in brackets or parentheses, or `empty`.
impl<T: RangeElement> FromStr for Range<T> {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let mut rest = Rest(text);
        let range = rest.range().map_err(|why| not_one("range", text, &why))?;
        rest.end().map_err(|why| not_one("range", text, &why))?;
        match range.fault() {
            None => Ok(range),
            Some(fault) => Err(fault.into()),
        }
    }
}

/// The text as PostgreSQL reads it: ranges in braces.
impl<T: RangeElement> FromStr for Multirange<T> {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let ranges = Rest(text).ranges().map_err(|why| not_one("multirange", text, &why))?;
        match ranges.iter().find_map(Range::fault) {
            None => Ok(Self::new(ranges)),
            Some(fault) => Err(fault.into()),
        }
    }
}

fn not_one(what: &str, text: &str, why: &Failure) -> Failure {
    format!("`{text}` is not the text of a {what}: {why}").into()
}

/// The text that is still to be read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn skip_space(&mut self) {
        self.0 = self.0.trim_start_matches(is_space);
    }

    /// Reads one of these characters.
    fn one_of(&mut self, wanted: &str) -> Result<char, Failure> {
        match self.0.chars().next().filter(|c| wanted.contains(*c)) {
            Some(found) => {
                // Each of them is one byte.
                self.0 = self.0.get(1..).unwrap_or_default();
                Ok(found)
            }
            None => Err(format!("one of `{wanted}` is expected before `{}`", self.0).into()),
        }
    }

    fn end(&mut self) -> Result<(), Failure> {
        self.skip_space();
        match self.0 {
            "" => Ok(()),
            rest => Err(format!("`{rest}` is after its end").into()),
        }
    }

    fn ranges<T: RangeElement>(&mut self) -> Result<Vec<Range<T>>, Failure> {
        self.skip_space();
        self.one_of("{")?;
        self.skip_space();
        let mut ranges = Vec::new();
        if self.0.starts_with('}') {
            self.one_of("}")?;
        } else {
            loop {
                ranges.push(self.range()?);
                self.skip_space();
                if self.one_of(",}")? == '}' {
                    break;
                }
            }
        }
        self.end()?;
        Ok(ranges)
    }

    fn range<T: RangeElement>(&mut self) -> Result<Range<T>, Failure> {
        self.skip_space();
        if let Some((word, rest)) = self.0.split_at_checked("empty".len())
            && word.eq_ignore_ascii_case("empty")
        {
            self.0 = rest;
            return Ok(Range::empty());
        }
        let lower_is_in = self.one_of("[(")? == '[';
        let lower = self.value()?;
        self.one_of(",")?;
        let upper = self.value()?;
        let upper_is_in = self.one_of("])")? == ']';
        Ok(Range::new(bound(lower, lower_is_in), bound(upper, upper_is_in)))
    }

    /// The value of a bound; none where there is no text.
    fn value<T: RangeElement>(&mut self) -> Result<Option<T>, Failure> {
        let (mut value, mut is_quoted, mut is_given) = (String::new(), false, false);
        let mut chars = self.0.char_indices();
        let end = loop {
            let Some((at, c)) = chars.next() else {
                return Err("it ends too early".into());
            };
            match c {
                '\\' => match chars.next() {
                    Some((_, escaped)) => value.push(escaped),
                    None => return Err("it ends too early".into()),
                },
                '"' if !is_quoted => is_quoted = true,
                '"' if chars.as_str().starts_with('"') => {
                    chars.next();
                    value.push('"');
                }
                '"' => is_quoted = false,
                ',' | '(' | ')' | '[' | ']' if !is_quoted => break at,
                _ => value.push(c),
            }
            is_given = true;
        };
        self.0 = self.0.get(end..).unwrap_or_default();
        if is_given { T::from_text(&value).map(Some) } else { Ok(None) }
    }
}

fn bound<T>(value: Option<T>, is_in: bool) -> Bound<T> {
    match value {
        None => Bound::Unbounded,
        Some(value) if is_in => Bound::Included(value),
        Some(value) => Bound::Excluded(value),
    }
}
