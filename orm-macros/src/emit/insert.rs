//! The builder of an insert: one setter for each column, and one type parameter's part for each required one.

use super::{Context, Reading};
use crate::check::BUILDER;
use crate::model::Column;
use crate::model::shape::Held;
use crate::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// The columns that an insert sets: only the server sets a generated one, and a name that is a mistake is reported once.
fn columns<'a>(context: &'a Context<'_>) -> Vec<&'a Column> {
    let mut taken: Vec<String> = BUILDER.map(str::to_owned).into();
    let columns = context.table.columns.iter().filter(|column| column.generated.is_none());
    columns
        .filter(|column| {
            let name = names::plain(column.setter());
            let free = context.reading == Reading::Whole || !taken.contains(&name);
            if context.reading == Reading::Mistaken {
                taken.push(name);
            }
            free
        })
        .collect()
}

fn required<'a>(context: &'a Context<'_>) -> Vec<&'a Column> {
    columns(context).into_iter().filter(|column| !column.may_be_left_out()).collect()
}

/// The columns whose values the server refuses, unless the insert overrides its own.
fn identities<'a>(context: &'a Context<'_>) -> Vec<&'a Column> {
    columns(context).into_iter().filter(|column| column.is_always_identity()).collect()
}

/// The states of the required columns as a balanced tree of pairs: `((a, b), (c, d))`.
fn tree(leaves: &[TokenStream]) -> TokenStream {
    match leaves {
        [] => quote!(()),
        [leaf] => leaf.clone(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().div_ceil(2));
            let (left, right) = (tree(left), tree(right));
            quote!((#left, #right))
        }
    }
}

/// The way to one of so many leaves of the [`tree`].
fn place(leaf: usize, leaves: usize) -> TokenStream {
    if leaves < 2 {
        return quote!(());
    }
    let left = leaves.div_ceil(2);
    if leaf < left {
        let rest = place(leaf, left);
        quote!((_orm::First, #rest))
    } else {
        let rest = place(leaf - left, leaves - left);
        quote!((_orm::Second, #rest))
    }
}

/// The ways to the leaves of these columns, where they are required.
pub(super) fn places(context: &Context<'_>, columns: &[&Column]) -> Vec<TokenStream> {
    let required = required(context);
    let leaves = required.len() + identities(context).len();
    let leaf = |column: &&Column| required.iter().position(|other| other.ident == column.ident);
    columns.iter().filter_map(leaf).map(|leaf| place(leaf, leaves)).collect()
}

// For `struct User` with the required columns `id` and `name` emits:
//
//     pub struct UserInsert<State = (Missing<super::id>, Missing<super::name>)>(InsertState<State>);
pub(super) fn builder(
    context: &Context<'_>,
    runtime: &TokenStream,
    within: &TokenStream,
) -> TokenStream {
    if context.table.view.is_some() {
        return TokenStream::new();
    }
    let (builder, table) = (context.table.insert_ident(), &context.table.ident);
    let mut missing: Vec<TokenStream> = required(context)
        .into_iter()
        .map(|column| {
            let marker = &column.ident;
            quote!(#runtime::Missing<super::#marker>)
        })
        .collect();
    missing.extend(identities(context).into_iter().map(|column| {
        let marker = &column.ident;
        quote!(#runtime::SystemValue<super::#marker>)
    }));
    let missing = tree(&missing);
    let docs = format!("An insert into `{table}`: one setter for each column.");
    quote! {
        #[doc = #docs]
        #[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
        #within struct #builder<State = #missing>(
            pub(in super::super) #runtime::InsertState<State>,
        );
    }
}

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    if context.table.view.is_some() {
        return TokenStream::new();
    }
    let (builder, table) = (context.made(&context.table.insert_ident()), &context.table.ident);
    // A table may have the name that the parameter has elsewhere.
    let state = if table == "State" { quote!(Columns) } else { quote!(State) };
    let required = required(context);
    let identities = identities(context);
    // The last leaves say whether an identity may be set.
    let leaves = required.len() + identities.len();
    let place_of = |column: &Column, list: &[&Column]| {
        list.iter().position(|other| other.ident == column.ident)
    };
    let mut setters = TokenStream::new();
    for column in columns(context) {
        let leaf = place_of(column, &required);
        let identity = place_of(column, &identities);
        let (gives, bound) = match (leaf, identity) {
            (Some(leaf), _) => {
                let place = place(leaf, leaves);
                (
                    quote!(#builder<<State as _orm::SetAt<#place>>::After>),
                    quote!(where State: _orm::SetAt<#place>),
                )
            }
            (None, Some(identity)) => {
                let place = place(required.len() + identity, leaves);
                (quote!(Self), quote!(where State: _orm::OverridesAt<#place>))
            }
            (None, None) => (quote!(Self), TokenStream::new()),
        };
        setters.extend(setter(context, column, &builder, &gives, &bound));
    }
    for flat in context.table.flattened() {
        let place_of =
            |column: &Column| place_of(column, &required).map(|leaf| place(leaf, leaves));
        setters.extend(super::flattened::setter(context, flat, &builder, place_of));
    }
    if !identities.is_empty() {
        let places = (required.len()..leaves).map(|leaf| place(leaf, leaves)).collect();
        setters.extend(overriding(context, &builder, places));
    }
    let row = row(context);
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #builder {
            #[inline]
            fn default() -> Self {
                #builder(_orm::InsertState::new())
            }
        }
        #[automatically_derived]
        impl<State> ::core::clone::Clone for #builder<State> {
            fn clone(&self) -> Self {
                #builder(::core::clone::Clone::clone(&self.0))
            }
        }
        #[automatically_derived]
        impl<State> ::core::fmt::Debug for #builder<State> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
        #[automatically_derived]
        impl<#state> _orm::InsertBuilder for #builder<#state> {
            type Table = #table;
            type State = #state;
            fn into_values(self) -> _orm::Values {
                self.0.into_values()
            }
        }
        #[automatically_derived]
        impl<#state: _orm::Provided> _orm::Insertable for #builder<#state> {
            type Table = #table;
            fn add_to(self, rows: &mut _orm::Rows) {
                rows.put_built(self.0.into_values());
            }
        }
        #row
        #[allow(dead_code)]
        impl<State> #builder<State> { #setters }
    }
}

/// The struct itself as a row: all its columns but those that only the server sets.
fn row(context: &Context<'_>) -> TokenStream {
    let table = &context.table.ident;
    // A local variable is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let rows = Ident::new("rows", Span::call_site());
    let this = Ident::new("self", Span::call_site());
    let puts = context.table.fields.iter().map(|held| match held {
        Held::Skipped(_) => TokenStream::new(),
        Held::Columns(flat) => super::flattened::puts(context, flat, &rows, &this),
        Held::Column(position) => {
            let column = &context.table.columns[*position];
            let field = &column.ident;
            put(context, column, &rows, &quote!(#this.#field))
        }
    });
    let key = context.table.key();
    let is_made = |at: &usize| context.table.columns[*at].generated.is_some();
    let keyed = (!key.is_empty() && !key.iter().any(is_made)).then(|| {
        quote! {
            impl _orm::Patch for #table {
                type Table = Self;
                #[inline]
                fn add_to(self, #rows: &mut _orm::Rows) {
                    _orm::Insertable::add_to(self, #rows);
                }
            }
            impl _orm::Keyed for #table {}
        }
    });
    quote! {
        #[automatically_derived]
        impl _orm::Insertable for #table {
            type Table = Self;
            #[inline]
            fn add_to(self, #rows: &mut _orm::Rows) { #(#puts)* }
        }
        #keyed
    }
}

/// Puts the value of a column, unless only the server makes it.
pub(super) fn put(
    context: &Context<'_>,
    column: &Column,
    rows: &Ident,
    value: &TokenStream,
) -> TokenStream {
    if column.generated.is_some() {
        return TokenStream::new();
    }
    let marker = context.marker(&column.ident);
    let put = if column.is_always_identity() { "put_identity" } else { "put_own" };
    let put = Ident::new(put, Span::call_site());
    quote_spanned!(column.inner.span()=> #rows.#put::<#marker>(#value);)
}

/// The method that sets a column.
fn setter(
    context: &Context<'_>,
    column: &Column,
    builder: &TokenStream,
    gives: &TokenStream,
    bound: &TokenStream,
) -> TokenStream {
    let (name, marker) = (column.setter(), context.marker(&column.ident));
    let visibility = &context.table.visibility;
    let docs = super::docs::docs(&column.docs, &format!("Sets column `{}`.", column.name.text));
    quote! {
        #docs
        #visibility fn #name(self, value: impl _orm::Assign<#marker, Reads: _orm::Constant>) -> #gives #bound {
            #builder(self.0.set::<#marker, _>(value))
        }
    }
}

/// The method after which an identity can be set.
fn overriding(
    context: &Context<'_>,
    builder: &TokenStream,
    places: Vec<TokenStream>,
) -> TokenStream {
    let visibility = &context.table.visibility;
    let (mut after, mut bounds) = (quote!(State), TokenStream::new());
    for place in places {
        bounds.extend(quote!(#after: _orm::SetAt<#place>,));
        after = quote!(<#after as _orm::SetAt<#place>>::After);
    }
    quote! {
        /// `OVERRIDING SYSTEM VALUE`: an `identity` column can be set after it.
        #visibility fn overriding_system_value(self) -> #builder<#after>
        where
            #bounds
        {
            #builder(self.0.overriding_system_value())
        }
    }
}
