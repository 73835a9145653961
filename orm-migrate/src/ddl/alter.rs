//! `ALTER TABLE`, `DROP`, `COMMENT`: manual, the pages of those names.

use super::cast::{Domains, converted};
use super::column::{self, column as column_definition};
use super::serial::{self, is_serial, stored_type};
use super::{check, exclusion, foreign_key, index, primary_key, unique};
use crate::change::{ObjectName, Part};
use orm_core::schema::{Column, Text};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// `ALTER TABLE .. a, b`: one lock, one pass.
pub fn table(table: &ObjectName, subcommands: &[String]) -> String {
    let name = table.qualified();
    match subcommands {
        [one] => format!("ALTER TABLE {name} {one}"),
        several => format!("ALTER TABLE {name}\n    {}", several.join(",\n    ")),
    }
}

/// `ADD COLUMN ..`.
pub fn add_column(table: &ObjectName, column: &Column) -> String {
    format!("ADD COLUMN {}", column_definition(&table.schema, column))
}

/// `DROP COLUMN ..`.
pub fn drop_column(name: &str) -> String {
    format!("DROP COLUMN {}", Ident(name))
}

/// `DROP CONSTRAINT ..`.
pub fn drop_constraint(name: &str) -> String {
    format!("DROP CONSTRAINT {}", Ident(name))
}

/// `ALTER COLUMN .. SET NOT NULL`.
pub fn set_not_null(name: &str) -> String {
    format!("ALTER COLUMN {} SET NOT NULL", Ident(name))
}

/// `ADD CONSTRAINT ..`; what is no constraint has a whole statement, made by [`create`](super::part::create).
pub fn add(part: &Part) -> String {
    let definition = match part {
        Part::PrimaryKey(key) => primary_key(key),
        Part::Unique(it) => unique(it),
        Part::ForeignKey(key) => foreign_key(key),
        Part::Check(it) => check(it),
        Part::Exclusion(it) => exclusion(it),
        Part::Index(_) | Part::Trigger(_) | Part::Policy(_) => return String::new(),
    };
    format!("ADD {definition}")
}

/// `CREATE INDEX ..`.
pub fn create_index(table: &ObjectName, it: &orm_core::schema::Index) -> String {
    index(&table.qualified(), it)
}

/// `DROP INDEX ..`: an index is in the schema of its table.
pub fn drop_index(table: &ObjectName, name: &str) -> String {
    format!("DROP INDEX {}", Qualified(&table.schema, name))
}

/// `DROP TABLE ..`.
pub fn drop_table(table: &ObjectName) -> String {
    format!("DROP TABLE {}", table.qualified())
}

/// `ALTER TABLE .. RENAME CONSTRAINT ..` or `ALTER INDEX .. RENAME ..`.
pub fn rename(table: &ObjectName, part: &Part, to: &str) -> String {
    let (from, to) = (Ident(part.name()), Ident(to));
    let name = table.qualified();
    match part {
        Part::Index(_) => {
            format!("ALTER INDEX {} RENAME TO {to}", Qualified(&table.schema, part.name()))
        }
        Part::Trigger(_) => format!("ALTER TRIGGER {from} ON {name} RENAME TO {to}"),
        Part::Policy(_) => format!("ALTER POLICY {from} ON {name} RENAME TO {to}"),
        _ => format!("ALTER TABLE {name} RENAME CONSTRAINT {from} TO {to}"),
    }
}

/// `COMMENT ON TABLE ..`.
pub fn comment_table(table: &ObjectName, comment: Option<&Text>) -> String {
    format!("COMMENT ON TABLE {} IS {}", table.qualified(), literal(comment))
}

/// `COMMENT ON COLUMN ..`.
pub fn comment_column(table: &ObjectName, column: &str, comment: Option<&Text>) -> String {
    format!("COMMENT ON COLUMN {}.{} IS {}", table.qualified(), Ident(column), literal(comment))
}

fn literal(text: Option<&Text>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| Literal(text).to_string())
}

/// The sub-commands that make one column like another; its comment is a statement of its own.
///
/// The default goes before a change of type and comes back after it: the old one may not fit the new type.
pub fn column(table: &ObjectName, from: &Column, to: &Column, domains: &Domains) -> Vec<String> {
    let name = Ident(&to.name);
    let mut commands = Vec::new();
    let mut alter = |command: String| commands.push(format!("ALTER COLUMN {name} {command}"));
    let (old_type, new_type) = (stored_type(&from.data_type), stored_type(&to.data_type));
    let retyped = serial::is_retyped(from, to);
    let becomes_serial = !is_serial(from) && is_serial(to);
    let is_no_longer_serial = is_serial(from) && !is_serial(to);
    if from.generated.is_some() && to.generated.is_none() {
        alter("DROP EXPRESSION".to_owned());
    }
    if from.identity.is_some() && to.identity.is_none() && !serial::is_serial(to) {
        alter("DROP IDENTITY".to_owned());
    }
    let drops_default = from.default.is_some() && (to.default.is_none() || retyped);
    if is_no_longer_serial && to.identity.is_none() || drops_default {
        alter("DROP DEFAULT".to_owned());
    }
    if retyped {
        let collation =
            to.collation.as_ref().map_or_else(String::new, |it| format!(" COLLATE {it}"));
        let using = converted(&name.to_string(), old_type, new_type, domains);
        let using = using.map_or_else(String::new, |value| format!(" USING {value}"));
        alter(format!("TYPE {new_type}{collation}{using}"));
    }
    if let Some(default) = to.default.as_ref().filter(|_| retyped || from.default != to.default) {
        alter(format!("SET DEFAULT {default}"));
    }
    if becomes_serial {
        alter(format!("SET DEFAULT {}", serial::default(table, to)));
    }
    match (from.nullable, to.nullable) {
        (true, false) => alter("SET NOT NULL".to_owned()),
        (false, true) => alter("DROP NOT NULL".to_owned()),
        _ => {}
    }
    match (from.identity, to.identity) {
        (None, Some(identity)) => {
            let own = to.sequence.name.as_deref().map(|name| Qualified(&table.schema, name));
            alter(format!("ADD {}", column::generated_as(identity, own)));
        }
        (Some(_), Some(_)) if serial::ends_before_type(from, to) => {}
        (Some(_), Some(_)) => serial::options(from, to).into_iter().for_each(alter),
        (_, None) => {}
    }
    commands
}
