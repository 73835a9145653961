//! Ranges and multiranges in PostgreSQL's binary format: `range_send` and `multirange_send` in its sources.

use super::{Multirange, Range, RangeElement};
use crate::types::custom::{CustomType, base_type};
use crate::types::{Failure, declared};
use bytes::{Buf as _, BufMut as _, BytesMut};
use postgres_types::{IsNull, Kind, Type};
use std::ops::Bound;

const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const NO_LOWER: u8 = 0x08;
const NO_UPPER: u8 = 0x10;

/// Whether the type is one that only the server knows: it was declared by the name of `data_type`.
fn is_unknown(ty: &Type) -> bool {
    ty.oid() == 0 && *ty.kind() == Kind::Simple
}

/// The type of the bounds.
fn subtype<T: RangeElement>(ty: &Type) -> Type {
    match ty.kind() {
        Kind::Range(subtype) | Kind::Multirange(subtype) => base_type(subtype).clone(),
        _ => T::parameter_type(),
    }
}

impl<T: RangeElement> CustomType for Range<T> {
    type Sql = T::Range;
    type Element = T::Range;
    const DATA_TYPE: &'static str = T::RANGE;

    fn accepts(ty: &Type) -> bool {
        match ty.kind() {
            Kind::Range(subtype) => T::accepts(base_type(subtype)),
            _ => is_unknown(ty) || declared::known(T::RANGE).is(ty),
        }
    }

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        read(&subtype::<T>(ty), raw)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write(self, &subtype::<T>(ty), out)
    }
}

impl<T: RangeElement> CustomType for Multirange<T> {
    type Sql = T::Multirange;
    type Element = T::Multirange;
    const DATA_TYPE: &'static str = T::MULTIRANGE;

    fn accepts(ty: &Type) -> bool {
        match ty.kind() {
            Kind::Multirange(subtype) => T::accepts(base_type(subtype)),
            _ => is_unknown(ty) || declared::known(T::MULTIRANGE).is(ty),
        }
    }

    fn read(ty: &Type, mut raw: &[u8]) -> Result<Self, Failure> {
        let subtype = subtype::<T>(ty);
        let count = raw.try_get_i32()?;
        // The count is not trusted with memory: it grows with the ranges that are there.
        let mut ranges = Vec::new();
        for _ in 0..count {
            ranges.push(read(&subtype, sized(&mut raw)?)?);
        }
        match raw {
            [] => Ok(Self::new(ranges)),
            _ => Err("a multirange is longer than it says".into()),
        }
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        let subtype = subtype::<T>(ty);
        let count = i32::try_from(self.len()).map_err(|_| "a multirange has too many ranges")?;
        out.put_i32(count);
        for range in self {
            with_length(out, |out| write(range, &subtype, out))?;
        }
        Ok(())
    }
}

fn read<T: RangeElement>(subtype: &Type, mut raw: &[u8]) -> Result<Range<T>, Failure> {
    let flags = raw.try_get_u8()?;
    let has = |flag: u8| flags & flag != 0;
    let range = if has(EMPTY) {
        Range::empty()
    } else {
        let mut bound = |is_absent: bool, is_in: bool| -> Result<Bound<T>, Failure> {
            if is_absent {
                return Ok(Bound::Unbounded);
            }
            let value = T::read(subtype, Some(sized(&mut raw)?))?;
            Ok(if is_in { Bound::Included(value) } else { Bound::Excluded(value) })
        };
        let lower = bound(has(NO_LOWER), has(LOWER_INCLUDED))?;
        Range::new(lower, bound(has(NO_UPPER), has(UPPER_INCLUDED))?)
    };
    match raw {
        [] => Ok(range),
        _ => Err("a range is longer than it says".into()),
    }
}

/// A length and that many bytes.
fn sized<'a>(raw: &mut &'a [u8]) -> Result<&'a [u8], Failure> {
    let length = usize::try_from(raw.try_get_i32()?)?;
    let (head, tail) = raw.split_at_checked(length).ok_or("a range ends too early")?;
    *raw = tail;
    Ok(head)
}

fn write<T: RangeElement>(
    range: &Range<T>,
    subtype: &Type,
    out: &mut BytesMut,
) -> Result<(), Failure> {
    if let Some(fault) = range.fault() {
        return Err(fault.into());
    }
    let Some((lower, upper)) = range.bounds() else {
        out.put_u8(EMPTY);
        return Ok(());
    };
    let lower_flag = match lower {
        Bound::Included(_) => LOWER_INCLUDED,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => NO_LOWER,
    };
    let upper_flag = match upper {
        Bound::Included(_) => UPPER_INCLUDED,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => NO_UPPER,
    };
    out.put_u8(lower_flag | upper_flag);
    for bound in [lower, upper] {
        if let Bound::Included(value) | Bound::Excluded(value) = bound {
            with_length(out, |out| match value.write(subtype, out)? {
                IsNull::No => Ok(()),
                IsNull::Yes => Err("the bound of a range is NULL".into()),
            })?;
        }
    }
    Ok(())
}

/// Writes something after its length.
fn with_length(
    out: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let start = out.len();
    out.put_i32(0);
    write(out)?;
    let length = i32::try_from(out.len() - start - 4).map_err(|_| "a range is too large")?;
    if let Some(place) = out.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}
