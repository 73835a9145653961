//! Whether PostgreSQL writes each row anew, for a new column or for another type of one.
//!
//! Measured on PostgreSQL 14 to 18; `tests/online/measured.rs` and `tests/engine/rewrites.rs` ask a server again.

use super::binary_coercible::is_widened;
use super::order::is_of;
use crate::change::ObjectName;
use crate::ddl::cast::{Domains, converted};
use crate::ddl::serial::{SequenceDefault, is_serial, stored_type};
use crate::ddl::time_zone::is_same_in_utc;
use orm_core::schema::{Column, Domain, Function, GeneratedKind, Object, Schema};
use std::collections::BTreeSet;

/// The domains and functions, as they will be; those that go, as they were.
#[derive(Debug, Clone, Default)]
pub(super) struct RewriteContext {
    objects: Vec<Object>,
    types: Domains,
    sequences: SequenceDefault,
}

impl RewriteContext {
    pub(super) fn of(from: &Schema, to: &Schema) -> Self {
        let goes = |it: &&Object| to.object(it.schema(), &it.name()).is_none();
        let all = to.objects.iter().chain(from.objects.iter().filter(goes));
        let is_of_use = |it: &&Object| matches!(it, Object::Domain(_) | Object::Function(_));
        let types = Domains::of(from).with(&to.objects);
        let objects = all.filter(is_of_use).cloned().collect();
        Self { objects, types, sequences: super::sequence_owner::kept(from, to) }
    }

    /// The sequences that are there before and after.
    pub(super) fn sequences(&self) -> &SequenceDefault {
        &self.sequences
    }

    /// The types under the domains.
    pub(super) fn types(&self) -> &Domains {
        &self.types
    }
}

/// Whether each row is written to hold the new column: its values are made row by row, or looked at one by one.
pub(super) fn is_written_by_default(column: &Column, known: &RewriteContext) -> bool {
    is_filled(column, known)
        || is_looked_at(column, known)
        || column.generated.as_ref().is_some_and(|it| it.kind == GeneratedKind::Stored)
}

/// Whether each row gets a value of its own. That of a domain counts where the column has none.
pub(super) fn is_filled(column: &Column, known: &RewriteContext) -> bool {
    is_serial(column)
        || column.identity.is_some()
        || default_of(column, known).is_some_and(|it| is_volatile(it, known))
}

/// Whether its domain has a say: PostgreSQL then looks at the value in each row, also where that is NULL.
pub(super) fn is_looked_at(column: &Column, known: &RewriteContext) -> bool {
    let is_one_default = |it: &Domain| {
        column.default.is_none() && it.default.as_deref().is_some_and(|it| is_volatile(it, known))
    };
    domains(&column.data_type, known)
        .iter()
        .any(|it| it.not_null || !it.checks.is_empty() || is_one_default(it))
}

/// The default of a column, or that of its domain.
pub(super) fn default_of<'a>(column: &'a Column, known: &'a RewriteContext) -> Option<&'a str> {
    let of_domain =
        || domains(&column.data_type, known).into_iter().find_map(|it| it.default.as_deref());
    column.default.as_deref().or_else(of_domain)
}

/// Whether each row is written to hold the value as another type.
pub(super) fn is_rewritten_by_type(from: &Column, to: &Column, known: &RewriteContext) -> bool {
    let (old_type, new_type) = (stored_type(&from.data_type), stored_type(&to.data_type));
    if old_type == new_type {
        return false;
    }
    let has_a_say = domains(new_type, known).iter().any(|it| it.not_null || !it.checks.is_empty());
    let (old, new) = (stored_as(old_type, known), stored_as(new_type, known));
    // From one type that somebody made to another it goes by way of text.
    let is_read_anew =
        converted("", old_type, new_type, known.types()).is_some_and(|it| it.starts_with("::text"));
    has_a_say || is_read_anew || old != new && !is_widened(old, new) && !is_same_in_utc(old, new)
}

/// The type of the values of a domain, and of any other type itself.
fn stored_as<'a>(data_type: &'a str, known: &'a RewriteContext) -> &'a str {
    domains(data_type, known).last().map_or(data_type, |it| &it.data_type)
}

/// The domain that a type is, the one that it is over, and so on; none of an array.
pub(super) fn domains<'a>(data_type: &str, known: &'a RewriteContext) -> Vec<&'a Domain> {
    let mut found: Vec<&Domain> = Vec::new();
    let all: Vec<(&Domain, BTreeSet<ObjectName>)> = (known.objects.iter())
        .filter_map(|object| match object {
            Object::Domain(it) => Some((it, BTreeSet::from([ObjectName::of_object(object)]))),
            _ => None,
        })
        .collect();
    let mut next = data_type.to_owned();
    // As many as there are: a circle is no way on.
    for _ in 0..all.len() {
        let is_it = |names: &BTreeSet<ObjectName>| {
            is_of(&next, names).is_some_and(|(_, is_array)| !is_array)
        };
        let Some((domain, _)) = all.iter().find(|(_, names)| is_it(names)) else { break };
        found.push(domain);
        next = domain.data_type.to_string();
    }
    found
}

/// PostgreSQL's own functions that give another value each time (`pg_proc.provolatile`), of those a default may call.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "current_query",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "random",
    "random_normal",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "txid_status",
    "uuidv4",
    "uuidv7",
];

/// Whether the default may give each row another value. A canonical text names PostgreSQL's own functions without a
/// schema and all others with one; of one that is not known here it must be feared.
fn is_volatile(default: &str, known: &RewriteContext) -> bool {
    let text = without_texts(default);
    let mut calls: Vec<&str> = text.split('(').collect();
    // What follows the last parenthesis is called by nobody.
    calls.pop();
    calls.into_iter().any(|before| {
        let name = last_name(before);
        // A type with a length is no call.
        if before.strip_suffix(name).is_some_and(|it| it.ends_with("::")) {
            return false;
        }
        match name.rsplit_once('.') {
            None => VOLATILE.contains(&name) || name.starts_with("pg_"),
            Some((of, name)) => !is_stable(&of.replace('"', ""), &name.replace('"', ""), known),
        }
    })
}

/// The name at the end of a text, with its schema.
fn last_name(text: &str) -> &str {
    let is_of_name = |c: char| matches!(c, '_' | '$' | '.' | '"') || c.is_alphanumeric();
    let start = text.char_indices().rev().take_while(|(_, c)| is_of_name(*c)).last();
    start.and_then(|(start, _)| text.get(start..)).unwrap_or_default()
}

/// Whether all functions of a name say that they give one value for one statement.
fn is_stable(of: &str, name: &str, known: &RewriteContext) -> bool {
    let functions = known.objects.iter().filter_map(|object| match object {
        Object::Function(it) if it.schema == of && it.name == name => Some(it),
        _ => None,
    });
    let says_so = |it: &Function| {
        let head = it.definition.split("AS ").next().unwrap_or_default();
        head.split_whitespace().any(|word| matches!(word, "IMMUTABLE" | "STABLE"))
    };
    let mut functions = functions.peekable();
    functions.peek().is_some() && functions.all(says_so)
}

/// SQL without what stands between single quotes.
fn without_texts(sql: &str) -> String {
    sql.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}
