//! [`Newtype`]: a struct around one value, which the compiler tells from others, and the server does not.

use super::{Array, ArrayElement, CustomType, ElementType, Slot, SqlType, Value};
use postgres_types::Type;
use std::marker::PhantomData;

/// A struct around one value: a type of its own in Rust, and for the server the type of the value. Implemented by
/// `#[derive(Newtype)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a newtype: it has no value within it",
    label = "`inner` is of what has a type with `#[derive(Newtype)]`"
)]
pub trait Newtype: CustomType {
    /// The type of the value.
    type Inner: Value;
}

/// The SQL type of the newtype `T`: that of its value, which is compared only with other values of `T`.
pub struct NewtypeOf<T>(PhantomData<T>);

impl<T: Newtype> SqlType for NewtypeOf<T> {
    const NAME: &'static str = <T::Inner as Value>::DATA_TYPE;

    fn pg_type() -> Type {
        <T::Inner as Value>::parameter_type()
    }

    fn array_type() -> Option<Type> {
        <<T::Inner as Value>::Sql as SqlType>::array_type()
    }
}

impl<T: Newtype> super::HasEquality for NewtypeOf<T> where
    <T::Inner as Value>::Sql: super::HasEquality
{
}

/// The SQL type of an array of values of `T`.
type ArrayOfInner<T> = Array<<<T as Newtype>::Inner as ArrayElement>::Element>;

// Of a newtype over an array there is none: an array of arrays has as many elements in each.
impl<T: Newtype> ElementType for NewtypeOf<T>
where
    T::Inner: ArrayElement,
    ArrayOfInner<T>: SqlType,
{
    const ARRAY_NAME: &'static str = ArrayOfInner::<T>::NAME;

    fn pg_array_type() -> Type {
        ArrayOfInner::<T>::pg_type()
    }
}

/// The other types that a place can be declared with.
pub const fn slot_declared_as<S: Slot>() -> &'static [&'static str] {
    <S::Value as Value>::DECLARED_AS
}
