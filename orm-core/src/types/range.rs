//! [`Range`] and [`Multirange`]: manual, section 8.17.

mod convert;
mod element;
mod multirange;
mod text;
#[cfg(feature = "chrono")]
mod time;
mod wire;

#[cfg(test)]
mod tests;

#[cfg(feature = "chrono")]
pub use element::{DateMultirange, DateRange, TsMultirange, TsRange, TstzMultirange, TstzRange};
pub use element::{
    Int4Multirange, Int4Range, Int8Multirange, Int8Range, NumMultirange, NumRange, RangeElement,
    Step,
};
pub use multirange::Multirange;

use std::cmp::Ordering;
use std::ops::Bound;

/// A value of a range type: the values of `T` from one bound to another, or none at all.
///
/// | Rust | PostgreSQL | Feature |
/// |---|---|---|
/// | `Range<i32>`, `Range<i64>` | `int4range`, `int8range` | |
/// | `Range<Numeric>` | `numrange` | |
/// | `Range<Decimal>`, `Range<BigDecimal>` | `numrange` | `rust_decimal`, `bigdecimal` |
/// | `Range<NaiveDateTime>`, `Range<DateTime<Utc>>`, `Range<NaiveDate>` | `tsrange`, `tstzrange`, `daterange` | `chrono` |
///
/// Rust's ranges become one: `a..b`, `a..=b`, `a..`, `..b`, `..=b` and `..`; any other bounds go to [`new`](Self::new). A range
/// that the database declares, `CREATE TYPE .. AS RANGE`, is one of a type that implements [`RangeElement`], or has its
/// name in `data_type = ".."`.
///
/// A value is what the server makes of it, so that what is read equals what was written. A range of integers or of dates
/// includes its lower bound and excludes its upper one: `1..=3` is `[1,4)`. A range in which there can be no value is the
/// empty one, which has no bounds: `[5,5)` is `empty`. Two ranges are equal where the server says so, and are sorted as the
/// server sorts them: the empty one first, then by their lower bounds, then by their upper ones.
///
/// ```
/// use orm_core::types::Range;
/// use std::ops::Bound;
/// let days = Range::from(1..=3);
/// assert_eq!(days.to_string(), "[1,4)");
/// assert_eq!(days, Range::from(1..4));
/// assert_eq!((days.lower(), days.upper()), (Some(&1), Some(&4)));
/// assert!(days.contains(&3) && !days.contains(&4));
/// assert_eq!(Range::new(Bound::Excluded(1), Bound::Unbounded), Range::from(2..));
/// assert_eq!(Range::from(5..5), Range::empty());
/// assert_eq!("(,7]".parse::<Range<i32>>()?, Range::from(..8));
/// # Ok::<(), orm_core::types::Failure>(())
/// ```
///
/// A lower bound that is greater than the upper one is an error when it is written, as it is one of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range<T>(Repr<T>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Repr<T> {
    Empty,
    /// In the form that the server gives it, unless it has none.
    Between(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// The range in which there is no value.
    pub const fn empty() -> Self {
        Self(Repr::Empty)
    }

    /// The range of all values: `(,)`.
    pub const fn full() -> Self {
        Self(Repr::Between(Bound::Unbounded, Bound::Unbounded))
    }

    /// Whether there is no value in it: the server's `isempty`.
    pub const fn is_empty(&self) -> bool {
        matches!(self.0, Repr::Empty)
    }

    /// Its lower and its upper bound; none where it is empty.
    pub fn bounds(&self) -> Option<(Bound<&T>, Bound<&T>)> {
        match &self.0 {
            Repr::Empty => None,
            Repr::Between(lower, upper) => Some((lower.as_ref(), upper.as_ref())),
        }
    }

    /// Its lower and its upper bound; none where it is empty.
    pub fn into_bounds(self) -> Option<(Bound<T>, Bound<T>)> {
        match self.0 {
            Repr::Empty => None,
            Repr::Between(lower, upper) => Some((lower, upper)),
        }
    }

    /// The value of its lower bound; none where it is empty or has no lower bound: the server's `lower`.
    pub const fn lower(&self) -> Option<&T> {
        match &self.0 {
            Repr::Between(Bound::Included(value) | Bound::Excluded(value), _) => Some(value),
            _ => None,
        }
    }

    /// The value of its upper bound; none where it is empty or has no upper bound: the server's `upper`.
    pub const fn upper(&self) -> Option<&T> {
        match &self.0 {
            Repr::Between(_, Bound::Included(value) | Bound::Excluded(value)) => Some(value),
            _ => None,
        }
    }
}

impl<T: RangeElement> Range<T> {
    /// The values between two bounds.
    ///
    /// ```
    /// use orm_core::types::Range;
    /// use std::ops::Bound::{Excluded, Included};
    /// let numbers: Range<i64> = Range::new(Excluded(1), Included(5));
    /// assert_eq!(numbers.bounds(), Some((Included(&2), Excluded(&6))));
    /// ```
    pub fn new(lower: Bound<T>, upper: Bound<T>) -> Self {
        if between(lower.as_ref(), upper.as_ref()) == Some(Ordering::Greater) {
            // No range of the server has such bounds: it is refused when it is written.
            return Self(Repr::Between(lower, upper));
        }
        let lower = match next(&lower) {
            Some(after) if matches!(lower, Bound::Excluded(_)) => Bound::Included(after),
            _ => lower,
        };
        let upper = match next(&upper) {
            Some(after) if matches!(upper, Bound::Included(_)) => Bound::Excluded(after),
            _ => upper,
        };
        let both_are_in = matches!((&lower, &upper), (Bound::Included(_), Bound::Included(_)));
        match between(lower.as_ref(), upper.as_ref()) {
            // `(5,5)` has become `[6,5)`.
            Some(Ordering::Greater) => Self::empty(),
            Some(Ordering::Equal) if !both_are_in => Self::empty(),
            _ => Self(Repr::Between(lower, upper)),
        }
    }

    /// Whether the value is in it: the server's `@>`.
    pub fn contains(&self, value: &T) -> bool {
        let Some((lower, upper)) = self.bounds() else { return false };
        let after_lower = match lower {
            Bound::Unbounded => true,
            Bound::Included(bound) => bound.compare(value).is_some_and(Ordering::is_le),
            Bound::Excluded(bound) => bound.compare(value).is_some_and(Ordering::is_lt),
        };
        let before_upper = match upper {
            Bound::Unbounded => true,
            Bound::Included(bound) => bound.compare(value).is_some_and(Ordering::is_ge),
            Bound::Excluded(bound) => bound.compare(value).is_some_and(Ordering::is_gt),
        };
        after_lower && before_upper
    }

    /// What keeps the server from storing it.
    fn fault(&self) -> Option<String> {
        let (lower, upper) = self.bounds()?;
        if between(lower, upper) == Some(Ordering::Greater) {
            return Some(format!(
                "the lower bound of the range {self} is greater than its upper bound"
            ));
        }
        let last = match (lower, upper) {
            (Bound::Excluded(value), _) if matches!(value.step(), Step::Last) => value,
            (_, Bound::Included(value)) if matches!(value.step(), Step::Last) => value,
            _ => return None,
        };
        Some(format!(
            "the range {self} cannot be stored: {} excludes upper bounds, and {} is the greatest value; leave the bound out",
            T::RANGE,
            last.to_text(),
        ))
    }
}

/// The next value of a type of which each value has one.
fn next<T: RangeElement>(bound: &Bound<T>) -> Option<T> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => match value.step() {
            Step::Next(next) => Some(next),
            Step::None | Step::Last => None,
        },
        Bound::Unbounded => None,
    }
}

/// How the values of two bounds compare, where both have one.
fn between<T: RangeElement>(lower: Bound<&T>, upper: Bound<&T>) -> Option<Ordering> {
    match (lower, upper) {
        (
            Bound::Included(lower) | Bound::Excluded(lower),
            Bound::Included(upper) | Bound::Excluded(upper),
        ) => lower.compare(upper),
        _ => None,
    }
}

/// A bound as it is compared with others: where it is among the values.
fn place<T>(bound: Bound<&T>, is_lower: bool) -> (Option<&T>, i8) {
    match (bound, is_lower) {
        // Before or after all values.
        (Bound::Unbounded, true) => (None, -1),
        (Bound::Unbounded, false) => (None, 1),
        // Just before the value, or just after it.
        (Bound::Included(value), true) | (Bound::Excluded(value), false) => (Some(value), -1),
        (Bound::Excluded(value), true) | (Bound::Included(value), false) => (Some(value), 1),
    }
}

/// Compares two places of [`place`].
fn compare_places<T: RangeElement>(
    (one, one_side): (Option<&T>, i8),
    (other, other_side): (Option<&T>, i8),
) -> Option<Ordering> {
    Some(match (one, other) {
        (Some(one), Some(other)) => one.compare(other)?.then(one_side.cmp(&other_side)),
        (Some(_), None) => 0.cmp(&other_side),
        (None, Some(_)) => one_side.cmp(&0),
        (None, None) => one_side.cmp(&other_side),
    })
}

impl<T: RangeElement> PartialOrd for Range<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let ((one_lower, one_upper), (lower, upper)) = match (self.bounds(), other.bounds()) {
            (Some(one), Some(other)) => (one, other),
            (one, other) => return Some(one.is_some().cmp(&other.is_some())),
        };
        let lower = compare_places(place(one_lower, true), place(lower, true))?;
        let upper = compare_places(place(one_upper, false), place(upper, false))?;
        Some(lower.then(upper))
    }
}

impl<T: RangeElement + Ord> Ord for Range<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Values that have an order of their own can be compared.
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}
