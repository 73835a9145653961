//! Dates and times: manual, section 8.5. PostgreSQL counts days and microseconds from 2000-01-01; how a count becomes a value of
//! a crate is in the file of that crate, all the rest is here and shared.

mod calendar;
#[cfg(feature = "chrono")]
mod chrono;
mod column;
mod count;
#[cfg(feature = "jiff")]
mod jiff;
mod or_infinity;
mod parse;
mod system;
#[cfg(test)]
mod tests;
#[cfg(feature = "time")]
mod time_crate;
mod time_of_day;
mod time_tz;

use super::sql_type;

pub use count::{Clock, Counted, Dated};
pub(super) use count::{of_text, text};
pub use or_infinity::OrInfinity;
pub(super) use time_of_day::microseconds_of;
pub use time_of_day::{TimeError, TimeOfDay};
pub use time_tz::TimeTz;

sql_type!(/// `timestamp with time zone`: a moment.
    Timestamptz, "timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);
sql_type!(/// `timestamp without time zone`: what a wall clock and a calendar show.
    Timestamp, "timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY);
sql_type!(/// `date`.
    Date, "date", DATE, DATE_ARRAY);
sql_type!(/// `time without time zone`.
    Time, "time without time zone", TIME, TIME_ARRAY);
