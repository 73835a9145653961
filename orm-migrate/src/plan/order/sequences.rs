//! The sequences of serial and identity columns: no objects of their own, but others may use them.

use super::graph::names;
use crate::change::{Change, ObjectName, What};
use crate::ddl::serial;
use orm_core::schema::{Column, Table};

/// The sequences that come and go with a change.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    pub(super) made: Vec<ObjectName>,
    pub(super) gone: Vec<ObjectName>,
}

/// Those of one change.
pub(super) fn of(change: &Change) -> Sequences {
    let table = &change.name;
    let of_table = |it: &Table| {
        let columns = it.columns.iter().filter(|_| it.partition_of.is_none());
        columns.filter_map(|column| serial::sequence_of(table, column)).collect()
    };
    let of_column = |it: &Column| serial::sequence_of(table, it).into_iter().collect();
    match &change.what {
        What::AddTable(it) => Sequences { made: of_table(it), ..Sequences::default() },
        What::DropTable(it) => Sequences { gone: of_table(it), ..Sequences::default() },
        What::AddColumn(it) => Sequences { made: of_column(it), ..Sequences::default() },
        What::DropColumn(it) => Sequences { gone: of_column(it), ..Sequences::default() },
        What::AlterColumn { from, to } => Sequences { made: of_column(to), gone: of_column(from) },
        _ => Sequences::default(),
    }
}

/// Makes changes of their own of defaults that use the sequences of other tables, where these use theirs: neither table
/// could come first, nor go.
pub(super) fn with_open_circles(changes: &mut Vec<Change>) {
    for comes in [true, false] {
        let mut tables: Vec<(usize, Table)> = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            match &change.what {
                What::AddTable(it) if comes => tables.push((number, (**it).clone())),
                What::DropTable(it) if !comes => tables.push((number, (**it).clone())),
                _ => {}
            }
        }
        for (number, table, columns) in in_circles(&tables) {
            let Some(change) = changes.get_mut(number) else { continue };
            let name = change.name.clone();
            match &mut change.what {
                What::AddTable(it) | What::DropTable(it) => **it = table,
                _ => continue,
            }
            changes.extend(columns.into_iter().map(|full| {
                let bare = Column { default: None, ..full.clone() };
                let (from, to) = if comes { (bare, full) } else { (full, bare) };
                Change { name: name.clone(), what: What::AlterColumn { from, to } }
            }));
        }
    }
}

/// The tables that use each other's sequences, without the defaults that do, and these columns.
fn in_circles(tables: &[(usize, Table)]) -> Vec<(usize, Table, Vec<Column>)> {
    let sequences: Vec<Vec<ObjectName>> = (tables.iter())
        .map(|(_, table)| {
            let name = ObjectName::of(table);
            let columns = table.columns.iter().filter(|_| table.partition_of.is_none());
            columns.filter_map(|column| serial::sequence_of(&name, column)).collect()
        })
        .collect();
    let uses = |column: &Column, at: usize| {
        let of = sequences.get(at).into_iter().flatten();
        let default = column.default.as_deref().unwrap_or_default();
        !default.is_empty() && of.into_iter().any(|it| names(default, it))
    };
    let used: Vec<Vec<usize>> = (tables.iter().enumerate())
        .map(|(at, (_, table))| {
            let uses = |other: &usize| table.columns.iter().any(|column| uses(column, *other));
            (0..tables.len()).filter(|other| *other != at).filter(uses).collect()
        })
        .collect();
    let leads_back = |from: usize, to: usize| {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(at) = reached.get(next).copied() {
            for other in used.get(at).into_iter().flatten() {
                if !reached.contains(other) {
                    reached.push(*other);
                }
            }
            next += 1;
        }
        reached.contains(&to)
    };
    let mut found = Vec::new();
    for (at, (number, table)) in tables.iter().enumerate() {
        let others: Vec<usize> = used.get(at).cloned().unwrap_or_default();
        let others: Vec<usize> = others.into_iter().filter(|it| leads_back(*it, at)).collect();
        let mut bare = table.clone();
        let mut columns = Vec::new();
        for column in bare.columns.to_mut() {
            if others.iter().any(|other| uses(column, *other)) {
                columns.push(column.clone());
                column.default = None;
            }
        }
        if !columns.is_empty() {
            found.push((*number, bare, columns));
        }
    }
    found
}
