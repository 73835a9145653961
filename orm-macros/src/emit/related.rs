//! The relations of `has_many(..)`, `has_one(..)` and `belongs_to(..)`: the compiler finds their columns.

use super::relations::{Relation, named};
use super::{Context, Reading, table::target};
use crate::model;
use crate::model::relation::{Key, On, Through};
use crate::names;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Path};

// For `has_many(posts: Post)` of `User` emits, as what `KEYS` is:
//
//     { const FOUND: &Leads = &declared::<User>(["User", ..], Any).direct(end::<Post>("Post"), None); keys_of(FOUND) }
pub(super) fn declared(context: &Context<'_>, declared: &model::relation::Relation) -> Relation {
    let to = target(context, &declared.table);
    let ty = named(&to);
    let (scope, through) = match &declared.through {
        None => (quote!(_orm::ScopeOf<#ty>), None),
        Some(through) => {
            let join = target(context, &through.table);
            (quote!(_orm::ThroughScope<#ty, #join>), Some(join_table(context, declared, through)))
        }
    };
    Relation {
        name: declared.name.clone(),
        docs: declared.docs.clone(),
        to: ty,
        kind: match declared.key {
            Key::HasMany => quote!(_orm::ToMany),
            Key::HasOne | Key::BelongsTo => quote!(_orm::ToOptional),
        },
        keys: keys(context, declared, &to),
        scope: Some(scope),
        through,
        values: declared.on.as_ref().filter(|on| on.has_values()).map(|on| values(context, on)),
        condition: declared.filter.as_ref().map(|filter| condition(context, filter)),
    }
}

/// The columns that are equal: those of this table, and of the related or of the join table.
fn keys(context: &Context<'_>, declared: &model::relation::Relation, to: &Path) -> TokenStream {
    if let Some(through) = &declared.through {
        return found(context, declared, through.span, |relation| {
            first_side(context, relation, declared, through)
        });
    }
    if let Some(on) = &declared.on {
        let keys = pairs(context, on, to);
        let fixed = on.theirs.iter().map(|(column, _)| {
            let column = target(context, column);
            quote_spanned!(column.span()=> _orm::fixed_column::<_, #to>(#column))
        });
        let fixed = quote!(&[#(#fixed),*]);
        return found(context, declared, to.span(), |relation| {
            let to = end(to);
            quote!(#relation.along(#to, #keys, #fixed))
        });
    }
    let span = declared.picked.as_ref().map_or_else(|| to.span(), Ident::span);
    found(context, declared, span, |relation| {
        let picked = picked(to, declared.picked.as_ref());
        let to = end(to);
        quote!(#relation.direct(#to, #picked))
    })
}

fn join_table(
    context: &Context<'_>,
    declared: &model::relation::Relation,
    through: &Through,
) -> TokenStream {
    let join = target(context, &through.table);
    let to = target(context, &declared.table);
    let keys = found(context, declared, through.span, |relation| {
        let first = first_side(context, relation, declared, through);
        let second = picked(&join, through.to.as_ref().map(|(_, column)| column));
        let (join, to) = (end(&join), end(&to));
        quote!(#relation.far_keys(#join, #to, #second, &#first))
    });
    quote!(_orm::Through {
        table: <#join as _orm::Table>::TABLE,
        name: <#join as _orm::Source>::SOURCE,
        fields: <#join as _orm::Table>::FIELDS,
        keys: #keys,
    })
}

fn first_side(
    context: &Context<'_>,
    relation: &TokenStream,
    declared: &model::relation::Relation,
    through: &Through,
) -> TokenStream {
    let join = target(context, &through.table);
    let picked = picked(&join, through.from.as_ref());
    let (join, to) = (end(&join), end(&target(context, &declared.table)));
    quote!(#relation.near_keys(#join, #to, #picked))
}

/// What `keys` finds, or a message at `span`. Of a struct with mistakes nothing is looked for.
fn found(
    context: &Context<'_>,
    declared: &model::relation::Relation,
    span: Span,
    keys: impl FnOnce(&TokenStream) -> TokenStream,
) -> TokenStream {
    if context.reading == Reading::Mistaken {
        return quote!(&[]);
    }
    let ident = &context.table.ident;
    let (table, name) = (names::plain(ident), names::plain(&declared.name));
    let key = declared.key.word();
    let rows = match (declared.key, &declared.filter) {
        (Key::HasMany, _) => quote!(Any),
        (_, None) if declared.on.as_ref().is_none_or(|on| on.theirs.is_empty()) => {
            quote!(AtMostOne)
        }
        _ => quote!(AtMostOneFiltered),
    };
    let relation =
        quote!(_orm::declared::<#ident>([#table, #key, #name], _orm::RowsOfRelation::#rows));
    let keys = keys(&relation);
    // The constants have no parameters: they are evaluated also where nothing uses the relation.
    let found = quote!(const FOUND: &_orm::Leads = &#keys;);
    let known = quote_spanned!(span=> const KEYS: _orm::Keys = _orm::keys_of(FOUND););
    quote!({ #found #known KEYS })
}

/// A table, and what it is called.
fn end(path: &Path) -> TokenStream {
    let name = path.segments.last().map(|last| names::plain(&last.ident)).unwrap_or_default();
    quote!(_orm::end::<#path>(#name))
}

fn picked(table: &Path, column: Option<&Ident>) -> TokenStream {
    match column {
        None => quote!(::core::option::Option::None),
        Some(column) => {
            let name = names::plain(column);
            quote_spanned!(column.span()=> _orm::picked_key(#table::#column, #name))
        }
    }
}

fn pairs(context: &Context<'_>, on: &On, to: &Path) -> TokenStream {
    let this = &context.table.ident;
    let pairs = on.pairs.iter().map(|(field, column)| {
        let field = names::at(field, this.span());
        let column = target(context, column);
        quote_spanned!(column.span()=> _orm::paired::<_, _, #to>(#this::#field, #column))
    });
    quote!(&[#(#pairs),*])
}

// For `on(subject_id = Post::id, subject_kind = "post")` emits:
//
//     const HAS_VALUES: bool = true;
//     fn own_values() -> Vec<FixedValue> { vec![fixed(Comment::subject_kind, "post")] }
fn values(context: &Context<'_>, on: &On) -> TokenStream {
    let this = &context.table.ident;
    let value = |value: &Expr| with_self(value.to_token_stream(), this);
    let own: Vec<_> = on
        .own
        .iter()
        .map(|(field, given)| {
            let (column, value) = (names::at(field, this.span()), value(given));
            quote_spanned!(given.span()=> _orm::fixed(#this::#column, #value))
        })
        .collect();
    let theirs: Vec<_> = on
        .theirs
        .iter()
        .map(|(column, given)| {
            let (column, value) = (target(context, column), value(given));
            quote_spanned!(given.span()=> _orm::fixed(#column, #value))
        })
        .collect();
    let list = |name: TokenStream, values: Vec<TokenStream>| {
        (!values.is_empty()).then(|| {
            quote! {
                fn #name() -> ::std::vec::Vec<_orm::FixedValue> {
                    ::std::vec![#(#values),*]
                }
            }
        })
    };
    let own = list(quote!(own_values), own);
    let theirs = list(quote!(their_values), theirs);
    quote! {
        const HAS_VALUES: bool = true;
        #own
        #theirs
    }
}

fn condition(context: &Context<'_>, filter: &Expr) -> TokenStream {
    let filter = with_self(filter.to_token_stream(), &context.table.ident);
    quote_spanned!(filter.span()=> _orm::condition_of::<Self::Scope, _, _>(#filter))
}

/// `Self` is the table, as everywhere in its attributes.
fn with_self(tokens: TokenStream, table: &Ident) -> TokenStream {
    let token = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == "Self" => names::at(table, ident.span()).into(),
        TokenTree::Group(group) => {
            let inside = with_self(group.stream(), table);
            let mut changed = Group::new(group.delimiter(), inside);
            changed.set_span(group.span());
            changed.into()
        }
        other => other,
    };
    tokens.into_iter().map(token).collect()
}
