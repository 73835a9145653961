//! Composite types: manual, section 8.16. A value is a record whose fields are known by name.
//!
//! The layout is that of `record_send`: see `record.rs`.

use super::custom::{Slot, base_type};
use super::record::RecordCells;
use super::{Failure, Parameter as _};
use bytes::{BufMut as _, BytesMut};
use postgres_types::{Field, IsNull, Kind, Type};

/// The length that stands for NULL.
const NULL: i32 = -1;

/// Writes the fields of a composite value, in order.
pub struct FieldWriter<'a> {
    ty: &'a Type,
    next: usize,
    out: &'a mut BytesMut,
}

impl<'a> FieldWriter<'a> {
    /// A value of the type `ty`, as the server describes it, whose struct has these fields.
    ///
    /// # Errors
    /// The type is not a composite, or has other fields.
    pub fn new(ty: &'a Type, names: &[&str], out: &'a mut BytesMut) -> Result<Self, Failure> {
        let ty = base_type(ty);
        same_fields(ty, names)?;
        out.put_i32(count(names.len())?);
        Ok(Self { ty, next: 0, out })
    }

    /// Writes the next field.
    ///
    /// # Errors
    /// A field of another type, or a value that cannot be written.
    pub fn put<S: Slot>(&mut self, value: &S::Value) -> Result<(), Failure> {
        let Kind::Composite(fields) = self.ty.kind() else { return Ok(()) };
        let Some(field) = fields.get(self.next) else { return Ok(()) };
        self.next += 1;
        let (name, ty) = (field.name(), field.type_());
        let failed = |error: Failure| -> Failure {
            format!("field `{name}` of the composite type {}: {error}", self.ty).into()
        };
        self.out.put_u32(ty.oid());
        let length_at = self.out.len();
        self.out.put_i32(NULL);
        if let IsNull::No = value.write_as(ty, self.out).map_err(failed)? {
            let start = length_at + 4;
            let length = count(self.out.len() - start)?;
            if let Some(place) = self.out.get_mut(length_at..start) {
                place.copy_from_slice(&length.to_be_bytes());
            }
        }
        Ok(())
    }
}

/// The attributes of a composite type, which must be those of the struct: values are read and written by position.
fn same_fields<'a>(ty: &'a Type, names: &[&str]) -> Result<&'a [Field], Failure> {
    let Kind::Composite(fields) = ty.kind() else {
        return Err(format!("{ty} is not a composite type").into());
    };
    let same = fields.len() == names.len()
        && fields.iter().zip(names).all(|(field, name)| field.name() == *name);
    if same {
        return Ok(fields);
    }
    let found: Vec<&str> = fields.iter().map(Field::name).collect();
    Err(format!(
        "the composite type {ty} has the fields ({}), and the struct has ({})",
        found.join(", "),
        names.join(", ")
    )
    .into())
}

fn count(count: usize) -> Result<i32, Failure> {
    i32::try_from(count).map_err(|_| "a field is larger than a message can be".into())
}

/// Reads the fields of a composite value, in order.
pub struct FieldReader<'a> {
    sql_name: &'static str,
    fields: std::slice::Iter<'a, Field>,
    cells: RecordCells<'a>,
}

impl<'a> FieldReader<'a> {
    /// A value of the composite type `ty`, as the server describes it, whose struct has these fields.
    ///
    /// # Errors
    /// The type has other fields, or the bytes are no record of as many.
    pub fn open(
        ty: &'a Type,
        sql_name: &'static str,
        names: &[&str],
        raw: &'a [u8],
    ) -> Result<Self, Failure> {
        let count = names.len();
        let fields = same_fields(base_type(ty), names)?.iter();
        let found = raw.first_chunk::<4>().map(|bytes| i32::from_be_bytes(*bytes));
        if found.and_then(|found| usize::try_from(found).ok()) != Some(count) {
            let found = found.unwrap_or_default();
            return Err(format!(
                "the composite type {sql_name} has {found} fields, and the struct has {count}"
            )
            .into());
        }
        Ok(Self { sql_name, fields, cells: RecordCells::open(raw)? })
    }

    /// Reads the next field.
    ///
    /// # Errors
    /// A value that is not of the expected type, or NULL where the field has no `Option`.
    pub fn get<S: Slot>(&mut self, name: &'static str) -> Result<S::Value, Failure> {
        // `open` has counted them.
        let ty = self.fields.next().map_or(&Type::UNKNOWN, Field::type_);
        self.cells.field(ty).map_err(|error| {
            format!("field `{name}` of the composite type {}: {error}", self.sql_name).into()
        })
    }
}
