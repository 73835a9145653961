//! `ALTER TABLE`: what takes a moment, what is filled in batches, what is checked, and what joins them.

mod column;

use super::expand::Expansion;
use super::replace_key::takes_place_of;
use super::{OnlineSteps, OnlineWork, Refused, is_rewrite, that_stay};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::backfill::Backfill;
use crate::ddl::serial::is_retyped;
use crate::ddl::{alter, expand, online};
use crate::plan::alter::subcommands;
use crate::plan::cost::cost;
use crate::plan::hazard::hazards;
use crate::plan::order::is_above;
use crate::plan::step::{Step, TransactionMode, altering};
use crate::plan::type_change_scans;
use crate::plan::{CostKind, Hazard, HazardKind, LockMode, Plan};
use orm_core::schema::names::implied;
use orm_core::schema::{Column, Table, Text};
use orm_core::sql::ident::Ident;
use std::mem::take;

/// The parts of one `ALTER TABLE`, in the order in which they run.
#[derive(Debug, Default)]
struct AlterParts {
    /// Sub-commands that only change the catalog.
    quick: Vec<String>,
    /// Statements that come after them.
    then: Vec<String>,
    /// Columns that get a value in every row.
    fills: Vec<Fill>,
    /// Sub-commands that add a constraint for new rows only.
    not_valid: Vec<String>,
    /// Constraints whose old rows are to be read.
    validated: Vec<String>,
    /// Constraints and their indexes, under names that are free.
    keys: Vec<(Part, String)>,
    /// Sub-commands that the checks have made quick.
    last: Vec<String>,
    /// Constraints that were only there for them.
    helpers: Vec<String>,
    /// Keys that go when those are there that take their place.
    replaced: Vec<Change>,
    /// Statements at the very end.
    end: Vec<String>,
}

#[derive(Debug)]
struct Fill {
    column: Text,
    /// SQL in which `target` is the row.
    value: String,
    /// Which rows lack it.
    lacking: String,
}

impl AlterParts {
    fn is_quick(&self) -> bool {
        self.fills.is_empty()
            && self.not_valid.is_empty()
            && self.validated.is_empty()
            && self.keys.is_empty()
            && self.last.is_empty()
    }

    /// NULL goes out of a column: new rows at once, old rows are read, and then it is said of the column.
    fn forbid_null(&mut self, table: &ObjectName, column: &str) {
        let name = implied(&table.name, &[column], "orm_not_null");
        self.not_valid.push(online::add_not_null_check(&name, column));
        self.validated.push(name.clone());
        self.helpers.push(alter::drop_constraint(&name));
    }
}

impl<'a> OnlineWork<'a> {
    pub(super) fn alter_table(&mut self, mut step: Step, reason: &str) {
        let Some(table) = step.changes.first().map(|change| change.name.clone()) else { return };
        let mut parts = AlterParts::default();
        let (mut drops, mut light, mut heavy) = (Vec::new(), Vec::new(), Vec::new());
        let is_replaced = |change: &Change, others: &[Change]| {
            matches!(&change.what, What::Drop(old) if others.iter().any(|it| {
                matches!(&it.what, What::Add(new) if takes_place_of(new, old))
            }) && !self.is_held(&table, old) && !self.is_partitioned(&table))
        };
        let all = take(&mut step.changes);
        let (replaced, all): (Vec<Change>, Vec<Change>) =
            all.clone().into_iter().partition(|it| is_replaced(it, &all));
        for change in all {
            if matches!(change.what, What::DropColumn(_) | What::Drop(_)) {
                drops.push(change);
            } else if self.sort(&change, &mut parts) {
                light.push(change);
            } else {
                heavy.push(change);
            }
        }
        // They serve until the others are there.
        for gone in &replaced {
            parts.last.extend(subcommands(gone, self.known.types()));
        }
        let names: Vec<&str> = replaced.iter().filter_map(dropped).map(Part::name).collect();
        for (part, index) in &mut parts.keys {
            if names.contains(&part.name()) {
                *index = implied(part.name(), &[], "orm_new");
            }
        }
        parts.replaced = replaced;
        if self.strategy.expand && !heavy.is_empty() {
            heavy = self.expand(heavy, &mut drops, &step.hazards, reason);
            // What PostgreSQL refuses it refuses in any form.
            step.hazards.retain(|hazard| hazard.kind == HazardKind::Refused);
            step.hazards.extend(
                drops.iter().chain(&light).chain(&heavy).flat_map(|it| hazards(it, &self.known)),
            );
        }
        let retyped: Vec<Text> = (light.iter().chain(&heavy))
            .filter_map(|change| match &change.what {
                What::AlterColumn { from, to } if is_retyped(from, to) => Some(to.name.clone()),
                _ => None,
            })
            .collect();
        if heavy.is_empty() {
            let mut commands: Vec<String> =
                drops.iter().flat_map(|it| subcommands(it, self.known.types())).collect();
            commands.append(&mut parts.quick);
            parts.quick = commands;
            drops.append(&mut light);
            step.changes = drops;
        } else {
            // What goes may hold on to what is made anew, and both are one pass over the table.
            drops.append(&mut heavy);
            let hazards = take(&mut step.hazards);
            self.push_heavy(Step { hazards, ..self.heavy(drops) });
            step.changes = light;
        }
        let mut made = if parts.is_quick() {
            // It is quick in any form: nothing to explain.
            vec![Step { reason: None, ..parts.made_quick(&table, &step.changes, reason) }]
        } else {
            self.in_order(&table, parts, &step, reason)
        };
        if let Some(first) = made.first_mut() {
            first.hazards = that_stay(step.hazards);
        }
        self.done.extend(made.into_iter().filter(|step| !step.statements.is_empty()));
        if !retyped.is_empty() {
            let analyze = OnlineSteps {
                table: &table,
                statements: retyped.iter().map(|it| expand::analyze(&table, it)).collect(),
                mode: TransactionMode::Autocommit,
                lock: LockMode::ShareUpdateExclusive,
                cost: Some(CostKind::Sample),
            };
            let title = "statistics: those of the old type are gone".to_owned();
            self.done.push(analyze.step(Vec::new(), Some(title), reason));
        }
    }

    /// Puts a change where it belongs; `false` if it has no online form.
    fn sort(&mut self, change: &Change, parts: &mut AlterParts) -> bool {
        let table = &change.name;
        match &change.what {
            What::AddColumn(column) => return self.add_column(table, column, parts),
            What::AlterColumn { from, to } => return self.alter_column(table, from, to, parts),
            What::Add(part @ Part::Check(check)) => {
                parts.not_valid.push(online::add_not_valid(part));
                if !check.not_valid {
                    parts.validated.push(part.name().to_owned());
                }
            }
            What::Add(part @ (Part::PrimaryKey(_) | Part::Unique(_))) => {
                parts.keys.push((part.clone(), part.name().to_owned()));
            }
            _ => return false,
        }
        true
    }

    fn in_order(
        &mut self,
        table: &ObjectName,
        mut parts: AlterParts,
        step: &Step,
        reason: &str,
    ) -> Vec<Step> {
        let mut made = Vec::new();
        let mut changes = step.changes.clone();
        if parts.fills.is_empty() {
            // One lock for both. Before a column is filled, its constraints would refuse every change of an old row.
            parts.quick.append(&mut parts.not_valid);
        }
        if !parts.quick.is_empty() || !parts.then.is_empty() {
            made.push(parts.made_quick(table, &take(&mut changes), reason));
        }
        for fill in &take(&mut parts.fills) {
            for (table, batch) in self.batches(table, fill, &step.changes) {
                let title = format!("fill column {} in batches", Ident(&fill.column));
                let step = OnlineSteps {
                    table: &table,
                    statements: vec![batch],
                    mode: TransactionMode::Autocommit,
                    lock: LockMode::RowExclusive,
                    cost: Some(CostKind::Batches),
                };
                made.push(step.step(take(&mut changes), Some(title), reason));
            }
        }
        let transaction = |statements: Vec<String>| OnlineSteps {
            table,
            statements,
            mode: TransactionMode::Transaction,
            lock: LockMode::AccessExclusive,
            cost: None,
        };
        if !parts.not_valid.is_empty() {
            let title = "constraints for the rows that are written from now on".to_owned();
            let statements = vec![alter::table(table, &parts.not_valid)];
            made.push(transaction(statements).step(take(&mut changes), Some(title), reason));
        }
        for name in &parts.validated {
            let validate = OnlineSteps {
                table,
                statements: vec![online::validate(table, name)],
                mode: TransactionMode::Autocommit,
                lock: LockMode::ShareUpdateExclusive,
                cost: Some(CostKind::Scan),
            };
            let title = format!("check {} for the rows that are there", Ident(name));
            made.push(validate.step(Vec::new(), Some(title), reason));
        }
        let is_partitioned = self.is_partitioned(table);
        for (part, index) in parts.keys.iter().filter(|_| !is_partitioned) {
            let Some(definition) = online::index_of(part, index) else { continue };
            let build = OnlineSteps {
                table,
                statements: vec![online::create_index(table, &definition)],
                mode: TransactionMode::Autocommit,
                lock: LockMode::ShareUpdateExclusive,
                cost: Some(CostKind::IndexBuild),
            };
            let title = format!("build the index of {} {}", part.kind(), Ident(part.name()));
            made.push(build.step(take(&mut changes), Some(title), reason));
            parts.last.extend(online::add_using_index(part, index));
        }
        let mut statements = Vec::new();
        // The helpers go after: while they are there, PostgreSQL need not read the rows again.
        for commands in [&parts.last, &parts.helpers] {
            if !commands.is_empty() {
                statements.push(alter::table(table, commands));
            }
        }
        statements.append(&mut parts.end);
        if !statements.is_empty() {
            let title = "say it of the table: the rows were checked before".to_owned();
            changes.append(&mut parts.replaced);
            made.push(transaction(statements).step(take(&mut changes), Some(title), reason));
        }
        for (part, _) in parts.keys.iter().filter(|_| is_partitioned) {
            made.extend(self.key_below(table, part, take(&mut changes), reason));
        }
        made
    }

    /// The batches of a column. A row has its place in its own partition only: without a key each has batches of its own.
    fn batches(
        &mut self,
        table: &ObjectName,
        fill: &Fill,
        changes: &[Change],
    ) -> Vec<(ObjectName, String)> {
        let key = self.key(table, changes);
        let is_leaf = |it: &&Table| {
            it.partition_by.is_none() && is_above(table, &ObjectName::of(it), self.from)
        };
        let tables: Vec<ObjectName> = match key.is_empty() && self.is_partitioned(table) {
            true => self.from.tables.iter().filter(is_leaf).map(ObjectName::of).collect(),
            false => vec![table.clone()],
        };
        let batches = tables.into_iter().map(|table| {
            self.backfills += 1;
            let Fill { column, value, lacking } = fill;
            let batch = Backfill {
                table: &table,
                column,
                value,
                lacking,
                key: &key,
                number: self.backfills,
            };
            let sql = batch.sql();
            (table, sql)
        });
        batches.collect()
    }

    /// The columns by which batches walk the table: those of a key that is there before and after.
    pub(super) fn key(&self, table: &ObjectName, changes: &[Change]) -> Vec<&'a Column> {
        let Some(live) = self.table(table) else { return Vec::new() };
        let primary = live.primary_key.iter().map(|key| &key.columns);
        let uniques = live.uniques.iter().map(|unique| &unique.columns);
        let is_kept = |column: &Column| {
            !column.nullable
                && !changes.iter().any(|change| match &change.what {
                    What::DropColumn(gone) => gone.name == column.name,
                    What::AlterColumn { to, .. } => to.name == column.name,
                    _ => false,
                })
        };
        let columns = |names: &orm_core::schema::List<Text>| -> Option<Vec<&'a Column>> {
            names.iter().map(|name| live.column(name).filter(|it| is_kept(it))).collect()
        };
        primary.chain(uniques).find_map(columns).unwrap_or_default()
    }

    /// Changes that write or lock the whole table: refused, unless that is allowed.
    pub(super) fn push_heavy(&mut self, mut step: Step) {
        let Some(table) = step.changes.first().map(|change| change.name.clone()) else { return };
        step.reason = Some(if is_rewrite(&step) {
            format!("plain: nobody can read or write {table} meanwhile")
        } else {
            format!("plain: there is no other for it on {table}")
        });
        if !self.strategy.allow_rewrite {
            for change in step.changes.clone() {
                let is_rewrite =
                    cost(&change, &self.known).is_some_and(|cost| cost.kind == CostKind::Rewrite);
                if is_rewrite {
                    let sentence = format!("{change}: it writes the big table {table} anew");
                    self.refuse(&change, sentence);
                } else if self.builds_indexes(&change) {
                    let sentence = format!(
                        "{change}: it builds indexes of the big table {table} again, while nobody can read or write it"
                    );
                    self.refuse(&change, sentence);
                }
            }
        }
        self.done.push(step);
    }

    pub(super) fn heavy(&self, changes: Vec<Change>) -> Step {
        let mut step = altering(changes, &self.known);
        type_change_scans::reads(&mut step, &self.kept, &self.known);
        step
    }

    fn builds_indexes(&self, change: &Change) -> bool {
        match &change.what {
            What::AlterColumn { from, to } => !self.kept.indexes(&change.name, from, to).is_empty(),
            _ => false,
        }
    }

    fn refuse(&mut self, change: &Change, sentence: String) {
        let expansion = match &change.what {
            What::AlterColumn { from, to } => {
                Some(self.expansion(&change.name, from, to, "online: it is big"))
            }
            _ => None,
        };
        let (why, instead) = match expansion {
            None => (String::new(), None),
            Some(Err(why)) => (format!("; --expand cannot help: {why}"), None),
            Some(Ok(Expansion { before, swap, after })) => {
                let steps = before.into_iter().chain([swap]).chain(after).collect();
                (String::new(), Some(Plan { steps }.up_sql()))
            }
        };
        self.refused.push(Refused { sentence: format!("{sentence}{why}"), instead });
    }

    /// Spells out those changes that can be, and gives the others back.
    fn expand(
        &mut self,
        heavy: Vec<Change>,
        drops: &mut Vec<Change>,
        said: &[Hazard],
        reason: &str,
    ) -> Vec<Change> {
        let mut left = Vec::new();
        for change in heavy {
            let What::AlterColumn { from, to } = &change.what else {
                left.push(change);
                continue;
            };
            let Ok(expansion) = self.expansion(&change.name, from, to, reason) else {
                left.push(change);
                continue;
            };
            // What goes anyway goes before: else it would be gone with the old column.
            if !drops.is_empty() {
                self.done.push(altering(take(drops), &self.known));
            }
            let place = self.place_before(&change.name);
            let Expansion { before, mut swap, after } = expansion;
            let stays = |hazard: &&Hazard| hazard.kind != HazardKind::DataLoss;
            swap.hazards = that_stay(said.iter().filter(stays).cloned().collect());
            self.done.splice(place..place, before);
            self.done.push(swap);
            self.done.extend(after);
        }
        left
    }
}

/// The part that goes.
fn dropped(change: &Change) -> Option<&Part> {
    match &change.what {
        What::Drop(part) => Some(part),
        _ => None,
    }
}

impl AlterParts {
    fn made_quick(&mut self, table: &ObjectName, changes: &[Change], reason: &str) -> Step {
        let mut statements = Vec::new();
        if !self.quick.is_empty() {
            statements.push(alter::table(table, &take(&mut self.quick)));
        }
        statements.append(&mut self.then);
        let made = OnlineSteps {
            table,
            statements,
            mode: TransactionMode::Transaction,
            lock: LockMode::AccessExclusive,
            cost: None,
        };
        made.step(changes.to_vec(), None, reason)
    }
}
