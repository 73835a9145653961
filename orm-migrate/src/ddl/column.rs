//! Columns: manual, `CREATE TABLE`.

use super::object::sequence_options;
use orm_core::schema::{Column, Generated, GeneratedKind, Identity, IdentityKind};
use orm_core::sql::ident::{Ident, Qualified};
use std::fmt::Write as _;

/// `GENERATED .. AS IDENTITY (..)`.
pub(super) fn generated_as(identity: Identity, sequence: Option<Qualified<'_>>) -> String {
    let name = sequence.map_or_else(String::new, |name| format!("SEQUENCE NAME {name}"));
    let options = format!("{name}{}", sequence_options(&identity.sequence));
    let options = match options.trim() {
        "" => String::new(),
        options => format!(" ({options})"),
    };
    format!("GENERATED {} AS IDENTITY{options}", kind(identity.kind))
}

/// Whether an insert may give its own value.
pub(super) fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

/// A column as it stands in `CREATE TABLE` and after `ADD COLUMN`; `schema` is that of its table.
pub fn column(schema: &str, column: &Column) -> String {
    let mut sql = format!("{} {}", Ident(&column.name), column.data_type);
    let mut add = |text: &str| {
        // Writing to a String cannot fail.
        let _ = write!(sql, " {text}");
    };
    if let Some(collation) = &column.collation {
        add(&format!("COLLATE {collation}"));
    }
    if let Some(default) = &column.default {
        add(&format!("DEFAULT {default}"));
    }
    if let Some(identity) = column.identity {
        let own = column.sequence.name.as_deref().map(|name| Qualified(schema, name));
        add(&generated_as(identity, own));
    }
    if let Some(Generated { expression, kind }) = &column.generated {
        let kind = match kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        add(&format!("GENERATED ALWAYS AS ({expression}) {kind}"));
    }
    if !column.nullable {
        add("NOT NULL");
    }
    sql
}
