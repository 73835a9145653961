//! Renders a statement to SQL text and parameters: the one place where query SQL is made.
//!
//! Knows `query`; knows no connection, no row, no `async`. The text never depends on the values, which
//! all become parameters. Start at [`render`].

mod change;
mod copy;
pub mod cursor;
mod expr;
pub mod ident;
pub(crate) mod levels;
mod merge;
mod nested;
mod select;
#[cfg(test)]
mod tests;
mod with;
mod writer;

use crate::error::{Error, ErrorKind, Result};
use crate::query::node::{MergeAction, MergeWhen, PARAMS_MAX, Param, Statement, Target};
use bytes::BytesMut;
use std::fmt;
use writer::Writer;

pub use copy::{copy_in, copy_out, table_name};

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
        let Rendered { text, params } = by_levels(statement).unwrap_or_else(|| write(statement));
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
/// An update, also that of an upsert, that sets nothing; an update or delete whose only filter is an empty list; an insert of the rows of
/// a query without a column that has a `default_fn`; more parameters than the protocol can carry.
pub fn render(statement: &Statement) -> Result<Rendered<'_>> {
    sets_something(statement)?;
    has_a_condition(statement)?;
    has_each_value(statement)?;
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

/// The SQL of a statement as it is sent where all its rows are asked for: relations are levels where they can be.
///
/// # Errors
/// As [`render`].
pub(crate) fn render_whole(statement: &Statement) -> Result<Rendered<'_>> {
    by_levels(statement).map_or_else(|| render(statement), Ok)
}

fn by_levels(statement: &Statement) -> Option<Rendered<'_>> {
    match statement {
        Statement::Select(select) => levels::render(select).map(|(rendered, _)| rendered),
        _ => None,
    }
}

/// A statement as bytes that tell it from others: its text, and the values of its parameters.
///
/// # Errors
/// As [`render`].
pub(crate) fn written(statement: &Statement) -> Result<BytesMut> {
    let rendered = render(statement)?;
    let mut bytes = BytesMut::from(rendered.text.as_bytes());
    for param in &rendered.params {
        bytes.extend_from_slice(b"\0");
        // A value that cannot be written fails when the query is sent.
        let _ = param.value.write_as(&param.ty, &mut bytes);
    }
    Ok(bytes)
}

/// An empty list of assignments means neither "all" nor "none": it is a condition that was forgotten.
fn sets_something(statement: &Statement) -> Result<()> {
    let (what, target, hint) = match statement {
        Statement::Update(update) if update.set.is_empty() && !update.is_empty => {
            ("update", &update.target, "call `.set(..)` with at least one assignment")
        }
        Statement::Insert(insert)
            if insert
                .conflict
                .as_ref()
                .and_then(|conflict| conflict.update.as_ref())
                .is_some_and(|update| update.set.is_empty()) =>
        {
            let hint = "give `.do_update(..)` at least one assignment, or call `.do_nothing()`";
            ("upsert", &insert.target, hint)
        }
        // A merge without a clause does nothing with any row, and is none for the server either.
        Statement::Merge(merge) if merge.when.is_empty() => {
            return Err(refused(
                &merge.target,
                "merge",
                "has no `WHEN` clause",
                "say what to do with the rows: `.when_matched()`, `.when_not_matched()`",
            ));
        }
        Statement::Merge(merge) if merge.when.iter().any(MergeWhen::sets_nothing) => (
            "merge",
            &merge.target,
            "give `.update(..)` at least one assignment, or call `.do_nothing()`",
        ),
        _ => return Ok(()),
    };
    Err(refused(target, what, "sets no column", hint))
}

/// An empty list of conditions holds for every row: as the only filter of a change it is a list that was forgotten to fill.
fn has_a_condition(statement: &Statement) -> Result<()> {
    let (what, target, filters) = match statement {
        Statement::Update(update) => ("update", &update.target, &update.filters),
        Statement::Delete(delete) => ("delete", &delete.target, &delete.filters),
        _ => return Ok(()),
    };
    if filters.is_empty() || filters.iter().any(|filter| filter.always() != Some(true)) {
        return Ok(());
    }
    let hint = "the list of conditions is empty: call `.all_rows()` instead of `.filter(..)` if you mean every row";
    Err(refused(target, what, "would change every row", hint))
}

/// A value that is made for each row cannot be made for rows that only the server sees.
fn has_each_value(statement: &Statement) -> Result<()> {
    let (what, target, not_made) = match statement {
        Statement::Insert(insert) => ("insert", &insert.target, insert.not_made),
        Statement::Merge(merge) => ("merge", &merge.target, merge.not_made),
        _ => return Ok(()),
    };
    let Some(column) = not_made else { return Ok(()) };
    let why = format!("gives no value for column \"{column}\"");
    let hint = "its `default_fn` is not called for the rows of a query: give the column a value there, or a `default` of the server";
    Err(refused(target, what, &why, hint))
}

fn refused(target: &Target, what: &str, why: &str, hint: &'static str) -> Error {
    let table = &target.table.name;
    let message = format!("the {what} of table \"{table}\" {why}");
    Error::new(ErrorKind::Query, message).at(Some(table), None).with_hint(hint)
}

impl MergeWhen {
    fn sets_nothing(&self) -> bool {
        matches!(&self.action, MergeAction::Update(set) if set.is_empty())
    }
}

fn write(statement: &Statement) -> Rendered<'_> {
    let mut writer = Writer::new();
    writer.gives_rows = true;
    writer.statement(statement);
    if writer.ctes_found() > 0 {
        writer.with();
        // Only now all names are known that a table must not be taken for.
        writer = Writer::new().with_taken(writer.cte_names());
        writer.gives_rows = true;
        writer.statement(statement);
        writer.with();
    }
    if let Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) =
        statement
        && let Some(comment) = &select.comment
    {
        writer.comment(comment);
    }
    writer.finish()
}

impl<'a> Writer<'a> {
    /// A statement, without the common table expressions that it reads.
    fn statement(&mut self, statement: &'a Statement) {
        let gives_rows = std::mem::take(&mut self.gives_rows);
        let outside = std::mem::replace(&mut self.returns_rows, gives_rows);
        match statement {
            Statement::Select(select) => {
                self.gives_rows = gives_rows;
                self.select(select);
            }
            Statement::Count(select) => self.count(select),
            Statement::Exists(select) => self.exists(select),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Merge(merge) => self.merge(merge),
            Statement::Truncate(truncate) => self.truncate(truncate),
            Statement::Refresh(refresh) => self.refresh(refresh),
        }
        self.returns_rows = outside;
    }
}
