//! [`Held`]: the value of a parameter.

use super::Field;
use super::written::{Copied, Long};
use crate::types::{Failure, Parameter, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A value of a type that is not known. What most statements are sent, numbers and short texts, needs no allocation; any other value
/// is shared by all that are cloned from it.
#[derive(Clone)]
pub enum Held {
    /// One that is copied. The number tells whether two are clones of one: an equal value is another.
    Small(Small, u32),
    /// A short one that is written already, and the field that it is for.
    Written(Copied, &'static Field),
    /// A longer one.
    WrittenLong(Long, &'static Field),
    /// One that is shared.
    Shared(Arc<dyn Parameter>),
}

/// A value that is copied.
#[derive(Clone, Copy)]
pub enum Small {
    /// `boolean`.
    Bool(bool),
    /// `smallint`.
    Int2(i16),
    /// `integer`.
    Int4(i32),
    /// `bigint`.
    Int8(i64),
    /// `uuid`.
    #[cfg(feature = "uuid")]
    Uuid(uuid::Uuid),
    /// A short text.
    Text(Short),
}

/// A text of a few bytes, or a value that takes as few where it is written.
#[derive(Clone, Copy)]
pub struct Short {
    length: u8,
    bytes: [u8; Short::MAX],
}

impl Short {
    /// Most identifiers and names.
    const MAX: usize = 30;

    fn new(text: &str) -> Option<Self> {
        Self::of_bytes(text.as_bytes())
    }

    pub(super) fn of_bytes(given: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX];
        bytes.get_mut(..given.len())?.copy_from_slice(given);
        Some(Self { length: u8::try_from(given.len()).ok()?, bytes })
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        // It was made of a text.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Parameter for Short {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        crate::types::write_text(self.as_str(), ty, out)
    }
}

/// What is made a value of a column's type by copying it.
pub(crate) trait Borrowed {
    /// Its text, if it is one.
    fn text(&self) -> Option<&str>;
}

impl Borrowed for &str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Borrowed for &String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Borrowed for std::borrow::Cow<'_, str> {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Borrowed for &[u8] {
    fn text(&self) -> Option<&str> {
        None
    }
}

/// The number of the next value that is copied. Values that two threads have made may have one number; they are told apart by what
/// they are.
fn number() -> u32 {
    thread_local! {
        static NEXT: Cell<u32> = const { Cell::new(0) };
    }
    NEXT.with(|next| {
        let number = next.get();
        next.set(number.wrapping_add(1));
        number
    })
}

impl Held {
    /// A value of a column's type.
    pub(crate) fn of<V: Value>(value: V) -> Self {
        match small(&value) {
            Some(small) => Self::Small(small, number()),
            None => Self::Shared(Arc::new(value)),
        }
    }

    /// A value of a column's type that is borrowed.
    pub(crate) fn of_borrowed<V: Value + From<B>, B: Borrowed>(value: B) -> Self {
        match value.text().and_then(Short::new) {
            Some(short) => Self::Small(Small::Text(short), number()),
            None => Self::of(V::from(value)),
        }
    }

    /// The value, for who shares it.
    pub(crate) fn shared(&self) -> Arc<dyn Parameter> {
        match self {
            Self::Small(small, _) => match *small {
                Small::Bool(value) => Arc::new(value),
                Small::Int2(value) => Arc::new(value),
                Small::Int4(value) => Arc::new(value),
                Small::Int8(value) => Arc::new(value),
                #[cfg(feature = "uuid")]
                Small::Uuid(value) => Arc::new(value),
                Small::Text(value) => Arc::new(value),
            },
            Self::Written(value, field) => Self::shared_written(value.raw(), field),
            Self::WrittenLong(value, field) => Self::shared_written(Some(value.raw()), field),
            Self::Shared(value) => Arc::clone(value),
        }
    }

    /// Whether both are clones of one value; an equal one is another.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shared(one), Self::Shared(other)) => Arc::ptr_eq(one, other),
            (Self::Small(one, number), Self::Small(other, of_other)) => {
                number == of_other && one.equals(other)
            }
            // A row has one value for a field.
            (Self::Written(one, field), Self::Written(other, of_other)) => {
                std::ptr::eq(*field, *of_other) && one.raw() == other.raw()
            }
            (Self::WrittenLong(one, field), Self::WrittenLong(other, of_other)) => {
                std::ptr::eq(*field, *of_other) && one.raw() == other.raw()
            }
            _ => false,
        }
    }
}

impl Small {
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int2(one), Self::Int2(other)) => one == other,
            (Self::Int4(one), Self::Int4(other)) => one == other,
            (Self::Int8(one), Self::Int8(other)) => one == other,
            #[cfg(feature = "uuid")]
            (Self::Uuid(one), Self::Uuid(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one.as_str() == other.as_str(),
            _ => false,
        }
    }
}

/// The value, if it is of a type that is copied. The compiler knows the answer for each type.
fn small<V: Value>(value: &V) -> Option<Small> {
    let value: &dyn Any = value;
    if let Some(value) = value.downcast_ref::<i64>() {
        return Some(Small::Int8(*value));
    }
    if let Some(value) = value.downcast_ref::<i32>() {
        return Some(Small::Int4(*value));
    }
    if let Some(value) = value.downcast_ref::<i16>() {
        return Some(Small::Int2(*value));
    }
    if let Some(value) = value.downcast_ref::<bool>() {
        return Some(Small::Bool(*value));
    }
    #[cfg(feature = "uuid")]
    if let Some(value) = value.downcast_ref::<uuid::Uuid>() {
        return Some(Small::Uuid(*value));
    }
    let text = value.downcast_ref::<String>()?;
    Short::new(text).map(Small::Text)
}

impl Deref for Held {
    type Target = dyn Parameter;

    fn deref(&self) -> &(dyn Parameter + 'static) {
        match self {
            Self::Small(small, _) => match small {
                Small::Bool(value) => value,
                Small::Int2(value) => value,
                Small::Int4(value) => value,
                Small::Int8(value) => value,
                #[cfg(feature = "uuid")]
                Small::Uuid(value) => value,
                Small::Text(value) => value,
            },
            Self::Written(value, _) => value,
            Self::WrittenLong(value, _) => value,
            Self::Shared(value) => &**value,
        }
    }
}

impl From<Arc<dyn Parameter>> for Held {
    fn from(value: Arc<dyn Parameter>) -> Self {
        Self::Shared(value)
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(value, field) => (field.show)(&(field.ty)(), value.raw(), f),
            Self::WrittenLong(value, field) => (field.show)(&(field.ty)(), Some(value.raw()), f),
            value => (**value).fmt(f),
        }
    }
}
