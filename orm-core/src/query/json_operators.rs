//! Operators of `jsonb`: manual, section 9.16.1.

use super::expr::Expr;
use super::expression::{Expression, Propagate, SqlOf, binary};
use super::func::json::{jsonpath, path};
use super::node::{Node, Param};
use super::operand::{Operand, Subject};
use crate::types::{Int4, Jsonb, OfSqlType, Text, Value};

type Document = serde_json::Value;

/// Something of type `jsonb`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of type `jsonb`",
    label = "not a `jsonb` document",
    note = "`orm::func::to_jsonb(..)` makes a document of a value"
)]
pub trait JsonSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> JsonSubject for S where S::Value: OfSqlType<Jsonb> {}

/// Which entry of an object, by name, or which element of an array, from 0; negative from the end.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a name or position in a document",
    label = "give a text or an `i32`"
)]
pub trait JsonKey {
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_key(self) -> Node;
}

macro_rules! keys {
    ($($key:ty => $value:ty;)*) => {$(
        impl JsonKey for $key {
            type Reads = ();

            fn into_key(self) -> Node {
                Node::Param(Param::of(<$value>::from(self)))
            }
        }
    )*};
}

keys! { &str => String; String => String; &String => String; i32 => i32; }

#[diagnostic::do_not_recommend]
impl<E: Expression> JsonKey for E
where
    SqlOf<E>: KeyType,
{
    type Reads = E::Reads;

    fn into_key(self) -> Node {
        self.into_node()
    }
}

/// The SQL type of a name or position in a document.
pub trait KeyType {}
impl KeyType for Text {}
impl KeyType for Int4 {}

/// The operators of columns and expressions of type `jsonb`.
///
/// `contains`, `contained_in` and `concat` are those of [`ContainerOperators`](super::ContainerOperators).
pub trait JsonOperators: Expression {
    /// `->`: an entry or element as a document. NULL where there is none.
    fn get<K: JsonKey>(self, key: K) -> Expr<Option<Document>, (Self::Reads, K::Reads)>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "->", key.into_key())
    }

    /// `->>`: an entry or element as text. NULL where there is none, and where it is `null`.
    fn get_text<K: JsonKey>(self, key: K) -> Expr<Option<String>, (Self::Reads, K::Reads)>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "->>", key.into_key())
    }

    /// `#>`: what is at a path, `["address", "streets", "0"]`. NULL where there is nothing.
    fn get_path<S: Into<String>>(
        self,
        at: impl IntoIterator<Item = S>,
    ) -> Expr<Option<Document>, (Self::Reads, ())>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "#>", path(at))
    }

    /// `#>>`: what is at a path, as text. NULL where there is nothing, and where it is `null`.
    fn get_path_text<S: Into<String>>(
        self,
        at: impl IntoIterator<Item = S>,
    ) -> Expr<Option<String>, (Self::Reads, ())>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "#>>", path(at))
    }

    /// `?`: the object has an entry of this name, or the array this text as an element.
    fn has_key<O: Operand<Text>>(
        self,
        key: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "?", key.into_operand())
    }

    /// `?|`: it has one of these keys.
    fn has_any_key<S: Into<String>>(
        self,
        keys: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<bool>, (Self::Reads, ())>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "?|", path(keys))
    }

    /// `?&`: it has all of these keys.
    fn has_all_keys<S: Into<String>>(
        self,
        keys: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<bool>, (Self::Reads, ())>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "?&", path(keys))
    }

    /// `-`: without the entry of this name, or the element at this position.
    #[expect(clippy::type_complexity, reason = "the type stays")]
    fn without<K: JsonKey>(
        self,
        key: K,
    ) -> Expr<
        <Self::Value as Value>::Propagate<<Self::Value as Value>::NotNull>,
        (Self::Reads, K::Reads),
    >
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "-", key.into_key())
    }

    /// `#-`: without what is at a path.
    #[expect(clippy::type_complexity, reason = "the type stays")]
    fn without_path<S: Into<String>>(
        self,
        at: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<<Self::Value as Value>::NotNull>, (Self::Reads, ())>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "#-", path(at))
    }

    /// `@?`: an SQL/JSON path, `$.tags[*] ? (@ == "new")`, finds something.
    fn path_exists<O: Operand<Text>>(
        self,
        path: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "@?", jsonpath(path))
    }

    /// `@@`: an SQL/JSON path that is a condition, `$.count > 3`, holds; NULL where it is no condition.
    fn path_matches<O: Operand<Text>>(self, path: O) -> Expr<Option<bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: JsonSubject,
    {
        binary(self.into_node(), "@@", jsonpath(path))
    }
}

impl<E: Expression> JsonOperators for E {}
