//! The SQL in tables, parts and objects, where the names are of what they stand on.

use crate::change::Part;
use orm_core::schema::{Column, Function, Index, IndexKey, Object, Table, View};

pub(super) fn texts_of_column(column: &Column) -> Vec<String> {
    let optional = |text: Option<&orm_core::schema::Text>| text.map(ToString::to_string);
    [column.data_type.to_string()]
        .into_iter()
        .chain(optional(column.default.as_ref()))
        .chain(optional(column.generated.as_ref().map(|it| &it.expression)))
        .chain(optional(column.collation.as_ref()))
        .collect()
}

pub(super) fn texts_of_table(table: &Table) -> Vec<String> {
    let columns = table.columns.iter().flat_map(texts_of_column);
    let bound = table.partition_of.iter().map(|it| it.bound.to_string());
    columns.chain(Part::all(table).flat_map(|part| texts_of_part(&part))).chain(bound).collect()
}

/// The SQL in a part; the tables that a foreign key joins are a matter of stages.
pub(crate) fn texts_of_part(part: &Part) -> Vec<String> {
    match part {
        Part::Check(check) => vec![check.expression.to_string()],
        Part::Index(index) => texts_of_index(index),
        Part::Exclusion(it) => {
            let texts = it.elements.iter().flat_map(|element| {
                let key = match &element.part.key {
                    IndexKey::Expression(text) => Some(text),
                    IndexKey::Column(_) => None,
                };
                let class = element.part.operator_class.as_ref();
                key.into_iter().chain(class).chain([&element.operator])
            });
            texts.chain(it.predicate.as_ref()).map(ToString::to_string).collect()
        }
        Part::Trigger(it) => vec![it.action.to_string()],
        Part::Policy(it) => {
            it.using.iter().chain(it.with_check.iter()).map(ToString::to_string).collect()
        }
        Part::PrimaryKey(_) | Part::Unique(_) | Part::ForeignKey(_) => Vec::new(),
    }
}

fn texts_of_index(index: &Index) -> Vec<String> {
    let expressions = index.parts.iter().flat_map(|part| {
        let key = match &part.key {
            IndexKey::Expression(text) => Some(text.to_string()),
            IndexKey::Column(_) => None,
        };
        key.into_iter().chain(part.operator_class.as_ref().map(ToString::to_string))
    });
    expressions.chain(index.predicate.as_ref().map(ToString::to_string)).collect()
}

pub(crate) fn texts_of_object(object: &Object) -> Vec<String> {
    match object {
        Object::Domain(it) => [it.data_type.to_string()]
            .into_iter()
            .chain(it.default.as_ref().map(ToString::to_string))
            .chain(it.checks.iter().map(|check| check.expression.to_string()))
            .collect(),
        Object::Composite(it) => {
            it.attributes.iter().map(|attribute| attribute.data_type.to_string()).collect()
        }
        Object::Function(it) => texts_of_function(it),
        Object::View(View { query, indexes, .. }) => {
            let indexes = indexes.iter().flat_map(texts_of_index);
            [query.to_string()].into_iter().chain(indexes).collect()
        }
        Object::Extension(it) => it.schema.iter().map(|it| in_schema(it)).collect(),
        Object::Namespace(_) | Object::Enum(_) | Object::Sequence(_) => Vec::new(),
    }
}

/// How it is said that something is in a schema: a comment, which names no table of that name.
pub(super) fn in_schema(name: &str) -> String {
    format!("-- schema {name}")
}

/// Whether PostgreSQL keeps what the object reads from being changed: a view, and a function whose body is SQL.
pub(super) fn is_read_when_made(object: &Object) -> bool {
    match object {
        Object::View(_) => true,
        Object::Function(it) => !is_string(it),
        _ => false,
    }
}

/// A body that is a string is read when it is called; one that is SQL (`BEGIN ATOMIC`, `RETURN`) when it is made.
pub(in crate::plan) fn is_string(it: &Function) -> bool {
    it.definition.lines().any(|line| line.trim_start().starts_with("AS "))
}

fn texts_of_function(it: &Function) -> Vec<String> {
    let head = it.definition.lines().next().unwrap_or_default();
    let definition = if is_string(it) { head } else { &it.definition };
    vec![it.arguments.to_string(), definition.to_owned()]
}
