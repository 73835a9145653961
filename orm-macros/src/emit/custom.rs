//! What the derives of enums, domains and composites add: the type as a column's type, and its description.

use super::table::default_of;
use super::{optional_text, renames, texts};
use crate::model::custom::{Composite, Domain, Enumeration, Head};
use crate::parse::custom::holds_a_value;
use crate::parse::value::quoted;
use crate::{names, runtime};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

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
        }
        #array
    }
}

/// `impl Value` and what it needs: `sql` is the SQL type that the type is compared as.
fn value(ident: &Ident, sql: &TokenStream, data_type: Option<&str>) -> TokenStream {
    let data_type = data_type.map(|data_type| quote!(const DATA_TYPE: &'static str = #data_type;));
    quote! {
        #[automatically_derived]
        impl _orm::Value for #ident {
            type Sql = #sql;
            type NotNull = Self;
            type Nullable = ::core::option::Option<Self>;
            type Propagate<Other: _orm::Value> = Other;
            const NULLABLE: bool = false;
            #data_type
        }
        #[automatically_derived]
        impl _orm::Custom for #ident {}
        #[automatically_derived]
        impl _orm::OfSqlType<#sql> for #ident {}
        #[automatically_derived]
        impl _orm::ArrayElement for #ident {
            type Element = Self;
        }
        #[automatically_derived]
        impl _orm::Decode for #ident {
            fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
                cells.value()
            }
        }
        #[automatically_derived]
        impl _orm::DecodeOptional for #ident {
            fn decode_optional(
                cells: &mut _orm::Cells<'_>,
            ) -> _orm::Result<::core::option::Option<Self>> {
                cells.value()
            }
        }
        #[automatically_derived]
        impl<Match> _orm::Operand<#sql, Match> for #ident {
            type Value = Self;
            type Reads = ();
            fn into_operand(self) -> _orm::Node {
                _orm::Node::Param(_orm::Param::of(self))
            }
        }
        #[automatically_derived]
        impl _orm::IntoExpression for #ident {
            type Value = Self;
            type Reads = ();
            fn into_expression(self) -> _orm::Node {
                _orm::Node::Param(_orm::Param::of(self))
            }
        }
    }
}

/// `impl ToSql` and `impl FromSql`.
fn wire(
    ident: &Ident,
    write: &TokenStream,
    read: &TokenStream,
    accepts: (&TokenStream, &TokenStream),
) -> TokenStream {
    let (accepts_write, accepts_read) = accepts;
    quote! {
        #[automatically_derived]
        impl _orm::ToSql for #ident {
            fn to_sql(
                &self,
                ty: &_orm::Type,
                out: &mut _orm::BytesMut,
            ) -> ::core::result::Result<_orm::IsNull, _orm::Failure> {
                #write
            }
            fn accepts(ty: &_orm::Type) -> bool { #accepts_write }
            fn to_sql_checked(
                &self,
                ty: &_orm::Type,
                out: &mut _orm::BytesMut,
            ) -> ::core::result::Result<_orm::IsNull, _orm::Failure> {
                _orm::to_sql_checked(self, ty, out)
            }
        }
        #[automatically_derived]
        impl<'a> _orm::FromSql<'a> for #ident {
            fn from_sql(
                ty: &_orm::Type,
                raw: &'a [u8],
            ) -> ::core::result::Result<Self, _orm::Failure> {
                #read
            }
            fn accepts(ty: &_orm::Type) -> bool { #accepts_read }
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
    let value = value(ident, &quote!(Self), None);
    let accepts = quote!(<Self as _orm::Enumeration>::accepts_type(ty));
    let wire = wire(
        ident,
        &quote! {
            let _ = ty;
            ::core::result::Result::Ok(_orm::Enumeration::write(self, out))
        },
        &quote! {
            let _ = ty;
            _orm::Enumeration::read(raw)
        },
        (&accepts, &accepts),
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
            #value
            #wire
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
    let value = value(ident, &base, Some(&sql));
    let accepts = quote!(_orm::slot_accepts::<Self>(ty));
    let wire = wire(
        ident,
        &quote!(_orm::write_slot::<Self>(&self.0, ty, out)),
        &quote!(_orm::read_slot::<Self>(ty, raw).map(Self)),
        (&accepts, &accepts),
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
            #value
            #wire
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
    let value = value(ident, &quote!(Self), None);
    let accepts = quote! {
        ::core::matches!(_orm::base_type(ty).kind(), _orm::Kind::Composite(_))
    };
    let wire = wire(
        ident,
        &quote! {
            let mut fields = _orm::FieldWriter::new(ty, &[#(#names),*], out)?;
            #(fields.put::<#slots>(&self.#fields)?;)*
            ::core::result::Result::Ok(_orm::IsNull::No)
        },
        &quote! {
            let mut fields = _orm::FieldReader::open(ty, #in_words, &[#(#names),*], raw)?;
            ::core::result::Result::Ok(Self { #(#fields: fields.get::<#slots>(#names)?),* })
        },
        (&accepts, &accepts),
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
        &quote!(#definitions #sql_type #value #wire #object #renames),
    )
}
