//! [`Finding`]: what a rule has found, and where.

use crate::change::ObjectName;
use orm_core::schema::{Object, Table};
use orm_core::sql::ident::Ident;
use std::fmt;

/// What a rule has found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// The PostgreSQL schema of the table or object.
    pub schema: String,
    /// The table, or the object that is none.
    pub table: String,
    /// The part of it.
    pub place: Subject,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// What to do about it.
    pub fix: String,
}

/// A part of a table, or all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Subject {
    /// What it is: `column`, `index`, `foreign key`, `table`, ..
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, Ident(&self.name))
    }
}

/// Where a rule writes down what it finds.
#[derive(Debug)]
pub(super) struct Report<'a> {
    rule: &'static str,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn of(rule: &'static str, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, findings }
    }

    /// About a part of a table. The sentence goes on where the place and the table were named.
    pub(super) fn part(
        &mut self,
        table: &Table,
        (kind, name): (&'static str, &str),
        says: impl fmt::Display,
        fix: impl Into<String>,
    ) {
        let place = Subject { kind, name: name.to_owned() };
        let sentence = format!("{place} of {} {says}", ObjectName::of(table));
        self.add(&table.schema, &table.name, place, sentence, fix.into());
    }

    /// About a column.
    pub(super) fn column(
        &mut self,
        table: &Table,
        name: &str,
        says: impl fmt::Display,
        fix: impl Into<String>,
    ) {
        self.part(table, ("column", name), says, fix);
    }

    /// About a table as a whole.
    pub(super) fn table(&mut self, table: &Table, says: impl fmt::Display, fix: impl Into<String>) {
        let place = Subject { kind: "table", name: table.name.to_string() };
        let sentence = format!("table {} {says}", ObjectName::of(table));
        self.add(&table.schema, &table.name, place, sentence, fix.into());
    }

    /// About an object that is no table.
    pub(super) fn object(
        &mut self,
        object: &Object,
        says: impl fmt::Display,
        fix: impl Into<String>,
    ) {
        let name = match object {
            Object::Namespace(it) => it.name.to_string(),
            other => other.name().into_owned(),
        };
        let place = Subject { kind: object.kind(), name: name.clone() };
        let sentence = format!("{place} {says}");
        self.add(object.schema(), &name, place, sentence, fix.into());
    }

    fn add(&mut self, schema: &str, table: &str, place: Subject, sentence: String, fix: String) {
        let (schema, table) = (schema.to_owned(), table.to_owned());
        self.findings.push(Finding { rule: self.rule, schema, table, place, sentence, fix });
    }
}

/// The name of a constraint or index; a declared schema has given each one.
pub(super) fn named(name: Option<&orm_core::schema::Text>) -> &str {
    name.map_or("", AsRef::as_ref)
}

/// `"a", "b"`.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|name| Ident(name.as_ref()).to_string()).collect::<Vec<_>>().join(", ")
}

/// `a, b`, as the attributes of the derive have them.
pub(super) fn fields<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
