//! XML: manual, section 8.13.

use super::{CustomType, Failure, sql_type};
use bytes::BytesMut;
use postgres_types::Type;
use std::fmt;

/// An `xml`: a document, or a part of one, that the server has found to be well formed.
///
/// PostgreSQL has no `=` for it, so it is neither compared nor sorted: cast it to a text, or take a part of it with `xpath`. A
/// declaration `<?xml version="1.0" ..?>` is not sent back as it was written: the server leaves it out where it says nothing but
/// the version 1.0 and an encoding. A `String` can be declared `xml`, too; it is compared as a text only after a cast.
///
/// ```
/// use orm_core::types::Xml;
/// assert_eq!(Xml("<a/>".to_owned()).to_string(), "<a/>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Xml(pub String);

impl fmt::Display for Xml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<&str> for Xml {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Xml {
    fn from(text: String) -> Self {
        Self(text)
    }
}

sql_type!(for Xml, "xml", XML, XML_ARRAY, no equality);

impl CustomType for Xml {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "xml";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(std::str::from_utf8(raw)?.to_owned()))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}
