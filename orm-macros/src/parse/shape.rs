//! Fields -> columns, the columns of other structs, and fields that are none.

use super::column;
use super::item::{Item, items};
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::shape::{Flat, Group, Held, Origin, Skipped};
use crate::model::{Column, Name};
use crate::names;
use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{Data, DeriveInput, Field, Fields, Path, PathArguments, Type};

/// The fields of each struct of columns that the fields name, in order.
pub(crate) type Written = Vec<Vec<Field>>;

/// The columns of a table and what its fields are.
pub(super) fn fields<'a>(
    fields: impl IntoIterator<Item = &'a Field>,
    written: &Written,
    errors: &mut Errors,
) -> (Vec<Column>, Vec<Held>) {
    fields_of(fields, Place::Column, written, errors, column, |column| column)
}

/// The same of any struct: how a field of its own is read, and what it makes of the column of another struct.
pub(super) fn fields_of<'a, C>(
    fields: impl IntoIterator<Item = &'a Field>,
    place: Place,
    written: &Written,
    errors: &mut Errors,
    own: impl Fn(&Field, Vec<Item>, &mut Errors) -> Option<C>,
    flat: impl Fn(Column) -> C,
) -> (Vec<C>, Vec<Held>) {
    let (mut columns, mut held) = (Vec::new(), Vec::new());
    let mut written = written.iter();
    for field in fields {
        let Some(ident) = field.ident.clone() else { continue };
        let items = items(&field.attrs, place, errors);
        let is = |word: &str| items.iter().any(|item| item.key() == word);
        let (skip, flatten) = (is("skip"), is("flatten"));
        if skip {
            held.push(Held::Skipped(Box::new(skipped(field, ident, items, place, errors))));
        } else if flatten {
            let prefix = flattened(&ident, items, errors);
            let Some(path) = path_of(&field.ty) else {
                errors.at(&field.ty, not_a_struct(&ident));
                held.push(Held::Skipped(Box::new(unreadable(ident, field.ty.clone()))));
                continue;
            };
            let start = columns.len();
            let inner = written.next().map(Vec::as_slice).unwrap_or_default();
            columns.extend(columns_of(inner, &ident, path, &prefix).into_iter().map(&flat));
            let columns = start..columns.len();
            let docs = super::docs::docs(&field.attrs);
            held.push(Held::Columns(Flat { ident, docs, path: path.clone(), columns }));
        } else if let Some(column) = own(field, items, errors) {
            held.push(Held::Column(columns.len()));
            columns.push(column);
        }
    }
    (columns, held)
}

/// The structs of columns that the fields name, whatever else is wrong with them.
pub(crate) fn structs(input: &DeriveInput, place: Place) -> Vec<Path> {
    let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
        return Vec::new();
    };
    let flat = named.named.iter().filter(|field| {
        let items = items(&field.attrs, place, &mut Errors::default());
        let is = |word: &str| items.iter().any(|item| item.key() == word);
        is("flatten") && !is("skip")
    });
    flat.filter_map(|field| path_of(&field.ty).cloned()).collect()
}

/// The path of a struct without arguments.
fn path_of(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            let is_plain = |segment: &syn::PathSegment| {
                matches!(segment.arguments, PathArguments::None) && segment.ident != "Self"
            };
            path.path.segments.iter().all(is_plain).then_some(&path.path)
        }
        _ => None,
    }
}

fn not_a_struct(ident: &Ident) -> String {
    format!(
        "field `{ident}` is flattened: its type is a struct with `#[derive(Columns)]`, named without `Option` and `<..>`"
    )
}

/// A field of which nothing is known; a program with such a mistake does not run.
fn unreadable(ident: Ident, ty: Type) -> Skipped {
    let value = syn::parse_quote!((|| -> #ty { ::core::unreachable!() })());
    Skipped { ident, ty, value: Some(value) }
}

fn skipped(
    field: &Field,
    ident: Ident,
    items: Vec<Item>,
    place: Place,
    errors: &mut Errors,
) -> Skipped {
    let mut found = Skipped { ident, ty: field.ty.clone(), value: None };
    for mut item in items {
        if item.key() != "skip" {
            let message = format!(
                "field `{}` is skipped: it is no column, which `{}` would be about",
                found.ident,
                item.key()
            );
            errors.at(&item.ident, message);
        } else if place == Place::Given {
            // Nothing is read into it.
            item.flag(errors);
        } else if !item.is_bare() {
            found.value = item.expr(errors);
        }
    }
    found
}

/// What stands before the names of the columns.
fn flattened(ident: &Ident, items: Vec<Item>, errors: &mut Errors) -> Option<Name> {
    let mut prefix = None;
    for mut item in items {
        match item.key() {
            "flatten" => {
                item.flag(errors);
            }
            "prefix" => prefix = item.name(errors),
            other => {
                let message = format!(
                    "field `{ident}` is flattened: `{other}` belongs to a field of the struct that it holds"
                );
                errors.at(&item.ident, message);
            }
        }
    }
    if let Some(name) = &prefix
        && (name.text.is_empty() || syn::parse_str::<Ident>(&format!("{}x", name.text)).is_err())
    {
        let message = format!(
            "the prefix `{}` of field `{ident}` is put before the names of fields: letters, digits and `_`",
            name.text
        );
        errors.push(syn::Error::new(name.span, message));
        return Some(Name::new(format!("{}_", names::plain(ident)), name.span));
    }
    prefix
}

/// `prefix` of a field that is a column.
pub(super) fn needs_flatten(field: &Ident, item: &Item, errors: &mut Errors) {
    errors.at(&item.ident, format!("`prefix` of field `{field}` needs `flatten`"));
}

/// The columns of another struct as those of this one. Its mistakes are reported where it is.
fn columns_of(inner: &[Field], outer: &Ident, path: &Path, prefix: &Option<Name>) -> Vec<Column> {
    let mut ignored = Errors::default();
    let columns = inner.iter().filter_map(|field| {
        let items = items(&field.attrs, Place::Column, &mut ignored);
        column(field, items, &mut ignored)
    });
    let prefix = prefix.as_ref().map_or("", |prefix| &prefix.text);
    let columns = columns.enumerate();
    columns.map(|(at, column)| flat(column, outer.span(), path, at, prefix)).collect()
}

/// A column of another struct: what is a name gets the prefix, and what is Rust is asked of that struct.
fn flat(mut column: Column, span: Span, path: &Path, at: usize, prefix: &str) -> Column {
    let ident = |ident: &Ident| {
        if prefix.is_empty() {
            return names::at(ident, span);
        }
        format_ident!("{prefix}{}", names::plain(ident), span = span)
    };
    let rename = |name: &mut Name| {
        name.text = format!("{prefix}{}", name.text);
        name.span = span;
        if let Some(from) = &mut name.renamed_from {
            from.text = format!("{prefix}{}", from.text);
            from.span = span;
        }
    };
    column.origin = Some(Origin {
        path: path.clone(),
        at,
        spelled: names::compact(&quote::ToTokens::to_token_stream(&column.inner).to_string()),
        certainly_not_null: column.is_certainly_not_null(),
    });
    column.ident = ident(&column.ident);
    rename(&mut column.name);
    column.ty = syn::parse_quote_spanned!(span=> <#path as _orm::FlattenColumn<#at>>::Value);
    column.inner = column.ty.clone();
    if let Some(unique) = &mut column.unique {
        unique.fields = vec![column.ident.clone()];
        unique.name.iter_mut().for_each(rename);
    }
    if let Some(Some(name)) = &mut column.index {
        rename(name);
    }
    for name in [&mut column.relation, &mut column.setter].into_iter().flatten() {
        *name = ident(name);
    }
    if let Some(default) = &mut column.default {
        default.variant = None;
    }
    if column.references.as_ref().is_some_and(|path| path.segments.len() < 2) {
        column.references = None;
    }
    column
}

/// A struct that derives `Columns`; `None` if it is nothing that could be one.
pub(crate) fn group(input: &DeriveInput, errors: &mut Errors) -> Option<Group> {
    let ident = &input.ident;
    let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &input.data else {
        errors.at(ident, format!("`{ident}` needs named fields: each is a column of a table"));
        return None;
    };
    if !input.generics.params.is_empty() {
        let message = format!("`{ident}` has generic parameters: a struct of columns is one type");
        errors.at(&input.generics, message);
        return None;
    }
    let (columns, fields) = fields(&named.named, &Vec::new(), errors);
    let is_column = |field: &&Field| {
        let name = field.ident.as_ref();
        columns.iter().any(|column| Some(&column.ident) == name)
    };
    let written = named.named.iter().filter(is_column).cloned();
    let mut group = Group {
        ident: ident.clone(),
        visibility: input.vis.clone(),
        krate: None,
        is_renamed: false,
        written: written.collect(),
        columns,
        fields,
    };
    for mut item in items(&input.attrs, Place::Group, errors) {
        match item.key() {
            "crate" => group.krate = item.module(errors),
            "rename_all" => {
                let columns = group.columns.iter_mut().map(|it| (&it.ident, &mut it.name));
                super::naming::rename(columns, &mut item, errors);
                group.is_renamed = true;
            }
            _ => {}
        }
    }
    Some(group)
}

/// `crate = ..` of a struct that is read later.
pub(crate) fn krate(input: &DeriveInput, place: Place) -> Option<Path> {
    let mut ignored = Errors::default();
    let items = items(&input.attrs, place, &mut ignored);
    let mut item = items.into_iter().find(|item| item.key() == "crate")?;
    item.module(&mut ignored)
}
