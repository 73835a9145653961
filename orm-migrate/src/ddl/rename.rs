//! `ALTER .. RENAME` and `ALTER .. SET SCHEMA`: manual, `ALTER TABLE`, `ALTER TYPE` and their like.

use super::alter::table;
use super::object;
use super::serial::is_serial;
use crate::change::{ObjectName, Renaming, named};
use orm_core::schema::names;
use orm_core::schema::{Column, Object};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// The statements that give another name to what is called `of`, or to what is in it.
pub fn statements(of: &ObjectName, renaming: &Renaming) -> Vec<String> {
    match renaming {
        Renaming::Table { from, to } => {
            let moved = ObjectName { schema: to.schema.clone(), name: of.name.clone() };
            let schema =
                (moved != *of).then(|| table(of, &[format!("SET SCHEMA {}", Ident(&to.schema))]));
            let name =
                (moved != *to).then(|| table(&moved, &[format!("RENAME TO {}", Ident(&to.name))]));
            let columns = from.columns.iter().filter(|column| has_sequence(column));
            let columns = columns.filter(|_| of.name != to.name && from.partition_of.is_none());
            let sequences = columns
                .map(|column| sequence(to, &column.name, &names::sequence(&of.name, &column.name)));
            schema.into_iter().chain(name).chain(sequences).collect()
        }
        Renaming::Object { from, to } => {
            let mut object = (**from).clone();
            let mut statements = Vec::new();
            if object.schema() != to.schema {
                let place = object::name(&object);
                let word = object::keyword(&object);
                statements.push(format!("ALTER {word} {place} SET SCHEMA {}", Ident(&to.schema)));
                let moved = ObjectName { schema: to.schema.clone(), name: of.name.clone() };
                object = named(object, &moved);
            }
            let new = plain_name(&named(object.clone(), to));
            if plain_name(&object) != new {
                let (place, word) = (object::name(&object), object::keyword(&object));
                statements.push(format!("ALTER {word} {place} RENAME TO {}", Ident(&new)));
            }
            statements
        }
        Renaming::Column { from, to } => {
            let command = format!("RENAME COLUMN {} TO {}", Ident(&from.name), Ident(to));
            let sequence = has_sequence(from)
                .then(|| sequence(of, to, &names::sequence(&of.name, &from.name)));
            [table(of, &[command])].into_iter().chain(sequence).collect()
        }
        Renaming::Value { from, to } => {
            vec![format!(
                "ALTER TYPE {} RENAME VALUE {} TO {}",
                of.qualified(),
                Literal(from),
                Literal(to)
            )]
        }
        Renaming::Extension { to, .. } => {
            vec![format!("ALTER EXTENSION {} SET SCHEMA {}", Ident(&of.name), Ident(to))]
        }
        Renaming::Attribute { from, to } => {
            vec![format!(
                "ALTER TYPE {} RENAME ATTRIBUTE {} TO {} CASCADE",
                of.qualified(),
                Ident(from),
                Ident(to)
            )]
        }
    }
}

/// A function's name without its arguments; any other object's as it is.
fn plain_name(object: &Object) -> String {
    match object {
        Object::Function(it) => it.name.to_string(),
        Object::Namespace(it) => it.name.to_string(),
        other => other.name().into_owned(),
    }
}

fn has_sequence(column: &Column) -> bool {
    is_serial(column) || column.identity.is_some()
}

/// The sequence of a column follows its name, if it has the name that PostgreSQL gave it.
fn sequence(table: &ObjectName, column: &str, old: &str) -> String {
    let own = format!(
        "pg_get_serial_sequence({}, {})",
        Literal(&table.qualified().to_string()),
        Literal(column)
    );
    let old = Qualified(&table.schema, old).to_string();
    let new = names::sequence(&table.name, column);
    let body = format!(
        "BEGIN IF to_regclass({own}) = to_regclass({}) THEN ALTER SEQUENCE {old} RENAME TO {}; END IF; END",
        Literal(&old),
        Ident(&new)
    );
    format!("DO {}", Literal(&body))
}
