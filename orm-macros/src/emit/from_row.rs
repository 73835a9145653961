//! `#[derive(FromRow)]`: the struct as a row, its select list, and its columns.

use super::columns::deeper;
use super::flattened::{decoded, skipped};
use crate::model::row::{Filled, Row, RowField};
use crate::model::shape::Held;
use crate::{names, runtime};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

/// Everything that the derive adds beside the struct.
pub(crate) fn row(row: &Row) -> TokenStream {
    let runtime = runtime::path(row.krate.as_ref());
    let markers = format_ident!("__{}", names::plain(&row.ident));
    let source = row.is_source().then(|| source(row, &markers));
    let inside = [fields(row, &markers), reading(row, &markers), selecting(row, &markers)];
    let picked = picked(row, &markers);
    let inside = runtime::scoped(&runtime, &quote!(#(#inside)* #source #picked));
    let module = module(row, &markers);
    let handle = row.is_source().then(|| handle(row, &runtime));
    quote!(#module #handle #inside)
}

fn parameters(row: &Row, letter: char) -> Vec<Ident> {
    (0..row.fields.len()).map(|place| format_ident!("{letter}{place}")).collect()
}

// For `struct TeamSize { team_id: String, .. }` emits:
//
//     pub mod __TeamSize { pub enum team_id {} .. pub mod __types { pub struct TeamSizeSelect<T0, ..> { pub team_id: T0, .. } } .. }
//     pub use __TeamSize::__types::*;
fn module(row: &Row, markers: &Ident) -> TokenStream {
    let (ident, visibility, select) = (&row.ident, &row.visibility, row.select_ident());
    let (inside, within) = (deeper(visibility, 1), deeper(visibility, 2));
    let names: Vec<&Ident> = row.fields.iter().map(|field| &field.ident).collect();
    let types = parameters(row, 'T');
    let docs =
        format!("A select list that fills `{ident}`: a column or expression for each field.");
    let each = row.fields.iter().map(|field| format!("What fills the field `{}`.", field.ident));
    let columns = row.is_source().then(|| columns(row));
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, non_camel_case_types, unreachable_pub, missing_docs, dead_code)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        #visibility mod #markers {
            #(#inside enum #names {})*
            #inside mod __types {
                #[doc = #docs]
                #[derive(::core::fmt::Debug, ::core::clone::Clone)]
                #[must_use = "a select list does nothing until `.select(..)` is given it"]
                #within struct #select<#(#types),*> {
                    #(#[doc = #each] #within #names: #types,)*
                }
            }
            #columns
        }
        #[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
        #visibility use #markers::__types::*;
    }
}

// As for a table, so that an alias has them:
//
//     pub mod __columns { pub struct Columns<S> { pub team_id: Column<Aliased<S, super::team_id>>, .. } .. }
fn columns(row: &Row) -> TokenStream {
    let fields =
        row.fields.iter().map(|field| (&field.ident, field.name.text.as_str(), &*field.docs));
    super::columns::column_set_of(&row.visibility, row.krate.as_ref(), &fields.collect::<Vec<_>>())
}

// For `struct TeamSize` emits:
//
//     pub const TeamSize: Handle<TeamSize> = Handle::HANDLE;
fn handle(row: &Row, runtime: &TokenStream) -> TokenStream {
    let (ident, visibility) = (&row.ident, &row.visibility);
    let docs = format!("The handle of `{ident}` in a query that reads it, to select it whole.");
    quote! {
        #[doc = #docs]
        #[allow(non_upper_case_globals, dead_code)]
        #visibility const #ident: #runtime::Handle<#ident> = #runtime::Handle::HANDLE;
    }
}

// For `team_id: String` emits:
//
//     impl RowField for __TeamSize::team_id { type Type = String; const NAME .. }
fn fields(row: &Row, markers: &Ident) -> TokenStream {
    let each = row.fields.iter().map(|RowField { ident, ty, name, .. }| {
        let name = &name.text;
        let ty = quote_spanned!(ty.span()=> type Type = #ty;);
        quote! {
            #[automatically_derived]
            impl _orm::RowField for #markers::#ident {
                #ty
                const NAME: &'static str = #name;
            }
        }
    });
    quote!(#(#each)*)
}

// Emits `impl FromRow`, `impl Decode`, `impl DecodeOptional` and `impl Nested`.
fn reading(row: &Row, markers: &Ident) -> TokenStream {
    let ident = &row.ident;
    // A local variable is only seen by tokens of one origin, and a type may come from a macro of the user's.
    let cells = Ident::new("cells", Span::call_site());
    let mut width = row.fields.len();
    let (mut nested, mut within) = (Vec::new(), Vec::new());
    let values = row.held.iter().map(|held| {
        let position = match held {
            Held::Columns(flat) => return decoded(flat, &cells),
            Held::Skipped(field) => return skipped(field),
            Held::Column(position) => *position,
        };
        let field = &row.fields[position];
        let (name, ty) = (&field.ident, &field.ty);
        if let Filled::Relation(..) = field.filled {
            // That would be a second message of one mistake.
            if !crate::check::row::holds_itself(row, field) {
                within.push(quote_spanned!(ty.span()=> <#ty as _orm::Nested>::CONTAINS_ITSELF));
            }
            return quote_spanned!(ty.span()=> #name: <#ty as _orm::Nested>::nested(#cells)?);
        }
        if let Filled::Nested = field.filled {
            width -= 1;
            within.push(quote_spanned!(ty.span()=> <#ty as _orm::Decode>::CONTAINS_ITSELF));
            nested.push(quote_spanned!(ty.span()=> <#ty as _orm::FromRow>::WIDTH));
            return quote!(#name: _orm::Decode::decode(#cells)?);
        }
        let value = quote_spanned!(ty.span()=> _orm::row_field::<#markers::#name>(#cells)?);
        quote!(#name: #value)
    });
    let values: Vec<TokenStream> = values.collect();
    let contains_itself = (!within.is_empty()).then(|| {
        quote!(
            const CONTAINS_ITSELF: bool = false #(|| #within)*;
        )
    });
    let as_decode = contains_itself.as_ref().map(|_| {
        quote!(
            const CONTAINS_ITSELF: bool = <Self as _orm::Decode>::CONTAINS_ITSELF;
        )
    });
    let evaluated = contains_itself.as_ref().map(|_| {
        quote!(
            const _: bool = <#ident as _orm::Decode>::CONTAINS_ITSELF;
        )
    });
    let is_there = is_there(row);
    quote! {
        #evaluated
        #[automatically_derived]
        impl _orm::FromRow for #ident {
            const WIDTH: usize = #width #(+ #nested)*;
            #is_there
        }
        #[automatically_derived]
        impl _orm::Decode for #ident {
            #contains_itself
            fn decode(#cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                ::core::result::Result::Ok(Self { #(#values),* })
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
        #[automatically_derived]
        impl _orm::Nested for #ident {
            #as_decode
            fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                _orm::required(cells)
            }
        }
        #[automatically_derived]
        impl _orm::ListElement for #ident {
            type Form = _orm::RecordElement;
            #as_decode
            fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
                _orm::record_list(cells)
            }
        }
    }
}

// For a struct whose fields are not all columns emits `fn is_there`: what a join leaves out is NULL in the cells of columns, and in those
// of nested structs; in those of expressions where there are no others.
fn is_there(row: &Row) -> Option<TokenStream> {
    if row.fields.iter().all(|field| matches!(field.filled, Filled::Column)) {
        return None;
    }
    let has = |is: fn(&Filled) -> bool| row.fields.iter().any(|field| is(&field.filled));
    let has_rows = has(|filled| matches!(filled, Filled::Column | Filled::Nested));
    let has_values = has(|filled| matches!(filled, Filled::Value(_)));
    let (mut before, mut widths) = (0_usize, Vec::new());
    let mut asked = Vec::new();
    for RowField { ty, filled, .. } in &row.fields {
        let place = quote!(place + #before #(+ #widths)*);
        match filled {
            Filled::Nested => {
                asked.push(
                    quote_spanned!(ty.span()=> <#ty as _orm::FromRow>::is_there(cells, #place)?),
                );
                widths.push(quote_spanned!(ty.span()=> <#ty as _orm::FromRow>::WIDTH));
                continue;
            }
            Filled::Column => asked.push(quote!(_orm::is_any_there(cells, [#place])?)),
            Filled::Value(_) if !has_rows => {
                asked.push(quote!(_orm::is_any_there(cells, [#place])?))
            }
            Filled::Value(_) | Filled::Relation(_) => {}
        }
        before += 1;
    }
    let answer = match has_rows || has_values {
        true => quote!(#(#asked)||*),
        false => quote!(true),
    };
    let unused = asked.is_empty().then(|| quote!(let _ = (cells, place);));
    Some(quote! {
        fn is_there(cells: &_orm::Cells<'_>, place: usize) -> _orm::Result<bool> {
            #unused
            ::core::result::Result::Ok(#answer)
        }
    })
}

// Emits `impl Selection for TeamSizeSelect<..>`.
fn selecting(row: &Row, markers: &Ident) -> TokenStream {
    let (ident, select) = (&row.ident, row.select_ident());
    let names: Vec<&Ident> = row.fields.iter().map(|field| &field.ident).collect();
    let (types, places) = (parameters(row, 'T'), parameters(row, 'P'));
    let selection: Vec<TokenStream> = names
        .iter()
        .zip(&places)
        .map(|(name, place)| quote!(_orm::FieldSelection<Scope, #place, #markers::#name>))
        .collect();
    let reads = types
        .iter()
        .zip(&selection)
        .rev()
        .fold(quote!(()), |rest, (ty, selection)| quote!((<#ty as #selection>::Reads, #rest)));
    quote! {
        #[automatically_derived]
        impl<Scope, #(#types: #selection,)* #(#places),*> _orm::Selection<Scope, (#(#places,)*)>
            for #markers::__types::#select<#(#types),*>
        {
            type Row = #ident;
            type Reads = #reads;
            fn append_to(self, outputs: &mut ::std::vec::Vec<_orm::Output>) {
                #(_orm::FieldSelection::<Scope, #places, #markers::#names>::append_field(self.#names, outputs);)*
            }
        }
    }
}

/// The values of the fields, and what has to be taken apart before.
fn given(row: &Row) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let (mut taken, mut given) = (Vec::new(), Vec::new());
    for held in &row.held {
        match held {
            Held::Skipped(_) => {}
            Held::Column(position) => {
                let field = &row.fields[*position].ident;
                given.push(quote!(self.#field));
            }
            Held::Columns(flat) => {
                let (field, values) = (&flat.ident, format_ident!("values_{}", taken.len()));
                taken.push(quote!(let #values = _orm::Flatten::into_values(self.#field);));
                given.extend((0..flat.columns.len()).map(|at| {
                    let at = syn::Index::from(at);
                    quote!(#values.#at)
                }));
            }
        }
    }
    (taken, given)
}

// Emits `impl Source`, `impl NamedColumns`, `impl RowSource`, and for each field `impl TableColumn` and a handle.
fn source(row: &Row, markers: &Ident) -> TokenStream {
    let (ident, visibility, name) = (&row.ident, &row.visibility, &row.name.text);
    let id = names::digits(name);
    let columns: Vec<&str> = row.fields.iter().map(|field| field.name.text.as_str()).collect();
    let fields: Vec<&Ident> = row.fields.iter().map(|field| &field.ident).collect();
    let types: Vec<_> = row.fields.iter().map(|field| &field.ty).collect();
    let data_types = row.fields.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> <#ty as _orm::Value>::DATA_TYPE)
    });
    let definitions = row.fields.iter().enumerate().map(|(position, field_of)| {
        let (field, ty, name) = (&field_of.ident, &field_of.ty, &field_of.name.text);
        let digits = names::position(position);
        let value = quote_spanned!(ty.span()=> type Value = #ty;);
        let as_text =
            row.from.as_ref().filter(|_| matches!(field_of.filled, Filled::Column)).map(|from| {
                quote! {
                    const AS_TEXT: ::core::option::Option<&'static str> =
                        _orm::as_text_of(#from::#field);
                }
            });
        let of_place = quote_spanned!(ty.span()=> _orm::of_place::<#ty>);
        quote! {
            #[automatically_derived]
            impl _orm::TableColumn for #markers::#field {
                type Source = #ident;
                #value
                type Position = #digits;
                const NAME: &'static str = #name;
                const POSITION: usize = #position;
                #as_text
                const DECLARED: _orm::Declared = ::core::option::Option::Some(#of_place);
            }
        }
    });
    let docs = row.fields.iter().map(|field| {
        let what = format!("Column `{}` of a query that gives this.", field.name.text);
        super::docs::docs(&field.docs, &what)
    });
    let (taken, given) = given(row);
    quote! {
        #[automatically_derived]
        impl _orm::Source for #ident {
            type Row = Self;
            type Id = #id;
            type PrimaryKey = _orm::NoKey;
            const SOURCE: &'static str = #name;
            const COLUMNS: _orm::Columns = _orm::named_columns(
                &[#(#columns),*],
                &[#(<#markers::#fields as _orm::TableColumn>::AS_TEXT),*],
            );
        }
        #[automatically_derived]
        impl _orm::NamedColumns for #ident {
            type Columns<S: _orm::Source> = #markers::__columns::Columns<S>;
        }
        #[automatically_derived]
        impl _orm::RowSource for #ident {
            type Values = (#(#types,)*);
            const TYPES: &'static [&'static str] = &[#(#data_types),*];
            fn into_nodes(self) -> ::std::vec::Vec<_orm::Node> {
                #(#taken)*
                ::std::vec![#(_orm::Node::Param(_orm::Param::of(#given))),*]
            }
        }
        #(#definitions)*
        #[allow(dead_code)]
        impl #ident {
            #(#docs #visibility const #fields: _orm::Column<#markers::#fields> = _orm::Column::HANDLE;)*
        }
    }
}

// With `from = User` emits `impl PickedFrom<User>`: the compiler knows whether the columns are there.
fn picked(row: &Row, markers: &Ident) -> Option<TokenStream> {
    let (ident, from) = (&row.ident, row.from.as_ref()?);
    let each = row.fields.iter().map(|RowField { ident: field, ty, filled, .. }| match filled {
        Filled::Column => {
            quote_spanned!(field.span()=> _orm::picked::<#markers::#field, _>(#from::#field, outputs, source);)
        }
        Filled::Nested => {
            quote_spanned!(ty.span()=> _orm::picked_part::<#markers::#field, #ty, #from>(outputs, source);)
        }
        Filled::Relation(relation) => {
            let relation = match relation {
                Some(relation) => quote!(#relation),
                None => quote_spanned!(field.span()=> #from::#field),
            };
            quote_spanned!(ty.span()=> _orm::picked_relation(#relation).fill::<#markers::#field, #from, #ty>(outputs);)
        }
        Filled::Value(value) => {
            quote_spanned!(value.span()=> _orm::picked_value::<#markers::#field, #from, _, _>(#value, outputs);)
        }
    });
    let handles = row.fields.iter().filter_map(|field| handle_of(row, field, markers));
    // A field of that name has a handle, or the struct a method.
    let query = (!row.fields.iter().any(|field| field.ident == "query")).then(|| {
        let visibility = &row.visibility;
        let docs = format!("A query of the rows of [`{}`] that gives these structs.", last(from));
        quote! {
            #[doc = #docs]
            #[must_use]
            #visibility fn query() -> _orm::StructQuery<#from, Self> { _orm::struct_query() }
        }
    });
    Some(quote! {
        #(#handles)*
        #[allow(dead_code)]
        impl #ident { #query }
        #[automatically_derived]
        impl _orm::PickedFrom<#from> for #ident {
            fn append_columns(outputs: &mut ::std::vec::Vec<_orm::Output>, source: &'static str) {
                #(#each)*
            }
        }
        #[automatically_derived]
        impl _orm::Picked for #ident {
            type From = #from;
        }
    })
}

/// The name of a table in docs.
fn last(path: &syn::Path) -> String {
    path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string())
}

// For `#[column(relation)] sessions: Vec<Session>` emits:
//
//     impl TreeField for __UserPage::sessions { type Struct = UserPage; type Join = (); }
//     impl UserPage { pub const sessions: RowsField<__UserPage::sessions> = RowsField::HANDLE; }
fn handle_of(row: &Row, field: &RowField, markers: &Ident) -> Option<TokenStream> {
    let handle = match field.filled {
        Filled::Column | Filled::Value(_) => return None,
        Filled::Relation(_) => quote!(RowsField),
        Filled::Nested => quote!(PartField),
    };
    let (ident, visibility, name) = (&row.ident, &row.visibility, &field.ident);
    let join = match &field.through {
        None => quote!(
            type Join = ();
        ),
        Some(through) => quote_spanned!(through.span()=> type Join = #through;),
    };
    let docs = super::docs::docs(&field.docs, &format!("What fills the field `{name}`."));
    Some(quote! {
        #[automatically_derived]
        impl _orm::TreeField for #markers::#name {
            type Struct = #ident;
            #join
        }
        #[allow(dead_code, non_upper_case_globals)]
        impl #ident {
            #docs
            #visibility const #name: _orm::#handle<#markers::#name> = _orm::#handle::HANDLE;
        }
    })
}
