//! One type and one handle for each column.

use super::{Context, Reading, insert, relations};
use crate::check::ENTRY_POINTS;
use crate::data_type::DataType;
use crate::model::Column;
use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Visibility;
use syn::spanned::Spanned as _;

// For `struct User` emits:
//
//     pub mod __User { pub enum id {} .. pub mod __types { pub struct UserInsert .. } }
//     pub use __User::__types::*;
//
// The types have names that the user's own items may have too: of the two, the one that is imported by `*` gives way.
pub(super) fn markers(context: &Context<'_>) -> TokenStream {
    let module = &context.markers;
    let columns = context.table.columns.iter().map(|column| column.ident.clone());
    let flattened = super::flattened::handles(context);
    let names = columns.chain(context.table.relation_names()).chain(flattened);
    let visibility = &context.table.visibility;
    let inside = deeper(visibility, 1);
    let types = types(context);
    let import = types.as_ref().map(|_| {
        quote! {
            #[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
            #visibility use #module::__types::*;
        }
    });
    let types = types.map(|types| quote!(#inside mod __types { #types }));
    let set = column_set(context);
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, non_camel_case_types, unreachable_pub, missing_docs, dead_code)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        #visibility mod #module {
            #(#inside enum #names {})*
            #types
            #set
        }
        #import
    }
}

// For `struct User` emits, within the module of its markers:
//
//     pub mod __columns { pub struct Columns<S> { pub email: Column<Aliased<S, super::email>>, .. } .. }
fn column_set<'a>(context: &Context<'a>) -> TokenStream {
    let columns = context.table.columns.iter();
    let field = |column: &'a Column| (&column.ident, column.name.text.as_str(), &*column.docs);
    let fields: Vec<_> = columns.map(field).collect();
    column_set_of(&context.table.visibility, context.table.krate.as_ref(), &fields)
}

/// The same of any struct: each field with the name of its column.
pub(super) fn column_set_of(
    visibility: &Visibility,
    krate: Option<&syn::Path>,
    columns: &[(&Ident, &str, &[String])],
) -> TokenStream {
    let (within, inside) = (deeper(visibility, 2), deeper(visibility, 1));
    let runtime = runtime::from_within(krate);
    let modules = runtime::modules_around(krate);
    let fields: Vec<_> = columns.iter().map(|(field, _, _)| field).collect();
    let docs =
        columns.iter().map(|(_, name, docs)| super::docs::docs(docs, &format!("Column `{name}`.")));
    quote! {
        #inside mod __columns {
            #modules
            use #runtime as _orm;
            #within struct Columns<S> {
                #(#docs #within #fields: _orm::Column<_orm::Aliased<S, super::#fields>>,)*
                pub(super) __source: ::core::marker::PhantomData<S>,
            }
            impl<S: _orm::Source> _orm::ColumnSet for Columns<S> {
                const ALL: &'static Self = &Self {
                    #(#fields: _orm::Column::HANDLE,)*
                    __source: ::core::marker::PhantomData,
                };
            }
        }
    }
}

/// The types that are made for the user's eyes, if there are any.
pub(super) fn types(context: &Context<'_>) -> Option<TokenStream> {
    let within = deeper(&context.table.visibility, 2);
    let krate = context.table.krate.as_ref();
    let runtime = runtime::from_within(krate);
    let types = [
        relations::loaded(context, &runtime, &within),
        insert::builder(context, &runtime, &within),
    ];
    let types: TokenStream = types.into_iter().collect();
    let modules = runtime::modules_around(krate);
    (!types.is_empty()).then(|| quote!(#modules #types))
}

/// The visibility that means the same from within so many modules: a marker must not be seen where its table is not, or
/// the compiler says that the table leaks (E0446).
pub(super) fn deeper(visibility: &Visibility, modules: usize) -> TokenStream {
    let out = vec![quote!(super); modules];
    match visibility {
        Visibility::Public(_) => quote!(pub),
        Visibility::Inherited => quote!(pub(in #(#out)::*)),
        Visibility::Restricted(restricted) => {
            let path = &restricted.path;
            match path.segments.first() {
                Some(first) if first.ident == "self" => quote!(pub(in #(#out)::*)),
                Some(first) if first.ident == "super" => quote!(pub(in #(#out::)* #path)),
                _ => quote!(#visibility),
            }
        }
    }
}

/// The type of a column that is declared with another than that of its Rust type.
pub(super) fn declared_type(value: &TokenStream, data_type: &str) -> TokenStream {
    let DataType { name, is_array } = DataType::of(data_type);
    // The extension that has the type may be in any schema.
    let name = name.rsplit_once('.').map_or(&*name, |(_, name)| name);
    let as_text = quote!(_orm::cast_to::<#value>(#name, #is_array));
    quote! {
        const AS_TEXT: ::core::option::Option<&'static str> =
            #as_text;
        const DECLARED: _orm::Declared = ::core::option::Option::Some(|| {
            static TYPE: ::std::sync::LazyLock<_orm::DeclaredType> =
                ::std::sync::LazyLock::new(|| {
                    _orm::DeclaredType::of_column(#data_type, #as_text.is_some())
                });
            ::core::option::Option::Some(&TYPE)
        });
    }
}

// For `email: String` emits:
//
//     impl TableColumn for __User::email { type Source = User; type Value = String; const NAME .. POSITION .. }
//     impl User { pub const email: Column<__User::email> = Column::HANDLE; }
pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let (ident, visibility) = (&context.table.ident, &context.table.visibility);
    let mut definitions = TokenStream::new();
    let mut handles = TokenStream::new();
    for (position, column) in context.table.columns.iter().enumerate() {
        let (field, ty, name) = (&column.ident, &column.ty, &column.name.text);
        let marker = context.marker(field);
        let digits = names::position(position);
        // The compiler's own words about the type stand at the type; through `Nullable`, those about an `Option` of an
        // unsuitable type are about that type, and are said once.
        let inner = &column.inner;
        let value = if column.optional && column.origin.is_none() {
            quote_spanned!(inner.span()=> type Value = <#inner as _orm::Value>::Nullable;)
        } else {
            quote_spanned!(ty.span()=> type Value = #ty;)
        };
        let value_of = quote!(<#marker as _orm::TableColumn>::Value);
        let declared_type = match &column.origin {
            Some(origin) => super::flattened::declared_type(column, origin),
            None => column.data_type.as_deref().map(|it| declared_type(&value_of, it)),
        };
        definitions.extend(quote! {
            #[automatically_derived]
            impl _orm::TableColumn for #marker {
                type Source = #ident;
                #value
                type Position = #digits;
                const NAME: &'static str = #name;
                const POSITION: usize = #position;
                #declared_type
            }
        });
        if column.generated.is_none() {
            let set_by =
                if column.is_always_identity() { quote!(Overridable) } else { quote!(Settable) };
            definitions.extend(quote!(impl _orm::#set_by for #marker {}));
        }
        if context.reading == Reading::Mistaken
            && ENTRY_POINTS.contains(&names::plain(field).as_str())
        {
            continue;
        }
        let docs = super::docs::docs(&column.docs, &format!("Column `{name}`."));
        handles.extend(quote! {
            #docs
            #visibility const #field: _orm::Column<#marker> = _orm::Column::HANDLE;
        });
    }
    quote! {
        #definitions
        #[allow(dead_code)]
        impl #ident { #handles }
    }
}
