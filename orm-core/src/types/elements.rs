//! [`Elements`]: values that are written one after the other as they are gathered, and sent as one array.

use super::array::put_head;
use super::custom::base_type;
use super::known::has_composite;
use super::{Failure, Parameter, Value, is_sent_as_text};
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use postgres_types::{IsNull, Kind, Type};
use std::fmt;
use std::sync::Arc;

/// Shows a value of a type that is written: as its Rust type is shown.
pub(crate) type Show = fn(&Type, Option<&[u8]>, &mut fmt::Formatter<'_>) -> fmt::Result;

/// [`Show`] of the values of `V`.
///
/// # Errors
/// As the formatter.
pub(crate) fn show<V: Value>(
    ty: &Type,
    raw: Option<&[u8]>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match V::read(base_type(ty), raw) {
        Ok(value) => fmt::Debug::fmt(&value, f),
        Err(_) => fmt::Debug::fmt(&raw, f),
    }
}

/// The type of the elements of an array, where they can be written before the statement runs.
///
/// How a composite value is written depends on what the catalog says then; values that are sent as texts are parts of the text of an
/// array.
pub(crate) fn written_at_once(array: &Type) -> Option<&Type> {
    let Kind::Array(element) = base_type(array).kind() else { return None };
    (!has_composite(element) && !is_sent_as_text(element)).then_some(element)
}

/// The most bytes for which room is made before they are there.
const ROOM_MAX: usize = 1 << 20;

/// The elements of an array: each after its length, which is negative for NULL. The rows of `COPY` have the same format.
pub struct Elements {
    bytes: BytesMut,
    count: usize,
    has_nulls: bool,
    element: Type,
    show: Show,
    /// The first value that cannot be written, and its place: the error is that of the statement.
    unwritten: Option<(usize, Arc<dyn Parameter>)>,
}

impl Elements {
    /// No element of an array of that type; none where its elements cannot be written yet.
    pub(crate) fn new(array: &Type, show: Show) -> Option<Self> {
        let element = written_at_once(array)?.clone();
        Some(Self {
            bytes: BytesMut::new(),
            count: 0,
            has_nulls: false,
            element,
            show,
            unwritten: None,
        })
    }

    /// Makes room for so many more values, each as long as those that are there.
    pub(crate) fn reserve(&mut self, count: usize) {
        let length = self.bytes.len() / self.count.max(1);
        // Some are longer; and one long value is no sign that all are.
        self.bytes.reserve((length + length / 4 + 8).saturating_mul(count).min(ROOM_MAX));
    }

    /// Adds a value.
    pub(crate) fn push<P: Parameter + 'static>(&mut self, value: P) {
        if !self.write(&value) {
            self.put_unwritten(Arc::new(value));
        }
    }

    /// Adds a value that is shared.
    pub(crate) fn push_any(&mut self, value: &Arc<dyn Parameter>) {
        if !self.write(&**value) {
            self.put_unwritten(Arc::clone(value));
        }
    }

    /// Adds a value, if it can be written.
    pub(crate) fn write(&mut self, value: &(impl Parameter + ?Sized)) -> bool {
        let Ok(is_null) = put_value(value, &self.element, &mut self.bytes) else { return false };
        self.has_nulls |= is_null;
        self.count += 1;
        true
    }

    /// Adds NULL.
    pub(crate) fn push_null(&mut self) {
        self.bytes.put_i32(-1);
        self.has_nulls = true;
        self.count += 1;
    }

    /// Adds a value that is written, with its length before it.
    pub(crate) fn push_written(&mut self, value: &[u8]) {
        self.has_nulls |= value.first().is_some_and(|first| *first >= 0x80);
        self.bytes.put_slice(value);
        self.count += 1;
    }

    fn put_unwritten(&mut self, value: Arc<dyn Parameter>) {
        self.unwritten.get_or_insert((self.count, value));
        self.push_null();
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Each with its length; none where one of them could not be written.
    pub(crate) fn written(&self) -> Option<Written<'_>> {
        self.unwritten.is_none().then_some(Written(&self.bytes))
    }

    /// The type of the elements.
    pub(crate) fn element(&self) -> &Type {
        &self.element
    }

    /// The same with NULL in these rows, which come in order.
    pub(crate) fn with_nulls(self, rows: &[usize]) -> Self {
        let mut rows = rows.iter().copied().peekable();
        let mut all = Self { bytes: BytesMut::with_capacity(self.bytes.len()), ..self };
        (all.count, all.has_nulls) = (0, false);
        let place = all.unwritten.as_ref().map(|(place, _)| *place);
        let mut moved = place;
        for (index, value) in Written(&self.bytes).enumerate() {
            while rows.next_if_eq(&all.count).is_some() {
                all.push_null();
            }
            if place == Some(index) {
                moved = Some(all.count);
            }
            all.push_written(value);
        }
        rows.for_each(|_| all.push_null());
        if let (Some((place, _)), Some(moved)) = (&mut all.unwritten, moved) {
            *place = moved;
        }
        all
    }

    /// Each value by itself.
    pub(crate) fn into_values(self) -> impl Iterator<Item = Arc<dyn Parameter>> {
        let Self { bytes, element, show, mut unwritten, .. } = self;
        let mut bytes = bytes.freeze();
        let mut place = 0;
        std::iter::from_fn(move || {
            let value = WrittenValue::split_off(&mut bytes, element.clone(), show)?;
            place += 1;
            let value: Arc<dyn Parameter> = match unwritten.take_if(|it| it.0 + 1 == place) {
                Some((_, unwritten)) => unwritten,
                None => Arc::new(value),
            };
            Some(value)
        })
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |(index, value): (usize, &'_ [u8])| match &self.unwritten {
            Some((place, value)) if *place == index => Shown::Value(Arc::clone(value)),
            _ => Shown::Written(WrittenValue {
                bytes: Bytes::copy_from_slice(value),
                ty: self.element.clone(),
                show: self.show,
            }),
        };
        f.debug_list().entries(Written(&self.bytes).enumerate().map(value)).finish()
    }
}

enum Shown {
    Value(Arc<dyn Parameter>),
    Written(WrittenValue),
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Written(value) => value.fmt(f),
        }
    }
}

impl Parameter for Elements {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Kind::Array(element) = base_type(ty).kind() else {
            return Err(format!("{ty} is no type of an array").into());
        };
        if let Some((_, value)) = &self.unwritten {
            value.write_as(element, out)?;
            return Err("one of the values cannot be written".into());
        }
        out.reserve(self.bytes.len() + 20);
        put_head(self.count, self.has_nulls, element, out)?;
        out.put_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn elements(&self) -> Option<&Elements> {
        Some(self)
    }
}

/// Values one after the other, each with its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Written<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.0.first_chunk().map(|it| i32::from_be_bytes(*it))?);
        let (value, rest) = self.0.split_at_checked(length.unwrap_or_default() + 4)?;
        self.0 = rest;
        Some(value)
    }
}

/// Writes a value with its length before it; gives whether it is NULL. What could not be written leaves nothing behind.
pub(crate) fn put_value(
    value: &(impl Parameter + ?Sized),
    ty: &Type,
    out: &mut BytesMut,
) -> Result<bool, Failure> {
    let start = out.len();
    out.put_i32(-1);
    let is_null = match value.write_as(ty, out) {
        Ok(IsNull::Yes) => true,
        Ok(IsNull::No) => false,
        Err(error) => {
            out.truncate(start);
            return Err(error);
        }
    };
    if is_null {
        out.truncate(start + 4);
        return Ok(true);
    }
    match (i32::try_from(out.len() - start - 4), out.get_mut(start..start + 4)) {
        (Ok(length), Some(place)) => place.copy_from_slice(&length.to_be_bytes()),
        _ => {
            out.truncate(start);
            return Err("the value is too large".into());
        }
    }
    Ok(false)
}

/// A value that is written without the length before it; none is NULL.
pub(crate) fn raw(mut value: &[u8]) -> Option<&[u8]> {
    let is_null = value.try_get_i32().map_or(true, |length| length < 0);
    (!is_null).then_some(value)
}

/// One value that is written.
pub(crate) struct WrittenValue {
    /// With its length before it.
    bytes: Bytes,
    ty: Type,
    show: Show,
}

impl WrittenValue {
    /// The first of the values in `bytes`, which begin behind it then.
    pub(crate) fn split_off(bytes: &mut Bytes, ty: Type, show: Show) -> Option<Self> {
        let length = Written(bytes).next()?.len();
        Some(Self { bytes: bytes.split_to(length), ty, show })
    }

    /// A value that is written, without its length; none is NULL.
    pub(crate) fn of(raw: Option<&[u8]>, ty: Type, show: Show) -> Self {
        let mut bytes = BytesMut::new();
        // No value is longer than the length that it was written with.
        let length = raw.map_or(Ok(-1), |raw| i32::try_from(raw.len())).unwrap_or(i32::MAX);
        bytes.put_i32(length);
        bytes.put_slice(raw.unwrap_or_default());
        Self { bytes: bytes.freeze(), ty, show }
    }

    fn raw(&self) -> Option<&[u8]> {
        raw(&self.bytes)
    }
}

impl fmt::Debug for WrittenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.show)(&self.ty, self.raw(), f)
    }
}

impl Parameter for WrittenValue {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Some(raw) = self.raw() else { return Ok(IsNull::Yes) };
        out.put_slice(raw);
        Ok(IsNull::No)
    }
}
