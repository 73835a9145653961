//! `CREATE INDEX`.

use super::names;
use orm_core::schema::{Index, IndexKey, IndexPart, NullsOrder, SortOrder};
use orm_core::sql::ident::Ident;
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
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE ({predicate})");
    }
    sql
}

/// The built-in methods are words that need no quotes; an extension's may be any name.
fn method(name: &str) -> String {
    let is_word = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_word { name.to_owned() } else { Ident(name).to_string() }
}

fn part(part: &IndexPart) -> String {
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
