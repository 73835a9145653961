//! What is emitted beside errors, so that one mistake is one message: the table as far as it could be read.
//!
//! The program around a table with a mistake goes on to compile: its handles, relations and insert exist. Nothing is
//! promised of what they do, for the program does not run.

use crate::check::ENTRY_POINTS;
use crate::check::relation::names_table;
use crate::model::Table;
use crate::names;
use proc_macro2::{Ident, TokenStream};

/// The table without what would not compile.
pub(crate) fn table(mut table: Table) -> TokenStream {
    // Fields have names of their own, and those of two structs may be the same.
    for position in 0..table.columns.len() {
        let (before, rest) = table.columns.split_at_mut(position);
        if let Some(column) = rest.first_mut()
            && before.iter().any(|other| names::same(&other.ident, &column.ident))
        {
            let name = names::plain(&column.ident);
            column.ident = quote::format_ident!("__{name}_{position}");
            (column.setter, column.relation) = (None, None);
        }
    }
    let mut taken: Vec<Ident> = table.columns.iter().map(|column| column.ident.clone()).collect();
    let mut is_free = |name: &Ident| {
        let free = !taken.contains(name) && !ENTRY_POINTS.contains(&names::plain(name).as_str());
        taken.push(name.clone());
        free
    };
    for column in &mut table.columns {
        // Only the type of the column can know a variant, and it may be the mistake that it does not.
        if let Some(default) = &mut column.default
            && default.variant.take().is_some()
        {
            default.sql = "NULL".to_owned();
        }
        let is_path = column.references.as_ref().is_some_and(|path| path.segments.len() > 1);
        if !is_path || column.relation_name().is_some_and(|name| !is_free(&name)) {
            column.references = None;
        }
    }
    for key in &mut table.foreign_keys {
        if key.relation.as_ref().is_some_and(|name| !is_free(name)) {
            key.relation = None;
        }
    }
    table.foreign_keys.retain(|key| key.references.len() == key.fields.len());
    table.relations.retain(|relation| {
        let tables = relation.through.iter().map(|through| &through.table);
        let mut tables = tables.chain([&relation.table]);
        tables.all(names_table) && is_free(&relation.name)
    });
    for relation in &mut table.relations {
        (relation.on, relation.picked, relation.filter) = (None, None, None);
    }
    let mut holders = vec![table.row_with()];
    let relations: Vec<Ident> = table.relation_names().collect();
    table.loaded.clear();
    table.insert = None;
    let insert = table.insert_ident();
    // Two types of one name would be a second mistake.
    let made_twice = relations.iter().any(|relation| {
        let holder = table.holder(relation);
        let taken = holder == insert || holders.contains(&holder);
        holders.push(holder);
        taken
    });
    if made_twice {
        for column in &mut table.columns {
            column.references = None;
        }
        for key in &mut table.foreign_keys {
            key.relation = None;
        }
        table.relations.clear();
    }
    super::emit(&table, super::Reading::Mistaken)
}
