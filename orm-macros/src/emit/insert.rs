//! The builder of an insert: one setter for each column, and one type parameter's part for each required one.

use super::Context;
use crate::model::Column;
use crate::names;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

fn ident(context: &Context<'_>) -> Ident {
    format_ident!("{}Insert", names::plain(&context.table.ident), span = context.table.ident.span())
}

fn required<'a>(context: &'a Context<'_>) -> Vec<&'a Column> {
    context.table.columns.iter().filter(|column| !column.may_be_left_out()).collect()
}

/// `(a, (b, ()))`.
fn nested(states: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    states.rfold(quote!(()), |rest, state| quote!((#state, #rest)))
}

// For `struct User` with the required columns `id` and `name` emits:
//
//     pub struct UserInsert<State = (Missing<__User::id>, (Missing<__User::name>, ()))> { values, state }
pub(super) fn builder(context: &Context<'_>, runtime: &TokenStream) -> TokenStream {
    if context.table.view.is_some() {
        return TokenStream::new();
    }
    let (builder, visibility, table) =
        (ident(context), &context.table.visibility, &context.table.ident);
    let missing = nested(required(context).into_iter().map(|column| {
        let marker = context.marker(&column.ident);
        quote!(#runtime::Missing<#marker>)
    }));
    let docs = format!("An insert into [`{table}`]: one setter for each column.");
    quote! {
        #[doc = #docs]
        #[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
        #[allow(dead_code)]
        #visibility struct #builder<State = #missing> {
            values: #runtime::Values,
            state: ::core::marker::PhantomData<fn() -> State>,
        }
    }
}

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    if context.table.view.is_some() {
        return TokenStream::new();
    }
    let (builder, table) = (ident(context), &context.table.ident);
    let required = required(context);
    let states: Vec<Ident> = (0..required.len()).map(|index| format_ident!("S{index}")).collect();
    let setters = required.iter().enumerate().map(|(index, column)| {
        let after =
            nested(states.iter().enumerate().map(|(other, state)| {
                if other == index { quote!(_orm::Set) } else { quote!(#state) }
            }));
        setter(context, column, &quote!(#builder<#after>), &builder)
    });
    let optional = context.table.columns.iter().filter(|column| column.may_be_left_out());
    // Only the server sets a generated column.
    let optional = optional.filter(|column| column.generated.is_none());
    let optional = optional.map(|column| setter(context, column, &quote!(Self), &builder));
    let before = nested(states.iter().map(|state| quote!(#state)));
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #builder {
            fn default() -> Self {
                #builder { values: _orm::Values::new(), state: ::core::marker::PhantomData }
            }
        }
        #[automatically_derived]
        impl<State> ::core::clone::Clone for #builder<State> {
            fn clone(&self) -> Self {
                #builder { values: self.values.clone(), state: ::core::marker::PhantomData }
            }
        }
        #[automatically_derived]
        impl<State> ::core::fmt::Debug for #builder<State> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.values, f)
            }
        }
        #[automatically_derived]
        impl<State> _orm::InsertBuilder for #builder<State> {
            type Table = #table;
            type State = State;
            fn into_values(self) -> _orm::Values {
                self.values
            }
        }
        #[allow(dead_code)]
        impl<#(#states),*> #builder<#before> { #(#setters)* }
        #[allow(dead_code)]
        impl<State> #builder<State> { #(#optional)* }
    }
}

fn setter(
    context: &Context<'_>,
    column: &Column,
    gives: &TokenStream,
    builder: &Ident,
) -> TokenStream {
    let (field, marker) = (&column.ident, context.marker(&column.ident));
    let visibility = &context.table.visibility;
    let docs = format!("Sets column `{}`.", column.name.text);
    quote! {
        #[doc = #docs]
        #visibility fn #field(self, value: impl _orm::Assign<#marker>) -> #gives {
            #builder { values: self.values.set::<#marker>(value), state: ::core::marker::PhantomData }
        }
    }
}
