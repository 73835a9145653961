//! Statements that compute again what the server stores of a function's result: manual, `REINDEX`, `REFRESH MATERIALIZED
//! VIEW`, `UPDATE`, `ALTER DOMAIN`.

use super::{alter, check};
use crate::change::{ObjectName, Part};
use orm_core::schema::{Check, Column};
use orm_core::sql::ident::{Ident, Qualified};

/// `REINDEX INDEX ..`: an index is in the schema of its table.
pub fn reindex(table: &ObjectName, index: &str, concurrently: bool) -> String {
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    format!("REINDEX INDEX {concurrently}{}", Qualified(&table.schema, index))
}

/// `REFRESH MATERIALIZED VIEW ..`.
pub fn refresh(view: &ObjectName, concurrently: bool) -> String {
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    format!("REFRESH MATERIALIZED VIEW {concurrently}{}", view.qualified())
}

/// SQL that is true of the rows whose stored value is not the one that the expression has now. Values are compared as
/// texts: not every type has an operator for it, and equal values may differ in their text.
pub fn is_stale(column: &Column, expression: &str) -> String {
    format!(
        "{}::text IS DISTINCT FROM (({expression})::{})::text",
        Ident(&column.name),
        column.data_type
    )
}

/// `UPDATE`: PostgreSQL computes a generated column again where a column that it is computed from is set.
pub fn recompute(table: &ObjectName, base: &str, stale: &str) -> String {
    format!("UPDATE {} SET {base} = {base} WHERE {stale}", table.qualified(), base = Ident(base))
}

/// `ALTER TABLE .. DROP CONSTRAINT .., ADD CONSTRAINT .. CHECK (..)`.
pub fn replace_check(table: &ObjectName, it: &Check) -> String {
    let name = it.name.as_deref().unwrap_or_default();
    alter::table(table, &[alter::drop_constraint(name), alter::add(&Part::Check(it.clone()))])
}

/// The same of a check of a domain, in two statements.
pub fn replace_domain_check(domain: &ObjectName, it: &Check) -> [String; 2] {
    let name = Ident(it.name.as_deref().unwrap_or_default());
    let domain = domain.qualified();
    [
        format!("ALTER DOMAIN {domain} DROP CONSTRAINT {name}"),
        format!("ALTER DOMAIN {domain} ADD {}", check(it)),
    ]
}

/// `ALTER DOMAIN .. VALIDATE CONSTRAINT ..`.
pub fn validate_domain_check(domain: &ObjectName, name: &str) -> String {
    format!("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", domain.qualified(), Ident(name))
}
