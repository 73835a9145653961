//! Which change comes before which.

mod columns;
mod cycles;
mod graph;
mod partition_tree;
mod recreate_dependents;
mod rename;
mod schema_index;
mod sequences;
mod set_logged;
mod sql_expressions;
mod temporarily_drop;

pub(super) use graph::texts_used;
pub(crate) use partition_tree::{is_above, lock_partitions};
pub(crate) use schema_index::{OfType, columns_of, containing, is_of, rebuilt};
pub(super) use sql_expressions::is_string;
pub(crate) use sql_expressions::texts_of_object;
pub(super) use temporarily_drop::{mentions, references_above};

use crate::change::{Change, ObjectName, Part, What};
use orm_core::schema::{Object, Schema};

/// The stages of a migration. Within one, changes keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// A table whose policies go is open, or closed to all.
    Unsecure,
    /// Triggers and policies hold on to columns, tables and functions.
    DropRule,
    /// What a partition has from its table cannot be dropped before.
    Detach,
    /// Foreign keys hold on to keys, columns and tables.
    DropForeignKey,
    /// What goes makes its name free for what comes.
    DropIndex,
    DropConstraint,
    /// What may use tables.
    DropView,
    DropTable,
    Rename,
    /// What tables may use.
    AddObject,
    AlterObject,
    AddTable,
    /// One `ALTER TABLE` for each table.
    Alter,
    AlterPart,
    AddIndex,
    Settings,
    /// With the columns, checks and indexes of its table.
    Attach,
    /// When all that they join is there.
    AddForeignKey,
    AddView,
    /// When all that they use is there.
    AddRule,
    Secure,
    DropObject,
    Comment,
}

fn stage(change: &Change) -> Stage {
    match &change.what {
        // One that only binds the owner later is set on a table that is there.
        What::RowSecurity { from, to } if from.enabled && !to.enabled => Stage::Unsecure,
        What::RowSecurity { .. } => Stage::Secure,
        What::Drop(Part::Trigger(_) | Part::Policy(_)) => Stage::DropRule,
        What::Add(Part::Trigger(_) | Part::Policy(_)) => Stage::AddRule,
        What::AlterPart { to: Part::Trigger(_) | Part::Policy(_), .. } => Stage::AddRule,
        What::AlterPart { .. } => Stage::AlterPart,
        What::Storage { .. } => Stage::Settings,
        What::Attach(_) => Stage::Attach,
        What::Detach(_) => Stage::Detach,
        What::Drop(Part::ForeignKey(_)) => Stage::DropForeignKey,
        What::Drop(Part::Index(_)) => Stage::DropIndex,
        What::Drop(Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_) | Part::Exclusion(_)) => {
            Stage::DropConstraint
        }
        What::DropTable(_) => Stage::DropTable,
        What::Rename { .. } | What::Renamed(_) => Stage::Rename,
        What::AddTable(_) => Stage::AddTable,
        What::AddColumn(_)
        | What::DropColumn(_)
        | What::AlterColumn { .. }
        | What::Add(Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_) | Part::Exclusion(_)) => {
            Stage::Alter
        }
        What::Add(Part::Index(_)) => Stage::AddIndex,
        What::Add(Part::ForeignKey(_)) => Stage::AddForeignKey,
        What::Comment { .. } => Stage::Comment,
        What::DropObject(it) if matches!(**it, Object::View(_)) => Stage::DropView,
        What::DropObject(_) => Stage::DropObject,
        What::AddObject(it) if matches!(**it, Object::View(_)) => Stage::AddView,
        What::AddObject(_) => Stage::AddObject,
        What::AlterObject { .. } => Stage::AlterObject,
    }
}

/// The place within one `ALTER TABLE`: PostgreSQL takes back in the order of the text.
fn place(change: &Change) -> u8 {
    match &change.what {
        // A column that others are generated from goes after them.
        What::DropColumn(column) if column.generated.is_some() => 0,
        // As long as it is generated, it holds on to the others too.
        What::AlterColumn { from, to } if from.generated.is_some() && to.generated.is_none() => 0,
        What::DropColumn(_) => 1,
        What::AlterColumn { .. } => 2,
        What::AddColumn(column) if column.generated.is_none() => 3,
        What::AddColumn(_) => 4,
        _ => 5,
    }
}

/// Adds what must step aside for a while.
pub(super) fn with_all_that_moves(changes: Vec<Change>, from: &Schema, to: &Schema) -> Vec<Change> {
    let mut changes = schema_index::joined(changes);
    // What steps aside shakes what stands on it in turn. Each round finds more, or is the last.
    set_logged::with_open_circles(&mut changes, from);
    for _ in 0..ROUNDS_MAX {
        let before = changes.clone();
        schema_index::with_rebuilt(&mut changes, from, to);
        recreate_dependents::with_remade_objects(&mut changes, from, to);
        columns::with_moved_columns(&mut changes, from, to);
        temporarily_drop::with_detached_parts(&mut changes, from);
        if changes == before {
            break;
        }
    }
    cycles::with_open_circles(&mut changes);
    sequences::with_open_circles(&mut changes);
    changes
}

/// More than chains of functions, domains and generated columns are long.
const ROUNDS_MAX: usize = 50;

/// How many tables are above a partition in these changes: it comes after them and goes before them.
fn depth(change: &Change, changes: &[Change], most: usize) -> i32 {
    let of = |change: &Change| match &change.what {
        What::AddTable(table) => table.partition_of.clone().map(|of| (true, of)),
        What::DropTable(table) => table.partition_of.clone().map(|of| (false, of)),
        _ => None,
    };
    let (Some((comes, of)), Some(most)) = (of(change), most.checked_sub(1)) else { return 0 };
    let parent = ObjectName::parent(&of);
    let is_parent = |it: &&Change| match it.what {
        What::AddTable(_) => comes && it.name == parent,
        What::DropTable(_) => !comes && it.name == parent,
        _ => false,
    };
    changes.iter().find(is_parent).map_or(0, |parent| 1 + depth(parent, changes, most))
}

/// Whether a foreign key goes that keeps a partition of its target from being detached. What a partition itself has
/// from its table goes after that.
fn holds_partition(change: &Change, changes: &[Change], from: &Schema) -> bool {
    let What::Drop(Part::ForeignKey(key)) = &change.what else { return false };
    let mut detached = changes.iter().filter(|it| matches!(it.what, What::Detach(_)));
    detached.clone().any(|it| temporarily_drop::references_above(key, &it.name, from))
        && !detached.any(|it| it.name == change.name || is_above(&change.name, &it.name, from))
}

/// The changes in an order that runs; those of one table together within a stage.
pub(super) fn sorted(mut changes: Vec<Change>, from: &Schema) -> Vec<Change> {
    let depths: Vec<(Change, i32)> = (changes.iter())
        .filter(|it| matches!(it.what, What::AddTable(_) | What::DropTable(_)))
        .map(|it| (it.clone(), depth(it, &changes, changes.len())))
        .collect();
    let depth = |change: &Change| {
        let depth = depths.iter().find(|(it, _)| it == change).map_or(0, |(_, depth)| *depth);
        if matches!(change.what, What::DropTable(_)) { -depth } else { depth }
    };
    let held: Vec<Change> =
        changes.iter().filter(|it| holds_partition(it, &changes, from)).cloned().collect();
    let stage = |change: &Change| match held.contains(change) {
        true => Stage::DropRule,
        false => stage(change),
    };
    changes.sort_by(|a, b| {
        let key = |it| (stage(it), depth(it));
        (key(a), &a.name, place(a)).cmp(&(key(b), &b.name, place(b)))
    });
    let is_rename = |change: &Change| stage(change) == Stage::Rename;
    let start = changes.iter().position(is_rename).unwrap_or(changes.len());
    let count = changes.iter().filter(|change| is_rename(change)).count();
    let renames = rename::sorted(changes.drain(start..start + count).collect());
    changes.splice(start..start, renames);
    graph::sorted(changes, from)
}
