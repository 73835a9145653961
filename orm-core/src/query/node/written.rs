//! Values that are written before their statement runs: those of a row of an insert.

use super::held::{Held, Short};
use super::{Field, Node, Param};
use crate::types::elements::{WrittenValue, raw};
use crate::types::{Failure, Parameter};
use bytes::{BufMut as _, BytesMut};
use postgres_types::{IsNull, Type};
use std::sync::Arc;

/// A short one, or NULL.
#[derive(Debug, Clone, Copy)]
pub struct Copied(Option<Short>);

/// One that is too long to be copied.
#[derive(Debug, Clone)]
pub struct Long(Arc<[u8]>);

impl Copied {
    pub(super) fn raw(&self) -> Option<&[u8]> {
        self.0.as_ref().map(Short::as_bytes)
    }
}

impl Long {
    pub(super) fn raw(&self) -> &[u8] {
        &self.0
    }
}

impl Parameter for Copied {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Some(raw) = self.raw() else { return Ok(IsNull::Yes) };
        out.put_slice(raw);
        Ok(IsNull::No)
    }
}

impl Parameter for Long {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.put_slice(self.raw());
        Ok(IsNull::No)
    }
}

impl Held {
    /// A value of a field's column, with its length before it, which is negative for NULL.
    fn written(value: &[u8], field: &'static Field) -> Self {
        let Some(raw) = raw(value) else { return Self::Written(Copied(None), field) };
        match Short::of_bytes(raw) {
            Some(short) => Self::Written(Copied(Some(short)), field),
            None => Self::WrittenLong(Long(raw.into()), field),
        }
    }

    /// The value that is written, for who shares it.
    pub(super) fn shared_written(raw: Option<&[u8]>, field: &Field) -> Arc<dyn Parameter> {
        Arc::new(WrittenValue::of(raw, (field.ty)(), field.show))
    }
}

impl Field {
    /// A value of its column, with its length before it.
    pub(crate) fn written(&'static self, value: &[u8]) -> Node {
        let value = Held::written(value, self);
        Node::Param(Param { value, ty: (self.ty)(), made_by: None })
    }
}
