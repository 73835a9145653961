//! The keys of a table that make constraints, indexes and other parts of it.

use super::item::Item;
use super::list::{List, References, settings};
use super::{unknown_action, value};
use crate::attr::ACTIONS;
use crate::errors::Errors;
use crate::model::{
    Action, Check, Exclusion, Fields, ForeignKey, Index, Name, PartKey, Partition, PartitionBy,
    Policy, RowSecurity, Table, Trigger, View,
};
use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit};

/// A key of a table that makes a part of it.
pub(super) fn part(table: &mut Table, mut item: Item, errors: &mut Errors) {
    match item.key() {
        "primary_key" => table.primary_key = fields(&mut item, errors),
        "unique" => table.uniques.extend(fields(&mut item, errors)),
        "foreign_key" => table.foreign_keys.extend(foreign_key(&mut item, errors)),
        "index" | "unique_index" => table.indexes.extend(index(&mut item, errors)),
        "check" => table.checks.extend(check(&mut item, errors)),
        "exclude" => table.exclusions.extend(exclusion(&mut item, errors)),
        "trigger" => table.triggers.extend(trigger(&mut item, errors)),
        "policy" => table.policies.extend(policy(&mut item, errors)),
        "row_security" => table.row_security = row_security(&mut item, errors),
        "partition_by" => table.partition_by = partition_by(&mut item, errors),
        "partition" => table.partitions.extend(partition(&mut item, errors)),
        "view" | "materialized_view" => view(table, &mut item, errors),
        "unlogged" => table.unlogged = item.flag(errors).is_some(),
        "with" => table.storage_parameters = settings(&mut item, errors),
        _ => {}
    }
}

fn view(table: &mut Table, item: &mut Item, errors: &mut Errors) {
    let materialized = item.key() == "materialized_view";
    let span = item.ident.span();
    if table.view.is_some() {
        errors.at(&item.ident, "a view is either materialized or not");
    }
    table.view = item.string(errors).map(|query| View { query: query.value(), materialized, span });
}

/// `primary_key(a, b, ..)` and `unique(a, b, ..)`, also on a column, where there are no fields.
pub(super) fn fields(item: &mut Item, errors: &mut Errors) -> Option<Fields> {
    let known: &[&str] = match item.key() {
        "primary_key" => &["name", "renamed_from", "include", "deferrable"],
        _ => &["name", "renamed_from", "include", "nulls_not_distinct", "deferrable"],
    };
    let span = item.ident.span();
    let mut list = List::read(item, known, errors)?;
    Some(Fields {
        name: list.name(errors),
        fields: list.fields(errors),
        include: list.options.idents("include", errors),
        nulls_not_distinct: list.options.flag("nulls_not_distinct", errors),
        deferrable: list.options.deferrable(errors),
        span,
    })
}

fn foreign_key(item: &mut Item, errors: &mut Errors) -> Option<ForeignKey> {
    let known = &[
        "name",
        "renamed_from",
        "on_delete",
        "on_update",
        "match_full",
        "deferrable",
        "not_valid",
        "relation",
    ];
    let span = item.ident.span();
    let found = References::read(item, known, errors)?;
    let mut options = found.options;
    let name = found.name.map(|text| Name::of(&text)).or_else(|| options.name(errors));
    let name = options.renamed(name, errors);
    let (on_delete, on_delete_fields) = match options.expr("on_delete", errors) {
        Some(value) => on_delete(&value, errors),
        None => (None, Vec::new()),
    };
    Some(ForeignKey {
        name,
        fields: found.fields,
        references: found.references,
        on_delete,
        on_delete_fields,
        on_update: options.expr("on_update", errors).and_then(|value| action(&value, errors)),
        match_full: options.flag("match_full", errors),
        deferrable: options.deferrable(errors),
        not_valid: options.flag("not_valid", errors),
        relation: options.ident("relation", errors),
        span,
    })
}

/// `set_null`, or `set_null(field, ..)`, which sets only these.
fn on_delete(value: &Expr, errors: &mut Errors) -> (Option<Action>, Vec<Ident>) {
    let Expr::Call(call) = value else { return (action(value, errors), Vec::new()) };
    let found = action(&call.func, errors);
    let fields = call.args.iter().filter_map(|argument| {
        let ident = match argument {
            Expr::Path(path) => path.path.get_ident().cloned(),
            _ => None,
        };
        if ident.is_none() {
            errors.at(argument, "the list behind an action is of fields");
        }
        ident
    });
    let fields: Vec<Ident> = fields.collect();
    if call.args.is_empty() {
        let word = found.as_ref().map_or("set_null", |found| &found.word);
        errors
            .at(call, format!("the list of `{word}()` is empty; without `()` it means all fields"));
    }
    if let Some(found) = &found
        && !matches!(found.word.as_str(), "set_null" | "set_default")
    {
        let message = format!(
            "only `set_null` and `set_default` take a list of fields, `{}` does not",
            found.word
        );
        errors.at(call, message);
    }
    (found, fields)
}

fn action(value: &Expr, errors: &mut Errors) -> Option<Action> {
    if let Expr::Path(path) = value
        && let Some(word) = path.path.get_ident()
    {
        let word = word.to_string();
        if ACTIONS.iter().any(|(action, _)| *action == word) {
            return Some(Action { word, span: path.span() });
        }
    }
    unknown_action(value, errors);
    None
}

fn index(item: &mut Item, errors: &mut Errors) -> Option<Index> {
    let unique = item.key() == "unique_index";
    let span = item.ident.span();
    let known =
        &["name", "renamed_from", "method", "include", "where", "nulls_not_distinct", "with"];
    let mut list = List::read(item, known, errors)?;
    Some(Index {
        name: list.name(errors),
        unique,
        method: list.options.word("method", errors),
        include: list.options.idents("include", errors),
        nulls_not_distinct: list.options.flag("nulls_not_distinct", errors),
        predicate: list.options.string("where", errors),
        storage_parameters: list.options.settings(errors),
        parts: list.parts,
        span,
    })
}

fn check(item: &mut Item, errors: &mut Errors) -> Option<Check> {
    check_with(item, &["name", "renamed_from", "not_valid", "no_inherit"], errors)
}

/// A check that takes these options.
pub(super) fn check_with(
    item: &mut Item,
    options: &'static [&'static str],
    errors: &mut Errors,
) -> Option<Check> {
    let mut list = List::read(item, options, errors)?;
    let option = list.options.name(errors);
    let (name, sql) = match list.texts.as_slice() {
        [sql] if list.parts.is_empty() => (option, sql.value()),
        [name, sql] if list.parts.is_empty() && option.is_none() => {
            (Some(Name::of(name)), sql.value())
        }
        _ => {
            item.misused(errors);
            return None;
        }
    };
    Some(Check {
        name: list.options.renamed(name, errors),
        sql,
        no_inherit: list.options.flag("no_inherit", errors),
        not_valid: list.options.flag("not_valid", errors),
    })
}

fn exclusion(item: &mut Item, errors: &mut Errors) -> Option<Exclusion> {
    let span = item.ident.span();
    let mut list = List::read(
        item,
        &["name", "renamed_from", "method", "include", "where", "deferrable"],
        errors,
    )?;
    Some(Exclusion {
        name: list.name(errors),
        method: list.options.word("method", errors),
        include: list.options.idents("include", errors),
        predicate: list.options.string("where", errors),
        deferrable: list.options.deferrable(errors),
        elements: list.parts,
        span,
    })
}

fn trigger(item: &mut Item, errors: &mut Errors) -> Option<Trigger> {
    let mut list = List::read(item, &["constraint", "renamed_from"], errors)?;
    let [name, events, action] = list.texts.as_slice() else {
        item.misused(errors);
        return None;
    };
    let (name, events, action) = (Name::of(name), events.value(), action.value());
    let constraint = list.options.flag("constraint", errors);
    let name = list.options.renamed(Some(name), errors)?;
    Some(Trigger { name, events, action, constraint })
}

/// The commands of a policy and their names in the schema model.
const COMMANDS: [(&str, &str); 5] = [
    ("all", "All"),
    ("select", "Select"),
    ("insert", "Insert"),
    ("update", "Update"),
    ("delete", "Delete"),
];

fn policy(item: &mut Item, errors: &mut Errors) -> Option<Policy> {
    let known = &["name", "renamed_from", "for", "to", "using", "with_check", "restrictive"];
    let mut list = List::read(item, known, errors)?;
    let name = list.name(errors);
    let Some(name) = name.filter(|_| list.parts.is_empty()) else {
        item.misused(errors);
        return None;
    };
    let command = match list.options.ident("for", errors) {
        None => "All",
        Some(word) => match COMMANDS.iter().find(|(command, _)| word == command) {
            Some((_, command)) => *command,
            None => {
                let words = COMMANDS.map(|(command, _)| format!("`{command}`")).join(", ");
                errors.at(
                    &word,
                    format!("unknown command `{word}` of a policy; expected one of {words}"),
                );
                "All"
            }
        },
    };
    let roles = list.options.strings("to", errors);
    Some(Policy {
        name,
        command,
        restrictive: list.options.flag("restrictive", errors),
        // `PUBLIC` is every role, which is what no role at all says.
        roles: roles.into_iter().filter(|role| !role.eq_ignore_ascii_case("public")).collect(),
        using: list.options.string("using", errors),
        with_check: list.options.string("with_check", errors),
    })
}

fn row_security(item: &mut Item, errors: &mut Errors) -> Option<RowSecurity> {
    if item.is_bare() {
        return Some(RowSecurity { forced: false });
    }
    let word = item.ident(errors)?;
    match word.to_string().as_str() {
        "enabled" => Some(RowSecurity { forced: false }),
        "forced" => Some(RowSecurity { forced: true }),
        other => {
            errors.at(
                &word,
                format!("unknown row security `{other}`; expected `enabled` or `forced`"),
            );
            None
        }
    }
}

fn partition_by(item: &mut Item, errors: &mut Errors) -> Option<PartitionBy> {
    let value = item.expr(errors)?;
    let span = value.span();
    match &value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            Some(PartitionBy { sql: text.value(), parts: Vec::new(), span })
        }
        Expr::Call(call) => {
            let strategy = match &*call.func {
                Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
                _ => None,
            };
            let strategy = strategy.filter(|it| matches!(it.as_str(), "range" | "list" | "hash"));
            let Some(strategy) = strategy else {
                errors.at(&call.func, "a table is partitioned by `range`, `list` or `hash`");
                return None;
            };
            let mut parts = Vec::new();
            for argument in &call.args {
                match argument {
                    Expr::Path(path) if path.path.get_ident().is_some() => {
                        parts.extend(path.path.get_ident().cloned().map(PartKey::Field));
                    }
                    other => match value::sql(other) {
                        Some(Ok(sql)) => parts.push(PartKey::Sql(sql)),
                        Some(Err(error)) => errors.push(error),
                        None => {
                            errors.at(other, "a table is partitioned by fields and `sql(\"..\")`")
                        }
                    },
                }
            }
            if call.args.is_empty() {
                errors.at(call, format!("`partition_by = {strategy}()` names no field"));
            }
            Some(PartitionBy { sql: strategy.to_uppercase(), parts, span })
        }
        _ => {
            item.misused(errors);
            None
        }
    }
}

fn partition(item: &mut Item, errors: &mut Errors) -> Option<Partition> {
    let mut list =
        List::read(item, &["name", "renamed_from", "schema", "values", "default", "with"], errors)?;
    let name = list.name(errors);
    let schema = list.options.text("schema", errors);
    let values = list.options.string("values", errors);
    let is_default = list.options.flag("default", errors);
    let bound = match (values, is_default) {
        (Some(values), false) => {
            let values = values.trim();
            let is_whole = values.get(..10).is_some_and(|it| it.eq_ignore_ascii_case("FOR VALUES"));
            if is_whole { values.to_owned() } else { format!("FOR VALUES {values}") }
        }
        (None, true) => "DEFAULT".to_owned(),
        _ => {
            item.misused(errors);
            return None;
        }
    };
    let Some(name) = name else {
        item.misused(errors);
        return None;
    };
    Some(Partition {
        name,
        schema: schema.map(|text| Name::of(&text)),
        bound,
        storage_parameters: list.options.settings(errors),
    })
}
