//! Transactions: none holds a strong lock on a big table while it waits for another, or while rows are read.

use crate::change::ObjectName;
use crate::plan::LockMode;
use crate::plan::step::{Step, TransactionMode};
use crate::plan::strategy::{Choice, Strategy};
use std::collections::BTreeSet;
use std::ops::Range;

/// Lets a transaction end before the next step where it holds what others wait for; but what is `joined` stays together.
pub(super) fn divide(steps: &mut [Step], joined: &[Range<usize>], strategy: &Strategy) {
    let is_big = |table: &ObjectName| matches!(strategy.choice(table), Choice::Online(_));
    // What the transaction in hand has locked so far.
    let mut held: BTreeSet<ObjectName> = BTreeSet::new();
    let mut rest = (0, steps);
    while let (start, [_, ..]) = rest {
        let steps = rest.1;
        let end = joined.iter().find(|it| it.start == start).map_or(start + 1, |it| it.end);
        let Some((unit, after)) = steps.split_at_mut_checked(end - start) else { return };
        rest = (end, after);
        let is_one = unit.len() == 1;
        let strong =
            (unit.iter().flat_map(|step| &step.locks)).filter(|lock| lock.mode >= LockMode::Share);
        let locked: BTreeSet<ObjectName> = strong.map(|lock| lock.table.clone()).collect();
        let is_same = locked.is_subset(&held) && unit.iter().all(|step| step.costs.is_empty());
        let Some(first) = unit.first_mut() else { return };
        if first.mode == TransactionMode::Autocommit {
            held.clear();
            continue;
        }
        let anyone_waits =
            held.iter().any(&is_big) || !held.is_empty() && locked.iter().any(&is_big);
        if anyone_waits && !is_same {
            first.mode = if is_one {
                TransactionMode::OwnTransaction
            } else {
                TransactionMode::NewTransaction
            };
            held.clear();
        }
        held.extend(locked);
    }
}
