//! `has_many(sessions: Session, teams: Team through(Membership), ..)`, `has_one(..)` and `belongs_to(..)`.

use super::item::Item;
use crate::errors::Errors;
use crate::model::relation::{Key, On, Relation, Through};
use crate::names;
use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Path, Token};

/// The words that may stand behind the related table.
const WORDS: [&str; 3] = ["through", "on", "filter"];

pub(super) fn relations(item: &mut Item, errors: &mut Errors) -> Vec<Relation> {
    let key = match item.key() {
        "has_one" => Key::HasOne,
        "belongs_to" => Key::BelongsTo,
        _ => Key::HasMany,
    };
    let parse =
        |input: ParseStream<'_>| Punctuated::<_, Token![,]>::parse_terminated_with(input, relation);
    let relations = item.list(errors, parse).into_iter().flatten();
    relations.map(|relation| Relation { key, ..relation }).collect()
}

fn relation(input: ParseStream<'_>) -> syn::Result<Relation> {
    let docs = super::docs::docs(&Attribute::parse_outer(input)?);
    let (name, mut table) = pair(input)?;
    let picked = column_of(&mut table);
    let key = Key::HasMany;
    let mut relation =
        Relation { key, docs, name, table, picked, through: None, on: None, filter: None };
    while input.peek(syn::Ident::peek_any) {
        word(&mut relation, input)?;
    }
    Ok(relation)
}

fn word(relation: &mut Relation, input: ParseStream<'_>) -> syn::Result<()> {
    let word = Ident::parse_any(input)?;
    let text = word.to_string();
    let error = |message: String| Err(syn::Error::new(word.span(), message));
    if !WORDS.contains(&text.as_str()) {
        let hint = match names::nearest(&text, WORDS) {
            Some(near) => format!("did you mean `{near}(..)`?"),
            None => "expected `,`, or `through(..)`, `on(..)`, `filter(..)`".to_owned(),
        };
        return error(format!("unknown word `{text}` behind a relation; {hint}"));
    }
    if !input.peek(syn::token::Paren) {
        return error(format!("expected `{text}(..)`"));
    }
    let content;
    syn::parenthesized!(content in input);
    if content.is_empty() {
        return error(format!("`{text}()` is empty"));
    }
    let twice = match text.as_str() {
        "through" => relation.through.replace(through(&content)?).is_some(),
        "on" => relation.on.replace(on(&content, &word)?).is_some(),
        _ => {
            let filter: Expr = content.parse()?;
            if !content.is_empty() {
                return Err(
                    content.error("`filter(..)` holds one condition: join two by `.and(..)`")
                );
            }
            relation.filter.replace(filter).is_some()
        }
    };
    if twice { error(format!("`{text}(..)` is given twice")) } else { Ok(()) }
}

/// `Membership`, `Follow::follower_id`, or two columns.
fn through(input: ParseStream<'_>) -> syn::Result<Through> {
    let mut table: Path = input.parse()?;
    let span = table.span();
    let from = column_of(&mut table);
    let mut to = None;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    if !input.is_empty() {
        let mut path: Path = input.parse()?;
        let found = column_of(&mut path);
        match (&from, found) {
            (Some(_), Some(column)) => to = Some((path, column)),
            _ => {
                let message = "two of `through(..)` are columns of the join table: the one that references this table, and the one that references the related table";
                return Err(syn::Error::new(path.span(), message));
            }
        }
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            return Err(input.error("`through(..)` holds a join table, or two columns of it"));
        }
    }
    Ok(Through { table, from, to, span })
}

/// `field = Table::column`, `field = value`, `Table::column = value`.
fn on(input: ParseStream<'_>, word: &Ident) -> syn::Result<On> {
    let mut on = On { pairs: Vec::new(), own: Vec::new(), theirs: Vec::new(), span: word.span() };
    loop {
        equality(&mut on, input)?;
        if input.is_empty() {
            break;
        }
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            break;
        }
    }
    if on.pairs.is_empty() {
        let message = "`on(..)` pairs no columns: a field of this table equals a column of the related one, `on(field = Table::column)`";
        return Err(syn::Error::new(on.span, message));
    }
    Ok(on)
}

fn equality(on: &mut On, input: ParseStream<'_>) -> syn::Result<()> {
    let left: Path = input.parse()?;
    let field = left.get_ident().cloned();
    let error = |at: &dyn ToTokens, message: String| Err(syn::Error::new(at.span(), message));
    if !input.peek(Token![=]) {
        return match field {
            Some(field) => error(
                &field,
                format!(
                    "expected a field of this table and a column of the related one, `on({field} = Table::column)`"
                ),
            ),
            None => error(
                &left,
                "expected a column of the related table and its value, `on(field = Table::column, Table::kind = \"post\")`".to_owned(),
            ),
        };
    }
    input.parse::<Token![=]>()?;
    let right: Expr = input.parse()?;
    match (field, right) {
        (Some(field), Expr::Path(path)) if is_column(&path.path) => {
            let column = path.path;
            if let Some(name) = column.get_ident() {
                let message =
                    format!("a column is named with its table: `{field} = Table::{name}`");
                return error(name, message);
            }
            on.pairs.push((field, column));
        }
        (None, Expr::Path(path)) if is_column(&path.path) => {
            let message = "the field of this table stands first, without its table: `on(field = Table::column)`";
            return error(&left, message.to_owned());
        }
        (Some(field), value) => on.own.push((field, value)),
        (None, value) => on.theirs.push((left, value)),
    }
    Ok(())
}

/// Whether the last part of a path begins with a small letter, as columns do: `Post::id`, and not `Kind::Post`.
fn is_column(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        names::plain(&last.ident).starts_with(|char: char| char.is_lowercase() || char == '_')
    })
}

/// Takes the column off a path whose last part begins with a small letter: `Post::author_id`.
fn column_of(path: &mut Path) -> Option<Ident> {
    let last = path.segments.last()?.ident.clone();
    (is_column(path) && path.segments.len() > 1).then(|| {
        path.segments.pop();
        path.segments.pop_punct();
        last
    })
}

/// `relation: Table`.
fn pair(input: ParseStream<'_>) -> syn::Result<(Ident, Path)> {
    let ident: Ident = input.parse()?;
    if !input.peek(Token![:]) || input.peek(Token![::]) {
        return Err(syn::Error::new(
            ident.span(),
            format!("expected a relation and its table, found `{ident}`"),
        ));
    }
    input.parse::<Token![:]>()?;
    Ok((ident, input.parse::<Path>()?))
}
