//! What the derives of enums, domains and composites add: the type as a column's type, and its description.

use super::table::default_of;
use super::{optional_text, renames, texts};
use crate::model::custom::{Composite, Domain, Enumeration, Head};
use crate::parse::custom::holds_a_value;
use crate::parse::value::quoted;
use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Generics, Type, parse_quote};

/// Says the object to the registry: `kind` is its type in the schema model, `parts` its fields beside the name.
fn registered(head: &Head, kind: &str, parts: &TokenStream) -> TokenStream {
    let (schema, name, kind) = (head.schema(), &head.name.text, format_ident!("{kind}"));
    let comment = optional_text(head.comment.as_deref());
    quote! {
        _orm::inventory::submit! {
            _orm::RegisteredObject(|| _orm::schema::Object::#kind(_orm::schema::#kind {
                schema: _orm::schema::Text::Borrowed(#schema),
                name: _orm::schema::Text::Borrowed(#name),
                comment: #comment,
                grants: ::core::default::Default::default(),
                #parts
            }))
        }
    }
}

/// The type as SQL, and as SQL its array.
fn sql_names(head: &Head) -> (String, String) {
    let name = names::qualified(head.schema(), &head.name.text);
    let array = format!("{name}[]");
    (name, array)
}

/// The type as messages name it.
fn in_words(head: &Head) -> String {
    format!("{}.{}", head.schema(), head.name.text)
}

/// A place for a value, as a type. What the compiler says of the value's type stands at the type.
fn slot(name: &Ident, ty: &Type) -> TokenStream {
    let value = quote_spanned!(ty.span()=> type Value = #ty;);
    quote! {
        enum #name {}
        #[automatically_derived]
        impl _orm::Slot for #name { #value }
    }
}

/// A type of the runtime that is made once.
fn made_once(of: &TokenStream) -> TokenStream {
    quote! {
        static TYPE: ::std::sync::LazyLock<_orm::Type> = ::std::sync::LazyLock::new(|| #of);
        ::core::clone::Clone::clone(&TYPE)
    }
}

/// The type of that name, as values of it are sent.
fn declared_once(data_type: &str) -> TokenStream {
    quote! {
        static TYPE: ::std::sync::LazyLock<_orm::DeclaredType> =
            ::std::sync::LazyLock::new(|| _orm::DeclaredType::named(#data_type));
        TYPE.ty()
    }
}

/// The array type: `element` is what it is an array of, as the runtime knows it.
fn element_type(head: &Head, element: &TokenStream) -> TokenStream {
    let (ident, schema) = (&head.ident, head.schema());
    let (_, array) = sql_names(head);
    let name = format!("_{}", head.name.text);
    let made = made_once(&quote! {
        _orm::custom_type(#schema, #name, _orm::Kind::Array(#element))
    });
    quote! {
        #[automatically_derived]
        impl _orm::ElementType for #ident {
            const ARRAY_NAME: &'static str = #array;
            fn pg_array_type() -> _orm::Type { #made }
        }
        #[automatically_derived]
        impl _orm::HasEquality for #ident {}
    }
}

/// `impl SqlType`: for a type that stands for itself.
fn sql_type(head: &Head, kind: &TokenStream) -> TokenStream {
    let (ident, schema, name) = (&head.ident, head.schema(), &head.name.text);
    let (sql, _) = sql_names(head);
    let made = made_once(&quote!(_orm::custom_type(#schema, #name, #kind)));
    let array = element_type(head, &quote!(<#ident as _orm::SqlType>::pg_type()));
    quote! {
        #[automatically_derived]
        impl _orm::SqlType for #ident {
            const NAME: &'static str = #sql;
            fn pg_type() -> _orm::Type { #made }
            fn array_type() -> ::core::option::Option<_orm::Type> {
                ::core::option::Option::Some(<Self as _orm::ElementType>::pg_array_type())
            }
        }
        #array
    }
}

/// What [`custom_type`] is told beside the name of the type.
pub(super) struct Parts {
    /// The SQL type that it is compared as, and that of the elements of its arrays.
    pub(super) sql: TokenStream,
    pub(super) element: TokenStream,
    /// The type that a column is declared with, an expression.
    pub(super) data_type: TokenStream,
    /// Other items of the impl.
    pub(super) items: TokenStream,
    /// Three bodies: `accepts`, `read` and `write`.
    pub(super) accepts: TokenStream,
    pub(super) read: TokenStream,
    pub(super) write: TokenStream,
}

/// `impl CustomType`, and the driver's traits, for SQL that a user wrote.
pub(super) fn custom_type(ident: &Ident, generics: &Generics, parts: &Parts) -> TokenStream {
    let Parts { sql, element, data_type, items, accepts, read, write } = parts;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let mut with_lifetime = generics.clone();
    with_lifetime.params.insert(0, parse_quote!('__sql));
    let (of_reading, _, _) = with_lifetime.split_for_impl();
    let mut with_match = generics.clone();
    with_match.params.push(parse_quote!(__Match));
    let (of_operands, _, _) = with_match.split_for_impl();
    quote! {
            #[automatically_derived]
            impl #parameters _orm::CustomType for #ident #arguments #bounds {
                type Sql = #sql;
                type Element = #element;
                const DATA_TYPE: &'static str = #data_type;
                #items
                fn accepts(ty: &_orm::Type) -> bool { #accepts }
                fn read(
                    ty: &_orm::Type,
                    raw: &[u8],
                ) -> ::core::result::Result<Self, _orm::Failure> {
                    let _ = ty;
                    #read
                }
                fn write(
                    &self,
                    ty: &_orm::Type,
                    out: &mut _orm::BytesMut,
                ) -> ::core::result::Result<(), _orm::Failure> {
                    let _ = ty;
                    #write
                }
            }
            #[automatically_derived]
    impl #of_operands _orm::Operand<#sql, __Match> for #ident #arguments #bounds {
                type Value = Self;
                type Reads = ();
                fn into_operand(self) -> _orm::Node {
                    _orm::Node::Param(_orm::Param::of(self))
                }
            }
            #[automatically_derived]
            impl #parameters _orm::ToSql for #ident #arguments #bounds {
                fn to_sql(
                    &self,
                    ty: &_orm::Type,
                    out: &mut _orm::BytesMut,
                ) -> ::core::result::Result<_orm::IsNull, _orm::Failure> {
                    _orm::to_sql(self, ty, out)
                }
                fn accepts(ty: &_orm::Type) -> bool {
                    <Self as _orm::CustomType>::accepts(_orm::base_type(ty))
                }
                fn to_sql_checked(
                    &self,
                    ty: &_orm::Type,
                    out: &mut _orm::BytesMut,
                ) -> ::core::result::Result<_orm::IsNull, _orm::Failure> {
                    _orm::to_sql(self, ty, out)
                }
            }
            #[automatically_derived]
            impl #of_reading _orm::FromSql<'__sql> for #ident #arguments #bounds {
                fn from_sql(
                    ty: &_orm::Type,
                    raw: &'__sql [u8],
                ) -> ::core::result::Result<Self, _orm::Failure> {
                    _orm::from_sql(ty, raw)
                }
                fn accepts(ty: &_orm::Type) -> bool {
                    <Self as _orm::CustomType>::accepts(_orm::base_type(ty))
                }
            }
        }
}

// For `enum Mood { Happy }` emits:
//
//     impl Enumeration for Mood { .. fn label(&self) -> &'static str { match self { Self::Happy => "happy" } } .. }
//     impl Mood { pub const fn __label_as_sql(&self) -> &'static str { match self { Self::Happy => "'happy'" } } }
//     and the impls of a value
pub(crate) fn enumeration(found: &Enumeration) -> TokenStream {
    let head = &found.head;
    let ident = &head.ident;
    let rust_name = names::plain(ident);
    let in_words = in_words(head);
    let labels: Vec<&str> = found.variants.iter().map(|it| it.label.text.as_str()).collect();
    let literals = labels.iter().map(|label| quoted(label));
    let variants: Vec<&Ident> = found.variants.iter().map(|it| &it.ident).collect();
    let plain = found.variants.iter().filter(|it| it.is_plain);
    let from_labels = plain.map(|it| {
        let (label, variant) = (&it.label.text, &it.ident);
        quote!(#label => ::core::option::Option::Some(Self::#variant),)
    });
    let sql_type = sql_type(
        head,
        &quote! {
            _orm::Kind::Enum(_orm::labels::<#ident>())
        },
    );
    let custom_type = custom_type(
        ident,
        &Generics::default(),
        &Parts {
            sql: quote!(Self),
            element: quote!(Self),
            data_type: quote!(<Self as _orm::SqlType>::NAME),
            items: quote! {
                const DECLARED_AS: &'static [&'static str] = _orm::TEXTS;
                fn parameter_type() -> _orm::Type { <Self as _orm::SqlType>::pg_type() }
            },
            accepts: quote!(<Self as _orm::Enumeration>::accepts_type(ty)),
            read: quote!(_orm::Enumeration::read(raw)),
            write: quote!(::core::result::Result::Ok(_orm::Enumeration::write(self, out))),
        },
    );
    let values = texts(labels.iter().copied());
    let object = registered(head, "Enum", &quote!(values: #values,));
    let given = found.variants.iter().map(|variant| &variant.label);
    let renames = renames::custom(head, "Value", given);
    runtime::scoped(
        &runtime::path(head.krate.as_ref()),
        &quote! {
            #[automatically_derived]
            impl _orm::Enumeration for #ident {
                const RUST_NAME: &'static str = #rust_name;
                const SQL_NAME: &'static str = #in_words;
                const LABELS: &'static [&'static str] = &[#(#labels),*];
                fn label(&self) -> &'static str {
                    match *self { #(Self::#variants { .. } => #labels,)* }
                }
                #[allow(unreachable_patterns)]
                fn from_label(label: &str) -> ::core::option::Option<Self> {
                    match label {
                        #(#from_labels)*
                        _ => ::core::option::Option::None,
                    }
                }
            }
            impl #ident {
                #[doc(hidden)]
                #[allow(dead_code)]
                pub const fn __label_as_sql(&self) -> &'static str {
                    match *self { #(Self::#variants { .. } => #literals,)* }
                }
            }
            #sql_type
            #custom_type
            #object
            #renames
        },
    )
}

// For `struct Email(String)` emits the impls of a value that is written, read and compared as a `String`, in columns of
// the type `public.email`.
pub(crate) fn domain(found: &Domain) -> TokenStream {
    let (head, inner) = (&found.head, &found.inner);
    let ident = &head.ident;
    let (sql, _) = sql_names(head);
    let slot = quote_spanned!(inner.span()=> type Value = #inner;);
    let base = quote!(<<#ident as _orm::Slot>::Value as _orm::Value>::Sql);
    let array = element_type(head, &quote!(_orm::slot_type::<#ident>()));
    // What is below the domain is sent: of a domain over `citext` that is no text.
    let sent_as = match &found.data_type {
        Some(data_type) => declared_once(data_type),
        None => quote!(_orm::slot_type::<#ident>()),
    };
    let custom_type = custom_type(
        ident,
        &Generics::default(),
        &Parts {
            sql: base,
            element: quote!(Self),
            data_type: quote!(#sql),
            items: quote! {
                const DECLARED_AS: &'static [&'static str] = &[_orm::slot_data_type::<Self>()];
                fn parameter_type() -> _orm::Type { #sent_as }
            },
            accepts: quote!(_orm::slot_accepts::<Self>(ty)),
            read: quote!(_orm::read_slot::<Self>(ty, raw).map(Self)),
            write: quote!(_orm::write_slot::<Self>(&self.0, ty, out)),
        },
    );
    let data_type = match &found.data_type {
        Some(data_type) => quote!(#data_type),
        None => quote!(_orm::slot_data_type::<#ident>()),
    };
    let collation = optional_text(found.collation.as_deref());
    let default = default_of(found.default.as_ref(), &found.inner);
    let not_null = found.not_null.is_some();
    let is_value = quote_spanned!(inner.span()=> !_orm::is_nullable_slot::<#ident>());
    let is_value = super::asserts::assert(inner.span(), &is_value, &holds_a_value(ident));
    let checks = found.checks.iter().map(super::parts::check);
    let object = registered(
        head,
        "Domain",
        &quote! {
            data_type: _orm::schema::Text::Borrowed(#data_type),
            collation: #collation,
            default: _orm::text(#default),
            not_null: #not_null,
            checks: _orm::schema::List::Owned(::std::vec![#(#checks),*]),
        },
    );
    let renames = renames::custom(head, "Object", std::iter::empty());
    runtime::scoped(
        &runtime::path(head.krate.as_ref()),
        &quote! {
            #[automatically_derived]
            impl _orm::Slot for #ident { #slot }
            #is_value
            #array
            #custom_type
            #object
            #renames
        },
    )
}

// For `struct Address { street: String }` emits the impls of a value that is written and read as a record.
pub(crate) fn composite(found: &Composite) -> TokenStream {
    let head = &found.head;
    let ident = &head.ident;
    let in_words = in_words(head);
    let names: Vec<&str> = found.fields.iter().map(|field| field.name.text.as_str()).collect();
    let fields: Vec<&Ident> = found.fields.iter().map(|field| &field.ident).collect();
    let slots: Vec<Ident> = (0..names.len()).map(|index| format_ident!("__Field{index}")).collect();
    let definitions = slots.iter().zip(&found.fields).map(|(name, field)| slot(name, &field.ty));
    let definitions: TokenStream = definitions.collect();
    let sql_type = sql_type(
        head,
        &quote! {
            _orm::Kind::Composite(::std::vec![#(_orm::PgField::new(
                ::std::string::ToString::to_string(#names),
                _orm::slot_type::<#slots>(),
            )),*])
        },
    );
    let custom_type = custom_type(
        ident,
        &Generics::default(),
        &Parts {
            sql: quote!(Self),
            element: quote!(Self),
            data_type: quote!(<Self as _orm::SqlType>::NAME),
            items: quote!(
                fn parameter_type() -> _orm::Type {
                    <Self as _orm::SqlType>::pg_type()
                }
            ),
            accepts: quote! {
                ::core::matches!(_orm::base_type(ty).kind(), _orm::Kind::Composite(_))
            },
            read: quote! {
                let mut fields = _orm::FieldReader::open(ty, #in_words, &[#(#names),*], raw)?;
                ::core::result::Result::Ok(Self { #(#fields: fields.get::<#slots>(#names)?),* })
            },
            write: quote! {
                let mut fields = _orm::FieldWriter::new(ty, &[#(#names),*], out)?;
                #(fields.put::<#slots>(&self.#fields)?;)*
                ::core::result::Result::Ok(())
            },
        },
    );
    let attributes = found.fields.iter().zip(&slots).map(|(field, slot)| {
        let name = &field.name.text;
        let data_type = match &field.data_type {
            Some(data_type) => quote!(#data_type),
            None => quote!(_orm::slot_data_type::<#slot>()),
        };
        let collation = optional_text(field.collation.as_deref());
        quote!(_orm::schema::Attribute {
            name: _orm::schema::Text::Borrowed(#name),
            data_type: _orm::schema::Text::Borrowed(#data_type),
            collation: #collation,
        })
    });
    let object = registered(
        head,
        "Composite",
        &quote!(attributes: _orm::schema::List::Owned(::std::vec![#(#attributes),*]),),
    );
    let fields = found.fields.iter().map(|field| &field.name);
    let renames = renames::custom(head, "Attribute", fields);
    runtime::scoped(
        &runtime::path(head.krate.as_ref()),
        &quote!(#definitions #sql_type #custom_type #object #renames),
    )
}
