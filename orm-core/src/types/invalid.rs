//! [`InvalidValue`]: why something is no value of a type.

use std::borrow::Cow;
use std::fmt;

/// Why a text, or what a value was to be made of, is no value of a type. It names both.
///
/// ```
/// use orm_core::types::Cidr;
/// let error = "10.0.0.1/8".parse::<Cidr>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "10.0.0.1/8 is no `cidr`: it has bits to the right of the netmask; the network is 10.0.0.0/8"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// The beginning of it.
    value: String,
    /// The SQL type.
    into: &'static str,
    why: Cow<'static, str>,
}

impl InvalidValue {
    /// As much of a value as a message shows.
    const SHOWN: usize = 40;

    pub(crate) fn new(
        value: impl fmt::Display,
        into: &'static str,
        why: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(Self::SHOWN) {
            value.truncate(end);
            value.push_str("..");
        }
        Self { value, into, why: why.into() }
    }

    /// The same of another type.
    pub(crate) fn of(self, into: &'static str) -> Self {
        Self { into, ..self }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, into, why } = self;
        match value.as_str() {
            "" => write!(f, "an empty text is no `{into}`: {why}"),
            _ => write!(f, "{value} is no `{into}`: {why}"),
        }
    }
}

impl std::error::Error for InvalidValue {}
