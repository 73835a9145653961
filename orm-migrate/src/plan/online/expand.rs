//! A change of type that would write a big table anew, spelled out: a second column is added and kept in step by a
//! trigger (expand), filled in batches, given the indexes and constraints of the first, and put in its place in a moment
//! (contract).

use super::{OnlineSteps, OnlineWork};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::backfill::Backfill;
use crate::ddl::cast::converted;
use crate::ddl::serial::{self, is_serial, stored_type};
use crate::ddl::time_zone::in_utc;
use crate::ddl::{alter, expand, online};
use crate::plan::order::mentions;
use crate::plan::step::{Step, TransactionMode};
use crate::plan::table_rewrite::is_rewritten_by_type;
use crate::plan::type_change_scans::is_named_in_text;
use crate::plan::{CostKind, LockMode};
use orm_core::schema::names::implied;
use orm_core::schema::{Column, ColumnSequence, Index, IndexKey};
use orm_core::sql::ident::Ident;

/// The steps of one column.
#[derive(Debug)]
pub(super) struct Expansion {
    /// What can be done long before: nobody sees it.
    pub(super) before: Vec<Step>,
    /// The moment in which the new column takes the old one's place.
    pub(super) swap: Step,
    /// What needs the column under its name.
    pub(super) after: Vec<Step>,
}

/// What else stands on the column, and when it is made for the new one.
#[derive(Default)]
struct ExpandParts {
    /// Indexes of constraints, under names for a while.
    keys: Vec<(Part, Index)>,
    indexes: Vec<(Index, Index)>,
    /// Their text names the column, so that they wait for it.
    checks: Vec<Part>,
    late: Vec<Index>,
}

impl OnlineWork<'_> {
    /// The steps, or why there are none.
    pub(super) fn expansion(
        &mut self,
        table: &ObjectName,
        from: &Column,
        to: &Column,
        reason: &str,
    ) -> Result<Expansion, String> {
        if self.is_partitioned(table) {
            return Err("the table is partitioned".to_owned());
        }
        if from.generated.is_some() || to.generated.is_some() {
            return Err("the column is generated".to_owned());
        }
        if is_serial(from) != is_serial(to) || from.identity.is_some() != to.identity.is_some() {
            return Err(
                "the column's sequence changes too: do that in a migration of its own".to_owned()
            );
        }
        let new = implied(&to.name, &[], "orm_new");
        let parts = self.parts_on(table, to, &new)?;
        Ok(self.expanded(table, from, to, &new, parts, reason))
    }

    /// What stays on the column, under its names after the migration.
    fn parts_on(
        &self,
        table: &ObjectName,
        column: &Column,
        new: &str,
    ) -> Result<ExpandParts, String> {
        let mut parts = ExpandParts::default();
        let Some(declared) = self.to.table(&table.schema, &table.name) else { return Ok(parts) };
        let others: Vec<&Column> = (self.changes.iter())
            .filter(|change| change.name == *table)
            .filter_map(|change| match &change.what {
                What::AlterColumn { from, to } if is_rewritten_by_type(from, to, &self.known) => {
                    Some(to)
                }
                _ => None,
            })
            .filter(|other| other.name != column.name)
            .collect();
        for part in Part::all(declared).filter(|part| mentions(part, column)) {
            let is_added = |change: &Change| {
                change.name == *table
                    && matches!(&change.what, What::Add(it) if it.name() == part.name())
            };
            // It has steps of its own.
            if self.changes.iter().any(is_added) {
                continue;
            }
            if others.iter().any(|other| mentions(&part, other)) {
                return Err(format!(
                    "{} {} has several columns that change: change one in each migration",
                    part.kind(),
                    Ident(part.name())
                ));
            }
            let temporary = implied(part.name(), &[], "orm_new");
            match &part {
                Part::PrimaryKey(_) | Part::Unique(_) => {
                    let Some(index) = online::index_of(&part, &temporary) else { continue };
                    parts.keys.push((part.clone(), on_column(&index, column, new)));
                }
                Part::Index(index) if is_named_in_text(index, column) => {
                    parts.late.push(index.clone())
                }
                Part::Index(index) => {
                    let other = Index { name: Some(temporary.into()), ..index.clone() };
                    parts.indexes.push((index.clone(), on_column(&other, column, new)));
                }
                Part::Check(_) => parts.checks.push(part),
                _ => {
                    return Err(format!(
                        "{} {} stands on the column",
                        part.kind(),
                        Ident(part.name())
                    ));
                }
            }
        }
        Ok(parts)
    }

    fn expanded(
        &mut self,
        table: &ObjectName,
        from: &Column,
        to: &Column,
        new: &str,
        parts: ExpandParts,
        reason: &str,
    ) -> Expansion {
        let made = |statements: Vec<String>,
                    mode: TransactionMode,
                    lock: LockMode,
                    cost: Option<CostKind>| {
            OnlineSteps { table, statements, mode, lock, cost }
        };
        let moment = |statements| {
            made(statements, TransactionMode::Transaction, LockMode::AccessExclusive, None)
        };
        let weak = |statement: String, cost| {
            made(
                vec![statement],
                TransactionMode::Autocommit,
                LockMode::ShareUpdateExclusive,
                Some(cost),
            )
        };
        let (old_type, new_type) = (stored_type(&from.data_type), stored_type(&to.data_type));
        let (name, types) = (Ident(&to.name), self.known.types());
        let value = |row: &str| {
            let value = format!("{row}.{name}");
            in_utc(&value, old_type, new_type)
                .or_else(|| converted(&value, old_type, new_type, types))
                .unwrap_or(value)
        };
        let function = implied(&table.name, &[&to.name], "orm_sync");
        // Triggers run by their names: after those that may still change the old column.
        let trigger = implied("zz", &[&table.name, &to.name], "orm_sync");
        let beside = Column {
            name: new.to_owned().into(),
            data_type: new_type.to_owned().into(),
            nullable: true,
            default: None,
            identity: None,
            comment: None,
            sequence: ColumnSequence::DEFAULT,
            ..to.clone()
        };
        let title = |text: String| Some(text);

        let mut statements = vec![alter::table(table, &[alter::add_column(table, &beside)])];
        statements.extend(expand::keep_in_step(table, &function, &trigger, new, &value("NEW")));
        let mut before = vec![moment(statements).step(
            Vec::new(),
            title(format!("expand: {} beside {name}, kept in step by a trigger", Ident(new))),
            reason,
        )];
        self.backfills += 1;
        // All columns are still what they were.
        let key = self.key(table, &[]);
        let fill = Backfill {
            table,
            column: new,
            value: &value("target"),
            lacking: &format!("{} IS NULL AND {name} IS NOT NULL", Ident(new)),
            key: &key,
            number: self.backfills,
        };
        let fill = made(
            vec![fill.sql()],
            TransactionMode::Autocommit,
            LockMode::RowExclusive,
            Some(CostKind::Batches),
        );
        before.push(fill.step(
            Vec::new(),
            title(format!("fill {} in batches", Ident(new))),
            reason,
        ));

        let mut swap = Vec::new();
        if !to.nullable {
            let helper = implied(&table.name, &[&to.name], "orm_not_null");
            let add = alter::table(table, &[online::add_not_null_check(&helper, new)]);
            before.push(moment(vec![add]).step(
                Vec::new(),
                title(format!("no NULL in {} from now on", Ident(new))),
                reason,
            ));
            let text = title(format!("check {} for the rows that are there", Ident(&helper)));
            before.push(weak(online::validate(table, &helper), CostKind::Scan).step(
                Vec::new(),
                text,
                reason,
            ));
            swap.push(alter::table(table, &[alter::set_not_null(new)]));
            swap.push(alter::table(table, &[alter::drop_constraint(&helper)]));
        }
        let built = parts.keys.iter().map(|(_, index)| index);
        for index in built.chain(parts.indexes.iter().map(|(_, index)| index)) {
            let text = title(format!(
                "build {} on {}",
                Ident(index.name.as_deref().unwrap_or_default()),
                Ident(new)
            ));
            before.push(weak(online::create_index(table, index), CostKind::IndexBuild).step(
                Vec::new(),
                text,
                reason,
            ));
        }

        swap.extend(expand::no_longer_in_step(table, &function, &trigger));
        let next = Column { name: new.to_owned().into(), ..to.clone() };
        if is_serial(to) {
            swap.push(expand::take_over_serial(table, &from.name, new, new_type));
        } else if to.identity.is_some() {
            swap.extend(expand::take_over_identity(table, from, &next));
        } else if let Some(default) = &to.default {
            swap.push(alter::table(table, &[online::set_default(new, default)]));
        }
        swap.push(alter::table(table, &[alter::drop_column(&from.name)]));
        swap.push(alter::table(table, &[online::rename_column(new, &to.name)]));
        if to.identity.is_some() {
            let sequence = serial::sequence_of(table, to).unwrap_or_else(|| table.clone());
            swap.push(expand::rename_sequence(table, &to.name, &sequence.name));
        }
        let keys = parts.keys.iter().filter_map(|(part, index)| {
            online::add_using_index(part, index.name.as_deref().unwrap_or_default())
        });
        let checks = parts.checks.iter().map(online::add_not_valid);
        let commands: Vec<String> = keys.chain(checks).collect();
        if !commands.is_empty() {
            swap.push(alter::table(table, &commands));
        }
        for (index, temporary) in &parts.indexes {
            let names = [temporary, index].map(|it| it.name.as_deref().unwrap_or_default());
            swap.push(online::rename_index(table, names[0], names[1]));
        }
        if to.comment.is_some() {
            swap.push(alter::comment_column(table, &to.name, to.comment.as_ref()));
        }
        let change = Change {
            name: table.clone(),
            what: What::AlterColumn { from: from.clone(), to: to.clone() },
        };
        let text = format!(
            "contract: {} takes the place of {name}; rights on the column alone are not taken over",
            Ident(new)
        );
        let swap = moment(swap).step(vec![change], title(text), reason);

        let mut after = Vec::new();
        for check in parts.checks.iter().filter(|part| !is_not_valid(part)) {
            let text = title(format!("check {} for the rows that are there", Ident(check.name())));
            after.push(weak(online::validate(table, check.name()), CostKind::Scan).step(
                Vec::new(),
                text,
                reason,
            ));
        }
        for index in &parts.late {
            let text =
                title(format!("build {} again", Ident(index.name.as_deref().unwrap_or_default())));
            after.push(weak(online::create_index(table, index), CostKind::IndexBuild).step(
                Vec::new(),
                text,
                reason,
            ));
        }
        let text = title(format!("statistics of {name}"));
        after.push(weak(expand::analyze(table, &to.name), CostKind::Sample).step(
            Vec::new(),
            text,
            reason,
        ));
        Expansion { before, swap, after }
    }

    /// Where the first steps of an expansion go: in front of what must step aside for the change, so that it is missed
    /// for a moment only; unless a type is made in between, which the new column may need.
    pub(super) fn place_before(&self, table: &ObjectName) -> usize {
        let steps_aside = |change: &Change| match &change.what {
            What::Drop(Part::ForeignKey(key)) => {
                change.name == *table
                    || key.references_schema == table.schema && key.references_table == table.name
            }
            What::Drop(Part::Trigger(_) | Part::Policy(_) | Part::Index(_)) => {
                change.name == *table
            }
            What::DropObject(_) => true,
            _ => false,
        };
        let end = self.done.len();
        let first = self.done.iter().position(|step| step.changes.iter().any(steps_aside));
        let made = self.done.iter().rposition(|step| {
            step.changes
                .iter()
                .any(|change| matches!(change.what, What::AddObject(_) | What::AlterObject { .. }))
        });
        match (first, made) {
            (Some(first), Some(made)) if made >= first => end,
            (Some(first), _) => first,
            (None, _) => end,
        }
    }
}

fn is_not_valid(part: &Part) -> bool {
    matches!(part, Part::Check(check) if check.not_valid)
}

/// The index on the new column instead of the old one.
fn on_column(index: &Index, old: &Column, new: &str) -> Index {
    let mut index = index.clone();
    for part in index.parts.to_mut() {
        match &mut part.key {
            IndexKey::Column(name) if *name == old.name => *name = new.to_owned().into(),
            _ => {}
        }
    }
    for name in index.include.to_mut() {
        if *name == old.name {
            *name = new.to_owned().into();
        }
    }
    index
}
