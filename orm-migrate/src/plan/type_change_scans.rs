//! What PostgreSQL reads for another type of a column where it writes no row: checks are looked at again, and indexes
//! whose text names the column are built again. A plain index stays, unless it sorts otherwise from then on.

use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::step::Step;
use super::table_rewrite::{RewriteContext, is_rewritten_by_type};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::serial::{is_retyped, stored_type};
use crate::ddl::time_zone::is_same_in_utc;
use crate::diff::mentions;
use orm_core::schema::{Check, Column, Index, IndexKey, Schema, Table};
use orm_core::sql::ident::Ident;

/// What is there, and what of it goes in the migration, before the types change.
#[derive(Debug, Clone, Default)]
pub(super) struct RevalidatedParts<'a> {
    from: Option<&'a Schema>,
    gone: Vec<(ObjectName, Part)>,
}

impl<'a> RevalidatedParts<'a> {
    pub(super) fn of(from: &'a Schema, changes: &[Change]) -> Self {
        let gone = changes.iter().filter_map(|change| match &change.what {
            What::Drop(part) => Some((change.name.clone(), part.clone())),
            _ => None,
        });
        Self { from: Some(from), gone: gone.collect() }
    }

    fn table(&self, name: &ObjectName) -> Option<&'a Table> {
        self.from.and_then(|it| it.table(&name.schema, &name.name))
    }

    fn stays(&self, table: &ObjectName, part: &Part) -> bool {
        !self.gone.iter().any(|(name, gone)| name == table && gone == part)
    }

    /// The checks that every row is held against again.
    pub(super) fn checks(&self, table: &ObjectName, from: &Column, to: &Column) -> Vec<&'a Check> {
        let Some(live) = self.table(table).filter(|_| is_retyped(from, to)) else {
            return Vec::new();
        };
        let is_read = |check: &&Check| {
            !check.not_valid
                && mentions(&check.expression, &from.name)
                && self.stays(table, &Part::Check((*check).clone()))
        };
        live.checks.iter().filter(is_read).collect()
    }

    /// The names of the indexes that are built again, also those of constraints.
    pub(super) fn indexes(&self, table: &ObjectName, from: &Column, to: &Column) -> Vec<String> {
        let Some(live) = self.table(table).filter(|_| is_retyped(from, to)) else {
            return Vec::new();
        };
        let is_sorted_anew = from.collation != to.collation || sorts_otherwise(from, to);
        let built = Part::all(live).filter(|part| {
            self.stays(table, part)
                && match part {
                    Part::Index(index) => {
                        is_named_in_text(index, from) || is_sorted_anew && is_sorted_by(index, from)
                    }
                    Part::PrimaryKey(key) => is_sorted_anew && key.columns.contains(&from.name),
                    Part::Unique(unique) => is_sorted_anew && unique.columns.contains(&from.name),
                    Part::Exclusion(_) => super::order::mentions(part, from),
                    _ => false,
                }
        });
        built.map(|part| part.name().to_owned()).collect()
    }

    /// Whether a check that is there already says that no row has NULL in the column.
    pub(super) fn has_no_null(&self, table: &ObjectName, column: &Column) -> bool {
        let said = [
            format!("({} IS NOT NULL)", Ident(&column.name)),
            format!("({} IS NOT NULL)", column.name),
        ];
        let says_so = |check: &&Check| {
            !check.not_valid
                && said.contains(&check.expression.to_string())
                && self.stays(table, &Part::Check((*check).clone()))
        };
        self.table(table).is_some_and(|live| live.checks.iter().any(|it| says_so(&it)))
    }
}

/// The same bytes, and another order of them.
fn sorts_otherwise(from: &Column, to: &Column) -> bool {
    is_same_in_utc(stored_type(&from.data_type), stored_type(&to.data_type))
}

/// Whether an expression of the index or its predicate names the column.
pub(super) fn is_named_in_text(index: &Index, column: &Column) -> bool {
    let names = |text: &str| mentions(text, &column.name);
    index.predicate.as_deref().is_some_and(names)
        || index.parts.iter().any(|part| match &part.key {
            IndexKey::Expression(text) => names(text),
            IndexKey::Column(_) => false,
        })
}

fn is_sorted_by(index: &Index, column: &Column) -> bool {
    index.parts.iter().any(|part| {
        part.collation.is_none()
            && matches!(&part.key, IndexKey::Column(name) if *name == column.name)
    })
}

/// Says so of the step.
pub(super) fn reads(step: &mut Step, kept: &RevalidatedParts<'_>, known: &RewriteContext) {
    for Change { name: table, what } in step.changes.clone() {
        let What::AlterColumn { from, to } = what else { continue };
        if from.nullable && !to.nullable && kept.has_no_null(&table, &from) {
            let is_scan = |cost: &Cost| cost.kind == CostKind::Scan;
            if let Some(index) = step.costs.iter().position(is_scan) {
                step.costs.remove(index);
            }
            let of_column = super::hazard::of_null(&table, &to);
            step.hazards.retain(|it| !of_column.contains(it));
        }
        if is_rewritten_by_type(&from, &to, known) {
            continue;
        }
        if !kept.checks(&table, &from, &to).is_empty() {
            step.costs.push(Cost { table: table.clone(), kind: CostKind::Scan });
            let sentence = format!("nobody can read or write {table} while every row is checked");
            step.hazards.push(Hazard { kind: HazardKind::LongScan, sentence });
        }
        let indexes = kept.indexes(&table, &from, &to);
        if !indexes.is_empty() {
            step.costs.push(Cost { table: table.clone(), kind: CostKind::IndexBuild });
            let names: Vec<String> = indexes.iter().map(|it| Ident(it).to_string()).collect();
            let sentence = format!(
                "nobody can read or write {table} while {} is built again",
                names.join(" and ")
            );
            step.hazards.push(Hazard { kind: HazardKind::LongScan, sentence });
        }
    }
}
