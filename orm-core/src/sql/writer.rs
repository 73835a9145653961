//! [`Writer`]: the buffer, and the only thing that can write `$n` or a name.

use super::Rendered;
use super::ident::{self, Ident, Literal, Qualified};
use crate::query::node::{Cte, Param};
use postgres_types::{Kind, Type};
use std::borrow::Cow;
use std::sync::Arc;

/// The composite type that a parameter has, or that it is an array of, and what then follows its name.
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

/// How long the text of a statement is at first: enough for most, so that it is not moved while it grows.
const TEXT_LENGTH: usize = 512;

/// The SQL written so far.
pub(super) struct Writer<'a> {
    text: String,
    params: Vec<&'a Param>,
    /// The sources in reach, the innermost last.
    sources: Vec<Named<'a>>,
    /// Whether a value that occurs twice is one parameter: within a key of `GROUP BY` or `ORDER BY`.
    pub(super) shares_params: bool,
    /// Whether columns are written without the name of their source.
    pub(super) bare_columns: bool,
    /// Whether the rows of what is written next are those of the statement: what is read as text is cast.
    pub(super) gives_rows: bool,
    /// The same of `RETURNING` of the statement that is written.
    pub(super) returns_rows: bool,
    /// The common table expressions that the statement reads, in the order in which they are found.
    ctes: Vec<Found<'a>>,
    /// The name of the recursive expression that is written.
    recursion: Option<Cow<'a, str>>,
    /// The names of all common table expressions: a table of such a name is written with its schema.
    taken: Vec<String>,
    /// Whether a column of no source in reach is one of the result: in the order of a set operation.
    of_result: bool,
}

/// A common table expression, and the name it goes by: its own, unless another has taken that.
#[derive(Clone)]
pub(super) struct Found<'a> {
    pub(super) cte: &'a Arc<Cte>,
    pub(super) name: Cow<'a, str>,
}

/// A source, and the name it goes by: its own, unless an enclosing select has taken that.
struct Named<'a> {
    source: &'a str,
    name: Cow<'a, str>,
    /// Whether it is one column of what goes by that name: [`ROW`].
    is_column: bool,
}

/// The name of a column that holds the row of a second table.
pub(super) const ROW: &str = "*";

impl<'a> Writer<'a> {
    pub(super) fn new() -> Self {
        Self {
            text: String::with_capacity(TEXT_LENGTH),
            params: Vec::with_capacity(8),
            sources: Vec::with_capacity(4),
            shares_params: false,
            bare_columns: false,
            gives_rows: false,
            returns_rows: false,
            ctes: Vec::new(),
            recursion: None,
            taken: Vec::new(),
            of_result: false,
        }
    }

    /// Writes fixed SQL. Only text of this program is taken: names go through [`ident`](Self::ident).
    pub(super) fn push(&mut self, sql: &'static str) {
        self.text.push_str(sql);
    }

    /// Writes a name, quoted.
    pub(super) fn number(&mut self, number: usize) {
        ident::push_number(&mut self.text, number);
    }

    pub(super) fn ident(&mut self, name: &str) {
        ident::push(&mut self.text, name);
    }

    /// Writes a comment after the statement. Its text neither ends the comment nor begins another, which would have to be ended
    /// too; the server takes no character of code 0.
    pub(super) fn comment(&mut self, comment: &str) {
        self.text.push_str(" /* ");
        let mut last = ' ';
        for character in comment.chars().filter(|character| *character != '\0') {
            if matches!((last, character), ('*', '/') | ('/', '*')) {
                self.text.push(' ');
            }
            self.text.push(character);
            last = character;
        }
        self.text.push_str(" */");
    }

    /// Writes a name, quoted, as a string constant.
    pub(super) fn name_constant(&mut self, schema: Option<&str>, name: &str) {
        let quoted = match schema {
            Some(schema) => Qualified(schema, name).to_string(),
            None => Ident(name).to_string(),
        };
        self.text.push_str(&Literal(&quoted).to_string());
    }

    /// Writes a parameter where the server does not see its type by what is around it: one of a declared type is cast.
    pub(super) fn typed_param(&mut self, param: &'a Param) {
        // Of a composite type each is cast.
        let is_declared = |ty: &Type| ty.oid() == 0 && !matches!(ty.kind(), Kind::Composite(_));
        let (ty, array) = match param.ty.kind() {
            Kind::Array(element) if is_declared(element) => (element, "[]"),
            // The array of a domain goes by its own name.
            Kind::Array(element) if element.oid() == 0 => return self.param(param),
            _ if is_declared(&param.ty) => (&param.ty, ""),
            _ => return self.param(param),
        };
        self.push("CAST(");
        self.param(param);
        self.push(" AS ");
        if ty.schema().is_empty() {
            // The type of a column may be declared without its schema, and with modifiers.
            let (name, modifiers) =
                ty.name().split_at(ty.name().find('(').unwrap_or(ty.name().len()));
            self.ident(name);
            self.text.push_str(modifiers);
        } else {
            self.ident(ty.schema());
            self.push(".");
            self.ident(ty.name());
        }
        self.push(array);
        self.push(")");
    }

    /// Writes the number of a parameter.
    pub(super) fn param(&mut self, param: &'a Param) {
        let number = match self.shared(param) {
            Some(number) => number,
            None => {
                self.params.push(param);
                self.params.len()
            }
        };
        // The server takes a composite next to an operator for any record, which cannot be sent (manual, section 8.16).
        let composite = composite(&param.ty);
        self.text.push_str(if composite.is_some() { "CAST($" } else { "$" });
        ident::push_number(&mut self.text, number);
        if let Some((ty, array)) = composite {
            self.text.push_str(" AS ");
            ident::push(&mut self.text, ty.schema());
            self.text.push('.');
            ident::push(&mut self.text, ty.name());
            self.text.push_str(array);
            self.text.push(')');
        }
    }

    /// The number of a value that was written before, where it is to be one parameter.
    fn shared(&self, param: &Param) -> Option<usize> {
        if !self.shares_params {
            return None;
        }
        let is_same =
            |other: &&Param| Arc::ptr_eq(&other.value, &param.value) && other.ty == param.ty;
        self.params.iter().position(is_same).map(|index| index + 1)
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
        let is_bare = self.bare_columns
            || self.of_result && !self.sources.iter().any(|named| named.source == source);
        if !is_bare {
            self.source_name(source);
            self.push(".");
        }
        self.ident(column);
    }

    /// Writes the name that a source goes by.
    pub(super) fn source_name(&mut self, source: &str) {
        let named = self.sources.iter().rev().find(|named| named.source == source);
        if let Some(Named { name, is_column: true, .. }) = named {
            self.text.push('(');
            ident::push(&mut self.text, name);
            self.text.push('.');
            ident::push(&mut self.text, ROW);
            self.text.push(')');
            return;
        }
        ident::push(&mut self.text, named.map_or(source, |named| &named.name));
    }

    /// Writes a column of the source that goes by `name`.
    pub(super) fn column_of(&mut self, name: &str, column: &str) {
        self.ident(name);
        self.push(".");
        self.ident(column);
    }

    /// Brings a source into reach, under a name that no source in reach has.
    pub(super) fn enter(&mut self, source: &'a str) {
        let mut name = Cow::Borrowed(source);
        let mut count = 0;
        while self.sources.iter().any(|named| named.name == name) {
            count += 1;
            name = Cow::Owned(format!("{source}_{count}"));
        }
        self.sources.push(Named { source, name, is_column: false });
    }

    /// Brings a source in reach under the name that another one goes by.
    pub(super) fn enter_as(&mut self, source: &'a str, alias: &str) {
        let name = Cow::Owned(self.name_of(alias));
        self.sources.push(Named { source, name, is_column: false });
    }

    /// Brings a source in reach whose rows are a column of what goes by that name.
    pub(super) fn enter_column(&mut self, source: &'a str, name: &str) {
        self.sources.push(Named { source, name: Cow::Owned(name.to_owned()), is_column: true });
    }

    /// Whether the source that was entered last goes by another name than `name`; if so, writes it after ` AS `.
    pub(super) fn renamed(&mut self, name: &str) {
        if let Some(named) = self.sources.last()
            && named.name != name
        {
            self.text.push_str(" AS ");
            ident::push(&mut self.text, &named.name);
        }
    }

    /// Writes the name of the source that was entered last.
    pub(super) fn last_source(&mut self) {
        if let Some(named) = self.sources.last() {
            ident::push(&mut self.text, &named.name);
        }
    }

    /// How many sources are in reach: what [`leave`](Self::leave) goes back to.
    pub(super) fn depth(&self) -> usize {
        self.sources.len()
    }

    /// Forgets the sources of a select that is written.
    pub(super) fn leave(&mut self, depth: usize) {
        self.sources.truncate(depth);
    }

    /// The name that a source in reach goes by.
    pub(super) fn name_of(&self, source: &str) -> String {
        let named = self.sources.iter().rev().find(|named| named.source == source);
        named.map_or(source, |named| &named.name).to_owned()
    }

    /// Takes back a blank at the end.
    pub(super) fn trim_end(&mut self) {
        if self.text.ends_with(' ') {
            self.text.pop();
        }
    }

    /// The name that the innermost source in reach goes by.
    pub(super) fn innermost(&self) -> String {
        self.sources.last().map_or_else(String::new, |named| named.name.to_string())
    }

    /// Takes note of a common table expression, which [`super::with`] then writes, and gives the name it goes by.
    pub(super) fn cte(&mut self, cte: &'a Arc<Cte>) -> Cow<'a, str> {
        if let Some(known) = self.ctes.iter().find(|known| Arc::ptr_eq(known.cte, cte)) {
            return known.name.clone();
        }
        let mut name = Cow::Borrowed(cte.name);
        let mut count = 0;
        while self.ctes.iter().any(|known| known.name == name) {
            count += 1;
            name = Cow::Owned(format!("{}_{count}", cte.name));
        }
        self.ctes.push(Found { cte, name: name.clone() });
        name
    }

    /// The common table expressions that were found since `from`.
    pub(super) fn ctes_since(&self, from: usize) -> Vec<Found<'a>> {
        self.ctes.get(from..).unwrap_or_default().to_vec()
    }

    /// How many common table expressions were found.
    pub(super) fn ctes_found(&self) -> usize {
        self.ctes.len()
    }

    /// The names of the common table expressions, as the next writer of the statement is told.
    pub(super) fn cte_names(&self) -> Vec<String> {
        self.ctes.iter().map(|found| found.name.to_string()).collect()
    }

    /// Is told the names of the common table expressions before they are found.
    pub(super) fn with_taken(mut self, taken: Vec<String>) -> Self {
        self.taken = taken;
        self
    }

    /// Whether a common table expression has this name.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.iter().any(|taken| taken == name)
    }

    /// Writes something within the definition of a recursive expression.
    pub(super) fn within(&mut self, name: Cow<'a, str>, write: impl FnOnce(&mut Self)) {
        let outside = self.recursion.replace(name);
        write(self);
        self.recursion = outside;
    }

    /// The name of the recursive expression that is written.
    pub(super) fn recursion(&self) -> Cow<'a, str> {
        self.recursion.clone().unwrap_or_default()
    }

    /// Writes what follows a set operation: columns are those of its result, and no source is in reach.
    pub(super) fn of_result(&mut self, write: impl FnOnce(&mut Self)) {
        let sources = std::mem::take(&mut self.sources);
        let outside = std::mem::replace(&mut self.of_result, true);
        write(self);
        self.of_result = outside;
        self.sources = sources;
    }

    /// Writes the position of an output column.
    pub(super) fn position(&mut self, position: u16) {
        ident::push_number(&mut self.text, usize::from(position));
    }

    /// Writes something on its own, with no source in reach, and gives its text.
    pub(super) fn apart(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let text = std::mem::take(&mut self.text);
        let sources = std::mem::take(&mut self.sources);
        let of_result = std::mem::replace(&mut self.of_result, false);
        write(self);
        self.of_result = of_result;
        self.sources = sources;
        std::mem::replace(&mut self.text, text)
    }

    /// Whether nothing is written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Puts text that was written apart before all others.
    pub(super) fn prepend(&mut self, text: &str) {
        self.text.insert_str(0, text);
    }

    /// Puts text that was written apart after all others.
    pub(super) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn finish(self) -> Rendered<'a> {
        Rendered { text: self.text, params: self.params }
    }
}
