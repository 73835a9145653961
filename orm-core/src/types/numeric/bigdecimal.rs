//! `bigdecimal::BigDecimal` as a column.

use super::{Finite, Numeric, NumericError, Repr, SCALE_MAX};
use crate::types::value;
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::Sign;
use bytes::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use std::error::Error;

/// A column of type `numeric` that is read and written as a [`BigDecimal`].
///
/// It holds every finite number; reading `NaN`, `Infinity` or `-Infinity` is an error that says so. `BigDecimal` itself
/// has no way to PostgreSQL, and neither its crate nor the driver's lets another one add it; so it is wrapped here.
///
/// ```
/// use orm_core::types::{BigNumeric, Numeric};
/// let total = BigNumeric("12.50".parse().unwrap());
/// assert_eq!(Numeric::try_from(total.0)?.to_string(), "12.50");
/// # Ok::<(), orm_core::types::NumericError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BigNumeric(pub BigDecimal);

impl From<BigDecimal> for BigNumeric {
    fn from(number: BigDecimal) -> Self {
        Self(number)
    }
}

impl<'a> FromSql<'a> for BigNumeric {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(BigDecimal::try_from(Numeric::from_sql(ty, raw)?)?))
    }

    accepts!(NUMERIC);
}

impl ToSql for BigNumeric {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Numeric::try_from(&self.0)?.to_sql(ty, out)
    }

    accepts!(NUMERIC);
    to_sql_checked!();
}

value!(BigNumeric => Numeric);

/// The same number. The error says that it has more digits than PostgreSQL can hold.
impl TryFrom<&BigDecimal> for Numeric {
    type Error = NumericError;

    fn try_from(number: &BigDecimal) -> Result<Self, NumericError> {
        let (integer, scale) = number.as_bigint_and_scale();
        let (sign, digits) = integer.to_radix_be(10);
        let too_large = || {
            let why = "it has more than 131072 digits before the decimal point or 16383 after it";
            NumericError::new(&format!("{integer}e{}", -i128::from(scale)), "Numeric", why)
        };
        let shown = u16::try_from(scale.max(0)).ok().filter(|shown| *shown <= SCALE_MAX);
        let shown = shown.ok_or_else(too_large)?;
        let length = i64::try_from(digits.len()).map_err(|_| too_large())?;
        let before = length.checked_sub(scale).ok_or_else(too_large)?;
        let finite = Finite::of_digits(sign == Sign::Minus, &digits, before, shown);
        finite.map(Self::from).ok_or_else(too_large)
    }
}

/// As that of `&BigDecimal`.
impl TryFrom<BigDecimal> for Numeric {
    type Error = NumericError;

    fn try_from(number: BigDecimal) -> Result<Self, NumericError> {
        Self::try_from(&number)
    }
}

/// The same number with the same scale. The error says that it is `NaN` or infinite.
impl TryFrom<&Numeric> for BigDecimal {
    type Error = NumericError;

    fn try_from(number: &Numeric) -> Result<Self, NumericError> {
        let Repr::Finite(_) = &number.0 else {
            return Err(number.misfit("BigDecimal", "a `BigDecimal` is always a finite number"));
        };
        let read = number.to_string().parse::<Self>();
        read.map_err(|error| number.misfit("BigDecimal", error.to_string()))
    }
}

/// As that of `&Numeric`.
impl TryFrom<Numeric> for BigDecimal {
    type Error = NumericError;

    fn try_from(number: Numeric) -> Result<Self, NumericError> {
        Self::try_from(&number)
    }
}
