// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive(Table)]` adds to
//
//struct Session {
//    #[column(primary_key, identity)]
//    id: i64,
//    #[column(references = User::id, on_delete = cascade, index = "session_userId_idx")]
//    user_id: Option<String>,
//}

#[doc(hidden)]
#[allow(non_snake_case, non_camel_case_types, unreachable_pub, missing_docs, dead_code)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
mod __Session {
    pub(super) enum id {}
    pub(super) enum user_id {}
    pub(super) enum user {}
    pub(super) mod __types {
        ///A row of `Session` with what was loaded through its relations: it dereferences to the row.
        #[::core::prelude::v1::derive(
            ::core::fmt::Debug,
            ::core::clone::Clone,
            ::core::cmp::PartialEq,
        )]
        pub(in super::super) struct SessionWith<
            User = ::orm::__private::NotLoaded<super::user>,
            Row = ::orm::__private::RowOf<super::user>,
        > {
            /// The row itself.
            pub(in super::super) row: Row,
            ///What `.with(Session::user)` loaded.
            pub(in super::super) user: User,
        }
        ///A row of `Session` with its `user`, and no other relation.
        pub(in super::super) type SessionWithUser<
            Related = ::orm::__private::RelatedOf<super::user>,
        > = SessionWith<Related>;
        ///An insert into `Session`: one setter for each column.
        #[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
        pub(in super::super) struct SessionInsert<
            State = ::orm::__private::SystemValue<super::id>,
        >(
            pub(in super::super) ::orm::__private::InsertState<State>,
        );
    }
    pub(super) mod __columns {
        use ::orm::__private as _orm;
        pub(in super::super) struct Columns<S> {
            ///Column `id`.
            pub(in super::super) id: _orm::Column<_orm::Aliased<S, super::id>>,
            ///Column `user_id`.
            pub(in super::super) user_id: _orm::Column<_orm::Aliased<S, super::user_id>>,
            pub(super) __source: ::core::marker::PhantomData<S>,
        }
        impl<S: _orm::Source> _orm::ColumnSet for Columns<S> {
            const ALL: &'static Self = &Self {
                id: _orm::Column::HANDLE,
                user_id: _orm::Column::HANDLE,
                __source: ::core::marker::PhantomData,
            };
        }
    }
}
#[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
use __Session::__types::*;
///The handle of table `Session`, for joins.
#[allow(non_upper_case_globals)]
const Session: ::orm::__private::Handle<Session> = ::orm::__private::Handle::HANDLE;
#[doc(hidden)]
#[allow(non_upper_case_globals, clippy::all, clippy::pedantic, clippy::nursery)]
const _: () = {
    use ::orm::__private as _orm;
    use __Session::__types as _types;
    #[automatically_derived]
    impl _orm::Source for Session {
        type Row = Self;
        type Id = (
            _orm::D7,
            (
                _orm::DF,
                (
                    _orm::DC,
                    (_orm::D4, (_orm::DF, (_orm::D5, (_orm::D3, (_orm::DC, ()))))),
                ),
            ),
        );
        type PrimaryKey = ((_orm::D0, ()), ());
        const SOURCE: &'static str = "session";
        const COLUMNS: _orm::Columns = _orm::columns::<Self>();
    }
    #[automatically_derived]
    impl _orm::Table for Session {
        const SCHEMA: &'static str = "public";
        const NAME: &'static str = "session";
        const TABLE: &'static _orm::schema::Table = &_orm::table(
            ["public", "session"],
            {
                const LIST: &[_orm::schema::Column] = &[
                    _orm::column_with::<
                        __Session::id,
                    >(
                        ::core::option::Option::None,
                        ::core::option::Option::None,
                        ::core::option::Option::Some(
                            _orm::schema::Identity::new(
                                _orm::schema::IdentityKind::Always,
                            ),
                        ),
                        ::core::option::Option::None,
                        ::core::option::Option::None,
                        ::core::option::Option::None,
                    ),
                    _orm::column::<__Session::user_id>(::core::option::Option::None),
                ];
                _orm::schema::List::Borrowed(LIST)
            },
            ::core::option::Option::Some(
                _orm::primary_key({
                    const TEXTS: &[_orm::schema::Text] = &[
                        _orm::schema::Text::Borrowed("id"),
                    ];
                    _orm::schema::List::Borrowed(TEXTS)
                }),
            ),
            _orm::schema::List::Borrowed(&[]),
            {
                const LIST: &[_orm::schema::ForeignKey] = &[
                    {
                        const _: () = _orm::same_type(
                            _orm::Column::<__Session::user_id>::HANDLE,
                            User::id,
                        );
                        const REFERENCES: &[_orm::schema::Text] = &[
                            _orm::schema::Text::Borrowed(User::id.name()),
                        ];
                        _orm::references(
                            {
                                const TEXTS: &[_orm::schema::Text] = &[
                                    _orm::schema::Text::Borrowed("user_id"),
                                ];
                                _orm::schema::List::Borrowed(TEXTS)
                            },
                            [User::id.table_schema(), User::id.table_name()],
                            REFERENCES,
                            _orm::schema::Action::Cascade,
                            _orm::schema::Action::NoAction,
                        )
                    },
                ];
                _orm::schema::List::Borrowed(LIST)
            },
            _orm::schema::List::Borrowed(&[]),
            {
                const LIST: &[_orm::schema::Index] = &[
                    _orm::schema::Index::btree(
                        ::core::option::Option::Some("session_userId_idx"),
                        false,
                        {
                            const PARTS: &[_orm::schema::IndexPart] = &[
                                _orm::schema::IndexPart::column("user_id"),
                            ];
                            PARTS
                        },
                    ),
                ];
                _orm::schema::List::Borrowed(LIST)
            },
            ::core::option::Option::None,
        );
        const FIELDS: &'static [_orm::Field] = &[
            _orm::field::<__Session::id>("id", false, ::core::option::Option::None),
            _orm::field::<
                __Session::user_id,
            >("user_id", false, ::core::option::Option::None),
        ];
        const PRESENCE: ::core::option::Option<usize> = ::core::option::Option::Some(
            0usize,
        );
        type Columns<S: _orm::Source> = __Session::__columns::Columns<S>;
        type Insert = _types::SessionInsert;
    }
    #[automatically_derived]
    impl _orm::PrimaryKeyed for Session {
        type KeyColumns = (__Session::id,);
    }
    impl _orm::Writable for Session {}
    _orm::inventory::submit! {
        _orm::Registered(< Session as _orm::Table > ::TABLE)
    }
    #[automatically_derived]
    impl _orm::Decode for Session {
        #[inline]
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                id: _orm::value::<__Session::id>(cells)?,
                user_id: _orm::value::<__Session::user_id>(cells)?,
            })
        }
    }
    #[automatically_derived]
    impl _orm::DecodeOptional for Session {
        #[inline]
        fn decode_optional(
            cells: &mut _orm::Cells<'_>,
        ) -> _orm::Result<::core::option::Option<Self>> {
            _orm::row_or_none(cells)
        }
    }
    #[automatically_derived]
    impl _orm::Nested for Session {
        #[inline]
        fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            _orm::required(cells)
        }
    }
    #[automatically_derived]
    impl _orm::ListElement for Session {
        type Form = _orm::RecordElement;
        #[inline]
        fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
            _orm::record_list(cells)
        }
    }
    #[automatically_derived]
    impl _orm::TableColumn for __Session::id {
        type Source = Session;
        type Value = i64;
        type Position = (_orm::D0, ());
        const NAME: &'static str = "id";
        const POSITION: usize = 0usize;
    }
    impl _orm::Overridable for __Session::id {}
    #[automatically_derived]
    impl _orm::TableColumn for __Session::user_id {
        type Source = Session;
        type Value = <String as _orm::Value>::Nullable;
        type Position = (_orm::D1, ());
        const NAME: &'static str = "user_id";
        const POSITION: usize = 1usize;
    }
    impl _orm::Settable for __Session::user_id {}
    #[allow(dead_code)]
    impl Session {
        ///Column `id`.
        const id: _orm::Column<__Session::id> = _orm::Column::HANDLE;
        ///Column `user_id`.
        const user_id: _orm::Column<__Session::user_id> = _orm::Column::HANDLE;
    }
    #[automatically_derived]
    impl _orm::RelationDefinition for __Session::user {
        type From = Session;
        type To = User;
        type Kind = _orm::ToOptional;
        type Scope = _orm::ScopeOf<User>;
        const NAME: &'static str = "user";
        const POSITION: usize = 0usize;
        const KEYS: _orm::Keys = &[("user_id", User::id.name())];
    }
    #[automatically_derived]
    impl<R__, X__> _orm::Attach<R__, X__> for Session
    where
        _types::SessionWith: _orm::Attach<R__, X__>,
    {
        type Output = <_types::SessionWith as _orm::Attach<R__, X__>>::Output;
        fn attach(self, loaded: X__) -> Self::Output {
            let row = _types::SessionWith {
                row: self,
                user: _orm::NotLoaded::NOTHING,
            };
            <_types::SessionWith as _orm::Attach<R__, X__>>::attach(row, loaded)
        }
    }
    #[automatically_derived]
    impl<X__, Row__> _orm::Attach<__Session::user, X__>
    for _types::SessionWith<_orm::NotLoaded<__Session::user>, Row__> {
        type Output = _types::SessionWith<X__, Row__>;
        fn attach(self, loaded: X__) -> Self::Output {
            _types::SessionWith {
                row: self.row,
                user: loaded,
            }
        }
    }
    impl<X__, L0__, Row__> _orm::Attach<_orm::NoRelation<false>, X__>
    for _types::SessionWith<L0__, Row__> {
        type Output = Self;
        fn attach(self, _: X__) -> Self {
            self
        }
    }
    impl<X__, L0__, Row__> _orm::Attach<_orm::NoRelation<true>, X__>
    for _types::SessionWith<L0__, Row__> {
        type Output = Self;
        fn attach(self, _: X__) -> Self {
            self
        }
    }
    #[automatically_derived]
    impl<L0__, Row__> ::core::ops::Deref for _types::SessionWith<L0__, Row__> {
        type Target = Row__;
        fn deref(&self) -> &Row__ {
            &self.row
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::Decode
    for _types::SessionWith<L0__, Row__> {
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                row: Row__::decode(cells)?,
                user: <L0__ as _orm::Held>::held(cells)?,
            })
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::DecodeOptional> _orm::DecodeOptional
    for _types::SessionWith<L0__, Row__> {
        fn decode_optional(
            cells: &mut _orm::Cells<'_>,
        ) -> _orm::Result<::core::option::Option<Self>> {
            let count = 0 + <L0__ as _orm::Held>::CELLS;
            _orm::with_or_none(
                cells,
                count,
                |cells, row: Row__| {
                    ::core::result::Result::Ok(Self {
                        row,
                        user: <L0__ as _orm::Held>::held(cells)?,
                    })
                },
            )
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::Nested
    for _types::SessionWith<L0__, Row__> {
        fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            _orm::required(cells)
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::ListElement
    for _types::SessionWith<L0__, Row__> {
        type Form = _orm::RecordElement;
        fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
            _orm::record_list(cells)
        }
    }
    #[allow(dead_code)]
    impl Session {
        ///Relation `user`.
        const user: _orm::Relation<__Session::user> = _orm::Relation::HANDLE;
    }
    #[automatically_derived]
    impl _orm::Loadable for Session {
        type Table = Self;
        fn value_at(
            &self,
            position: usize,
        ) -> ::core::option::Option<&dyn _orm::Parameter> {
            match position {
                0usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__Session::id>(&self.id),
                    )
                }
                1usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__Session::user_id>(&self.user_id),
                    )
                }
                _ => ::core::option::Option::None,
            }
        }
    }
    #[automatically_derived]
    impl<
        L0__: ::core::marker::Send + ::core::marker::Sync + 'static,
        Row__: _orm::Loadable,
    > _orm::Loadable for _types::SessionWith<L0__, Row__> {
        type Table = Row__::Table;
        fn value_at(
            &self,
            position: usize,
        ) -> ::core::option::Option<&dyn _orm::Parameter> {
            _orm::Loadable::value_at(&self.row, position)
        }
    }
    #[automatically_derived]
    impl _orm::WrittenRelation for __Session::user {
        type Key = _orm::OwnKey;
    }
    #[automatically_derived]
    impl<__S> _orm::Carries<__S> for __Session::user {
        type After = __S;
    }
    #[automatically_derived]
    impl _orm::References<User> for __Session::user_id {}
    #[automatically_derived]
    impl ::core::default::Default for _types::SessionInsert {
        #[inline]
        fn default() -> Self {
            _types::SessionInsert(_orm::InsertState::new())
        }
    }
    #[automatically_derived]
    impl<State> ::core::clone::Clone for _types::SessionInsert<State> {
        fn clone(&self) -> Self {
            _types::SessionInsert(::core::clone::Clone::clone(&self.0))
        }
    }
    #[automatically_derived]
    impl<S__> ::core::fmt::Debug for _types::SessionInsert<S__> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            self.0.fmt_of::<Session>(f)
        }
    }
    #[automatically_derived]
    impl<State> _orm::InsertBuilder for _types::SessionInsert<State> {
        type Table = Session;
        type State = State;
        fn into_values(self) -> _orm::Values {
            self.0.into_values()
        }
    }
    #[automatically_derived]
    impl<State: _orm::Provided> _orm::Insertable for _types::SessionInsert<State> {
        type Table = Session;
        fn add_to(self, rows: &mut _orm::Rows) {
            rows.put_built(self.0.into_values());
        }
    }
    #[automatically_derived]
    impl _orm::Insertable for Session {
        type Table = Self;
        #[inline]
        fn add_to(self, rows: &mut _orm::Rows) {
            rows.put_identity::<__Session::id>(self.id);
            rows.put_own::<__Session::user_id>(self.user_id);
        }
    }
    impl _orm::Patch for Session {
        type Table = Self;
        #[inline]
        fn add_to(self, rows: &mut _orm::Rows) {
            _orm::Insertable::add_to(self, rows);
        }
    }
    impl _orm::Keyed for Session {}
    #[allow(dead_code)]
    impl<State> _types::SessionInsert<State> {
        ///Sets column `id`.
        fn id(
            self,
            value: impl _orm::Assign<__Session::id, Reads: _orm::Constant>,
        ) -> Self
        where
            State: _orm::OverridesAt<()>,
        {
            _types::SessionInsert(self.0.set::<__Session::id, _>(value))
        }
        ///Sets column `user_id`.
        fn user_id(
            self,
            value: impl _orm::Assign<__Session::user_id, Reads: _orm::Constant>,
        ) -> Self {
            _types::SessionInsert(self.0.set::<__Session::user_id, _>(value))
        }
        /// `OVERRIDING SYSTEM VALUE`: an `identity` column can be set after it.
        fn overriding_system_value(
            self,
        ) -> _types::SessionInsert<<State as _orm::SetAt<()>>::After>
        where
            State: _orm::SetAt<()>,
        {
            _types::SessionInsert(self.0.overriding_system_value())
        }
    }
};
