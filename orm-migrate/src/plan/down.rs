//! [`Down`]: the way back, as far as it can be gone without guessing.

use super::plan;
use crate::catalog::Canonical;
use crate::change::{Change, TableName, What};
use crate::diff::diff;
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The way back from a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Down {
    /// The SQL; `None` if it would have to guess, for the reasons in `lost`.
    pub sql: Option<String>,
    /// What does not come back.
    pub lost: Vec<String>,
}

impl Down {
    /// The way from `to`, as the migration leaves it, back to `from`.
    pub fn of(changes: &[Change], from: &Canonical, to: &Canonical) -> Self {
        let mut lost = Vec::new();
        let mut guesses = Vec::new();
        for Change { table, what } in changes {
            match what {
                What::DropTable(_) => lost.push(format!("the rows of table {table}")),
                What::DropColumn(column) => {
                    lost.push(format!(
                        "the values of column {} of table {table}",
                        Ident(&column.name)
                    ));
                    if !column.nullable
                        && column.default.is_none()
                        && column.generated.is_none()
                        && column.identity.is_none()
                    {
                        guesses.push(format!("column {} of table {table} was NOT NULL and had no default: which values it gets again is not known", Ident(&column.name)));
                    }
                }
                _ => {}
            }
        }
        if !guesses.is_empty() {
            return Self { sql: None, lost: guesses };
        }
        // What the migration made is ours to drop.
        let made: BTreeSet<TableName> = to.schema().tables.iter().map(TableName::of).collect();
        let back = plan(diff(to, from, &made), to, from);
        let mut sql = String::new();
        for line in &lost {
            // Writing to a String cannot fail.
            let _ = writeln!(sql, "-- does not come back: {line}");
        }
        sql.push_str(&back.up_sql());
        Self { sql: Some(sql), lost }
    }
}
