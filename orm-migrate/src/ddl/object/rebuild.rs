//! Types that are made again, and the columns of them with them (manual, `ALTER TYPE`: values can neither be removed nor
//! moved, and an attribute whose type is in use cannot be changed).

use super::{comment, create, keyword, unchecked};
use crate::change::ObjectName;
use crate::ddl::alter;
use crate::ddl::cast::{self, Domains};
use orm_core::schema::names::implied;
use orm_core::schema::{Column, Composite, Object};
use orm_core::sql::ident::{Ident, Qualified};

/// A type, as it is and as it will be.
#[derive(Debug, Clone, Copy)]
pub struct TypeAgain<'a> {
    /// As it is.
    pub from: &'a Object,
    /// As it will be.
    pub to: &'a Object,
}

/// A column of such a type, as it is and as it will be.
#[derive(Debug, Clone, Copy)]
pub struct TypedColumn<'a> {
    /// The table.
    pub table: &'a ObjectName,
    /// As it is.
    pub from: &'a Column,
    /// The default that it has again at once, if any.
    pub default: Option<&'a str>,
    /// Its type.
    pub of: TypeAgain<'a>,
    /// Whether its type is an array of that.
    pub is_array: bool,
}

/// The statements that replace the types, which come in an order in which they can be created. They fail where a row
/// holds a value that goes. `is_again` says of a type whether it is one of these, `domains` what is under domains then.
pub fn rebuild(
    types: &[TypeAgain<'_>],
    columns: &[TypedColumn<'_>],
    is_again: &dyn Fn(&str) -> bool,
    domains: &Domains,
) -> Vec<String> {
    let aside = |object: &Object| implied(&object.name(), &[], "orm_old");
    let mut statements: Vec<String> = (types.iter())
        .map(|it| {
            let name = Qualified(it.from.schema(), &it.from.name()).to_string();
            format!("ALTER {} {name} RENAME TO {}", keyword(it.from), Ident(&aside(it.from)))
        })
        .collect();
    statements.extend(types.iter().map(|it| create(it.to)));
    let mut tables: Vec<&ObjectName> = columns.iter().map(|column| column.table).collect();
    tables.dedup();
    for table in tables {
        let of_table = columns.iter().filter(|column| column.table == table);
        let commands: Vec<String> =
            of_table.flat_map(|it| retyped(it, is_again, domains)).collect();
        statements.push(alter::table(table, &commands));
    }
    // Values that are there may not satisfy them.
    statements.extend(types.iter().flat_map(|it| unchecked(it.to)));
    for it in types.iter().rev() {
        let old = Qualified(it.from.schema(), &aside(it.from)).to_string();
        statements.push(format!("DROP {} {old}", keyword(it.from)));
    }
    let said = types.iter().filter(|it| it.to.comment().is_some());
    statements.extend(said.filter_map(|it| comment(it.to)));
    let granted = types.iter().flat_map(|it| it.to.grants());
    statements.extend(granted.map(ToString::to_string));
    statements
}

fn retyped(
    column: &TypedColumn<'_>,
    is_again: &dyn Fn(&str) -> bool,
    domains: &Domains,
) -> Vec<String> {
    let TypedColumn { from, default, .. } = column;
    let place = format!("ALTER COLUMN {}", Ident(&from.name));
    let to = column.of.to;
    let name = spelled(to);
    let brackets = if column.is_array { "[]" } else { "" };
    let collation = from.collation.as_ref().map_or_else(String::new, |it| format!(" COLLATE {it}"));
    let value = value(column, &format!("{name}{brackets}"), is_again, domains);
    let cast = format!("{place} TYPE {name}{brackets}{collation} USING {value}");
    let drop = from.default.as_ref().map(|_| format!("{place} DROP DEFAULT"));
    let set = default.map(|default| format!("{place} SET DEFAULT {default}"));
    drop.into_iter().chain([cast]).chain(set).collect()
}

/// The old value as the new type.
fn value(
    column: &TypedColumn<'_>,
    new: &str,
    is_again: &dyn Fn(&str) -> bool,
    domains: &Domains,
) -> String {
    let name = Ident(&column.from.name);
    let brackets = if column.is_array { "[]" } else { "" };
    let new_type = spelled(column.of.to);
    let is_same = matches!((column.of.from, column.of.to),
        (Object::Domain(from), Object::Domain(to)) if from.data_type == to.data_type && !is_again(&to.data_type));
    if let (Some((plain, _)), false) = (cast::length(&domains.base(&new_type)), is_same) {
        // A cast to the type would cut what is too long.
        return format!("{name}::{plain}{brackets}");
    }
    match (column.of.from, column.of.to) {
        (Object::Domain(_), Object::Domain(to)) if is_again(&to.data_type) => {
            format!("{name}::text{brackets}::{}{brackets}::{new}", to.data_type)
        }
        (Object::Domain(_), Object::Domain(to)) => {
            format!("{name}::{}{brackets}::{new}", to.data_type)
        }
        // Their attributes are in the same places: see `is_same_row`.
        (Object::Composite(_), Object::Composite(_)) if column.is_array => {
            format!("{name}::text::{new}")
        }
        (Object::Composite(from), Object::Composite(to)) => {
            row(&name, from, to, new, is_again, domains)
        }
        _ => format!("{name}::text{brackets}::{new}"),
    }
}

/// A type's name as [`Domains`] finds it.
fn spelled(object: &Object) -> String {
    Qualified(object.schema(), &object.name()).to_string()
}

/// A row of the new type, made of the attributes of the old one.
fn row(
    column: &Ident<'_>,
    from: &Composite,
    to: &Composite,
    new: &str,
    is_again: &dyn Fn(&str) -> bool,
    domains: &Domains,
) -> String {
    let mut is_measured = false;
    let attributes = to.attributes.iter().map(|attribute| {
        let place = format!("({column}).{}", Ident(&attribute.name));
        match from.attributes.iter().find(|it| it.name == attribute.name) {
            None => "NULL".to_owned(),
            Some(old)
                if (old.data_type != attribute.data_type || is_again(&attribute.data_type))
                    && cast::length(&domains.base(&attribute.data_type)).is_some() =>
            {
                is_measured = true;
                place
            }
            Some(_) if is_again(&attribute.data_type) => {
                format!("{place}::text::{}", attribute.data_type)
            }
            Some(old) if old.data_type == attribute.data_type => place,
            Some(_) => format!("{place}::{}", attribute.data_type),
        }
    });
    let attributes: Vec<String> = attributes.collect();
    // A row that is cast to the type has what is too long cut, a text that is read as one is refused.
    let as_text = if is_measured { "::text" } else { "" };
    // Not `IS NULL`, which is true of a row whose attributes are all NULL.
    format!(
        "CASE WHEN {column} IS DISTINCT FROM NULL THEN ROW({}){as_text}::{new} END",
        attributes.join(", ")
    )
}

/// Whether the attributes of both are in the same places: then a value of the one is, as text, one of the other.
pub fn is_same_row(from: &Composite, to: &Composite) -> bool {
    from.attributes.len() == to.attributes.len()
        && from.attributes.iter().zip(to.attributes.iter()).all(|(a, b)| a.name == b.name)
}
