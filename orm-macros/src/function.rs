//! `function! { fn similarity(left: String, right: String) -> f32; }`

use crate::{names, runtime};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Token, Type, Visibility, parenthesized};

mod keyword {
    syn::custom_keyword!(aggregate);
}

/// Functions of SQL that are declared together.
pub(crate) struct Functions(Vec<Function>);

/// A function of SQL: its Rust name, its arguments, its result and its name in the database.
struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    is_aggregate: bool,
    ident: Ident,
    arguments: Vec<(Ident, Type)>,
    result: Type,
    schema: Option<String>,
    name: String,
}

impl Parse for Functions {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut functions = Vec::new();
        while !input.is_empty() {
            functions.push(input.parse()?);
        }
        Ok(Self(functions))
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let is_aggregate = input.peek(keyword::aggregate);
        if is_aggregate {
            input.parse::<keyword::aggregate>()?;
        }
        input.parse::<Token![fn]>()?;
        let ident: Ident = input.parse()?;
        let content;
        parenthesized!(content in input);
        let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&content)?;
        if !input.peek(Token![->]) {
            return Err(input.error("a function of SQL has a result: `-> f32`, or `-> Option<f32>` where it can be NULL though no argument is"));
        }
        input.parse::<Token![->]>()?;
        let result = input.parse()?;
        let mut schema = None;
        let mut name = names::plain(&ident);
        if input.peek(Token![as]) {
            input.parse::<Token![as]>()?;
            name = parse_name(input)?;
            if input.peek(Token![.]) {
                input.parse::<Token![.]>()?;
                schema = Some(std::mem::replace(&mut name, parse_name(input)?));
            }
        }
        input.parse::<Token![;]>()?;
        let arguments = arguments.into_iter().map(|Argument(ident, ty)| (ident, ty)).collect();
        Ok(Self { attributes, visibility, is_aggregate, ident, arguments, result, schema, name })
    }
}

/// `name: Type`.
struct Argument(Ident, Type);

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self(ident, input.parse()?))
    }
}

fn parse_name(input: ParseStream<'_>) -> syn::Result<String> {
    let literal: LitStr = input.parse()?;
    let name = literal.value();
    if name.is_empty() || name.len() > names::MAX_BYTES || name.contains('\0') {
        let message = format!("a name has 1 to {} bytes and no NUL: `{name}`", names::MAX_BYTES);
        return Err(syn::Error::new(literal.span(), message));
    }
    Ok(name)
}

impl Functions {
    pub(crate) fn emit(&self) -> TokenStream {
        self.0.iter().map(Function::emit).collect()
    }
}

impl Function {
    fn emit(&self) -> TokenStream {
        let orm = runtime::path(None);
        let Self { attributes, visibility, ident, result, name, .. } = self;
        let schema = match &self.schema {
            Some(schema) => quote!(::core::option::Option::Some(#schema)),
            None => quote!(::core::option::Option::None),
        };
        let arguments: Vec<&Ident> = self.arguments.iter().map(|(argument, _)| argument).collect();
        let letters: Vec<Ident> = (0..arguments.len()).map(|at| format_ident!("A{at}")).collect();
        let operands: Vec<TokenStream> =
            self.arguments.iter().map(|(_, ty)| quote!(#orm::Argument<#ty>)).collect();
        let sources = letters.iter().zip(&operands);
        let reads = sources.clone().rev().fold(
            quote!(()),
            |rest, (letter, operand)| quote!((<#letter as #operand>::Reads, #rest)),
        );
        let (returned, call) = if self.is_aggregate {
            (quote!(#orm::Aggregate<#result, #reads>), quote!(call_aggregate))
        } else {
            let value = sources.rev().fold(quote!(#result), |result, (letter, operand)| {
                quote!(<<#letter as #operand>::Value as #orm::Value>::Propagate<#result>)
            });
            (quote!(#orm::Expr<#value, #reads>), quote!(call_function))
        };
        let bounds = self.arguments.iter().map(|(_, ty)| match self.is_aggregate {
            true => quote!(#orm::Argument<#ty, Reads: #orm::PerRow>),
            false => quote!(#orm::Argument<#ty>),
        });
        quote! {
            #(#attributes)*
            #[allow(clippy::type_complexity)]
            #visibility fn #ident<#(#letters: #bounds),*>(#(#arguments: #letters),*) -> #returned {
                #orm::#call(
                    #schema,
                    #name,
                    ::std::vec![#(<#letters as #operands>::into_argument(#arguments)),*],
                )
            }
        }
    }
}
