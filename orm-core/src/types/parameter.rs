//! [`Parameter`]: a value on its way to the server, whatever its Rust type.

use super::array::write_array;
use super::elements::Elements;
use super::{Failure, Value, custom::base_type};
use bytes::BytesMut;
use postgres_types::{IsNull, Type, WrongType};
use std::fmt::Debug;
use std::sync::Arc;

/// A value that is written as a type that its place names.
pub trait Parameter: Debug + Send + Sync {
    /// Writes it.
    ///
    /// # Errors
    /// It is no value of that type.
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure>;

    /// The elements, where it is an array of which they are written already.
    #[doc(hidden)]
    fn elements(&self) -> Option<&Elements> {
        None
    }
}

impl<V: Value> Parameter for V {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let base = base_type(ty);
        if !V::accepts(base) {
            return Err(Box::new(WrongType::new::<V>(ty.clone())));
        }
        self.write(base, out)
    }
}

/// A value that is compared with a column: where it cannot be written, the error names the column.
#[derive(Clone)]
pub(crate) struct InColumn {
    pub(crate) value: Arc<dyn Parameter>,
    pub(crate) column: &'static str,
}

impl Debug for InColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

impl Parameter for InColumn {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let written = self.value.write_as(ty, out);
        written.map_err(|cause| format!("column \"{}\": {cause}", self.column).into())
    }
}

/// What is borrowed: written as the driver writes it.
macro_rules! borrowed {
    ($($borrowed:ty)*) => {$(
        impl Parameter for $borrowed {
            fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                postgres_types::ToSql::to_sql_checked(self, base_type(ty), out)
            }
        }
    )*};
}

borrowed! { &str &[u8] Option<&str> Option<&[u8]> Vec<&str> Vec<&[u8]> }

/// The elements of an array of one dimension.
#[derive(Debug)]
pub struct ArrayOf<P>(pub Vec<P>);

impl<P: Parameter> Parameter for ArrayOf<P> {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        write_array(ty, &self.0, out, |element, ty, out| element.write_as(ty, out))?;
        Ok(IsNull::No)
    }
}

/// A value whose type is not known.
#[derive(Debug)]
pub(crate) struct Erased(pub(crate) Arc<dyn Parameter>);

impl Parameter for Erased {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.0.write_as(ty, out)
    }
}
