//! [`Multirange`]: manual, section 8.17.

use super::{Range, RangeElement, compare_places, place};
use std::cmp::Ordering;
use std::ops::Bound;

/// A value of a multirange type: ranges that neither overlap nor touch, sorted. PostgreSQL 14 and later.
///
/// `Multirange<i32>` is `int4multirange`, and so on with the types of [`Range`]. It is made of any ranges: as the server does
/// it, they are sorted, those that overlap or follow each other become one, and empty ones are left out.
///
/// ```
/// use orm_core::types::{Multirange, Range};
/// let days = Multirange::new([7..8, 1..3, 3..5, 4..4].map(Range::from));
/// assert_eq!(days.to_string(), "{[1,5),[7,8)}");
/// assert_eq!(days, Multirange::new(vec![Range::from(1..5), Range::from(7..=7)]));
/// assert!(days.contains(&4) && !days.contains(&5));
/// assert_eq!("{[1,3],(5,)}".parse::<Multirange<i32>>()?.to_string(), "{[1,4),[6,)}");
/// # Ok::<(), orm_core::types::Failure>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Multirange<T>(Vec<Range<T>>);

impl<T> Multirange<T> {
    /// The multirange without a range: `{}`.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Whether there is no value in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many ranges it has.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Its ranges, in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Range<T>> {
        self.0.iter()
    }

    /// Its ranges, in their order.
    pub const fn as_slice(&self) -> &[Range<T>] {
        self.0.as_slice()
    }

    /// Its ranges, in their order.
    pub fn into_ranges(self) -> Vec<Range<T>> {
        self.0
    }
}

impl<T: RangeElement> Multirange<T> {
    /// The values that are in one of the ranges.
    pub fn new(ranges: impl IntoIterator<Item = Range<T>>) -> Self {
        let mut ranges: Vec<Range<T>> =
            ranges.into_iter().filter(|range| !range.is_empty()).collect();
        if ranges.iter().any(|range| range.fault().is_some()) {
            // It is refused when it is written.
            return Self(ranges);
        }
        ranges.sort_by(|one, other| one.partial_cmp(other).unwrap_or(Ordering::Equal));
        let mut merged: Vec<Range<T>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if reaches(last, &range) => {
                    let first = std::mem::replace(last, Range::empty());
                    *last = joined(first, range);
                }
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// Whether the value is in one of its ranges: the server's `@>`.
    pub fn contains(&self, value: &T) -> bool {
        self.0.iter().any(|range| range.contains(value))
    }
}

/// Whether the first range ends at the start of the second one, or later.
fn reaches<T: RangeElement>(first: &Range<T>, second: &Range<T>) -> bool {
    let (Some((_, upper)), Some((lower, _))) = (first.bounds(), second.bounds()) else {
        return false;
    };
    compare_places(place(upper, false), place(lower, true)).is_some_and(Ordering::is_ge)
}

/// Both ranges as one, from the start of the first.
fn joined<T: RangeElement>(first: Range<T>, second: Range<T>) -> Range<T> {
    let is_longer = |first: &Bound<T>, second: &Bound<T>| {
        let (first, second) = (place(first.as_ref(), false), place(second.as_ref(), false));
        compare_places(first, second).is_some_and(Ordering::is_ge)
    };
    match (first.into_bounds(), second.into_bounds()) {
        (Some((lower, first)), Some((_, second))) => {
            let upper = if is_longer(&first, &second) { first } else { second };
            Range::new(lower, upper)
        }
        (Some((lower, upper)), None) | (None, Some((lower, upper))) => Range::new(lower, upper),
        (None, None) => Range::empty(),
    }
}

impl<T: RangeElement> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Self::new(ranges)
    }
}

impl<T: RangeElement> From<Range<T>> for Multirange<T> {
    fn from(range: Range<T>) -> Self {
        Self::new([range])
    }
}

impl<T> IntoIterator for Multirange<T> {
    type Item = Range<T>;
    type IntoIter = std::vec::IntoIter<Range<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Multirange<T> {
    type Item = &'a Range<T>;
    type IntoIter = std::slice::Iter<'a, Range<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Self::empty()
    }
}
