//! Attributes and fields -> [`model`](crate::model). Gathers errors, never stops at the first.

pub(crate) mod custom;
pub(crate) mod docs;
pub(crate) mod input;
pub(crate) mod instance;
mod item;
mod list;
mod naming;
pub(crate) mod newtype;
mod parts;
mod relation;
pub(crate) mod row;
pub(crate) mod shape;
pub(crate) mod value;

use crate::attr::Place;
use crate::errors::Errors;
use crate::model::{
    Action, ClientValue, Column, Deferrable, Fields, Generated, Identity, Name, Table,
};
use crate::names;
use item::{Item, items};
use list::List;
use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Expr, Field, GenericArgument, PathArguments, Type};

/// The struct as a table; `None` if it is nothing that could be one.
pub(crate) fn table(
    input: &DeriveInput,
    written: &shape::Written,
    errors: &mut Errors,
) -> Option<Table> {
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
    let (columns, fields) = shape::fields(fields, written, errors);
    let mut table = Table {
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        docs: docs::docs(&input.attrs),
        name: table_name(&input.ident),
        schema: None,
        view: None,
        comment: None,
        krate: None,
        columns,
        fields,
        primary_key: None,
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        exclusions: Vec::new(),
        triggers: Vec::new(),
        policies: Vec::new(),
        row_security: None,
        partition_by: None,
        partitions: Vec::new(),
        unlogged: false,
        storage_parameters: Vec::new(),
        relations: Vec::new(),
        insert: None,
        loaded: Vec::new(),
        instance: None,
    };
    let mut items = items(&input.attrs, Place::Table, errors);
    // It stands before the name.
    items.sort_by_key(|item| item.key() == "prefix");
    for item in items {
        table_key(&mut table, item, errors);
    }
    Some(table)
}

fn table_key(table: &mut Table, mut item: Item, errors: &mut Errors) {
    match item.key() {
        "name" => {
            if let Some(name) = item.name(errors) {
                table.name.replace(name);
            }
        }
        "renamed_from" => table.name.renamed_from = item.renamed_from(errors),
        "prefix" => naming::prefix(&mut table.name, &mut item, errors),
        "rename_all" => {
            let columns = table.columns.iter_mut().map(|it| (&it.ident, &mut it.name));
            naming::rename(columns, &mut item, errors);
        }
        "schema" => table.schema = item.name(errors),
        "comment" => table.comment = item.string(errors).map(|text| text.value()),
        "crate" => table.krate = item.module(errors),
        "has_many" | "has_one" | "belongs_to" => {
            table.relations.extend(relation::relations(&mut item, errors));
        }
        // Read before: this is one of them.
        "instances" => {}
        "insert" => table.insert = item.ident(errors),
        "loaded" => table.loaded.extend(item.named(errors)),
        _ => parts::part(table, item, errors),
    }
}

fn table_name(ident: &Ident) -> Name {
    Name::new(names::snake_case(&names::plain(ident)), ident.span())
}

fn column(field: &Field, mut items: Vec<Item>, errors: &mut Errors) -> Option<Column> {
    let ident = field.ident.clone()?;
    let mut column = Column {
        name: Name::new(names::snake_case(&names::plain(&ident)), ident.span()),
        optional: in_option(&field.ty).is_some(),
        inner: in_option(&field.ty).unwrap_or(&field.ty).clone(),
        ty: field.ty.clone(),
        docs: docs::docs(&field.attrs),
        ident,
        primary_key: None,
        unique: None,
        index: None,
        references: None,
        on_delete: None,
        on_update_action: None,
        deferrable: None,
        not_valid: None,
        on_update: None,
        relation: None,
        default: None,
        default_fn: None,
        identity: None,
        generated: None,
        serial: None,
        setter: None,
        data_type: None,
        collation: None,
        comment: None,
        origin: None,
    };
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
                column.name.replace(name);
            }
        }
        "renamed_from" => column.name.renamed_from = item.renamed_from(errors),
        "primary_key" => column.primary_key = item.flag(errors),
        "unique" => column.unique = unique(column, &mut item, errors),
        "index" => column.index = item.optional_name(errors),
        "references" => column.references = item.path(errors),
        "on_delete" => column.on_delete = item.action(errors),
        "on_update" => on_update(column, item, errors),
        "deferrable" => column.deferrable = deferrable(&mut item, errors),
        "not_valid" => column.not_valid = item.flag(errors),
        "relation" => column.relation = item.ident(errors),
        "default" => column.default = value::default(&mut item, errors),
        "default_fn" => column.default_fn = value::function(&mut item, errors),
        "identity" => column.identity = identity(&mut item, errors),
        "generated" => column.generated = generated(&mut item, errors),
        "serial" => column.serial = item.flag(errors),
        "setter" => column.setter = item.ident(errors),
        "collation" => column.collation = item.collation(errors),
        "data_type" => column.data_type = item.string(errors).map(|text| text.value()),
        "comment" => column.comment = item.string(errors).map(|text| text.value()),
        "prefix" => shape::needs_flatten(&column.ident, &item, errors),
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

/// `unique`, `unique = "name"` or `unique(options)`.
fn unique(column: &Column, item: &mut Item, errors: &mut Errors) -> Option<Fields> {
    let span = item.ident.span();
    if item.has_list() {
        let found = parts::fields(item, errors)?;
        if let Some(field) = found.fields.first() {
            errors.at(
                field,
                format!("`unique` of column `{0}` is about `{0}` alone; for several write `#[table(unique(..))]`", column.ident),
            );
        }
        return Some(Fields { fields: vec![column.ident.clone()], ..found });
    }
    let name = item.optional_name(errors)?;
    Some(Fields::plain(name, vec![column.ident.clone()], span))
}

fn deferrable(item: &mut Item, errors: &mut Errors) -> Option<Deferrable> {
    let span = item.ident.span();
    if item.is_bare() {
        return Some(Deferrable { initially_deferred: false, span });
    }
    let value = item.expr(errors)?;
    list::deferrable(&value, span, errors)
}

/// The options of an identity's sequence.
const SEQUENCE: [&str; 5] = ["start", "increment", "min", "max", "cache"];

fn identity(item: &mut Item, errors: &mut Errors) -> Option<Identity> {
    let span = item.ident.span();
    let plain = |always| Some(Identity { always, options: Vec::new(), cycle: false, span });
    if item.is_bare() {
        return plain(true);
    }
    if item.has_list() {
        let known = ["always", "by_default", "start", "increment", "min", "max", "cache", "cycle"];
        let mut list = List::read(item, &known, errors)?;
        if !list.parts.is_empty() || !list.texts.is_empty() {
            item.misused(errors);
            return None;
        }
        let options = &mut list.options;
        let by_default = options.flag("by_default", errors);
        if options.flag("always", errors) && by_default {
            errors.at(&item.ident, "an identity is `always` or `by_default`, not both");
        }
        let numbers = SEQUENCE
            .into_iter()
            .filter_map(|word| options.integer(word, errors).map(|number| (word, number)));
        let numbers = numbers.collect();
        let cycle = options.flag("cycle", errors);
        return Some(Identity { always: !by_default, options: numbers, cycle, span });
    }
    let word = item.ident(errors)?;
    match word.to_string().as_str() {
        "always" => plain(true),
        "by_default" => plain(false),
        other => {
            errors.at(
                &word,
                format!("unknown kind of identity `{other}`; expected `always` or `by_default`"),
            );
            None
        }
    }
}

/// `generated = "sql"`, `generated = stored("sql")` or `generated = virtual("sql")`.
fn generated(item: &mut Item, errors: &mut Errors) -> Option<Generated> {
    let span = item.ident.span();
    let (stored, value) = match item.expr(errors)? {
        Expr::Call(call) if call.args.len() == 1 => {
            let kind = match &*call.func {
                Expr::Path(path) => path.path.get_ident().map(names::plain),
                _ => None,
            };
            let stored = match kind.as_deref() {
                Some("stored") => true,
                Some("virtual") => false,
                _ => {
                    errors.at(
                        &call.func,
                        "a generated column is `stored(\"sql\")` or `virtual(\"sql\")`",
                    );
                    return None;
                }
            };
            (stored, call.args.into_iter().next()?)
        }
        value => (true, value),
    };
    match &value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
            Some(Generated { sql: text.value(), stored, span })
        }
        other => {
            errors.at(other, "a generated column is made by SQL: `generated = \"price * amount\"`");
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
