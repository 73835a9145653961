//! Steps for the parts of tables that are no columns, and for what is said of a table as a whole.

use super::HazardKind;
use super::step::{Lock, LockMode, target};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::{alter, part, policy};
use orm_core::sql::ident::Ident;

/// The statements and the locks of such a change; nothing of any other.
pub(super) fn of(change: &Change) -> Option<(Vec<String>, Vec<Lock>)> {
    use LockMode::{AccessExclusive, RowShare, ShareRowExclusive, ShareUpdateExclusive};
    let table = &change.name;
    let lock = |mode| vec![Lock { table: table.clone(), mode }];
    Some(match &change.what {
        What::Add(it @ Part::Trigger(_)) => {
            (vec![part::create(table, it)], lock(ShareRowExclusive))
        }
        What::Add(it @ Part::Policy(_)) => (vec![part::create(table, it)], lock(AccessExclusive)),
        What::Drop(it @ (Part::Trigger(_) | Part::Policy(_))) => {
            (vec![part::drop(table, it)], lock(AccessExclusive))
        }
        What::AlterPart { from, to } => {
            let mode = mode_of_change(from, to);
            let mut locks: Vec<Lock> = mode.into_iter().flat_map(lock).collect();
            if let (Part::ForeignKey(key), Some(ShareUpdateExclusive)) = (to, mode) {
                // Nobody deletes what the key still has to find.
                locks.push(Lock { table: target(key), mode: RowShare });
            }
            (part::change(table, from, to), locks)
        }
        What::Storage { from, to } => {
            let mode = match from.unlogged == to.unlogged {
                true => ShareUpdateExclusive,
                false => AccessExclusive,
            };
            (part::stored(table, from, to), lock(mode))
        }
        What::RowSecurity { from, to } => {
            let commands = policy::row_security(*from, *to);
            (vec![alter::table(table, &commands)], lock(AccessExclusive))
        }
        What::Attach(it) => {
            let mut locks = lock(AccessExclusive);
            locks.push(Lock { table: ObjectName::parent(it), mode: ShareUpdateExclusive });
            (vec![part::attach(table, it)], locks)
        }
        What::Detach(it) => {
            let mut locks = lock(AccessExclusive);
            locks.push(Lock { table: ObjectName::parent(it), mode: AccessExclusive });
            (vec![part::detach(table, it)], locks)
        }
        _ => return None,
    })
}

fn mode_of_change(from: &Part, to: &Part) -> Option<LockMode> {
    Some(match (from, to) {
        // It locks the index, and not its table.
        (Part::Index(_), _) => return None,
        (Part::Trigger(_), _) => LockMode::ShareRowExclusive,
        (Part::Policy(_), _) => LockMode::AccessExclusive,
        // `VALIDATE` reads beside those who write; whether it can be deferred is kept with the triggers.
        (from, to) if from.clone().validated() == *to => LockMode::ShareUpdateExclusive,
        _ => LockMode::AccessExclusive,
    })
}

/// What such a change may do to data, or to people who use the database meanwhile.
pub(super) fn hazards(change: &Change, add: &mut impl FnMut(HazardKind, String)) {
    let table = &change.name;
    match &change.what {
        What::Add(Part::Exclusion(it)) => {
            add(
                HazardKind::FailsOnExistingRows,
                format!(
                    "it fails if rows of {table} exclude each other by {}",
                    Ident(it.name.as_deref().unwrap_or_default())
                ),
            );
            add(
                HazardKind::LongScan,
                format!("nobody can read or write {table} while its index is built"),
            );
        }
        What::AlterPart { from, to } if from.is_not_valid() && !to.is_not_valid() => add(
            HazardKind::FailsOnExistingRows,
            format!("it fails if a row of {table} does not fit {} {}", to.kind(), Ident(to.name())),
        ),
        What::Storage { from, to } if from.unlogged != to.unlogged => add(
            HazardKind::Rewrite,
            format!("table {table} is written anew; nobody can read or write it meanwhile"),
        ),
        What::Attach(it) => {
            add(
                HazardKind::FailsOnExistingRows,
                format!("it fails if a row of {table} is not one for {}", it.bound),
            );
            add(
                HazardKind::LongScan,
                format!("nobody can read or write {table} while every row is checked"),
            );
        }
        _ => {}
    }
}
