//! `#[derive(Columns)]`: what the columns say in Rust, how they are read, and the macro that gives their text to tables.

use super::columns::declared_type;
use super::flattened::skipped;
use super::table::default_of;
use crate::model::shape::{Group, Held};
use crate::model::{ClientValue, Column, table_of};
use crate::{names, runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

/// Everything that the derive adds beside the struct.
pub(crate) fn group(group: &Group) -> TokenStream {
    let runtime = runtime::path(group.krate.as_ref());
    let columns = group.columns.iter().enumerate().map(|(at, each)| column(group, at, each));
    let inside = [columns.collect(), reading(group), values(group)];
    let inside = runtime::scoped(&runtime, &quote!(#(#inside)*));
    let text = text(group);
    quote!(#text #inside)
}

// For `created_at: DateTime<Utc>` emits:
//
//     impl FlattenColumn<0> for Timestamps { type Value = DateTime<Utc>; const DEFAULT .. }
fn column(group: &Group, at: usize, column: &Column) -> TokenStream {
    let (ident, inner) = (&group.ident, &column.inner);
    let value = if column.optional {
        quote_spanned!(inner.span()=> type Value = <#inner as _orm::Value>::Nullable;)
    } else {
        quote_spanned!(inner.span()=> type Value = #inner;)
    };
    let default = column.default.as_ref().map(|default| {
        let default = default_of(Some(default), inner);
        quote!(const DEFAULT: ::core::option::Option<&'static str> = #default;)
    });
    let value_of = quote!(<#ident as _orm::FlattenColumn<#at>>::Value);
    let declared_type = column.data_type.as_deref().map(|it| declared_type(&value_of, it));
    let on_update = match &column.on_update {
        Some(ClientValue::Rust(value)) => Some(quote! {
            fn on_update<__Column: _orm::TableColumn<Value = Self::Value>>() -> _orm::Node {
                _orm::assigned::<__Column>(#value)
            }
        }),
        _ => None,
    };
    let default_fn = column.default_fn.as_ref().map(|function| {
        let made = super::table::made(function, &quote!(__Column));
        quote! {
            fn default_fn<__Column: _orm::TableColumn<Value = Self::Value>>() -> _orm::Node {
                #made
            }
        }
    });
    let reference = reference(group, at, column);
    quote! {
        #[automatically_derived]
        impl _orm::FlattenColumn<#at> for #ident {
            #value
            #default
            #declared_type
            #on_update
            #default_fn
        }
        #reference
    }
}

// For `#[column(references = User::id)]` emits:
//
//     impl FlattenReference<1> for Audit { type To = User; const COLUMN: &'static str = User::id.name(); }
fn reference(group: &Group, at: usize, column: &Column) -> Option<TokenStream> {
    let path = column.references.as_ref().filter(|path| path.segments.len() > 1)?;
    let (ident, to, ty) = (&group.ident, table_of(path), &column.ty);
    let related = quote_spanned!(to.span()=> type To = #to;);
    let same_type = quote_spanned! {path.span()=>
        const _: () = _orm::references_type::<#ty, _>(#path);
    };
    Some(quote! {
        #[automatically_derived]
        impl _orm::FlattenReference<#at> for #ident {
            #related
            const COLUMN: &'static str = #path.name();
        }
        #same_type
    })
}

// Emits `impl FromRow`, `impl Decode` and `impl DecodeOptional`.
fn reading(group: &Group) -> TokenStream {
    let (ident, width) = (&group.ident, group.columns.len());
    // A local variable is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let cells = Ident::new("cells", Span::call_site());
    let fields = group.fields.iter().map(|held| match held {
        Held::Skipped(field) => skipped(field),
        Held::Columns(flat) => {
            // A mistake that is reported.
            let (field, ty) = (&flat.ident, &flat.path);
            quote!(#field: (|| -> #ty { ::core::unreachable!() })())
        }
        Held::Column(at) => {
            let column = &group.columns[*at];
            let field = &column.ident;
            let value =
                quote_spanned!(column.inner.span()=> _orm::flattened_value::<Self, #at>(#cells)?);
            quote!(#field: #value)
        }
    });
    quote! {
        #[automatically_derived]
        impl _orm::FromRow for #ident {
            const WIDTH: usize = #width;
        }
        #[automatically_derived]
        impl _orm::Decode for #ident {
            fn decode(#cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
        #[automatically_derived]
        impl _orm::DecodeOptional for #ident {
            fn decode_optional(
                cells: &mut _orm::Cells<'_>,
            ) -> _orm::Result<::core::option::Option<Self>> {
                _orm::decode_optional(cells)
            }
        }
    }
}

// Emits `impl Flatten`.
fn values(group: &Group) -> TokenStream {
    let ident = &group.ident;
    let this = Ident::new("self", Span::call_site());
    let types =
        (0..group.columns.len()).map(|at| quote!(<Self as _orm::FlattenColumn<#at>>::Value));
    let fields: Vec<&Ident> = group.columns.iter().map(|column| &column.ident).collect();
    let places: Vec<usize> = (0..group.columns.len()).collect();
    quote! {
        #[automatically_derived]
        impl _orm::Flatten for #ident {
            type Values = (#(#types,)*);
            fn into_values(#this) -> Self::Values {
                (#(#this.#fields,)*)
            }
            fn value_at(&#this, at: usize) -> ::core::option::Option<&dyn _orm::Parameter> {
                match at {
                    #(#places => ::core::option::Option::Some(
                        _orm::as_parameter_of::<Self, #places>(&#this.#fields),
                    ),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

// For `struct Timestamps { .. }` emits:
//
//     macro_rules! __Timestamps_columns { (($($next:tt)*) $($before:tt)*) => { $($next)*! { $($before)* { .. } } } }
//     use __Timestamps_columns as Timestamps;
//
// A derive sees one struct. That of a table calls the macro that has the name of the other struct, which gives it its
// fields as they are written. A macro that other crates see is one of the crate's root: it needs a name of its own there.
fn text(group: &Group) -> TokenStream {
    let (ident, visibility) = (&group.ident, &group.visibility);
    let written = group.written.iter().zip(&group.columns).map(|(field, column)| {
        let mut field = field.clone();
        if group.is_renamed && !column.name.is_given {
            let name = &column.name.text;
            field.attrs.push(syn::parse_quote!(#[column(name = #name)]));
        }
        field.attrs.retain(|attribute| {
            attribute.path().is_ident("column") || attribute.path().is_ident("doc")
        });
        field.vis = syn::Visibility::Inherited;
        field
    });
    let written: Vec<_> = written.collect();
    let name =
        format_ident!("__{}_columns_{}", names::plain(ident), place(ident, &quote!(#(#written),*)));
    let export = matches!(visibility, syn::Visibility::Public(_)).then(|| quote!(#[macro_export]));
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros, non_local_definitions)]
        #export
        macro_rules! #name {
            (($($next:tt)*) $($before:tt)*) => {
                $($next)* ! { $($before)* { #(#written),* } }
            };
        }
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
        #visibility use #name as #ident;
    }
}

/// What tells two structs of one name apart: where they are, and what is in them.
fn place(ident: &Ident, text: &TokenStream) -> String {
    let mut text = text.to_string();
    if proc_macro::is_available() {
        let span = ident.span().unwrap();
        text = format!("{text} {} {} {}", span.file(), span.line(), span.column());
    }
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
