//! What steps aside for a change, a policy as well as a view, is missed by nobody: it goes and comes back in one
//! transaction. What reads rows or builds an index meanwhile is done before that transaction or after it.

use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::serial::is_retyped;
use crate::diff::has_word;
use crate::plan::step::{Step, TransactionMode, target};
use crate::plan::strategy::{Choice, Strategy};
use crate::plan::{CostKind, LockMode};
use orm_core::schema::Object;
use std::collections::BTreeSet;
use std::ops::Range;

/// Steps in an order in which transactions can end between them, and those that are one transaction.
pub(super) struct Joined {
    pub(super) steps: Vec<Step>,
    pub(super) transactions: Vec<Range<usize>>,
}

/// Brings together what goes and what comes back; steps among which nothing is committed stay as they are.
pub(super) fn join(steps: Vec<Step>, strategy: &Strategy) -> Joined {
    let is_big = |table: &ObjectName| matches!(strategy.choice(table), Choice::Online(_));
    let is_divided = |range: &Range<usize>| {
        steps.get(range.clone()).unwrap_or_default().iter().any(|step| {
            step.mode != TransactionMode::Transaction
                || step.locks.iter().any(|lock| lock.mode >= LockMode::Share && is_big(&lock.table))
        })
    };
    let away: Vec<Range<usize>> = away(&steps, strategy).into_iter().filter(is_divided).collect();
    let start = away.iter().map(|it| it.start).min().unwrap_or_default();
    let end = away.iter().map(|it| it.end).max().unwrap_or_default();
    let among = steps.get(start..end).unwrap_or_default();
    let shifted: Vec<Range<usize>> =
        away.iter().map(|it| it.start - start..it.end - start).collect();
    let Some(mut places) = Sorting::of(among).places(&shifted) else {
        // What comes back stands on what takes its time: it cannot be had in one transaction.
        return Joined { steps, transactions: Vec::new() };
    };
    let mut order: Vec<(Position, usize)> = places.drain(..).zip(start..).collect();
    order.sort();
    let mut transactions: Vec<Range<usize>> = Vec::new();
    for (number, (place, _)) in order.iter().enumerate() {
        let (Position::Within(_), index) = (place, start + number) else { continue };
        let before = number.checked_sub(1).and_then(|it| order.get(it));
        match transactions.last_mut() {
            Some(range) if before.is_some_and(|(it, _)| it == place) => range.end = index + 1,
            _ => transactions.push(index..index + 1),
        }
    }
    let mut all: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let order = (0..start).chain(order.into_iter().map(|(_, index)| index)).chain(end..all.len());
    let steps = order.filter_map(|index| all.get_mut(index).and_then(Option::take)).collect();
    Joined { steps, transactions }
}

/// From where something goes to where it is back, or what it made room for is done.
fn away(steps: &[Step], strategy: &Strategy) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let is_one = step.mode == TransactionMode::Transaction;
        let gone = step.changes.iter().filter(|it| is_one && can_be_back(it, strategy));
        for gone in gone {
            let later = steps.iter().enumerate().skip(index + 1);
            let back = later
                .filter(|(_, step)| step.mode == TransactionMode::Transaction)
                .find(|(_, step)| step.changes.iter().any(|it| is_back(gone, it)));
            found.extend(back.map(|(end, _)| index..end + 1));
        }
    }
    found
}

fn can_be_back(change: &Change, strategy: &Strategy) -> bool {
    // Before 18 the keys of partitions are checked before their table has one.
    let is_divided = || strategy.sizes.0.get(&change.name).is_some_and(|it| it.partitioned);
    match &change.what {
        // An index goes so for another type of what it stands on.
        What::Drop(Part::Trigger(_) | Part::Policy(_) | Part::Index(_)) => true,
        What::Drop(Part::ForeignKey(_)) => !is_divided(),
        What::DropObject(it) => matches!(**it, Object::View(_) | Object::Function(_)),
        What::AlterColumn { from, to } => from.default.is_some() && to.default.is_none(),
        _ => false,
    }
}

fn is_back(gone: &Change, change: &Change) -> bool {
    let is_same = || match (&gone.what, &change.what) {
        (What::Drop(Part::ForeignKey(old)), What::Add(Part::ForeignKey(new))) => {
            old.columns == new.columns
        }
        (What::Drop(Part::Index(_)), What::Add(_)) => false,
        (What::Drop(it @ Part::Index(_)), What::AlterColumn { from, to }) => {
            is_retyped(from, to) && crate::plan::order::mentions(it, from)
        }
        (What::Drop(old), What::Add(new)) => old.kind() == new.kind() && old.name() == new.name(),
        (What::DropObject(_), What::AddObject(_)) => true,
        (What::AlterColumn { to: bare, .. }, What::AlterColumn { from, to }) => {
            bare == from && to.default.is_some()
        }
        _ => false,
    };
    gone.name == change.name && is_same()
}

/// Where a step goes. Those of one place keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Position {
    Before,
    /// In the transaction of this number.
    Within(usize),
    After,
}

struct Sorting<'a> {
    steps: &'a [Step],
    /// What each step has to do with: steps that share nothing can change places.
    touched: Vec<BTreeSet<&'a ObjectName>>,
}

impl<'a> Sorting<'a> {
    fn of(steps: &'a [Step]) -> Self {
        let changed = steps.iter().flat_map(|step| &step.changes).map(|change| &change.name);
        let locked = steps.iter().flat_map(|step| &step.locks).map(|lock| &lock.table);
        let all: BTreeSet<&ObjectName> = changed.chain(locked).collect();
        let touched = |step: &'a Step| {
            let named = |name: &&ObjectName| {
                // A function is called without the types of its arguments, and a schema has no name in itself.
                let plain = name.name.split('(').next().unwrap_or_default();
                let word = if plain.is_empty() { &name.schema } else { plain };
                step.statements.iter().any(|sql| has_word(sql, word))
                    || step.locks.iter().any(|lock| lock.table == **name)
                    || step.changes.iter().any(|change| change.name == **name || is_of_all(change))
            };
            all.iter().copied().filter(named).collect()
        };
        Self { steps, touched: steps.iter().map(touched).collect() }
    }

    /// The place of each step; `None` if something comes back that stands on what is to be done later.
    fn places(&self, away: &[Range<usize>]) -> Option<Vec<Position>> {
        let mut places: Vec<Position> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let is_at = |place: Position| {
                let places = &places;
                move |it: &usize| places.get(*it).is_some_and(|at| *at == place)
            };
            let meets = |place: Position| {
                let before = (0..index).filter(is_at(place)).filter(|it| self.meet(*it, index));
                before.filter_map(|it| self.steps.get(it))
            };
            let place = if away.iter().any(|it| it.start == index || it.end == index + 1) {
                if meets(Position::After).any(|later| is_needed(later, step)) {
                    return None;
                }
                Position::Within(0)
            } else if meets(Position::After).next().is_some() {
                Position::After
            } else if meets(Position::Within(0)).all(|aside| is_free_of(step, aside)) {
                Position::Before
            } else if step.mode == TransactionMode::Transaction {
                Position::Within(0)
            } else {
                Position::After
            };
            places.push(place);
        }
        self.divide(&mut places, away);
        Some(places)
    }

    fn meet(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.touched.get(one), self.touched.get(other)) else {
            return false;
        };
        !one.is_disjoint(other)
    }

    /// A transaction for each group of steps that have to do with each other: it locks no more than it must.
    fn divide(&self, places: &mut [Position], away: &[Range<usize>]) {
        let within: Vec<usize> = (places.iter().enumerate())
            .filter(|(_, place)| matches!(place, Position::Within(_)))
            .map(|(index, _)| index)
            .collect();
        let is_pair =
            |one: usize, other: usize| away.iter().any(|it| it.start == one && it.end == other + 1);
        let mut groups: Vec<(usize, usize)> = within.iter().map(|it| (*it, *it)).collect();
        for (at, other) in within.iter().enumerate() {
            for one in within.iter().take(at) {
                if !self.meet(*one, *other) && !is_pair(*one, *other) {
                    continue;
                }
                let of = |index: &usize| {
                    groups.iter().find(|(it, _)| it == index).map_or(*index, |(_, group)| *group)
                };
                let (old, new) = (of(one).max(of(other)), of(one).min(of(other)));
                groups.iter_mut().filter(|it| it.1 == old).for_each(|it| it.1 = new);
            }
        }
        for (index, group) in groups {
            if let Some(place) = places.get_mut(index) {
                *place = Position::Within(group);
            }
        }
    }
}

/// Whether a change has to do with any other.
fn is_of_all(change: &Change) -> bool {
    match &change.what {
        What::Renamed(_) | What::Rename { .. } => true,
        What::AddObject(it) | What::DropObject(it) => {
            matches!(**it, Object::Extension(_) | Object::Namespace(_))
        }
        _ => false,
    }
}

/// Whether a step can come before `aside`, in which something only goes: it is none of that which needs it gone.
fn is_free_of(step: &Step, aside: &Step) -> bool {
    let only_goes = |change: &Change| match &change.what {
        What::Drop(Part::Trigger(_) | Part::Policy(_) | Part::ForeignKey(_) | Part::Index(_)) => {
            true
        }
        What::DropObject(it) => matches!(**it, Object::View(_)),
        _ => false,
    };
    // Whatever else is said of such a step is done by those that follow it.
    let only_builds = step.mode == TransactionMode::Autocommit
        && step.statements.len() == 1
        && step.costs.iter().all(|cost| cost.kind == CostKind::IndexBuild);
    let needs_no_room = |change: &Change| match &change.what {
        What::AddTable(_) | What::AddColumn(_) | What::AddObject(_) => aside
            .changes
            .iter()
            .all(|it| !matches!(it.what, What::DropObject(_)) || it.name != change.name),
        What::Drop(Part::Index(_)) => true,
        What::Drop(part) => only_builds && has_index(part),
        What::Add(part) if has_index(part) || matches!(part, Part::Check(_)) => aside
            .changes
            .iter()
            .all(|it| !matches!(&it.what, What::Drop(gone) if gone.name() == part.name())),
        _ => false,
    };
    !aside.changes.is_empty()
        && aside.changes.iter().all(only_goes)
        && step.changes.iter().all(needs_no_room)
}

/// Whether what comes back stands on what a later step makes.
fn is_needed(later: &Step, back: &Step) -> bool {
    let is_referenced = |table: &ObjectName| {
        back.changes.iter().any(|it| match &it.what {
            What::Add(Part::ForeignKey(key)) => target(key) == *table,
            _ => false,
        })
    };
    // Rows grouped by a key may be read whole (manual, section 7.2.3).
    let groups = || back.statements.iter().any(|sql| sql.contains("GROUP BY"));
    later.changes.iter().any(|change| match &change.what {
        What::Add(Part::PrimaryKey(_)) => is_referenced(&change.name) || groups(),
        What::Add(part) => has_index(part) && is_referenced(&change.name),
        What::Drop(_) | What::AlterPart { .. } | What::Comment { .. } => false,
        _ => true,
    })
}

fn has_index(part: &Part) -> bool {
    matches!(part, Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_))
}
