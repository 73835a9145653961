// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive(FromRow)]` adds to
//
//#[from_row(from = Team)]
//pub struct TeamSize {
//    pub id: String,
//    #[column(name = "memberCount")]
//    pub member_count: Option<i64>,
//}

#[doc(hidden)]
#[allow(non_snake_case, non_camel_case_types, unreachable_pub, missing_docs, dead_code)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
pub mod __TeamSize {
    pub enum id {}
    pub enum member_count {}
    pub mod __types {
        ///A select list that fills `TeamSize`: a column or expression for each field.
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #[must_use = "a select list does nothing until `.select(..)` is given it"]
        pub struct TeamSizeSelect<T0, T1> {
            ///What fills the field `id`.
            pub id: T0,
            ///What fills the field `member_count`.
            pub member_count: T1,
        }
    }
    pub mod __columns {
        use ::orm::__private as _orm;
        pub struct Columns<S> {
            ///Column `id`.
            pub id: _orm::Column<_orm::Aliased<S, super::id>>,
            ///Column `memberCount`.
            pub member_count: _orm::Column<_orm::Aliased<S, super::member_count>>,
            pub(super) __source: ::core::marker::PhantomData<S>,
        }
        impl<S: _orm::Source> _orm::ColumnSet for Columns<S> {
            const ALL: &'static Self = &Self {
                id: _orm::Column::HANDLE,
                member_count: _orm::Column::HANDLE,
                __source: ::core::marker::PhantomData,
            };
        }
    }
}
#[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
pub use __TeamSize::__types::*;
///The handle of `TeamSize` in a query that reads it, to select it whole.
#[allow(non_upper_case_globals, dead_code)]
pub const TeamSize: ::orm::__private::Handle<TeamSize> = ::orm::__private::Handle::HANDLE;
#[doc(hidden)]
#[allow(non_upper_case_globals, clippy::all, clippy::pedantic, clippy::nursery)]
const _: () = {
    use ::orm::__private as _orm;
    #[automatically_derived]
    impl _orm::RowField for __TeamSize::id {
        type Type = String;
        const NAME: &'static str = "id";
    }
    #[automatically_derived]
    impl _orm::RowField for __TeamSize::member_count {
        type Type = Option<i64>;
        const NAME: &'static str = "memberCount";
    }
    #[automatically_derived]
    impl _orm::FromRow for TeamSize {
        const WIDTH: usize = 2usize;
    }
    #[automatically_derived]
    impl _orm::Decode for TeamSize {
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                id: _orm::row_field::<__TeamSize::id>(cells)?,
                member_count: _orm::row_field::<__TeamSize::member_count>(cells)?,
            })
        }
    }
    #[automatically_derived]
    impl _orm::DecodeOptional for TeamSize {
        fn decode_optional(
            cells: &mut _orm::Cells<'_>,
        ) -> _orm::Result<::core::option::Option<Self>> {
            _orm::decode_optional(cells)
        }
    }
    #[automatically_derived]
    impl _orm::Nested for TeamSize {
        fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            _orm::required(cells)
        }
    }
    #[automatically_derived]
    impl _orm::ListElement for TeamSize {
        type Form = _orm::RecordElement;
        fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
            _orm::record_list(cells)
        }
    }
    #[automatically_derived]
    impl<
        Scope,
        T0: _orm::FieldSelection<Scope, P0, __TeamSize::id>,
        T1: _orm::FieldSelection<Scope, P1, __TeamSize::member_count>,
        P0,
        P1,
    > _orm::Selection<Scope, (P0, P1)> for __TeamSize::__types::TeamSizeSelect<T0, T1> {
        type Row = TeamSize;
        type Reads = (
            <T0 as _orm::FieldSelection<Scope, P0, __TeamSize::id>>::Reads,
            (
                <T1 as _orm::FieldSelection<Scope, P1, __TeamSize::member_count>>::Reads,
                (),
            ),
        );
        fn append_to(self, outputs: &mut ::std::vec::Vec<_orm::Output>) {
            _orm::FieldSelection::<
                Scope,
                P0,
                __TeamSize::id,
            >::append_field(self.id, outputs);
            _orm::FieldSelection::<
                Scope,
                P1,
                __TeamSize::member_count,
            >::append_field(self.member_count, outputs);
        }
    }
    #[automatically_derived]
    impl _orm::Source for TeamSize {
        type Row = Self;
        type Id = (
            _orm::D8,
            (
                _orm::DD,
                (
                    _orm::DB,
                    (_orm::D5, (_orm::DE, (_orm::DE, (_orm::DB, (_orm::D9, ()))))),
                ),
            ),
        );
        type PrimaryKey = _orm::NoKey;
        const SOURCE: &'static str = "team_size";
        const COLUMNS: _orm::Columns = _orm::named_columns(
            &["id", "memberCount"],
            &[
                <__TeamSize::id as _orm::TableColumn>::AS_TEXT,
                <__TeamSize::member_count as _orm::TableColumn>::AS_TEXT,
            ],
        );
    }
    #[automatically_derived]
    impl _orm::NamedColumns for TeamSize {
        type Columns<S: _orm::Source> = __TeamSize::__columns::Columns<S>;
    }
    #[automatically_derived]
    impl _orm::RowSource for TeamSize {
        type Values = (String, Option<i64>);
        const TYPES: &'static [&'static str] = &[
            <String as _orm::Value>::DATA_TYPE,
            <Option<i64> as _orm::Value>::DATA_TYPE,
        ];
        fn into_nodes(self) -> ::std::vec::Vec<_orm::Node> {
            ::std::vec![
                _orm::Node::Param(_orm::Param::of(self.id)),
                _orm::Node::Param(_orm::Param::of(self.member_count))
            ]
        }
    }
    #[automatically_derived]
    impl _orm::TableColumn for __TeamSize::id {
        type Source = TeamSize;
        type Value = String;
        type Position = (_orm::D0, ());
        const NAME: &'static str = "id";
        const POSITION: usize = 0usize;
        const AS_TEXT: ::core::option::Option<&'static str> = _orm::as_text_of(Team::id);
        const DECLARED: _orm::Declared = ::core::option::Option::Some(
            _orm::of_place::<String>,
        );
    }
    #[automatically_derived]
    impl _orm::TableColumn for __TeamSize::member_count {
        type Source = TeamSize;
        type Value = Option<i64>;
        type Position = (_orm::D1, ());
        const NAME: &'static str = "memberCount";
        const POSITION: usize = 1usize;
        const AS_TEXT: ::core::option::Option<&'static str> = _orm::as_text_of(
            Team::member_count,
        );
        const DECLARED: _orm::Declared = ::core::option::Option::Some(
            _orm::of_place::<Option<i64>>,
        );
    }
    #[allow(dead_code)]
    impl TeamSize {
        ///Column `id` of a query that gives this.
        pub const id: _orm::Column<__TeamSize::id> = _orm::Column::HANDLE;
        ///Column `memberCount` of a query that gives this.
        pub const member_count: _orm::Column<__TeamSize::member_count> = _orm::Column::HANDLE;
    }
    #[automatically_derived]
    impl _orm::PickedFrom<Team> for TeamSize {
        fn append_columns(
            outputs: &mut ::std::vec::Vec<_orm::Output>,
            source: &'static str,
        ) {
            _orm::picked::<__TeamSize::id, _>(Team::id, outputs, source);
            _orm::picked::<
                __TeamSize::member_count,
                _,
            >(Team::member_count, outputs, source);
        }
    }
    #[automatically_derived]
    impl _orm::Picked for TeamSize {
        type From = Team;
    }
};
