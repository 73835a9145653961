//! Between types with a time zone and types without: PostgreSQL takes that of the session, which each session may have
//! set otherwise. A migration takes UTC (manual, sections 8.5.3 and 9.9.4).

use super::serial::stored_type;
use orm_core::schema::Column;

/// Whether the new value stands for the old one in some time zone only.
pub fn takes_one(from: &Column, to: &Column) -> bool {
    in_utc("", stored_type(&from.data_type), stored_type(&to.data_type)).is_some()
}

/// A value as one of the other type, in UTC; `None` if no time zone matters.
pub fn in_utc(value: &str, old_type: &str, new_type: &str) -> Option<String> {
    let zoned = format!("{value} AT TIME ZONE 'UTC'");
    match (kind(old_type)?, kind(new_type)?) {
        (TimeKind::Plain, TimeKind::Zoned) | (TimeKind::Zoned, TimeKind::Plain) => Some(zoned),
        (TimeKind::Date, TimeKind::Zoned) => Some(format!("{value}::timestamp AT TIME ZONE 'UTC'")),
        (TimeKind::Zoned, TimeKind::Date) => Some(format!("({zoned})::date")),
        _ => None,
    }
}

/// Whether the same bytes are stored for it, in UTC; fewer digits of a second would have to be cut.
pub fn is_same_in_utc(old_type: &str, new_type: &str) -> bool {
    let is_of_time = |it: Option<TimeKind>| matches!(it, Some(TimeKind::Plain | TimeKind::Zoned));
    is_of_time(kind(old_type))
        && is_of_time(kind(new_type))
        && kind(old_type) != kind(new_type)
        && (!new_type.contains('(') || new_type.contains("(6)"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeKind {
    Date,
    Plain,
    Zoned,
}

fn kind(data_type: &str) -> Option<TimeKind> {
    if data_type == "date" {
        return Some(TimeKind::Date);
    }
    let rest = data_type.strip_prefix("timestamp")?;
    match rest.rsplit_once(')').map_or(rest, |(_, rest)| rest) {
        " with time zone" => Some(TimeKind::Zoned),
        " without time zone" => Some(TimeKind::Plain),
        _ => None,
    }
}

/// Comes before an `ALTER TABLE` that changes such types: `apply` has this setting already, and whoever runs the file by
/// other means needs it for what comes after, too.
pub fn before<'a>(mut columns: impl Iterator<Item = (&'a Column, &'a Column)>) -> Option<String> {
    columns.any(|(from, to)| takes_one(from, to)).then(|| "SET timezone = 'UTC'".to_owned())
}
