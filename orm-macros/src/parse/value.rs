//! Values of `default = ..` and `on_update = ..`: Rust literals and calls as SQL.

use super::item::Item;
use crate::errors::Errors;
use crate::model::{Default, DefaultKind};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

/// A default: a literal, or SQL.
pub(super) fn default(item: &mut Item, errors: &mut Errors) -> Option<Default> {
    let value = item.expr(errors)?;
    let span = value.span();
    if let Expr::Path(path) = &value
        && path.qself.is_none()
        && path.path.segments.len() > 1
    {
        let variant = Some(path.path.clone());
        return Some(Default { sql: String::new(), kind: DefaultKind::Variant, span, variant });
    }
    match sql(&value) {
        Some(Ok(sql)) => return Some(Default { sql, kind: DefaultKind::Sql, span, variant: None }),
        Some(Err(error)) => {
            errors.push(error);
            return None;
        }
        None => {}
    }
    let literal = match &value {
        Expr::Lit(literal) => literal_sql(literal),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(literal) => literal_sql(literal)
                .filter(|(_, kind)| matches!(kind, DefaultKind::Integer | DefaultKind::Float))
                .map(|(sql, kind)| (format!("-{sql}"), kind)),
            _ => None,
        },
        _ => None,
    };
    match literal {
        Some((sql, kind)) => Some(Default { sql, kind, span, variant: None }),
        None => {
            errors.at(
                &value,
                "a default is made by the server: expected a literal, a variant of an enum, a call such as `now()`, or `sql(\"..\")`",
            );
            None
        }
    }
}

/// A whole number, perhaps negative.
pub(super) fn integer(value: &Expr) -> Option<i64> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        // The least number has no positive counterpart: the sign is read with the digits.
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
                format!("-{}", number.base10_digits()).parse().ok()
            }
            _ => None,
        },
        _ => None,
    }
}

fn literal_sql(literal: &ExprLit) -> Option<(String, DefaultKind)> {
    Some(match &literal.lit {
        Lit::Bool(value) => (value.value.to_string(), DefaultKind::Bool),
        Lit::Int(value) => (value.base10_digits().to_owned(), DefaultKind::Integer),
        Lit::Float(value) => (value.base10_digits().to_owned(), DefaultKind::Float),
        Lit::Str(value) => (quoted(&value.value()), DefaultKind::Text),
        Lit::Char(value) => (quoted(&value.value().to_string()), DefaultKind::Text),
        _ => return None,
    })
}

/// A string constant, right whatever `standard_conforming_strings` is (manual, section 4.1.2.1).
pub(crate) fn quoted(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// `sql("..")` as its text, and a call of a bare name without arguments, `now()`, as itself.
pub(super) fn sql(value: &Expr) -> Option<syn::Result<String>> {
    let Expr::Call(call) = value else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let name = crate::names::plain(function.path.get_ident()?);
    match (name.as_str(), call.args.first()) {
        ("sql", Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))) if call.args.len() == 1 => {
            Some(Ok(text.value()))
        }
        ("sql", _) => {
            Some(Err(syn::Error::new_spanned(value, "`sql` takes one string: `sql(\"..\")`")))
        }
        (_, None) => Some(Ok(format!("{name}()"))),
        _ => None,
    }
}

/// A function that is called: its path, or a closure without arguments.
pub(super) fn function(item: &mut Item, errors: &mut Errors) -> Option<Expr> {
    let value = item.expr(errors)?;
    match &value {
        Expr::Path(_) => Some(value),
        Expr::Closure(closure) if closure.inputs.is_empty() => Some(value),
        Expr::Call(call) if call.args.is_empty() => {
            let function = crate::names::compact(&call.func.to_token_stream().to_string());
            let message = format!(
                "`default_fn` names the function, which is called for each row: `default_fn = {function}`"
            );
            errors.at(&value, message);
            None
        }
        _ => {
            errors.at(
                &value,
                "`default_fn` is a function without arguments: `default_fn = path::to::function`, or a closure, `default_fn = || ..`",
            );
            None
        }
    }
}
