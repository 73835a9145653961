//! `CREATE INDEX`.

use super::names;
use orm_core::schema::{Index, IndexKey, IndexPart, NullsOrder, SortOrder, Text};
use orm_core::sql::ident::{Ident, Literal};
use std::fmt::{Display, Write as _};

/// `CREATE INDEX .. ON table ..`, where `table` is the table's name as SQL.
pub fn index(table: &impl Display, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = index.name.as_ref().map_or_else(String::new, |name| format!("{} ", Ident(name)));
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let parts = parts.join(", ");
    let mut sql =
        format!("CREATE {unique}INDEX {name}ON {table} USING {} ({parts})", method(&index.method));
    // Writing to a String cannot fail.
    if !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", names(&index.include));
    }
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    sql.push_str(&with(&index.storage_parameters));
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE ({predicate})");
    }
    sql
}

/// ` WITH (..)`, each parameter being `name=value`.
pub(super) fn with(parameters: &[Text]) -> String {
    match parameters {
        [] => String::new(),
        some => format!(" WITH ({})", settings(some.iter())),
    }
}

/// `name=value, name=value`. A value that is no word and no number is quoted.
pub(super) fn settings<'a>(parameters: impl Iterator<Item = &'a Text>) -> String {
    let one = |parameter: &'a Text| match parameter.split_once('=') {
        Some((name, value)) => {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            match value.trim() {
                value if value.chars().all(is_plain) || value.starts_with('\'') => {
                    format!("{} = {value}", name.trim())
                }
                value => format!("{} = {}", name.trim(), Literal(value)),
            }
        }
        None => parameter.to_string(),
    };
    parameters.map(one).collect::<Vec<_>>().join(", ")
}

/// The built-in methods are words that need no quotes; an extension's may be any name.
pub(super) fn method(name: &str) -> String {
    let is_word = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_word { name.to_owned() } else { Ident(name).to_string() }
}

pub(super) fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => Ident(name).to_string(),
        IndexKey::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &part.collation {
        let _ = write!(sql, " COLLATE {collation}");
    }
    if let Some(class) = &part.operator_class {
        let _ = write!(sql, " {class}");
    }
    // What PostgreSQL would do anyway is left out.
    sql.push_str(match (part.order, part.nulls) {
        (SortOrder::Ascending, NullsOrder::Last) => "",
        (SortOrder::Ascending, NullsOrder::First) => " NULLS FIRST",
        (SortOrder::Descending, NullsOrder::First) => " DESC",
        (SortOrder::Descending, NullsOrder::Last) => " DESC NULLS LAST",
    });
    sql
}
