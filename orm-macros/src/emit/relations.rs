//! Relations: a type and a handle for each, and a struct that holds a row with what was loaded.

use super::{Context, table::target};
use crate::model::{Column, ForeignKey, table_of};
use crate::names;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

/// A relation, whichever side declared it.
pub(super) struct Relation {
    pub(super) name: Ident,
    /// The user's docs: those of a column are those of its relation too.
    pub(super) docs: Vec<String>,
    /// The related table.
    pub(super) to: syn::Type,
    /// `ToMany`, `ToOne` or `ToOptional`, or what tells which.
    pub(super) kind: TokenStream,
    /// The pairs of columns that are equal.
    pub(super) keys: TokenStream,
    /// What it reads, where that is not the related table alone.
    pub(super) scope: Option<TokenStream>,
    /// The join table.
    pub(super) through: Option<TokenStream>,
    /// The columns that have one value along it.
    pub(super) values: Option<TokenStream>,
    /// The condition that every related row meets.
    pub(super) condition: Option<TokenStream>,
}

impl Relation {
    /// The relation of a foreign key.
    fn of_key(
        name: Ident,
        docs: Vec<String>,
        to: syn::Type,
        kind: TokenStream,
        keys: TokenStream,
    ) -> Self {
        Self {
            name,
            docs,
            to,
            kind,
            keys,
            scope: None,
            through: None,
            values: None,
            condition: None,
        }
    }
}

fn relations(context: &Context<'_>) -> Vec<Relation> {
    let table = context.table;
    let to_one = table.columns.iter().filter_map(|column| to_one(context, column));
    let by_keys = table.foreign_keys.iter().filter_map(|key| to_one_by(context, key));
    let declared = table.relations.iter().map(|each| super::related::declared(context, each));
    to_one.chain(by_keys).chain(declared).collect()
}

fn to_one(context: &Context<'_>, column: &Column) -> Option<Relation> {
    let name = column.relation_name()?;
    let target = target(context, column.references.as_ref()?);
    let own = &column.name.text;
    if let Some(origin) = &column.origin {
        let (to, referenced) = super::flattened::reference(origin);
        let keys = quote!(&[(#own, #referenced)]);
        return Some(Relation::of_key(
            name,
            column.docs.clone(),
            to,
            kind(context, [column]),
            keys,
        ));
    }
    let to = named(&table_of(&target));
    let keys = quote!(&[(#own, #target.name())]);
    Some(Relation::of_key(name, column.docs.clone(), to, kind(context, [column]), keys))
}

/// The relation of a foreign key of several columns.
fn to_one_by(context: &Context<'_>, key: &ForeignKey) -> Option<Relation> {
    let name = key.relation.clone()?;
    let pairs = pairs(context, key);
    let (_, first) = pairs.first()?;
    let to = named(&table_of(first));
    let keys = pairs.iter().map(|(column, target)| {
        let own = &column.name.text;
        quote!((#own, #target.name()))
    });
    let keys = quote!(&[#(#keys),*]);
    let kind = kind(context, pairs.iter().map(|(column, _)| *column));
    Some(Relation::of_key(name, Vec::new(), to, kind, keys))
}

/// A table as a type.
pub(super) fn named(table: &Path) -> syn::Type {
    syn::parse_quote_spanned!(table.span()=> #table)
}

/// The columns of a foreign key and what they reference.
fn pairs<'a>(context: &'a Context<'_>, key: &ForeignKey) -> Vec<(&'a Column, Path)> {
    let pairs = key.fields.iter().zip(&key.references);
    pairs
        .filter_map(|(field, path)| {
            let column = context.table.columns.get(context.table.position(field)?)?;
            Some((column, target(context, path)))
        })
        .collect()
}

/// How many rows a foreign key of these columns gives: one, or none where one of them is NULL (`MATCH SIMPLE`). A type
/// that is neither written as an `Option` nor as a type of the standard library is asked.
fn kind<'a>(context: &Context<'_>, columns: impl IntoIterator<Item = &'a Column>) -> TokenStream {
    let mut asked: Vec<TokenStream> = Vec::new();
    for column in columns {
        if column.optional {
            return quote!(_orm::ToOptional);
        }
        if !column.is_certainly_not_null() {
            let marker = context.marker(&column.ident);
            asked.push(quote!(_orm::KindOf<#marker>));
        }
    }
    let both = |first, second| quote!(<#first as _orm::And<#second>>::Kind);
    asked.into_iter().reduce(both).unwrap_or_else(|| quote!(_orm::ToOne))
}

// For `has_many(sessions: Session)` of `User` emits:
//
//     pub struct UserWith<Sessions = NotLoaded<super::sessions>, Row = RowOf<super::sessions>> {
//         pub row: Row, pub sessions: Sessions
//     }
//     pub type UserWithSessions<Related = RelatedOf<super::sessions>> = UserWith<Related>;
pub(super) fn loaded(
    context: &Context<'_>,
    runtime: &TokenStream,
    within: &TokenStream,
) -> TokenStream {
    let names: Vec<Ident> = context.table.relation_names().collect();
    let Some(first) = names.first() else { return TokenStream::new() };
    let (ident, holder) = (&context.table.ident, context.table.row_with());
    let types = parameters(&names);
    let not_loaded: Vec<TokenStream> =
        names.iter().map(|name| quote!(#runtime::NotLoaded<super::#name>)).collect();
    let docs = format!(
        "A row of `{ident}` with what was loaded through its relations: it dereferences to the row."
    );
    let field_docs = names.iter().map(|name| format!("What `.with({ident}::{name})` loaded."));
    let aliases = names.iter().enumerate().map(|(place, name)| {
        let alias = context.table.holder(name);
        let docs = format!("A row of `{ident}` with its `{name}`, and no other relation.");
        let before = not_loaded.iter().take(place);
        let after = not_loaded.iter().skip(place + 1);
        quote! {
            #[doc = #docs]
            #within type #alias<Related = #runtime::RelatedOf<super::#name>> =
                #holder<#(#before,)* Related, #(#after),*>;
        }
    });
    quote! {
        #[doc = #docs]
        #[::core::prelude::v1::derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq,
        )]
        #within struct #holder<#(#types = #not_loaded,)* Row = #runtime::RowOf<super::#first>> {
            /// The row itself.
            #within row: Row,
            #(#[doc = #field_docs] #within #names: #types,)*
        }
        #(#aliases)*
    }
}

/// Names for what relations load, as parameters of a type: `Sessions` for `sessions`.
fn parameters(names: &[Ident]) -> Vec<Ident> {
    let mut taken = vec!["Row".to_owned()];
    let parameter = |(place, name): (usize, &Ident)| {
        let mut parameter = names::camel_case(&names::plain(name));
        if taken.contains(&parameter) {
            parameter = format!("Relation{place}");
        }
        taken.push(parameter.clone());
        Ident::new(&parameter, name.span())
    };
    names.iter().enumerate().map(parameter).collect()
}

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let relations = relations(context);
    let definitions =
        relations.iter().enumerate().map(|(place, relation)| definition(context, relation, place));
    let holder = holder(context, &relations);
    let ident = &context.table.ident;
    let visibility = &context.table.visibility;
    let handles = relations.iter().map(|Relation { name, docs, .. }| {
        let marker = context.marker(name);
        let docs = super::docs::docs(docs, &format!("Relation `{name}`."));
        quote! {
            #docs
            #visibility const #name: _orm::Relation<#marker> = _orm::Relation::HANDLE;
        }
    });
    quote! {
        #(#definitions)*
        #holder
        #[allow(dead_code)]
        impl #ident { #(#handles)* }
    }
}

fn definition(context: &Context<'_>, relation: &Relation, place: usize) -> TokenStream {
    let ident = &context.table.ident;
    let Relation { name, to, kind, keys, scope, through, values, condition, .. } = relation;
    let scope = scope.clone().unwrap_or_else(|| quote!(_orm::ScopeOf<#to>));
    let through = through.as_ref().map(|through| {
        quote! {
            const THROUGH: ::core::option::Option<_orm::Through> =
                ::core::option::Option::Some(#through);
        }
    });
    let condition = condition.as_ref().map(|condition| {
        quote! {
            fn condition() -> ::core::option::Option<_orm::Node> {
                #condition
            }
        }
    });
    let marker = context.marker(name);
    // The compiler's own words about the related table stand where it is named.
    let related = quote_spanned!(to.span()=> type To = #to;);
    let text = names::plain(name);
    quote! {
        #[automatically_derived]
        impl _orm::RelationDefinition for #marker {
            type From = #ident;
            #related
            type Kind = #kind;
            type Scope = #scope;
            const NAME: &'static str = #text;
            const POSITION: usize = #place;
            const KEYS: _orm::Keys = #keys;
            #through
            #values
            #condition
        }
    }
}

// For `struct UserWith<Sessions, Row>` emits how it is read, and what `.with(User::sessions)` makes of a row.
fn holder(context: &Context<'_>, relations: &[Relation]) -> TokenStream {
    if relations.is_empty() {
        return TokenStream::new();
    }
    let ident = &context.table.ident;
    let holder = context.made(&context.table.row_with());
    let names: Vec<&Ident> = relations.iter().map(|relation| &relation.name).collect();
    let types: Vec<Ident> = (0..names.len()).map(|place| format_ident!("L{place}__")).collect();
    let attached = names.iter().enumerate().map(|(place, name)| {
        let marker = context.marker(name);
        let others: Vec<_> = types.iter().enumerate().filter(|(at, _)| *at != place).collect();
        let others = others.iter().map(|(_, ty)| ty);
        let with = |held: TokenStream| {
            let each = types.iter().enumerate().map(|(at, ty)| match at == place {
                true => held.clone(),
                false => quote!(#ty),
            });
            quote!(#holder<#(#each,)* Row__>)
        };
        let (before, after) = (with(quote!(_orm::NotLoaded<#marker>)), with(quote!(X__)));
        let unchanged: Vec<_> = names.iter().filter(|other| *other != name).collect();
        quote! {
            #[automatically_derived]
            impl<X__, #(#others,)* Row__> _orm::Attach<#marker, X__> for #before {
                type Output = #after;
                fn attach(self, loaded: X__) -> Self::Output {
                    #holder { row: self.row, #(#unchanged: self.#unchanged,)* #name: loaded }
                }
            }
        }
    });
    // Without them, one relation that is left would be taken for the one that is meant.
    let others = [false, true].map(|which| {
        quote! {
            impl<X__, #(#types,)* Row__> _orm::Attach<_orm::NoRelation<#which>, X__> for #holder<#(#types,)* Row__> {
                type Output = Self;
                fn attach(self, _: X__) -> Self { self }
            }
        }
    });
    let read = quote!(#(#names: <#types as _orm::Held>::held(cells)?),*);
    quote! {
        #[automatically_derived]
        impl<R__, X__> _orm::Attach<R__, X__> for #ident
        where
            #holder: _orm::Attach<R__, X__>,
        {
            type Output = <#holder as _orm::Attach<R__, X__>>::Output;
            fn attach(self, loaded: X__) -> Self::Output {
                let row = #holder { row: self, #(#names: _orm::NotLoaded::NOTHING),* };
                <#holder as _orm::Attach<R__, X__>>::attach(row, loaded)
            }
        }
        #(#attached)*
        #(#others)*
        #[automatically_derived]
        impl<#(#types,)* Row__> ::core::ops::Deref for #holder<#(#types,)* Row__> {
            type Target = Row__;
            fn deref(&self) -> &Row__ { &self.row }
        }
        #[automatically_derived]
        impl<#(#types: _orm::Held,)* Row__: _orm::Decode> _orm::Decode for #holder<#(#types,)* Row__> {
            fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                ::core::result::Result::Ok(Self { row: Row__::decode(cells)?, #read })
            }
        }
        #[automatically_derived]
        impl<#(#types: _orm::Held,)* Row__: _orm::DecodeOptional> _orm::DecodeOptional
            for #holder<#(#types,)* Row__>
        {
            fn decode_optional(
                cells: &mut _orm::Cells<'_>,
            ) -> _orm::Result<::core::option::Option<Self>> {
                let count = 0 #(+ <#types as _orm::Held>::CELLS)*;
                _orm::with_or_none(cells, count, |cells, row: Row__| {
                    ::core::result::Result::Ok(Self { row, #read })
                })
            }
        }
        #[automatically_derived]
        impl<#(#types: _orm::Held,)* Row__: _orm::Decode> _orm::Nested for #holder<#(#types,)* Row__> {
            fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                _orm::required(cells)
            }
        }
        #[automatically_derived]
        impl<#(#types: _orm::Held,)* Row__: _orm::Decode> _orm::ListElement for #holder<#(#types,)* Row__> {
            type Form = _orm::RecordElement;
            fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
                _orm::record_list(cells)
            }
        }
    }
}
