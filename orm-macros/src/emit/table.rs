//! `impl Table`, `impl Source`: the table as const data.

use super::{Context, Reading, optional_text, parts};
use crate::model::{Column, Default, Generated, Identity, View};
use crate::names;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

// For `struct User` emits:
//
//     pub const User: Handle<User> = Handle::HANDLE;
pub(super) fn handle(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    let (ident, visibility) = (&context.table.ident, &context.table.visibility);
    let what = format!("The handle of table `{ident}`, for joins.");
    let docs = super::docs::docs(&context.table.docs, &what);
    quote! {
        #docs
        #[allow(non_upper_case_globals)]
        #visibility const #ident: #runtime::Handle<#ident> = #runtime::Handle::HANDLE;
    }
}

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    let ident = &table.ident;
    let name = &table.name.text;
    let schema = table.schema.as_ref().map_or("public", |schema| &schema.text);
    let id = names::digits(name);
    let key = primary_key(context);
    let markers = &context.markers;
    let insert = match table.view {
        None => context.made(&table.insert_ident()),
        Some(_) => quote!(_orm::NoInsert<Self>),
    };
    let fields = table.columns.iter().map(|column| field(context, column));
    let presence = presence(context);
    let is_whole = (context.reading == Reading::Mistaken).then(|| {
        quote!(
            const IS_WHOLE: bool = false;
        )
    });
    let definition = definition(context, schema);
    let registered = registered(context, schema);
    let renames = super::renames::table(table, schema);
    let keyed = keyed(context);
    quote! {
        #[automatically_derived]
        impl _orm::Source for #ident {
            type Row = Self;
            type Id = #id;
            type PrimaryKey = #key;
            const SOURCE: &'static str = #name;
            const COLUMNS: _orm::Columns = _orm::columns::<Self>();
        }
        #[automatically_derived]
        impl _orm::Table for #ident {
            const SCHEMA: &'static str = #schema;
            const NAME: &'static str = #name;
            const TABLE: &'static _orm::schema::Table = &#definition;
            const FIELDS: &'static [_orm::Field] = &[#(#fields),*];
            const PRESENCE: ::core::option::Option<usize> = #presence;
            #is_whole
            type Columns<S: _orm::Source> = #markers::__columns::Columns<S>;
            type Insert = #insert;
        }
        #keyed
        #registered
        #renames
    }
}

// For a table with the primary key `id` emits:
//
//     impl PrimaryKeyed for User { type KeyColumns = (__User::id,); }
fn keyed(context: &Context<'_>) -> Option<TokenStream> {
    let ident = &context.table.ident;
    let key = context.table.key();
    let columns = key.iter().filter_map(|position| context.table.columns.get(*position));
    let columns: Vec<_> = columns.map(|column| context.marker(&column.ident)).collect();
    (!columns.is_empty()).then(|| {
        quote! {
            #[automatically_derived]
            impl _orm::PrimaryKeyed for #ident {
                type KeyColumns = (#(#columns,)*);
            }
        }
    })
}

/// The positions of the primary key, for the compiler.
fn primary_key(context: &Context<'_>) -> TokenStream {
    let key = context.table.key();
    if key.is_empty() {
        return quote!(_orm::NoKey);
    }
    key.into_iter().rev().fold(quote!(()), |rest, position| {
        let position = names::position(position);
        quote!((#position, #rest))
    })
}

/// What the registry hears: the table with its partitions, or the view.
fn registered(context: &Context<'_>, schema: &str) -> TokenStream {
    let table = context.table;
    let ident = &table.ident;
    let Some(View { query, materialized, .. }) = &table.view else {
        let partitions = parts::partitions(context, schema);
        let table = registration(context, &quote!(<#ident as _orm::Table>::TABLE));
        return quote! {
            impl _orm::Writable for #ident {}
            #table
            #partitions
        };
    };
    let name = &table.name.text;
    let (options, indexes) = (parts::strings(&table.storage_parameters), indexes(context));
    let comment = optional_text(table.comment.as_deref());
    let refreshed = materialized.then(|| quote!(impl _orm::Materialized for #ident {}));
    quote! {
        #refreshed
        _orm::inventory::submit! { _orm::RegisteredObject(|| {
            _orm::view([#schema, #name], #materialized, #query, #options, #indexes, #comment)
        }) }
    }
}

/// The call that registers a table: those of several instances may be one.
pub(super) fn registration(context: &Context<'_>, table: &TokenStream) -> TokenStream {
    match &context.table.instance {
        None => quote!(_orm::inventory::submit! { _orm::Registered(#table) }),
        Some(of) => {
            quote!(_orm::inventory::submit! { _orm::RegisteredInstance { table: #table, of: #of } })
        }
    }
}

fn indexes(context: &Context<'_>) -> TokenStream {
    let on_columns = context.table.columns.iter().filter_map(|column| {
        Some(parts::column_index(column.index.as_ref()?.as_ref(), &column.name.text))
    });
    let on_table = context.table.indexes.iter().map(|each| parts::index(context, each));
    list(quote!(Index), on_columns.chain(on_table))
}

fn definition(context: &Context<'_>, schema: &str) -> TokenStream {
    let table = context.table;
    let name = &table.name.text;
    let columns = list(quote!(Column), table.columns.iter().map(|each| column(context, each)));
    let key = parts::primary_key(context);
    let on_columns = table.columns.iter().filter_map(|column| column.unique.as_ref());
    let uniques = on_columns.chain(&table.uniques).map(|key| parts::unique(context, key));
    let uniques = list(quote!(Unique), uniques);
    let indexes = indexes(context);
    let on_columns =
        table.columns.iter().filter_map(|column| parts::column_foreign_key(context, column));
    let on_table = table.foreign_keys.iter().filter_map(|key| parts::foreign_key(context, key));
    let foreign_keys = list(quote!(ForeignKey), on_columns.chain(on_table));
    let checks = list(quote!(Check), table.checks.iter().map(parts::check));
    let comment = optional_text(table.comment.as_deref());
    let is_plain = table.exclusions.is_empty()
        && table.triggers.is_empty()
        && table.policies.is_empty()
        && table.row_security.is_none()
        && table.partition_by.is_none()
        && !table.unlogged
        && table.storage_parameters.is_empty();
    if is_plain {
        return quote! {
            _orm::table(
                [#schema, #name],
                #columns,
                #key,
                #uniques,
                #foreign_keys,
                #checks,
                #indexes,
                #comment,
            )
        };
    }
    let exclusions = list(
        quote!(Exclusion),
        table.exclusions.iter().map(|each| parts::exclusion(context, each)),
    );
    let triggers = list(quote!(Trigger), table.triggers.iter().map(parts::trigger));
    let policies = list(quote!(Policy), table.policies.iter().map(parts::policy));
    let (enabled, forced) = (
        table.row_security.is_some(),
        table.row_security.as_ref().is_some_and(|security| security.forced),
    );
    let partition_by = optional_text(parts::partition_by(context).as_deref());
    let (unlogged, settings) = (table.unlogged, parts::strings(&table.storage_parameters));
    quote! {
        _orm::table_with(
            [#schema, #name],
            #columns,
            #key,
            #uniques,
            #foreign_keys,
            #checks,
            #exclusions,
            #indexes,
            #triggers,
            [#enabled, #forced, #unlogged],
            #policies,
            #partition_by,
            #settings,
            #comment,
        )
    }
}

/// A list of a type of the schema model as const data.
pub(super) fn list(ty: TokenStream, items: impl Iterator<Item = TokenStream>) -> TokenStream {
    let items: Vec<TokenStream> = items.collect();
    if items.is_empty() {
        return quote!(_orm::schema::List::Borrowed(&[]));
    }
    quote!({
        const LIST: &[_orm::schema::#ty] = &[#(#items),*];
        _orm::schema::List::Borrowed(LIST)
    })
}

// For `#[column(default = false)] email_verified: bool` emits:
//
//     _orm::column::<__User::email_verified>(Some("false"))
fn column(context: &Context<'_>, column: &Column) -> TokenStream {
    let marker = context.marker(&column.ident);
    let default = match &column.origin {
        Some(origin) => super::flattened::default_of(column, origin),
        None => default_of(column.default.as_ref(), &column.inner),
    };
    let is_plain = column.data_type.is_none()
        && column.serial.is_none()
        && column.identity.is_none()
        && column.generated.is_none()
        && column.collation.is_none()
        && column.comment.is_none();
    if is_plain {
        return quote!(_orm::column::<#marker>(#default));
    }
    let data_type = match column.serial {
        Some(_) => quote!(_orm::serial::<#marker>()),
        None => optional(column.data_type.as_deref()),
    };
    let identity = match &column.identity {
        Some(found) => {
            let identity = identity(found);
            quote!(::core::option::Option::Some(#identity))
        }
        None => quote!(::core::option::Option::None),
    };
    let generated = match &column.generated {
        Some(Generated { sql, stored, .. }) => {
            let kind = if *stored { quote!(Stored) } else { quote!(Virtual) };
            quote!(::core::option::Option::Some((#sql, _orm::schema::GeneratedKind::#kind)))
        }
        None => quote!(::core::option::Option::None),
    };
    let collation = optional(column.collation.as_deref());
    let comment = optional(column.comment.as_deref());
    quote! {
        _orm::column_with::<#marker>(
            #data_type, #default, #identity, #generated, #collation, #comment,
        )
    }
}

fn identity(identity: &Identity) -> TokenStream {
    let kind = if identity.always { quote!(Always) } else { quote!(ByDefault) };
    let kind = quote!(_orm::schema::IdentityKind::#kind);
    if identity.options.is_empty() && !identity.cycle {
        return quote!(_orm::schema::Identity::new(#kind));
    }
    let options = identity.options.iter().map(|(word, number)| {
        let word = format_ident!("{word}");
        quote!(#word: ::core::option::Option::Some(#number),)
    });
    let cycle = identity.cycle;
    quote! {
        _orm::schema::Identity {
            kind: #kind,
            sequence: _orm::schema::SequenceOptions {
                #(#options)*
                cycle: #cycle,
                .._orm::schema::SequenceOptions::DEFAULT
            },
        }
    }
}

/// A default as SQL, if there is one, of a value of the type `ty`: a variant of an enum knows its own.
pub(super) fn default_of(default: Option<&Default>, ty: &syn::Type) -> TokenStream {
    let Some(default) = default else { return optional(None) };
    let Some(variant) = &default.variant else { return optional(Some(&default.sql)) };
    // The method is that of the type: a variant of another enum is an error at the variant.
    quote_spanned!(variant.span()=> ::core::option::Option::Some({
        const VARIANT: &#ty = &#variant;
        VARIANT.__label_as_sql()
    }))
}

/// An optional string.
pub(super) fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

/// A table or column that is named; `Self` is the struct itself.
pub(super) fn target(context: &Context<'_>, path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(first) = path.segments.first_mut()
        && first.ident == "Self"
    {
        first.ident = names::at(&context.table.ident, first.ident.span());
    }
    path
}

fn field(context: &Context<'_>, column: &Column) -> TokenStream {
    let name = names::plain(&column.ident);
    let marker = context.marker(&column.ident);
    let on_update = match &column.on_update {
        None => quote!(::core::option::Option::None),
        Some(crate::model::ClientValue::Sql(sql)) => {
            quote!(::core::option::Option::Some(|| _orm::Node::Constant(#sql)))
        }
        Some(crate::model::ClientValue::Rust(_)) if column.origin.is_some() => {
            super::flattened::on_update(context, column)
        }
        Some(crate::model::ClientValue::Rust(value)) => {
            quote!(::core::option::Option::Some(|| _orm::assigned::<#marker>(#value)))
        }
    };
    let required = !column.may_be_left_out();
    let default_fn = column.default_fn.as_ref().map(|function| match &column.origin {
        Some(origin) => {
            let made = super::flattened::default_fn(origin, &marker);
            quote!(.with_default_fn(#made))
        }
        None => {
            let made = made(function, &marker);
            quote!(.with_default_fn(|| #made))
        }
    });
    quote!(_orm::field::<#marker>(#name, #required, #on_update) #default_fn)
}

/// What `default_fn` makes for a column.
pub(super) fn made(function: &syn::Expr, column: &TokenStream) -> TokenStream {
    let call = match function {
        syn::Expr::Path(_) => quote_spanned!(function.span()=> #function()),
        closure => quote_spanned!(closure.span()=> (#closure)()),
    };
    quote_spanned!(function.span()=> _orm::assigned::<#column>(#call))
}

/// A column that is never NULL: the key's first, or the first whose type has no NULL.
fn presence(context: &Context<'_>) -> TokenStream {
    match context.table.key().first().copied() {
        Some(position) => quote!(::core::option::Option::Some(#position)),
        None => quote!(_orm::presence(<Self as _orm::Table>::TABLE)),
    }
}
