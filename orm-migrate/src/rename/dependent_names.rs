//! Constraints and indexes whose names were made of a name that changes, or that somebody named otherwise.

use super::{RenameError, declared, in_order};
use crate::change::{Change, ObjectName, Part, Renaming, What};
use orm_core::schema::{Rename, Renamed, Schema, Table, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The constraints, indexes, triggers and policies that get other names, when tables and columns have theirs.
///
/// `before` is the live schema, `after` the same when `renamings` are done. Names that nobody gave follow; a name that
/// somebody gave stays, unless `standing` or `asked` says otherwise.
///
/// # Errors
/// As [`declared::pending`].
pub fn parts(
    before: &Schema,
    renamings: &[Change],
    after: &Schema,
    (standing, asked): (&[Rename], &[Rename]),
    declared: &Schema,
) -> Result<Vec<Change>, RenameError> {
    let mut pairs: Vec<(NameOwner, NameOwner)> = Vec::new();
    for table in &after.tables {
        let name = ObjectName::of(table);
        let Some(to) = declared.table(&name.schema, &name.name) else { continue };
        let has = |table: &Table, part: &str| Part::all(table).any(|it| it.name() == part);
        let said = declared::DeclaredRenames {
            standing,
            asked,
            of: Renamed::Part,
            place: &name,
            kind: "constraint or index",
        };
        let given = said.pairs(|it| has(table, it), |it| has(to, it))?;
        let implied = implied(before, renamings, table, to, declared);
        let implied = implied.into_iter().filter(|(from, _)| given.iter().all(|it| it.0 != *from));
        let implied: Vec<_> = implied.collect();
        pairs.extend(given.into_iter().chain(implied).map(|(from, to)| {
            let place = |part: Text| NameOwner { table: name.clone(), part };
            (place(from), place(to))
        }));
    }
    let mut found: BTreeMap<ObjectName, Vec<Part>> =
        after.tables.iter().map(|it| (ObjectName::of(it), Part::all(it).collect())).collect();
    let between =
        |place: &NameOwner, part: String| NameOwner { part: part.into(), ..place.clone() };
    let mut changes = Vec::new();
    for (from, to) in in_order(pairs, between) {
        let Some(parts) = found.get_mut(&from.table) else { continue };
        let Some(part) = parts.iter_mut().find(|it| it.name() == from.part) else { continue };
        let what = What::Rename { part: part.clone(), to: to.part.clone() };
        *part = part.clone().named(Some(to.part));
        changes.push(Change { name: from.table, what });
    }
    Ok(changes)
}

/// A part by its table and name. Constraints without an index share names per table, the rest per schema: the wider of
/// the two is safe.
#[derive(Debug, Clone)]
struct NameOwner {
    table: ObjectName,
    part: Text,
}

impl PartialEq for NameOwner {
    fn eq(&self, other: &Self) -> bool {
        self.table.schema == other.table.schema && self.part == other.part
    }
}

/// The parts of a table that have the names which its old names imply, and shall have those of the new.
fn implied(
    before: &Schema,
    renamings: &[Change],
    table: &Table,
    to: &Table,
    declared: &Schema,
) -> Vec<(Text, Text)> {
    let Some(old) = old(before, renamings, &ObjectName::of(table)) else { return Vec::new() };
    let (Some(old), Some(new)) = (unnamed(old), unnamed(table)) else { return Vec::new() };
    let is_implied =
        |name: &str| declared.is_implied(to, name) && Part::all(to).any(|part| part.name() == name);
    // Only names have changed, so that the parts stand in one order.
    let names = Part::all(table).zip(Part::all(&old)).zip(Part::all(&new));
    let mut pairs: Vec<(Text, Text)> = names
        .map(|((part, old), new)| (part.name().to_owned(), old.name().to_owned(), new))
        .filter(|(name, old, new)| name == old && old != new.name())
        .filter(|(.., new)| is_implied(new.name()))
        .map(|(name, _, new)| (name.into(), new.name().to_owned().into()))
        .collect();
    // A name that something else keeps is not free.
    loop {
        let is_kept = |name: &Text| {
            Part::all(table).any(|it| it.name() == *name) && pairs.iter().all(|it| it.0 != *name)
        };
        match pairs.iter().position(|(_, to)| is_kept(to)) {
            Some(at) => pairs.remove(at),
            None => return pairs,
        };
    }
}

/// The table that is called `name` after the renamings.
fn old<'a>(before: &'a Schema, renamings: &[Change], name: &ObjectName) -> Option<&'a Table> {
    let mut name = name.clone();
    for change in renamings.iter().rev() {
        if let What::Renamed(Renaming::Table { to, .. }) = &change.what
            && *to == name
        {
            name = change.name.clone();
        }
    }
    before.table(&name.schema, &name.name)
}

/// The table with the names that its parts have when nobody names them.
fn unnamed(table: &Table) -> Option<Table> {
    let mut table = table.clone();
    let is_named = |part: &Part| matches!(part, Part::Trigger(_) | Part::Policy(_));
    let parts: Vec<Part> = Part::all(&table)
        .map(|part| if is_named(&part) { part } else { part.named(None) })
        .collect();
    Part::replace_all(&mut table, parts);
    let schema = Schema::declared([table]).ok()?;
    schema.tables.into_iter().next()
}

/// The schema with the new names of these parts.
pub fn under_new_names(schema: &Schema, changes: &[Change]) -> Schema {
    let mut schema = schema.clone();
    let concerned: BTreeSet<&ObjectName> = changes.iter().map(|change| &change.name).collect();
    for table in &mut schema.tables {
        let name = ObjectName::of(table);
        if !concerned.contains(&name) {
            continue;
        }
        let mut parts: Vec<Part> = Part::all(table).collect();
        for change in changes.iter().filter(|change| change.name == name) {
            let What::Rename { part: old, to } = &change.what else { continue };
            if let Some(part) = parts.iter_mut().find(|it| it.name() == old.name()) {
                *part = part.clone().named(Some(to.clone()));
            }
        }
        Part::replace_all(table, parts);
    }
    schema
}
