//! [`Question`]: whether something is new, or has another name than it had. Without an answer nothing is done: to drop the
//! one and add the other would lose what it holds.

use super::path::Thing;
use crate::change::{Change, ObjectName, What};
use crate::ddl::cast::is_cast;
use crate::ddl::serial::stored_type;
use crate::edit_distance::distance;
use orm_core::schema::{Attribute, Column, Object, Renamed, Table};
use std::collections::BTreeSet;
use std::fmt;

/// Something that comes, and what goes that may have become it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What comes.
    pub new: Thing,
    /// What it is, in PostgreSQL's words.
    pub kind: &'static str,
    /// What goes, the likeliest first.
    pub candidates: Vec<Thing>,
}

/// For people: `is column "full_name" of "user" new, or was it renamed from "name"?`
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let old: Vec<String> = self.candidates.iter().map(Thing::own_name).collect();
        let (kind, new) = (self.kind, self.new.own_name());
        write!(f, "is {kind} {new}")?;
        if self.new.member.is_some() {
            write!(f, " of {}", self.new.place)?;
        }
        write!(f, " new, or was it renamed from {}?", old.join(" or "))
    }
}

impl Question {
    /// The flag that says it was renamed from `old`, as a shell takes it.
    pub fn rename_flag(&self, old: &Thing) -> String {
        format!("--rename {}", shell(&format!("{old}={}", self.new)))
    }

    /// The flag that says it is new, as a shell takes it.
    pub fn new_flag(&self) -> String {
        format!("--no-rename {}", shell(&self.new.to_string()))
    }

    /// What goes, if it is new.
    pub fn lost(&self) -> String {
        let old: Vec<String> = self.candidates.iter().map(Thing::own_name).collect();
        old.join(" and ")
    }

    /// What the code says, if it was renamed from `old`.
    fn attribute(&self, old: &Thing) -> Option<String> {
        let place = match self.new.of {
            Renamed::Table => "table",
            Renamed::Column => "column",
            Renamed::Value => "variant",
            Renamed::Attribute => "field",
            Renamed::Object => match self.kind {
                "enum" => "pg_enum",
                "domain" => "domain",
                "composite type" => "composite",
                _ => return None,
            },
            Renamed::Part => return None,
        };
        let is_moved = old.member.is_none() && old.place.schema != self.new.place.schema;
        let name = match &old.member {
            Some(member) => member.clone(),
            None if is_moved => format!("{}.{}", old.place.schema, old.place.name),
            None => old.place.name.clone(),
        };
        Some(format!("#[{place}(renamed_from = {name:?})]"))
    }

    /// The question with the ways to answer it.
    pub fn explained(&self) -> String {
        let mut text = format!("- {self}\n");
        for old in &self.candidates {
            let code = self.attribute(old).map(|it| format!(", or {it} in the code"));
            let code = code.unwrap_or_default();
            text += &format!("  renamed: {}{code}\n", self.rename_flag(old));
        }
        text + &format!("  new: {}", self.new_flag())
    }

    /// For machines.
    pub fn as_json(&self) -> serde_json::Value {
        let renames = self.candidates.iter().map(
            |old| serde_json::json!({ "from": old.to_string(), "flag": self.rename_flag(old) }),
        );
        serde_json::json!({
            "question": self.to_string(),
            "kind": self.kind,
            "name": self.new.to_string(),
            "renamed": renames.collect::<Vec<_>>(),
            "new": { "flag": self.new_flag() },
        })
    }

    /// The answer that is likeliest, as an entry of a hints file, with the other one behind it.
    pub fn snippet(&self) -> String {
        let quoted = |thing: &Thing| toml::Value::from(thing.to_string()).to_string();
        let new = quoted(&self.new);
        let renames = self.candidates.iter().enumerate().map(|(number, old)| {
            let mark = if number > 0 { "# " } else { "" };
            format!("{mark}[[rename]]\n{mark}from = {}\n{mark}to = {new}\n", quoted(old))
        });
        renames.collect::<String>() + &format!("# [[new]]\n# name = {new}\n")
    }
}

/// A text as one word of a shell.
fn shell(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '=');
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

impl Thing {
    /// Its name without that of what it is in, quoted.
    pub fn own_name(&self) -> String {
        use orm_core::sql::ident::{Ident, Literal};
        match &self.member {
            None => self.place.to_string(),
            Some(member) if self.of == Renamed::Value => Literal(member).to_string(),
            Some(member) => Ident(member).to_string(),
        }
    }
}

/// What these changes leave open, without what is known to be new. Tables and types come first: what is in them can be
/// asked only when these are known.
///
/// ```
/// use orm_migrate::change::{Change, ObjectName, What};
/// use orm_migrate::rename::questions;
/// use orm_core::schema::Column;
/// let name = ObjectName { schema: "public".into(), name: "user".into() };
/// let changes = [
///     Change { name: name.clone(), what: What::AddColumn(Column::new("full_name", "text")) },
///     Change { name, what: What::DropColumn(Column::new("name", "text")) },
/// ];
/// let questions = questions(&changes, &Default::default());
/// assert_eq!(
///     questions[0].to_string(),
///     "is column \"full_name\" of \"user\" new, or was it renamed from \"name\"?"
/// );
/// ```
pub fn questions(changes: &[Change], new: &BTreeSet<Thing>) -> Vec<Question> {
    let mut found = tables(changes);
    found.extend(objects(changes));
    found.extend(columns(changes));
    for change in changes {
        let (from, to) = match &change.what {
            What::AlterObject { from, to } => (Some(&**from), &**to),
            // One that cannot be altered goes and comes again.
            What::AddObject(to) => (dropped(changes, &change.name), &**to),
            _ => continue,
        };
        let Some(from) = from else { continue };
        found.extend(members(&change.name, from, to));
    }
    found.retain(|question| !question.candidates.is_empty() && !new.contains(&question.new));
    found
}

fn dropped<'a>(changes: &'a [Change], name: &ObjectName) -> Option<&'a Object> {
    changes.iter().find_map(|change| match &change.what {
        What::DropObject(it) if change.name == *name => Some(&**it),
        _ => None,
    })
}

/// The candidates, the likeliest first: those with the lowest of these numbers.
fn sorted<T: Ord>(mut all: Vec<(T, Thing)>) -> Vec<Thing> {
    all.sort();
    all.into_iter().map(|(_, thing)| thing).collect()
}

/// How unlike two names are: one that has the other in it is near.
fn unlike(a: &str, b: &str) -> usize {
    let holds = !a.is_empty() && !b.is_empty() && (a.contains(b) || b.contains(a));
    if holds { 0 } else { distance(a, b) }
}

fn columns(changes: &[Change]) -> Vec<Question> {
    let added = changes.iter().filter_map(|change| match &change.what {
        What::AddColumn(column) if column.generated.is_none() => Some((&change.name, column)),
        _ => None,
    });
    let question = |(table, column): (&ObjectName, &Column)| {
        let here = changes.iter().filter(|change| change.name == *table);
        let is_made_again = |name: &str| {
            changes.iter().any(|it| {
                it.name == *table && matches!(&it.what, What::AddColumn(new) if new.name == name)
            })
        };
        let gone = here.filter_map(|change| match &change.what {
            What::DropColumn(old) if old.generated.is_none() => Some(old),
            _ => None,
        });
        let gone = gone.filter(|old| !is_made_again(&old.name) && old.name != column.name);
        let like = gone.enumerate().filter(|(_, old)| has_like_type(old, column));
        let candidates = like.map(|(place, old)| {
            let is_other = stored_type(&old.data_type) != stored_type(&column.data_type);
            let unlike = unlike(&old.name, &column.name);
            let thing = member(table, Renamed::Column, &old.name);
            ((is_other, unlike, old.nullable != column.nullable, place), thing)
        });
        let new = member(table, Renamed::Column, &column.name);
        Question { new, kind: "column", candidates: sorted(candidates.collect()) }
    };
    added.map(question).collect()
}

fn member(place: &ObjectName, of: Renamed, name: &str) -> Thing {
    Thing { of, place: place.clone(), member: Some(name.to_owned()) }
}

/// Whether the values of the one may be those of the other.
fn has_like_type(old: &Column, new: &Column) -> bool {
    let (old, new) = (stored_type(&old.data_type), stored_type(&new.data_type));
    let is_integer = |it: &str| matches!(it, "smallint" | "integer" | "bigint");
    old == new || !is_cast(old, new) || is_integer(old) && is_integer(new)
}

fn tables(changes: &[Change]) -> Vec<Question> {
    let added = changes.iter().filter_map(|change| match &change.what {
        What::AddTable(table) if table.partition_of.is_none() => Some((&change.name, &**table)),
        _ => None,
    });
    let question = |(name, table): (&ObjectName, &Table)| {
        let gone = changes.iter().filter_map(|change| match &change.what {
            What::DropTable(old) if old.partition_of.is_none() && change.name != *name => {
                Some((&change.name, &**old))
            }
            _ => None,
        });
        let candidates = gone.filter_map(|(old_name, old)| {
            let same = shared(old, table);
            let most = old.columns.len().max(table.columns.len());
            let is_like = same * 2 >= most && (same > 1 || same == most);
            let unlike = unlike(&old_name.name, &name.name);
            let thing = Thing { of: Renamed::Table, place: old_name.clone(), member: None };
            is_like.then_some(((most - same, unlike), thing))
        });
        let new = Thing { of: Renamed::Table, place: name.clone(), member: None };
        Question { new, kind: "table", candidates: sorted(candidates.collect()) }
    };
    added.map(question).collect()
}

/// How many columns two tables have in common.
fn shared(old: &Table, new: &Table) -> usize {
    let is_same = |column: &&Column| {
        new.column(&column.name)
            .is_some_and(|it| stored_type(&it.data_type) == stored_type(&column.data_type))
    };
    old.columns.iter().filter(is_same).count()
}

fn objects(changes: &[Change]) -> Vec<Question> {
    let is_again = |name: &ObjectName| {
        dropped(changes, name).is_some()
            && changes.iter().any(|it| it.name == *name && matches!(it.what, What::AddObject(_)))
    };
    let added = changes.iter().filter_map(|change| match &change.what {
        What::AddObject(object) if !is_again(&change.name) => Some((&change.name, &**object)),
        _ => None,
    });
    let question = |(name, object): (&ObjectName, &Object)| {
        let gone = changes.iter().filter_map(|change| match &change.what {
            What::DropObject(old) if !is_again(&change.name) => Some((&change.name, &**old)),
            _ => None,
        });
        let like = gone.filter(|(_, old)| is_like(old, object));
        let candidates = like.map(|(old_name, _)| {
            let thing = Thing { of: Renamed::Object, place: old_name.clone(), member: None };
            (unlike(&old_name.name, &name.name), thing)
        });
        let new = Thing { of: Renamed::Object, place: name.clone(), member: None };
        Question { new, kind: object.kind(), candidates: sorted(candidates.collect()) }
    };
    added.map(question).collect()
}

/// Whether the one may be the other. Views and functions hold nothing that could be lost.
fn is_like(old: &Object, new: &Object) -> bool {
    let half = |same: usize, a: usize, b: usize| same * 2 >= a.max(b) && same > 0;
    match (old, new) {
        (Object::Enum(old), Object::Enum(new)) => {
            let same = old.values.iter().filter(|it| new.values.contains(it)).count();
            half(same, old.values.len(), new.values.len())
        }
        (Object::Domain(old), Object::Domain(new)) => old.data_type == new.data_type,
        (Object::Composite(old), Object::Composite(new)) => {
            let same = old.attributes.iter().filter(|it| new.attributes.contains(it)).count();
            half(same, old.attributes.len(), new.attributes.len())
        }
        (Object::Sequence(_), Object::Sequence(_)) => true,
        _ => false,
    }
}

/// The values of an enum and the attributes of a composite type.
fn members(name: &ObjectName, from: &Object, to: &Object) -> Vec<Question> {
    match (from, to) {
        (Object::Enum(from), Object::Enum(to)) => {
            let gone = || from.values.iter().filter(|it| !to.values.contains(it));
            let new = to.values.iter().filter(|it| !from.values.contains(it));
            new.map(|value| {
                let candidates = gone().enumerate().map(|(place, old)| {
                    ((unlike(old, value), place), member(name, Renamed::Value, old))
                });
                Question {
                    new: member(name, Renamed::Value, value),
                    kind: "value",
                    candidates: sorted(candidates.collect()),
                }
            })
            .collect()
        }
        (Object::Composite(from), Object::Composite(to)) => {
            let has = |all: &[Attribute], it: &Attribute| all.iter().any(|one| one.name == it.name);
            let gone = || from.attributes.iter().filter(|it| !has(&to.attributes, it));
            let new = to.attributes.iter().filter(|it| !has(&from.attributes, it));
            new.map(|attribute| {
                let like = gone().enumerate().filter(|(_, it)| it.data_type == attribute.data_type);
                let candidates = like.map(|(place, old)| {
                    let thing = member(name, Renamed::Attribute, &old.name);
                    ((unlike(&old.name, &attribute.name), place), thing)
                });
                Question {
                    new: member(name, Renamed::Attribute, &attribute.name),
                    kind: "attribute",
                    candidates: sorted(candidates.collect()),
                }
            })
            .collect()
        }
        _ => Vec::new(),
    }
}
