//! Character and binary strings: manual, sections 8.3 and 8.4.

use super::{Failure, Value, base_type, sql_type, value};
use bytes::BytesMut;
use postgres_types::{IsNull, Type, WrongType};

sql_type!(/// `text`.
    Text, "text", TEXT, TEXT_ARRAY);
sql_type!(/// `bytea`.
    Bytea, "bytea", BYTEA, BYTEA_ARRAY);

value!(String => Text, declared_as &[
    "character varying", "character", "name", "citext", "xml", "ltree", "lquery", "ltxtquery",
], by string);
value!(Vec<u8> => Bytea);

/// Writes a text that is borrowed, as one that is owned is written.
pub(crate) fn write_text(text: &str, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    // Nearly every text; the driver compares the names of types first.
    if matches!(*ty, Type::TEXT | Type::VARCHAR) {
        out.extend_from_slice(text.as_bytes());
        return Ok(IsNull::No);
    }
    let base = base_type(ty);
    if !<String as Value>::accepts(base) {
        return Err(Box::new(WrongType::new::<String>(ty.clone())));
    }
    string::write(text, base, out)?;
    Ok(IsNull::No)
}

/// A text as a value of each of the types that texts are.
pub(super) mod string {
    use crate::types::Failure;
    use bytes::BytesMut;
    use postgres_types::{FromSql, ToSql, Type};

    pub(super) fn accepts<'a, S: FromSql<'a>>(ty: &Type) -> bool {
        *ty == Type::XML || S::accepts(ty)
    }

    pub(super) fn read(ty: &Type, raw: &[u8]) -> Result<String, Failure> {
        if is_plain(ty) {
            return Ok(std::str::from_utf8(raw)?.to_owned());
        }
        String::from_sql(ty, raw)
    }

    pub(super) fn write(text: &str, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        if is_plain(ty) {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        text.to_sql(ty, out)?;
        Ok(())
    }

    /// Whether its values are the bytes of a text, as those of nearly every column: the driver compares the names of types first.
    pub(in crate::types) fn is_plain(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::VARCHAR)
    }
}
