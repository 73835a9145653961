//! Renders a statement to SQL text and parameters: the one place where query SQL is made.
//!
//! Knows `query`; knows no connection, no row, no `async`. The text never depends on the values, which
//! all become parameters. Start at [`render`].

mod change;
mod expr;
pub mod ident;
mod nested;
mod select;
#[cfg(test)]
mod tests;
mod writer;

use crate::error::{Error, ErrorKind, Result};
use crate::query::node::{Param, Statement};
use std::fmt;
use writer::Writer;

/// The most parameters that one statement of the protocol can have (manual, section 53.7, `Bind`).
const PARAMS_MAX: usize = 65_535;

/// A statement as it is sent: its text, and the values of `$1`, `$2`, ..
#[derive(Debug)]
pub struct Rendered<'a> {
    /// The SQL.
    pub text: String,
    /// The values, in the order of their numbers.
    pub params: Vec<&'a Param>,
}

/// What `to_sql` shows: the SQL of a statement, and the values of its parameters.
///
/// `Display` writes the text, and each value on a line of its own as an SQL comment. It equals its text.
#[derive(Debug, Clone)]
pub struct Sql {
    /// The SQL.
    pub text: String,
    /// The values, in the order of their numbers.
    pub params: Vec<Param>,
}

impl Sql {
    pub(crate) fn of(statement: &Statement) -> Self {
        let Rendered { text, params } = write(statement);
        Self { text, params: params.into_iter().cloned().collect() }
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for (index, param) in self.params.iter().enumerate() {
            let value = format!("{:?}", param.value).replace('\n', "\n--   ");
            write!(f, "\n-- ${} = {value} :: {}", index + 1, param.ty)?;
        }
        Ok(())
    }
}

impl PartialEq<str> for Sql {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

impl PartialEq<&str> for Sql {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

/// The SQL of a statement that can run.
///
/// # Errors
/// An update, also that of an upsert, that sets nothing; more parameters than the protocol can carry.
pub fn render(statement: &Statement) -> Result<Rendered<'_>> {
    sets_something(statement)?;
    let rendered = write(statement);
    let count = rendered.params.len();
    if count > PARAMS_MAX {
        let message = format!(
            "the statement has {count} parameters, and one statement can have {PARAMS_MAX}"
        );
        return Err(Error::new(ErrorKind::Query, message).with_hint("run it in several parts"));
    }
    Ok(rendered)
}

/// An empty list of assignments means neither "all" nor "none": it is a condition that was forgotten.
fn sets_something(statement: &Statement) -> Result<()> {
    let (what, source, hint) = match statement {
        Statement::Update(update) if update.set.is_empty() => {
            ("update", &update.source, "call `.set(..)` with at least one assignment")
        }
        Statement::Insert(insert)
            if insert
                .conflict
                .as_ref()
                .and_then(|conflict| conflict.set.as_ref())
                .is_some_and(Vec::is_empty) =>
        {
            let hint = "give `.do_update(..)` at least one assignment, or call `.do_nothing()`";
            ("upsert", &insert.source, hint)
        }
        _ => return Ok(()),
    };
    let table = &source.table.name;
    let message = format!("the {what} of table \"{table}\" sets no column");
    Err(Error::new(ErrorKind::Query, message).at(Some(table), None).with_hint(hint))
}

fn write(statement: &Statement) -> Rendered<'_> {
    let mut writer = Writer::default();
    match statement {
        Statement::Select(select) => writer.select(select),
        Statement::Count(select) => writer.count(select),
        Statement::Exists(select) => writer.exists(select),
        Statement::Insert(insert) => writer.insert(insert),
        Statement::Update(update) => writer.update(update),
        Statement::Delete(delete) => writer.delete(delete),
    }
    writer.finish()
}
