//! [`Nested`]: a related row, or rows, in one cell. The rows are read as plain ones are: from [`Cells`].

use super::cells::{Cells, Decode};
use super::record::malformed;
use super::{Array, ArrayElement, SqlType};
use crate::error::Result;
use crate::query::relation::{AtMostOne, Many};

/// A Rust type that is read from one cell that holds a row, or rows: a loaded relation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a relation loads",
    label = "neither a row, an `Option` of one, nor a `Vec`"
)]
pub trait Nested: Sized + Send {
    /// As [`Decode::CONTAINS_ITSELF`].
    #[doc(hidden)]
    const CONTAINS_ITSELF: bool = false;

    /// Reads the rows in the next cell.
    ///
    /// # Errors
    /// As [`Decode::decode`].
    fn nested(cells: &mut Cells<'_>) -> Result<Self>;
}

impl<T: ListElement> Nested for Vec<T> {
    const CONTAINS_ITSELF: bool = T::CONTAINS_ITSELF;

    fn nested(cells: &mut Cells<'_>) -> Result<Self> {
        T::list(cells)
    }
}

impl<T: Decode> Nested for Option<T> {
    const CONTAINS_ITSELF: bool = T::CONTAINS_ITSELF;

    fn nested(cells: &mut Cells<'_>) -> Result<Self> {
        cells.record(T::decode)
    }
}

/// The row of a relation whose foreign key cannot be NULL.
///
/// # Errors
/// The row is missing, or as [`Decode::decode`].
pub fn required<T: Decode>(cells: &mut Cells<'_>) -> Result<T> {
    cells.record(T::decode)?.ok_or_else(|| {
        malformed("a related row is missing").with_hint(
            "row level security or a foreign key that is NOT VALID can hide it; \
             declare the foreign key's field as `Option` if it may be missing",
        )
    })
}

/// An element of a `Vec` that is read from one cell: a value of an array, or a row among related rows.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot be read from a row",
    label = "`{Self}` is neither the element of an array nor a row"
)]
pub trait ListElement: Sized + Send {
    /// [`ValueElement`] or [`RecordElement`].
    type Form: ElementForm;
    /// As [`Decode::CONTAINS_ITSELF`].
    #[doc(hidden)]
    const CONTAINS_ITSELF: bool = false;

    /// Reads the list in the next cell.
    ///
    /// # Errors
    /// As [`Decode::decode`].
    fn list(cells: &mut Cells<'_>) -> Result<Vec<Self>>;
}

/// The element is a value, and the list an array.
pub enum ValueElement {}
/// The element is a row.
pub enum RecordElement {}

/// What an element of a list is.
pub trait ElementForm {
    /// Whether it is a value.
    const IS_VALUE: bool;
}

impl ElementForm for ValueElement {
    const IS_VALUE: bool = true;
}

impl ElementForm for RecordElement {
    const IS_VALUE: bool = false;
}

#[diagnostic::do_not_recommend]
impl<V: ArrayElement> ListElement for V
where
    Array<V::Element>: SqlType,
{
    type Form = ValueElement;

    fn list(cells: &mut Cells<'_>) -> Result<Vec<Self>> {
        cells.values()
    }
}

/// Rows of one type in the next cell.
///
/// # Errors
/// As [`Decode::decode`].
pub fn record_list<T: Decode>(cells: &mut Cells<'_>) -> Result<Vec<T>> {
    cells.records(T::decode)
}

impl<T: ListElement> Decode for Vec<T> {
    fn decode(cells: &mut Cells<'_>) -> Result<Self> {
        T::list(cells)
    }
}

/// What a relation of that shape can select: [`Many`] rows of anything, [`AtMostOne`] of a row.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what this relation can give",
    label = "one value of a relation to one row",
    note = "select a tuple or a struct; of one value `.value(..)` makes an expression"
)]
pub trait RowsOf<Shape> {
    /// Whether it is a value, and not a row.
    const IS_VALUE: bool;
}

impl<T: ListElement> RowsOf<Many> for T {
    const IS_VALUE: bool = <T::Form as ElementForm>::IS_VALUE;
}

impl<T: ListElement> RowsOf<AtMostOne> for T
where
    T::Form: IsRecord,
{
    const IS_VALUE: bool = false;
}

/// The element is a row.
pub trait IsRecord {}
impl IsRecord for RecordElement {}

/// A tuple of values is a row.
macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Decode),*> ListElement for ($($name,)*) {
            type Form = RecordElement;

            fn list(cells: &mut Cells<'_>) -> Result<Vec<Self>> {
                record_list(cells)
            }
        }

        impl<$($name: Decode),*> Nested for ($($name,)*) {
            fn nested(cells: &mut Cells<'_>) -> Result<Self> {
                required(cells)
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
