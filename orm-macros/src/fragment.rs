//! `sql!(f32: "similarity({}, {})", User::name, term)`

use crate::runtime;
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr, Token, Type};

mod keyword {
    syn::custom_keyword!(aggregate);
}

/// A fragment of SQL, its type and its operands.
pub(crate) struct Fragment {
    is_aggregate: bool,
    ty: Type,
    /// What is before, between and after the operands.
    texts: Vec<String>,
    operands: Vec<Expr>,
}

impl Parse for Fragment {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let message = "a fragment of SQL says its Rust type first: `sql!(i64: \"..\", ..)`, \
                           `sql!(Option<i64>: \"..\", ..)` where it can be NULL";
            return Err(input.error(message));
        }
        let is_aggregate =
            input.peek(keyword::aggregate) && !input.peek2(Token![:]) && !input.peek2(Token![::]);
        if is_aggregate {
            input.parse::<keyword::aggregate>()?;
        }
        let ty = input.parse()?;
        input.parse::<Token![:]>()?;
        let text: LitStr = input.parse().map_err(|error| {
            let message = "the text of a fragment is a string literal: what is known only when the program runs is an \
                           operand, `{}`";
            syn::Error::new(error.span(), message)
        })?;
        let mut operands = Vec::new();
        while input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                operands.push(input.parse()?);
            }
        }
        if !input.is_empty() {
            return Err(input.error("expected `,` and another operand"));
        }
        let texts = parts(&text.value()).map_err(|message| {
            let message = format!("{message}, in the fragment `{}`", text.value());
            syn::Error::new(text.span(), message)
        })?;
        if texts.len() != operands.len() + 1 {
            let message = format!(
                "the fragment `{}` has {} for operands and is given {}",
                text.value(),
                counted(texts.len() - 1, "place `{}`", "places `{}`"),
                counted(operands.len(), "operand", "operands"),
            );
            return Err(syn::Error::new(text.span(), message));
        }
        Ok(Self { is_aggregate, ty, texts, operands })
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The text around the operands, with `{{` and `}}` made single.
fn parts(text: &str) -> Result<Vec<String>, &'static str> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quote = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match (character, next) {
            ('{', Some('{')) | ('}', Some('}')) => {
                characters.next();
                part.push(character);
                continue;
            }
            ('{', Some('}')) if quote.is_some() => {
                return Err("a `{}` between quotes is no operand: put texts together with `||`");
            }
            ('{', Some('}')) => {
                characters.next();
                parts.push(std::mem::take(&mut part));
                continue;
            }
            ('{' | '}', _) => return Err("an operand is `{}`, in order; a brace is `{{` or `}}`"),
            ('\'' | '"', _) if quote == Some(character) => quote = None,
            ('\'' | '"', _) if quote.is_none() => quote = Some(character),
            _ if quote.is_some() => {}
            ('$', Some('0'..='9')) => {
                return Err(
                    "a parameter is not numbered: write `{}` and give the value as an operand",
                );
            }
            ('-', Some('-')) | ('/', Some('*')) => {
                return Err("a comment could hide the rest of the statement");
            }
            (';', _) => return Err("a `;` ends a statement, and a fragment is a part of one"),
            _ => {}
        }
        part.push(character);
    }
    if quote.is_some() {
        return Err("a quote is not closed");
    }
    parts.push(part);
    if parts.iter().all(|part| part.trim().is_empty()) {
        return Err("there is no SQL");
    }
    Ok(parts)
}

impl Fragment {
    pub(crate) fn emit(&self) -> TokenStream {
        let runtime = runtime::path(None);
        let Self { is_aggregate, ty, texts, operands } = self;
        let list =
            operands.iter().rev().fold(quote!(()), |rest, operand| quote!((#operand, #rest)));
        let function = if *is_aggregate { quote!(aggregate_fragment) } else { quote!(fragment) };
        quote!(#runtime::#function::<#ty, _>(&[#(#texts),*], #list))
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_fragment_is_cut_at_its_operands_and_braces_are_unescaped() {
        assert_eq!(parts("f({}, {}) -> '{{a}}'").unwrap(), ["f(", ", ", ") -> '{a}'"]);
        assert_eq!(parts("{} = '$1'").unwrap(), ["", " = '$1'"]);
        assert_eq!(parts(r#""a;b" - {}"#).unwrap(), [r#""a;b" - "#, ""]);
    }

    #[test]
    fn what_could_change_the_statement_around_is_refused() {
        for text in
            ["{", "}", "{0}", "a $1", "a -- {}", "a /* {}", "a; b", "'a", "\"a", "", "{}", "'{}'"]
        {
            assert!(parts(text).is_err(), "{text}");
        }
    }
}
