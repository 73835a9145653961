//! Schemas, extensions, types, sequences, functions and views: manual, the pages of `CREATE`, `ALTER` and `DROP`.

mod alter;
mod rebuild;

pub use alter::{alter, can_be_altered};
pub use rebuild::{TypeAgain, TypedColumn, is_same_row, rebuild};

use super::check;
use orm_core::schema::{
    Attribute, Composite, Domain, Enum, Extension, Function, Namespace, Object, OwnedBy, Sequence,
    SequenceOptions, View,
};
use orm_core::sql::ident::{Ident, Literal, Qualified};
use std::fmt::Write as _;

/// The object's name as SQL: that of a function with the types of its arguments.
pub fn name(object: &Object) -> String {
    match object {
        Object::Namespace(it) => Ident(&it.name).to_string(),
        Object::Extension(it) => Ident(&it.name).to_string(),
        Object::Function(it) => {
            format!("{}({})", Qualified(&it.schema, &it.name), it.signature)
        }
        other => Qualified(other.schema(), &other.name()).to_string(),
    }
}

/// `CREATE ..`, without comment, rights, indexes and what is not valid.
pub fn create(object: &Object) -> String {
    match object {
        Object::Namespace(Namespace { name, .. }) => super::create_schema(name),
        Object::Extension(it) => extension(it),
        Object::Enum(it) => enumeration(it),
        Object::Domain(it) => domain(it),
        Object::Composite(it) => composite(it),
        Object::Sequence(it) => sequence(it),
        Object::Function(it) => function(it),
        Object::View(it) => view(it, false),
    }
}

/// `CREATE ..`, then what is not valid, the indexes, the comment and the rights.
pub fn made(object: &Object) -> Vec<String> {
    let mut statements = vec![create(object)];
    statements.extend(unchecked(object));
    if let Object::View(it) = object {
        let name = Qualified(&it.schema, &it.name);
        statements.extend(it.indexes.iter().map(|each| super::index(&name, each)));
    }
    if object.comment().is_some() {
        statements.extend(comment(object));
    }
    statements.extend(object.grants().iter().map(ToString::to_string));
    statements
}

/// What a new domain needs beside [`create`]: checks that are `NOT VALID`, which can only be added.
pub fn unchecked(object: &Object) -> Vec<String> {
    let Object::Domain(it) = object else { return Vec::new() };
    let checks = it.checks.iter().filter(|check| check.not_valid);
    checks.map(|it| format!("ALTER DOMAIN {} ADD {}", name(object), check(it))).collect()
}

/// Whether a statement names a column, which a view with another query may not have.
pub fn is_of_column(statement: &str) -> bool {
    let grants_on_columns =
        |text: &str| text.split_once(" ON ").is_some_and(|(rights, _)| rights.contains('('));
    statement.starts_with("COMMENT ON COLUMN ")
        || statement.starts_with("ALTER VIEW ") && statement.contains(" ALTER COLUMN ")
        || statement.starts_with("GRANT ") && grants_on_columns(statement)
}

/// `DROP ..`.
pub fn drop(object: &Object) -> String {
    format!("DROP {} {}", keyword(object), name(object))
}

/// `COMMENT ON ..`; none for an extension, whose comment is its own.
pub fn comment(object: &Object) -> Option<String> {
    if matches!(object, Object::Extension(_)) {
        return None;
    }
    let text = object.comment().map_or_else(|| "NULL".to_owned(), |it| Literal(it).to_string());
    Some(format!("COMMENT ON {} {} IS {text}", keyword(object), name(object)))
}

/// The word for this kind of object in `DROP` and `COMMENT ON`.
pub(super) fn keyword(object: &Object) -> &'static str {
    match object {
        Object::Namespace(_) => "SCHEMA",
        Object::Extension(_) => "EXTENSION",
        Object::Enum(_) | Object::Composite(_) => "TYPE",
        Object::Domain(_) => "DOMAIN",
        Object::Sequence(_) => "SEQUENCE",
        Object::Function(Function { procedure: true, .. }) => "PROCEDURE",
        Object::Function(_) => "FUNCTION",
        Object::View(View { materialized: true, .. }) => "MATERIALIZED VIEW",
        Object::View(_) => "VIEW",
    }
}

fn extension(it: &Extension) -> String {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", Ident(&it.name));
    // Writing to a String cannot fail.
    if let Some(schema) = &it.schema {
        let _ = write!(sql, " SCHEMA {}", Ident(schema));
    }
    if let Some(version) = &it.version {
        let _ = write!(sql, " VERSION {}", Literal(version));
    }
    sql
}

fn enumeration(it: &Enum) -> String {
    let values: Vec<String> = it.values.iter().map(|it| Literal(it).to_string()).collect();
    format!("CREATE TYPE {} AS ENUM ({})", Qualified(&it.schema, &it.name), values.join(", "))
}

fn domain(it: &Domain) -> String {
    let mut sql = format!("CREATE DOMAIN {} AS {}", Qualified(&it.schema, &it.name), it.data_type);
    if let Some(collation) = &it.collation {
        let _ = write!(sql, " COLLATE {collation}");
    }
    if let Some(default) = &it.default {
        let _ = write!(sql, " DEFAULT {default}");
    }
    if it.not_null {
        sql.push_str(" NOT NULL");
    }
    for each in it.checks.iter().filter(|it| !it.not_valid) {
        let _ = write!(sql, "\n    {}", check(each));
    }
    sql
}

fn composite(it: &Composite) -> String {
    let attributes: Vec<String> = it.attributes.iter().map(attribute).collect();
    format!("CREATE TYPE {} AS ({})", Qualified(&it.schema, &it.name), attributes.join(", "))
}

/// An attribute as it stands in `CREATE TYPE` and after `ADD ATTRIBUTE`.
pub fn attribute(it: &Attribute) -> String {
    let collation = it.collation.as_ref().map_or_else(String::new, |it| format!(" COLLATE {it}"));
    format!("{} {}{collation}", Ident(&it.name), it.data_type)
}

fn sequence(it: &Sequence) -> String {
    format!(
        "CREATE {}SEQUENCE {} AS {}{}",
        if it.unlogged { "UNLOGGED " } else { "" },
        Qualified(&it.schema, &it.name),
        it.data_type,
        sequence_options(&it.options)
    )
}

/// `ALTER SEQUENCE .. OWNED BY ..`; without an owner it stays when the column goes.
pub fn own(schema: &str, sequence: &str, by: Option<&OwnedBy>) -> String {
    let by = by.map_or_else(
        || "NONE".to_owned(),
        |by| format!("{}.{}", Qualified(&by.schema, &by.table), Ident(&by.column)),
    );
    format!("ALTER SEQUENCE {} OWNED BY {by}", Qualified(schema, sequence))
}

/// The options of a sequence as SQL, each with a space before it.
pub fn sequence_options(options: &SequenceOptions) -> String {
    let mut sql = String::new();
    let mut add = |word: &str, value: Option<i64>| {
        if let Some(value) = value {
            let _ = write!(sql, " {word} {value}");
        }
    };
    add("INCREMENT BY", options.increment);
    add("MINVALUE", options.min);
    add("MAXVALUE", options.max);
    add("START WITH", options.start);
    add("CACHE", options.cache);
    if options.cycle {
        sql.push_str(" CYCLE");
    }
    sql
}

fn function(it: &Function) -> String {
    let kind = if it.procedure { "PROCEDURE" } else { "FUNCTION" };
    let name = Qualified(&it.schema, &it.name);
    format!("CREATE OR REPLACE {kind} {name}({}) {}", it.arguments, it.definition.trim())
}

/// `CREATE [OR REPLACE] VIEW`; a materialised one cannot be replaced.
pub fn view(it: &View, replace: bool) -> String {
    let kind = match (it.materialized, replace) {
        (true, _) => "MATERIALIZED VIEW",
        (false, true) => "OR REPLACE VIEW",
        (false, false) => "VIEW",
    };
    let options = match it.options.is_empty() {
        true => String::new(),
        false => format!(" WITH ({})", it.options.join(", ")),
    };
    let query = it.query.trim().trim_end_matches(';');
    format!("CREATE {kind} {}{options} AS\n{query}", Qualified(&it.schema, &it.name))
}
