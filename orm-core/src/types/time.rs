//! Dates and times of `chrono`: manual, section 8.5.

use super::{sql_type, value};

sql_type!(/// `timestamp with time zone`: a moment.
    Timestamptz, "timestamp with time zone", TIMESTAMPTZ, TIMESTAMPTZ_ARRAY);
sql_type!(/// `timestamp without time zone`: what a wall clock and a calendar show.
    Timestamp, "timestamp without time zone", TIMESTAMP, TIMESTAMP_ARRAY);
sql_type!(/// `date`.
    Date, "date", DATE, DATE_ARRAY);
sql_type!(/// `time without time zone`.
    Time, "time without time zone", TIME, TIME_ARRAY);

value!(chrono::DateTime<chrono::Utc> => Timestamptz);
value!(chrono::NaiveDateTime => Timestamp);
value!(chrono::NaiveDate => Date);
value!(chrono::NaiveTime => Time);
