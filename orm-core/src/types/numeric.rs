//! [`Numeric`]: exact numbers of any size. Manual, section 8.1.2.

#[cfg(feature = "bigdecimal")]
mod bigdecimal;
mod convert;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(test)]
mod tests;
mod text;
mod wire;

use super::{sql_type, value};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A value of type `numeric`: an exact decimal number of any size, `NaN`, `Infinity` or `-Infinity`.
///
/// It holds whatever PostgreSQL can: up to 131,072 digits before the decimal point and 16,383 after it (manual, section
/// 8.1.2). It is what `sum` of `bigint` and `avg` of integers give. As on the server, `1.0` equals `1.00` although both
/// keep their digits, and `NaN` equals itself and is greater than every other value.
///
/// To calculate with it, convert it: to an integer or `f64` with [`TryFrom`], or with the features `rust_decimal` and
/// `bigdecimal` to the types of these crates.
///
/// It is also the SQL type `numeric` itself, where a type stands for one.
///
/// ```
/// use orm_core::types::Numeric;
/// let price: Numeric = "12.50".parse()?;
/// assert_eq!(price.to_string(), "12.50");
/// assert_eq!(price, "12.5".parse()?);
/// assert!(price < Numeric::from(13) && Numeric::from(13) < Numeric::NAN);
/// assert_eq!(i64::try_from(&Numeric::from(13)), Ok(13));
/// assert_eq!(
///     i64::try_from(&price).unwrap_err().to_string(),
///     "12.50 is no `i64`: it has digits after the decimal point"
/// );
/// # Ok::<(), orm_core::types::NumericError>(())
/// ```
#[derive(Clone)]
pub struct Numeric(Repr);

/// Each value has one representation, apart from the scale.
#[derive(Clone)]
enum Repr {
    NegativeInfinity,
    Finite(Finite),
    Infinity,
    NaN,
}

/// A finite number: groups of four decimal digits, as on the wire.
#[derive(Clone, Default)]
struct Finite {
    is_negative: bool,
    /// The first group counts 10,000 to the power of this.
    weight: i16,
    /// How many digits are shown after the decimal point; no digit is hidden by it.
    scale: u16,
    /// Neither the first nor the last is zero; the number zero has none, a weight of zero and no sign.
    groups: Vec<u16>,
}

/// One more than the greatest group.
const BASE: u16 = 10_000;
/// The digits of a group.
const GROUP: i32 = 4;
/// `NUMERIC_DSCALE_MAX` of PostgreSQL.
const SCALE_MAX: u16 = 16_383;

impl Numeric {
    /// Not a number. It equals itself and is the greatest value.
    pub const NAN: Self = Self(Repr::NaN);
    /// Greater than every number. A column with a precision cannot hold it.
    pub const INFINITY: Self = Self(Repr::Infinity);
    /// Less than every number. A column with a precision cannot hold it.
    pub const NEGATIVE_INFINITY: Self = Self(Repr::NegativeInfinity);
    /// Zero.
    pub const ZERO: Self =
        Self(Repr::Finite(Finite { is_negative: false, weight: 0, scale: 0, groups: Vec::new() }));

    /// Whether it is `NaN`.
    pub const fn is_nan(&self) -> bool {
        matches!(self.0, Repr::NaN)
    }

    /// Whether it is a number: neither `NaN` nor infinite.
    pub const fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Finite(_))
    }

    /// How many digits are shown after the decimal point: the server's `scale(..)`. None of `NaN` and the infinities.
    ///
    /// ```
    /// use orm_core::types::Numeric;
    /// assert_eq!("1.50".parse::<Numeric>()?.scale(), Some(2));
    /// assert_eq!(Numeric::NAN.scale(), None);
    /// # Ok::<(), orm_core::types::NumericError>(())
    /// ```
    pub const fn scale(&self) -> Option<u16> {
        match &self.0 {
            Repr::Finite(finite) => Some(finite.scale),
            _ => None,
        }
    }

    /// What it is compared by: all but the scale.
    fn key(&self) -> (u8, Option<Signed<'_>>) {
        match &self.0 {
            Repr::NegativeInfinity => (0, None),
            Repr::Finite(finite) => (1, Some(Signed(finite))),
            Repr::Infinity => (2, None),
            Repr::NaN => (3, None),
        }
    }
}

/// A finite number as it is compared: without its scale.
struct Signed<'a>(&'a Finite);

impl Signed<'_> {
    /// -1, 0 or 1.
    fn signum(&self) -> i8 {
        match (self.0.groups.is_empty(), self.0.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Signed<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.signum().cmp(&other.signum()).then_with(|| {
            // No last group is zero, so the longer one of two that begin alike is the greater.
            let size = (self.0.weight, &self.0.groups).cmp(&(other.0.weight, &other.0.groups));
            if self.0.is_negative { size.reverse() } else { size }
        })
    }
}

impl PartialOrd for Signed<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Signed<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Signed<'_> {}

/// As the server compares: without the scale, and `NaN` is the greatest.
impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numeric {}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (kind, finite) = self.key();
        kind.hash(state);
        if let Some(Signed(finite)) = finite {
            (finite.is_negative, finite.weight, &finite.groups).hash(state);
        }
    }
}

impl Default for Numeric {
    fn default() -> Self {
        Self::ZERO
    }
}

/// Why a text or a value is no [`Numeric`], or a [`Numeric`] no value of another type. It names both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumericError {
    /// The beginning of the value.
    value: String,
    /// The type that cannot hold it.
    into: &'static str,
    why: String,
}

impl NumericError {
    /// As much of a value as a message shows.
    const SHOWN: usize = 40;

    fn new(value: &str, into: &'static str, why: impl Into<String>) -> Self {
        let value = match value.char_indices().nth(Self::SHOWN) {
            Some((end, _)) => format!("{}..", value.get(..end).unwrap_or_default()),
            None => value.to_owned(),
        };
        Self { value, into, why: why.into() }
    }
}

impl fmt::Display for NumericError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no `{}`: {}", self.value, self.into, self.why)
    }
}

impl std::error::Error for NumericError {}

sql_type!(for Numeric, "numeric", NUMERIC, NUMERIC_ARRAY);
value!(Numeric => Numeric);
