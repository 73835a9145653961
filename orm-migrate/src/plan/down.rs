//! [`Down`]: the way back, as far as it can be gone without guessing.

use super::hazard::lost_attributes;
use super::lossy_cast::{self, Types};
use super::step::one_line;
use super::{HazardKind, Stored, Strategy, plan, renaming};
use crate::catalog::Canonical;
use crate::change::{Change, ObjectName, What, back};
use crate::ddl::cast::has_no_cast;
use crate::ddl::serial::{is_serial, stored_type};
use crate::diff::{diff, unvalidated};
use orm_core::schema::Table;
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The way back from a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Down {
    /// The SQL; `None` if it would have to guess, or PostgreSQL would refuse it, for the reasons in `lost`.
    pub sql: Option<String>,
    /// What does not come back.
    pub lost: Vec<String>,
}

impl Down {
    /// The way from `to`, as the migration leaves it, back to `from`.
    pub fn of(changes: &[Change], from: &Canonical, to: &Canonical) -> Self {
        Self::renamed_too(&[], changes, from, to)
    }

    /// The way back from a migration that begins with these renamings: they are taken back last. `from` has the new
    /// names already.
    pub fn renamed_too(
        renamings: &[Change],
        changes: &[Change],
        from: &Canonical,
        to: &Canonical,
    ) -> Self {
        Self::recomputed(renamings, changes, &[], from, to)
    }

    /// As [`renamed_too`](Self::renamed_too), from a migration that computes again what is `stored` of the results of
    /// functions: see [`Plan::recompute`](super::Plan::recompute).
    pub fn recomputed(
        renamings: &[Change],
        changes: &[Change],
        stored: &[Stored],
        from: &Canonical,
        to: &Canonical,
    ) -> Self {
        let mut lost = Vec::new();
        let mut guesses = Vec::new();
        let types = Types::of(from.schema(), to.schema());
        for Change { name: table, what } in changes {
            match what {
                What::DropTable(_) => lost.push(format!("the rows of table {table}")),
                // Its values are made again.
                What::DropColumn(column) if column.generated.is_some() => {}
                What::DropColumn(column) => {
                    lost.push(format!(
                        "the values of column {} of table {table}",
                        Ident(&column.name)
                    ));
                    if !column.nullable
                        && !is_serial(column)
                        && column.default.is_none()
                        && column.identity.is_none()
                    {
                        guesses.push(format!("column {} of table {table} was NOT NULL and had no default: which values it gets again is not known", Ident(&column.name)));
                    }
                }
                What::AlterObject { from, to } => {
                    for attribute in lost_attributes(from, to) {
                        lost.push(format!(
                            "the values of attribute {attribute} of composite type {table}"
                        ));
                    }
                }
                What::AlterColumn { from, to } => {
                    if let Some(gone) = lossy_cast::of_column(from, to, &types) {
                        let name = Ident(&to.name);
                        lost.push(format!(
                            "what the values of column {name} of table {table} lose: {gone}"
                        ));
                    }
                    let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
                    if has_no_cast(new, old) {
                        guesses.push(format!("PostgreSQL has no cast from {new} to {old}, which column {} of table {table} was", Ident(&to.name)));
                    }
                }
                _ => {}
            }
        }
        if !guesses.is_empty() {
            return Self { sql: None, lost: guesses };
        }
        // What the migration made is ours to drop.
        let made: BTreeSet<ObjectName> = ObjectName::all(to.schema()).collect();
        let (from, to) = (without_unmanaged(changes, from, to), with_unmanaged(changes, from, to));
        let mut changes = diff(&to, &from, &made);
        changes.extend(unvalidated(&to, &from));
        let mut back_again = plan(changes, &to, &from);
        let refused = back_again.hazards().filter(|it| it.kind == HazardKind::Refused);
        let refused: Vec<String> = refused.map(|it| it.sentence.clone()).collect();
        if !refused.is_empty() {
            return Self { sql: None, lost: refused };
        }
        back_again.recompute(stored, &Strategy::default(), from.schema());
        back_again.steps.extend(renaming(&back(renamings)));
        let mut sql = String::new();
        for line in &lost {
            // Writing to a String cannot fail.
            let _ = writeln!(sql, "-- does not come back: {}", one_line(line));
        }
        sql.push_str(&back_again.up_sql());
        Self { sql: Some(sql), lost }
    }
}

/// The tables of `from` that the migration knows nothing of: it finds them, and leaves them.
fn unmanaged<'a>(
    changes: &'a [Change],
    from: &'a Canonical,
    to: &'a Canonical,
) -> impl Iterator<Item = &'a Table> {
    from.schema().tables.iter().filter(|table| {
        let name = ObjectName::of(table);
        let is_dropped = |it: &Change| it.name == name && matches!(it.what, What::DropTable(_));
        to.schema().table(&table.schema, &table.name).is_none() && !changes.iter().any(is_dropped)
    })
}

fn without_unmanaged(changes: &[Change], from: &Canonical, to: &Canonical) -> Canonical {
    let names: BTreeSet<ObjectName> = unmanaged(changes, from, to).map(ObjectName::of).collect();
    let mut schema = from.schema().clone();
    schema.tables.retain(|table| !names.contains(&ObjectName::of(table)));
    Canonical::of_catalog(schema)
}

/// Foreign keys of theirs may have to step aside.
fn with_unmanaged(changes: &[Change], from: &Canonical, to: &Canonical) -> Canonical {
    let mut schema = to.schema().clone();
    schema.tables.extend(unmanaged(changes, from, to).cloned());
    Canonical::of_catalog(schema)
}
