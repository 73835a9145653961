//! What values lose when they become another type without a failure: PostgreSQL rounds numbers and times, and leaves out
//! what the new type has no place for (manual, chapter 8).

use super::binary_coercible::SizedType;
use super::order::columns_of;
use super::step::Step;
use super::{Hazard, HazardKind};
use crate::change::{Change, What};
use crate::ddl::cast::Domains;
use crate::ddl::serial::stored_type;
use orm_core::schema::{Column, Object, Schema};
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// Says so at the steps that do it, once.
pub(super) fn say(steps: &mut [Step], from: &Schema, to: &Schema) {
    let types = Types::of(from, to);
    for step in steps {
        let said = step.changes.iter().flat_map(|change| sentences(change, &types, from));
        for sentence in said.collect::<Vec<_>>() {
            let hazard = Hazard { kind: HazardKind::DataLoss, sentence };
            if !step.hazards.contains(&hazard) {
                step.hazards.push(hazard);
            }
        }
    }
}

/// What the values of a column lose, in words.
pub(super) fn of_column(from: &Column, to: &Column, types: &Types) -> Option<&'static str> {
    let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
    lost(&types.live.base(old), &types.declared.base(new))
}

/// The types under domains, as they are and as they will be.
pub(super) struct Types {
    live: Domains,
    declared: Domains,
}

impl Types {
    pub(super) fn of(from: &Schema, to: &Schema) -> Self {
        let live = Domains::of(from);
        let declared = live.clone().with(&to.objects);
        Self { live, declared }
    }
}

fn sentences(change: &Change, types: &Types, from: &Schema) -> Vec<String> {
    match &change.what {
        What::AlterColumn { from, to } => {
            let (name, new) = (Ident(&to.name), stored_type(&to.data_type));
            let said = |lost| {
                format!("the values of column {name} of table {} become {new}: {lost}", change.name)
            };
            of_column(from, to, types).map(said).into_iter().collect()
        }
        What::AlterObject { from: before, to: after } => {
            let names = BTreeSet::from([change.name.clone()]);
            // Without a column there is no value.
            if columns_of(from, &names).next().is_none() {
                return Vec::new();
            }
            match (&**before, &**after) {
                (Object::Domain(before), Object::Domain(after)) => {
                    let old = types.live.base(&before.data_type);
                    let new = types.declared.base(&after.data_type);
                    let name = &change.name;
                    let said = |lost| format!("the values of domain {name} become {new}: {lost}");
                    lost(&old, &new).map(said).into_iter().collect()
                }
                (Object::Composite(before), Object::Composite(after)) => {
                    let changed = after.attributes.iter().filter_map(|new| {
                        let old = before.attributes.iter().find(|it| it.name == new.name)?;
                        let base = types.declared.base(&new.data_type);
                        let lost = lost(&types.live.base(&old.data_type), &base)?;
                        Some(format!(
                            "the values of attribute {} of composite type {} become {base}: {lost}",
                            Ident(&new.name),
                            change.name
                        ))
                    });
                    changed.collect()
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

const ROUNDED: &str = "they are rounded";

/// What a value of the old type loses as one of the new, as far as the types tell. Both are no domains.
fn lost(old: &str, new: &str) -> Option<&'static str> {
    if old == new {
        return None;
    }
    let (from, to) =
        (SizedType::of(old.trim_end_matches("[]")), SizedType::of(new.trim_end_matches("[]")));
    numbers(&from, &to).or_else(|| times(&from, &to)).or_else(|| others(&from, &to))
}

/// The digits that a number has at most before it is rounded: of a whole number, and behind the point.
fn digits(of: &SizedType) -> Option<(i32, i32)> {
    const MANY: i32 = i32::MAX;
    Some(match (of.name.as_str(), of.modifiers.as_slice()) {
        ("smallint", _) => (5, 0),
        ("integer", _) => (10, 0),
        ("bigint", _) => (19, 0),
        ("numeric", [most, scale]) => (most.saturating_sub(*scale), *scale),
        ("numeric", [most]) => (*most, 0),
        ("numeric" | "jsonb", _) => (MANY, MANY),
        ("money", _) => (17, 2),
        _ => return None,
    })
}

/// The decimal digits that a floating-point number keeps.
fn precision(of: &SizedType) -> Option<i32> {
    match of.name.as_str() {
        "real" => Some(6),
        "double precision" => Some(15),
        _ => None,
    }
}

fn numbers(from: &SizedType, to: &SizedType) -> Option<&'static str> {
    let is_text = matches!(from.name.as_str(), "text" | "character varying" | "character");
    let is_rounded = match (precision(from), precision(to)) {
        (Some(from), Some(to)) => to < from,
        // A floating-point number has as many digits behind the point as it needs.
        (Some(_), None) => digits(to).is_some(),
        (None, Some(most)) => digits(from).is_some_and(|(whole, scale)| scale > 0 || whole > most),
        (None, None) => match (digits(from), digits(to)) {
            // The text of a whole number is one, or none at all.
            (None, Some((_, scale))) => is_text && !to.modifiers.is_empty() && scale < i32::MAX,
            (Some((_, from)), Some((_, to))) => to < from,
            _ => false,
        },
    };
    is_rounded.then_some(ROUNDED)
}

fn times(from: &SizedType, to: &SizedType) -> Option<&'static str> {
    let is_text = matches!(from.name.as_str(), "text" | "character varying" | "character");
    let has_time = |of: &SizedType| of.name.starts_with("time");
    let is_interval = |of: &SizedType| of.name.starts_with("interval");
    if from.name.starts_with("timestamp") && to.name == "date" {
        return Some("the time of the day is left out");
    }
    if from.name.starts_with("timestamp") && to.name.starts_with("time ") {
        return Some("the date is left out");
    }
    if from.name == "time with time zone" && to.name == "time without time zone" {
        return Some("the time zone is left out");
    }
    if is_interval(from) && to.name.starts_with("time ") {
        return Some("whole days are left out");
    }
    if let (Some(old), Some(new)) = (from.smallest_field(), to.smallest_field())
        && new > old
    {
        return Some("what is smaller than the last field is left out");
    }
    let seconds = |of: &SizedType| {
        of.modifiers.first().copied().unwrap_or(super::binary_coercible::DIGITS_MAX)
    };
    let is_rounded = (has_time(to) || is_interval(to))
        && (has_time(from) || is_interval(from) || is_text)
        && seconds(to) < if is_text { super::binary_coercible::DIGITS_MAX } else { seconds(from) };
    is_rounded.then_some(ROUNDED)
}

fn others(from: &SizedType, to: &SizedType) -> Option<&'static str> {
    match (from.name.as_str(), to.name.as_str()) {
        ("smallint" | "integer" | "bigint", "boolean") => Some("all but 0 are true"),
        ("inet", "cidr") => Some("the bits right of the netmask become 0"),
        ("integer" | "bigint", "bit") => {
            let width = if from.name == "integer" { 32 } else { 64 };
            let is_cut = to.modifiers.first().copied().unwrap_or(1) < width;
            is_cut.then_some("bits on the left are cut off")
        }
        ("text" | "character varying", "name") => {
            let is_cut = from.modifiers.first().is_none_or(|most| *most > 63);
            is_cut.then_some("what is longer than 63 bytes is cut off")
        }
        ("text" | "character varying" | "character", "\"char\"") => {
            Some("all but the first byte is cut off")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::lost;

    #[test]
    fn what_rounds_values_is_said_and_what_keeps_them_is_not() {
        let keeps = [
            ("integer", "bigint"),
            ("integer", "numeric"),
            ("integer", "numeric(12,2)"),
            ("smallint", "real"),
            ("integer", "double precision"),
            ("numeric(10,0)", "integer"),
            ("numeric(10,2)", "numeric(9,2)"),
            ("numeric(10,2)", "numeric(10,3)"),
            ("real", "double precision"),
            ("text", "integer"),
            ("text", "numeric"),
            ("text", "date"),
            ("timestamp(3) without time zone", "timestamp without time zone"),
            ("timestamp without time zone", "timestamp with time zone"),
            ("date", "timestamp without time zone"),
            ("interval day to second", "interval"),
            ("integer", "text"),
            ("text", "character varying(3)"),
            ("character varying(9)", "name"),
        ];
        let loses = [
            ("numeric", "integer"),
            ("numeric[]", "integer[]"),
            ("double precision", "bigint"),
            ("double precision", "real"),
            ("double precision", "numeric"),
            ("bigint", "double precision"),
            ("numeric(10,2)", "numeric(10,1)"),
            ("numeric", "numeric(10,2)"),
            ("bigint", "numeric(5,-2)"),
            ("text", "numeric(10,2)"),
            ("jsonb", "integer"),
            ("timestamp with time zone", "date"),
            ("timestamp without time zone", "timestamp(3) without time zone"),
            ("time(3) without time zone", "time(0) without time zone"),
            ("timestamp with time zone", "time without time zone"),
            ("interval", "interval year to month"),
            ("interval", "interval(3)"),
            ("inet", "cidr"),
            ("integer", "bit(8)"),
            ("text", "name"),
        ];
        for (old, new) in keeps {
            assert_eq!(lost(old, new), None, "{old} to {new}");
        }
        for (old, new) in loses {
            assert!(lost(old, new).is_some(), "{old} to {new}");
        }
    }
}
