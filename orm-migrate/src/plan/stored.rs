//! [`Stored`]: what the server stores of a function's results, and the steps that compute it again. PostgreSQL computes
//! nothing again when a body is replaced: from then on an index and its table may give different rows.

use super::cost::{Cost, CostKind};
use super::hazard::{Hazard, HazardKind};
use super::order::{columns_of, is_above};
use super::restore_metadata;
use super::step::{Lock, LockMode, Step, TransactionMode};
use super::strategy::{Choice, Strategy};
use super::table_rewrite::RewriteContext;
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::backfill::Backfill;
use crate::ddl::{computed, object, online};
use crate::diff::mentions;
use orm_core::schema::{
    Check, Column, Function, IdentityKind, IndexKey, Object, Schema, Table, Text, View,
};
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// Something that the server stores of the results of a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// What it is.
    pub kind: StoredKind,
    /// The table, materialized view or domain.
    pub of: ObjectName,
    /// The index, column or check; empty where it is all of it.
    pub part: String,
}

/// What is stored, in the order in which it is computed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoredKind {
    /// The rows of a partitioned table are where its key places them.
    PartitionKey,
    /// An index, also one of a constraint.
    Index {
        /// Whether it is one of a partitioned table.
        is_partitioned: bool,
        /// Whether it belongs to an exclusion constraint.
        is_exclusion: bool,
    },
    /// A stored generated column.
    Column {
        /// Whether it is one of a partitioned table.
        is_partitioned: bool,
    },
    /// A check that the rows of a table satisfied.
    Check,
    /// A check that the values of a domain satisfied.
    DomainCheck,
    /// The rows of a materialized view.
    View,
}

impl Stored {
    /// What it means that the function is replaced and nothing else is done.
    pub fn hazard(&self, function: &Change) -> Hazard {
        let by = match &function.what {
            What::AddObject(it) | What::AlterObject { to: it, .. } => object::name(it),
            _ => function.name.to_string(),
        };
        let (of, part) = (&self.of, Ident(&self.part));
        let sentence = match self.kind {
            StoredKind::PartitionKey => format!(
                "the rows of table {of} are in the partitions that the old body of function {by} chose, and queries look for them where the new one places them; PostgreSQL does not move them: make a table of another name, and move the rows"
            ),
            StoredKind::Index { .. } => format!(
                "index {part} of {of} stores what the old body of function {by} computed: queries that use the index and queries that read the table give different rows"
            ),
            StoredKind::Column { .. } => format!(
                "column {part} of table {of} stores what the old body of function {by} computed, until each row is updated"
            ),
            StoredKind::Check => format!(
                "the rows of table {of} satisfied check {part} by the old body of function {by}, and are not checked again"
            ),
            StoredKind::DomainCheck => format!(
                "the values of domain {of} satisfied check {part} by the old body of function {by}, and are not checked again"
            ),
            StoredKind::View => format!(
                "materialized view {of} stores what the old body of function {by} computed, until it is refreshed"
            ),
        };
        Hazard { kind: HazardKind::Meaning, sentence }
    }

    /// The same under the name that it has after these changes; `None` where they drop it.
    fn after(&self, changes: &[Change]) -> Option<Self> {
        let mut stored = self.clone();
        for change in changes.iter().filter(|it| it.name == self.of) {
            match &change.what {
                What::DropTable(_) | What::DropObject(_) => return None,
                What::Drop(part) if part.name() == self.part => return None,
                What::DropColumn(column) if column.name == self.part => return None,
                What::Rename { part, to } if part.name() == self.part => {
                    stored.part = to.to_string();
                }
                _ => {}
            }
        }
        Some(stored)
    }
}

/// Whether the function has another result for the same arguments: all but its cost and the like differs.
pub(crate) fn is_computed_otherwise(from: &Function, to: &Function) -> bool {
    computes(from) != computes(to)
}

/// The definition without what only the planner reads. The lines are those that `pg_get_functiondef` writes.
fn computes(it: &Function) -> Vec<String> {
    const PLANNED: [&str; 10] = [
        "WINDOW",
        "IMMUTABLE",
        "STABLE",
        "VOLATILE",
        "STRICT",
        "SECURITY",
        "LEAKPROOF",
        "PARALLEL",
        "COST",
        "ROWS",
    ];
    let mut in_head = true;
    let lines = it.definition.trim().lines().map(|line| {
        // The body begins in the first column.
        in_head &= !["AS ", "BEGIN", "RETURN "].iter().any(|it| line.starts_with(it));
        let first = line.split_whitespace().next().unwrap_or_default();
        match in_head && PLANNED.contains(&first) {
            true if line.split_whitespace().any(|it| it == "STRICT") => "STRICT".to_owned(),
            true => String::new(),
            false => line.to_owned(),
        }
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// What of it is still there after these changes, under the names before and after them.
pub(super) fn that_stays(stored: &[Stored], changes: &[Change]) -> Vec<(Stored, Stored)> {
    let all: BTreeSet<&Stored> = stored.iter().collect();
    let mut stays: Vec<(Stored, Stored)> =
        all.into_iter().filter_map(|it| Some((it.clone(), it.after(changes)?))).collect();
    // Views in the order in which they were found: one may read another one.
    let place = |it: &Stored| match it.kind {
        StoredKind::View => stored.iter().position(|other| other == it),
        _ => None,
    };
    stays.sort_by_key(|(it, _)| place(it));
    stays
}

/// The steps that compute again what is stored, in the form that the size of its table asks for; and what of it cannot
/// be computed again. `to` is the schema after all other steps.
pub(super) fn recomputed<'a>(
    stored: impl Iterator<Item = &'a Stored>,
    strategy: &Strategy,
    to: &Schema,
) -> (Vec<Step>, Vec<Stored>) {
    let mut work = StoredWork { strategy, to, steps: Vec::new(), batches: FIRST_BATCH };
    let left = stored.filter(|it| work.push(it).is_none()).cloned().collect();
    (work.steps, left)
}

/// More than a migration has batches of other kinds.
const FIRST_BATCH: usize = 1_000;

struct StoredWork<'a> {
    strategy: &'a Strategy,
    to: &'a Schema,
    steps: Vec<Step>,
    batches: usize,
}

impl<'a> StoredWork<'a> {
    /// `None` where there is no statement for it.
    fn push(&mut self, it: &Stored) -> Option<()> {
        let is_online = matches!(self.strategy.choice(&it.of), Choice::Online(_));
        match it.kind {
            StoredKind::PartitionKey => None,
            StoredKind::Index { is_partitioned, is_exclusion } => {
                self.index(it, is_online && !is_exclusion, is_partitioned)
            }
            StoredKind::Column { .. } => self.column(it, is_online),
            StoredKind::Check => self.check(it, is_online),
            StoredKind::DomainCheck => self.domain_check(it),
            StoredKind::View => self.view(it, is_online),
        }
    }

    fn table(&self, name: &ObjectName) -> Option<&'a Table> {
        self.to.table(&name.schema, &name.name)
    }

    fn index(&mut self, it: &Stored, concurrently: bool, is_partitioned: bool) -> Option<()> {
        let (table, name) = (&it.of, Ident(&it.part));
        let lock = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
        let mut step = self.step(
            format!("build index {name} of {table} again"),
            vec![computed::reindex(table, &it.part, concurrently)],
            Some((table, lock, CostKind::IndexBuild)),
        );
        // PostgreSQL builds that of a partitioned table partition by partition, each in a transaction.
        if concurrently || is_partitioned {
            step.mode = TransactionMode::Autocommit;
        }
        if self.is_unique(it) {
            let sentence = format!("it fails if rows of {table} have the same key in index {name}");
            step.hazards.push(Hazard { kind: HazardKind::FailsOnExistingRows, sentence });
        }
        if !concurrently {
            let sentence = format!(
                "no session can write {table} or read it by index {name} while the index is built"
            );
            step.hazards.push(Hazard { kind: HazardKind::BlocksWrites, sentence });
        }
        self.steps.push(step);
        Some(())
    }

    fn is_unique(&self, it: &Stored) -> bool {
        self.table(&it.of).into_iter().flat_map(Part::all).any(|part| {
            part.name() == it.part
                && match part {
                    Part::Index(index) => index.unique,
                    Part::Exclusion(_) | Part::Unique(_) | Part::PrimaryKey(_) => true,
                    _ => false,
                }
        })
    }

    fn column(&mut self, it: &Stored, is_online: bool) -> Option<()> {
        let table = self.table(&it.of)?;
        let column = table.column(&it.part)?;
        let expression = column.generated.as_ref()?.expression.to_string();
        let is_base = |base: &&Column| {
            let is_set = !matches!(&base.identity, Some(it) if it.kind == IdentityKind::Always);
            base.generated.is_none() && is_set && mentions(&expression, &base.name)
        };
        let base = table.columns.iter().find(is_base)?;
        let stale = computed::is_stale(column, &expression);
        let title =
            format!("compute column {} of {} again where it differs", Ident(&it.part), it.of);
        if !is_online {
            let statements = vec![computed::recompute(&it.of, &base.name, &stale)];
            let cost = Some((&it.of, LockMode::RowExclusive, CostKind::Update));
            let step = self.step(title, statements, cost);
            self.steps.push(step);
            return Some(());
        }
        let key = key(table);
        for of in self.walked(table, key.is_empty()) {
            self.batches += 1;
            let batch = Backfill {
                table: &of,
                column: &base.name,
                value: &format!("target.{}", Ident(&base.name)),
                lacking: &stale,
                key: &key,
                number: self.batches,
            };
            let cost = Some((&of, LockMode::RowExclusive, CostKind::Batches));
            let step = self.step(title.clone(), vec![batch.sql()], cost);
            self.steps.push(Step { mode: TransactionMode::Autocommit, repeats: true, ..step });
        }
        Some(())
    }

    /// The tables that batches walk: a row has its place in its own partition only.
    fn walked(&self, table: &Table, by_place: bool) -> Vec<ObjectName> {
        let name = ObjectName::of(table);
        if !by_place || table.partition_by.is_none() {
            return vec![name];
        }
        let leaves = self.to.tables.iter().filter(|it| it.partition_by.is_none());
        leaves.map(ObjectName::of).filter(|it| is_above(&name, it, self.to)).collect()
    }

    fn check(&mut self, it: &Stored, is_online: bool) -> Option<()> {
        let table = self.table(&it.of)?;
        let check = named(&table.checks, &it.part)?;
        let name = Ident(&it.part);
        let part = Part::Check(check.clone());
        let again = |what: What| Change { name: it.of.clone(), what };
        let changes = vec![again(What::Drop(part.clone())), again(What::Add(part.clone()))];
        let lock = Lock { table: it.of.clone(), mode: LockMode::AccessExclusive };
        let added = Check { not_valid: is_online, ..check.clone() };
        let statements = vec![computed::replace_check(&it.of, &added)];
        let mut step =
            Step::plain(changes.clone(), statements, vec![lock], &RewriteContext::default());
        if is_online {
            step.costs.clear();
            step.hazards.retain(|it| it.kind == HazardKind::FailsOnExistingRows);
            step.mode = TransactionMode::OwnTransaction;
        }
        self.steps.extend(restore_metadata::said_again(vec![step], &changes, self.to, self.to));
        if is_online {
            let mut step = self.step(
                format!("check {name} of {} for the rows that are there", it.of),
                vec![online::validate(&it.of, &it.part)],
                Some((&it.of, LockMode::ShareUpdateExclusive, CostKind::Scan)),
            );
            step.mode = TransactionMode::Autocommit;
            self.steps.push(step);
        }
        Some(())
    }

    fn domain_check(&mut self, it: &Stored) -> Option<()> {
        let Some(Object::Domain(domain)) = self.to.object(&it.of.schema, &it.of.name) else {
            return None;
        };
        let check = named(&domain.checks, &it.part)?;
        let names = BTreeSet::from([it.of.clone()]);
        let tables: BTreeSet<ObjectName> =
            columns_of(self.to, &names).map(|(_, of)| of.table).collect();
        let is_online =
            tables.iter().any(|it| matches!(self.strategy.choice(it), Choice::Online(_)));
        let added = Check { not_valid: is_online, ..check.clone() };
        let title = format!("add check {} of domain {} again", Ident(&it.part), it.of);
        let statements = computed::replace_domain_check(&it.of, &added).to_vec();
        let mut replace = self.step(title, statements, None);
        let mut validate = is_online.then(|| {
            let title = format!("check {} for the values that are there", Ident(&it.part));
            replace.mode = TransactionMode::OwnTransaction;
            let statement = computed::validate_domain_check(&it.of, &it.part);
            Step {
                mode: TransactionMode::OwnTransaction,
                ..self.step(title, vec![statement], None)
            }
        });
        let reads = validate.as_mut().unwrap_or(&mut replace);
        for table in tables {
            let fails = format!(
                "it fails if a value in {table} does not satisfy check {}",
                check.expression
            );
            let waits = format!("no session can write {table} while every row is checked");
            reads.hazards.push(Hazard { kind: HazardKind::FailsOnExistingRows, sentence: fails });
            reads.hazards.push(Hazard { kind: HazardKind::BlocksWrites, sentence: waits });
            reads.costs.push(Cost { table: table.clone(), kind: CostKind::Scan });
            reads.locks.push(Lock { table, mode: LockMode::Share });
        }
        self.steps.push(replace);
        self.steps.extend(validate);
        Some(())
    }

    fn view(&mut self, it: &Stored, is_online: bool) -> Option<()> {
        let Some(Object::View(view)) = self.to.object(&it.of.schema, &it.of.name) else {
            return None;
        };
        let concurrently = is_online && can_be_read_meanwhile(view);
        let lock = if concurrently { LockMode::Exclusive } else { LockMode::AccessExclusive };
        let mut step = self.step(
            format!("refresh materialized view {}", it.of),
            vec![computed::refresh(&it.of, concurrently)],
            Some((&it.of, lock, CostKind::Rewrite)),
        );
        if !concurrently {
            let sentence = format!("no session can read {} while its query runs", it.of);
            step.hazards.push(Hazard { kind: HazardKind::LongScan, sentence });
        }
        if is_online {
            step.mode = TransactionMode::OwnTransaction;
        }
        self.steps.push(step);
        Some(())
    }

    fn step(
        &self,
        title: String,
        statements: Vec<String>,
        on: Option<(&ObjectName, LockMode, CostKind)>,
    ) -> Step {
        let mut step = Step::plain(Vec::new(), statements, Vec::new(), &RewriteContext::default());
        step.title = Some(title);
        if let Some((table, mode, kind)) = on {
            step.locks.push(Lock { table: table.clone(), mode });
            step.costs.push(Cost { table: table.clone(), kind });
            step.reason = match self.strategy.choice(table) {
                Choice::Online(reason) => Some(reason),
                _ => None,
            };
        }
        step
    }
}

fn named<'a>(checks: &'a [Check], name: &str) -> Option<&'a Check> {
    checks.iter().find(|it| it.name.as_deref() == Some(name) && !it.not_valid)
}

/// The columns of a key of the table, by which batches walk it.
fn key(table: &Table) -> Vec<&Column> {
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let uniques = table.uniques.iter().map(|unique| &unique.columns);
    let columns = |names: &orm_core::schema::List<Text>| -> Option<Vec<&Column>> {
        names.iter().map(|name| table.column(name).filter(|it| !it.nullable)).collect()
    };
    primary.chain(uniques).find_map(columns).unwrap_or_default()
}

/// Whether `REFRESH .. CONCURRENTLY` works: it tells rows apart by a unique index of all of them.
fn can_be_read_meanwhile(view: &View) -> bool {
    view.indexes.iter().any(|index| {
        let is_column = |key: &IndexKey| matches!(key, IndexKey::Column(_));
        index.unique
            && index.predicate.is_none()
            && index.parts.iter().all(|part| is_column(&part.key))
    })
}
