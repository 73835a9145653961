//! Transactions: none holds a strong lock on a big table while it waits for another, or while rows are read.

use crate::change::ObjectName;
use crate::plan::LockMode;
use crate::plan::step::{Mode, Step};
use crate::plan::strategy::{Choice, Strategy};
use std::collections::BTreeSet;

/// Lets a transaction end before the next step where it holds what others wait for.
pub(super) fn divide(steps: &mut [Step], strategy: &Strategy) {
    let is_big = |table: &ObjectName| matches!(strategy.choice(table), Choice::Online(_));
    // What the transaction in hand has locked so far.
    let mut held: BTreeSet<ObjectName> = BTreeSet::new();
    for step in steps {
        if step.mode == Mode::Autocommit {
            held.clear();
            continue;
        }
        let strong = step.locks.iter().filter(|lock| lock.mode >= LockMode::Share);
        let locked: BTreeSet<ObjectName> = strong.map(|lock| lock.table.clone()).collect();
        let is_same = locked.is_subset(&held) && step.costs.is_empty();
        let anyone_waits =
            held.iter().any(&is_big) || !held.is_empty() && locked.iter().any(&is_big);
        if anyone_waits && !is_same {
            step.mode = Mode::OwnTransaction;
            held.clear();
        }
        held.extend(locked);
    }
}
