//! Operators that text, arrays and `jsonb` have in common: `contains`, `||`; and those of arrays (manual, section 9.19).

use super::expr::Expr;
use super::expression::{Compared, Expression, Propagate, SqlOf, binary};
use super::node::{Node, Piece};
use super::operand::{Comparable, Operand, Subject, SubjectSql};
use crate::types::{Array, ArrayElement, Bytea, Text, Value};

/// Values of the SQL type `Self` have others in them.
pub trait Container {
    #[doc(hidden)]
    fn containing(container: Node, part: Node) -> Node;
}

impl Container for Text {
    fn containing(container: Node, part: Node) -> Node {
        super::text_operators::like(container, "LIKE", "%", part, "%")
    }
}

impl<S> Container for Array<S> {
    fn containing(container: Node, part: Node) -> Node {
        Node::Binary(Box::new((container, part)), "@>")
    }
}

#[cfg(feature = "json")]
impl Container for crate::types::Jsonb {
    fn containing(container: Node, part: Node) -> Node {
        Node::Binary(Box::new((container, part)), "@>")
    }
}

/// A column or value that has others in it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text, an array or a document",
    label = "nothing is contained in it"
)]
pub trait ContainerSubject: Subject {
    #[doc(hidden)]
    fn containing(container: Node, part: Node) -> Node;
}
#[diagnostic::do_not_recommend]
impl<S: Subject> ContainerSubject for S
where
    <S::Value as Value>::Sql: Container,
{
    fn containing(container: Node, part: Node) -> Node {
        <<S::Value as Value>::Sql>::containing(container, part)
    }
}

/// Values of the SQL type `Self` can have something in common: `&&`.
pub trait Overlapping {}
impl<S> Overlapping for Array<S> {}

/// A column or value that can have something in common with others of its type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an array, a network or a shape",
    label = "overlaps nothing"
)]
pub trait OverlappingSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> OverlappingSubject for S where <S::Value as Value>::Sql: Overlapping {}

/// A column or value that is an array.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array", label = "not an array")]
pub trait ArraySubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> ArraySubject for S where S::Value: ArrayValue {}

/// A column or value that is an array or a document.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an array or a document",
    label = "not an array or a document"
)]
pub trait EntriesSubject: Subject {
    #[doc(hidden)]
    const CONTAINED_IN: &'static str;
}
#[diagnostic::do_not_recommend]
impl<S: Subject> EntriesSubject for S
where
    <S::Value as Value>::Sql: Entries,
{
    const CONTAINED_IN: &'static str = <<S::Value as Value>::Sql>::CONTAINED_IN;
}

/// Values of the SQL type `Self`, in Rust `V`, are put together by `||`.
#[diagnostic::on_unimplemented(
    message = "values of the SQL type `{Self}` cannot be put together",
    label = "not a text, array or document",
    note = "`.cast::<String>()` makes a text of it"
)]
pub trait Concatenate<V> {
    /// The Rust type of the result.
    type Value: Value;
}

impl<V> Concatenate<V> for Text {
    type Value = String;
}
impl<V> Concatenate<V> for Bytea {
    type Value = Vec<u8>;
}
impl<S, V: Value> Concatenate<V> for Array<S> {
    type Value = V;
}
#[cfg(feature = "json")]
impl<V: Value> Concatenate<V> for crate::types::Jsonb {
    type Value = V;
}
impl<V> Concatenate<V> for crate::types::Vector {
    type Value = Self;
}
impl<V> Concatenate<V> for crate::types::HalfVector {
    type Value = Self;
}

/// What `.concat` gives.
type Concatenated<E, O> = Expr<
    Propagate<
        <E as Expression>::Value,
        <O as Operand<SqlOf<E>>>::Value,
        <SqlOf<E> as Concatenate<<<E as Expression>::Value as Value>::NotNull>>::Value,
    >,
    (<E as Expression>::Reads, <O as Operand<SqlOf<E>>>::Reads),
>;

/// A Rust type that is an array: `Vec<_>`, or an `Option` of it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array", label = "not an array")]
pub trait ArrayValue: Value {
    /// Its elements.
    type Element: Value;
}

impl<V: ArrayElement> ArrayValue for Vec<V>
where
    Self: Value,
{
    type Element = V;
}

impl<V: ArrayElement> ArrayValue for Option<Vec<V>>
where
    Self: Value,
{
    type Element = V;
}

/// Operators of texts, arrays and documents, and of values with arrays.
pub trait ContainerOperators: Expression {
    /// Has the other in it: of a text a part, in which `%`, `_` and `\` mean themselves; of an array every element, `@>`;
    /// of a document every entry, `@>` (manual, section 8.14.3); of a box, polygon or circle every point, `@>`; of a network every
    /// address, `>>=`.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::name.contains("da_L")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" LIKE $1"#));
    /// ```
    fn contains<O: Comparable<Self::Subject>>(self, part: O) -> Compared<Self, O>
    where
        Self::Subject: ContainerSubject,
    {
        Expr::new(Self::Subject::containing(self.into_node(), part.into_comparable()))
    }

    /// `||`: the one, then the other. NULL where one of them is.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().select(User::name.concat(" <").concat(User::email).concat(">"));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT (("user"."name" || $1) || "user"."email") || $2 FROM "user""#
    /// );
    /// ```
    fn concat<O: Operand<SqlOf<Self>>>(self, other: O) -> Concatenated<Self, O>
    where
        SqlOf<Self>: Concatenate<<Self::Value as Value>::NotNull>,
    {
        binary(self.into_node(), "||", other.into_operand())
    }

    /// `<@`: each element is one of the other's; of documents, each entry; of boxes, polygons and circles, each point. Of network
    /// addresses `<<=`: it is the other, or in it.
    fn contained_in<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: EntriesSubject,
    {
        binary(self.into_node(), Self::Subject::CONTAINED_IN, other.into_comparable())
    }

    /// `&&`: the arrays have an element in common; the networks an address; the boxes, polygons or circles a point.
    fn overlaps<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: OverlappingSubject,
    {
        binary(self.into_node(), "&&", other.into_comparable())
    }

    /// `array[position]`: the element at a position, the first being 1. NULL where there is none.
    fn at<O: Operand<crate::types::Int4>>(
        self,
        position: O,
    ) -> Expr<<<Self::Value as ArrayValue>::Element as Value>::Nullable, (Self::Reads, O::Reads)>
    where
        Self::Value: ArrayValue,
    {
        Expr::new(Node::Enclosed(vec![
            // A call or a cast before the bracket would not be understood.
            Piece::Sql("("),
            Piece::Node(self.into_node()),
            Piece::Sql(")["),
            Piece::Node(position.into_operand()),
            Piece::Sql("]"),
        ]))
    }

    /// `value = ANY (array)`: an element of the array is equal to it.
    fn eq_any<O: Operand<Array<SubjectSql<Self>>>>(
        self,
        array: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)> {
        quantified(self, "= ANY", array)
    }

    /// `value <> ALL (array)`: no element of the array is equal to it.
    fn ne_all<O: Operand<Array<SubjectSql<Self>>>>(
        self,
        array: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)> {
        quantified(self, "<> ALL", array)
    }
}

impl<E: Expression> ContainerOperators for E {}

/// Values of the SQL type `Self` have entries, as arrays and documents have.
pub trait Entries {
    #[doc(hidden)]
    const CONTAINED_IN: &'static str = "<@";
}
impl<S> Entries for Array<S> {}
#[cfg(feature = "json")]
impl Entries for crate::types::Jsonb {}

fn quantified<E: Expression, O: Operand<Array<SubjectSql<E>>>>(
    one: E,
    op: &'static str,
    array: O,
) -> Expr<Propagate<E::Value, O::Value, bool>, (E::Reads, O::Reads)> {
    Expr::new(Node::Quantified(Box::new((one.into_node(), array.into_operand())), op))
}
