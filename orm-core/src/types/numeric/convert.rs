//! [`Numeric`] from integers, and to integers and `f64` where these can hold it.

use super::{Finite, Numeric, NumericError, Repr};

impl Finite {
    /// The number `digits` with the decimal point `scale` places from its right end. Neither may be so large that it is
    /// no number of PostgreSQL's: 38 digits and a scale of 30 are none.
    pub(super) fn of_integer(is_negative: bool, digits: u128, scale: u16) -> Self {
        let text: Vec<u8> = digits.to_string().bytes().map(|byte| byte - b'0').collect();
        let before = i64::try_from(text.len()).unwrap_or(0) - i64::from(scale);
        Self::of_digits(is_negative, &text, before, scale).unwrap_or_default()
    }
}

impl Numeric {
    /// It as a finite number that another type may hold.
    pub(super) fn finite(&self, into: &'static str) -> Result<&Finite, NumericError> {
        match &self.0 {
            Repr::Finite(finite) => Ok(finite),
            _ => Err(self.misfit(into, format!("a `{into}` is always a finite number"))),
        }
    }

    pub(super) fn misfit(&self, into: &'static str, why: impl Into<String>) -> NumericError {
        NumericError::new(&self.to_string(), into, why)
    }
}

macro_rules! from_integers {
    ($($integer:ident)*) => {$(
        impl From<$integer> for Numeric {
            fn from(number: $integer) -> Self {
                let number = i128::from(number);
                Finite::of_integer(number < 0, number.unsigned_abs(), 0).into()
            }
        }
    )*};
}

from_integers! { i8 i16 i32 i64 i128 u8 u16 u32 u64 }

impl From<u128> for Numeric {
    fn from(number: u128) -> Self {
        Finite::of_integer(false, number, 0).into()
    }
}

/// By reference, and by value as well.
macro_rules! try_into {
    ($($into:ident)*, $convert:ident, $what:literal) => {$(
        #[doc = $what]
        impl TryFrom<&Numeric> for $into {
            type Error = NumericError;

            fn try_from(number: &Numeric) -> Result<Self, NumericError> {
                $convert!(number, $into)
            }
        }

        #[doc = $what]
        impl TryFrom<Numeric> for $into {
            type Error = NumericError;

            fn try_from(number: Numeric) -> Result<Self, NumericError> {
                Self::try_from(&number)
            }
        }
    )*};
}

macro_rules! integer {
    ($number:ident, $into:ident) => {{
        let into = stringify!($into);
        if $number.finite(into)?.fraction_digits() > 0 {
            return Err($number.misfit(into, "it has digits after the decimal point"));
        }
        let text = $number.to_string();
        let whole = text.split('.').next().unwrap_or_default();
        let out = || format!("the range is {} to {}", $into::MIN, $into::MAX);
        whole.parse().map_err(|_| $number.misfit(into, out()))
    }};
}

macro_rules! float {
    ($number:ident, $into:ident) => {{
        let finite = match &$number.0 {
            Repr::NaN => return Ok($into::NAN),
            Repr::Infinity => return Ok($into::INFINITY),
            Repr::NegativeInfinity => return Ok($into::NEG_INFINITY),
            Repr::Finite(finite) => finite,
        };
        let text = $number.to_string();
        let nearest: $into = text.parse().unwrap_or($into::INFINITY);
        let is_lost = nearest == 0.0 && !finite.groups.is_empty();
        if nearest.is_finite() && !is_lost {
            return Ok(nearest);
        }
        let why = if is_lost { "it is too close to zero" } else { "it is too large" };
        Err($number.misfit(stringify!($into), why))
    }};
}

try_into! { i8 i16 i32 i64 i128 u8 u16 u32 u64 u128, integer,
"The same number. The error says that it is not an integer, or out of range." }
try_into! { f32 f64, float,
"The nearest number, as the server's cast gives it. The error says that it is too large, or would become zero." }
