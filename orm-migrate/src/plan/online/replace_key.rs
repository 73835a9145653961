//! Keys that become other ones: the new one's index is built before the old one goes, and a moment changes them.

use super::OnlineWork;
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::serial::is_retyped;
use crate::plan::HazardKind;
use crate::plan::order::mentions;
use crate::plan::step::Step;
use crate::plan::strategy::Choice;
use orm_core::schema::{List, Text};

/// Has a key go in the step in which the one comes that takes its place.
pub(super) fn replaced(steps: &mut Vec<Step>, work: &OnlineWork<'_>) {
    for number in 0..steps.len() {
        for new in added(steps, number) {
            let Some((place, old)) = find(steps, number, &new, work) else { continue };
            let Some(from) = steps.get_mut(place) else { continue };
            from.changes.retain(|change| *change != old);
            let is_refused = |kind| kind == HazardKind::Refused;
            let said = from.hazards.iter().filter(|it| is_refused(it.kind)).cloned().collect();
            let (rest, hazards): (Vec<Change>, Vec<_>) = (from.changes.clone(), said);
            if !rest.is_empty() {
                from.statements = work.heavy(rest).statements;
            } else {
                from.statements.clear();
            }
            if let Some(step) = steps.get_mut(number) {
                step.changes.insert(0, old);
                step.hazards.extend(hazards);
            }
        }
    }
    steps.retain(|step| !step.changes.is_empty());
}

/// The keys that a step adds to a big table.
fn added(steps: &[Step], number: usize) -> Vec<Change> {
    let changes = steps.get(number).map(|step| step.changes.clone()).unwrap_or_default();
    changes.into_iter().filter(|it| matches!(&it.what, What::Add(part) if is_key(part))).collect()
}

fn find(
    steps: &[Step],
    number: usize,
    new: &Change,
    work: &OnlineWork<'_>,
) -> Option<(usize, Change)> {
    let (table, What::Add(key)) = (&new.name, &new.what) else { return None };
    let is_big = matches!(work.strategy.choice(table), Choice::Online(_));
    if !is_big || work.is_partitioned(table) {
        return None;
    }
    let is_it = |change: &&Change| {
        change.name == *table
            && matches!(&change.what, What::Drop(old)
                if takes_place_of(key, old) && !work.is_held(table, old) && !work.is_held(table, key))
    };
    // One that goes in the step itself is there already.
    let earlier = steps.iter().take(number).enumerate();
    earlier
        .rev()
        .find_map(|(place, step)| step.changes.iter().find(is_it).map(|it| (place, it.clone())))
}

pub(super) fn is_key(part: &Part) -> bool {
    matches!(part, Part::PrimaryKey(_) | Part::Unique(_))
}

/// Whether the one key is there for what the other was there for.
pub(super) fn takes_place_of(new: &Part, old: &Part) -> bool {
    let within = |one: &[Text], other: &[Text]| one.iter().all(|it| other.contains(it));
    let of = |part: &Part| -> Option<List<Text>> {
        match part {
            Part::PrimaryKey(key) => Some(key.columns.clone()),
            Part::Unique(unique) => Some(unique.columns.clone()),
            _ => None,
        }
    };
    match (new, old) {
        (Part::PrimaryKey(_), Part::PrimaryKey(_)) => true,
        _ => match (of(new), of(old)) {
            (Some(new), Some(old)) => within(&new, &old) || within(&old, &new),
            _ => false,
        },
    }
}

impl OnlineWork<'_> {
    /// Whether a column of the key goes or becomes another one, and the key with it.
    pub(super) fn is_held(&self, table: &ObjectName, key: &Part) -> bool {
        self.changes.iter().filter(|change| change.name == *table).any(|change| {
            match &change.what {
                What::DropColumn(column) => mentions(key, column),
                What::AlterColumn { from, to } => is_retyped(from, to) && mentions(key, from),
                _ => false,
            }
        })
    }
}
