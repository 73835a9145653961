//! A derive sees one struct: the fields of another one come from the macro that `#[derive(Columns)]` makes.
//!
//! `#[derive(Table)]` on a struct with `#[column(flatten)] times: Timestamps` emits
//! `Timestamps! { (::orm::__flattened) Table { the struct } }`, which is `::orm::__flattened! { Table { the struct } { the
//! fields of Timestamps } }`: once more for each such field, and then what the derive makes.

use crate::attr::Place;
use crate::parse::shape::{self, Written};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{DeriveInput, Field, Token};

/// A struct, and the fields of the structs of columns that are known so far.
pub(crate) struct Pending {
    derive: Ident,
    input: DeriveInput,
    written: Written,
}

impl Parse for Pending {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let derive = input.parse()?;
        let content;
        syn::braced!(content in input);
        let found = content.parse()?;
        let mut written = Written::new();
        while !input.is_empty() {
            let content;
            syn::braced!(content in input);
            let fields = content.parse_terminated(Field::parse_named, Token![,])?;
            written.push(fields.into_iter().collect());
        }
        Ok(Self { derive, input: found, written })
    }
}

/// A derive whose struct may hold structs of columns.
struct Derive {
    name: &'static str,
    /// Where its own attribute is, and that of its fields.
    places: (Place, Place),
    expand: fn(&DeriveInput, &Written) -> TokenStream,
}

const DERIVES: [Derive; 4] = [
    Derive { name: "Table", places: (Place::Table, Place::Column), expand: crate::table_with },
    Derive { name: "FromRow", places: (Place::Row, Place::RowField), expand: crate::row_with },
    Derive {
        name: "Insertable",
        places: (Place::Insert, Place::Given),
        expand: crate::insertable_with,
    },
    Derive { name: "Patch", places: (Place::Patch, Place::Given), expand: crate::patch_with },
];

/// What a derive of that name makes of the struct.
pub(crate) fn expand(derive: &str, input: &DeriveInput) -> TokenStream {
    let derive = Ident::new(derive, Span::call_site());
    Pending { derive, input: input.clone(), written: Written::new() }.expand()
}

impl Pending {
    /// The call of the next macro, or all of it.
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { derive, input, written } = self;
        let Some(known) = DERIVES.iter().find(|known| derive == known.name) else {
            return TokenStream::new();
        };
        let (own, field) = known.places;
        let Some(next) = shape::structs(input, field).into_iter().nth(written.len()) else {
            return (known.expand)(input, written);
        };
        let back = match shape::krate(input, own) {
            Some(krate) => quote!(#krate::__flattened),
            None => quote!(::orm::__flattened),
        };
        quote! {
            #next! { (#back) #derive { #input } #({ #(#written),* })* }
        }
    }
}
