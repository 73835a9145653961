//! [`Alias`]: a declared table as a temporary one, under names that cannot collide.

use super::storageless;
use crate::change::ObjectName;
use crate::ddl;
use orm_core::schema::{ColumnSequence, ForeignKey, PartitionOf, Table, Text};
use orm_core::sql::ident::Qualified;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A declared table under names that cannot collide: temporary tables of two schemas share one namespace.
pub(super) struct Alias<'a> {
    pub(super) declared: &'a Table,
    /// The table as it is created.
    pub(super) table: Table,
    /// The names it is created with, and what they stand for.
    names: BTreeMap<String, Option<Text>>,
    is_sketch: bool,
}

/// How tables are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// With all that is declared.
    Whole,
    /// As sketches, where that is possible.
    Sketch,
}

/// The tables, each in the place that it has in the list.
pub(super) fn all(tables: &[Table], form: Form) -> Vec<Alias<'_>> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let names: Vec<String> = (tables.iter().enumerate())
        .map(|(number, table)| {
            let own = table.name.to_string();
            // A policy that looks into other tables calls the columns of its own by the name of the table.
            if !table.policies.is_empty() && taken.insert(own.clone()) {
                own
            } else {
                format!("t{number}")
            }
        })
        .collect();
    let of: BTreeMap<ObjectName, &String> = tables.iter().map(ObjectName::of).zip(&names).collect();
    let parent = |table: &Table| {
        let parent = ObjectName::parent(table.partition_of.as_ref()?);
        of.get(&parent).map(|name| (*name).clone())
    };
    (tables.iter().zip(&names).enumerate())
        .map(|(number, (table, name))| {
            let alias = Alias::of(table, number, name.clone(), parent(table));
            if form == Form::Sketch && storageless::is_possible(table) {
                alias.sketched()
            } else {
                alias
            }
        })
        .collect()
}

impl<'a> Alias<'a> {
    /// `parent` is the name of the table that it is a partition of, where that is created too.
    pub(super) fn of(
        declared: &'a Table,
        number: usize,
        name: String,
        parent: Option<String>,
    ) -> Self {
        let mut names = BTreeMap::new();
        let mut fresh = |name: &mut Option<Text>| {
            let alias = format!("n{number}_{}", names.len());
            names.insert(alias.clone(), name.take());
            *name = Some(Cow::Owned(alias));
        };
        let mut table = declared.clone();
        table.schema = Cow::Borrowed("pg_temp");
        table.name = Cow::Owned(name);
        // A temporary table is neither, and nobody reads its rows.
        table.unlogged = false;
        (table.row_security, table.force_row_security) = (false, false);
        // A temporary table has sequences of its own, under names of its own.
        for column in table.columns.to_mut() {
            column.sequence = ColumnSequence::DEFAULT;
        }
        // They have no expression, and a temporary table may not reference a permanent one.
        table.foreign_keys = Cow::Borrowed(&[]);
        table.primary_key.iter_mut().for_each(|key| fresh(&mut key.name));
        table.uniques.to_mut().iter_mut().for_each(|unique| fresh(&mut unique.name));
        table.checks.to_mut().iter_mut().for_each(|check| fresh(&mut check.name));
        table.exclusions.to_mut().iter_mut().for_each(|exclusion| fresh(&mut exclusion.name));
        table.indexes.to_mut().iter_mut().for_each(|index| fresh(&mut index.name));
        match (&mut table.partition_of, parent) {
            (Some(of), Some(parent)) => {
                of.schema = Cow::Borrowed("pg_temp");
                of.table = Cow::Owned(parent);
            }
            // It is created for itself, with the columns that were read of it.
            (of, _) => *of = None,
        }
        Self { declared, table, names, is_sketch: false }
    }

    fn sketched(self) -> Self {
        Self { table: storageless::of(self.table), is_sketch: true, ..self }
    }

    /// The same table under its own name.
    pub(super) fn renamed(&self, number: usize) -> Self {
        let parent = self.table.partition_of.as_ref().map(|of| of.table.to_string());
        Self::of(self.declared, number, self.declared.name.to_string(), parent)
    }

    pub(super) fn sql(&self) -> String {
        let table = &self.table;
        let name = Qualified(&table.schema, &table.name);
        let indexes = table.indexes.iter().map(|index| ddl::index(&name, index));
        let triggers = table.triggers.iter().map(|it| ddl::trigger::trigger(&name, it, false));
        let policies = table.policies.iter().map(|it| ddl::policy::policy(&name, it));
        [ddl::create_table(&name, table)]
            .into_iter()
            .chain(ddl::unchecked(&name, table))
            .chain(indexes)
            .chain(triggers)
            .chain(policies)
            .collect::<Vec<_>>()
            .join(";\n")
    }

    /// The table that was read, under its own names.
    pub(super) fn restore(&self, mut read: Table) -> Table {
        let original = |name: &mut Option<Text>| {
            if let Some(declared) = name.as_deref().and_then(|name| self.names.get(name)) {
                *name = declared.clone();
            }
        };
        let declared = self.declared;
        read.schema = declared.schema.clone();
        read.name = declared.name.clone();
        read.comment = declared.comment.clone();
        read.unlogged = declared.unlogged;
        (read.row_security, read.force_row_security) =
            (declared.row_security, declared.force_row_security);
        for column in read.columns.to_mut() {
            let declared = declared.column(&column.name);
            column.comment = declared.and_then(|column| column.comment.clone());
            column.sequence = declared.map(|it| it.sequence.clone()).unwrap_or_default();
        }
        read.partition_of = match (read.partition_of, &declared.partition_of) {
            (Some(read), Some(declared)) => {
                Some(PartitionOf { bound: read.bound, ..declared.clone() })
            }
            (_, declared) => declared.clone(),
        };
        read.foreign_keys = declared.foreign_keys.iter().cloned().map(in_order).collect();
        read.primary_key.iter_mut().for_each(|key| original(&mut key.name));
        read.uniques.to_mut().iter_mut().for_each(|unique| original(&mut unique.name));
        read.checks.to_mut().iter_mut().for_each(|check| original(&mut check.name));
        read.exclusions.to_mut().iter_mut().for_each(|exclusion| original(&mut exclusion.name));
        read.indexes.to_mut().iter_mut().for_each(|index| original(&mut index.name));
        if self.is_sketch {
            storageless::finish(&mut read, declared);
        }
        // In the order in which the catalog gives them.
        read.uniques.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
        read.foreign_keys.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
        read.checks.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
        read.exclusions.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
        read.indexes.to_mut().sort_by(|a, b| a.name.cmp(&b.name));
        read
    }
}

/// The columns that `ON DELETE SET ..` sets are a set, and all of them are what is said without a list.
fn in_order(mut key: ForeignKey) -> ForeignKey {
    key.on_delete_columns.to_mut().sort();
    key.on_delete_columns.to_mut().dedup();
    if key.on_delete_columns.len() >= key.columns.len() {
        key.on_delete_columns = Cow::Borrowed(&[]);
    }
    key
}

/// Tables before their partitions.
pub(super) fn parents_first(tables: &[Table]) -> Vec<&Table> {
    let mut waiting: Vec<&Table> = tables.iter().collect();
    let mut sorted = Vec::with_capacity(waiting.len());
    let is_parent = |table: &Table, other: &Table| {
        let of = table.partition_of.as_ref();
        of.is_some_and(|of| of.schema == other.schema && of.table == other.name)
    };
    while !waiting.is_empty() {
        let is_free = |table: &&Table| waiting.iter().all(|other| !is_parent(table, other));
        let index = waiting.iter().position(is_free).unwrap_or(0);
        sorted.push(waiting.remove(index));
    }
    sorted
}
