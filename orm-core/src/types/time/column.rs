//! What makes a type of dates or times the type of a column.

/// How a type of dates or moments is read and written.
macro_rules! dated {
    ($rust:ty, $sql:ty) => {
        const _: () = {
            use bytes::BytesMut;
            use $crate::types::time::{Counted as _, OrInfinity, count};
            use $crate::types::{CustomType, Failure, SqlType, Type};

            impl CustomType for $rust {
                type Sql = $sql;
                type Element = $sql;
                const DATA_TYPE: &'static str = <$sql as SqlType>::NAME;

                fn parameter_type() -> Type {
                    <$sql>::pg_type()
                }

                fn accepts(ty: &Type) -> bool {
                    *ty == <$sql>::pg_type()
                }

                fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                    count::read(raw)
                }

                fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                    <$sql>::put(OrInfinity::Value(count::count(self)?), out);
                    Ok(())
                }
            }
            $crate::custom_type! { $rust }
        };
    };
}

/// How a type of times of the day is read and written.
macro_rules! clock {
    ($rust:ty) => {
        const _: () = {
            use bytes::{BufMut as _, BytesMut};
            use $crate::types::time::{Clock as _, Time, count};
            use $crate::types::{CustomType, Failure, SqlType, Type};

            impl CustomType for $rust {
                type Sql = Time;
                type Element = Time;
                const DATA_TYPE: &'static str = Time::NAME;

                fn parameter_type() -> Type {
                    Time::pg_type()
                }

                fn accepts(ty: &Type) -> bool {
                    *ty == Type::TIME
                }

                fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                    count::read_clock(raw)
                }

                fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                    out.put_i64(self.microseconds()?);
                    Ok(())
                }
            }
            $crate::custom_type! { $rust }
        };
    };
}

/// [`TimeOfDay`](super::TimeOfDay) out of a type of times of the day, and back.
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
macro_rules! time_of_day {
    ($rust:ty) => {
        impl TryFrom<$rust> for $crate::types::TimeOfDay {
            type Error = $crate::types::TimeError;

            fn try_from(time: $rust) -> Result<Self, Self::Error> {
                let microseconds = $crate::types::time::Clock::microseconds(&time);
                Self::from_microseconds(
                    microseconds
                        .map_err(|error| $crate::types::TimeError::new(error.to_string()))?,
                )
            }
        }
        impl TryFrom<$crate::types::TimeOfDay> for $rust {
            type Error = $crate::types::TimeError;

            fn try_from(time: $crate::types::TimeOfDay) -> Result<Self, Self::Error> {
                $crate::types::time::Clock::of_microseconds(time.microseconds())
                    .ok_or_else(|| $crate::types::TimeError::not_held(stringify!($rust), time))
            }
        }
    };
}

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
pub(super) use time_of_day;
pub(super) use {clock, dated};
