//! [`Step`]: the unit that runs, with its statements, locks and hazards.

use super::alter::{is_subcommand, subcommands};
use super::cost::{Cost, cost};
use super::hazard::{Hazard, hazards};
use super::objects;
use super::order;
use super::table_rewrite::RewriteContext;
use super::type_change_scans::{self, RevalidatedParts};
use super::{part, partition, restore_metadata};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::{self, alter, serial, time_zone};
use orm_core::schema::{DEFAULT_SCHEMA, ForeignKey, Object, Schema};
use std::collections::BTreeSet;
use std::fmt;

/// What runs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it changes.
    pub changes: Vec<Change>,
    /// What it does, where its changes do not say that.
    pub title: Option<String>,
    /// The SQL, without the closing semicolons.
    pub statements: Vec<String>,
    /// The locks it takes on tables that exist.
    pub locks: Vec<Lock>,
    /// What it may do.
    pub hazards: Vec<Hazard>,
    /// What it reads or writes of tables that exist.
    pub costs: Vec<Cost>,
    /// How its statements run.
    pub mode: TransactionMode,
    /// Whether its last statement is run again until it changes no row.
    pub repeats: bool,
    /// Why it has this form, where there is another one.
    pub reason: Option<String>,
}

/// How the statements of a step run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransactionMode {
    /// In one transaction, together with the steps before and after it that run so too.
    #[default]
    Transaction,
    /// In a transaction that no other step is part of: it holds a lock for which people would wait.
    OwnTransaction,
    /// In a new transaction, which the steps after it go on: together they are a moment.
    NewTransaction,
    /// Each for itself, outside any transaction.
    Autocommit,
}

/// A lock on a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    /// The table.
    pub table: ObjectName,
    /// How strong.
    pub mode: LockMode,
}

/// The modes that migrations take (manual, section 13.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// Others may read and write.
    RowShare,
    /// Others may read and write, if not the same rows.
    RowExclusive,
    /// Others may read and write.
    ShareUpdateExclusive,
    /// Others may read.
    Share,
    /// Others may read.
    ShareRowExclusive,
    /// Others may read.
    Exclusive,
    /// Others must wait.
    AccessExclusive,
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

impl LockMode {
    /// What others may still do, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::RowShare | Self::ShareUpdateExclusive => "others may read and write",
            Self::RowExclusive => "others may read, and write other rows",
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => "others may read, not write",
            Self::AccessExclusive => "others must wait",
        }
    }
}

impl TransactionMode {
    /// The word that begins its segment of the file, where one begins.
    pub(super) fn begins_segment(self, before: Self, is_first: bool) -> Option<&'static str> {
        match (self, before) {
            (Self::Autocommit, Self::Autocommit) => None,
            (Self::Autocommit, _) => Some("autocommit"),
            (Self::Transaction, Self::Transaction | Self::NewTransaction) => None,
            (Self::Transaction, _) => Some("transaction"),
            (Self::OwnTransaction | Self::NewTransaction, _) => {
                (!is_first).then_some("transaction")
            }
        }
    }
}

impl Step {
    /// A step that runs with its neighbours in one transaction, in the plain form.
    pub(super) fn plain(
        changes: Vec<Change>,
        statements: Vec<String>,
        locks: Vec<Lock>,
        known: &RewriteContext,
    ) -> Self {
        Self {
            hazards: changes.iter().flat_map(|it| hazards(it, known)).collect(),
            costs: changes.iter().filter_map(|it| cost(it, known)).collect(),
            changes,
            title: None,
            statements,
            locks,
            mode: TransactionMode::Transaction,
            repeats: false,
            reason: None,
        }
    }

    /// Whether it adds values to an enum in a transaction of its own: that needs nothing else of the plan.
    pub(super) fn only_adds_values(&self) -> bool {
        self.mode == TransactionMode::OwnTransaction
            && self.changes.iter().all(|it| matches!(&it.what, What::AlterObject { to, .. } if matches!(**to, Object::Enum(_))))
    }

    /// What stands above the step in a migration.
    pub(super) fn comment(&self) -> Vec<String> {
        let changes = self.changes.iter().map(ToString::to_string);
        let locks = self.locks.iter().map(|it| format!("lock: {}", self.describe_lock(it)));
        let others = once(self.object_locks().into_iter().map(|lock| format!("lock: {lock}")));
        let costs = once(self.costs.iter().map(|cost| format!("cost: {cost}")));
        let hazards = once(self.hazards.iter().map(|it| format!("hazard: {}", it.sentence)));
        let reason = self.reason.iter().map(|reason| format!("form: {reason}"));
        let lines = changes
            .chain(self.title.clone())
            .chain(locks)
            .chain(others)
            .chain(costs)
            .chain(hazards)
            .chain(reason);
        lines.map(|line| one_line(&line)).collect()
    }
}

/// What several changes of one table have in common is said once.
fn once(lines: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut said = BTreeSet::new();
    lines.filter(move |line| said.insert(line.clone()))
}

/// A text that cannot end the comment it stands in, whatever the names in it are.
pub(super) fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Sorted changes as steps: neighbouring `ALTER TABLE`s of one table become one.
pub(super) fn steps(changes: Vec<Change>, from: &Schema, to: &Schema) -> Vec<Step> {
    let known = RewriteContext::of(from, to);
    let retyped_parts = RevalidatedParts::of(from, &changes);
    let mut schemas: BTreeSet<String> =
        from.tables.iter().map(|table| table.schema.to_string()).collect();
    schemas.insert(DEFAULT_SCHEMA.to_owned());
    let is_namespace = |change: &&Change| matches!(&change.what, What::AddObject(it) if matches!(**it, Object::Namespace(_)));
    schemas.extend(changes.iter().filter(is_namespace).map(|change| change.name.schema.clone()));
    let names = order::rebuilt(&changes, from);
    let is_rebuilt = |change: &Change| {
        matches!(change.what, What::AlterObject { .. }) && names.contains(&change.name)
    };
    let members: Vec<Change> = changes.iter().filter(|it| is_rebuilt(it)).cloned().collect();
    let mut rebuilt = (!members.is_empty())
        .then(|| super::recreate_types::step(members, &names, &changes, from, to, &known));
    let of_objects: Vec<Option<Step>> =
        changes.iter().map(|change| objects::step(change, &changes, from, &known)).collect();
    let mut steps: Vec<Step> = Vec::new();
    let all = changes.clone();
    let comes = all.iter().filter(|change| matches!(change.what, What::AddTable(_)));
    let comes_again: BTreeSet<&ObjectName> = comes.map(|change| &change.name).collect();
    let mut altered: Vec<Change> = Vec::new();
    for (change, of_object) in changes.into_iter().zip(of_objects) {
        let is_rebuilt =
            matches!(change.what, What::AlterObject { .. }) && names.contains(&change.name);
        if is_rebuilt {
            if !altered.is_empty() {
                steps.push(altering(std::mem::take(&mut altered), &known));
            }
            // All of them at the place of the first.
            steps.extend(rebuilt.take());
            continue;
        }
        let alters = is_subcommand(&change);
        let goes_on = alters && altered.last().is_none_or(|last| last.name == change.name);
        if !goes_on && !altered.is_empty() {
            steps.push(altering(std::mem::take(&mut altered), &known));
        }
        if alters {
            altered.push(change);
        } else {
            steps.push(of_object.unwrap_or_else(|| alone(change, &mut schemas, &known)));
        }
    }
    if !altered.is_empty() {
        steps.push(altering(altered, &known));
    }
    // Those made so far: what comes again has been there, with rows.
    let mut created: BTreeSet<ObjectName> = BTreeSet::new();
    let mut gone: BTreeSet<ObjectName> = BTreeSet::new();
    for step in &mut steps {
        for change in &step.changes {
            match change.what {
                What::AddTable(_) => created.insert(change.name.clone()),
                What::DropTable(_) => gone.insert(change.name.clone()),
                _ => false,
            };
        }
        // The table that goes before another one of its name has rows, and people who wait.
        let goes = |it: &Change| matches!(it.what, What::DropTable(_));
        if step.changes.iter().any(|it| goes(it) && comes_again.contains(&it.name)) {
            super::hazard::say_that_it_is_made_anew(step);
        }
        // Nobody waits for a table that the same migration makes, and it has no rows.
        step.locks.retain(|lock| !created.contains(&lock.table));
        step.costs.retain(|cost| !created.contains(&cost.table));
        if step.changes.iter().all(|change| created.contains(&change.name)) {
            step.hazards.clear();
        }
        type_change_scans::reads(step, &retyped_parts, &known);
        partition::reads_the_rest(step, from, &gone);
        partition::joins_keys(step, from, to);
        partition::leaves_keys(step, from);
    }
    restore_metadata::said_again(steps, &all, from, to)
}

pub(super) fn altering(changes: Vec<Change>, known: &RewriteContext) -> Step {
    let kept = known.sequences();
    let (mut make, mut own) = (Vec::new(), Vec::new());
    let mut written_out = changes.clone();
    for Change { name, what } in &mut written_out {
        if let What::AddColumn(column) = what
            && let Some((bare, first, last)) = serial::written_out(name, column, kept)
        {
            *column = bare;
            make.extend(first);
            own.extend(last);
        }
    }
    let commands: Vec<String> =
        written_out.iter().flat_map(|change| subcommands(change, known.types())).collect();
    let table = changes.first().map(|change| change.name.clone());
    let comments = changes.iter().filter_map(|change| match &change.what {
        What::AddColumn(column) if column.comment.is_some() => {
            Some(alter::comment_column(&change.name, &column.name, column.comment.as_ref()))
        }
        What::AlterColumn { from, to } if from.comment != to.comment => {
            Some(alter::comment_column(&change.name, &to.name, to.comment.as_ref()))
        }
        _ => None,
    });
    let columns = || {
        changes.iter().filter_map(|change| match &change.what {
            What::AlterColumn { from, to } => Some((&change.name, from, to)),
            _ => None,
        })
    };
    let before = columns().flat_map(|(table, from, to)| serial::before(table, from, to, kept));
    let after = columns().flat_map(|(table, from, to)| serial::after(table, from, to, kept));
    // Where only the sequence changes, nothing is left for the table.
    let altering = table.iter().filter(|_| !commands.is_empty());
    let altering = altering.map(|table| alter::table(table, &commands));
    let types = || columns().map(|(_, from, to)| (from, to));
    let in_utc = time_zone::before(types());
    let statements = (make.into_iter().chain(before).chain(in_utc))
        .chain(altering)
        .chain(own)
        .chain(after)
        .chain(comments)
        .collect();
    let locks =
        table.into_iter().map(|table| Lock { table, mode: LockMode::AccessExclusive }).collect();
    Step::plain(changes, statements, locks, known)
}

fn alone(change: Change, schemas: &mut BTreeSet<String>, known: &RewriteContext) -> Step {
    if let Some((statements, locks)) = part::of(&change) {
        return Step::plain(vec![change], statements, locks, known);
    }
    let table = &change.name;
    let lock = |table: &ObjectName, mode| Lock { table: table.clone(), mode };
    let (statements, locks) = match &change.what {
        What::AddTable(it) => {
            let is_new = schemas.insert(table.schema.clone());
            let schema = is_new.then(|| ddl::create_schema(&table.schema));
            let mut written_out = (**it).clone();
            let (mut make, mut own) = (Vec::new(), Vec::new());
            for column in written_out.columns.to_mut() {
                let of = serial::written_out(table, column, known.sequences());
                if let Some((bare, first, last)) = of.filter(|_| it.partition_of.is_none()) {
                    *column = bare;
                    make.extend(first);
                    own.extend(last);
                }
            }
            let create = ddl::create_table(&table.qualified(), &written_out);
            let unchecked = ddl::unchecked(&table.qualified(), it);
            let indexes = it.indexes.iter().map(|index| alter::create_index(table, index));
            let comments = ddl::comments(it);
            (
                schema
                    .into_iter()
                    .chain(make)
                    .chain([create])
                    .chain(own)
                    .chain(unchecked)
                    .chain(indexes)
                    .chain(comments)
                    .collect(),
                // Whoever plans with the partitions must see one state of them.
                it.partition_of
                    .iter()
                    .map(|of| lock(&ObjectName::parent(of), LockMode::AccessExclusive))
                    .collect(),
            )
        }
        // Not what it references: its foreign keys go before, each in a step of its own.
        What::DropTable(_) => {
            (vec![alter::drop_table(table)], vec![lock(table, LockMode::AccessExclusive)])
        }
        What::Add(Part::ForeignKey(key)) => (
            vec![alter::table(table, &[alter::add(&Part::ForeignKey(key.clone()))])],
            both(table, &target(key), LockMode::ShareRowExclusive),
        ),
        What::Drop(part @ Part::ForeignKey(key)) => (
            vec![alter::table(table, &[alter::drop_constraint(part.name())])],
            both(table, &target(key), LockMode::AccessExclusive),
        ),
        What::Add(Part::Index(index)) => {
            (vec![alter::create_index(table, index)], vec![lock(table, LockMode::Share)])
        }
        What::Drop(part @ Part::Index(_)) => (
            vec![alter::drop_index(table, part.name())],
            vec![lock(table, LockMode::AccessExclusive)],
        ),
        What::Rename { part, to } => {
            // That of an index locks the index, and not its table.
            let mode = (!part.is_index()).then_some(LockMode::AccessExclusive);
            let locks = mode.map(|mode| lock(table, mode)).into_iter().collect();
            (vec![alter::rename(table, part, to)], locks)
        }
        What::Comment { to, .. } => (
            vec![alter::comment_table(table, to.as_ref())],
            vec![lock(table, LockMode::ShareUpdateExclusive)],
        ),
        What::Renamed(renaming) => {
            (ddl::rename::statements(table, renaming), super::rename::locks(table, renaming))
        }
        What::AddObject(_)
        | What::DropObject(_)
        | What::AlterObject { .. }
        | What::AddColumn(_)
        | What::DropColumn(_)
        | What::AlterColumn { .. }
        | What::Add(_)
        | What::Drop(_)
        | What::AlterPart { .. }
        | What::Storage { .. }
        | What::RowSecurity { .. }
        | What::Attach(_)
        | What::Detach(_) => {
            return altering_comment(change, known);
        }
    };
    Step::plain(vec![change], statements, locks, known)
}

/// A column of which only the comment changes.
fn altering_comment(change: Change, known: &RewriteContext) -> Step {
    let table = change.name.clone();
    let statements = match &change.what {
        What::AlterColumn { from, to } if from.comment != to.comment => {
            let mut statements = serial::before(&table, from, to, known.sequences());
            statements.push(alter::comment_column(&table, &to.name, to.comment.as_ref()));
            statements
        }
        What::AlterColumn { from, to } => {
            // The lock of a sequence is no lock on its table.
            let statements = serial::before(&table, from, to, known.sequences());
            return Step::plain(vec![change], statements, Vec::new(), known);
        }
        _ => Vec::new(),
    };
    let locks = vec![Lock { table, mode: LockMode::ShareUpdateExclusive }];
    Step::plain(vec![change], statements, locks, known)
}

pub(super) fn target(key: &ForeignKey) -> ObjectName {
    ObjectName { schema: key.references_schema.to_string(), name: key.references_table.to_string() }
}

fn both(table: &ObjectName, other: &ObjectName, mode: LockMode) -> Vec<Lock> {
    let mut locks = vec![Lock { table: table.clone(), mode }];
    if table != other {
        locks.push(Lock { table: other.clone(), mode });
    }
    locks
}
