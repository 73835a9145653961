//! `alias!(Employee, "manager")` and `alias!(pub Manager = Employee);`

use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitStr, Path, Token, Visibility};

/// An alias of a table.
pub(crate) enum Alias {
    /// A value: `alias!(Employee, "manager")`.
    Value { table: Path, name: String },
    /// An item: `alias!(pub Manager = Employee);`.
    Item { attributes: Vec<Attribute>, visibility: Visibility, ident: Ident, table: Path },
}

impl Parse for Alias {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if input.peek(syn::Ident) && input.peek2(Token![=]) {
            let ident = input.parse()?;
            input.parse::<Token![=]>()?;
            let table = input.parse()?;
            if input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
            }
            return Ok(Self::Item { attributes, visibility, ident, table });
        }
        let table = input.parse()?;
        input.parse::<Token![,]>()?;
        let name: LitStr = input.parse()?;
        let text = name.value();
        if text.is_empty() || text.len() > names::MAX_BYTES || text.contains('\0') {
            let message = format!(
                "the name of an alias has 1 to {} bytes and no NUL: `{text}`",
                names::MAX_BYTES
            );
            return Err(syn::Error::new(name.span(), message));
        }
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        Ok(Self::Value { table, name: text })
    }
}

impl Alias {
    pub(crate) fn emit(&self) -> TokenStream {
        match self {
            Self::Value { table, name } => value(table, name),
            Self::Item { attributes, visibility, ident, table } => {
                item(attributes, visibility, ident, table)
            }
        }
    }
}

/// `impl AliasName` of a type.
fn named(ident: &Ident, name: &str) -> TokenStream {
    let id = names::digits(name);
    quote! {
        #[automatically_derived]
        impl _orm::AliasName for #ident {
            type Id = #id;
            const NAME: &'static str = #name;
        }
    }
}

fn value(table: &Path, name: &str) -> TokenStream {
    let runtime = runtime::path(None);
    // What messages name is the type: it is called like the alias where that is a word.
    let ident = syn::parse_str(name)
        .unwrap_or_else(|_| Ident::new("alias", proc_macro2::Span::call_site()));
    let inside = runtime::scoped(&runtime, &named(&ident, name));
    quote! {{
        #[allow(non_camel_case_types)]
        enum #ident {}
        #inside
        <#runtime::AliasOf<#table, #ident>>::HANDLE
    }}
}

fn item(
    attributes: &[Attribute],
    visibility: &Visibility,
    ident: &Ident,
    table: &Path,
) -> TokenStream {
    let runtime = runtime::path(None);
    let name = names::plain(ident);
    let marker = quote::format_ident!("__{name}");
    let docs = format!("An alias of a table, named `{name}` in a query.");
    let inside = runtime::scoped(&runtime, &named(&marker, &name));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #visibility enum #marker {}

        #[doc = #docs]
        #(#attributes)*
        #visibility type #ident = #runtime::Alias<#table, #marker>;

        #[doc = #docs]
        #[allow(non_upper_case_globals)]
        #visibility const #ident: #runtime::AliasOf<#table, #marker> = #runtime::AliasOf::HANDLE;

        #inside
    }
}
