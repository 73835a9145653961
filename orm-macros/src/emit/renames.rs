//! What was called otherwise before, for the registry.

use crate::check::parts_with_names;
use crate::model::custom::Head;
use crate::model::{Name, Table};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

// For `#[table(renamed_from = "user")] struct Account { #[column(renamed_from = "name")] full_name: String }` emits:
//
//     inventory::submit! { RegisteredRenames({ const LIST: &[Rename] = &[Rename::whole(..), Rename::member(..)]; LIST }) }
pub(super) fn table(table: &Table, schema: &str) -> TokenStream {
    let name = [schema, &table.name.text];
    let of = if table.view.is_some() { "Object" } else { "Table" };
    let partitions = table.partitions.iter().filter_map(|partition| {
        let schema = partition.schema.as_ref().map_or(schema, |schema| &schema.text);
        whole("Table", [schema, &partition.name.text], &partition.name)
    });
    let columns = table.columns.iter().filter_map(|column| member("Column", name, &column.name));
    let parts = parts_with_names(table);
    let parts = parts.iter().filter_map(|(part, _)| member("Part", name, part));
    let all = whole(of, name, &table.name).into_iter().chain(partitions).chain(columns);
    registered(all.chain(parts))
}

/// The type itself, and what has names of its own in it.
pub(super) fn custom<'a>(
    head: &Head,
    of: &str,
    members: impl Iterator<Item = &'a Name>,
) -> TokenStream {
    let name = [head.schema(), &head.name.text];
    let members = members.filter_map(|it| member(of, name, it));
    registered(whole("Object", name, &head.name).into_iter().chain(members))
}

fn registered(all: impl Iterator<Item = TokenStream>) -> TokenStream {
    let all: Vec<TokenStream> = all.collect();
    if all.is_empty() {
        return TokenStream::new();
    }
    quote! {
        _orm::inventory::submit! { _orm::RegisteredRenames({
            const LIST: &[_orm::schema::Rename] = &[#(#all),*];
            LIST
        }) }
    }
}

fn whole(of: &str, [schema, name]: [&str; 2], given: &Name) -> Option<TokenStream> {
    let (old_schema, old) = given.was()?;
    let of = format_ident!("{of}");
    let old_schema = super::table::optional(old_schema);
    Some(quote! {
        _orm::schema::Rename::whole(_orm::schema::Renamed::#of, [#schema, #name], #old_schema, #old)
    })
}

fn member(of: &str, [schema, name]: [&str; 2], given: &Name) -> Option<TokenStream> {
    let old = &given.renamed_from.as_ref()?.text;
    let (of, new) = (format_ident!("{of}"), &given.text);
    Some(quote! {
        _orm::schema::Rename::member(_orm::schema::Renamed::#of, [#schema, #name], #new, #old)
    })
}
