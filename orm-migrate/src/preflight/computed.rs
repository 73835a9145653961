//! [`computed`]: what the server stores of the results of functions that change. PostgreSQL knows whom a function serves,
//! and computes nothing again when its body is replaced.

use super::cell;
use crate::change::{Change, ObjectName, Renaming, What, back, followed};
use crate::plan::{Stored, StoredKind, is_computed_otherwise};
use orm_core::exec::Connection;
use orm_core::schema::Object;
use std::collections::BTreeSet;

/// What is stored of the results of the functions that these changes replace, each with the number of the change. The
/// names are those after the `renamings`, which the database has not had.
///
/// Follows functions, operators, operator classes, views and generated columns; of a body that is a string, the text says
/// whom it calls.
///
/// # Errors
/// The connection fails.
pub async fn computed(
    connection: &Connection,
    changes: &[Change],
    renamings: &[Change],
) -> orm_core::Result<Vec<(usize, Stored)>> {
    let back = back(renamings);
    let asked: Vec<(usize, String)> = (changes.iter().enumerate())
        .filter(|(_, change)| is_replaced(change, changes))
        .map(|(number, change)| (number, followed_one(&change.name, &back)))
        .map(|(number, name)| (number, routine(&name)))
        .collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = asked.iter().map(|(_, name)| name.as_str()).collect();
    let rows = connection
        .query::<orm_core::exec::DriverRow>(include_str!("computed.sql"), &[&names])
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let place = usize::try_from(cell::<i64>(row, 0)? - 1).unwrap_or_default();
        let Some((change, _)) = asked.get(place) else { continue };
        let (is_partitioned, is_exclusion) = (cell(row, 5)?, cell(row, 6)?);
        let kind = match cell::<&str>(row, 1)? {
            "index" => StoredKind::Index { is_partitioned, is_exclusion },
            "column" => StoredKind::Column { is_partitioned },
            "check" => StoredKind::Check,
            "domain check" => StoredKind::DomainCheck,
            "partition key" => StoredKind::PartitionKey,
            _ => StoredKind::View,
        };
        let of = ObjectName { schema: cell(row, 2)?, name: cell(row, 3)? };
        let stored = renamed(Stored { kind, of, part: cell(row, 4)? }, renamings);
        if !found.contains(&(*change, stored.clone())) {
            found.push((*change, stored));
        }
    }
    Ok(found)
}

/// Whether a function has another result from then on. One that goes and comes again is replaced where it comes.
fn is_replaced(change: &Change, changes: &[Change]) -> bool {
    let differs = |from: &Object, to: &Object| match (from, to) {
        (Object::Function(from), Object::Function(to)) => is_computed_otherwise(from, to),
        _ => false,
    };
    match &change.what {
        What::AlterObject { from, to } => differs(from, to),
        What::AddObject(to) => changes.iter().any(|it| {
            it.name == change.name
                && matches!(&it.what, What::DropObject(from) if differs(from, to))
        }),
        _ => false,
    }
}

fn followed_one(name: &ObjectName, renamings: &[Change]) -> ObjectName {
    // A schema that is made on the way has no part in it.
    let moves = renamings.iter().filter(|it| matches!(it.what, What::Renamed(_)));
    let moves: Vec<Change> = moves.cloned().collect();
    followed(BTreeSet::from([name.clone()]), &moves).pop_first().unwrap_or_else(|| name.clone())
}

/// The name as `to_regprocedure` reads it: that of a function has its arguments.
fn routine(name: &ObjectName) -> String {
    let (plain, arguments) = name.name.split_once('(').unwrap_or((&name.name, ")"));
    let plain = ObjectName { schema: name.schema.clone(), name: plain.to_owned() };
    format!("{}({arguments}", plain.qualified())
}

/// The same under the names that it has after the renamings.
fn renamed(mut stored: Stored, renamings: &[Change]) -> Stored {
    for change in renamings {
        match &change.what {
            What::Renamed(Renaming::Table { to, .. } | Renaming::Object { to, .. })
                if stored.of == change.name =>
            {
                stored.of = to.clone();
            }
            What::Renamed(Renaming::Column { from, to })
                if stored.of == change.name
                    && matches!(stored.kind, StoredKind::Column { .. })
                    && stored.part == from.name =>
            {
                stored.part = to.to_string();
            }
            What::Rename { part, to } if stored.of == change.name && stored.part == part.name() => {
                stored.part = to.to_string();
            }
            _ => {}
        }
    }
    stored
}
