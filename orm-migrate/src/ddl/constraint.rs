//! Constraints, as they stand in `CREATE TABLE` and after `ALTER TABLE .. ADD`.

use super::index::{method, part};
use super::names;
use orm_core::schema::{
    Action, Check, Deferrable, Exclusion, ExclusionElement, ForeignKey, PrimaryKey, Text, Unique,
};
use orm_core::sql::ident::{Ident, Qualified};

/// `CONSTRAINT .. PRIMARY KEY (..)`.
pub fn primary_key(key: &PrimaryKey) -> String {
    format!(
        "{}PRIMARY KEY ({}){}{}",
        named(key.name.as_ref()),
        names(&key.columns),
        include(&key.include),
        deferrable(key.deferrable)
    )
}

/// `CONSTRAINT .. UNIQUE (..)`.
pub fn unique(unique: &Unique) -> String {
    let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = names(&unique.columns);
    format!(
        "{}UNIQUE{nulls} ({columns}){}{}",
        named(unique.name.as_ref()),
        include(&unique.include),
        deferrable(unique.deferrable)
    )
}

/// `CONSTRAINT .. FOREIGN KEY (..) REFERENCES ..`.
pub fn foreign_key(key: &ForeignKey) -> String {
    format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({}){}{}{}{}{}{}",
        named(key.name.as_ref()),
        names(&key.columns),
        Qualified(&key.references_schema, &key.references_table),
        names(&key.references_columns),
        if key.match_full { " MATCH FULL" } else { "" },
        action("DELETE", key.on_delete),
        match key.on_delete_columns.is_empty() {
            true => String::new(),
            false => format!(" ({})", names(&key.on_delete_columns)),
        },
        action("UPDATE", key.on_update),
        deferrable(key.deferrable),
        not_valid(key.not_valid),
    )
}

/// `CONSTRAINT .. CHECK (..)`.
pub fn check(check: &Check) -> String {
    format!(
        "{}CHECK ({}){}{}",
        named(check.name.as_ref()),
        check.expression,
        if check.no_inherit { " NO INHERIT" } else { "" },
        not_valid(check.not_valid)
    )
}

/// `CONSTRAINT .. EXCLUDE USING .. (.. WITH ..)`.
pub fn exclusion(it: &Exclusion) -> String {
    let element = |it: &ExclusionElement| format!("{} WITH {}", part(&it.part), it.operator);
    let elements: Vec<String> = it.elements.iter().map(element).collect();
    let predicate = it.predicate.as_ref().map_or_else(String::new, |it| format!(" WHERE ({it})"));
    format!(
        "{}EXCLUDE USING {} ({}){}{predicate}{}",
        named(it.name.as_ref()),
        method(&it.method),
        elements.join(", "),
        include(&it.include),
        deferrable(it.deferrable)
    )
}

fn include(columns: &[Text]) -> String {
    match columns {
        [] => String::new(),
        columns => format!(" INCLUDE ({})", names(columns)),
    }
}

fn not_valid(not_valid: bool) -> &'static str {
    if not_valid { " NOT VALID" } else { "" }
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

pub(super) fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
