//! Indexes: built and dropped while others write.

use super::{OnlineSteps, OnlineWork, that_stay};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::online;
use crate::ddl::serial::is_retyped;
use crate::plan::order::mentions;
use crate::plan::step::{Step, TransactionMode};
use crate::plan::strategy::Choice;
use crate::plan::table_rewrite::is_rewritten_by_type;
use crate::plan::type_change_scans::is_named_in_text;
use crate::plan::{CostKind, LockMode};
use orm_core::schema::Index;
use orm_core::schema::names::implied;
use std::collections::BTreeMap;
use std::mem::take;

/// Whether queries that used the one index will use the other: what comes first in both is the same.
fn serves_as(old: &Index, new: &Index) -> bool {
    let first = |index: &Index| index.parts.first().map(|part| part.key.clone());
    old.method == new.method && first(old) == first(new)
}

/// The indexes that are made again, most of them under their names: those that go are taken out of the steps, by the number of the
/// step that makes the new one. So the old one serves until the new one is there.
pub(super) fn replaced(steps: &mut Vec<Step>, work: &OnlineWork<'_>) -> BTreeMap<usize, Part> {
    let mut gone = Vec::new();
    let mut pairs = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let [Change { name, what: What::Add(Part::Index(new)) }] = step.changes.as_slice() else {
            continue;
        };
        if !matches!(work.strategy.choice(name), Choice::Online(_)) || work.is_partitioned(name) {
            continue;
        }
        let dropped = |is_it: &dyn Fn(&Index) -> bool| {
            steps.iter().take(number).enumerate().position(|(number, step)| {
                matches!(step.changes.as_slice(), [Change { name: table, what: What::Drop(Part::Index(old)) }]
                    if table == name && is_it(old) && !gone.contains(&number))
            })
        };
        let same = dropped(&|old| old.name == new.name);
        let Some(dropped) = same.or_else(|| dropped(&|old| serves_as(old, new))) else { continue };
        let Some(What::Drop(old)) =
            steps.get(dropped).and_then(|it| it.changes.first()).map(|it| &it.what)
        else {
            continue;
        };
        let loses_a_column = steps.iter().flat_map(|step| &step.changes).any(|change| {
            change.name == *name
                && matches!(&change.what, What::DropColumn(column)
                    if mentions(old, column))
        });
        if !loses_a_column && !work.is_in_the_way(name, old) {
            gone.push(dropped);
            pairs.push((number, old.clone()));
        }
    }
    gone.sort_unstable();
    let shifted = |number: usize| number - gone.iter().filter(|gone| **gone < number).count();
    let pairs = pairs.into_iter().map(|(number, old)| (shifted(number), old)).collect();
    for number in gone.iter().rev() {
        steps.remove(*number);
    }
    pairs
}

impl OnlineWork<'_> {
    /// Whether the index cannot live to see the new type of a column: PostgreSQL would build it again under its lock,
    /// or find no operator for it.
    fn is_in_the_way(&self, table: &ObjectName, part: &Part) -> bool {
        let Part::Index(index) = part else { return false };
        self.changes.iter().filter(|change| change.name == *table).any(|change| {
            match &change.what {
                What::AlterColumn { from, to } => {
                    is_retyped(from, to) && is_named_in_text(index, from)
                        || is_rewritten_by_type(from, to, &self.known) && mentions(part, from)
                }
                _ => false,
            }
        })
    }

    pub(super) fn add_index(
        &mut self,
        change: &Change,
        index: &Index,
        old: Option<&str>,
        step: Step,
        reason: &str,
    ) {
        let table = &change.name;
        if self.is_partitioned(table) {
            return self.add_index_below(change, index, step, reason);
        }
        let name = index.name.as_deref().unwrap_or_default();
        let temporary = implied(&table.name, &[name], "orm_new");
        let is_renamed = old == Some(name);
        let built = match is_renamed {
            true => Index { name: Some(temporary.clone().into()), ..index.clone() },
            false => index.clone(),
        };
        let mut statements = vec![online::create_index(table, &built)];
        if let Some(old) = old {
            statements.push(online::drop_index(table, old));
        }
        if is_renamed {
            statements.push(online::rename_index(table, &temporary, name));
        }
        let made = OnlineSteps {
            table,
            statements,
            mode: TransactionMode::Autocommit,
            lock: LockMode::ShareUpdateExclusive,
            cost: Some(CostKind::IndexBuild),
        };
        let title = old.map(|_| "the old index serves until the new one is there".to_owned());
        let mut made = made.step(step.changes, title, reason);
        made.hazards = that_stay(step.hazards);
        self.done.push(made);
    }

    /// The indexes of a materialized view, beside those who read and refresh it.
    pub(super) fn alter_view(&mut self, view: &ObjectName, mut step: Step, reason: &str) {
        let of_indexes: Vec<String> =
            step.statements.iter().filter_map(|sql| online::concurrently(sql)).collect();
        if of_indexes.is_empty() {
            return self.done.push(step);
        }
        let made = OnlineSteps {
            table: view,
            statements: of_indexes,
            mode: TransactionMode::Autocommit,
            lock: LockMode::ShareUpdateExclusive,
            cost: step.costs.first().map(|cost| cost.kind),
        };
        step.statements.retain(|sql| online::concurrently(sql).is_none());
        let hazards = that_stay(take(&mut step.hazards));
        let made = made.step(take(&mut step.changes), None, reason);
        if !step.statements.is_empty() {
            let title = Some("what else is said of it".to_owned());
            let (locks, costs) = (Vec::new(), Vec::new());
            self.done.push(Step { title, locks, costs, ..step });
        }
        self.done.push(Step { hazards, ..made });
    }

    pub(super) fn drop_index(&mut self, change: &Change, step: Step, reason: &str) {
        let (table, What::Drop(part)) = (&change.name, &change.what) else { return };
        if self.is_partitioned(table) {
            return self.push_plain(
                step,
                "plain: PostgreSQL drops no index of a partitioned table concurrently",
            );
        }
        if self.is_in_the_way(table, part) {
            // In one transaction with the new type, which locks the table anyway.
            return self.push_plain(step, "plain: the new type of a column needs it gone");
        }
        let made = OnlineSteps {
            table,
            statements: vec![online::drop_index(table, part.name())],
            mode: TransactionMode::Autocommit,
            lock: LockMode::ShareUpdateExclusive,
            cost: None,
        };
        self.done.push(made.step(step.changes, None, reason));
    }
}
