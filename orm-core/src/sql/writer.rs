//! [`Writer`]: the buffer, and the only thing that can write `$n` or a name.

use super::Rendered;
use super::ident::{Ident, Qualified};
use crate::query::node::{Param, SourceRef};
use crate::schema::DEFAULT_SCHEMA;
use postgres_types::{Kind, Type};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The composite type that a parameter has, or that it is an array of, and what then stands behind its name.
fn composite(ty: &Type) -> Option<(&Type, &'static str)> {
    match ty.kind() {
        Kind::Composite(_) => Some((ty, "")),
        Kind::Array(element) => match element.kind() {
            Kind::Composite(_) => Some((element, "[]")),
            _ => None,
        },
        _ => None,
    }
}

/// The SQL written so far.
#[derive(Default)]
pub(super) struct Writer<'a> {
    text: String,
    params: Vec<&'a Param>,
    /// The sources in reach, the innermost last.
    sources: Vec<Named<'a>>,
}

/// A source, and the name it goes by: its own, unless an enclosing select has taken that.
struct Named<'a> {
    source: &'a str,
    name: Cow<'a, str>,
}

impl<'a> Writer<'a> {
    /// Writes fixed SQL. Only text of this program is taken: names go through [`ident`](Self::ident).
    pub(super) fn push(&mut self, sql: &'static str) {
        self.text.push_str(sql);
    }

    /// Writes a name, quoted.
    pub(super) fn ident(&mut self, name: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{}", Ident(name));
    }

    /// Writes the number of a parameter.
    pub(super) fn param(&mut self, param: &'a Param) {
        self.params.push(param);
        let number = self.params.len();
        // The server takes a composite beside an operator for any record, which cannot be sent (manual, section 8.16).
        let _ = match composite(&param.ty) {
            Some((ty, array)) => {
                let name = Qualified(ty.schema(), ty.name());
                write!(self.text, "CAST(${number} AS {name}{array})")
            }
            None => write!(self.text, "${number}"),
        };
    }

    /// Writes things with something between them.
    pub(super) fn separated<T>(
        &mut self,
        separator: &'static str,
        things: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, thing) in things.into_iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            write(self, thing);
        }
    }

    /// Writes a column of a source.
    pub(super) fn column(&mut self, source: &str, column: &str) {
        let named = self.sources.iter().rev().find(|named| named.source == source);
        let name = named.map_or_else(|| source.to_owned(), |named| named.name.to_string());
        self.ident(&name);
        self.push(".");
        self.ident(column);
    }

    /// Writes a column of the source that goes by `name`.
    pub(super) fn column_of(&mut self, name: &str, column: &str) {
        self.ident(name);
        self.push(".");
        self.ident(column);
    }

    /// Writes a table. One in the default schema is left to `search_path`.
    pub(super) fn table(&mut self, source: &SourceRef) {
        if source.table.schema != DEFAULT_SCHEMA {
            self.ident(&source.table.schema);
            self.push(".");
        }
        self.ident(&source.table.name);
    }

    /// Writes a source as an element of `FROM`, with the name it goes by.
    pub(super) fn source(&mut self, source: &'a SourceRef) {
        self.table(source);
        let name = self.enter(source.name);
        if name != source.table.name {
            self.push(" AS ");
            self.ident(&name);
        }
    }

    /// Brings a source into reach, under a name that no source in reach has.
    pub(super) fn enter(&mut self, source: &'a str) -> Cow<'a, str> {
        let mut name = Cow::Borrowed(source);
        let mut count = 0;
        while self.sources.iter().any(|named| named.name == name) {
            count += 1;
            name = Cow::Owned(format!("{source}_{count}"));
        }
        self.sources.push(Named { source, name: name.clone() });
        name
    }

    /// How many sources are in reach: what [`leave`](Self::leave) goes back to.
    pub(super) fn depth(&self) -> usize {
        self.sources.len()
    }

    /// Forgets the sources of a select that is written.
    pub(super) fn leave(&mut self, depth: usize) {
        self.sources.truncate(depth);
    }

    /// The name that the innermost source in reach goes by.
    pub(super) fn innermost(&self) -> String {
        self.sources.last().map_or_else(String::new, |named| named.name.to_string())
    }

    pub(super) fn finish(self) -> Rendered<'a> {
        Rendered { text: self.text, params: self.params }
    }
}
