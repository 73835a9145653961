//! `find`: rows by their primary key, without the names of its columns.

use super::column::{TableColumn, declared, sent_array_type, sent_type};
use super::condition::Condition;
use super::list::{Element, array_type};
use super::node::{Node, Param, Piece};
use super::operand::sent_as;
use super::scope::{Required, Source};
use super::select::Query;
use super::update::Filtered;
use super::{Delete, Table, Update};
use crate::types::Value;
use std::sync::Arc;

/// A table with a primary key. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` has no primary key",
    label = "`find` looks for a primary key",
    note = "mark a column with `#[column(primary_key)]`, or write `#[table(primary_key(..))]`; else use `filter`"
)]
pub trait PrimaryKeyed: Table {
    /// The columns of the key, in its order: a tuple.
    type KeyColumns;
}

/// A value of the primary key that has the columns `Columns`: one value, or a tuple in the order of the key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a primary key with the columns `{Columns}`",
    label = "not a value of this primary key",
    note = "a key of one column is one value; a key of several is a tuple, in the order of the key"
)]
pub trait PrimaryKeyValue<Columns>: Sized {
    #[doc(hidden)]
    fn into_condition(self) -> Node;
    #[doc(hidden)]
    fn many(keys: impl Iterator<Item = Self>) -> Node;
    #[doc(hidden)]
    fn into_params(self) -> Vec<Param>;
}

fn node<C: TableColumn>() -> Node {
    Node::Column { source: C::Source::SOURCE, column: C::NAME }
}

/// The value of a column, which is never NULL.
type NotNull<C> = <<C as TableColumn>::Value as Value>::NotNull;

/// The value of a column, where it may be NULL.
type Nullable<C> = <<C as TableColumn>::Value as Value>::Nullable;

/// Values of a column as one parameter.
fn list<C: TableColumn>(values: Vec<NotNull<C>>) -> Param
where
    Vec<Nullable<C>>: Value,
{
    // Where only the server knows the type of a domain, the array is one of the domain.
    let of_domain = || array_type::<C::Value>(declared(C::DECLARED));
    Param::array(values, sent_array_type::<C>().unwrap_or_else(of_domain))
}

fn equal<C: TableColumn>(value: impl Element<NotNull<C>>) -> Node {
    let value = Node::Param(Param::of(value.into_element()));
    Node::Binary(Box::new((node::<C>(), sent_as::<C>(value))), "=")
}

/// A value of a column, by itself.
fn param<C: TableColumn>(value: impl Element<NotNull<C>>) -> Param {
    Param::new(Arc::new(value.into_element()), sent_type::<C>())
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, V: Element<NotNull<C>>> PrimaryKeyValue<(C,)> for V
where
    Vec<Nullable<C>>: Value,
{
    fn into_condition(self) -> Node {
        equal::<C>(self)
    }

    fn many(keys: impl Iterator<Item = Self>) -> Node {
        Node::Quantified(
            Box::new((
                node::<C>(),
                Node::Param(list::<C>(keys.map(Element::into_element).collect())),
            )),
            "= ANY",
        )
    }

    fn into_params(self) -> Vec<Param> {
        vec![param::<C>(self)]
    }
}

macro_rules! keys {
    ($($name:ident $value:ident $column:ident $list:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: Element<NotNull<$column>>, $column: TableColumn),+> PrimaryKeyValue<($($column,)+)>
            for ($($name,)+)
        where
            $(Vec<Nullable<$column>>: Value),+
        {
            fn into_condition(self) -> Node {
                let ($($value,)+) = self;
                Node::And(vec![$(equal::<$column>($value)),+])
            }

            fn many(keys: impl Iterator<Item = Self>) -> Node {
                $(let mut $list: Vec<NotNull<$column>> = Vec::new();)+
                for ($($value,)+) in keys {
                    $($list.push($value.into_element());)+
                }
                // One parameter for each column, however many keys there are.
                let mut pieces = vec![
                    Piece::Node(Node::Row(vec![$(node::<$column>()),+])),
                    Piece::Sql(" IN (SELECT * FROM unnest("),
                ];
                let lists = vec![$(Node::Typed(list::<$column>($list))),+];
                for (index, list) in lists.into_iter().enumerate() {
                    pieces.push(Piece::Sql(if index == 0 { "" } else { ", " }));
                    pieces.push(Piece::Node(list));
                }
                pieces.push(Piece::Sql("))"));
                Node::Fragment(pieces)
            }

            fn into_params(self) -> Vec<Param> {
                let ($($value,)+) = self;
                vec![$(param::<$column>($value)),+]
            }
        }
    };
}

keys!(A a CA la, B b CB lb);
keys!(A a CA la, B b CB lb, C c CC lc);
keys!(A a CA la, B b CB lb, C c CC lc, D d CD ld);
keys!(A a CA la, B b CB lb, C c CC lc, D d CD ld, E e CE le);
keys!(A a CA la, B b CB lb, C c CC lc, D d CD ld, E e CE le, F f CF lf);

impl<T: Table, Row, H> Query<(Required<T>,), Row, H> {
    /// Keeps only the row with this primary key: a value, or a tuple in the order of the key.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn user(db: &Db, id: &str) -> orm::Result<Option<User>> {
    ///     User::query().find(id).first(db).await
    /// }
    /// let query = User::query().find("ada").select(User::name);
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."name" FROM "user" WHERE "user"."id" = $1"#);
    /// ```
    pub fn find<K>(mut self, key: K) -> Self
    where
        T: PrimaryKeyed,
        K: PrimaryKeyValue<T::KeyColumns>,
    {
        self.select.filters.push(key.into_condition());
        self
    }

    /// Keeps only the rows with these primary keys, in no order of their own; a key that no row has is passed over.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().find_many(["ada", "grace"]).select(User::name);
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."name" FROM "user" WHERE "user"."id" = ANY($1)"#);
    /// ```
    pub fn find_many<K>(mut self, keys: impl IntoIterator<Item = K>) -> Self
    where
        T: PrimaryKeyed,
        K: PrimaryKeyValue<T::KeyColumns>,
    {
        self.select.filters.push(K::many(keys.into_iter()));
        self
    }
}

macro_rules! changed_rows {
    ($statement:ident, $does:literal) => {
        impl<T: Table, Rows> $statement<T, Rows> {
            #[doc = concat!($does, " only the row with this primary key: see [`Query::find`].")]
            pub fn find<K>(self, key: K) -> $statement<T, Filtered>
            where
                T: PrimaryKeyed,
                K: PrimaryKeyValue<T::KeyColumns>,
            {
                self.filter(Condition::<T>::new(key.into_condition()))
            }

            #[doc = concat!($does, " only the rows with these primary keys: see [`Query::find_many`].")]
            pub fn find_many<K>(
                self,
                keys: impl IntoIterator<Item = K>,
            ) -> $statement<T, Filtered>
            where
                T: PrimaryKeyed,
                K: PrimaryKeyValue<T::KeyColumns>,
            {
                self.filter(Condition::<T>::new(K::many(keys.into_iter())))
            }
        }
    };
}

changed_rows!(Update, "Updates");
changed_rows!(Delete, "Deletes");
