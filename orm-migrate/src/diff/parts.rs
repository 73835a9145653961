//! Constraints, indexes, triggers and policies: which of the one side is which of the other.

use super::partition::{is_passed_on, name_below};
use crate::change::{Part, What};
use crate::ddl::serial::is_retyped;
use orm_core::schema::{Schema, Table, Text};

/// What leads from the parts of one table to those of the other. `parent` is the table that it is then attached to.
pub(super) fn diff(
    from: &Table,
    to: &Table,
    declared: &Schema,
    parent: Option<&Table>,
) -> Vec<What> {
    let (pairs, gone) = pairs(from, to, declared);
    let mut changes: Vec<What> = Vec::new();
    for live in gone {
        // What it has like its new parent becomes a part of that's, under the name that it would have as such.
        let mut above = parent.into_iter().flat_map(Part::all).filter(is_passed_on);
        match above.find(|it| it.equals_but_for_name(&live)) {
            None => changes.push(What::Drop(live)),
            Some(above) => {
                let name = name_below(to, &above);
                if live.name() != name {
                    changes.push(What::Rename { part: live, to: name });
                }
            }
        }
    }
    let names = names(&pairs, to, declared);
    for ((part, live), name) in pairs.into_iter().zip(names) {
        let Some(live) = live else {
            changes.push(What::Add(part));
            continue;
        };
        let part = part.named(Some(name.clone()));
        if live.name() != name {
            changes.push(What::Rename { to: name.clone(), part: live.clone() });
        }
        let live = live.named(Some(name));
        if !is_met(&part, &live) {
            changes.push(What::AlterPart { from: live, to: part });
        }
    }
    // PostgreSQL attaches no table that lacks a check of its new parent.
    for check in parent.into_iter().flat_map(|table| table.checks.iter()) {
        let part = Part::Check(check.clone());
        if !is_passed_on(&part) {
            continue;
        }
        if !Part::all(from).any(|live| live.equals_but_for_name(&part)) {
            changes.push(What::Add(part));
        }
    }
    changes
}

/// Gives the parts of `to` that nobody named the names they have in `from`, and lets what holds for all rows do so.
pub(super) fn settle(from: &Table, to: &mut Table, declared: &Schema) {
    let (pairs, _) = pairs(from, to, declared);
    let names = names(&pairs, to, declared);
    let settled: Vec<Part> = (pairs.into_iter().zip(names))
        .map(|((part, live), name)| match live {
            None => part,
            Some(live) if live.is_not_valid() => part.named(Some(name)),
            Some(_) => part.validated().named(Some(name)),
        })
        .collect();
    Part::replace_all(to, settled);
}

/// Sets for each foreign key the index of its target that it has afterwards: the one it had, unless the migration
/// recreates that. Another server chose for `to`.
pub(super) fn settle_indexes(from: &Schema, to: &mut Schema) {
    let declared = to.clone();
    for table in &mut to.tables {
        let live = from.table(&table.schema, &table.name);
        let now = table.clone();
        for key in table.foreign_keys.to_mut() {
            let kept = live.and_then(|live| {
                let of = |schema: &Schema| {
                    schema.table(&key.references_schema, &key.references_table).cloned()
                };
                let (before, after) = (of(from)?, of(&declared)?);
                let old = live.foreign_keys.iter().find(|it| *it == key)?;
                let index = old.index.name()?;
                let is_index = |part: &Part| part.name() == index;
                let is_same = Part::all(&before).find(is_index)?
                    == Part::all(&after).find(is_index)?
                    && has_same_types(&before, &after, &key.references_columns)
                    && has_same_types(live, &now, &key.columns)
                    && before.partition_by == after.partition_by;
                is_same.then(|| old.index.clone())
            });
            key.index = kept.unwrap_or_default();
        }
    }
}

fn has_same_types(from: &Table, to: &Table, columns: &[Text]) -> bool {
    columns.iter().all(|name| match (from.column(name), to.column(name)) {
        (Some(from), Some(to)) => !is_retyped(from, to),
        // Those of a partition are its table's.
        (from, to) => from.is_none() && to.is_none(),
    })
}

/// The name of each part afterwards. One that nobody gave is the one that is there, unless another part needs that.
fn names(pairs: &[(Part, Option<Part>)], to: &Table, declared: &Schema) -> Vec<Text> {
    let text = |name: &str| Text::from(name.to_owned());
    let mut names: Vec<Text> = (pairs.iter())
        .map(|(part, live)| match live {
            Some(live) if declared.is_implied(to, part.name()) => text(live.name()),
            _ => text(part.name()),
        })
        .collect();
    loop {
        let is_taken = |at: &usize| {
            let others = names.iter().enumerate().filter(|(other, _)| other != at);
            let Some((part, _)) = pairs.get(*at) else { return false };
            let is_open = names.get(*at).is_some_and(|it| it != part.name());
            let meets = |other: usize| pairs.get(other).is_some_and(|(it, _)| meet(part, it));
            is_open
                && others
                    .into_iter()
                    .any(|(other, name)| Some(name) == names.get(*at) && meets(other))
        };
        let Some(at) = (0..names.len()).find(is_taken) else { return names };
        if let (Some(name), Some((part, _))) = (names.get_mut(at), pairs.get(at)) {
            *name = text(part.name());
        }
    }
}

/// Whether they may not have one name: constraints of a table may not, nor what has an index.
fn meet(one: &Part, other: &Part) -> bool {
    let is_rule = |part: &Part| matches!(part, Part::Trigger(_) | Part::Policy(_));
    let has_no_index = |part: &Part| matches!(part, Part::Check(_) | Part::ForeignKey(_));
    match (is_rule(one), is_rule(other)) {
        (true, true) => one.kind() == other.kind(),
        (false, false) => {
            !(one.is_index() && has_no_index(other) || has_no_index(one) && other.is_index())
        }
        _ => false,
    }
}

/// Whether a live part is what is declared. One that is declared `NOT VALID` may hold for all rows.
fn is_met(part: &Part, live: &Part) -> bool {
    live == part || !live.is_not_valid() && part.clone().validated() == *live
}

/// Each part of `to` with its like in `from`, and the parts of `from` that are left over.
///
/// One that is equal in name and meaning is found first, then one that is equal in meaning, then one of the same name
/// that can be changed.
fn pairs(from: &Table, to: &Table, declared: &Schema) -> (Vec<(Part, Option<Part>)>, Vec<Part>) {
    let mut left: Vec<Part> = Part::all(from).collect();
    let mut pairs: Vec<(Part, Option<Part>)> = Part::all(to).map(|part| (part, None)).collect();
    for (part, like) in &mut pairs {
        *like = take(&mut left, |live| is_met(part, live));
    }
    // A name that the author gave does not take away a part that another one has by name.
    let open = |(_, like): &&mut (Part, Option<Part>)| like.is_none();
    for (part, like) in pairs.iter_mut().filter(open) {
        *like = take(&mut left, |live| {
            is_met(&part.clone().named(None), &live.clone().named(None))
                && (declared.is_implied(to, part.name())
                    || Part::all(to).all(|other| other.name() != live.name()))
        });
    }
    for (part, like) in pairs.iter_mut().filter(open) {
        *like = take(&mut left, |live| {
            let name = Some(Text::from(live.name().to_owned()));
            (live.name() == part.name() || declared.is_implied(to, part.name()))
                && live.can_become(&part.clone().named(name))
        });
    }
    (pairs, left)
}

fn take(parts: &mut Vec<Part>, mut is_it: impl FnMut(&Part) -> bool) -> Option<Part> {
    let index = parts.iter().position(&mut is_it)?;
    Some(parts.remove(index))
}
