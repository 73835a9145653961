//! Constraints, indexes and the other parts of a table as const data.

use super::table::{list, optional, target};
use super::{Context, optional_text, texts};
use crate::model::{
    Action, Check, Column, Deferrable, Exclusion, Fields, ForeignKey, Index, Name, Part, PartKey,
    Policy, Trigger,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

fn name_of(name: Option<&Name>) -> TokenStream {
    optional_text(name.map(|name| name.text.as_str()))
}

fn columns_of<'a>(context: &'a Context<'_>, fields: &'a [Ident]) -> Vec<&'a str> {
    let positions = fields.iter().filter_map(|field| context.table.position(field));
    positions.map(|position| context.table.columns[position].name.text.as_str()).collect()
}

/// Columns as a list of texts.
fn columns(context: &Context<'_>, fields: &[Ident]) -> TokenStream {
    texts(columns_of(context, fields))
}

/// Texts that are often none.
pub(super) fn strings(strings: &[String]) -> TokenStream {
    texts(strings.iter().map(String::as_str))
}

fn deferrable(deferrable: Option<&Deferrable>) -> TokenStream {
    let kind = match deferrable {
        None => quote!(No),
        Some(Deferrable { initially_deferred: false, .. }) => quote!(InitiallyImmediate),
        Some(Deferrable { initially_deferred: true, .. }) => quote!(InitiallyDeferred),
    };
    quote!(_orm::schema::Deferrable::#kind)
}

pub(super) fn primary_key(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    let key: Vec<&str> =
        table.key().iter().map(|position| table.columns[*position].name.text.as_str()).collect();
    if key.is_empty() {
        return quote!(::core::option::Option::None);
    }
    let columns = texts(key);
    let given = table.primary_key.as_ref().filter(|key| has_options(key) || key.name.is_some());
    let key = match given {
        None => quote!(_orm::primary_key(#columns)),
        Some(key) => {
            let (name, include) =
                (name_of(key.name.as_ref()), self::columns(context, &key.include));
            let deferrable = deferrable(key.deferrable.as_ref());
            quote!(_orm::primary_key_with(#name, #columns, #include, #deferrable))
        }
    };
    quote!(::core::option::Option::Some(#key))
}

/// Whether a key says more than its fields and its name.
fn has_options(key: &Fields) -> bool {
    !key.include.is_empty() || key.nulls_not_distinct || key.deferrable.is_some()
}

pub(super) fn unique(context: &Context<'_>, key: &Fields) -> TokenStream {
    let (name, columns) = (name_of(key.name.as_ref()), columns(context, &key.fields));
    if !has_options(key) {
        return quote!(_orm::unique(#name, #columns));
    }
    let include = self::columns(context, &key.include);
    let (nulls, deferrable) = (key.nulls_not_distinct, deferrable(key.deferrable.as_ref()));
    quote!(_orm::unique_with(#name, #columns, #include, #nulls, #deferrable))
}

/// `index` on a column.
pub(super) fn column_index(name: Option<&Name>, column: &str) -> TokenStream {
    let name = optional(name.map(|name| name.text.as_str()));
    quote!(_orm::schema::Index::btree(#name, false, {
        const PARTS: &[_orm::schema::IndexPart] = &[_orm::schema::IndexPart::column(#column)];
        PARTS
    }))
}

pub(super) fn index(context: &Context<'_>, index: &Index) -> TokenStream {
    let unique = index.unique;
    let parts = index.parts.iter().map(|part| self::part(context, part));
    let parts = quote!({
        const PARTS: &[_orm::schema::IndexPart] = &[#(#parts),*];
        PARTS
    });
    let is_plain = index.method.is_none()
        && index.include.is_empty()
        && !index.nulls_not_distinct
        && index.predicate.is_none()
        && index.storage_parameters.is_empty();
    if is_plain {
        let name = optional(index.name.as_ref().map(|name| name.text.as_str()));
        return quote!(_orm::schema::Index::btree(#name, #unique, #parts));
    }
    let name = name_of(index.name.as_ref());
    let method = index.method.as_deref().unwrap_or("btree");
    let include = columns(context, &index.include);
    let nulls = index.nulls_not_distinct;
    let predicate = optional_text(index.predicate.as_deref());
    let settings = strings(&index.storage_parameters);
    quote! {
        _orm::index(#name, #unique, #method, #parts, #include, #nulls, #predicate, #settings)
    }
}

fn part(context: &Context<'_>, part: &Part) -> TokenStream {
    let key = match &part.key {
        PartKey::Field(field) => {
            let column = columns_of(context, std::slice::from_ref(field))
                .first()
                .copied()
                .unwrap_or_default();
            let is_plain = part.collation.is_none()
                && part.operator_class.is_none()
                && !part.descending
                && part.nulls_first.is_none();
            if is_plain {
                return quote!(_orm::schema::IndexPart::column(#column));
            }
            quote!(Column(_orm::schema::Text::Borrowed(#column)))
        }
        PartKey::Sql(sql) => quote!(Expression(_orm::schema::Text::Borrowed(#sql))),
    };
    let collation = optional_text(part.collation.as_deref());
    let operator_class = optional_text(part.operator_class.as_deref());
    let order = if part.descending { quote!(Descending) } else { quote!(Ascending) };
    // Where nobody says it, PostgreSQL puts NULLs as if they were larger than all else.
    let nulls_first = part.nulls_first.unwrap_or(part.descending);
    let nulls = if nulls_first { quote!(First) } else { quote!(Last) };
    quote! {
        _orm::schema::IndexPart {
            key: _orm::schema::IndexKey::#key,
            collation: #collation,
            operator_class: #operator_class,
            order: _orm::schema::SortOrder::#order,
            nulls: _orm::schema::NullsOrder::#nulls,
        }
    }
}

/// The foreign key that a column's `references` makes.
pub(super) fn column_foreign_key(context: &Context<'_>, column: &Column) -> Option<TokenStream> {
    let path = column.references.as_ref()?;
    let columns = texts([column.name.text.as_str()]);
    let actions = actions(column.on_delete.as_ref(), column.on_update_action.as_ref());
    let (head, table) = match &column.origin {
        Some(origin) => super::flattened::referenced(origin),
        None => (references(context, &[(&column.ident, path)]), referenced(context, path)),
    };
    if column.deferrable.is_none() && column.not_valid.is_none() {
        return Some(quote!({
            #head
            _orm::references(#columns, #table, REFERENCES, #actions)
        }));
    }
    let (deferrable, not_valid) =
        (deferrable(column.deferrable.as_ref()), column.not_valid.is_some());
    let (none, no_columns) = (optional_text(None), texts([]));
    Some(quote!({
        #head
        _orm::foreign_key_with(
            #none, #columns, #table, REFERENCES, false, #actions, #no_columns, #deferrable, #not_valid,
        )
    }))
}

pub(super) fn foreign_key(context: &Context<'_>, key: &ForeignKey) -> Option<TokenStream> {
    let pairs: Vec<(&Ident, &Path)> = key.fields.iter().zip(&key.references).collect();
    let (_, path) = pairs.first()?;
    let table = referenced(context, path);
    let head = references(context, &pairs);
    let (name, columns) = (name_of(key.name.as_ref()), columns(context, &key.fields));
    let (match_full, not_valid) = (key.match_full, key.not_valid);
    let actions = actions(key.on_delete.as_ref(), key.on_update.as_ref());
    let set = self::columns(context, &key.on_delete_fields);
    let deferrable = deferrable(key.deferrable.as_ref());
    Some(quote!({
        #head
        _orm::foreign_key_with(
            #name, #columns, #table, REFERENCES, #match_full, #actions, #set, #deferrable, #not_valid,
        )
    }))
}

/// The schema and name of the table of a column.
fn referenced(context: &Context<'_>, path: &Path) -> TokenStream {
    let target = target(context, path);
    quote!([#target.table_schema(), #target.table_name()])
}

/// `REFERENCES`, the referenced columns; both sides have one SQL type, or the message stands at the reference.
fn references(context: &Context<'_>, pairs: &[(&Ident, &Path)]) -> TokenStream {
    let targets: Vec<Path> = pairs.iter().map(|(_, path)| target(context, path)).collect();
    let same_type = pairs.iter().zip(&targets).map(|((field, _), target)| {
        let marker = context.marker(field);
        quote_spanned! { target.span()=>
            const _: () = _orm::same_type(_orm::Column::<#marker>::HANDLE, #target);
        }
    });
    quote! {
        #(#same_type)*
        const REFERENCES: &[_orm::schema::Text] =
            &[#(_orm::schema::Text::Borrowed(#targets.name())),*];
    }
}

fn actions(on_delete: Option<&Action>, on_update: Option<&Action>) -> TokenStream {
    let (on_delete, on_update) = (action(on_delete), action(on_update));
    quote!(#on_delete, #on_update)
}

fn action(action: Option<&Action>) -> TokenStream {
    let word = action.map_or("no_action", |action| &action.word);
    let name = crate::attr::ACTIONS
        .iter()
        .find(|(key, _)| *key == word)
        .map_or("NoAction", |(_, name)| name);
    let name = format_ident!("{name}");
    quote!(_orm::schema::Action::#name)
}

pub(super) fn check(check: &Check) -> TokenStream {
    let (name, sql) = (name_of(check.name.as_ref()), &check.sql);
    let (no_inherit, not_valid) = (check.no_inherit, check.not_valid);
    match no_inherit || not_valid {
        false => quote!(_orm::check(#name, #sql)),
        true => quote!(_orm::check_with(#name, #sql, #no_inherit, #not_valid)),
    }
}

pub(super) fn exclusion(context: &Context<'_>, exclusion: &Exclusion) -> TokenStream {
    let name = name_of(exclusion.name.as_ref());
    let method = exclusion.method.as_deref().unwrap_or("gist");
    let elements = exclusion.elements.iter().map(|element| {
        let part = part(context, element);
        let operator = element.operator.as_deref().unwrap_or_default();
        quote!(_orm::schema::ExclusionElement {
            part: #part,
            operator: _orm::schema::Text::Borrowed(#operator),
        })
    });
    let elements = list(quote!(ExclusionElement), elements);
    let include = columns(context, &exclusion.include);
    let predicate = optional_text(exclusion.predicate.as_deref());
    let deferrable = deferrable(exclusion.deferrable.as_ref());
    quote!(_orm::exclusion(#name, #method, #elements, #include, #predicate, #deferrable))
}

pub(super) fn trigger(trigger: &Trigger) -> TokenStream {
    let Trigger { name, events, action, constraint } = trigger;
    let name = &name.text;
    quote!(_orm::trigger(#name, #constraint, #events, #action))
}

pub(super) fn policy(policy: &Policy) -> TokenStream {
    let (name, restrictive) = (&policy.name.text, policy.restrictive);
    let (command, roles) = (format_ident!("{}", policy.command), strings(&policy.roles));
    let using = optional_text(policy.using.as_deref());
    let with_check = optional_text(policy.with_check.as_deref());
    quote! {
        _orm::policy(
            #name, #restrictive, _orm::schema::PolicyCommand::#command, #roles, #using, #with_check,
        )
    }
}

/// What stands behind `PARTITION BY`.
pub(super) fn partition_by(context: &Context<'_>) -> Option<String> {
    let by = context.table.partition_by.as_ref()?;
    if by.parts.is_empty() {
        return Some(by.sql.clone());
    }
    let parts = by.parts.iter().map(|part| match part {
        PartKey::Field(field) => {
            let column = columns_of(context, std::slice::from_ref(field));
            let column = column.first().copied().unwrap_or_default();
            format!("\"{}\"", column.replace('"', "\"\""))
        }
        PartKey::Sql(sql) => format!("({sql})"),
    });
    Some(format!("{} ({})", by.sql, parts.collect::<Vec<_>>().join(", ")))
}

/// The partitions, each a table of its own.
pub(super) fn partitions(context: &Context<'_>, schema: &str) -> TokenStream {
    let table = &context.table.name.text;
    let partitions = context.table.partitions.iter().map(|partition| {
        let (name, bound) = (&partition.name.text, &partition.bound);
        let own_schema = partition.schema.as_ref().map_or(schema, |schema| &schema.text);
        let settings = strings(&partition.storage_parameters);
        let partition = quote!({
            const PARTITION: &_orm::schema::Table =
                &_orm::partition([#own_schema, #name], [#schema, #table], #bound, #settings);
            PARTITION
        });
        super::table::registration(context, &partition)
    });
    quote!(#(#partitions)*)
}
