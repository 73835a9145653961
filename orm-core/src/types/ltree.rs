//! [`Ltree`], [`Lquery`] and [`Ltxtquery`]: manual, appendix F, `ltree`.

mod syntax;
#[cfg(test)]
mod tests;

use super::{CustomType, Failure, InvalidValue, extension_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;
use std::str::FromStr;

/// A value of type `ltree`: a path of labels, from the root of a tree to a node.
///
/// The type is that of an extension, `CREATE EXTENSION ltree`, which every PostgreSQL comes with. Labels are of letters, digits,
/// `_` and, from PostgreSQL 16 on, `-`; which letters there are is a matter of the database's locale. A path may have no labels.
///
/// ```
/// use orm_core::types::Ltree;
/// let path: Ltree = "Top.Science.Astronomy".parse()?;
/// assert_eq!(path.labels().collect::<Vec<_>>(), ["Top", "Science", "Astronomy"]);
/// assert_eq!(Ltree::of(["Top", "Science", "Astronomy"])?, path);
/// assert_eq!(
///     "Top..Science".parse::<Ltree>().unwrap_err().to_string(),
///     "Top..Science is no `ltree`: a label is empty"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Ltree(String);

/// A value of type `lquery`: a pattern of paths, `Top.*{0,2}.sport*@.!football|tennis`.
///
/// Its syntax is checked when it is made. It is compared as a text, and the server has one order of signs: what is written as `a@*%`
/// is read as `a%@*`.
///
/// ```
/// use orm_core::types::Lquery;
/// let query: Lquery = "*.Astronomy|Astrophysics.*{1,}".parse()?;
/// assert_eq!(query.as_str(), "*.Astronomy|Astrophysics.*{1,}");
/// assert_eq!(
///     "Top.*{2,1}".parse::<Lquery>().unwrap_err().to_string(),
///     "Top.*{2,1} is no `lquery`: the second number of {2,1} is less than the first"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lquery(String);

/// A value of type `ltxtquery`: labels that a path has or has not, at any place, `Europe & Russia*@ & !Transportation`.
///
/// Its syntax is checked when it is made. It is compared as a text, and the server has its own spaces and parentheses: what is written
/// as `a&(b|c)` is read as `a & ( b | c )`.
///
/// ```
/// use orm_core::types::Ltxtquery;
/// let query: Ltxtquery = "Europe & (Russia*@ | !Transportation)".parse()?;
/// assert_eq!(query.to_string(), "Europe & (Russia*@ | !Transportation)");
/// assert_eq!(
///     "Europe &".parse::<Ltxtquery>().unwrap_err().to_string(),
///     "Europe & is no `ltxtquery`: it ends where a label is expected"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ltxtquery(String);

extension_type!(Ltree, "ltree");
extension_type!(Lquery, "lquery", no equality);
extension_type!(Ltxtquery, "ltxtquery", no equality);

impl Ltree {
    /// The path of these labels.
    ///
    /// # Errors
    /// A label that is empty, is too long or has a sign that no label has.
    pub fn of<S: AsRef<str>>(labels: impl IntoIterator<Item = S>) -> Result<Self, InvalidValue> {
        let mut path = String::new();
        for (place, label) in labels.into_iter().enumerate() {
            if place > 0 {
                path.push('.');
            }
            let label = label.as_ref();
            if label.contains('.') || label.is_empty() {
                let why = "a label has at least one letter, and no `.`";
                return Err(InvalidValue::new(format_args!("the label {label:?}"), "ltree", why));
            }
            path.push_str(label);
        }
        path.parse()
    }

    /// Its labels, from the root.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.').filter(|label| !label.is_empty())
    }

    /// The path of the node above it; none of a path without labels.
    pub fn parent(&self) -> Option<Self> {
        match self.0.rsplit_once('.') {
            Some((parent, _)) => Some(Self(parent.to_owned())),
            None => (!self.0.is_empty()).then(Self::default),
        }
    }
}

/// As the server sorts: label by label.
impl Ord for Ltree {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.labels().cmp(other.labels())
    }
}

impl PartialOrd for Ltree {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The version of the binary format, which is its first byte.
const VERSION: u8 = 1;

macro_rules! texts {
    ($($rust:ident $sql:literal $check:path;)*) => {$(
        impl $rust {
            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Its text.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromStr for $rust {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, InvalidValue> {
                match $check(text) {
                    Ok(()) => Ok(Self(text.to_owned())),
                    Err(why) => Err(InvalidValue::new(text, $sql, why)),
                }
            }
        }

        impl TryFrom<&str> for $rust {
            type Error = InvalidValue;

            fn try_from(text: &str) -> Result<Self, InvalidValue> {
                text.parse()
            }
        }

        impl TryFrom<String> for $rust {
            type Error = InvalidValue;

            fn try_from(text: String) -> Result<Self, InvalidValue> {
                text.parse()
            }
        }

        impl fmt::Display for $rust {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl CustomType for $rust {
            type Sql = Self;
            type Element = Self;
            const DATA_TYPE: &'static str = $sql;

            // What the server has is not checked: its locale decides what a letter is.
            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                match raw.split_first() {
                    Some((&VERSION, text)) => Ok(Self(std::str::from_utf8(text)?.to_owned())),
                    Some((version, _)) => Err(format!(
                        concat!("a `", $sql, "` of version {} of the format cannot be read, only of version {}"),
                        version, VERSION,
                    )
                    .into()),
                    None => Err(concat!("a `", $sql, "` has a byte at least").into()),
                }
            }

            fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                out.put_u8(VERSION);
                out.put_slice(self.0.as_bytes());
                Ok(())
            }
        }
    )*};
}

texts! {
    Ltree "ltree" syntax::path;
    Lquery "lquery" syntax::pattern;
    Ltxtquery "ltxtquery" syntax::labels;
}
