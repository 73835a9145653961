//! Dates and times: manual, section 9.9; as text, 9.8.
//!
//! A function of a date or time gives one of the same crate, `chrono`, `jiff` or `time`. What has no such argument, as
//! [`now`], gives a type of `chrono`; in comparisons, arithmetic and assignments it goes with those of every crate, and
//! `.cast::<jiff::Timestamp>()` selects it as another. Without the feature `chrono` it is selected in this way only.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::node::{Node, Piece};
use crate::query::opaque::Opaque;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{
    Date, Float8, Int4, Interval, Text, Time, TimeTz, Timestamp, Timestamptz, Value,
};

/// The types of what has no date or time as an argument.
#[cfg(feature = "chrono")]
mod given {
    pub(super) type Timestamptz = chrono::DateTime<chrono::Utc>;
    pub(super) type Timestamp = chrono::NaiveDateTime;
    pub(super) type Date = chrono::NaiveDate;
    pub(super) type Time = chrono::NaiveTime;
}
#[cfg(not(feature = "chrono"))]
mod given {
    use super::Opaque;
    use crate::types;
    pub(super) type Timestamptz = Opaque<types::Timestamptz, bool>;
    pub(super) type Timestamp = Opaque<types::Timestamp, bool>;
    pub(super) type Date = Opaque<types::Date, bool>;
    pub(super) type Time = Opaque<types::Time, bool>;
}

/// `now()`: the start of the transaction, by the server's clock (manual, section 9.9.5).
pub fn now() -> Expr<given::Timestamptz, ()> {
    Expr::new(Node::Constant("now()"))
}

/// `CURRENT_DATE`: the day on which the transaction started, in the time zone of the session.
pub fn current_date() -> Expr<given::Date, ()> {
    Expr::new(Node::Constant("CURRENT_DATE"))
}

/// `LOCALTIMESTAMP`: when the transaction started, in the time zone of the session.
pub fn localtimestamp() -> Expr<given::Timestamp, ()> {
    Expr::new(Node::Constant("LOCALTIMESTAMP"))
}

/// `LOCALTIME`: the time of day at which the transaction started, in the time zone of the session.
pub fn localtime() -> Expr<given::Time, ()> {
    Expr::new(Node::Constant("LOCALTIME"))
}

/// A span of time as PostgreSQL writes it: `"1 day"`, `"2 hours 30 minutes"`. The text is sent as a parameter.
///
/// It is added to and subtracted from dates and times. So is an [`Interval`], a `chrono::TimeDelta`, a `jiff::Span` ..
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// let query = Session::query().filter(Session::expires_at.lt(func::now() + func::interval("7 days")));
/// assert!(query.to_sql().text.ends_with(r#""session"."expires_at" < (now() + CAST($1 AS interval))"#));
/// ```
pub fn interval<O: Operand<Text>>(
    text: O,
) -> Expr<<O::Value as Value>::Propagate<Interval>, (O::Reads, ())> {
    Expr::new(Node::Cast(Box::new(text.into_operand()), "interval"))
}

functions! {
    /// `age(later, earlier)`: the difference in years, months and days.
    age(A later: Timestamptz, B earlier: Timestamptz) -> Interval;
    /// `justify_interval(interval)`: 30 days as a month, 24 hours as a day.
    justify_interval(A interval: Interval) -> Interval;
    /// `justify_days(interval)`: 30 days as a month.
    justify_days(A interval: Interval) -> Interval;
    /// `justify_hours(interval)`: 24 hours as a day.
    justify_hours(A interval: Interval) -> Interval;
}

/// The functions whose result is of `chrono`, where that is.
macro_rules! made {
    ([$($timestamptz:tt)*] [$($timestamp:tt)*] [$($date:tt)*] [$($time:tt)*]) => {
        functions! {
            /// `clock_timestamp()`: now, also within a statement.
            clock_timestamp() -> $($timestamptz)*;
            /// `statement_timestamp()`: the start of the statement.
            statement_timestamp() -> $($timestamptz)*;
            /// `make_date(year, month, day)`.
            make_date(A year: Int4, B month: Int4, C day: Int4) -> $($date)*;
            /// `make_time(hour, minute, second)`.
            make_time(A hour: Int4, B minute: Int4, C second: Float8) -> $($time)*;
            /// `make_timestamp(year, month, day, hour, minute, second)`.
            make_timestamp(A year: Int4, B month: Int4, C day: Int4, D hour: Int4, E minute: Int4, F second: Float8) -> $($timestamp)*;
            /// `make_timestamptz(year, month, day, hour, minute, second, time zone)`.
            make_timestamptz(A year: Int4, B month: Int4, C day: Int4, D hour: Int4, E minute: Int4, F second: Float8, G zone: Text) -> $($timestamptz)*;
            /// `to_timestamp(seconds)`: so many seconds after 1970-01-01 00:00 UTC.
            to_timestamp(A seconds: Float8) -> $($timestamptz)*;
            /// `to_timestamp(text, format)`: read by a format, `YYYY-MM-DD` (manual, section 9.8).
            to_timestamp_by(A text: Text, B format: Text) as "to_timestamp" -> $($timestamptz)*;
            /// `to_date(text, format)`: read by a format, `YYYY-MM-DD` (manual, section 9.8).
            to_date(A text: Text, B format: Text) -> $($date)*;
        }
    };
}

#[cfg(feature = "chrono")]
made! { [chrono::DateTime<chrono::Utc>] [chrono::NaiveDateTime] [chrono::NaiveDate] [chrono::NaiveTime] }
#[cfg(not(feature = "chrono"))]
made! { [opaque Timestamptz] [opaque Timestamp] [opaque Date] [opaque Time] }

/// An SQL type with a date or a time in it.
pub trait Temporal {}
impl Temporal for Date {}
impl Temporal for Time {}
impl Temporal for Timestamp {}
impl Temporal for Timestamptz {}
impl Temporal for TimeTz {}
impl Temporal for Interval {}

/// A date, a time or an interval as an argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a date or time",
    label = "not a date or time",
    note = "give a value, column or expression of a date or time, or an interval"
)]
pub trait Moment {
    /// `bool`, or `Option<bool>` where it can be NULL.
    type Null: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_moment(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<E: IntoExpression> Moment for E
where
    <E::Value as Value>::Sql: Temporal,
{
    type Null = <E::Value as Value>::Propagate<bool>;
    type Reads = E::Reads;

    fn into_moment(self) -> Node {
        self.into_expression()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Temporal, N: Value, R> Moment for Expr<Opaque<S, N>, R> {
    type Null = N;
    type Reads = R;

    fn into_moment(self) -> Node {
        self.into_erased()
    }
}

/// `date_part(field, x)`: `year`, `month`, `dow`, `epoch`, .. (manual, section 9.9.1).
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::date_part("year", User::created_at));
/// assert_eq!(query.to_sql(), r#"SELECT date_part($1, "user"."created_at") FROM "user""#);
/// ```
pub fn date_part<F: Operand<Text>, M: Moment>(
    field: F,
    moment: M,
) -> Expr<<F::Value as Value>::Propagate<<M::Null as Value>::Propagate<f64>>, (F::Reads, M::Reads)>
{
    call("date_part", vec![field.into_operand(), moment.into_moment()])
}

/// A field of a date or time (manual, section 9.9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The year.
    Year,
    /// The quarter of the year, from 1.
    Quarter,
    /// The month, from 1.
    Month,
    /// The week of the year by ISO 8601.
    Week,
    /// The day of the month, from 1.
    Day,
    /// The day of the week: Sunday is 0.
    DayOfWeek,
    /// The day of the week by ISO 8601: Monday is 1, Sunday 7.
    IsoDayOfWeek,
    /// The year that the week by ISO 8601 is of.
    IsoYear,
    /// The day of the year, from 1.
    DayOfYear,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The seconds, with their fraction.
    Second,
    /// The seconds since 1970-01-01 00:00 UTC; of an interval, all of it in seconds.
    Epoch,
}

impl Field {
    const fn call(self) -> &'static str {
        match self {
            Self::Year => "EXTRACT(YEAR FROM ",
            Self::Quarter => "EXTRACT(QUARTER FROM ",
            Self::Month => "EXTRACT(MONTH FROM ",
            Self::Week => "EXTRACT(WEEK FROM ",
            Self::Day => "EXTRACT(DAY FROM ",
            Self::DayOfWeek => "EXTRACT(DOW FROM ",
            Self::IsoDayOfWeek => "EXTRACT(ISODOW FROM ",
            Self::IsoYear => "EXTRACT(ISOYEAR FROM ",
            Self::DayOfYear => "EXTRACT(DOY FROM ",
            Self::Hour => "EXTRACT(HOUR FROM ",
            Self::Minute => "EXTRACT(MINUTE FROM ",
            Self::Second => "EXTRACT(SECOND FROM ",
            Self::Epoch => "EXTRACT(EPOCH FROM ",
        }
    }
}

/// `EXTRACT(field FROM x)`, as a `double precision`.
///
/// ```
/// use auth::User;
/// use orm::func::{self, Field};
/// use orm::prelude::*;
/// let query = User::query().select(func::extract(Field::Year, User::created_at));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT CAST(EXTRACT(YEAR FROM "user"."created_at") AS double precision) FROM "user""#
/// );
/// ```
pub fn extract<M: Moment>(
    field: Field,
    moment: M,
) -> Expr<<M::Null as Value>::Propagate<f64>, (M::Reads, ())> {
    let pieces = vec![Piece::Sql(field.call()), Piece::Node(moment.into_moment()), Piece::Sql(")")];
    // Before PostgreSQL 14 it was a `double precision`, since then it is a `numeric`.
    Expr::new(Node::Cast(Box::new(Node::Enclosed(pieces)), <f64 as Value>::DATA_TYPE))
}

/// `to_char(x, format)`: a date or time as text, `YYYY-MM-DD HH24:MI` (manual, section 9.8).
pub fn to_char<M: Moment, F: Operand<Text>>(
    moment: M,
    format: F,
) -> Expr<<M::Null as Value>::Propagate<<F::Value as Value>::Propagate<String>>, (M::Reads, F::Reads)>
{
    call("to_char", vec![moment.into_moment(), format.into_operand()])
}
