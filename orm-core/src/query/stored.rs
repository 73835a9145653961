//! [`StoredIn`]: which fields the value of an expression can be stored in.

#[cfg(any(feature = "rust_decimal", feature = "bigdecimal"))]
use crate::types::Numeric;
#[cfg(feature = "chrono")]
use crate::types::TimeOfDay;
use crate::types::{Dated, OrInfinity};

/// An expression of the type `Self` can be stored in a field of the type `T`.
pub trait StoredIn<T> {}
impl<V> StoredIn<V> for V {}
impl<V> StoredIn<Option<V>> for V {}

/// What is computed of checked integers is stored in a field of their type. The server knows nothing of the type: a check of the
/// table, `check = "stock >= 0"`, has it refuse what could not be read.
macro_rules! stored_integer {
    ($($computed:ty => $($field:ty)*;)*) => {$($(
        impl StoredIn<$field> for $computed {}
        impl StoredIn<Option<$field>> for $computed {}
        impl StoredIn<Option<$field>> for Option<$computed> {}
    )*)*};
}

stored_integer! {
    i16 => i8 u8 std::num::NonZeroI16 std::num::NonZeroU8;
    i32 => u16 std::num::NonZeroI32 std::num::NonZeroU16;
    i64 => u32 u64 std::num::NonZeroI64 std::num::NonZeroU32 std::num::NonZeroU64;
}

/// A computed value is stored in a field of any of the Rust types of its SQL type.
#[cfg(any(feature = "rust_decimal", feature = "bigdecimal", feature = "chrono"))]
macro_rules! stored {
    ($($value:ty => $($field:ty),*;)*) => {$($(
        impl StoredIn<$field> for $value {}
        impl StoredIn<Option<$field>> for $value {}
        impl StoredIn<Option<$field>> for Option<$value> {}
    )*)*};
}

#[cfg(feature = "rust_decimal")]
stored! { Numeric => rust_decimal::Decimal; }
#[cfg(feature = "bigdecimal")]
stored! { Numeric => bigdecimal::BigDecimal; }

impl<D: Dated> StoredIn<OrInfinity<D>> for D {}
impl<D: Dated> StoredIn<Option<OrInfinity<D>>> for D {}
impl<D: Dated> StoredIn<Option<OrInfinity<D>>> for Option<D> {}

#[cfg(feature = "chrono")]
stored! {
    chrono::DateTime<chrono::Utc> => chrono::DateTime<chrono::Local>, chrono::DateTime<chrono::FixedOffset>, std::time::SystemTime, OrInfinity<std::time::SystemTime>;
    chrono::NaiveTime => TimeOfDay;
}
#[cfg(all(feature = "chrono", feature = "jiff"))]
stored! {
    chrono::DateTime<chrono::Utc> => jiff::Timestamp, OrInfinity<jiff::Timestamp>;
    chrono::NaiveDateTime => jiff::civil::DateTime, OrInfinity<jiff::civil::DateTime>;
    chrono::NaiveDate => jiff::civil::Date, OrInfinity<jiff::civil::Date>;
    chrono::NaiveTime => jiff::civil::Time;
}
#[cfg(all(feature = "chrono", feature = "time"))]
stored! {
    chrono::DateTime<chrono::Utc> => time::OffsetDateTime, OrInfinity<time::OffsetDateTime>;
    chrono::NaiveDateTime => time::PrimitiveDateTime, OrInfinity<time::PrimitiveDateTime>;
    chrono::NaiveDate => time::Date, OrInfinity<time::Date>;
    chrono::NaiveTime => time::Time;
}
