//! [`OldNames`]: changes in the words of a database that still has the old names, so that it can be asked about its rows.

use crate::change::{Change, ObjectName, Part, Renaming, What};
use orm_core::schema::{Column, IndexKey, List, Text};
use std::collections::BTreeMap;

/// What things are called now that will have other names.
#[derive(Debug, Clone, Default)]
pub struct OldNames {
    tables: BTreeMap<ObjectName, ObjectName>,
    columns: BTreeMap<(ObjectName, Text), Text>,
}

impl OldNames {
    /// Those that these renamings take away.
    pub fn of(renamings: &[Change]) -> Self {
        let mut names = Self::default();
        for change in renamings {
            match &change.what {
                What::Renamed(Renaming::Table { to, .. }) => {
                    let old = names.tables.remove(&change.name);
                    names.tables.insert(to.clone(), old.unwrap_or_else(|| change.name.clone()));
                }
                What::Renamed(Renaming::Column { from, to }) => {
                    let old = names.columns.remove(&(change.name.clone(), from.name.clone()));
                    let old = old.unwrap_or_else(|| from.name.clone());
                    names.columns.insert((change.name.clone(), to.clone()), old);
                }
                _ => {}
            }
        }
        names
    }

    /// What the table is called now.
    pub fn table(&self, name: &ObjectName) -> ObjectName {
        self.tables.get(name).unwrap_or(name).clone()
    }

    /// These changes under the old names, without those whose SQL says new ones: only the server could translate that.
    pub fn changes(&self, changes: &[Change]) -> Vec<Change> {
        let is_known = |change: &&Change| !self.says_new_names(change);
        self.in_place(&changes.iter().filter(is_known).cloned().collect::<Vec<_>>())
    }

    /// Each of these changes under the old names, but for those in its SQL.
    pub fn in_place(&self, changes: &[Change]) -> Vec<Change> {
        let one = |Change { name, what }: &Change| match what {
            // It is said with the old name already.
            What::Renamed(_) => Change { name: name.clone(), what: what.clone() },
            what => Change { what: self.what(name, what), name: self.table(name) },
        };
        changes.iter().map(one).collect()
    }

    fn says_new_names(&self, change: &Change) -> bool {
        let is_touched = self.columns.keys().any(|(at, _)| *at == change.name);
        let is_sql = |key: &IndexKey| matches!(key, IndexKey::Expression(_));
        is_touched
            && match &change.what {
                What::Add(Part::Index(index)) => {
                    index.predicate.is_some() || index.parts.iter().any(|part| is_sql(&part.key))
                }
                What::Add(Part::Check(_)) => true,
                _ => false,
            }
    }

    fn what(&self, table: &ObjectName, what: &What) -> What {
        let column =
            |column: &Column| Column { name: self.column(table, &column.name), ..column.clone() };
        let columns = |names: &[Text]| -> List<Text> {
            names.iter().map(|name| self.column(table, name)).collect()
        };
        match what {
            What::DropColumn(it) => What::DropColumn(column(it)),
            What::AlterColumn { from, to } => {
                What::AlterColumn { from: column(from), to: column(to) }
            }
            What::Add(Part::PrimaryKey(key)) => {
                let mut key = key.clone();
                key.columns = columns(&key.columns);
                What::Add(Part::PrimaryKey(key))
            }
            What::Add(Part::Unique(unique)) => {
                let mut unique = unique.clone();
                unique.columns = columns(&unique.columns);
                What::Add(Part::Unique(unique))
            }
            What::Add(Part::ForeignKey(key)) => {
                let mut key = key.clone();
                let target = ObjectName {
                    schema: key.references_schema.to_string(),
                    name: key.references_table.to_string(),
                };
                key.columns = columns(&key.columns);
                let referenced = key.references_columns.iter();
                key.references_columns = referenced.map(|it| self.column(&target, it)).collect();
                let target = self.table(&target);
                (key.references_schema, key.references_table) =
                    (target.schema.into(), target.name.into());
                What::Add(Part::ForeignKey(key))
            }
            What::Add(Part::Index(index)) => {
                let mut index = index.clone();
                for part in index.parts.to_mut() {
                    if let IndexKey::Column(name) = &mut part.key {
                        *name = self.column(table, name);
                    }
                }
                What::Add(Part::Index(index))
            }
            what => what.clone(),
        }
    }

    fn column(&self, table: &ObjectName, name: &Text) -> Text {
        self.columns.get(&(table.clone(), name.clone())).unwrap_or(name).clone()
    }
}
