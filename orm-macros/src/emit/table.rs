//! `impl Table`, `impl Source`: the table as const data.

use super::{Context, optional_text, texts};
use crate::model::{Action, Column, Default, Fields, Index, Name};
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
    let docs = format!("The handle of table `{ident}`, for joins.");
    quote! {
        #[doc = #docs]
        #[allow(non_upper_case_globals)]
        #visibility const #ident: #runtime::Handle<#ident> = #runtime::Handle::HANDLE;
    }
}

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    let ident = &table.ident;
    let name = &table.name.text;
    let schema = table.schema.as_ref().map_or("public", |schema| &schema.text);
    let id = names::bits(name);
    let insert = format_ident!("{}Insert", names::plain(ident));
    let fields = table.columns.iter().map(|column| field(context, column));
    let presence = presence(context);
    let definition = definition(context, schema);
    quote! {
        #[automatically_derived]
        impl _orm::Source for #ident {
            type Row = Self;
            type Id = #id;
            const SOURCE: _orm::SourceRef =
                _orm::SourceRef { table: <Self as _orm::Table>::TABLE, name: #name };
        }
        #[automatically_derived]
        impl _orm::Table for #ident {
            const SCHEMA: &'static str = #schema;
            const NAME: &'static str = #name;
            const TABLE: &'static _orm::schema::Table = &#definition;
            const FIELDS: &'static [_orm::Field] = &[#(#fields),*];
            const PRESENCE: ::core::option::Option<usize> = #presence;
            type Insert = #insert;
        }
        _orm::inventory::submit! { _orm::Registered(<#ident as _orm::Table>::TABLE) }
    }
}

fn definition(context: &Context<'_>, schema: &str) -> TokenStream {
    let table = context.table;
    let name = &table.name.text;
    let columns = list(quote!(Column), table.columns.iter().map(|each| column(context, each)));
    let key: Vec<&str> =
        table.key().iter().map(|position| table.columns[*position].name.text.as_str()).collect();
    let key = if key.is_empty() {
        quote!(::core::option::Option::None)
    } else {
        let columns = texts(key);
        quote!(::core::option::Option::Some(_orm::primary_key(#columns)))
    };
    let on_columns = table.columns.iter().filter_map(|column| {
        let given = column.unique.as_ref()?;
        Some(unique(given.as_ref(), [column.name.text.as_str()]))
    });
    let on_table = table
        .uniques
        .iter()
        .map(|fields| unique(fields.name.as_ref(), columns_of(context, fields)));
    let uniques = list(quote!(Unique), on_columns.chain(on_table));
    let on_columns = table.columns.iter().filter_map(|column| {
        let given = column.index.as_ref()?;
        Some(index(given.as_ref(), false, [column.name.text.as_str()]))
    });
    let on_table = table.indexes.iter().map(|Index { fields, unique }| {
        index(fields.name.as_ref(), *unique, columns_of(context, fields))
    });
    let indexes = list(quote!(Index), on_columns.chain(on_table));
    let foreign_keys = table.columns.iter().filter_map(|column| foreign_key(context, column));
    let foreign_keys = list(quote!(ForeignKey), foreign_keys);
    let checks = list(
        quote!(Check),
        table.checks.iter().map(|check| {
            let (name, sql) =
                (optional_text(check.name.as_ref().map(|name| name.text.as_str())), &check.sql);
            quote!(_orm::check(#name, #sql))
        }),
    );
    let comment = optional_text(table.comment.as_deref());
    quote! {
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
    }
}

/// A list of a type of the schema model as const data.
fn list(ty: TokenStream, items: impl Iterator<Item = TokenStream>) -> TokenStream {
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
    let default = default_of(column.default.as_ref(), &column.inner);
    if column.data_type.is_none() && column.identity.is_none() && column.comment.is_none() {
        return quote!(_orm::column::<#marker>(#default));
    }
    let data_type = optional(column.data_type.as_deref());
    let identity = match &column.identity {
        Some(identity) => {
            let kind = if identity.always { quote!(Always) } else { quote!(ByDefault) };
            quote!(::core::option::Option::Some(_orm::schema::IdentityKind::#kind))
        }
        None => quote!(::core::option::Option::None),
    };
    let comment = optional(column.comment.as_deref());
    quote!(_orm::column_with::<#marker>(#data_type, #default, #identity, #comment))
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
fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

fn columns_of<'a>(context: &'a Context<'_>, fields: &'a Fields) -> impl Iterator<Item = &'a str> {
    let positions = fields.fields.iter().filter_map(|field| context.table.position(field));
    positions.map(|position| context.table.columns[position].name.text.as_str())
}

fn unique<'a>(name: Option<&Name>, columns: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let (name, columns) = (optional_text(name.map(|name| name.text.as_str())), texts(columns));
    quote!(_orm::unique(#name, #columns))
}

fn index<'a>(
    name: Option<&Name>,
    unique: bool,
    columns: impl IntoIterator<Item = &'a str>,
) -> TokenStream {
    let name = optional(name.map(|name| name.text.as_str()));
    let columns = columns.into_iter();
    quote!(_orm::schema::Index::btree(#name, #unique, {
        const PARTS: &[_orm::schema::IndexPart] = &[#(_orm::schema::IndexPart::column(#columns)),*];
        PARTS
    }))
}

fn foreign_key(context: &Context<'_>, column: &Column) -> Option<TokenStream> {
    let target = target(context, column.references.as_ref()?);
    let columns = texts([column.name.text.as_str()]);
    let on_delete = action(column.on_delete.as_ref());
    let on_update = action(column.on_update_action.as_ref());
    let marker = context.marker(&column.ident);
    // Both sides have one SQL type; if not, the message stands at the reference.
    let same_type = quote_spanned! { target.span()=>
        const _: () = _orm::same_type(_orm::Column::<#marker>::HANDLE, #target);
    };
    Some(quote!({
        #same_type
        const REFERENCES: &[_orm::schema::Text] = &[_orm::schema::Text::Borrowed(#target.name())];
        _orm::references(
            #columns,
            [#target.table_schema(), #target.table_name()],
            REFERENCES,
            #on_delete,
            #on_update,
        )
    }))
}

/// The referenced column; `Self::id` is a column of the struct itself.
pub(super) fn target(context: &Context<'_>, path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(first) = path.segments.first_mut()
        && first.ident == "Self"
    {
        first.ident = proc_macro2::Ident::new(&context.table.ident.to_string(), first.ident.span());
    }
    path
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

fn field(context: &Context<'_>, column: &Column) -> TokenStream {
    let name = names::plain(&column.ident);
    let marker = context.marker(&column.ident);
    let on_update = match &column.on_update {
        None => quote!(::core::option::Option::None),
        Some(crate::model::ClientValue::Sql(sql)) => {
            quote!(::core::option::Option::Some(|| _orm::Node::Constant(#sql)))
        }
        Some(crate::model::ClientValue::Rust(value)) => {
            quote!(::core::option::Option::Some(|| _orm::assigned::<#marker>(#value)))
        }
    };
    quote!(_orm::Field { name: #name, ty: _orm::pg_type::<#marker>, on_update: #on_update })
}

/// A column that is never NULL: the key's first, or the first that is not an `Option`.
fn presence(context: &Context<'_>) -> TokenStream {
    let first = context.table.columns.iter().position(|column| !column.optional);
    match context.table.key().first().copied().or(first) {
        Some(position) => quote!(::core::option::Option::Some(#position)),
        None => quote!(::core::option::Option::None),
    }
}
