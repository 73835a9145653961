//! Gathers: both sides in the server's words, cut down to what is asked for, and what differs between them.

use crate::catalog::{Canonical, Live, Unmanaged};
use crate::change::{Change, ObjectName, What, followed};
use crate::diff::{diff, settled};
use crate::history::{Branches, Migration};
use crate::source::{Both, Filter, Side};
use orm_core::schema::Object;
use std::collections::BTreeSet;

/// What was found.
pub(in crate::cli) struct Found {
    /// What is there, under its new names.
    pub(in crate::cli) live: Live,
    /// What is there, under the names it has now.
    pub(in crate::cli) before: Canonical,
    /// What leads from the old names to the new ones; the first of the changes.
    pub(in crate::cli) renamings: Vec<Change>,
    /// The database after the migration, with the tables that are not ours.
    pub(in crate::cli) after: Canonical,
    /// Only the tables that are ours, also those that were not asked for.
    pub(in crate::cli) declared: Canonical,
    /// What is ours, under its new names.
    pub(in crate::cli) managed: BTreeSet<ObjectName>,
    pub(in crate::cli) changes: Vec<Change>,
    /// What people should know of the choice of tables.
    pub(in crate::cli) notes: Vec<String>,
    /// What is beside the wanted schema, where that was read.
    beside: Vec<Unmanaged>,
    filter: Filter,
}

/// Which tables of `from` are dropped when `to` does not have them.
pub(in crate::cli) fn managed(
    from: &Side,
    to: &Side,
    live: &Canonical,
    migrations: &[Migration],
) -> BTreeSet<ObjectName> {
    let is_database = |side: &Side| matches!(side, Side::Target | Side::Url(_));
    let is_folder = |side: &Side| matches!(side, Side::Migrations | Side::Folder(_));
    let is_declared = matches!(from, Side::Crate | Side::File(_));
    if is_declared || is_database(to) || (is_folder(from) && is_folder(to)) {
        // Nobody else's tables are in what was declared; and who compares two databases means all of both.
        return ObjectName::all(live.schema()).collect();
    }
    // What the last migrations left us with; what nobody declares and we never made is another's.
    let branches = Branches::of(migrations);
    let both = branches.tables().into_iter().chain(branches.objects());
    both.map(|[schema, name]| ObjectName { schema, name }).collect()
}

pub(in crate::cli) fn find(both: Both, managed: BTreeSet<ObjectName>, filter: &Filter) -> Found {
    let Both { from: live, before, renamings, to, beside, .. } = both;
    let managed = followed(managed, &renamings);
    let (declared, notes) = filter.cut(&to, &live.canonical);
    let seen: BTreeSet<ObjectName> =
        ObjectName::all(&filter.only(live.canonical.schema())).collect();
    let asked: BTreeSet<ObjectName> = managed.intersection(&seen).cloned().collect();
    let changes = diff(&live.canonical, &declared, &asked);
    let mut declared = settled(&live.canonical, &declared).schema().clone();
    let mut after = declared.clone();
    for table in &live.canonical.schema().tables {
        let name = ObjectName::of(table);
        if declared.table(&table.schema, &table.name).is_some() || asked.contains(&name) {
            continue;
        }
        after.tables.push(table.clone());
        if managed.contains(&name) {
            declared.tables.push(table.clone());
        }
    }
    let is_dropped = |name: &ObjectName| {
        changes.iter().any(|it| it.name == *name && matches!(it.what, What::DropObject(_)))
    };
    for object in &live.canonical.schema().objects {
        let name = ObjectName::of_object(object);
        if declared.object(&name.schema, &name.name).is_some() || is_dropped(&name) {
            continue;
        }
        after.objects.push(object.clone());
        if managed.contains(&name) {
            declared.objects.push(object.clone());
        }
    }
    for schema in [&mut after, &mut declared] {
        schema.objects.sort_by_key(ObjectName::of_object);
        schema.tables.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    }
    let (after, declared) = (Canonical::of_catalog(after), Canonical::of_catalog(declared));
    let changes = renamings.iter().cloned().chain(changes).collect();
    let filter = filter.clone();
    Found { live, before, renamings, after, declared, managed, changes, notes, beside, filter }
}

impl Found {
    /// What differs when the names are the new ones.
    pub(in crate::cli) fn others_than_names(&self) -> &[Change] {
        self.changes.get(self.renamings.len()..).unwrap_or_default()
    }

    /// What is in the database and not ours.
    pub(in crate::cli) fn others(&self) -> Vec<(String, String)> {
        let tables = self.after.schema().tables.iter();
        let tables = tables
            .filter(|table| self.declared.schema().table(&table.schema, &table.name).is_none())
            .filter(|table| self.filter.has(&table.schema, &table.name))
            .map(|table| ("table".to_owned(), ObjectName::of(table).to_string()));
        let rest = self.live.unmanaged.iter().filter(|it| self.filter.has_named(&it.name));
        let rest = rest.map(|it| (it.kind.clone(), it.name.clone()));
        let objects = self.after.schema().objects.iter();
        let objects = objects
            .filter(|it| self.declared.schema().object(it.schema(), &it.name()).is_none())
            .filter(|it| self.filter.has_object(it.schema()) && !self.holds_ours(it))
            .map(|it| (it.kind().to_owned(), crate::ddl::object::name(it)));
        tables.chain(objects).chain(rest).collect()
    }

    /// What only the wanted side has, and nobody makes: no model has it.
    pub(in crate::cli) fn others_wanted(&self) -> Vec<(String, String)> {
        let is_there = |it: &&Unmanaged| {
            self.live.unmanaged.iter().any(|had| had.kind == it.kind && had.name == it.name)
        };
        let only = self.beside.iter().filter(|it| !is_there(it));
        let only = only.filter(|it| self.filter.has_named(&it.name));
        only.map(|it| (it.kind.clone(), it.name.clone())).collect()
    }

    /// A schema is not worth a word where it is there for what is ours.
    fn holds_ours(&self, object: &Object) -> bool {
        let Object::Namespace(it) = object else { return false };
        ObjectName::all(self.declared.schema()).any(|name| name.schema == it.name)
    }
}
