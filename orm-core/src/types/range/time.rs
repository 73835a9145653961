//! Ranges of dates and timestamps, of every crate.

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use super::element::{DateMultirange, DateRange, TsMultirange, TsRange};
use super::element::{RangeElement, Step, TstzMultirange, TstzRange};
use crate::types::time::{of_text, text};
use crate::types::{Dated, Failure, OrInfinity, SqlType};

/// A line for each type: its SQL types, and `next` where each value has a next one.
macro_rules! elements {
    ($($element:ty => $range:ty, $multirange:ty $(, $next:ident)?;)*) => {$(
        impl RangeElement for $element {
            type Range = $range;
            type Multirange = $multirange;
            const RANGE: &'static str = <$range as SqlType>::NAME;
            const MULTIRANGE: &'static str = <$multirange as SqlType>::NAME;

            $(
                fn step(&self) -> Step<Self> {
                    $next(self)
                }
            )?

            fn to_text(&self) -> String {
                text(self)
            }

            fn from_text(text: &str) -> Result<Self, Failure> {
                of_text(text)
            }
        }
    )*};
}

/// The day after it.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
fn next<D: Dated>(day: &D) -> Step<D> {
    day.count().ok().and_then(|count| D::of_count(count + 1)).into()
}

elements! { std::time::SystemTime => TstzRange, TstzMultirange; }

#[cfg(feature = "chrono")]
elements! {
    chrono::NaiveDate => DateRange, DateMultirange, next;
    chrono::NaiveDateTime => TsRange, TsMultirange;
    chrono::DateTime<chrono::Utc> => TstzRange, TstzMultirange;
    chrono::DateTime<chrono::Local> => TstzRange, TstzMultirange;
    chrono::DateTime<chrono::FixedOffset> => TstzRange, TstzMultirange;
}

#[cfg(feature = "jiff")]
elements! {
    jiff::civil::Date => DateRange, DateMultirange, next;
    jiff::civil::DateTime => TsRange, TsMultirange;
    jiff::Timestamp => TstzRange, TstzMultirange;
}

#[cfg(feature = "time")]
elements! {
    time::Date => DateRange, DateMultirange, next;
    time::PrimitiveDateTime => TsRange, TsMultirange;
    time::OffsetDateTime => TstzRange, TstzMultirange;
}

/// A bound may be infinite: `[2026-01-01,infinity)` has one, `[2026-01-01,)` has none.
impl<D: Dated + RangeElement> RangeElement for OrInfinity<D> {
    type Range = D::Range;
    type Multirange = D::Multirange;
    const RANGE: &'static str = D::RANGE;
    const MULTIRANGE: &'static str = D::MULTIRANGE;

    fn step(&self) -> Step<Self> {
        match self {
            Self::Value(value) => match value.step() {
                Step::None => Step::None,
                Step::Next(next) => Step::Next(Self::Value(next)),
                Step::Last => Step::Last,
            },
            Self::NegativeInfinity | Self::Infinity => Step::None,
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::NegativeInfinity => "-infinity".to_owned(),
            Self::Value(value) => value.to_text(),
            Self::Infinity => "infinity".to_owned(),
        }
    }

    fn from_text(text: &str) -> Result<Self, Failure> {
        match text {
            "-infinity" => Ok(Self::NegativeInfinity),
            "infinity" => Ok(Self::Infinity),
            text => D::from_text(text).map(Self::Value),
        }
    }
}
