//! JSON: manual, section 8.14.

use super::array::each_element;
use super::custom::base_type;
use super::{CustomType, Failure, sql_type, value};
use bytes::BytesMut;
use postgres_types::{Kind, Type};
use std::fmt::Debug;

sql_type!(/// `jsonb`.
    Jsonb, "jsonb", JSONB, JSONB_ARRAY);

value!(serde_json::Value => Jsonb, declared_as &["json"], by document);

/// A document as JSON: what is written can be read again.
mod document {
    use super::{Failure, is_read_back};
    use bytes::BytesMut;
    use postgres_types::{FromSql, ToSql, Type};

    pub(super) fn accepts<'a, D: FromSql<'a>>(ty: &Type) -> bool {
        D::accepts(ty)
    }

    pub(super) fn read<'a, D: FromSql<'a>>(ty: &Type, raw: &'a [u8]) -> Result<D, Failure> {
        D::from_sql(ty, raw)
    }

    pub(super) fn write(value: &impl ToSql, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        let start = out.len();
        value.to_sql(ty, out)?;
        is_read_back(ty, out.get(start..).unwrap_or_default())
    }
}

/// How deep arrays and objects of a document may be nested within each other. `serde_json` reads no deeper.
const DEPTH_MAX: usize = 127;

/// Whether what was written as a value of that type is read back: a document may be too deep.
///
/// # Errors
/// A document within it that is nested deeper than [`DEPTH_MAX`].
pub(crate) fn is_read_back(ty: &Type, written: &[u8]) -> Result<(), Failure> {
    let ty = base_type(ty);
    let is_document = |ty: &Type| matches!(*base_type(ty), Type::JSON | Type::JSONB);
    let depth = match ty.kind() {
        Kind::Array(element) if is_document(element) => {
            let mut deepest = 0;
            let _whole = each_element(written, |element| {
                deepest = deepest.max(depth(element.unwrap_or_default()));
                Some(())
            });
            deepest
        }
        _ if is_document(ty) => depth(written),
        _ => return Ok(()),
    };
    if depth <= DEPTH_MAX {
        return Ok(());
    }
    Err(format!(
        "a document of the type {ty} is nested {depth} deep, and could not be read again: {DEPTH_MAX} is the most; \
         nest it less, or keep it as text"
    )
    .into())
}

/// How deep arrays and objects are nested. The byte before a document of type `jsonb`, its version, is no part of any.
fn depth(document: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in document {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A column of type `jsonb` that is read and written as `T` through serde.
///
/// A document whose arrays and objects are nested more than 127 deep is an error when it is written, as `serde_json` would not
/// read it. The same holds for `serde_json::Value`.
///
/// ```
/// use orm_core::types::Json;
/// let settings = Json(vec![1, 2]);
/// assert_eq!(settings.0, [1, 2]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

/// What a type must have to be read and written as JSON.
pub trait Document:
    serde::Serialize + serde::de::DeserializeOwned + Debug + Send + Sync + 'static
{
}
impl<T: serde::Serialize + serde::de::DeserializeOwned + Debug + Send + Sync + 'static> Document
    for T
{
}

impl<T: Document> CustomType for Json<T> {
    type Sql = Jsonb;
    type Element = Jsonb;
    const DATA_TYPE: &'static str = "jsonb";
    const DECLARED_AS: &'static [&'static str] = &["json"];

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::JSON | Type::JSONB)
    }

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        document::read::<postgres_types::Json<T>>(ty, raw).map(|json| Self(json.0))
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        document::write(&postgres_types::Json(&self.0), ty, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(document: &str, expected: usize) {
        assert_eq!(depth(document.as_bytes()), expected, "{document}");
    }

    #[test]
    fn the_depth_of_a_document_counts_arrays_and_objects_and_no_texts() {
        check("1", 0);
        check("[]", 1);
        check(r#"{"a": [{}, {}], "b": 1}"#, 3);
        check(r#"["[[[[", "\"[[", "\\", [1]]"#, 2);
        check(r#"{"[[\\": {"]]}": []}}"#, 3);
    }

    #[test]
    fn what_is_as_deep_as_may_be_is_read_and_what_is_deeper_is_not() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for (count, expected) in [(DEPTH_MAX, true), (DEPTH_MAX + 1, false)] {
                let text = format!("{}1{}", open.repeat(count), close.repeat(count));
                assert_eq!(is_read_back(&Type::JSON, text.as_bytes()).is_ok(), expected);
                let read = serde_json::from_str::<serde_json::Value>(&text);
                assert_eq!(read.is_ok(), expected, "{count}");
            }
        }
    }
}
