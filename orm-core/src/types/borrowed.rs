//! [`DecodeBorrowed`]: rows whose texts and bytes are not copied.

use super::cells::{Cells, Decode};
use crate::error::Result;

/// A row type that has a borrowed form, which is read without copying: `(String, i64)` as `(&str, i64)`.
///
/// What a query selects has one if it is made of the values of this list: texts and bytes are borrowed, numbers and the like are
/// themselves. The struct of a table has none: select its columns.
pub trait DecodeBorrowed: Decode {
    /// The borrowed form.
    type Borrowed<'r>;
    /// Reads as many cells as it needs.
    ///
    /// # Errors
    /// A value that is not of the expected type, or NULL where the Rust type has no `Option`.
    fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self::Borrowed<'r>>;
}

/// What is borrowed from the row.
macro_rules! borrowed {
    ($($owned:ty => $borrowed:ty;)*) => {$(
        impl DecodeBorrowed for $owned {
            type Borrowed<'r> = &'r $borrowed;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self::Borrowed<'r>> {
                cells.borrowed()
            }
        }
        impl DecodeBorrowed for Option<$owned> {
            type Borrowed<'r> = Option<&'r $borrowed>;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self::Borrowed<'r>> {
                cells.borrowed()
            }
        }
    )*};
}

borrowed! {
    String => str;
    Vec<u8> => [u8];
}

/// What is itself.
macro_rules! itself {
    ($($value:ty;)*) => {$(
        impl DecodeBorrowed for $value {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self> {
                Self::decode(cells)
            }
        }
        impl DecodeBorrowed for Option<$value> {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self> {
                Self::decode(cells)
            }
        }
    )*};
}

itself! {
    bool; i16; i32; i64; f32; f64;
    i8; u8; u16; u32; u64;
    std::num::NonZeroI16; std::num::NonZeroI32; std::num::NonZeroI64;
    std::num::NonZeroU8; std::num::NonZeroU16; std::num::NonZeroU32; std::num::NonZeroU64;
}

#[cfg(feature = "uuid")]
itself! { uuid::Uuid; }

#[cfg(feature = "json")]
itself! { serde_json::Value; }

impl<T: super::CustomType> DecodeBorrowed for T {
    type Borrowed<'r> = Self;

    fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self> {
        Self::decode(cells)
    }
}

impl<T: super::CustomType> DecodeBorrowed for Option<T> {
    type Borrowed<'r> = Self;

    fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self> {
        Self::decode(cells)
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: DecodeBorrowed),*> DecodeBorrowed for ($($name,)*) {
            type Borrowed<'r> = ($($name::Borrowed<'r>,)*);

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> Result<Self::Borrowed<'r>> {
                Ok(($($name::decode_borrowed(cells)?,)*))
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
tuples!(A B C D E F G H I J K L M);
tuples!(A B C D E F G H I J K L M N);
tuples!(A B C D E F G H I J K L M N O);
tuples!(A B C D E F G H I J K L M N O P);
