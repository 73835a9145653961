//! Values of one type as values of another: what has to be written for it, and what the values lose.
//!
//! A cast that is written cuts a text that is too long; an assignment refuses to (manual, sections 8.3 and 8.10). So no
//! cast here says a length: what is written brings a value near, and PostgreSQL assigns the rest.

use crate::change::ObjectName;
use orm_core::schema::{Object, Schema};
use std::collections::BTreeMap;

/// The types under the domains of a schema.
#[derive(Debug, Clone, Default)]
pub struct Domains(BTreeMap<ObjectName, String>);

impl Domains {
    /// Those of a schema.
    pub fn of(schema: &Schema) -> Self {
        Self::default().with(&schema.objects)
    }

    /// The same, with others that come or change.
    #[must_use]
    pub fn with<'a>(mut self, objects: impl IntoIterator<Item = &'a Object>) -> Self {
        for object in objects {
            if let Object::Domain(it) = object {
                self.0.insert(ObjectName::of_object(object), it.data_type.to_string());
            }
        }
        self
    }

    /// The type of the values: that under a domain, with the same brackets, and any other type itself.
    pub fn base(&self, data_type: &str) -> String {
        let mut base = data_type.to_owned();
        // No domain is under itself, so that there are as many steps as domains.
        for _ in 0..self.0.len() {
            let element = element(&base);
            let brackets = base.strip_prefix(element).unwrap_or_default();
            match self.0.iter().find(|(name, _)| is_spelled(name, element)) {
                Some((_, under)) => base = format!("{under}{brackets}"),
                None => break,
            }
        }
        base
    }
}

/// Whether a catalog spells the name so.
pub fn is_spelled(name: &ObjectName, data_type: &str) -> bool {
    // A quote within a name is written twice.
    let plain = data_type.replace("\"\"", "\0").replace('"', "").replace('\0', "\"");
    let rest = plain.strip_prefix(name.schema.as_str());
    rest.and_then(|rest| rest.strip_prefix('.')) == Some(name.name.as_str())
}

fn element(data_type: &str) -> &str {
    data_type.trim_end_matches("[]")
}

/// A value of one type as one of the other, where that has to be written: PostgreSQL assigns others by itself.
pub fn converted(value: &str, old_type: &str, new_type: &str, domains: &Domains) -> Option<String> {
    let is_json = |name: &str| matches!(name, "json" | "jsonb");
    if is_json(new_type) && !is_json(old_type) && family(old_type) != family("text") {
        return Some(format!("to_{new_type}({value})"));
    }
    let base = domains.base(new_type);
    if let Some((plain, _)) = length(&base) {
        let old_base = domains.base(old_type);
        let assigned = match plain {
            "text" => family(old_type) == family(&base),
            // An integer becomes bits of that length, or nothing.
            _ if family_of_bits(&old_base) == Bits::Number => {
                return Some(format!("{value}::{new_type}"));
            }
            _ => family_of_bits(old_type) == Bits::String,
        };
        let is_array = old_type.ends_with("[]") == new_type.ends_with("[]");
        let brackets = if new_type.ends_with("[]") { "[]" } else { "" };
        return (!assigned || !is_array).then(|| format!("{value}::{plain}{brackets}"));
    }
    // Between types that somebody made there is no cast, but each is one of text (manual, `CREATE CAST`).
    let is_made = |name: &str| name.contains('.') && !name.contains('(');
    let (is_array, was_array) = (new_type.ends_with("[]"), old_type.ends_with("[]"));
    if is_made(old_type) && is_made(new_type) && old_type != new_type && is_array == was_array {
        let brackets = if is_array { "[]" } else { "" };
        return Some(format!("{value}::text{brackets}::{new_type}"));
    }
    (is_cast(old_type, new_type) && !always_fits(old_type, new_type))
        .then(|| format!("{value}::{new_type}"))
}

/// Whether PostgreSQL has no cast that could be written: no single value is an array, unless it is a text.
pub fn has_no_cast(old_type: &str, new_type: &str) -> bool {
    new_type.ends_with("[]") && !old_type.ends_with("[]") && family(old_type) != family("text")
}

/// Whether every value of the old type is one of the new, and PostgreSQL assigns it (manual, section 10.4).
pub fn always_fits(old_type: &str, new_type: &str) -> bool {
    const WIDER: &[(&str, &[&str])] = &[
        ("smallint", &["integer", "bigint", "numeric", "real", "double precision"]),
        ("integer", &["bigint", "numeric", "double precision"]),
        ("bigint", &["numeric"]),
        ("real", &["double precision"]),
        ("date", &["timestamp without time zone"]),
    ];
    matches!(new_type, "text" | "character varying")
        || WIDER.iter().any(|(from, to)| *from == old_type && to.contains(&new_type))
}

/// Whether the values are cast to the new type. Else they are assigned, which refuses a text that is too long.
pub fn is_cast(old_type: &str, new_type: &str) -> bool {
    family(old_type) != family(new_type)
}

/// A type without its length; the types of text are one.
fn family(data_type: &str) -> String {
    let mut depth = 0_u32;
    let mut name = String::new();
    for c in data_type.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => name.push(c),
            _ => {}
        }
    }
    let element = name.trim_end_matches("[]");
    match element {
        "character varying" | "character" => name.replacen(element, "text", 1),
        _ => name,
    }
}

#[derive(PartialEq, Eq)]
enum Bits {
    String,
    Number,
    Other,
}

fn family_of_bits(data_type: &str) -> Bits {
    match family(data_type).trim_end_matches("[]") {
        "bit" | "bit varying" => Bits::String,
        "integer" | "bigint" => Bits::Number,
        _ => Bits::Other,
    }
}

/// The type of which a value has at most, or exactly, so many characters or bits, and how many.
pub fn length(data_type: &str) -> Option<(&'static str, u32)> {
    let (name, rest) = element(data_type).split_once('(')?;
    let length = rest.strip_suffix(')')?.parse().ok()?;
    match name {
        "character varying" | "character" => Some(("text", length)),
        "bit" | "bit varying" => Some(("bit varying", length)),
        _ => None,
    }
}

/// SQL that is true of a value which is too long for a type, if the old type has such values.
pub fn is_too_long(value: &str, old_type: &str, new_type: &str) -> Option<String> {
    let (plain, most) = length(new_type)?;
    let fits = |(kind, old_most): (&str, u32)| kind == plain && old_most <= most;
    match plain {
        // Spaces at the end are no characters too many.
        "text" if length(old_type).is_some_and(fits) => None,
        "text" => Some(format!("length(rtrim(({value})::text)) > {most}")),
        _ if family_of_bits(old_type) != Bits::String => None,
        _ if !element(new_type).starts_with("bit varying") => {
            Some(format!("length({value}) <> {most}"))
        }
        _ if length(old_type).is_some_and(fits) => None,
        _ => Some(format!("length({value}) > {most}")),
    }
}
