//! `alias!(pub Manager = Employee);`

use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Path, Token, Visibility};

/// An alias of a table.
pub(crate) struct Alias {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    ident: Ident,
    table: Path,
}

impl Parse for Alias {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let table = input.parse()?;
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        }
        Ok(Self { attributes, visibility, ident, table })
    }
}

impl Alias {
    pub(crate) fn emit(&self) -> TokenStream {
        let Self { attributes, visibility, ident, table } = self;
        let runtime = runtime::path(None);
        let name = names::plain(ident);
        let id = names::bits(&name);
        let docs = format!("An alias of a table, named `{name}` in a query.");
        let inside = runtime::scoped(
            &runtime,
            &quote! {
                #[automatically_derived]
                impl _orm::Source for #ident {
                    type Row = #table;
                    type Id = #id;
                    const SOURCE: _orm::SourceRef =
                        _orm::SourceRef { table: <#table as _orm::Table>::TABLE, name: #name };
                }
                #[automatically_derived]
                impl _orm::Alias for #ident {}
                impl #ident {
                    /// A column of the table, seen through this alias.
                    #visibility fn of<C>(column: _orm::Column<C>) -> _orm::Column<_orm::Aliased<#ident, C>>
                    where
                        C: _orm::TableColumn<Source = #table>,
                    {
                        <Self as _orm::Alias>::of(column)
                    }
                }
            },
        );
        quote! {
            #[doc = #docs]
            #(#attributes)*
            #visibility enum #ident {}

            #[doc = #docs]
            #[allow(non_upper_case_globals)]
            #visibility const #ident: #runtime::Handle<#ident> = #runtime::Handle::HANDLE;

            #inside
        }
    }
}
