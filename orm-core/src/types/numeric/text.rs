//! [`Numeric`] as text: what the server writes, and what of it is read.

use super::{BASE, Finite, GROUP, Numeric, NumericError, Repr, SCALE_MAX};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// What the server writes: all digits, never an exponent.
impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finite = match &self.0 {
            Repr::NaN => return f.pad("NaN"),
            Repr::Infinity => return f.pad("Infinity"),
            Repr::NegativeInfinity => return f.pad("-Infinity"),
            Repr::Finite(finite) => finite,
        };
        let mut digits = String::new();
        let before = i32::from(finite.weight).max(0);
        for place in 0..=before {
            let group = finite.group(before - place);
            match place {
                // The first group is written without its leading zeros.
                0 => write!(digits, "{group}")?,
                _ => write!(digits, "{group:04}")?,
            }
        }
        let scale = usize::from(finite.scale);
        if scale > 0 {
            digits.push('.');
            let end = digits.len() + scale;
            let mut weight = -1;
            while digits.len() < end {
                write!(digits, "{:04}", finite.group(weight))?;
                weight -= 1;
            }
            digits.truncate(end);
        }
        f.pad_integral(!finite.is_negative, "", &digits)
    }
}

impl fmt::Debug for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Numeric({self})")
    }
}

impl Finite {
    /// The group that counts 10,000 to the power of `weight`.
    fn group(&self, weight: i32) -> u16 {
        let index = usize::try_from(i32::from(self.weight) - weight).ok();
        index.and_then(|index| self.groups.get(index)).copied().unwrap_or(0)
    }

    /// The number 0.d₁d₂d₃.. times ten to the power of `before`; none if PostgreSQL cannot hold it.
    pub(super) fn of_digits(
        is_negative: bool,
        digits: &[u8],
        before: i64,
        scale: u16,
    ) -> Option<Self> {
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let digits = digits.get(zeros..).unwrap_or_default();
        if digits.is_empty() {
            return Some(Self { scale, ..Self::default() });
        }
        let before = before.checked_sub(i64::try_from(zeros).ok()?)?;
        // Zeros that complete the first group.
        let padding = usize::try_from((-before).rem_euclid(GROUP.into())).ok()?;
        let weight = before.checked_add(i64::try_from(padding).ok()?)? / i64::from(GROUP) - 1;
        let padded: Vec<u8> =
            std::iter::repeat_n(0, padding).chain(digits.iter().copied()).collect();
        let group = |digits: &[u8]| {
            (0..4).fold(0, |group, place| {
                group * 10 + u16::from(digits.get(place).copied().unwrap_or(0))
            })
        };
        let groups = padded.chunks(4).map(group).collect();
        Self::normalised(is_negative, i16::try_from(weight).ok()?, scale, groups)
    }

    /// Takes zeros away that are at the ends of the groups; none if a group is no four digits, or there are too many
    /// digits after the decimal point.
    pub(super) fn normalised(
        is_negative: bool,
        weight: i16,
        scale: u16,
        mut groups: Vec<u16>,
    ) -> Option<Self> {
        if scale > SCALE_MAX || groups.iter().any(|group| *group >= BASE) {
            return None;
        }
        let end = groups.iter().rposition(|group| *group != 0).map_or(0, |last| last + 1);
        groups.truncate(end);
        let zeros = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..zeros);
        if groups.is_empty() {
            return Some(Self { scale, ..Self::default() });
        }
        let weight = i16::try_from(i64::from(weight) - i64::try_from(zeros).ok()?).ok()?;
        let mut finite = Self { is_negative, weight, scale, groups };
        // A scale that is too small hides digits: none is dropped.
        finite.scale = scale.max(u16::try_from(finite.fraction_digits()).ok()?);
        (finite.scale <= SCALE_MAX).then_some(finite)
    }

    /// How many digits after the decimal point it cannot do without.
    pub(super) fn fraction_digits(&self) -> u32 {
        let Some(last) = self.groups.last() else { return 0 };
        let zeros = match last {
            last if last % 1000 == 0 => 3,
            last if last % 100 == 0 => 2,
            last if last % 10 == 0 => 1,
            _ => 0,
        };
        u32::try_from(-self.last_exponent() - zeros).unwrap_or(0)
    }

    /// The last group counts ten to the power of this.
    pub(super) fn last_exponent(&self) -> i64 {
        let behind = i64::try_from(self.groups.len()).unwrap_or(i64::MAX / 8) - 1;
        i64::from(GROUP) * (i64::from(self.weight) - behind)
    }
}

/// Reads decimal digits with or without a sign, decimal point and exponent (`-1.50`, `.5`, `2e3`), and `NaN`, `Infinity`,
/// `inf` in any case. Every text that [`Display`](fmt::Display) writes is read as the same value and scale.
impl FromStr for Numeric {
    type Err = NumericError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || NumericError::new(&format!("{text:?}"), "Numeric", "it is not a number");
        let (is_negative, unsigned) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        if text.eq_ignore_ascii_case("NaN") {
            return Ok(Self::NAN);
        }
        if ["Infinity", "inf"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
            return Ok(if is_negative { Self::NEGATIVE_INFINITY } else { Self::INFINITY });
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Option<Vec<u8>> = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|byte| byte.is_ascii_digit().then(|| byte - b'0'))
            .collect();
        let digits = digits.filter(|digits| !digits.is_empty()).ok_or_else(malformed)?;
        let exponent = match exponent {
            None => 0,
            Some(exponent) => {
                let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(malformed());
                }
                // One that does not fit is far outside of what can be held, even with a mantissa as long as memory.
                let limit = if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
                exponent.parse::<i64>().unwrap_or(limit).clamp(i64::MIN / 4, i64::MAX / 4)
            }
        };
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX / 4);
        let scale = (length(fraction) - exponent).max(0);
        let too_large = || {
            let why = "it has more than 131072 digits before the decimal point or 16383 after it";
            NumericError::new(text, "Numeric", why)
        };
        let scale = u16::try_from(scale).map_err(|_| too_large())?;
        let before = length(whole) + exponent;
        let finite = Finite::of_digits(is_negative, &digits, before, scale);
        finite.filter(|finite| finite.scale <= SCALE_MAX).map(Self::from).ok_or_else(too_large)
    }
}

impl From<Finite> for Numeric {
    fn from(finite: Finite) -> Self {
        Self(Repr::Finite(finite))
    }
}
