//! Two schemas -> what differs. Pure. Start at [`diff`].
//!
//! Both sides are [`Canonical`]: the server's words are only compared with the server's words. The order of columns
//! does not count, nor does a name that nobody gave.

mod code;
mod objects;
mod partition;
mod parts;
#[cfg(test)]
mod tests;

pub(crate) use code::{code, has_word, mentions};
pub(crate) use partition::name_below;

use crate::catalog::Canonical;
use crate::change::{Change, ObjectName, Part, RowSecurity, Storage, What};
use crate::ddl::serial::{is_retyped, is_serial};
use orm_core::schema::{Column, GeneratedKind, Schema, Table, names};
use std::collections::BTreeSet;

/// What leads from one schema to the other.
///
/// Tables and objects that only `from` has are dropped if they are `managed` (a migration of ours created them), else
/// left alone.
pub fn diff(from: &Canonical, to: &Canonical, managed: &BTreeSet<ObjectName>) -> Vec<Change> {
    let (from, to) = (from.schema(), to.schema());
    let mut changes = Vec::new();
    objects::diff(from, to, managed, &mut changes);
    // A table that goes, or goes and comes again.
    let is_gone = |table: &Table| match to.table(&table.schema, &table.name) {
        None => managed.contains(&ObjectName::of(table)),
        Some(declared) => is_another(declared, from, to),
    };
    for table in &to.tables {
        match from.table(&table.schema, &table.name) {
            None => add_table(table, &mut changes),
            Some(live) if is_another(table, from, to) => {
                drop_table(live, from, &is_gone, &mut changes);
                add_table(table, &mut changes);
            }
            Some(live) => alter_table(live, table, from, to, &mut changes),
        }
    }
    for table in &from.tables {
        let name = ObjectName::of(table);
        if to.table(&table.schema, &table.name).is_none() && managed.contains(&name) {
            drop_table(table, from, &is_gone, &mut changes);
        }
    }
    changes
}

/// `to` as a database will say it that comes from `from`: where nobody gave a name, the name that is already there.
pub fn settled(from: &Canonical, to: &Canonical) -> Canonical {
    let mut schema = to.schema().clone();
    let implied = to.schema();
    for table in &mut schema.tables {
        if let Some(live) = from.schema().table(&table.schema, &table.name) {
            let columns = table.columns.iter().map(|it| with_sequence(it, live, table, implied));
            table.columns = columns.collect();
            parts::settle(live, table, implied);
        }
    }
    parts::settle_indexes(from.schema(), &mut schema);
    objects::settle(from.schema(), &mut schema);
    // What nobody declares stays as it is.
    schema.kept = from.schema().kept.clone();
    schema.implied_names.clear();
    Canonical::of_catalog(schema)
}

/// What has PostgreSQL forget again that a constraint holds for all rows. For a declared schema that is no difference;
/// for the way back it is.
pub(crate) fn unvalidated(from: &Canonical, to: &Canonical) -> Vec<Change> {
    let mut changes = Vec::new();
    for table in &to.schema().tables {
        let Some(live) = from.schema().table(&table.schema, &table.name) else { continue };
        for part in Part::all(table).filter(Part::is_not_valid) {
            let valid = part.clone().validated();
            if Part::all(live).any(|it| it == valid) {
                let name = ObjectName::of(table);
                changes.push(Change { name: name.clone(), what: What::Drop(valid) });
                changes.push(Change { name, what: What::Add(part) });
            }
        }
    }
    changes
}

fn add_table(table: &Table, changes: &mut Vec<Change>) {
    let name = ObjectName::of(table);
    let is_later =
        |part: &Part| matches!(part, Part::ForeignKey(_) | Part::Trigger(_) | Part::Policy(_));
    let mut bare = Table { row_security: false, force_row_security: false, ..table.clone() };
    Part::replace_all(&mut bare, Part::all(table).filter(|part| !is_later(part)));
    let later = Part::all(table).filter(is_later).map(What::Add);
    let all = [What::AddTable(Box::new(bare))].into_iter().chain(later);
    let (from, to) = (RowSecurity::NONE, RowSecurity::of(table));
    let secure = (from != to).then_some(What::RowSecurity { from, to });
    changes.extend(all.chain(secure).map(|what| Change { name: name.clone(), what }));
}

/// The foreign keys go first, so that tables which reference each other can be dropped; and the policies, which may
/// look into each other's tables. A partition that goes alone is detached: foreign keys to its table hold on to it.
fn drop_table(
    table: &Table,
    from: &Schema,
    is_gone: &impl Fn(&Table) -> bool,
    changes: &mut Vec<Change>,
) {
    let name = ObjectName::of(table);
    let is_first = |part: &Part| matches!(part, Part::ForeignKey(_) | Part::Policy(_));
    let parts = Part::all(table).filter(is_first).map(What::Drop);
    let of = table.partition_of.as_ref();
    let of = of.filter(|of| from.table(&of.schema, &of.table).is_some_and(|it| !is_gone(it)));
    let all = parts
        .chain(of.cloned().map(What::Detach))
        .chain([What::DropTable(Box::new(table.clone()))]);
    changes.extend(all.map(|what| Change { name: name.clone(), what }));
}

/// Whether PostgreSQL cannot make the one table of the other: how rows are divided cannot be changed. Its partitions
/// go and come with it.
fn is_another(table: &Table, from: &Schema, to: &Schema) -> bool {
    let mut name = ObjectName::of(table);
    // As many steps up as there are tables: a circle is no way up.
    for _ in 0..=to.tables.len() {
        let of = |schema: &Schema| schema.table(&name.schema, &name.name).cloned();
        let (Some(live), Some(declared)) = (of(from), of(to)) else { return false };
        if live.partition_by != declared.partition_by {
            return true;
        }
        let above = |table: &Table| table.partition_of.as_ref().map(ObjectName::parent);
        match (above(&live), above(&declared)) {
            (Some(live), Some(declared)) if live == declared => name = live,
            _ => return false,
        }
    }
    false
}

fn alter_table(
    from: &Table,
    to: &Table,
    live: &Schema,
    declared: &Schema,
    changes: &mut Vec<Change>,
) {
    let name = ObjectName::of(to);
    let mut add = |what| changes.push(Change { name: name.clone(), what });
    if from.comment != to.comment {
        add(What::Comment { from: from.comment.clone(), to: to.comment.clone() });
    }
    let (old, new) = (Storage::of(from), Storage::of(to));
    if old != new {
        add(What::Storage { from: old, to: new });
    }
    let (old, new) = (RowSecurity::of(from), RowSecurity::of(to));
    if old != new {
        add(What::RowSecurity { from: old, to: new });
    }
    let is_moved = from.partition_of != to.partition_of;
    let mut detached = None;
    if let Some(of) = from.partition_of.as_ref().filter(|_| is_moved) {
        add(What::Detach(of.clone()));
        let parent = live.table(&of.schema, &of.table);
        detached = parent.map(|parent| partition::detached(from, parent));
    }
    let from = detached.as_ref().unwrap_or(from);
    // What a partition has from its table is not said of it. One that is yet to be attached must have it before.
    let parent = to.partition_of.as_ref().filter(|_| is_moved);
    let parent = parent.and_then(|of| partition::parent(of, live, declared));
    let shape = match (&to.partition_of, &parent) {
        (Some(_), None) => from,
        (Some(_), Some(parent)) => parent,
        (None, _) => to,
    };
    columns(from, shape, declared, &mut add);
    parts::diff(from, to, declared, parent.as_ref()).into_iter().for_each(&mut add);
    if let Some(of) = to.partition_of.as_ref().filter(|_| is_moved) {
        add(What::Attach(of.clone()));
    }
}

fn columns(from: &Table, to: &Table, declared: &Schema, add: &mut impl FnMut(What)) {
    for column in to.columns.iter() {
        let column = &with_sequence(column, from, to, declared);
        match from.column(&column.name) {
            None => add(What::AddColumn(column.clone())),
            Some(live) if is_made_again(live, column, from, to) => {
                add(What::DropColumn(live.clone()));
                add(What::AddColumn(column.clone()));
            }
            Some(live) if live == column => {}
            Some(live) => add(What::AlterColumn { from: live.clone(), to: column.clone() }),
        }
    }
    for column in from.columns.iter().filter(|column| to.column(&column.name).is_none()) {
        add(What::DropColumn(column.clone()));
    }
}

/// The declared column with the sequence that it has already, whose name and options are not declared.
fn with_sequence(column: &Column, from: &Table, to: &Table, declared: &Schema) -> Column {
    let mut column = column.clone();
    let Some(live) = from.column(&column.name) else { return column };
    let kind = |it: &Column| (is_serial(it), it.identity.is_some());
    let is_open = column.sequence.is_default()
        && declared.is_implied(to, &names::sequence(&to.name, &column.name));
    if is_open && kind(live) == kind(&column) && kind(live) != (false, false) {
        column.sequence = live.sequence.clone();
        if is_retyped(live, &column) {
            // It is given the type of the column.
            column.sequence.data_type = None;
        }
    }
    column
}

/// PostgreSQL can make a stored generated column plain (manual, `ALTER TABLE`, `DROP EXPRESSION`), nothing else; and it
/// refuses to change the type of a column that another one is generated from.
fn is_made_again(live: &Column, column: &Column, from: &Table, to: &Table) -> bool {
    let Some(generated) = &column.generated else {
        // Its values are nowhere, so that there is nothing to make plain.
        return live.generated.as_ref().is_some_and(|it| it.kind == GeneratedKind::Virtual);
    };
    let expression = &generated.expression;
    let reads_other_type = || {
        from.columns.iter().any(|read| {
            mentions(expression, &read.name)
                && to.column(&read.name).is_none_or(|now| is_retyped(read, now))
        })
    };
    live.generated.as_ref() != Some(generated)
        || live.data_type != column.data_type
        || live.collation != column.collation
        || reads_other_type()
}
