//! What the code says of names, as far as a database still has the old ones.

use super::{RenameError, in_order};
use crate::change::{BETWEEN, Change, ObjectName, Part, Renaming, What, named};
use orm_core::schema::{Column, Namespace, Object, Rename, Renamed, Schema, Table, Text};
use orm_core::sql::ident::Ident;
use std::collections::{BTreeMap, BTreeSet};

/// The tables, objects, columns, values and attributes that get other names, in an order that runs.
///
/// `standing` is what the code says: it is done where a database has the old name and not the new one, and else ignored,
/// so that it can stay in the code. `asked` is what somebody says for this once: it is done.
///
/// ```
/// use orm_core::schema::{Rename, Schema, Table};
/// use orm_migrate::rename::pending;
/// let live = Schema::declared([Table::new("public", "user")]).unwrap();
/// let declared = Schema::declared([Table::new("public", "account")]).unwrap();
/// let renames = [Rename::table(["public", "account"], "user")];
/// let changes = pending(&renames, &[], &live, &declared).unwrap();
/// assert_eq!(changes[0].to_string(), "rename table \"user\" to \"account\"");
/// assert!(pending(&renames, &[], &declared, &declared).unwrap().is_empty());
/// ```
///
/// # Errors
/// The database has both names, two things come from one, or names are passed on in a circle.
pub fn pending(
    standing: &[Rename],
    asked: &[Rename],
    live: &Schema,
    declared: &Schema,
) -> Result<Vec<Change>, RenameError> {
    let whole = whole(standing, asked, live, declared)?;
    let extensions = extensions(live, declared);
    let mut changes = schemas(&whole, &extensions, live, declared);
    changes.extend(extensions);
    let before: BTreeMap<ObjectName, ObjectName> =
        whole.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
    changes.extend(indexes_in_the_way(&whole, live, declared));
    renamed_wholes(whole, live, &mut changes);
    for table in &declared.tables {
        let name = ObjectName::of(table);
        let Some(old) = live_table(live, &name, &before) else { continue };
        let said =
            DeclaredRenames { standing, asked, of: Renamed::Column, place: &name, kind: "column" };
        let pairs = said.pairs(|it| old.column(it).is_some(), |it| table.column(it).is_some())?;
        renamed_columns(&name, pairs, old, &mut changes);
    }
    for object in &declared.objects {
        let name = ObjectName::of_object(object);
        let old = before.get(&name).unwrap_or(&name);
        let Some(old) = live.object(&old.schema, &old.name) else { continue };
        let Some((of, kind)) = of_members(object) else { continue };
        let (has, will_have) = (members(old), members(object));
        let said = DeclaredRenames { standing, asked, of, place: &name, kind };
        let pairs = said.pairs(|it| has.contains(it), |it| will_have.contains(it))?;
        for (from, to) in in_order(pairs, |_, between| between.into()) {
            let what = match of {
                Renamed::Value => Renaming::Value { from, to },
                _ => Renaming::Attribute { from, to },
            };
            changes.push(Change { name: name.clone(), what: What::Renamed(what) });
        }
    }
    Ok(changes)
}

/// The live table that is called `name` afterwards.
fn live_table<'a>(
    live: &'a Schema,
    name: &ObjectName,
    before: &BTreeMap<ObjectName, ObjectName>,
) -> Option<&'a Table> {
    let old = before.get(name).unwrap_or(name);
    live.table(&old.schema, &old.name)
}

/// What has names of its own in an object.
fn of_members(object: &Object) -> Option<(Renamed, &'static str)> {
    match object {
        Object::Enum(_) => Some((Renamed::Value, "value")),
        Object::Composite(_) => Some((Renamed::Attribute, "attribute")),
        _ => None,
    }
}

fn members(object: &Object) -> BTreeSet<&str> {
    match object {
        Object::Enum(it) => it.values.iter().map(AsRef::as_ref).collect(),
        Object::Composite(it) => it.attributes.iter().map(|it| it.name.as_ref()).collect(),
        _ => BTreeSet::new(),
    }
}

/// Tables and objects, by their old and new names.
fn whole(
    standing: &[Rename],
    asked: &[Rename],
    live: &Schema,
    declared: &Schema,
) -> Result<Vec<(ObjectName, ObjectName)>, RenameError> {
    let names = |rename: &Rename| {
        let old = rename.from_schema.as_ref().unwrap_or(&rename.schema);
        (
            ObjectName { schema: old.to_string(), name: rename.from.to_string() },
            ObjectName { schema: rename.schema.to_string(), name: rename.name.to_string() },
        )
    };
    let kind = |schema: &Schema, name: &ObjectName| {
        let object = schema.object(&name.schema, &name.name).map(Object::kind);
        object.or(schema.table(&name.schema, &name.name).map(|_| "table"))
    };
    let is_whole = |it: &&Rename| matches!(it.of, Renamed::Table | Renamed::Object);
    // What was a table and shall be a type is neither one nor the other.
    let is_meant = |(from, to): &(ObjectName, ObjectName)| {
        from != to && kind(live, from).is_some() && kind(live, from) == kind(declared, to)
    };
    let of = |renames: &[Rename]| -> Vec<_> {
        renames.iter().filter(is_whole).map(names).filter(is_meant).collect()
    };
    let first = of(standing).into_iter().chain(of(asked)).next();
    let kind_of_all = first.and_then(|(from, _)| kind(live, &from)).unwrap_or("table");
    settled(
        of(standing),
        of(asked),
        |name| kind(live, name).is_some(),
        |name| kind(declared, name).is_some(),
        |name| name.to_string(),
        kind_of_all,
    )
}

/// What is said of the names of one kind within one table or type.
pub(super) struct DeclaredRenames<'a> {
    pub(super) standing: &'a [Rename],
    pub(super) asked: &'a [Rename],
    pub(super) of: Renamed,
    pub(super) place: &'a ObjectName,
    pub(super) kind: &'static str,
}

impl DeclaredRenames<'_> {
    pub(super) fn pairs(
        &self,
        is_live: impl Fn(&str) -> bool,
        is_declared: impl Fn(&str) -> bool,
    ) -> Result<Vec<(Text, Text)>, RenameError> {
        let of = |renames: &[Rename]| -> Vec<(Text, Text)> {
            let here = renames.iter().filter(|it| {
                it.of == self.of && it.schema == self.place.schema && it.name == self.place.name
            });
            let pairs = here.filter_map(|it| Some((it.from.clone(), it.member.clone()?)));
            pairs.filter(|(from, to)| from != to && is_live(from) && is_declared(to)).collect()
        };
        settled(
            of(self.standing),
            of(self.asked),
            |name| is_live(name),
            |name| is_declared(name),
            |name| format!("{} of {}", Ident(name), self.place),
            self.kind,
        )
    }
}

/// The pairs that are to be done: those that were asked for, and of the others those whose new name is free, or becomes
/// free.
fn settled<T: Clone + PartialEq>(
    standing: Vec<(T, T)>,
    asked: Vec<(T, T)>,
    is_live: impl Fn(&T) -> bool,
    is_declared: impl Fn(&T) -> bool,
    said: impl Fn(&T) -> String,
    kind: &'static str,
) -> Result<Vec<(T, T)>, RenameError> {
    let mut waiting: Vec<(T, T)> = standing.into_iter().filter(|it| !asked.contains(it)).collect();
    // What is said for this once is said knowing the code.
    waiting.retain(|(from, to)| asked.iter().all(|it| it.0 != *from && it.1 != *to));
    let mut done = asked;
    while let Some(free) =
        waiting.iter().position(|(_, to)| !is_live(to) || done.iter().any(|(from, _)| from == to))
    {
        done.push(waiting.remove(free));
    }
    for (at, (from, to)) in done.iter().enumerate() {
        if let Some((_, second)) = done.iter().skip(at + 1).find(|other| other.0 == *from) {
            let (first, second) = (said(to), said(second));
            return Err(RenameError::Twice { kind, from: said(from), first, second });
        }
    }
    for (at, (from, to)) in done.iter().enumerate() {
        let is_free = |name: &T| done.iter().any(|it| it.0 == *name) || !is_live(name);
        if done.iter().take(at).all(|it| it.1 != *to) && !is_free(to) {
            return Err(RenameError::Both { kind, from: said(from), to: said(to) });
        }
    }
    for (from, to) in &waiting {
        if let Some((_, second)) = waiting.iter().find(|other| other.0 == *to && other.1 == *from) {
            let (first, second) = (said(to), said(second));
            return Err(RenameError::Circle { kind, first, second });
        }
        // It was done before, if something else has the old name now.
        if !is_declared(from) {
            return Err(RenameError::Both { kind, from: said(from), to: said(to) });
        }
    }
    Ok(done)
}

/// The extensions that are in another schema: what uses their types and functions follows, as it does a name.
fn extensions(live: &Schema, declared: &Schema) -> Vec<Change> {
    let moved = declared.objects.iter().filter_map(|object| {
        let Object::Extension(it) = object else { return None };
        let Some(Object::Extension(old)) = live.object("", &it.name) else { return None };
        let (from, to) = (old.schema.clone()?, it.schema.clone()?);
        let what = What::Renamed(Renaming::Extension { from: from.clone(), to: to.clone() });
        (from != to).then(|| Change { name: ObjectName::of_object(object), what })
    });
    moved.collect()
}

/// The PostgreSQL schemas that something is moved to, and that do not exist yet.
fn schemas(
    whole: &[(ObjectName, ObjectName)],
    extensions: &[Change],
    live: &Schema,
    declared: &Schema,
) -> Vec<Change> {
    let moved = whole.iter().filter(|(from, to)| from.schema != to.schema);
    let of_extensions = extensions.iter().filter_map(|change| match &change.what {
        What::Renamed(Renaming::Extension { to, .. }) => Some(to.as_ref()),
        _ => None,
    });
    let new: BTreeSet<&str> =
        moved.map(|(_, to)| to.schema.as_str()).chain(of_extensions).collect();
    let is_there = |schema: &str| {
        schema == orm_core::schema::DEFAULT_SCHEMA
            || ObjectName::all(live).any(|name| name.schema == schema)
    };
    new.into_iter()
        .filter(|schema| !is_there(schema))
        .map(|schema| {
            let plain = Namespace { name: schema.to_owned().into(), comment: None };
            let object = declared.object(schema, "").cloned().unwrap_or_else(|| plain.into());
            let what = What::AddObject(Box::new(object));
            Change { name: ObjectName { schema: schema.to_owned(), name: String::new() }, what }
        })
        .collect()
}

/// Indexes, also of constraints, whose names tables, views, sequences and composite types will have: these share names
/// with them (manual, `pg_class`). Each gets the name that it is declared with, or one in between.
fn indexes_in_the_way(
    whole: &[(ObjectName, ObjectName)],
    live: &Schema,
    declared: &Schema,
) -> Vec<Change> {
    let after: BTreeMap<&ObjectName, &ObjectName> =
        whole.iter().map(|(from, to)| (from, to)).collect();
    let is_index = |part: &Part| {
        matches!(part, Part::Index(_) | Part::PrimaryKey(_) | Part::Unique(_) | Part::Exclusion(_))
    };
    let shares_names = |name: &ObjectName| match live.object(&name.schema, &name.name) {
        Some(Object::Enum(_) | Object::Domain(_) | Object::Function(_)) => false,
        Some(_) => true,
        None => live.table(&name.schema, &name.name).is_some(),
    };
    let is_taken = |schema: &str, name: &str| {
        let place = ObjectName { schema: schema.to_owned(), name: name.to_owned() };
        shares_names(&place)
            || whole.iter().any(|(_, to)| *to == place)
            || (live.tables.iter().filter(|it| it.schema == schema))
                .flat_map(Part::all)
                .any(|part| is_index(&part) && part.name() == name)
    };
    let mut changes = Vec::new();
    for table in &live.tables {
        let name = ObjectName::of(table);
        let new_name = after.get(&name).copied().unwrap_or(&name);
        let will_be = declared.table(&new_name.schema, &new_name.name);
        for part in Part::all(table).filter(is_index) {
            let is_new_name = |(from, to): &(ObjectName, ObjectName)| {
                to.schema == name.schema && to.name == part.name() && shares_names(from)
            };
            if !whole.iter().any(is_new_name) {
                continue;
            }
            let same = will_be.into_iter().flat_map(Part::all).find(|it| {
                it.equals_but_for_name(&part)
                    && !it.name().is_empty()
                    && !is_taken(&name.schema, it.name())
            });
            let to = same.map_or_else(
                || format!("{BETWEEN}index_{}", changes.len()),
                |it| it.name().to_owned(),
            );
            changes.push(Change { name: name.clone(), what: What::Rename { part, to: to.into() } });
        }
    }
    changes
}

fn renamed_wholes(whole: Vec<(ObjectName, ObjectName)>, live: &Schema, changes: &mut Vec<Change>) {
    let between = |name: &ObjectName, between| ObjectName { name: between, ..name.clone() };
    // What is called so at this point.
    let mut tables: BTreeMap<ObjectName, Table> = BTreeMap::new();
    let mut objects: BTreeMap<ObjectName, Object> = BTreeMap::new();
    for (from, _) in &whole {
        if let Some(table) = live.table(&from.schema, &from.name) {
            tables.insert(from.clone(), table.clone());
        } else if let Some(object) = live.object(&from.schema, &from.name) {
            objects.insert(from.clone(), object.clone());
        }
    }
    for (from, to) in in_order(whole, between) {
        let what = if let Some(table) = tables.remove(&from) {
            let (schema, name) = (to.schema.clone().into(), to.name.clone().into());
            tables.insert(to.clone(), Table { schema, name, ..table.clone() });
            Renaming::Table { from: Box::new(table), to }
        } else if let Some(object) = objects.remove(&from) {
            objects.insert(to.clone(), named(object.clone(), &to));
            Renaming::Object { from: Box::new(object), to }
        } else {
            continue;
        };
        changes.push(Change { name: from, what: What::Renamed(what) });
    }
}

fn renamed_columns(
    table: &ObjectName,
    pairs: Vec<(Text, Text)>,
    old: &Table,
    changes: &mut Vec<Change>,
) {
    let mut columns: BTreeMap<Text, Column> =
        old.columns.iter().map(|column| (column.name.clone(), column.clone())).collect();
    for (from, to) in in_order(pairs, |_, between| between.into()) {
        let Some(column) = columns.remove(&from) else { continue };
        columns.insert(to.clone(), Column { name: to.clone(), ..column.clone() });
        let what = What::Renamed(Renaming::Column { from: Box::new(column), to });
        changes.push(Change { name: table.clone(), what });
    }
}
