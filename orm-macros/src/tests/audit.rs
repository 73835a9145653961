// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive(Columns)]` adds to
//
//pub struct Audit {
//    #[column(default = now(), index)]
//    pub created_at: DateTime<Utc>,
//    #[column(references = User::id, default_fn = author)]
//    pub author_id: Option<i64>,
//    #[column(skip)]
//    pub seen: bool,
//}

#[doc(hidden)]
#[allow(unused_macros, non_local_definitions)]
#[macro_export]
macro_rules! __Audit_columns_2f6e408a94691fbd {
    (($($next:tt)*) $($before:tt)*) => {
        $($next)* ! { $($before)* { #[column(default = now(), index)] created_at :
        DateTime < Utc >, #[column(references = User::id, default_fn = author)] author_id
        : Option < i64 > } }
    };
}
#[doc(hidden)]
#[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
pub use __Audit_columns_2f6e408a94691fbd as Audit;
#[doc(hidden)]
#[allow(non_upper_case_globals, clippy::all, clippy::pedantic, clippy::nursery)]
const _: () = {
    use ::orm::__private as _orm;
    #[automatically_derived]
    impl _orm::FlattenColumn<0usize> for Audit {
        type Value = DateTime<Utc>;
        const DEFAULT: ::core::option::Option<&'static str> = ::core::option::Option::Some(
            "now()",
        );
    }
    #[automatically_derived]
    impl _orm::FlattenColumn<1usize> for Audit {
        type Value = <i64 as _orm::Value>::Nullable;
        fn default_fn<__Column: _orm::TableColumn<Value = Self::Value>>() -> _orm::Node {
            _orm::assigned::<__Column>(author())
        }
    }
    #[automatically_derived]
    impl _orm::FlattenReference<1usize> for Audit {
        type To = User;
        const COLUMN: &'static str = User::id.name();
    }
    const _: () = _orm::references_type::<Option<i64>, _>(User::id);
    #[automatically_derived]
    impl _orm::FromRow for Audit {
        const WIDTH: usize = 2usize;
    }
    #[automatically_derived]
    impl _orm::Decode for Audit {
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                created_at: _orm::flattened_value::<Self, 0usize>(cells)?,
                author_id: _orm::flattened_value::<Self, 1usize>(cells)?,
                seen: <bool as ::core::default::Default>::default(),
            })
        }
    }
    #[automatically_derived]
    impl _orm::DecodeOptional for Audit {
        fn decode_optional(
            cells: &mut _orm::Cells<'_>,
        ) -> _orm::Result<::core::option::Option<Self>> {
            _orm::decode_optional(cells)
        }
    }
    #[automatically_derived]
    impl _orm::Flatten for Audit {
        type Values = (
            <Self as _orm::FlattenColumn<0usize>>::Value,
            <Self as _orm::FlattenColumn<1usize>>::Value,
        );
        fn into_values(self) -> Self::Values {
            (self.created_at, self.author_id)
        }
        fn value_at(&self, at: usize) -> ::core::option::Option<&dyn _orm::Parameter> {
            match at {
                0usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter_of::<Self, 0usize>(&self.created_at),
                    )
                }
                1usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter_of::<Self, 1usize>(&self.author_id),
                    )
                }
                _ => ::core::option::Option::None,
            }
        }
    }
};
