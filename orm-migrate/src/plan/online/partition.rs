//! Tables that are divided: what PostgreSQL does to all partitions at once is done to one after the other, and joined
//! in a moment (manual, section 5.11.2.2, and `CREATE INDEX`, "Notes").

use super::{OnlineSteps, OnlineWork};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::{alter, online};
use crate::diff::name_below;
use crate::plan::order::is_above;
use crate::plan::partition_constraint::bound_condition;
use crate::plan::step::{Step, TransactionMode, steps};
use crate::plan::{CostKind, Hazard, HazardKind, Lock, LockMode};
use orm_core::schema::names::implied;
use orm_core::schema::{ForeignKey, Index, PartitionOf, Table, Text};
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// A table below another one, with the index that it gets.
#[derive(Debug)]
pub(super) struct Below<'a> {
    pub(super) table: &'a Table,
    /// The name of its index.
    pub(super) index: Text,
    /// The index of the table above that it belongs to.
    pub(super) above: (ObjectName, Text),
}

impl Below<'_> {
    pub(super) fn name(&self) -> ObjectName {
        ObjectName::of(self.table)
    }

    pub(super) fn is_leaf(&self) -> bool {
        self.table.partition_by.is_none()
    }

    pub(super) fn attach(&self) -> String {
        let (table, index) = &self.above;
        online::attach_index(table, index, &self.name(), &self.index)
    }
}

impl<'a> OnlineWork<'a> {
    /// The tables below, those above before those below them, each with a free name for its part of `part`.
    pub(super) fn below(&self, table: &ObjectName, part: &Part) -> Vec<Below<'a>> {
        let mut taken: BTreeSet<String> = (self.from.tables.iter().chain(&self.to.tables))
            .flat_map(|it| Part::all(it).map(|part| part.name().to_owned()))
            .chain(self.from.tables.iter().map(|it| it.name.to_string()))
            .collect();
        let mut found: Vec<Below<'a>> = Vec::new();
        let mut level = vec![(table.clone(), Text::from(part.name().to_owned()))];
        while let Some((above, index)) = level.pop() {
            for it in &self.from.tables {
                let of = it.partition_of.as_ref().map(ObjectName::parent);
                if of.as_ref() != Some(&above) || self.goes(&ObjectName::of(it)) {
                    continue;
                }
                let mut name = name_below(it, part).to_string();
                for number in 1.. {
                    if taken.insert(name.clone()) {
                        break;
                    }
                    name = implied(&it.name, &[part.name(), &number.to_string()], "idx");
                }
                let name = Text::from(name);
                level.push((ObjectName::of(it), name.clone()));
                found.push(Below { table: it, index: name, above: (above.clone(), index.clone()) });
            }
        }
        found
    }

    fn goes(&self, table: &ObjectName) -> bool {
        self.changes
            .iter()
            .any(|it| it.name == *table && matches!(it.what, What::DropTable(_) | What::Detach(_)))
    }

    /// The indexes of the partitions first, each while others write.
    pub(super) fn add_index_below(
        &mut self,
        change: &Change,
        index: &Index,
        step: Step,
        reason: &str,
    ) {
        let table = &change.name;
        let below = self.below(table, &Part::Index(index.clone()));
        let mut statements = vec![online::create_index_only(table, index)];
        for it in below.iter().filter(|it| !it.is_leaf()) {
            let own = Index { name: Some(it.index.clone()), ..index.clone() };
            statements.push(online::create_index_only(&it.name(), &own));
            statements.push(it.attach());
        }
        let made = OnlineSteps {
            table,
            statements,
            mode: TransactionMode::Transaction,
            lock: LockMode::Share,
            cost: None,
        };
        let mut first = made.step(step.changes, None, reason);
        first.hazards = super::that_stay(step.hazards);
        let divided = below.iter().filter(|it| !it.is_leaf());
        first.locks.extend(divided.map(|it| Lock { table: it.name(), mode: LockMode::Share }));
        self.done.push(first);
        for it in below.iter().filter(|it| it.is_leaf()) {
            let own = Index { name: Some(it.index.clone()), ..index.clone() };
            let title = format!("build the index of partition {}", it.name());
            self.done.push(concurrently(&it.name(), &own, title, reason));
        }
        let (leaves, divided): (Vec<Below<'_>>, Vec<Below<'_>>) =
            below.into_iter().partition(Below::is_leaf);
        if !leaves.is_empty() {
            let mut joined = joined(table, &leaves, Vec::new(), reason);
            // Of the tables whose indexes are joined only the indexes are locked. When the index of a partitioned
            // partition becomes valid, the table above that one is locked to see whether its index is valid, too.
            let above: BTreeSet<ObjectName> = divided.into_iter().map(|it| it.above.0).collect();
            let mode = LockMode::AccessExclusive;
            joined.locks = above.into_iter().map(|table| Lock { table, mode }).collect();
            self.done.push(joined);
        }
    }

    /// A key of the whole table: an index for each partition, built while others write.
    pub(super) fn key_below(
        &self,
        table: &ObjectName,
        part: &Part,
        changes: Vec<Change>,
        reason: &str,
    ) -> Vec<Step> {
        let below = self.below(table, part);
        let mut made = Vec::new();
        let mut statements = vec![online::only(&alter::table(table, &[alter::add(part)]))];
        for it in &below {
            let own = part.clone().named(Some(it.index.clone()));
            if !it.is_leaf() {
                let add = alter::table(&it.name(), &[alter::add(&own)]);
                statements.push(online::only(&add));
                statements.push(it.attach());
                continue;
            }
            let Some(definition) = online::index_of(&own, &it.index) else { continue };
            let title = format!("build the index of partition {}", it.name());
            made.push(concurrently(&it.name(), &definition, title, reason));
            let add = online::add_using_index(&own, &it.index);
            statements.extend(add.map(|add| alter::table(&it.name(), &[add])));
        }
        let mut joined = joined(table, &below, statements, reason);
        joined.changes = changes;
        made.push(joined);
        made
    }

    /// A foreign key of each partition, which that of the table takes over: before 18 a partitioned table has none that
    /// is NOT VALID.
    pub(super) fn add_foreign_key_below(
        &mut self,
        change: &Change,
        key: &ForeignKey,
        step: Step,
        reason: &str,
    ) {
        let table = &change.name;
        let part = Part::ForeignKey(ForeignKey { not_valid: false, ..key.clone() });
        let below = self.below(table, &part);
        for it in below.iter().filter(|it| it.is_leaf()) {
            let change = Change { name: it.name(), what: What::Add(part.clone()) };
            let plain = steps(vec![change.clone()], self.from, self.to);
            for plain in plain {
                self.add_foreign_key(&change, key, plain, reason);
            }
        }
        let mut last = step;
        last.costs.clear();
        last.hazards = super::that_stay(last.hazards);
        last.hazards.push(Hazard {
            kind: HazardKind::FailsOnExistingRows,
            sentence: format!("it fails if a row of {table} references none"),
        });
        let mode = LockMode::ShareRowExclusive;
        // What PostgreSQL does for the keys of the partitions it does for them no more.
        let is_taken_over = below.iter().any(Below::is_leaf);
        let is_target = |lock: &Lock| {
            lock.table.schema == key.references_schema && lock.table.name == key.references_table
        };
        for lock in last.locks.iter_mut().filter(|lock| is_taken_over && is_target(lock)) {
            lock.mode = LockMode::AccessExclusive;
        }
        for it in &below {
            if !last.locks.iter().any(|lock| lock.table == it.name()) {
                last.locks.push(Lock { table: it.name(), mode });
            }
        }
        self.push_plain(last, reason);
    }

    /// A table that becomes a partition: what its rows are is checked before, and what it lacks is built before.
    pub(super) fn attach(
        &mut self,
        change: &Change,
        of: &PartitionOf,
        mut step: Step,
        reason: &str,
    ) {
        let (table, parent) = (&change.name, ObjectName::parent(of));
        self.build_what_it_lacks(table, &parent);
        let declared = self.to.table(&parent.schema, &parent.name);
        let by = declared.and_then(|it| it.partition_by.as_deref());
        let condition = by
            .filter(|by| !by.starts_with("HASH"))
            .and_then(|by| bound_condition(&parent, by, &of.bound));
        let Some(condition) = condition else {
            return self.push_plain(
                step,
                "plain: PostgreSQL takes no check for what this bound says, and reads every row itself",
            );
        };
        let name = implied(&table.name, &[], "orm_bound");
        let add = format!("ADD CONSTRAINT {} CHECK ({condition}) NOT VALID", Ident(&name));
        let made = OnlineSteps {
            table,
            statements: vec![alter::table(table, &[add])],
            mode: TransactionMode::Transaction,
            lock: LockMode::AccessExclusive,
            cost: None,
        };
        let title = "the bound, for the rows that are written from now on".to_owned();
        let mut first = made.step(Vec::new(), Some(title), reason);
        first.hazards = super::that_stay(std::mem::take(&mut step.hazards));
        self.done.push(first);
        let made = OnlineSteps {
            table,
            statements: vec![online::validate(table, &name)],
            mode: TransactionMode::Autocommit,
            lock: LockMode::ShareUpdateExclusive,
            cost: Some(CostKind::Scan),
        };
        let title = "check the bound for the rows that are there".to_owned();
        self.done.push(made.step(Vec::new(), Some(title), reason));
        step.costs.retain(|cost| cost.table != *table);
        for lock in step.locks.iter_mut().filter(|lock| lock.mode == LockMode::ShareRowExclusive) {
            // The keys of the table are checked already, and taken over.
            lock.mode = LockMode::AccessExclusive;
        }
        step.statements.push(alter::table(table, &[alter::drop_constraint(&name)]));
        self.push_plain(step, reason);
    }

    /// `ATTACH` would build the indexes and check the foreign keys under its lock.
    fn build_what_it_lacks(&mut self, table: &ObjectName, parent: &ObjectName) {
        let Some(above) = self.to.table(&parent.schema, &parent.name) else { return };
        let Some(live) = self.table(table) else { return };
        let added = self.changes.iter().filter(|it| it.name == *table);
        let mut there: Vec<Part> = Part::all(live).collect();
        there.extend(added.filter_map(|it| match &it.what {
            What::Add(part) => Some(part.clone()),
            _ => None,
        }));
        let is_lacking = |part: &Part| {
            matches!(
                part,
                Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_) | Part::ForeignKey(_)
            ) && !there.iter().any(|it| it.equals_but_for_name(part))
        };
        let lacking = Part::all(above).filter(is_lacking);
        let own: Vec<Part> =
            lacking.map(|part| part.clone().named(Some(name_below(live, &part)))).collect();
        for own in own {
            let change = Change { name: table.clone(), what: What::Add(own) };
            for plain in steps(vec![change], self.from, self.to) {
                self.step(plain, None);
            }
        }
    }
}

/// Joins the indexes of the partitions with that of their table, which is valid when it has all.
fn joined(
    table: &ObjectName,
    below: &[Below<'_>],
    mut statements: Vec<String>,
    reason: &str,
) -> Step {
    statements.extend(below.iter().filter(|it| it.is_leaf()).map(Below::attach));
    let mode = LockMode::AccessExclusive;
    let made = OnlineSteps {
        table,
        statements,
        mode: TransactionMode::Transaction,
        lock: mode,
        cost: None,
    };
    let title = "join the indexes of the partitions: they were built before".to_owned();
    let mut joined = made.step(Vec::new(), Some(title), reason);
    joined.locks.extend(below.iter().map(|it| Lock { table: it.name(), mode }));
    joined
}

/// The partition for all other rows, which PostgreSQL reads when another one comes.
pub(in crate::plan) fn rest_of<'a>(
    parent: &ObjectName,
    schema: &'a orm_core::schema::Schema,
) -> impl Iterator<Item = &'a Table> {
    let is_rest = {
        let parent = parent.clone();
        move |it: &&Table| {
            it.partition_of
                .as_ref()
                .is_some_and(|of| ObjectName::parent(of) == parent && of.bound == "DEFAULT")
        }
    };
    let rest = schema.tables.iter().find(is_rest).map(ObjectName::of);
    // It may be divided itself.
    schema.tables.iter().filter(move |it| {
        rest.as_ref().is_some_and(|rest| {
            let name = ObjectName::of(it);
            it.partition_by.is_none() && (name == *rest || is_above(rest, &name, schema))
        })
    })
}

fn concurrently(table: &ObjectName, index: &Index, title: String, reason: &str) -> Step {
    let made = OnlineSteps {
        table,
        statements: vec![online::create_index(table, index)],
        mode: TransactionMode::Autocommit,
        lock: LockMode::ShareUpdateExclusive,
        cost: Some(CostKind::IndexBuild),
    };
    made.step(Vec::new(), Some(title), reason)
}
