//! `rust_decimal::Decimal` as a column: 96 bits of digits and at most 28 after the decimal point.
//!
//! It is written by its crate and read by [`Numeric`]: its own reading rounds what has more digits, and panics at some
//! numbers that are too large for it (`1e32`).

use super::{BASE, Finite, GROUP, Numeric, NumericError};
use crate::types::{CustomType, Failure};
use bytes::BytesMut;
use postgres_types::{FromSql as _, ToSql as _, Type};
use rust_decimal::Decimal;

/// How many digits a `Decimal` can have after the decimal point.
const SHOWN_MAX: u32 = 28;

impl CustomType for Decimal {
    type Sql = Numeric;
    type Element = Numeric;
    const DATA_TYPE: &'static str = "numeric";

    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self::try_from(Numeric::from_sql(ty, raw)?)?)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        self.to_sql(ty, out)?;
        Ok(())
    }
}

impl Finite {
    /// The number times ten to the power of `scale`, if that is an integer of this type.
    fn times_ten_to(&self, scale: u32) -> Option<i128> {
        let Some((last, groups)) = self.groups.split_last() else { return Some(0) };
        let signed =
            |group: u16| if self.is_negative { -i128::from(group) } else { i128::from(group) };
        let base = i128::from(BASE);
        let number = groups.iter().try_fold(0_i128, |number, group| {
            number.checked_mul(base)?.checked_add(signed(*group))
        })?;
        let exponent = self.last_exponent() + i64::from(scale);
        if exponent >= 0 {
            let number = number.checked_mul(base)?.checked_add(signed(*last))?;
            return number.checked_mul(10_i128.checked_pow(u32::try_from(exponent).ok()?)?);
        }
        // The last group is not zero: all four digits of it cannot be after the decimal point.
        let behind =
            u32::try_from(-exponent).ok().filter(|behind| *behind < GROUP.unsigned_abs())?;
        let (divisor, factor) = (10_u16.pow(behind), 10_i128.pow(GROUP.unsigned_abs() - behind));
        if last % divisor != 0 {
            return None;
        }
        number.checked_mul(factor)?.checked_add(signed(last / divisor))
    }
}

impl From<Decimal> for Numeric {
    fn from(number: Decimal) -> Self {
        let scale = u16::try_from(number.scale()).unwrap_or(0);
        let mantissa = number.mantissa();
        Finite::of_integer(mantissa < 0, mantissa.unsigned_abs(), scale).into()
    }
}

/// The same number, with as many digits after the decimal point as both can show. The error says that it is `NaN` or
/// infinite, or has too many digits: nothing is rounded.
impl TryFrom<&Numeric> for Decimal {
    type Error = NumericError;

    fn try_from(number: &Numeric) -> Result<Self, NumericError> {
        let finite = number.finite("Decimal")?;
        let needed = finite.fraction_digits();
        if needed > SHOWN_MAX {
            let why = format!(
                "it has {needed} digits after the decimal point, and {SHOWN_MAX} are the most"
            );
            return Err(number.misfit("Decimal", why));
        }
        let scale_max = u32::from(finite.scale).min(SHOWN_MAX);
        let fitting = (needed..=scale_max).rev().find_map(|scale| {
            let mantissa = finite.times_ten_to(scale)?;
            Self::try_from_i128_with_scale(mantissa, scale).ok()
        });
        let why = "it has more digits than 96 bits can hold, which are 28 or 29";
        fitting.ok_or_else(|| number.misfit("Decimal", why))
    }
}

/// As that of `&Numeric`.
impl TryFrom<Numeric> for Decimal {
    type Error = NumericError;

    fn try_from(number: Numeric) -> Result<Self, NumericError> {
        Self::try_from(&number)
    }
}
