//! A generic struct: each of its types that is named is a table. Its fields are read with the arguments in the place of the
//! parameters, so that what is emitted is what a struct without parameters would give.

use crate::attr::Place;
use crate::errors::Errors;
use crate::parse::shape::Written;
use crate::parse::{self, instance::Instance};
use crate::{check, emit, names};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Data, DeriveInput, Fields, GenericArgument, GenericParam, PathArguments};

/// The tables of a struct with parameters; none if there is none to be had.
pub(crate) fn expand(input: &DeriveInput, written: &Written) -> TokenStream {
    let mut errors = Errors::default();
    let instances = found(input, &mut errors);
    let prefix = parse::instance::prefix(input);
    let mut tables = TokenStream::new();
    for instance in instances {
        let Some(concrete) = concrete(input, &instance, &mut errors) else { continue };
        let mut own = Errors::default();
        let table = parse::table(&concrete, written, &mut own).map(|mut table| {
            table.instance = Some(names::compact(&instance.ty.to_token_stream().to_string()));
            table.ident = instance.alias.clone();
            if let Some(name) = instance.name(&prefix) {
                table.name.replace(name);
            }
            check::table(&table, &mut own);
            table
        });
        let (alias, ty, visibility) = (&instance.alias, &instance.ty, &input.vis);
        let docs = format!("Table `{}`.", names::compact(&ty.to_token_stream().to_string()));
        tables.extend(quote! {
            #[doc = #docs]
            #visibility type #alias = #ty;
        });
        // A mistake is one of the struct, and that is written once.
        let is_first = errors.is_empty();
        match own.finish() {
            None => tables.extend(table.as_ref().map(emit::table)),
            Some(mistakes) => {
                if is_first {
                    errors.push(mistakes);
                }
                tables.extend(table.map(emit::stub::table));
            }
        }
    }
    let errors = errors.finish().map(syn::Error::into_compile_error);
    quote!(#errors #tables)
}

fn found(input: &DeriveInput, errors: &mut Errors) -> Vec<Instance> {
    let ident = &input.ident;
    if let Some(lifetime) = input.generics.lifetimes().next() {
        let message = format!(
            "table `{ident}` has a lifetime: a row owns its values, a `String` and no `&str`"
        );
        errors.at(lifetime, message);
        return Vec::new();
    }
    let instances = parse::instance::instances(input, errors);
    if instances.as_ref().is_some_and(Vec::is_empty) {
        return Vec::new();
    }
    let Some(instances) = instances else {
        let parameters = input.generics.type_params().map(|parameter| &parameter.ident);
        let example = parameters.map(|_| "User").collect::<Vec<_>>().join(", ");
        let example = if example.is_empty() { "8".to_owned() } else { example };
        let message = format!(
            "table `{ident}` has generic parameters: say which types are tables, `#[table(instances(User{ident} = {ident}<{example}>))]`"
        );
        errors.at(&input.generics, message);
        return Vec::new();
    };
    for (index, instance) in instances.iter().enumerate() {
        let text = instance.ty.to_token_stream().to_string();
        let before = || instances.iter().take(index);
        if before().any(|other| other.ty.to_token_stream().to_string() == text) {
            let message = format!("`{}` is two tables", names::compact(&text));
            errors.at(&instance.ty, message);
            return Vec::new();
        }
    }
    instances
}

/// The struct with the arguments of an instance.
fn concrete(input: &DeriveInput, instance: &Instance, errors: &mut Errors) -> Option<DeriveInput> {
    let ident = &input.ident;
    let last = instance.ty.segments.last();
    let arguments = last.and_then(|last| match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == *ident => Some(arguments),
        _ => None,
    });
    let arguments: Vec<TokenStream> = arguments
        .iter()
        .flat_map(|arguments| &arguments.args)
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty.to_token_stream()),
            GenericArgument::Const(value) => Some(value.to_token_stream()),
            _ => None,
        })
        .collect();
    let parameters: Vec<&Ident> = input
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    if arguments.len() != parameters.len() {
        let names: Vec<String> = parameters.iter().map(ToString::to_string).collect();
        let message = format!(
            "a table of `{ident}` is named with what is in the place of its parameters: `{ident}<{}>`",
            names.join(", ")
        );
        errors.at(&instance.ty, message);
        return None;
    }
    let pairs: Vec<(&Ident, TokenStream)> = parameters.into_iter().zip(arguments).collect();
    let mut concrete = input.clone();
    concrete.generics = syn::Generics::default();
    let replaced = |tokens: TokenStream| replaced(tokens, &pairs);
    let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &mut concrete.data
    else {
        return Some(concrete);
    };
    for field in &mut named.named {
        let ty = syn::parse2(replaced(field.ty.to_token_stream()));
        field.ty = ty.map_err(|error| errors.push(error)).ok()?;
        for attribute in &mut field.attrs {
            if let syn::Meta::List(list) = &mut attribute.meta
                && list.path.is_ident(Place::Column.attribute())
            {
                list.tokens = replaced(std::mem::take(&mut list.tokens));
            }
        }
    }
    Some(concrete)
}

/// The tokens with other ones in the place of some words.
fn replaced(tokens: TokenStream, pairs: &[(&Ident, TokenStream)]) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let mut result = TokenStream::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let mut again = Group::new(group.delimiter(), replaced(group.stream(), pairs));
                again.set_span(group.span());
                result.extend([TokenTree::Group(again)]);
            }
            TokenTree::Ident(word) => {
                // `a::T` is another T.
                let is_path =
                    index > 1 && is_colon(tokens.get(index - 1)) && is_colon(tokens.get(index - 2));
                match pairs.iter().find(|(parameter, _)| *parameter == word) {
                    Some((_, argument)) if !is_path => {
                        let starts_path =
                            is_colon(tokens.get(index + 1)) && is_colon(tokens.get(index + 2));
                        result.extend(if starts_path {
                            quote!(<#argument>)
                        } else {
                            argument.clone()
                        });
                    }
                    _ => result.extend([token.clone()]),
                }
            }
            _ => result.extend([token.clone()]),
        }
    }
    result
}
