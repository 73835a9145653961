//! [`Parameter`]: a value on its way to the server, whatever its Rust type.

use super::array::{each_element, write_array};
use super::{Failure, Value, custom::base_type};
use bytes::{BufMut as _, BytesMut};
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
}

impl<V: Value> Parameter for V {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let base = base_type(ty);
        if !V::accepts(base) {
            return Err(Box::new(WrongType::new::<V>(ty.clone())));
        }
        #[cfg(feature = "json")]
        let start = out.len();
        let is_null = self.write(base, out)?;
        #[cfg(feature = "json")]
        super::json::is_read_back(base, out.get(start..).unwrap_or_default())?;
        Ok(is_null)
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

/// An array of texts, of one dimension, as text itself (manual, section 8.15.2): for a place that only the server knows
/// the type of.
#[derive(Debug)]
pub(crate) struct ArrayLiteral(pub(crate) Arc<dyn Parameter>);

impl Parameter for ArrayLiteral {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let mut array = BytesMut::new();
        if matches!(self.0.write_as(&Type::TEXT_ARRAY, &mut array)?, IsNull::Yes) {
            return Ok(IsNull::Yes);
        }
        let mut is_first = true;
        out.put_u8(b'{');
        let whole = each_element(&array, |element| {
            if !std::mem::take(&mut is_first) {
                out.put_u8(b',');
            }
            put_quoted(element, out);
            Some(())
        });
        out.put_u8(b'}');
        whole.map(|()| IsNull::No).ok_or_else(|| "the array is shorter than it says".into())
    }
}

/// An element of an array as text.
fn put_quoted(element: Option<&[u8]>, out: &mut BytesMut) {
    let Some(element) = element else { return out.put_slice(b"NULL") };
    out.put_u8(b'"');
    for byte in element {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(*byte);
    }
    out.put_u8(b'"');
}
