//! Rust's ranges as those of PostgreSQL.

use super::{Range, RangeElement};
use std::ops::{self, Bound, RangeBounds};

macro_rules! from {
    ($($range:ty;)*) => {$(
        impl<T: RangeElement> From<$range> for Range<T> {
            fn from(range: $range) -> Self {
                let (lower, upper) = (range.start_bound().cloned(), range.end_bound().cloned());
                Self::new(lower, upper)
            }
        }
    )*};
}

from! {
    ops::Range<T>;
    ops::RangeInclusive<T>;
    ops::RangeFrom<T>;
    ops::RangeTo<T>;
    ops::RangeToInclusive<T>;
    (Bound<T>, Bound<T>);
}

impl<T: RangeElement> From<ops::RangeFull> for Range<T> {
    fn from(_: ops::RangeFull) -> Self {
        Self::full()
    }
}
