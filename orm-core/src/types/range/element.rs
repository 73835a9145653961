//! [`RangeElement`]: the types of which there are ranges, and the SQL types of these.

use crate::types::{ElementType, Failure, Numeric, SqlType, Value, sql_type};
use std::cmp::Ordering;

sql_type!(/// `int4range`.
    Int4Range, "int4range", INT4_RANGE, INT4_RANGE_ARRAY);
sql_type!(/// `int4multirange`.
    Int4Multirange, "int4multirange", INT4MULTI_RANGE, INT4MULTI_RANGE_ARRAY);
sql_type!(/// `int8range`.
    Int8Range, "int8range", INT8_RANGE, INT8_RANGE_ARRAY);
sql_type!(/// `int8multirange`.
    Int8Multirange, "int8multirange", INT8MULTI_RANGE, INT8MULTI_RANGE_ARRAY);
sql_type!(/// `numrange`.
    NumRange, "numrange", NUM_RANGE, NUM_RANGE_ARRAY);
sql_type!(/// `nummultirange`.
    NumMultirange, "nummultirange", NUMMULTI_RANGE, NUMMULTI_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `tsrange`.
    TsRange, "tsrange", TS_RANGE, TS_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `tsmultirange`.
    TsMultirange, "tsmultirange", TSMULTI_RANGE, TSMULTI_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `tstzrange`.
    TstzRange, "tstzrange", TSTZ_RANGE, TSTZ_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `tstzmultirange`.
    TstzMultirange, "tstzmultirange", TSTZMULTI_RANGE, TSTZMULTI_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `daterange`.
    DateRange, "daterange", DATE_RANGE, DATE_RANGE_ARRAY);
#[cfg(feature = "chrono")]
sql_type!(/// `datemultirange`.
    DateMultirange, "datemultirange", DATEMULTI_RANGE, DATEMULTI_RANGE_ARRAY);

/// A type of which there are ranges: what [`Range`](super::Range) and [`Multirange`](super::Multirange) are of.
///
/// A program implements it for a type of its own whose ranges the database declares (manual, section 8.17.8):
/// `CREATE TYPE celsius_range AS RANGE (subtype = float8)`.
///
/// ```
/// use orm_core::types::{
///     BytesMut, CustomType, Failure, Float8, Multirange, Own, Range, RangeElement, Type,
/// };
///
/// #[derive(Debug, Clone, PartialEq, PartialOrd)]
/// struct Celsius(f64);
///
/// impl CustomType for Celsius {
///     type Sql = Float8;
///     type Element = Float8;
///     const DATA_TYPE: &'static str = "double precision";
///
///     fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
///         Ok(Self(f64::from_be_bytes(raw.try_into()?)))
///     }
///
///     fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
///         out.extend_from_slice(&self.0.to_be_bytes());
///         Ok(())
///     }
/// }
///
/// orm_core::custom_type!(Celsius);
///
/// impl RangeElement for Celsius {
///     type Range = Own<Range<Self>>;
///     type Multirange = Own<Multirange<Self>>;
///     const RANGE: &'static str = "celsius_range";
///     const MULTIRANGE: &'static str = "celsius_multirange";
///
///     fn to_text(&self) -> String {
///         self.0.to_string()
///     }
///
///     fn from_text(text: &str) -> Result<Self, Failure> {
///         Ok(Self(text.parse()?))
///     }
/// }
///
/// assert_eq!(Range::from(Celsius(-1.5)..Celsius(20.0)).to_string(), "[-1.5,20)");
/// ```
#[diagnostic::on_unimplemented(
    message = "there are no ranges of `{Self}`",
    label = "not the element of a range",
    note = "ranges are of `i32`, `i64`, `orm::Numeric`, and with the features of the same names of the types of `chrono`, `rust_decimal` and `bigdecimal`; a type of your own implements `orm::types::RangeElement`"
)]
pub trait RangeElement: Value<NotNull = Self> + Clone + PartialOrd {
    /// The SQL type of its ranges: `Own<Range<Self>>` for one that the database declares.
    type Range: SqlType + ElementType;
    /// The SQL type of its multiranges: `Own<Multirange<Self>>` for one that the database declares.
    type Multirange: SqlType + ElementType;
    /// The name of the type of its ranges, as SQL. Its schema is part of it, unless `search_path` finds it.
    const RANGE: &'static str;
    /// The name of the type of its multiranges, as SQL.
    const MULTIRANGE: &'static str;

    /// The value after it, of a type whose ranges have a `canonical` function that excludes the upper bound.
    fn step(&self) -> Step<Self> {
        Step::None
    }

    /// How it compares with another as the server compares them; none where only the server knows: a text, whose order
    /// depends on its collation.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.partial_cmp(other)
    }

    /// Its text, as PostgreSQL reads it.
    fn to_text(&self) -> String;

    /// The value with that text.
    ///
    /// # Errors
    /// It is none.
    fn from_text(text: &str) -> Result<Self, Failure>;
}

/// What comes after a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<T> {
    /// No next value: there are others between any two, or it is infinite.
    None,
    /// The next value.
    Next(T),
    /// It is the last one that the type holds.
    Last,
}

impl<T> From<Option<T>> for Step<T> {
    /// None is [`Last`](Self::Last): what `checked_add` gives.
    fn from(next: Option<T>) -> Self {
        next.map_or(Self::Last, Self::Next)
    }
}

/// A line for each type: its SQL types, the text of a value, and the next value where each has one.
macro_rules! elements {
    ($($element:ty => $range:ty, $multirange:ty, text $text:ident $(, next $next:expr)?;)*) => {$(
        impl RangeElement for $element {
            type Range = $range;
            type Multirange = $multirange;
            const RANGE: &'static str = <$range as SqlType>::NAME;
            const MULTIRANGE: &'static str = <$multirange as SqlType>::NAME;

            $(
                fn step(&self) -> Step<Self> {
                    let next: fn(&Self) -> Option<Self> = $next;
                    next(self).into()
                }
            )?

            fn to_text(&self) -> String {
                $text::to_text(self)
            }

            fn from_text(text: &str) -> Result<Self, Failure> {
                $text::from_text(text)
            }
        }
    )*};
}

elements! {
    i32 => Int4Range, Int4Multirange, text displayed, next |number| number.checked_add(1);
    i64 => Int8Range, Int8Multirange, text displayed, next |number| number.checked_add(1);
    Numeric => NumRange, NumMultirange, text displayed;
}

#[cfg(feature = "rust_decimal")]
elements! { rust_decimal::Decimal => NumRange, NumMultirange, text displayed; }

#[cfg(feature = "bigdecimal")]
elements! { bigdecimal::BigDecimal => NumRange, NumMultirange, text plain; }

#[cfg(feature = "chrono")]
use super::time::{date, timestamp, timestamptz};

#[cfg(feature = "chrono")]
elements! {
    chrono::NaiveDate => DateRange, DateMultirange, text date, next |day| day.succ_opt();
    chrono::NaiveDateTime => TsRange, TsMultirange, text timestamp;
    chrono::DateTime<chrono::Utc> => TstzRange, TstzMultirange, text timestamptz;
}

/// Types whose text in Rust is that of PostgreSQL.
mod displayed {
    use crate::types::Failure;
    use std::fmt::Display;
    use std::str::FromStr;

    pub(super) fn to_text(value: &impl Display) -> String {
        value.to_string()
    }

    pub(super) fn from_text<T: FromStr>(text: &str) -> Result<T, Failure>
    where
        T::Err: Into<Failure>,
    {
        text.parse().map_err(Into::into)
    }
}

/// Numbers that are shown with an exponent unless they are told not to be.
#[cfg(feature = "bigdecimal")]
mod plain {
    pub(super) fn to_text(number: &bigdecimal::BigDecimal) -> String {
        number.to_plain_string()
    }

    pub(super) use super::displayed::from_text;
}
