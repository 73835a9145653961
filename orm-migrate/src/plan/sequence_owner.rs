//! Sequences that belong to a column: PostgreSQL drops them with it, and makes them its own when it is there. Their
//! owners, names and whether they are logged change in steps of their own.

use super::hazard::{Hazard, HazardKind};
use super::step::{Step, TransactionMode};
use super::table_rewrite::RewriteContext;
use crate::change::{Change, ObjectName, What};
use crate::ddl::{object, serial};
use orm_core::schema::{Column, Object, OwnedBy, Schema, Sequence, Table, Text};
use orm_core::sql::ident::Qualified;
use std::collections::BTreeSet;

/// The sequences that are there before and after, those of serial columns among them.
pub(super) fn kept(from: &Schema, to: &Schema) -> serial::SequenceDefault {
    let names = |schema: &Schema| -> BTreeSet<ObjectName> {
        sequences(schema).iter().map(|(it, _)| name(it)).collect()
    };
    // That of a serial column which stays one is no matter of anybody else's.
    let stays = |of: &ObjectName| {
        serials(from).any(|(table, column)| {
            serial::sequence_of(&ObjectName::of(table), column).as_ref() == Some(of)
                && to.table(&table.schema, &table.name).is_some_and(|now| {
                    now.column(&column.name).is_some_and(|now| {
                        serial::is_serial(now)
                            && serial::sequence_of(&ObjectName::of(table), now).as_ref() == Some(of)
                    })
                })
        })
    };
    let others = names(to);
    names(from).into_iter().filter(|it| others.contains(it) && !stays(it)).collect()
}

/// Adds the steps that free sequences first, and those that give them to columns last.
pub(super) fn say(steps: &mut Vec<Step>, from: &Schema, to: &Schema) {
    let (before, after) = (sequences(from), sequences(to));
    let find = |of: &Sequence| before.iter().find(|(it, _)| name(it) == name(of));
    let is_there_after = |of: &Sequence| after.iter().any(|(it, _)| name(it) == name(of));
    let freed: Vec<Sequence> = (before.iter())
        .filter(|(it, is_serial)| {
            it.owned_by.as_deref().is_some_and(|by| goes(by, steps))
                && (!is_serial || is_there_after(it))
        })
        .map(|(it, _)| it.clone())
        .collect();
    let mut first: Vec<Step> = (freed.iter())
        .map(|it| {
            let title = format!("sequence {} stays when its column goes", qualified(it));
            step(title, object::own(&it.schema, &it.name, None))
        })
        .collect();
    let mut last = Vec::new();
    for (it, is_serial) in &after {
        let live = find(it);
        // That of a new serial column is made with it.
        if live.is_none() && *is_serial {
            continue;
        }
        let freed_by = freed.iter().position(|freed| name(freed) == name(it));
        let is_freed = freed_by.is_some();
        let owner = live.and_then(|(live, _)| live.owned_by.clone()).filter(|_| !is_freed);
        let is_open = it.owned_by.is_none() && to.has_implied_owner(it);
        let wanted = match &it.owned_by {
            // None is declared: it is the one of before, if that is still there.
            None if is_open => {
                let live = live.and_then(|(live, _)| live.owned_by.clone());
                live.filter(|by| is_there(by, to) && !is_freed).or_else(|| owner.clone())
            }
            by => by.clone(),
        };
        // Where nothing else of it changes, this is the change.
        let only = |steps: &mut Vec<Step>| {
            let place = steps.iter().position(|step| {
                step.statements.is_empty() && step.changes.iter().any(|change| gives(change, it))
            })?;
            Some(steps.remove(place).changes)
        };
        if owner == wanted {
            if let Some(step) = freed_by.and_then(|place| first.get_mut(place))
                && let Some(changes) = only(steps)
            {
                (step.title, step.changes) = (None, changes);
            }
            continue;
        }
        let title = match &wanted {
            Some(by) => {
                let owner = Qualified(&by.schema, &by.table);
                format!("sequence {} belongs to a column of {owner}", qualified(it))
            }
            None => format!("sequence {} belongs to no column", qualified(it)),
        };
        let own = step(title, object::own(&it.schema, &it.name, wanted.as_deref()));
        last.push(match only(steps) {
            Some(changes) => Step { title: None, changes, ..own },
            None => own,
        });
    }
    steps.splice(0..0, first);
    steps.append(&mut last);
    log(steps, from, to);
}

/// A sequence of a column that has another name.
pub(super) struct Renamed {
    change: Change,
    schema: String,
    /// Its name before all.
    old: String,
    /// Its name now, which may be one in between.
    from: String,
    to: String,
}

/// Takes the new names of sequences that stay with their columns out of the changes, which then use these.
pub(super) fn renamed(changes: Vec<Change>) -> (Vec<Change>, Vec<Renamed>) {
    let mut found = Vec::new();
    let mut left = Vec::with_capacity(changes.len());
    for mut change in changes {
        let table = change.name.clone();
        if let What::AlterColumn { from, to } = &mut change.what {
            let kind = |it: &Column| (serial::is_serial(it), it.identity.is_some());
            let of = |it: &Column| serial::sequence_of(&table, it);
            let (old, new) = (of(from), of(to));
            if kind(from) == kind(to)
                && let (Some(old), Some(new)) = (old, new)
                && old != new
            {
                let before = from.clone();
                from.sequence.name = to.sequence.name.clone();
                let (after, is_done) = (from.clone(), from == to);
                let what = What::AlterColumn { from: before, to: after };
                let change = Change { name: table.clone(), what };
                let schema = table.schema.clone();
                let (from, to) = (old.name.clone(), new.name);
                found.push(Renamed { change, schema, old: old.name, from, to });
                if is_done {
                    continue;
                }
            }
        }
        left.push(change);
    }
    (left, found)
}

/// The schema in which these sequences have their new names.
pub(super) fn under_new_names(schema: &Schema, renamed: &[Renamed]) -> Schema {
    let mut schema = schema.clone();
    for it in renamed {
        let What::AlterColumn { to, .. } = &it.change.what else { continue };
        let tables = schema.tables.iter_mut();
        let columns = tables
            .filter(|table| ObjectName::of(table) == it.change.name)
            .flat_map(|table| table.columns.to_mut());
        for column in columns.filter(|column| column.name == to.name) {
            column.sequence.name = to.sequence.name.clone();
        }
    }
    schema
}

/// Adds the steps that give sequences their new names: first, or where something else has the name until then, last.
/// Two that exchange theirs have names in between.
pub(super) fn rename(steps: &mut Vec<Step>, mut waiting: Vec<Renamed>, from: &Schema, to: &Schema) {
    let relation = |schema: &Schema, of: &Renamed| {
        let tables = schema.tables.iter().filter(|it| it.schema == of.schema);
        let is_table = |it: &Table| {
            it.name == of.to || it.indexes.iter().any(|it| it.name.as_deref() == Some(&of.to))
        };
        tables.into_iter().any(is_table) || schema.object(&of.schema, &of.to).is_some()
    };
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while !waiting.is_empty() {
        let is_taken = |it: &Renamed| {
            waiting.iter().any(|other| other.schema == it.schema && other.from == it.to)
        };
        let place = waiting.iter().position(|it| !is_taken(it));
        let mut it = waiting.remove(place.unwrap_or(0));
        if place.is_none() {
            let between = format!("{}{}", crate::change::BETWEEN, first.len());
            let title =
                format!("sequence {} has a name in between", Qualified(&it.schema, &it.from));
            first.push(step(title, serial::rename(&it.schema, &it.from, &between)));
            it.from = between;
            waiting.push(it);
            continue;
        }
        let made = Step {
            title: None,
            changes: vec![it.change.clone()],
            hazards: vec![Hazard {
                kind: HazardKind::OldName,
                sentence: format!(
                    "programs that run meanwhile and still say sequence {} fail from then on",
                    Qualified(&it.schema, &it.old)
                ),
            }],
            ..step(String::new(), serial::rename(&it.schema, &it.from, &it.to))
        };
        let is_occupied = relation(from, &it) && !relation(to, &it);
        if is_occupied { last.push(made) } else { first.push(made) }
    }
    steps.splice(0..0, first);
    steps.extend(last);
}

/// Adds the steps that make sequences logged and unlogged: those of a table follow it, and a new one is logged.
fn log(steps: &mut Vec<Step>, from: &Schema, to: &Schema) {
    let mut last = Vec::new();
    let follows = |table: &ObjectName, steps: &[Step]| {
        steps.iter().flat_map(|step| &step.changes).any(|change| {
            change.name == *table
                && matches!(&change.what, What::Storage { from, to } if from.unlogged != to.unlogged)
        })
    };
    for table in &to.tables {
        let name = ObjectName::of(table);
        let live = from.table(&table.schema, &table.name);
        let is_dropped = steps
            .iter()
            .flat_map(|step| &step.changes)
            .any(|it| it.name == name && matches!(it.what, What::DropTable(_)));
        let live = live.filter(|_| !is_dropped);
        for column in table.columns.iter().filter(|_| table.partition_of.is_none()) {
            let Some(sequence) = serial::sequence_of(&name, column) else { continue };
            let before = live.and_then(|it| it.column(&column.name));
            let is_created = is_created(&sequence, steps);
            let wanted = column.sequence.logged.map_or(table.unlogged, |logged| !logged);
            let has = match before {
                // `CREATE SEQUENCE` makes it logged, whatever its table is.
                _ if is_created => false,
                Some(before)
                    if serial::sequence_of(&name, before).is_some()
                        && !follows(&name, steps)
                        && live.is_some_and(|it| it.unlogged == table.unlogged) =>
                {
                    before.sequence.logged.map_or(table.unlogged, |logged| !logged)
                }
                _ => table.unlogged,
            };
            if has != wanted {
                // Only from PostgreSQL 15 on the sequence itself has it.
                let sql = match column.sequence.logged {
                    Some(logged) => serial::set_logged(&sequence, logged),
                    None => serial::set_logged_from_15(&sequence, !wanted),
                };
                last.push(logged(steps, &name, &sequence, (!wanted, sql), Some(&column.name)));
            }
        }
    }
    for (it, _) in sequences(to).iter().filter(|(_, is_serial)| !is_serial) {
        let live = sequences(from).into_iter().find(|(live, _)| name(live) == name(it));
        let owner = |it: &Sequence| {
            it.owned_by
                .as_deref()
                .map(|by| ObjectName { schema: by.schema.to_string(), name: by.table.to_string() })
        };
        let has = match &live {
            Some((live, _)) => match owner(live).filter(|table| follows(table, steps)) {
                Some(table) => to.table(&table.schema, &table.name).is_some_and(|it| it.unlogged),
                None => live.unlogged,
            },
            None => it.unlogged,
        };
        if has != it.unlogged {
            // Before PostgreSQL 15 it did not follow its table.
            let sql = match it.unlogged {
                true => serial::set_logged(&name(it), false),
                false => serial::set_logged_from_15(&name(it), true),
            };
            last.push(logged(steps, &name(it), &name(it), (!it.unlogged, sql), None));
        }
    }
    steps.append(&mut last);
    // The table has done it already.
    let is_done = |step: &Step| {
        step.statements.is_empty()
            && step.changes.iter().all(|it| {
                matches!(&it.what, What::AlterColumn { from, to } if from.sequence != to.sequence)
            })
    };
    steps.retain(|step| step.changes.is_empty() || !is_done(step));
}

/// Whether a statement of the plan makes the sequence by itself.
fn is_created(sequence: &ObjectName, steps: &[Step]) -> bool {
    steps.iter().flat_map(|step| &step.statements).any(|sql| serial::makes(sql, sequence))
}

/// The step that does it. Where nothing else of the column or sequence changes, this is the change.
fn logged(
    steps: &mut Vec<Step>,
    of: &ObjectName,
    sequence: &ObjectName,
    (is_logged, sql): (bool, String),
    column: Option<&Text>,
) -> Step {
    let word = if is_logged { "logged" } else { "unlogged" };
    let title = format!("make sequence {} {word}", sequence.qualified());
    let made = step(title, sql);
    let is_it = |change: &Change| {
        change.name == *of
            && match (&change.what, column) {
                (What::AlterColumn { to, .. }, Some(column)) => to.name == *column,
                (What::AlterObject { .. }, None) => true,
                _ => false,
            }
    };
    let only =
        steps.iter().position(|step| step.statements.is_empty() && step.changes.iter().any(is_it));
    match only.map(|place| steps.remove(place)) {
        Some(only) => Step { title: None, changes: only.changes, ..made },
        None => made,
    }
}

/// All that can be owned: the objects, and second the sequences of serial columns.
fn sequences(schema: &Schema) -> Vec<(Sequence, bool)> {
    let objects = schema.objects.iter().filter_map(|object| match object {
        Object::Sequence(it) => Some((it.clone(), false)),
        _ => None,
    });
    let of_columns = serials(schema)
        .filter_map(|(table, column)| Some((serial::as_object(table, column)?, true)));
    objects.chain(of_columns).collect()
}

fn serials(schema: &Schema) -> impl Iterator<Item = (&Table, &Column)> {
    let tables = schema.tables.iter().filter(|table| table.partition_of.is_none());
    tables.flat_map(|table| {
        table.columns.iter().filter(|it| serial::is_serial(it)).map(move |it| (table, it))
    })
}

fn name(it: &Sequence) -> ObjectName {
    ObjectName { schema: it.schema.to_string(), name: it.name.to_string() }
}

fn qualified(it: &Sequence) -> Qualified<'_> {
    Qualified(&it.schema, &it.name)
}

fn step(title: String, statement: String) -> Step {
    Step {
        title: Some(title),
        mode: TransactionMode::Transaction,
        ..Step::plain(Vec::new(), vec![statement], Vec::new(), &RewriteContext::default())
    }
}

fn is_there(by: &OwnedBy, schema: &Schema) -> bool {
    schema.table(&by.schema, &by.table).is_some_and(|it| it.column(&by.column).is_some())
}

/// Whether the column goes, or becomes an identity, which has a sequence of its own.
fn goes(by: &OwnedBy, steps: &[Step]) -> bool {
    let table = ObjectName { schema: by.schema.to_string(), name: by.table.to_string() };
    steps.iter().flat_map(|step| &step.changes).filter(|it| it.name == table).any(|it| {
        match &it.what {
            What::DropTable(_) => true,
            What::DropColumn(column) => column.name == by.column,
            What::AlterColumn { from, to } => {
                to.name == by.column && from.identity.is_none() && to.identity.is_some()
            }
            _ => false,
        }
    })
}

/// Whether the change makes the sequence belong to another column than before.
fn gives(change: &Change, it: &Sequence) -> bool {
    match &change.what {
        What::AddObject(new) => matches!(&**new, Object::Sequence(new) if name(new) == name(it)),
        What::AlterObject { from, to } => match (&**from, &**to) {
            (Object::Sequence(from), Object::Sequence(to)) => {
                name(to) == name(it) && from.owned_by != to.owned_by
            }
            _ => false,
        },
        _ => false,
    }
}
