//! What is written along relations: where the key of each is, and what it sets of a row that is inserted.

use super::{Context, Reading, insert, table::target};
use crate::model::relation::{Key, On, Relation};
use crate::model::{Column, table_of};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};

// For `#[column(references = User::id)] user_id: String` and `has_many(parts: Part)` emits:
//
//     impl WrittenRelation for __Session::user { type Key = OwnKey; }
//     impl<S: SetAt<..>> Carries<S> for __Session::user { type After = S::After; }
//     impl References<User> for __Session::user_id {}
//     impl WrittenRelation for __Session::parts { type Key = TheirKey; }
//     impl<S> Carries<S> for __Session::parts { type After = S; }
//
// Of a relation without a foreign key, `has_many(mails: Mail on(email = Mail::recipient))`:
//
//     impl WrittenRelation for __User::mails { type Key = TheirColumns<__User::mails>; }
//     impl GivesColumns for __User::mails { type Positions = (<PositionOf<1, 16, 16> as Digits>::Type, ()); }
//
// where the numbers are the digits of the position of `Mail::recipient`.
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    let own = own(context).into_iter().map(|(name, columns)| {
        // The rows of a view are not inserted.
        let places = match table.view {
            None => insert::places(context, &columns),
            Some(_) => Vec::new(),
        };
        written(context, &name, &quote!(OwnKey), places)
    });
    let declared = table.relations.iter().filter_map(|each| match (each.key, &each.on) {
        (_, Some(on)) => along(context, each, on),
        (Key::BelongsTo, None) => None,
        (_, None) => {
            let key = if each.through.is_some() { quote!(JoinTable) } else { quote!(TheirKey) };
            Some(written(context, &each.name, &key, Vec::new()))
        }
    });
    let references = references(context);
    quote!(#(#own)* #(#declared)* #references)
}

/// A relation without a foreign key.
fn along(context: &Context<'_>, relation: &Relation, on: &On) -> Option<TokenStream> {
    let (table, marker) = (context.table, context.marker(&relation.name));
    if context.reading == Reading::Mistaken {
        return None;
    }
    if relation.key == Key::BelongsTo {
        let fields = on.pairs.iter().map(|(field, _)| field);
        let fields = fields.chain(on.own.iter().map(|(field, _)| field));
        let columns = fields.filter_map(|field| table.columns.get(table.position(field)?));
        let columns: Vec<&Column> = columns.collect();
        let places = match table.view {
            None => insert::places(context, &columns),
            Some(_) => Vec::new(),
        };
        return Some(written(context, &relation.name, &quote!(OwnKey), places));
    }
    // What a row with related rows must have is not known of a row that is inserted with them.
    if !on.own.is_empty() {
        return None;
    }
    let written = written(context, &relation.name, &quote!(TheirColumns<#marker>), Vec::new());
    let theirs = on.pairs.iter().map(|(_, column)| column);
    let theirs = theirs.chain(on.theirs.iter().map(|(column, _)| column));
    let positions = theirs.rev().fold(quote!(()), |rest, column| {
        let column = target(context, column);
        let digits = (0..3_u32).map(|place| quote!({ _orm::digit_of(#column, #place) }));
        quote!((<_orm::PositionOf<#(#digits),*> as _orm::Digits>::Type, #rest))
    });
    Some(quote! {
        #written
        #[automatically_derived]
        impl _orm::GivesColumns for #marker { type Positions = #positions; }
    })
}

/// A relation, and where the columns that it sets are among those that an insert requires.
fn written(
    context: &Context<'_>,
    name: &Ident,
    key: &TokenStream,
    places: Vec<TokenStream>,
) -> TokenStream {
    let marker = context.marker(name);
    let (mut after, mut bounds) = (quote!(__S), TokenStream::new());
    for place in places {
        bounds.extend(quote!(#after: _orm::SetAt<#place>,));
        after = quote!(<#after as _orm::SetAt<#place>>::After);
    }
    quote! {
        #[automatically_derived]
        impl _orm::WrittenRelation for #marker { type Key = _orm::#key; }
        #[automatically_derived]
        impl<__S> _orm::Carries<__S> for #marker where #bounds { type After = #after; }
    }
}

/// The relations that are foreign keys of the table, with their columns.
fn own<'a>(context: &'a Context<'_>) -> Vec<(Ident, Vec<&'a Column>)> {
    let table = context.table;
    let of_columns = table.columns.iter().filter_map(|column| {
        column.references.as_ref()?;
        Some((column.relation_name()?, vec![column]))
    });
    let of_keys = table.foreign_keys.iter().filter_map(|key| {
        let columns =
            key.fields.iter().filter_map(|field| table.columns.get(table.position(field)?));
        Some((key.relation.clone()?, columns.collect()))
    });
    of_columns.chain(of_keys).collect()
}

/// The columns of foreign keys, each with the table that it references.
fn references(context: &Context<'_>) -> TokenStream {
    let table = context.table;
    if context.reading == Reading::Mistaken {
        // A foreign key may be what could not be read.
        let markers = table.columns.iter().map(|column| context.marker(&column.ident));
        return quote!(#(impl<__T> _orm::References<__T> for #markers {})*);
    }
    let of_columns = table.columns.iter().filter_map(|column| {
        let path = column.references.as_ref()?;
        let to = match &column.origin {
            Some(origin) => super::flattened::reference(origin).0.into_token_stream(),
            None => table_of(&target(context, path)).into_token_stream(),
        };
        Some((column, to))
    });
    let of_keys = table.foreign_keys.iter().flat_map(|key| {
        let to = key.references.first().map(|path| table_of(&target(context, path)));
        let columns =
            key.fields.iter().filter_map(|field| table.columns.get(table.position(field)?));
        columns.filter_map(move |column| Some((column, to.as_ref()?.to_token_stream())))
    });
    let mut known: Vec<(String, String)> = Vec::new();
    let mut impls = TokenStream::new();
    for (column, to) in of_columns.chain(of_keys) {
        // A column that is in two foreign keys to one table.
        let both = (column.ident.to_string(), to.to_string());
        if known.contains(&both) {
            continue;
        }
        known.push(both);
        let marker = context.marker(&column.ident);
        impls.extend(quote! {
            #[automatically_derived]
            impl _orm::References<#to> for #marker {}
        });
    }
    impls
}
