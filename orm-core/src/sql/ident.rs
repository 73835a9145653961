//! [`Ident`] and [`Literal`]: names and strings that quote themselves, so that an unquoted one cannot be written.

use std::fmt;

/// An SQL identifier. `Display` quotes it always (manual, section 4.1.1).
///
/// ```
/// use orm_core::sql::ident::Ident;
/// assert_eq!(Ident("user").to_string(), r#""user""#);
/// assert_eq!(Ident(r#"a"b"#).to_string(), r#""a""b""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ident<'a>(pub &'a str);

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// Writes an identifier, quoted: as [`Ident`] does, without the cost of formatting.
pub(super) fn push(text: &mut String, name: &str) {
    text.reserve(name.len() + 2);
    text.push('"');
    // Hardly any name has a quote in it, and a look at the bytes is cheaper than a search that splits.
    if name.bytes().any(|byte| byte == b'"') {
        text.push_str(&name.replace('"', "\"\""));
    } else {
        text.push_str(name);
    }
    text.push('"');
}

/// Writes a number, without the cost of formatting.
pub(super) fn push_number(text: &mut String, number: usize) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or_default()));
}

/// A name with its schema: `"public"."user"`.
///
/// ```
/// use orm_core::sql::ident::Qualified;
/// assert_eq!(Qualified("public", "user").to_string(), r#""public"."user""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualified<'a>(pub &'a str, pub &'a str);

impl fmt::Display for Qualified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", Ident(self.0), Ident(self.1))
    }
}

/// A string constant. `Display` quotes it; a backslash makes it an `E''` string, so that the
/// setting `standard_conforming_strings` does not matter (manual, section 4.1.2.1).
///
/// ```
/// use orm_core::sql::ident::Literal;
/// assert_eq!(Literal("it's").to_string(), "'it''s'");
/// assert_eq!(Literal(r"a\b").to_string(), r"E'a\\b'");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal<'a>(pub &'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = self.0.replace('\'', "''");
        if quoted.contains('\\') {
            write!(f, "E'{}'", quoted.replace('\\', "\\\\"))
        } else {
            write!(f, "'{quoted}'")
        }
    }
}
