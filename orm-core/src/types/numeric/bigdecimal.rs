//! `bigdecimal::BigDecimal` as a column.

use super::{Finite, Numeric, NumericError, Repr, SCALE_MAX};
use crate::types::{CustomType, Failure};
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::Sign;
use bytes::BytesMut;
use postgres_types::{FromSql as _, ToSql as _, Type};

/// It holds every finite number; reading `NaN`, `Infinity` or `-Infinity` is an error that says so.
impl CustomType for BigDecimal {
    type Sql = Numeric;
    type Element = Numeric;
    const DATA_TYPE: &'static str = "numeric";

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self::try_from(Numeric::from_sql(ty, raw)?)?)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        Numeric::try_from(self)?.to_sql(ty, out)?;
        Ok(())
    }
}

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
