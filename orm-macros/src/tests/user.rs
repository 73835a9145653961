// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive(Table)]` adds to
//
//#[table(name = "user", has_many(sessions: Session))]
//pub struct User {
//    #[column(primary_key)]
//    pub id: String,
//    #[column(unique)]
//    pub email: String,
//    pub image: Option<String>,
//    #[column(default = now(), on_update = now())]
//    pub updated_at: DateTime<Utc>,
//}

#[doc(hidden)]
#[allow(non_snake_case, non_camel_case_types, unreachable_pub, missing_docs, dead_code)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
pub mod __User {
    pub enum id {}
    pub enum email {}
    pub enum image {}
    pub enum updated_at {}
    pub enum sessions {}
    pub mod __types {
        ///A row of `User` with what was loaded through its relations: it dereferences to the row.
        #[::core::prelude::v1::derive(
            ::core::fmt::Debug,
            ::core::clone::Clone,
            ::core::cmp::PartialEq,
        )]
        pub struct UserWith<
            Sessions = ::orm::__private::NotLoaded<super::sessions>,
            Row = ::orm::__private::RowOf<super::sessions>,
        > {
            /// The row itself.
            pub row: Row,
            ///What `.with(User::sessions)` loaded.
            pub sessions: Sessions,
        }
        ///A row of `User` with its `sessions`, and no other relation.
        pub type UserWithSessions<
            Related = ::orm::__private::RelatedOf<super::sessions>,
        > = UserWith<Related>;
        ///An insert into `User`: one setter for each column.
        #[must_use = "an insert does nothing until it is run: `.execute(&db)`"]
        pub struct UserInsert<
            State
                = (
                    ::orm::__private::Missing<super::id>,
                    ::orm::__private::Missing<super::email>,
                ),
        >(
            pub(in super::super) ::orm::__private::InsertState<State>,
        );
    }
    pub mod __columns {
        use ::orm::__private as _orm;
        pub struct Columns<S> {
            ///Column `id`.
            pub id: _orm::Column<_orm::Aliased<S, super::id>>,
            ///Column `email`.
            pub email: _orm::Column<_orm::Aliased<S, super::email>>,
            ///Column `image`.
            pub image: _orm::Column<_orm::Aliased<S, super::image>>,
            ///Column `updated_at`.
            pub updated_at: _orm::Column<_orm::Aliased<S, super::updated_at>>,
            pub(super) __source: ::core::marker::PhantomData<S>,
        }
        impl<S: _orm::Source> _orm::ColumnSet for Columns<S> {
            const ALL: &'static Self = &Self {
                id: _orm::Column::HANDLE,
                email: _orm::Column::HANDLE,
                image: _orm::Column::HANDLE,
                updated_at: _orm::Column::HANDLE,
                __source: ::core::marker::PhantomData,
            };
        }
    }
}
#[allow(unused_imports, unreachable_pub, clippy::all, clippy::pedantic)]
pub use __User::__types::*;
///The handle of table `User`, for joins.
#[allow(non_upper_case_globals)]
pub const User: ::orm::__private::Handle<User> = ::orm::__private::Handle::HANDLE;
#[doc(hidden)]
#[allow(non_upper_case_globals, clippy::all, clippy::pedantic, clippy::nursery)]
const _: () = {
    use ::orm::__private as _orm;
    use __User::__types as _types;
    #[automatically_derived]
    impl _orm::Source for User {
        type Row = Self;
        type Id = (
            _orm::D2,
            (
                _orm::DF,
                (
                    _orm::DE,
                    (_orm::D5, (_orm::D8, (_orm::D7, (_orm::D0, (_orm::D6, ()))))),
                ),
            ),
        );
        type PrimaryKey = ((_orm::D0, ()), ());
        const SOURCE: &'static str = "user";
        const COLUMNS: _orm::Columns = _orm::columns::<Self>();
    }
    #[automatically_derived]
    impl _orm::Table for User {
        const SCHEMA: &'static str = "public";
        const NAME: &'static str = "user";
        const TABLE: &'static _orm::schema::Table = &_orm::table(
            ["public", "user"],
            {
                const LIST: &[_orm::schema::Column] = &[
                    _orm::column::<__User::id>(::core::option::Option::None),
                    _orm::column::<__User::email>(::core::option::Option::None),
                    _orm::column::<__User::image>(::core::option::Option::None),
                    _orm::column::<
                        __User::updated_at,
                    >(::core::option::Option::Some("now()")),
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
            {
                const LIST: &[_orm::schema::Unique] = &[
                    _orm::unique(
                        ::core::option::Option::None,
                        {
                            const TEXTS: &[_orm::schema::Text] = &[
                                _orm::schema::Text::Borrowed("email"),
                            ];
                            _orm::schema::List::Borrowed(TEXTS)
                        },
                    ),
                ];
                _orm::schema::List::Borrowed(LIST)
            },
            _orm::schema::List::Borrowed(&[]),
            _orm::schema::List::Borrowed(&[]),
            _orm::schema::List::Borrowed(&[]),
            ::core::option::Option::None,
        );
        const FIELDS: &'static [_orm::Field] = &[
            _orm::field::<__User::id>("id", true, ::core::option::Option::None),
            _orm::field::<__User::email>("email", true, ::core::option::Option::None),
            _orm::field::<__User::image>("image", false, ::core::option::Option::None),
            _orm::field::<
                __User::updated_at,
            >(
                "updated_at",
                false,
                ::core::option::Option::Some(|| _orm::Node::Constant("now()")),
            ),
        ];
        const PRESENCE: ::core::option::Option<usize> = ::core::option::Option::Some(
            0usize,
        );
        type Columns<S: _orm::Source> = __User::__columns::Columns<S>;
        type Insert = _types::UserInsert;
    }
    #[automatically_derived]
    impl _orm::PrimaryKeyed for User {
        type KeyColumns = (__User::id,);
    }
    impl _orm::Writable for User {}
    _orm::inventory::submit! {
        _orm::Registered(< User as _orm::Table > ::TABLE)
    }
    #[automatically_derived]
    impl _orm::Decode for User {
        #[inline]
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                id: _orm::value::<__User::id>(cells)?,
                email: _orm::value::<__User::email>(cells)?,
                image: _orm::value::<__User::image>(cells)?,
                updated_at: _orm::value::<__User::updated_at>(cells)?,
            })
        }
    }
    #[automatically_derived]
    impl _orm::DecodeOptional for User {
        #[inline]
        fn decode_optional(
            cells: &mut _orm::Cells<'_>,
        ) -> _orm::Result<::core::option::Option<Self>> {
            _orm::row_or_none(cells)
        }
    }
    #[automatically_derived]
    impl _orm::Nested for User {
        #[inline]
        fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            _orm::required(cells)
        }
    }
    #[automatically_derived]
    impl _orm::ListElement for User {
        type Form = _orm::RecordElement;
        #[inline]
        fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
            _orm::record_list(cells)
        }
    }
    #[automatically_derived]
    impl _orm::TableColumn for __User::id {
        type Source = User;
        type Value = String;
        type Position = (_orm::D0, ());
        const NAME: &'static str = "id";
        const POSITION: usize = 0usize;
    }
    impl _orm::Settable for __User::id {}
    #[automatically_derived]
    impl _orm::TableColumn for __User::email {
        type Source = User;
        type Value = String;
        type Position = (_orm::D1, ());
        const NAME: &'static str = "email";
        const POSITION: usize = 1usize;
    }
    impl _orm::Settable for __User::email {}
    #[automatically_derived]
    impl _orm::TableColumn for __User::image {
        type Source = User;
        type Value = <String as _orm::Value>::Nullable;
        type Position = (_orm::D2, ());
        const NAME: &'static str = "image";
        const POSITION: usize = 2usize;
    }
    impl _orm::Settable for __User::image {}
    #[automatically_derived]
    impl _orm::TableColumn for __User::updated_at {
        type Source = User;
        type Value = DateTime<Utc>;
        type Position = (_orm::D3, ());
        const NAME: &'static str = "updated_at";
        const POSITION: usize = 3usize;
    }
    impl _orm::Settable for __User::updated_at {}
    #[allow(dead_code)]
    impl User {
        ///Column `id`.
        pub const id: _orm::Column<__User::id> = _orm::Column::HANDLE;
        ///Column `email`.
        pub const email: _orm::Column<__User::email> = _orm::Column::HANDLE;
        ///Column `image`.
        pub const image: _orm::Column<__User::image> = _orm::Column::HANDLE;
        ///Column `updated_at`.
        pub const updated_at: _orm::Column<__User::updated_at> = _orm::Column::HANDLE;
    }
    #[automatically_derived]
    impl _orm::RelationDefinition for __User::sessions {
        type From = User;
        type To = Session;
        type Kind = _orm::ToMany;
        type Scope = _orm::ScopeOf<Session>;
        const NAME: &'static str = "sessions";
        const POSITION: usize = 0usize;
        const KEYS: _orm::Keys = {
            const FOUND: &_orm::Leads = &_orm::declared::<
                User,
            >(["User", "has_many", "sessions"], _orm::RowsOfRelation::Any)
                .direct(_orm::end::<Session>("Session"), ::core::option::Option::None);
            const KEYS: _orm::Keys = _orm::keys_of(FOUND);
            KEYS
        };
    }
    #[automatically_derived]
    impl<R__, X__> _orm::Attach<R__, X__> for User
    where
        _types::UserWith: _orm::Attach<R__, X__>,
    {
        type Output = <_types::UserWith as _orm::Attach<R__, X__>>::Output;
        fn attach(self, loaded: X__) -> Self::Output {
            let row = _types::UserWith {
                row: self,
                sessions: _orm::NotLoaded::NOTHING,
            };
            <_types::UserWith as _orm::Attach<R__, X__>>::attach(row, loaded)
        }
    }
    #[automatically_derived]
    impl<X__, Row__> _orm::Attach<__User::sessions, X__>
    for _types::UserWith<_orm::NotLoaded<__User::sessions>, Row__> {
        type Output = _types::UserWith<X__, Row__>;
        fn attach(self, loaded: X__) -> Self::Output {
            _types::UserWith {
                row: self.row,
                sessions: loaded,
            }
        }
    }
    impl<X__, L0__, Row__> _orm::Attach<_orm::NoRelation<false>, X__>
    for _types::UserWith<L0__, Row__> {
        type Output = Self;
        fn attach(self, _: X__) -> Self {
            self
        }
    }
    impl<X__, L0__, Row__> _orm::Attach<_orm::NoRelation<true>, X__>
    for _types::UserWith<L0__, Row__> {
        type Output = Self;
        fn attach(self, _: X__) -> Self {
            self
        }
    }
    #[automatically_derived]
    impl<L0__, Row__> ::core::ops::Deref for _types::UserWith<L0__, Row__> {
        type Target = Row__;
        fn deref(&self) -> &Row__ {
            &self.row
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::Decode
    for _types::UserWith<L0__, Row__> {
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                row: Row__::decode(cells)?,
                sessions: <L0__ as _orm::Held>::held(cells)?,
            })
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::DecodeOptional> _orm::DecodeOptional
    for _types::UserWith<L0__, Row__> {
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
                        sessions: <L0__ as _orm::Held>::held(cells)?,
                    })
                },
            )
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::Nested
    for _types::UserWith<L0__, Row__> {
        fn nested(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            _orm::required(cells)
        }
    }
    #[automatically_derived]
    impl<L0__: _orm::Held, Row__: _orm::Decode> _orm::ListElement
    for _types::UserWith<L0__, Row__> {
        type Form = _orm::RecordElement;
        fn list(cells: &mut _orm::Cells<'_>) -> _orm::Result<::std::vec::Vec<Self>> {
            _orm::record_list(cells)
        }
    }
    #[allow(dead_code)]
    impl User {
        ///Relation `sessions`.
        pub const sessions: _orm::Relation<__User::sessions> = _orm::Relation::HANDLE;
    }
    #[automatically_derived]
    impl _orm::Loadable for User {
        type Table = Self;
        fn value_at(
            &self,
            position: usize,
        ) -> ::core::option::Option<&dyn _orm::Parameter> {
            match position {
                0usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__User::id>(&self.id),
                    )
                }
                1usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__User::email>(&self.email),
                    )
                }
                2usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__User::image>(&self.image),
                    )
                }
                3usize => {
                    ::core::option::Option::Some(
                        _orm::as_parameter::<__User::updated_at>(&self.updated_at),
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
    > _orm::Loadable for _types::UserWith<L0__, Row__> {
        type Table = Row__::Table;
        fn value_at(
            &self,
            position: usize,
        ) -> ::core::option::Option<&dyn _orm::Parameter> {
            _orm::Loadable::value_at(&self.row, position)
        }
    }
    #[automatically_derived]
    impl _orm::WrittenRelation for __User::sessions {
        type Key = _orm::TheirKey;
    }
    #[automatically_derived]
    impl<__S> _orm::Carries<__S> for __User::sessions {
        type After = __S;
    }
    #[automatically_derived]
    impl ::core::default::Default for _types::UserInsert {
        #[inline]
        fn default() -> Self {
            _types::UserInsert(_orm::InsertState::new())
        }
    }
    #[automatically_derived]
    impl<State> ::core::clone::Clone for _types::UserInsert<State> {
        fn clone(&self) -> Self {
            _types::UserInsert(::core::clone::Clone::clone(&self.0))
        }
    }
    #[automatically_derived]
    impl<S__> ::core::fmt::Debug for _types::UserInsert<S__> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            self.0.fmt_of::<User>(f)
        }
    }
    #[automatically_derived]
    impl<State> _orm::InsertBuilder for _types::UserInsert<State> {
        type Table = User;
        type State = State;
        fn into_values(self) -> _orm::Values {
            self.0.into_values()
        }
    }
    #[automatically_derived]
    impl<State: _orm::Provided> _orm::Insertable for _types::UserInsert<State> {
        type Table = User;
        fn add_to(self, rows: &mut _orm::Rows) {
            rows.put_built(self.0.into_values());
        }
    }
    #[automatically_derived]
    impl _orm::Insertable for User {
        type Table = Self;
        #[inline]
        fn add_to(self, rows: &mut _orm::Rows) {
            rows.put_own::<__User::id>(self.id);
            rows.put_own::<__User::email>(self.email);
            rows.put_own::<__User::image>(self.image);
            rows.put_own::<__User::updated_at>(self.updated_at);
        }
    }
    impl _orm::Patch for User {
        type Table = Self;
        #[inline]
        fn add_to(self, rows: &mut _orm::Rows) {
            _orm::Insertable::add_to(self, rows);
        }
    }
    impl _orm::Keyed for User {}
    #[allow(dead_code)]
    impl<State> _types::UserInsert<State> {
        ///Sets column `id`.
        pub fn id(
            self,
            value: impl _orm::Assign<__User::id, Reads: _orm::Constant>,
        ) -> _types::UserInsert<<State as _orm::SetAt<(_orm::First, ())>>::After>
        where
            State: _orm::SetAt<(_orm::First, ())>,
        {
            _types::UserInsert(self.0.set::<__User::id, _>(value))
        }
        ///Sets column `email`.
        pub fn email(
            self,
            value: impl _orm::Assign<__User::email, Reads: _orm::Constant>,
        ) -> _types::UserInsert<<State as _orm::SetAt<(_orm::Second, ())>>::After>
        where
            State: _orm::SetAt<(_orm::Second, ())>,
        {
            _types::UserInsert(self.0.set::<__User::email, _>(value))
        }
        ///Sets column `image`.
        pub fn image(
            self,
            value: impl _orm::Assign<__User::image, Reads: _orm::Constant>,
        ) -> Self {
            _types::UserInsert(self.0.set::<__User::image, _>(value))
        }
        ///Sets column `updated_at`.
        pub fn updated_at(
            self,
            value: impl _orm::Assign<__User::updated_at, Reads: _orm::Constant>,
        ) -> Self {
            _types::UserInsert(self.0.set::<__User::updated_at, _>(value))
        }
    }
};
