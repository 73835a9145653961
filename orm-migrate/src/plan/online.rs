//! [`online`]: steps in the form that lets others read and write meanwhile. Pure.
//!
//! A pass over steps that are in order already: a plain step on a big table becomes several, which do the same without
//! holding a strong lock while rows are read or written. What needs its rows read is first added for new rows only, in
//! a moment; then the old rows are read under a weak lock; then the two are joined, in a moment again.

mod alter;
mod expand;
mod foreign_key;
mod index;
mod partition;
mod replace_key;
mod split_transactions;
#[cfg(test)]
mod tests;
mod transaction_groups;

use super::alter::is_subcommand;
use super::step::{Step, TransactionMode};
use super::strategy::{Choice, Strategy};
use super::table_rewrite::RewriteContext;
use super::type_change_scans::RevalidatedParts;
use super::{Cost, CostKind, Hazard, HazardKind, Lock, LockMode, Plan};
use crate::change::{Change, ObjectName, Part, What};
use orm_core::schema::{Schema, Table};

pub(super) use partition::rest_of;

/// The plan in the forms that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlinePlan {
    /// What is run, in order.
    pub plan: Plan,
    /// The steps that would write a big table anew under a strong lock, which nobody allowed.
    pub refused: Vec<Refused>,
}

/// A step that is not done without being asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// What it would do, and to what.
    pub sentence: String,
    /// The SQL that does it without the lock, if there is one.
    pub instead: Option<String>,
}

/// Gives each step of a plan the form that the size of its table asks for.
///
/// ```
/// use orm_migrate::plan::{Plan, Strategy, online};
/// let plan = Plan { steps: Vec::new() };
/// let schema = orm_core::schema::Schema::default();
/// assert_eq!(online(plan.clone(), &Strategy::default(), &schema, &schema).plan, plan);
/// ```
pub fn online(plan: Plan, strategy: &Strategy, from: &Schema, to: &Schema) -> OnlinePlan {
    let mut steps = plan.steps;
    let changes: Vec<Change> = steps.iter().flat_map(|step| &step.changes).cloned().collect();
    let mut work = OnlineWork {
        strategy,
        from,
        to,
        known: RewriteContext::of(from, to),
        kept: RevalidatedParts::of(from, &changes),
        changes,
        done: Vec::new(),
        backfills: 0,
        refused: Vec::new(),
    };
    replace_key::replaced(&mut steps, &work);
    let replaced = index::replaced(&mut steps, &work);
    for (number, step) in steps.into_iter().enumerate() {
        work.step(step, replaced.get(&number));
    }
    super::lossy_cast::say(&mut work.done, from, to);
    super::dropped::say(&mut work.done);
    super::order::lock_partitions(&mut work.done, from);
    let transaction_groups::Joined { mut steps, transactions } =
        transaction_groups::join(work.done, strategy);
    split_transactions::divide(&mut steps, &transactions, strategy);
    OnlinePlan { plan: Plan { steps }, refused: work.refused }
}

/// What is known, and what is done already.
struct OnlineWork<'a> {
    strategy: &'a Strategy,
    from: &'a Schema,
    to: &'a Schema,
    known: RewriteContext,
    kept: RevalidatedParts<'a>,
    /// All of the migration.
    changes: Vec<Change>,
    done: Vec<Step>,
    backfills: usize,
    refused: Vec<Refused>,
}

impl<'a> OnlineWork<'a> {
    fn step(&mut self, mut step: Step, replaced: Option<&Part>) {
        let Some(change) = step.changes.first().cloned() else {
            self.done.push(step);
            return;
        };
        let reason = match self.strategy.choice(&change.name) {
            Choice::New => {
                self.push_of_types(step);
                return;
            }
            Choice::Plain(reason) => {
                // Where both forms are one there is nothing to explain.
                step.reason = (!step.costs.is_empty()).then_some(reason);
                self.done.push(step);
                return;
            }
            Choice::Online(reason) => reason,
        };
        match &change.what {
            What::Add(Part::Index(index)) => {
                let old = replaced.map(Part::name);
                self.add_index(&change, index, old, step, &reason);
            }
            What::Drop(Part::Index(_)) => self.drop_index(&change, step, &reason),
            What::Add(Part::ForeignKey(key)) => self.add_foreign_key(&change, key, step, &reason),
            What::AlterObject { .. } => self.alter_view(&change.name, step, &reason),
            What::AlterPart { .. } if !step.costs.is_empty() => {
                // It reads rows beside those who write, if nothing else is in its transaction.
                step.mode = TransactionMode::Autocommit;
                self.push_plain(step, &reason);
            }
            What::Attach(of) => self.attach(&change, of, step, &reason),
            _ if !is_subcommand(&change) && is_rewrite(&step) => {
                self.push_heavy(step);
            }
            // Also a column of which only the comment changes: that is no `ALTER TABLE`.
            _ if !is_subcommand(&change) => self.done.push(step),
            _ => self.alter_table(step, &reason),
        }
    }

    /// A type that is made again has the tables written anew that have columns of it.
    fn push_of_types(&mut self, mut step: Step) {
        let is_big = |table: &ObjectName| matches!(self.strategy.choice(table), Choice::Online(_));
        let rewrites = step.costs.iter().filter(|cost| cost.kind == CostKind::Rewrite);
        let big: Vec<ObjectName> = rewrites.map(|cost| cost.table.clone()).filter(is_big).collect();
        let said: Vec<String> = big.iter().map(ToString::to_string).collect();
        if !said.is_empty() {
            let said = said.join(" and ");
            step.reason = Some(format!("plain: nobody can read or write {said} meanwhile"));
            if !self.strategy.allow_rewrite {
                let does: Vec<String> = step.changes.iter().map(ToString::to_string).collect();
                let tables = if big.len() == 1 { "the big table" } else { "the big tables" };
                let sentence = format!("{}: it writes {tables} {said} anew", does.join(", "));
                self.refused.push(Refused { sentence, instead: None });
            }
        }
        self.done.push(step);
    }

    /// Whether some online forms do not exist for the table.
    fn is_partitioned(&self, table: &ObjectName) -> bool {
        self.strategy.sizes.0.get(table).is_some_and(|size| size.partitioned)
    }

    fn table(&self, name: &ObjectName) -> Option<&'a Table> {
        self.from.table(&name.schema, &name.name)
    }

    fn push_plain(&mut self, mut step: Step, why: &str) {
        step.reason = Some(why.to_owned());
        self.done.push(step);
    }
}

/// A step of an online form.
struct OnlineSteps<'a> {
    table: &'a ObjectName,
    statements: Vec<String>,
    mode: TransactionMode,
    lock: LockMode,
    cost: Option<CostKind>,
}

impl OnlineSteps<'_> {
    /// The step, which does `title` and, if it is the first for them, makes the changes.
    fn step(self, changes: Vec<Change>, title: Option<String>, reason: &str) -> Step {
        let Self { table, statements, mode, lock, cost } = self;
        Step {
            hazards: Vec::new(),
            costs: cost.map(|kind| Cost { table: table.clone(), kind }).into_iter().collect(),
            // Once is enough, where the changes are said.
            reason: (!changes.is_empty()).then(|| reason.to_owned()),
            changes,
            title,
            statements,
            locks: vec![Lock { table: table.clone(), mode: lock }],
            mode,
            repeats: cost == Some(CostKind::Batches),
        }
    }
}

fn is_rewrite(step: &Step) -> bool {
    step.costs.iter().any(|cost| cost.kind == CostKind::Rewrite)
}

/// Of the hazards of a plain form, those that its online form has too.
fn that_stay(hazards: Vec<Hazard>) -> Vec<Hazard> {
    let stays = |hazard: &Hazard| {
        !matches!(
            hazard.kind,
            HazardKind::Rewrite | HazardKind::LongScan | HazardKind::BlocksWrites
        )
    };
    hazards.into_iter().filter(stays).collect()
}
