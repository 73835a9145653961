//! An enum that loses values, or has them in another order: made again, and its columns with it (manual, `ALTER TYPE`:
//! values can neither be removed nor moved).

use super::{comment, create};
use crate::change::ObjectName;
use crate::ddl::alter;
use orm_core::schema::{Column, Enum, Object};
use orm_core::sql::ident::{Ident, Qualified};

/// A column of the type, as it is and as it will be.
#[derive(Debug, Clone, Copy)]
pub struct TypedColumn<'a> {
    /// The table.
    pub table: &'a ObjectName,
    /// As it is.
    pub from: &'a Column,
    /// As it will be; none if it goes.
    pub to: Option<&'a Column>,
    /// Whether its type is an array of the enum.
    pub is_array: bool,
}

/// The statements that replace the type. They fail where a row holds a value that goes.
pub fn rebuild(from: &Enum, to: &Enum, columns: &[TypedColumn<'_>]) -> Vec<String> {
    let aside = format!("orm_old_{}", from.name);
    let name = Qualified(&to.schema, &to.name);
    let object = Object::Enum(to.clone());
    let mut statements =
        vec![format!("ALTER TYPE {name} RENAME TO {}", Ident(&aside)), create(&object)];
    let mut tables: Vec<&ObjectName> = columns.iter().map(|column| column.table).collect();
    tables.dedup();
    for table in tables {
        let of_table = columns.iter().filter(|column| column.table == table);
        let commands: Vec<String> = of_table.flat_map(|column| retyped(column, &name)).collect();
        statements.push(alter::table(table, &commands));
    }
    statements.push(format!("DROP TYPE {}", Qualified(&from.schema, &aside)));
    if to.comment.is_some() {
        statements.extend(comment(&object));
    }
    statements
}

fn retyped(column: &TypedColumn<'_>, name: &Qualified<'_>) -> Vec<String> {
    let TypedColumn { from, to, is_array, .. } = column;
    let brackets = if *is_array { "[]" } else { "" };
    let place = format!("ALTER COLUMN {}", Ident(&from.name));
    let cast = format!(
        "{place} TYPE {name}{brackets} USING {}::text{brackets}::{name}{brackets}",
        Ident(&from.name)
    );
    let is_same_type = |to: &&Column| to.data_type == from.data_type;
    let default = match to.filter(is_same_type) {
        Some(to) => to.default.as_ref(),
        // It goes, or gets another type in a later step.
        None => None,
    };
    let drop = from.default.as_ref().map(|_| format!("{place} DROP DEFAULT"));
    let set = default.map(|default| format!("{place} SET DEFAULT {default}"));
    drop.into_iter().chain([cast]).chain(set).collect()
}
