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
        ///A row of `User` with its `sessions`: it dereferences to the row.
        #[::core::prelude::v1::derive(
            ::core::fmt::Debug,
            ::core::clone::Clone,
            ::core::cmp::PartialEq,
        )]
        pub struct UserWithSessions<
            Row = ::orm::__private::RowOf<super::sessions>,
            Related = ::orm::__private::RelatedOf<super::sessions>,
        > {
            pub(in super::super) __row: Row,
            ///What `.with(User::sessions)` loaded.
            pub sessions: Related,
        }
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
        fn nested(cell: _orm::Cell<'_>, types: &_orm::Lookup<'_>) -> _orm::Result<Self> {
            _orm::required(cell, types)
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
        type Loaded<Row, Related> = _types::UserWithSessions<Row, Related>;
        const KEYS: &'static [(&'static str, &'static str)] = <Session as _orm::BelongsTo<
            User,
        >>::KEYS;
    }
    #[automatically_derived]
    impl _orm::StartsAt<User> for __User::sessions {}
    #[allow(dead_code)]
    impl<Row, Related> _types::UserWithSessions<Row, Related> {
        /// The row without the relation, and what the relation loaded.
        pub fn into_parts(self) -> (Row, Related) {
            (self.__row, self.sessions)
        }
    }
    #[automatically_derived]
    impl<Row, Related> ::core::ops::Deref for _types::UserWithSessions<Row, Related> {
        type Target = Row;
        fn deref(&self) -> &Row {
            &self.__row
        }
    }
    #[automatically_derived]
    impl<Row: _orm::Decode, Related: _orm::Nested> _orm::Decode
    for _types::UserWithSessions<Row, Related> {
        fn decode(cells: &mut _orm::Cells<'_>) -> _orm::Result<Self> {
            ::core::result::Result::Ok(Self {
                __row: Row::decode(cells)?,
                sessions: cells.nested()?,
            })
        }
    }
    #[automatically_derived]
    impl<Row: _orm::Decode, Related: _orm::Nested> _orm::Nested
    for _types::UserWithSessions<Row, Related> {
        fn nested(cell: _orm::Cell<'_>, types: &_orm::Lookup<'_>) -> _orm::Result<Self> {
            _orm::required(cell, types)
        }
    }
    #[allow(dead_code)]
    impl User {
        ///Relation `sessions`.
        pub const sessions: _orm::Relation<__User::sessions> = _orm::Relation::HANDLE;
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
    impl<State> ::core::fmt::Debug for _types::UserInsert<State> {
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
