//! Rules for one column; each with its reason.

use super::ENTRY_POINTS;
use crate::errors::Errors;
use crate::model::{Column, Default, DefaultKind};
use crate::names;
use quote::ToTokens as _;
use syn::Type;

pub(super) fn column(column: &Column, errors: &mut Errors) {
    if column.origin.is_some() {
        // The rest is reported where it is declared.
        return entry_point(column, errors);
    }
    references(column, errors);
    if let Some(found) = &column.default {
        default(found, &format!("column `{}`", column.ident), &column.inner, errors);
    }
    identity(column, errors);
    serial(column, errors);
    generated(column, errors);
    default_fn(column, errors);
    entry_point(column, errors);
}

fn references(column: &Column, errors: &mut Errors) {
    let name = &column.ident;
    if let Some(path) = &column.references
        && path.segments.len() < 2
    {
        errors.at(
            path,
            format!("`references` of column `{name}` names a column: `references = Table::column`"),
        );
    }
    for (key, action) in [("on_delete", &column.on_delete), ("on_update", &column.on_update_action)]
    {
        let Some(action) = action else { continue };
        let error = |message: String| syn::Error::new(action.span, message);
        if column.references.is_none() {
            errors.push(error(format!(
                "`{key} = {}` of column `{name}` needs `references = Table::column`",
                action.word
            )));
        }
        // The server would refuse at the moment of the delete: late, and in production.
        if action.word == "set_null" && column.is_certainly_not_null() {
            errors.push(error(needs_null(key, column)));
        }
        if action.word == "set_default" && column.default.is_none() {
            errors
                .push(error(format!("`{key} = set_default` of column `{name}` needs a `default`")));
        }
    }
    let options = [
        ("deferrable", column.deferrable.as_ref().map(|it| it.span)),
        ("not_valid", column.not_valid),
    ];
    for (key, span) in options {
        if let Some(span) = span
            && column.references.is_none()
        {
            let message = format!("`{key}` of column `{name}` needs `references = Table::column`");
            errors.push(syn::Error::new(span, message));
        }
    }
    if let Some(relation) = &column.relation
        && column.references.is_none()
    {
        errors.at(
            relation,
            format!("`relation` of column `{name}` needs `references = Table::column`"),
        );
    }
}

/// What `set_null` needs. Reported here for a type of the standard library, and by the compiler for any other.
pub(crate) fn needs_null(key: &str, column: &Column) -> String {
    format!(
        "`{key} = set_null` of column `{}` needs a field that can be NULL: `Option<..>`",
        column.ident
    )
}

/// What a column of the primary key is not.
pub(crate) fn key_is_null(column: &Column) -> String {
    format!(
        "column `{}` is the primary key, which cannot be NULL: remove the `Option`",
        column.ident
    )
}

/// What a column is whose values come from a sequence of its own.
pub(crate) fn is_no_integer(column: &Column) -> String {
    let what = if column.identity.is_some() { "an identity" } else { "a serial" };
    format!(
        "column `{}` is {what}, which must be of an integer type, such as `i32` or `i64`",
        column.ident
    )
}

/// A literal that the column's type cannot hold fails when the table is made: too late.
pub(super) fn default(default: &Default, what: &str, ty: &Type, errors: &mut Errors) {
    let Default { kind, span, sql, variant } = default;
    if variant.is_none() && (sql.trim().is_empty() || sql.contains('\0')) {
        let problem = if sql.contains('\0') { "holds a zero byte" } else { "is empty" };
        let message = format!("the default of {what} {problem}");
        return errors.push(syn::Error::new(*span, message));
    }
    let ty = spelled(ty);
    let expected = match ty.as_str() {
        "bool" => &[DefaultKind::Bool][..],
        "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" => &[DefaultKind::Integer],
        "f32" | "f64" => &[DefaultKind::Integer, DefaultKind::Float],
        "String" => &[DefaultKind::Text],
        _ => return,
    };
    let range = match ty.as_str() {
        "i8" => Some((i128::from(i8::MIN), i128::from(i8::MAX))),
        "u8" => Some((0, i128::from(u8::MAX))),
        "u16" => Some((0, i128::from(u16::MAX))),
        "u32" => Some((0, i128::from(u32::MAX))),
        // A `bigint` holds no more, and a `numeric` as much as `u64`.
        "u64" => Some((0, i128::from(u64::MAX))),
        "i16" => Some((i128::from(i16::MIN), i128::from(i16::MAX))),
        "i32" => Some((i128::from(i32::MIN), i128::from(i32::MAX))),
        "i64" => Some((i128::from(i64::MIN), i128::from(i64::MAX))),
        _ => None,
    };
    if *kind == DefaultKind::Integer
        && let Some((least, most)) = range
        && !sql.parse::<i128>().is_ok_and(|value| (least..=most).contains(&value))
    {
        let message = format!("the default {sql} of {what} does not fit `{ty}`: {least} to {most}");
        errors.push(syn::Error::new(*span, message));
    }
    if *kind != DefaultKind::Sql && !expected.contains(kind) {
        let found = match kind {
            DefaultKind::Bool => "a boolean",
            DefaultKind::Integer => "an integer",
            DefaultKind::Float => "a number with a fraction",
            DefaultKind::Text => "a string",
            DefaultKind::Sql => "SQL",
            DefaultKind::Variant => "a path",
        };
        let message = format!("the default of {what} is {found}, and the field is `{ty}`");
        errors.push(syn::Error::new(*span, message));
    }
}

/// A type as text.
fn spelled(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

fn identity(column: &Column, errors: &mut Errors) {
    let Some(identity) = &column.identity else { return };
    let mut error = |message: String| errors.push(syn::Error::new(identity.span, message));
    if column.is_certainly_not_null() && !is_integer(&column.ty) {
        error(is_no_integer(column));
    }
    if column.optional {
        error(format!(
            "column `{}` is an identity, which cannot be NULL: remove the `Option`",
            column.ident
        ));
    }
    for (option, number) in &identity.options {
        if matches!((*option, *number), ("increment", 0) | ("cache", ..1)) {
            error(format!(
                "option `{option} = {number}` of the identity of column `{}` is too small",
                column.ident
            ));
        }
    }
    if identity.always && column.on_update.is_some() {
        error(format!(
            "column `{}` is an identity that only the server sets: `on_update` needs `identity = by_default`",
            column.ident
        ));
    }
    if column.default.is_some() {
        error(format!(
            "column `{}` has both `identity` and `default`: the server takes one",
            column.ident
        ));
    }
}

/// A serial is an integer with a default of its own (manual, section 8.1.4).
fn serial(column: &Column, errors: &mut Errors) {
    if !column.is_serial() {
        return;
    }
    let name = &column.ident;
    let span = column.serial.unwrap_or(name.span());
    let mut error = |message: String| errors.push(syn::Error::new(span, message));
    if column.is_certainly_not_null() && !is_integer(&column.ty) {
        error(is_no_integer(column));
    }
    if column.optional {
        error(format!("column `{name}` is a serial, which cannot be NULL: remove the `Option`"));
    }
    let others = [
        ("default", column.default.is_some()),
        ("identity", column.identity.is_some()),
        ("generated", column.generated.is_some()),
        ("data_type", column.serial.is_some() && column.data_type.is_some()),
    ];
    for (other, is_there) in others {
        if is_there {
            error(format!("column `{name}` has both `serial` and `{other}`: the server takes one"));
        }
    }
}

/// One of the types that can count.
pub(crate) fn is_integer(ty: &Type) -> bool {
    let spelled = spelled(ty);
    let name = spelled.rsplit("::").next().unwrap_or_default();
    let name = name.strip_prefix("NonZero").map_or(name.to_owned(), str::to_lowercase);
    matches!(name.as_str(), "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64")
}

/// The server makes the value, from the other columns of the row (manual, section 5.4).
fn generated(column: &Column, errors: &mut Errors) {
    let Some(generated) = &column.generated else { return };
    let name = &column.ident;
    let mut error = |message: String| errors.push(syn::Error::new(generated.span, message));
    if generated.sql.trim().is_empty() {
        error(format!("the SQL of `generated` of column `{name}` is empty"));
    }
    let others = [
        ("default", column.default.is_some()),
        ("identity", column.identity.is_some()),
        ("on_update", column.on_update.is_some()),
    ];
    for (other, is_there) in others {
        if is_there {
            error(format!(
                "column `{name}` has both `generated` and `{other}`: the server takes one"
            ));
        }
    }
    let is_indexed =
        column.primary_key.is_some() || column.unique.is_some() || column.index.is_some();
    if !generated.stored && is_indexed {
        error(format!(
            "column `{name}` is made when it is read, so that no index can hold it: write `generated = stored(\"..\")`"
        ));
    }
}

/// One of the two makes the value: the client, or the server.
fn default_fn(column: &Column, errors: &mut Errors) {
    let Some(function) = &column.default_fn else { return };
    let others = [
        ("identity", column.identity.is_some()),
        ("serial", column.is_serial()),
        ("generated", column.generated.is_some()),
    ];
    for (other, is_there) in others {
        if is_there {
            let message = format!(
                "column `{}` has both `default_fn` and `{other}`: the client makes the value, or the server",
                column.ident
            );
            errors.at(function, message);
        }
    }
}

fn entry_point(column: &Column, errors: &mut Errors) {
    let name = names::plain(&column.ident);
    if ENTRY_POINTS.contains(&name.as_str()) {
        errors.at(
            &column.ident,
            format!("field `{name}` would hide `Table::{name}`; rename it and write `#[column(name = \"{name}\")]`"),
        );
    }
}
