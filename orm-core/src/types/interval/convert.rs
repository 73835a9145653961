//! Spans of time of other crates: out of an [`Interval`], into one, and as the types of columns themselves.

use super::{Interval, IntervalError};
use std::time::Duration;

/// What is below a microsecond is cut off, towards zero.
fn of_microseconds(microseconds: Option<i64>) -> Result<Interval, IntervalError> {
    let microseconds = microseconds
        .ok_or_else(|| IntervalError::new("the span is longer than an interval of PostgreSQL"))?;
    Ok(Interval { microseconds, ..Interval::ZERO })
}

/// The microseconds of an interval that has nothing else.
fn only_microseconds(interval: Interval, rust: &str) -> Result<i64, IntervalError> {
    if interval.months == 0 && interval.days == 0 {
        return Ok(interval.microseconds);
    }
    Err(IntervalError::new(format!(
        "`{rust}` does not hold the interval {interval}: months and days have no fixed length; use `orm::Interval`"
    )))
}

/// How a span of time is read and written, as an interval.
macro_rules! spans {
    ($($rust:ty),*) => {$(
        const _: () = {
            use bytes::BytesMut;
            use $crate::types::{CustomType, Failure, Interval, Type};

            impl CustomType for $rust {
                type Sql = Interval;
                type Element = Interval;
                const DATA_TYPE: &'static str = "interval";

                fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
                    Ok(Self::try_from(<Interval as CustomType>::read(ty, raw)?)?)
                }

                fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                    CustomType::write(&Interval::try_from(*self)?, ty, out)
                }
            }
            $crate::custom_type! { $rust }
        };
    )*};
}

impl TryFrom<Duration> for Interval {
    type Error = IntervalError;

    fn try_from(duration: Duration) -> Result<Self, IntervalError> {
        of_microseconds(duration.as_micros().try_into().ok())
    }
}

impl TryFrom<Interval> for Duration {
    type Error = IntervalError;

    fn try_from(interval: Interval) -> Result<Self, IntervalError> {
        let microseconds = only_microseconds(interval, "std::time::Duration")?;
        u64::try_from(microseconds).map(Self::from_micros).map_err(|_| {
            IntervalError::new(format!(
                "`std::time::Duration` does not hold the interval {interval}, which is negative; use `orm::Interval`"
            ))
        })
    }
}

spans! { Duration }

#[cfg(feature = "chrono")]
mod chrono {
    use super::{Interval, IntervalError, of_microseconds, only_microseconds};
    use chrono::TimeDelta;

    impl TryFrom<TimeDelta> for Interval {
        type Error = IntervalError;

        fn try_from(span: TimeDelta) -> Result<Self, IntervalError> {
            of_microseconds(span.num_microseconds())
        }
    }

    impl TryFrom<Interval> for TimeDelta {
        type Error = IntervalError;

        fn try_from(interval: Interval) -> Result<Self, IntervalError> {
            only_microseconds(interval, "chrono::TimeDelta").map(Self::microseconds)
        }
    }

    spans! { TimeDelta }
}

#[cfg(feature = "time")]
mod time_crate {
    use super::{Interval, IntervalError, of_microseconds, only_microseconds};
    use time::Duration;

    impl TryFrom<Duration> for Interval {
        type Error = IntervalError;

        fn try_from(span: Duration) -> Result<Self, IntervalError> {
            of_microseconds(span.whole_microseconds().try_into().ok())
        }
    }

    impl TryFrom<Interval> for Duration {
        type Error = IntervalError;

        fn try_from(interval: Interval) -> Result<Self, IntervalError> {
            only_microseconds(interval, "time::Duration").map(Self::microseconds)
        }
    }

    spans! { Duration }
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::{Interval, IntervalError, of_microseconds, only_microseconds};
    use jiff::{SignedDuration, Span};

    impl TryFrom<SignedDuration> for Interval {
        type Error = IntervalError;

        fn try_from(span: SignedDuration) -> Result<Self, IntervalError> {
            of_microseconds(span.as_micros().try_into().ok())
        }
    }

    impl TryFrom<Interval> for SignedDuration {
        type Error = IntervalError;

        fn try_from(interval: Interval) -> Result<Self, IntervalError> {
            only_microseconds(interval, "jiff::SignedDuration").map(Self::from_micros)
        }
    }

    /// Years are 12 months, weeks 7 days; all that is smaller than a day is added up.
    impl TryFrom<Span> for Interval {
        type Error = IntervalError;

        fn try_from(span: Span) -> Result<Self, IntervalError> {
            // A span has at most 20,000 years and as much of each other unit: no sum is too large for an `i128`.
            let mut nanoseconds =
                i128::from(span.get_hours()) * 60 + i128::from(span.get_minutes());
            nanoseconds = nanoseconds * 60 + i128::from(span.get_seconds());
            nanoseconds = nanoseconds * 1_000 + i128::from(span.get_milliseconds());
            nanoseconds = nanoseconds * 1_000 + i128::from(span.get_microseconds());
            nanoseconds = nanoseconds * 1_000 + i128::from(span.get_nanoseconds());
            let time = of_microseconds((nanoseconds / 1_000).try_into().ok())?;
            let months = i32::from(span.get_years()) * 12;
            Ok(Self {
                months: months.saturating_add(span.get_months()),
                days: span.get_weeks().saturating_mul(7).saturating_add(span.get_days()),
                ..time
            })
        }
    }

    /// Months as years and months, microseconds as hours, minutes, seconds and microseconds. A span has one sign, and fewer
    /// years than PostgreSQL.
    impl TryFrom<Interval> for Span {
        type Error = IntervalError;

        fn try_from(interval: Interval) -> Result<Self, IntervalError> {
            let (months, days, time) = (interval.months, interval.days, interval.microseconds);
            let signs = [i64::from(months).signum(), i64::from(days).signum(), time.signum()];
            let refused = |why: &dyn std::fmt::Display| {
                IntervalError::new(format!(
                    "`jiff::Span` does not hold the interval {interval}: {why}; use `orm::Interval`"
                ))
            };
            if signs.contains(&1) && signs.contains(&-1) {
                return Err(refused(&"a span has one sign"));
            }
            let seconds = time / 1_000_000;
            Self::new()
                .try_years(months / 12)
                .and_then(|span| span.try_months(months % 12))
                .and_then(|span| span.try_days(days))
                .and_then(|span| span.try_hours(seconds / 3_600))
                .and_then(|span| span.try_minutes(seconds / 60 % 60))
                .and_then(|span| span.try_seconds(seconds % 60))
                .and_then(|span| span.try_microseconds(time % 1_000_000))
                .map_err(|error| refused(&error))
        }
    }

    spans! { SignedDuration, Span }
}
