//! `record` and `record[]` in binary: rows within a row.
//!
//! The layout is that of `record_send` and `array_send` in PostgreSQL's sources: a record is a field
//! count, then for each field its type OID, its length (-1 is NULL) and its bytes; an array is its
//! dimensions, a flag, the element OID, for each dimension its size and lower bound, then the elements.

use super::Value;
use super::custom::base_type;
use super::known::Lookup;
use crate::error::{Error, ErrorKind, Result};
use postgres_types::Type;

/// The fields of one record that are still to be read.
pub(super) struct RecordCells<'a> {
    rest: &'a [u8],
}

impl<'a> RecordCells<'a> {
    pub(super) fn open(mut record: &'a [u8]) -> Result<Self> {
        int(&mut record)?;
        Ok(Self { rest: record })
    }

    /// The type and bytes of the next field.
    pub(super) fn next_cell(&mut self) -> Result<(u32, Option<&'a [u8]>)> {
        let oid = int(&mut self.rest)?;
        Ok((oid.cast_unsigned(), sized(&mut self.rest)?))
    }

    pub(super) fn value<V: Value>(&mut self, lookup: &Lookup<'_>) -> Result<V> {
        let (oid, cell) = self.next_cell()?;
        let found = lookup.read_as(oid).ok_or_else(|| format!("has the type {oid}, not known yet"));
        found.and_then(|ty| read(&ty, cell)).map_err(|what| malformed(&format!("a field {what}")))
    }

    /// The next field of a composite value whose attribute has that type; the error says what the field is.
    pub(super) fn field<V: Value>(&mut self, ty: &Type) -> Result<V, String> {
        let (oid, cell) = self.next_cell().map_err(|error| error.to_string())?;
        // Within an array the catalog is not asked for the types of a record's fields one by one.
        let ty = Type::from_oid(oid).unwrap_or_else(|| base_type(ty).clone());
        read(&ty, cell).map_err(|what| format!("it {what}"))
    }

    pub(super) fn is_null_at(&self, offset: usize) -> Result<bool> {
        let mut ahead = Self { rest: self.rest };
        for _ in 0..offset {
            ahead.next_cell()?;
        }
        Ok(ahead.next_cell()?.1.is_none())
    }
}

/// A value out of a field of that type; the error goes on from "the field".
fn read<V: Value>(ty: &Type, cell: Option<&[u8]>) -> Result<V, String> {
    let expected = V::DATA_TYPE;
    if !V::accepts(ty) {
        return Err(format!("is {ty}, where {expected} is expected"));
    }
    V::read(ty, cell).map_err(|error| format!("is no {expected}: {error}"))
}

/// What is read of each record of an array; `None` is NULL, which is no record.
pub(super) fn elements<'a, T>(
    cell: Option<&'a [u8]>,
    mut read: impl FnMut(&'a [u8]) -> Result<T>,
) -> Result<Vec<T>> {
    let Some(mut rest) = cell else { return Ok(Vec::new()) };
    let dimensions = int(&mut rest)?;
    let (_has_null, _element) = (int(&mut rest)?, int(&mut rest)?);
    match dimensions {
        0 => return Ok(Vec::new()),
        1 => {}
        _ => return Err(malformed("an array of rows has more than one dimension")),
    }
    let (count, _lower_bound) = (int(&mut rest)?, int(&mut rest)?);
    let count =
        usize::try_from(count).map_err(|_| malformed("an array of rows has a negative size"))?;
    // The count is not trusted with memory: it grows with the rows that are there.
    let mut records = Vec::new();
    for _ in 0..count {
        let record = sized(&mut rest)?.ok_or_else(|| malformed("a row of an array is NULL"))?;
        records.push(read(record)?);
    }
    if !rest.is_empty() {
        return Err(malformed("an array of rows is longer than it says"));
    }
    Ok(records)
}

fn int(bytes: &mut &[u8]) -> Result<i32> {
    let (head, tail) = bytes.split_first_chunk::<4>().ok_or_else(too_short)?;
    *bytes = tail;
    Ok(i32::from_be_bytes(*head))
}

/// A length and that many bytes; a negative length is NULL.
fn sized<'a>(bytes: &mut &'a [u8]) -> Result<Option<&'a [u8]>> {
    let Ok(length) = usize::try_from(int(bytes)?) else { return Ok(None) };
    let (head, tail) = bytes.split_at_checked(length).ok_or_else(too_short)?;
    *bytes = tail;
    Ok(Some(head))
}

fn too_short() -> Error {
    malformed("the record ends too early")
}

pub(super) fn malformed(what: &str) -> Error {
    Error::new(ErrorKind::Conversion, format!("could not read a related row: {what}"))
        .with_hint("the database and the struct disagree; `orm-migrate diff` shows how")
}

#[cfg(test)]
mod tests;
