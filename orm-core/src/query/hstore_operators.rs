//! Operators of `hstore`: manual, appendix F, `hstore`.

use super::containers::{Concatenate, Container, Entries};
use super::expr::Expr;
use super::expression::{Expression, Propagate, binary};
use super::node::{Node, Param};
use super::operand::{Operand, Subject};
use crate::types::{Hstore, OfSqlType, Text, Value};

/// Something of type `hstore`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of type `hstore`",
    label = "not an `orm::types::Hstore`"
)]
pub trait HstoreSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> HstoreSubject for S where S::Value: OfSqlType<Hstore> {}

crate::custom_type!(Hstore);

impl Container for Hstore {
    fn containing(container: Node, part: Node) -> Node {
        Node::Binary(Box::new((container, part)), "@>")
    }
}

impl Entries for Hstore {}

impl<V> Concatenate<V> for Hstore {
    type Value = Hstore;
}

/// The result of an operator that gives an `hstore`, with the keys that are a value.
type Without<E> =
    Expr<<<E as Expression>::Value as Value>::Propagate<Hstore>, (<E as Expression>::Reads, ())>;

fn keys<S: Into<String>>(keys: impl IntoIterator<Item = S>) -> Node {
    let keys: Vec<String> = keys.into_iter().map(Into::into).collect();
    Node::Param(Param::of(keys))
}

/// The operators of columns and expressions of type `hstore`.
///
/// `contains` is `@>`, `contained_in` is `<@` and `concat` is `||`: see [`ContainerOperators`](super::ContainerOperators).
///
/// ```
/// use orm::prelude::*;
/// use orm::types::Hstore;
///
/// #[derive(Table, Debug)]
/// struct Product {
///     #[column(primary_key)]
///     id: i64,
///     attributes: Hstore,
/// }
///
/// let query = Product::query()
///     .filter(Product::attributes.contains(Hstore::from([("color", "red")])))
///     .select(Product::attributes.value_of("size"));
/// assert_eq!(
///     query.to_sql(),
///     concat!(
///         r#"SELECT "product"."attributes" -> $1 FROM "product" "#,
///         r#"WHERE "product"."attributes" @> $2"#,
///     )
/// );
/// ```
pub trait HstoreOperators: Expression {
    /// `->`: the value of a key. NULL where the key is missing, and where its value is NULL.
    fn value_of<O: Operand<Text>>(self, key: O) -> Expr<Option<String>, (Self::Reads, O::Reads)>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "->", key.into_operand())
    }

    /// `->`: the values of several keys, in their order; NULL for each that is missing.
    fn values_of<S: Into<String>>(
        self,
        of: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<Vec<Option<String>>>, (Self::Reads, ())>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "->", keys(of))
    }

    /// `?`: it has this key.
    fn contains_key<O: Operand<Text>>(
        self,
        key: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "?", key.into_operand())
    }

    /// `?|`: it has one of these keys.
    fn contains_any_key<S: Into<String>>(
        self,
        of: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<bool>, (Self::Reads, ())>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "?|", keys(of))
    }

    /// `?&`: it has all of these keys.
    fn contains_all_keys<S: Into<String>>(
        self,
        of: impl IntoIterator<Item = S>,
    ) -> Expr<<Self::Value as Value>::Propagate<bool>, (Self::Reads, ())>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "?&", keys(of))
    }

    /// `-`: without this key.
    fn without_key<O: Operand<Text>>(
        self,
        key: O,
    ) -> Expr<Propagate<Self::Value, O::Value, Hstore>, (Self::Reads, O::Reads)>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "-", key.into_operand())
    }

    /// `-`: without these keys.
    fn without_keys<S: Into<String>>(self, of: impl IntoIterator<Item = S>) -> Without<Self>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "-", keys(of))
    }

    /// `-`: without the pairs that the other has as well.
    fn without_pairs<O: Operand<Hstore>>(
        self,
        pairs: O,
    ) -> Expr<Propagate<Self::Value, O::Value, Hstore>, (Self::Reads, O::Reads)>
    where
        Self::Subject: HstoreSubject,
    {
        binary(self.into_node(), "-", pairs.into_operand())
    }
}

impl<E: Expression> HstoreOperators for E {}
