//! The fields of a table that are structs of columns, or no columns at all.

use super::{Context, Reading};
use crate::model::shape::{Flat, Origin, Skipped};
use crate::model::{ClientValue, Column};
use crate::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned as _;

/// The fields that have a handle: a name that is a mistake is reported once.
fn flattened<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Flat> {
    let columns = |flat: &Flat| {
        context.table.columns.iter().any(|column| names::same(&column.ident, &flat.ident))
    };
    let relations: Vec<Ident> = context.table.relation_names().collect();
    let is_taken = move |flat: &Flat| {
        let name = names::plain(&flat.ident);
        columns(flat)
            || relations.iter().any(|relation| names::same(relation, &flat.ident))
            || crate::check::ENTRY_POINTS.contains(&name.as_str())
    };
    context
        .table
        .flattened()
        .filter(move |flat| context.reading == Reading::Whole || !is_taken(flat))
}

/// The names of the types that stand for them.
pub(super) fn handles(context: &Context<'_>) -> Vec<Ident> {
    flattened(context).map(|flat| flat.ident.clone()).collect()
}

fn columns<'a>(context: &'a Context<'_>, flat: &Flat) -> &'a [Column] {
    context.table.columns.get(flat.columns.clone()).unwrap_or_default()
}

/// The type that knows what a column says in Rust.
fn column_of(origin: &Origin) -> TokenStream {
    let (path, at) = (&origin.path, origin.at);
    quote_spanned!(path.span()=> <#path as _orm::FlattenColumn<#at>>)
}

// For `#[column(flatten)] address: Address` emits:
//
//     impl FlattenedIn for __User::address { type Source = User; type Columns = Address; const NAMES .. }
//     impl User { pub const address: Flattened<__User::address> = Flattened::HANDLE; }
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let (ident, visibility) = (&context.table.ident, &context.table.visibility);
    let each = flattened(context).map(|flat| {
        let (field, path) = (&flat.ident, &flat.path);
        let marker = context.marker(field);
        let columns = columns(context, flat);
        let texts = columns.iter().map(|column| &column.name.text);
        let docs = super::docs::docs(&flat.docs, &format!("The columns of `{field}`."));
        let ty = quote_spanned!(path.span()=> type Columns = #path;);
        let assigned = assigned(context, columns);
        quote! {
            #[automatically_derived]
            impl _orm::FlattenedIn for #marker {
                type Source = #ident;
                #ty
                const NAMES: &'static [&'static str] = &[#(#texts),*];
                #assigned
            }
            #[allow(dead_code)]
            impl #ident {
                #docs
                #visibility const #field: _orm::Flattened<#marker> = _orm::Flattened::HANDLE;
            }
        }
    });
    quote!(#(#each)*)
}

/// The columns that the client sets, each with its place in the struct.
fn settable(columns: &[Column]) -> impl Iterator<Item = (Index, &Column)> {
    let is_set = |column: &Column| column.generated.is_none() && !column.is_always_identity();
    let columns = columns.iter().enumerate().filter(move |(_, column)| is_set(column));
    columns.map(|(at, column)| (Index::from(at), column))
}

fn assigned(context: &Context<'_>, columns: &[Column]) -> TokenStream {
    let each = settable(columns).map(|(at, column)| {
        let (name, marker) = (&column.name.text, context.marker(&column.ident));
        quote!((#name, _orm::assigned_own::<#marker>(values.#at)))
    });
    quote! {
        fn assigned(value: Self::Columns) -> ::std::vec::Vec<(&'static str, _orm::Node)> {
            let values = _orm::Flatten::into_values(value);
            ::std::vec![#(#each),*]
        }
    }
}

// Emits `address: <Address as Decode>::decode(cells)?`.
pub(super) fn decoded(flat: &Flat, cells: &Ident) -> TokenStream {
    let (field, path) = (&flat.ident, &flat.path);
    let value = quote_spanned!(path.span()=> <#path as _orm::Decode>::decode(#cells)?);
    quote!(#field: #value)
}

// Emits `cache: Default::default()`.
pub(super) fn skipped(skipped: &Skipped) -> TokenStream {
    let (field, ty) = (&skipped.ident, &skipped.ty);
    let value = match &skipped.value {
        Some(value) => quote!(#value),
        None => quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default()),
    };
    quote!(#field: #value)
}

/// Puts the values of the columns into the rows of an insert.
pub(super) fn puts(context: &Context<'_>, flat: &Flat, rows: &Ident, this: &Ident) -> TokenStream {
    let values = Ident::new("values", Span::call_site());
    let puts = columns(context, flat).iter().enumerate().map(|(at, column)| {
        let at = Index::from(at);
        super::insert::put(context, column, rows, &quote!(#values.#at))
    });
    let (puts, field): (TokenStream, _) = (puts.collect(), &flat.ident);
    quote! {{
        let #values = _orm::Flatten::into_values(#this.#field);
        #puts
    }}
}

// Emits `fn address(self, value: Address) -> UserInsert<..>`.
pub(super) fn setter(
    context: &Context<'_>,
    flat: &Flat,
    builder: &TokenStream,
    place_of: impl Fn(&Column) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let columns: Vec<_> = settable(columns(context, flat)).collect();
    let (field, path, visibility) = (&flat.ident, &flat.path, &context.table.visibility);
    let taken = crate::check::BUILDER.contains(&names::plain(field).as_str())
        || context.table.columns.iter().any(|column| names::same(column.setter(), field));
    if taken || columns.is_empty() {
        return None;
    }
    let (mut after, mut bounds, mut sets) = (quote!(State), TokenStream::new(), quote!(self.0));
    for (index, (at, column)) in columns.iter().enumerate() {
        // Only where it leads in the end matters.
        let leads_to = if index + 1 == columns.len() { quote!(_) } else { quote!(()) };
        let marker = context.marker(&column.ident);
        sets = quote!(#sets.set_own::<#marker, #leads_to>(values.#at));
        if let Some(place) = place_of(column) {
            bounds.extend(quote!(#after: _orm::SetAt<#place>,));
            after = quote!(<#after as _orm::SetAt<#place>>::After);
        }
    }
    let docs = super::docs::docs(&flat.docs, &format!("Sets the columns of `{field}`."));
    Some(quote! {
        #docs
        #visibility fn #field(self, value: #path) -> #builder<#after>
        where
            #bounds
        {
            let values = _orm::Flatten::into_values(value);
            #builder(#sets)
        }
    })
}

pub(super) fn declared_type(column: &Column, origin: &Origin) -> Option<TokenStream> {
    column.data_type.as_ref()?;
    let of = column_of(origin);
    Some(quote! {
        const AS_TEXT: ::core::option::Option<&'static str> = #of::AS_TEXT;
        const DECLARED: _orm::Declared = #of::DECLARED;
    })
}

pub(super) fn default_of(column: &Column, origin: &Origin) -> TokenStream {
    if column.default.is_none() {
        return quote!(::core::option::Option::None);
    }
    let of = column_of(origin);
    quote!(#of::DEFAULT)
}

/// What the client sets, as Rust.
pub(super) fn on_update(context: &Context<'_>, column: &Column) -> TokenStream {
    let marker = context.marker(&column.ident);
    match (&column.origin, &column.on_update) {
        (Some(origin), Some(ClientValue::Rust(_))) => {
            let of = column_of(origin);
            quote!(::core::option::Option::Some(#of::on_update::<#marker>))
        }
        _ => quote!(::core::option::Option::None),
    }
}

/// What makes the value of an insert.
pub(super) fn default_fn(origin: &Origin, column: &TokenStream) -> TokenStream {
    let of = column_of(origin);
    quote!(#of::default_fn::<#column>)
}

/// The table and the name of the column that it references.
pub(super) fn reference(origin: &Origin) -> (syn::Type, TokenStream) {
    let (path, at) = (&origin.path, origin.at);
    let of = quote_spanned!(path.span()=> <#path as _orm::FlattenReference<#at>>);
    (syn::parse_quote_spanned!(path.span()=> #of::To), quote!(#of::COLUMN))
}

/// `REFERENCES`, and the schema and name of the table.
pub(super) fn referenced(origin: &Origin) -> (TokenStream, TokenStream) {
    let (to, column) = reference(origin);
    let head = quote! {
        const REFERENCES: &[_orm::schema::Text] = &[_orm::schema::Text::Borrowed(#column)];
    };
    (head, quote!([<#to as _orm::Table>::SCHEMA, <#to as _orm::Table>::NAME]))
}
