//! [`Item`]: one `key`, `key = value` or `key(..)` of an attribute.

use crate::attr::{self, Place};
use crate::errors::Errors;
use crate::model::Name;
use crate::names;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Path, Token};

/// One key of an attribute and what stands with it.
pub(super) struct Item {
    pub(super) ident: Ident,
    place: Place,
    word: String,
    argument: Argument,
}

enum Argument {
    None,
    Value(Expr),
    List(TokenStream, Span),
}

/// The items of all attributes of a place; unknown and repeated ones are noted and left out.
pub(super) fn items(attributes: &[Attribute], place: Place, errors: &mut Errors) -> Vec<Item> {
    let name = place.attribute();
    let mut items: Vec<Item> = Vec::new();
    for attribute in attributes {
        if let Some((wrong, where_to)) = place.partner()
            && attribute.path().is_ident(wrong.attribute())
        {
            let wrong = wrong.attribute();
            errors.at(
                attribute.path(),
                format!("`#[{wrong}(..)]` stands on {where_to}; here it is `#[{name}(..)]`"),
            );
        }
        if !attribute.path().is_ident(name) {
            continue;
        }
        let Ok(list) = attribute.meta.require_list() else {
            errors.at(attribute, format!("expected `#[{name}(..)]`"));
            continue;
        };
        for tokens in split(list.tokens.clone()) {
            match (|input: ParseStream<'_>| Item::parse(input, place)).parse2(tokens) {
                Ok(item) => keep(&mut items, item, errors),
                Err(error) => errors.push(error),
            }
        }
    }
    items
}

/// The tokens between commas: a mistake in one item leaves the others readable.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    let mut depth = 0_usize;
    let mut before = ' ';
    for token in tokens {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if before != '-' && before != '=' => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = punct.as_char();
            if before == ',' && depth == 0 {
                parts.push(TokenStream::new());
                continue;
            }
        }
        if let Some(last) = parts.last_mut() {
            last.extend([token]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn keep(items: &mut Vec<Item>, item: Item, errors: &mut Errors) {
    let place = item.place.noun();
    if !attr::keys(item.place).any(|key| key.name == item.word) {
        let hint = names::nearest(&item.word, attr::keys(item.place).map(|key| key.name));
        let elsewhere = item
            .place
            .partner()
            .is_some_and(|(other, _)| attr::keys(other).any(|key| key.name == item.word));
        let hint = match hint {
            Some(word) => format!("; did you mean `{word}`?"),
            None if elsewhere && item.place == Place::Table => {
                "; it belongs to a field, in `#[column(..)]`".to_owned()
            }
            None if elsewhere && item.place == Place::Column => {
                "; it belongs to the struct, in `#[table(..)]`".to_owned()
            }
            None => {
                let known: Vec<String> =
                    attr::keys(item.place).map(|key| format!("`{}`", key.name)).collect();
                format!("; expected one of {}", known.join(", "))
            }
        };
        return errors.at(&item.ident, format!("unknown key `{}` for {place}{hint}", item.word));
    }
    let may_repeat = item.place.repeatable().contains(&item.word.as_str());
    if !may_repeat && items.iter().any(|other| other.word == item.word) {
        return errors.at(&item.ident, format!("key `{}` is given twice", item.word));
    }
    items.push(item);
}

impl Item {
    fn parse(input: ParseStream<'_>, place: Place) -> syn::Result<Self> {
        let Ok(ident) = Ident::parse_any(input) else {
            let place = place.noun();
            return Err(input.error(format!("expected a key for {place}, such as `name = \"..\"`")));
        };
        let word = names::plain(&ident);
        let argument = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.is_empty() {
                let form = attr::form(place, &word);
                return Err(syn::Error::new_spanned(
                    &ident,
                    format!("`{word}` needs a value: {form}"),
                ));
            }
            Argument::Value(value(input)?)
        } else if input.peek(syn::token::Paren) {
            let content;
            let parentheses = syn::parenthesized!(content in input);
            Argument::List(content.parse()?, parentheses.span.join())
        } else {
            Argument::None
        };
        if !input.is_empty() {
            return Err(input.error(format!("expected `,` after `{word}`")));
        }
        Ok(Self { ident, place, word, argument })
    }

    pub(super) fn key(&self) -> &str {
        &self.word
    }

    /// Notes that the key was written in a form it does not have.
    pub(super) fn misused(&self, errors: &mut Errors) {
        let form = attr::form(self.place, &self.word);
        errors.at(&self.ident, format!("`{}` is written {form}", self.word));
    }

    pub(super) fn is_bare(&self) -> bool {
        matches!(self.argument, Argument::None)
    }

    pub(super) fn has_list(&self) -> bool {
        matches!(self.argument, Argument::List(..))
    }

    pub(super) fn value_ref(&self) -> Option<&Expr> {
        match &self.argument {
            Argument::Value(value) => Some(value),
            _ => None,
        }
    }

    /// A key without a value.
    pub(super) fn flag(&self, errors: &mut Errors) -> Option<Span> {
        if self.is_bare() {
            return Some(self.ident.span());
        }
        errors.at(&self.ident, format!("`{}` stands alone, without a value", self.word));
        None
    }

    /// Any expression.
    pub(super) fn expr(&mut self, errors: &mut Errors) -> Option<Expr> {
        match std::mem::replace(&mut self.argument, Argument::None) {
            Argument::Value(value) => Some(value),
            _ => {
                self.misused(errors);
                None
            }
        }
    }

    /// A string.
    pub(super) fn string(&mut self, errors: &mut Errors) -> Option<LitStr> {
        match self.expr(errors)? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            other => {
                errors.at(
                    other,
                    format!("`{}` is a string: {}", self.word, attr::form(self.place, &self.word)),
                );
                None
            }
        }
    }

    /// A collation, as SQL.
    pub(super) fn collation(&mut self, errors: &mut Errors) -> Option<String> {
        self.string(errors).map(|text| names::collation(&text.value()))
    }

    /// A name in the database.
    pub(super) fn name(&mut self, errors: &mut Errors) -> Option<Name> {
        self.string(errors).map(|text| Name::of(&text))
    }

    /// The name that something had before.
    pub(super) fn renamed_from(&mut self, errors: &mut Errors) -> Option<Box<Name>> {
        self.name(errors).map(Box::new)
    }

    /// A key alone, or with a name.
    pub(super) fn optional_name(&mut self, errors: &mut Errors) -> Option<Option<Name>> {
        if self.is_bare() { Some(None) } else { self.name(errors).map(Some) }
    }

    /// A path.
    pub(super) fn path(&mut self, errors: &mut Errors) -> Option<Path> {
        match self.expr(errors)? {
            Expr::Path(path) if path.qself.is_none() => Some(path.path),
            other => {
                errors.at(
                    other,
                    format!("`{}` is a path: {}", self.word, attr::form(self.place, &self.word)),
                );
                None
            }
        }
    }

    /// The path of a module.
    pub(super) fn module(&mut self, errors: &mut Errors) -> Option<Path> {
        let path = self.path(errors)?;
        let is_module =
            |segment: &syn::PathSegment| segment.arguments.is_empty() && segment.ident != "Self";
        if path.segments.iter().all(is_module) {
            return Some(path);
        }
        let form = attr::form(self.place, &self.word);
        errors.at(&path, format!("`{}` is the path of a module: {form}", self.word));
        None
    }

    /// One word.
    pub(super) fn ident(&mut self, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(errors)?;
        let ident = path.get_ident().filter(|ident| names::is_free(ident)).cloned();
        if ident.is_none() {
            errors.at(
                &path,
                format!("`{}` is one word: {}", self.word, attr::form(self.place, &self.word)),
            );
        }
        ident
    }

    /// What stands between the parentheses.
    pub(super) fn list<T>(
        &mut self,
        errors: &mut Errors,
        parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    ) -> Option<T> {
        match std::mem::replace(&mut self.argument, Argument::None) {
            Argument::List(tokens, span) if tokens.is_empty() => {
                let form = attr::form(self.place, &self.word);
                errors.push(syn::Error::new(
                    span,
                    format!("`{}` is empty; it is written {form}", self.word),
                ));
                None
            }
            Argument::List(tokens, _) => match parse.parse2(tokens) {
                Ok(list) => Some(list),
                Err(error) => {
                    errors.push(self.explained(&error));
                    None
                }
            },
            _ => {
                self.misused(errors);
                None
            }
        }
    }

    /// `(a = A, b = B)`.
    pub(super) fn named(&mut self, errors: &mut Errors) -> Vec<(Ident, Ident)> {
        let parse = |input: ParseStream<'_>| {
            Punctuated::<_, Token![,]>::parse_terminated_with(input, |input| {
                let name: Ident = input.parse()?;
                input.parse::<Token![=]>()?;
                Ok((name, input.parse::<Ident>()?))
            })
        };
        self.list(errors, parse).map(|pairs| pairs.into_iter().collect()).unwrap_or_default()
    }

    /// What the parser found, with how the key is written.
    fn explained(&self, error: &syn::Error) -> syn::Error {
        let form = attr::form(self.place, &self.word);
        let found = error.to_string();
        let stop = if found.ends_with('?') { "" } else { ";" };
        syn::Error::new(error.span(), format!("{found}{stop} `{}` is written {form}", self.word))
    }
}

/// What stands behind `=`. `virtual("..")` is a call for us, and a reserved word for Rust.
fn value(input: ParseStream<'_>) -> syn::Result<Expr> {
    if !input.peek(Token![virtual]) {
        return input.parse();
    }
    let span = input.parse::<Token![virtual]>()?.span;
    let content;
    syn::parenthesized!(content in input);
    let sql: Expr = content.parse()?;
    let word = Ident::new_raw("virtual", span);
    Ok(syn::parse_quote!(#word(#sql)))
}
