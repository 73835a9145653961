//! Arrays: manual, section 8.15. `Vec<T>` is an array of one dimension without NULLs, `Vec<Option<T>>` one with NULLs. An array of
//! several dimensions is an [`NdArray`](super::NdArray).

mod wire;

pub(crate) use wire::{each_element, put_quoted};
pub(super) use wire::{put_head, write_array};

use super::cells::{Cells, Decode};
use super::custom::base_type;
use super::nd_array::NdArray;
use super::{DecodeBorrowed, Failure, HasEquality, OfSqlType, SqlType, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Type, WasNull};
use std::marker::PhantomData;
use wire::{read_array, write_dimensions};

/// The array type of `S`.
pub struct Array<S>(PhantomData<S>);

/// A Rust type that can be an element of an array column.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot be the type of a column",
    label = "`{Self}` is not the element of an array"
)]
pub trait ArrayElement: Value {
    /// What the array is an array of: the SQL type, or a domain over it.
    type Element: 'static;
}

/// An SQL type, or a domain, that has an array type.
pub trait ElementType: 'static {
    /// The name of the array type as SQL.
    const ARRAY_NAME: &'static str;

    /// The array's entry in `pg_type`.
    fn pg_array_type() -> Type;
}

impl<S: ElementType> SqlType for Array<S> {
    const NAME: &'static str = S::ARRAY_NAME;

    fn pg_type() -> Type {
        S::pg_array_type()
    }
}

impl<S: HasEquality> HasEquality for Array<S> {}

/// What a Rust type that is an array has of its elements.
macro_rules! arrays {
    ($array:ident) => {
        impl<V: ArrayElement> Value for $array<V>
        where
            Array<V::Element>: SqlType,
        {
            type Sql = Array<V::Element>;
            type NotNull = Self;
            type Nullable = Option<Self>;
            type Propagate<Other: Value> = Other;
            const NULLABLE: bool = false;
            const DECLARED_AS: &'static [&'static str] = V::DECLARED_AS;
            const AS_TEXT: Option<&'static str> = as_texts::<V>();

            fn accepts(ty: &Type) -> bool {
                matches!(ty.kind(), Kind::Array(element) if V::accepts(base_type(element)))
            }

            fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
                Self::read_array(ty, raw.ok_or(WasNull)?)
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                self.put_array(ty, out)?;
                Ok(IsNull::No)
            }
        }

        impl<V: ArrayElement> Value for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            type Sql = Array<V::Element>;
            type NotNull = $array<V>;
            type Nullable = Self;
            type Propagate<Other: Value> = Other::Nullable;
            const NULLABLE: bool = true;
            const DECLARED_AS: &'static [&'static str] = V::DECLARED_AS;
            const AS_TEXT: Option<&'static str> = as_texts::<V>();

            fn accepts(ty: &Type) -> bool {
                <$array<V> as Value>::accepts(ty)
            }

            fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
                raw.map(|raw| <$array<V>>::read_array(ty, raw)).transpose()
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                self.as_ref().map_or(Ok(IsNull::Yes), |array| array.write(ty, out))
            }
        }

        impl<V: ArrayElement> Decode for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
                cells.value()
            }
        }

        /// Its elements are made owned.
        impl<V: ArrayElement> DecodeBorrowed for $array<V>
        where
            Array<V::Element>: SqlType,
        {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> crate::Result<Self> {
                cells.value()
            }
        }

        impl<V: ArrayElement> DecodeBorrowed for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> crate::Result<Self> {
                cells.value()
            }
        }

        impl<V: ArrayElement> OfSqlType<Array<V::Element>> for $array<V> {}
        impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Option<$array<V>> {}
    };
}

arrays!(Vec);
arrays!(NdArray);

// That of `Vec` is one of `ListElement`: a `Vec` may hold rows, too.
impl<V: ArrayElement> Decode for NdArray<V>
where
    Array<V::Element>: SqlType,
{
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}

/// Reading and writing a whole array.
trait WholeArray: Sized {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure>;
    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure>;
}

impl<V: ArrayElement> WholeArray for Vec<V> {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        // The number of its first element is not part of a `Vec`.
        let (dimensions, elements) = read_array(ty, raw)?;
        match dimensions.len() {
            0 | 1 => Ok(elements),
            count => Err(format!(
                "it is an array of {count} dimensions, and `Vec<_>` one of one; declare the field as `orm::types::NdArray<_>`"
            )
            .into()),
        }
    }

    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write_array(ty, self, out, |element, ty, out| element.write(base_type(ty), out))
    }
}

impl<V: ArrayElement> WholeArray for NdArray<V> {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (dimensions, elements) = read_array(ty, raw)?;
        Ok(Self::new(dimensions, elements)?)
    }

    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        let write = |element: &V, ty: &Type, out: &mut BytesMut| element.write(base_type(ty), out);
        write_dimensions(ty, self.dimensions(), self.elements(), out, write)
    }
}

/// What an array is cast to whose elements are read as texts.
const fn as_texts<V: Value>() -> Option<&'static str> {
    match V::AS_TEXT {
        Some(_) => Some("text[]"),
        None => None,
    }
}
