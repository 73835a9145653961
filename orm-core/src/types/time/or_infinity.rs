//! [`OrInfinity`]: dates and moments before and after all others.

use super::count::{self, Counted as _, Dated};
use crate::types::{CustomType, Failure, SqlType, Type};
use bytes::BytesMut;

/// A `date`, `timestamp` or `timestamptz` that may be infinite: before, or after, all others (manual, section 8.5.1.4).
///
/// It is made of the types of any crate: `OrInfinity<chrono::NaiveDate>`, `OrInfinity<jiff::Timestamp>`. These types
/// themselves have no infinity, and to read one as them is an error.
///
/// ```
/// use orm_core::types::OrInfinity;
/// use std::time::SystemTime;
/// let ends: OrInfinity<SystemTime> = OrInfinity::Infinity;
/// assert!(OrInfinity::Value(SystemTime::now()) < ends);
/// assert_eq!(ends.value(), None);
/// assert_eq!(OrInfinity::from(SystemTime::UNIX_EPOCH).value(), Some(SystemTime::UNIX_EPOCH));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrInfinity<T> {
    /// `-infinity`: before all others.
    NegativeInfinity,
    /// A date or moment.
    Value(T),
    /// `infinity`: after all others.
    Infinity,
}

impl<T> OrInfinity<T> {
    /// The date or moment, unless it is infinite.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::NegativeInfinity | Self::Infinity => None,
        }
    }
}

impl<T> From<T> for OrInfinity<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<D: Dated> CustomType for OrInfinity<D> {
    type Sql = D::Sql;
    type Element = D::Sql;
    const DATA_TYPE: &'static str = <D::Sql as SqlType>::NAME;

    fn parameter_type() -> Type {
        D::Sql::pg_type()
    }

    fn accepts(ty: &Type) -> bool {
        *ty == D::Sql::pg_type()
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        count::read_or_infinity(raw)
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        let count = match self {
            Self::NegativeInfinity => OrInfinity::NegativeInfinity,
            Self::Value(value) => OrInfinity::Value(count::count(value)?),
            Self::Infinity => OrInfinity::Infinity,
        };
        D::Sql::put(count, out);
        Ok(())
    }
}
