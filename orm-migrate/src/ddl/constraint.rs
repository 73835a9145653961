//! Constraints, as they stand in `CREATE TABLE` and after `ALTER TABLE .. ADD`.

use super::names;
use orm_core::schema::{Action, Check, Deferrable, ForeignKey, PrimaryKey, Text, Unique};
use orm_core::sql::ident::{Ident, Qualified};

/// `CONSTRAINT .. PRIMARY KEY (..)`.
pub fn primary_key(key: &PrimaryKey) -> String {
    format!("{}PRIMARY KEY ({})", named(key.name.as_ref()), names(&key.columns))
}

/// `CONSTRAINT .. UNIQUE (..)`.
pub fn unique(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = names(&unique.columns);
    format!(
        "{}UNIQUE{nulls} ({columns}){}",
        named(unique.name.as_ref()),
        deferrable(unique.deferrable)
    )
}

/// `CONSTRAINT .. FOREIGN KEY (..) REFERENCES ..`.
pub fn foreign_key(key: &ForeignKey) -> String {
    format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({}){}{}{}",
        named(key.name.as_ref()),
        names(&key.columns),
        Qualified(&key.references_schema, &key.references_table),
        names(&key.references_columns),
        action("DELETE", key.on_delete),
        action("UPDATE", key.on_update),
        deferrable(key.deferrable),
    )
}

/// `CONSTRAINT .. CHECK (..)`.
pub fn check(check: &Check) -> String {
    format!("{}CHECK ({})", named(check.name.as_ref()), check.expression)
}

fn named(name: Option<&Text>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", Ident(name)))
}

fn action(event: &str, action: Action) -> String {
    let action = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    };
    format!(" ON {event} {action}")
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
