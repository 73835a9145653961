//! Attributes and fields -> [`model`](crate::model). Gathers errors, never stops at the first.

pub(crate) mod custom;
mod item;
pub(crate) mod value;

use crate::attr::Place;
use crate::errors::Errors;
use crate::model::{
    Action, Check, ClientValue, Column, Fields, HasMany, Identity, Index, Name, Table,
};
use crate::names;
use item::{Item, items};
use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Expr, Field, GenericArgument, PathArguments, Type};

/// The struct as a table; `None` if it is nothing that could be one.
pub(crate) fn table(input: &DeriveInput, errors: &mut Errors) -> Option<Table> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            syn::Fields::Named(fields) => &fields.named,
            other => {
                let message =
                    format!("table `{}` needs named fields: each is a column", input.ident);
                let place: &dyn quote::ToTokens =
                    if other.is_empty() { &input.ident } else { other };
                errors.at(place, message);
                return None;
            }
        },
        _ => {
            errors.at(
                &input.ident,
                format!("`{}` is not a struct: only a struct can be a table", input.ident),
            );
            return None;
        }
    };
    if !input.generics.params.is_empty() {
        let message =
            format!("table `{}` has generic parameters: a table is one type", input.ident);
        errors.at(&input.generics, message);
        return None;
    }
    let mut table = Table {
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        name: Name {
            text: names::snake_case(&names::plain(&input.ident)),
            span: input.ident.span(),
        },
        schema: None,
        comment: None,
        krate: None,
        columns: fields.iter().filter_map(|field| column(field, errors)).collect(),
        primary_key: None,
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        has_many: Vec::new(),
    };
    for item in items(&input.attrs, Place::Table, errors) {
        table_key(&mut table, item, errors);
    }
    Some(table)
}

fn table_key(table: &mut Table, mut item: Item, errors: &mut Errors) {
    match item.key() {
        "name" => table.name = item.name(errors).unwrap_or_else(|| table_name(&table.ident)),
        "schema" => table.schema = item.name(errors),
        "comment" => table.comment = item.string(errors).map(|text| text.value()),
        "crate" => table.krate = item.path(errors),
        "primary_key" => table.primary_key = item.fields(errors),
        "unique" => table.uniques.extend(item.named_fields(errors)),
        "index" | "unique_index" => {
            let unique = item.key() == "unique_index";
            table.indexes.extend(item.named_fields(errors).map(|fields| Index { fields, unique }));
        }
        "check" => match item.strings(errors).as_deref() {
            Some([sql]) => table.checks.push(Check { name: None, sql: sql.value() }),
            Some([name, sql]) => table.checks.push(Check {
                name: Some(Name { text: name.value(), span: name.span() }),
                sql: sql.value(),
            }),
            Some(_) => item.misused(errors),
            None => {}
        },
        "has_many" => table.has_many.extend(has_many(&mut item, errors)),
        _ => {}
    }
}

fn table_name(ident: &Ident) -> Name {
    Name { text: names::snake_case(&names::plain(ident)), span: ident.span() }
}

fn has_many(item: &mut Item, errors: &mut Errors) -> Vec<HasMany> {
    let pairs = item.pairs(errors);
    let relation = |(relation, mut path): (Ident, syn::Path)| {
        // A path whose last part begins with a small letter names a column of the related table.
        let last = path.segments.last()?.ident.clone();
        let is_column =
            names::plain(&last).starts_with(|char: char| char.is_lowercase() || char == '_');
        let column = (is_column && path.segments.len() > 1).then(|| {
            path.segments.pop();
            path.segments.pop_punct();
            last
        });
        Some(HasMany { relation, table: path, column })
    };
    pairs.into_iter().filter_map(relation).collect()
}

fn column(field: &Field, errors: &mut Errors) -> Option<Column> {
    let ident = field.ident.clone()?;
    let mut column = Column {
        name: Name { text: names::snake_case(&names::plain(&ident)), span: ident.span() },
        optional: in_option(&field.ty).is_some(),
        inner: in_option(&field.ty).unwrap_or(&field.ty).clone(),
        ty: field.ty.clone(),
        ident,
        primary_key: None,
        unique: None,
        index: None,
        references: None,
        on_delete: None,
        on_update_action: None,
        on_update: None,
        relation: None,
        default: None,
        identity: None,
        data_type: None,
        comment: None,
    };
    let mut items = items(&field.attrs, Place::Column, errors);
    // `on_update = cascade` is an action only beside `references`: read that first.
    items.sort_by_key(|item| item.key() != "references");
    for item in items {
        column_key(&mut column, item, errors);
    }
    Some(column)
}

fn column_key(column: &mut Column, mut item: Item, errors: &mut Errors) {
    match item.key() {
        "name" => {
            if let Some(name) = item.name(errors) {
                column.name = name;
            }
        }
        "primary_key" => column.primary_key = item.flag(errors),
        "unique" => column.unique = item.optional_name(errors),
        "index" => column.index = item.optional_name(errors),
        "references" => column.references = item.path(errors),
        "on_delete" => column.on_delete = item.action(errors),
        "on_update" => on_update(column, item, errors),
        "relation" => column.relation = item.ident(errors),
        "default" => column.default = value::default(&mut item, errors),
        "identity" => column.identity = identity(&mut item, errors),
        "data_type" => column.data_type = item.string(errors).map(|text| text.value()),
        "comment" => column.comment = item.string(errors).map(|text| text.value()),
        _ => {}
    }
}

fn on_update(column: &mut Column, mut item: Item, errors: &mut Errors) {
    let twice = |item: &Item, errors: &mut Errors| {
        errors.at(
            &item.ident,
            format!("`on_update` of column `{}` is given twice", column.name.text),
        );
    };
    if let Some(action) = item.as_action() {
        if column.on_update_action.is_some() {
            return twice(&item, errors);
        }
        column.on_update_action = Some(action);
        return;
    }
    let Some(value) = item.expr(errors) else { return };
    // A bare word beside `references` that is nearly an action is one with a slip of the pen.
    if let Expr::Path(path) = &value
        && let Some(word) = path.path.get_ident()
        && column.references.is_some()
        && names::nearest(&word.to_string(), crate::attr::ACTIONS.map(|(word, _)| word)).is_some()
    {
        return unknown_action(&value, errors);
    }
    if column.on_update.is_some() {
        return twice(&item, errors);
    }
    column.on_update = match value::sql(&value) {
        Some(Ok(sql)) => Some(ClientValue::Sql(sql)),
        Some(Err(error)) => return errors.push(error),
        None => Some(ClientValue::Rust(Box::new(value))),
    };
}

fn identity(item: &mut Item, errors: &mut Errors) -> Option<Identity> {
    let span = item.ident.span();
    if item.is_bare() {
        return Some(Identity { always: true, span });
    }
    let word = item.ident(errors)?;
    match word.to_string().as_str() {
        "always" => Some(Identity { always: true, span }),
        "by_default" => Some(Identity { always: false, span }),
        other => {
            errors.at(
                &word,
                format!("unknown kind of identity `{other}`; expected `always` or `by_default`"),
            );
            None
        }
    }
}

/// `T` of a type that is written as `Option<T>`.
fn in_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let words: Vec<String> =
        path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if !matches!(words[..], ["Option"] | ["std" | "core", "option", "Option"]) {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

impl Item {
    /// A list of fields.
    fn fields(&mut self, errors: &mut Errors) -> Option<Fields> {
        let fields = self.idents(errors)?;
        Some(Fields { name: None, fields, span: self.ident.span() })
    }

    /// The value as an action, if it is one of the five words.
    fn as_action(&self) -> Option<Action> {
        let Some(Expr::Path(path)) = self.value_ref() else { return None };
        let word = path.path.get_ident()?.to_string();
        let known = crate::attr::ACTIONS.iter().any(|(action, _)| *action == word);
        known.then(|| Action { word, span: path.span() })
    }

    /// The value as an action.
    fn action(&mut self, errors: &mut Errors) -> Option<Action> {
        let action = self.as_action();
        if action.is_none() {
            match self.value_ref() {
                Some(found) => unknown_action(found, errors),
                None => self.misused(errors),
            }
        }
        action
    }
}

fn unknown_action(found: &Expr, errors: &mut Errors) {
    let text = quote::quote!(#found).to_string();
    let words = crate::attr::ACTIONS.iter().map(|(word, _)| *word);
    let hint = match names::nearest(&text, words.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => {
            let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
            format!("expected one of {}", words.join(", "))
        }
    };
    errors.at(found, format!("unknown action `{text}`; {hint}"));
}
