//! Operators that text, arrays, `jsonb` and ranges have in common: `contains`, `||`; and those of arrays (manual, section 9.19).

use super::column::declared;
use super::expr::Expr;
use super::expression::{Expression, Propagate, SqlOf, binary};
use super::node::{Node, Piece};
use super::operand::{Operand, Subject, SubjectSql, array_sent_as, untyped};
use super::parts::{Common, Part, Whole};
use super::range_values::typed;
use super::ranges::RangeType;
use crate::types::{Array, ArrayElement, Bytea, Int4, NdArray, Text, TsVector, Value};

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

impl<S: RangeType> Container for S {
    fn containing(container: Node, part: Node) -> Node {
        Node::Binary(Box::new((container, typed(part))), "@>")
    }
}

#[cfg(feature = "json")]
impl Container for crate::types::Jsonb {
    fn containing(container: Node, part: Node) -> Node {
        Node::Binary(Box::new((container, part)), "@>")
    }
}

/// A column or value that has others in it.
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
pub trait OverlappingSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> OverlappingSubject for S where <S::Value as Value>::Sql: Overlapping {}

/// A column or value that is an array.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array", label = "not an array")]
pub trait ArraySubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> ArraySubject for S where S::Value: ArrayValue {}

/// A column or value that is an array or a document.
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
impl<V> Concatenate<V> for TsVector {
    type Value = Self;
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

/// A Rust type that is an array: `Vec<_>`, `NdArray<_>`, or an `Option` of one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an array", label = "not an array")]
pub trait ArrayValue: Value {
    /// Its elements.
    type Element: Value;
}

macro_rules! array_values {
    ($($array:ident)*) => {$(
        impl<V: ArrayElement> ArrayValue for $array<V>
        where
            Self: Value,
        {
            type Element = V;
        }

        impl<V: ArrayElement> ArrayValue for Option<$array<V>>
        where
            Self: Value,
        {
            type Element = V;
        }
    )*};
}

array_values! { Vec NdArray }

/// Operators of texts, arrays, documents and ranges, and of values with arrays.
pub trait ContainerOperators: Expression {
    /// Has the other in it: of a text a part, in which `%`, `_` and `\` mean themselves; of an array every element, `@>`;
    /// of a document every entry, `@>` (manual, section 8.14.3); of a range or multirange a value, or all values of another
    /// range or multirange, `@>`; of a box, path, polygon or circle a point, or a shape of the same type, `@>`; of a network an
    /// address or a network, `>>=`.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::name.contains("da_L")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" LIKE $1"#));
    /// ```
    fn contains<O: Part<Self::Subject, K>, K>(
        self,
        part: O,
    ) -> Expr<O::Bool, (Self::Reads, O::Reads)> {
        Expr::new(part.in_container(self.into_node()))
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
        binary(untyped(self.into_node()), "||", untyped(other.into_operand()))
    }

    /// `<@`: each element is one of the other's; of documents, each entry; of ranges and multiranges, each value. Of a value:
    /// it is in a range or multirange. Of a point: it is in a shape, or on a line. Of network addresses `<<=`: it is the other, or in
    /// it.
    fn contained_in<O: Whole<Self::Subject, K>, K>(
        self,
        other: O,
    ) -> Expr<O::Bool, (Self::Reads, O::Reads)> {
        Expr::new(other.around(self.into_node()))
    }

    /// `&&`: the arrays have an element in common; of ranges and multiranges, a value; of networks, an address; of boxes, polygons
    /// and circles, a point.
    fn overlaps<O: Common<Self::Subject, K>, K>(
        self,
        other: O,
    ) -> Expr<O::Bool, (Self::Reads, O::Reads)> {
        binary(self.into_node(), "&&", other.into_common())
    }

    /// `array[position]`: the element at a position, the first being 1. NULL where there is none, and of an array of several
    /// dimensions: see [`at_subscripts`](Self::at_subscripts).
    fn at<O: Operand<Int4>>(
        self,
        position: O,
    ) -> Expr<<<Self::Value as ArrayValue>::Element as Value>::Nullable, (Self::Reads, O::Reads)>
    where
        Self::Value: ArrayValue,
    {
        Expr::new(subscripted(self.into_node(), [position.into_operand()]))
    }

    /// `array[i][j]`: the element with these subscripts, one for each dimension; they begin with 1. NULL where there is none.
    ///
    /// ```
    /// use orm::prelude::*;
    /// use orm::types::NdArray;
    /// #[derive(Table)]
    /// struct Game {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     board: NdArray<i32>,
    /// }
    /// let query = Game::query().select(Game::board.at_subscripts([3, 1]));
    /// assert_eq!(query.to_sql(), r#"SELECT ("game"."board")[$1][$2] FROM "game""#);
    /// ```
    fn at_subscripts<O: Operand<Int4>, const N: usize>(
        self,
        subscripts: [O; N],
    ) -> Expr<<<Self::Value as ArrayValue>::Element as Value>::Nullable, (Self::Reads, O::Reads)>
    where
        Self::Value: ArrayValue,
    {
        Expr::new(subscripted(self.into_node(), subscripts.map(Operand::into_operand)))
    }

    /// `array[first:last]`: the elements from one position to another, both included. Empty where there are none.
    fn slice<F: Operand<Int4>, L: Operand<Int4>>(
        self,
        first: F,
        last: L,
    ) -> Expr<
        Propagate<Self::Value, F::Value, <L::Value as Value>::Propagate<Self::Value>>,
        (Self::Reads, (F::Reads, L::Reads)),
    >
    where
        Self::Value: ArrayValue,
    {
        Expr::new(Node::Enclosed(vec![
            Piece::Sql("("),
            Piece::Node(self.into_node()),
            Piece::Sql(")["),
            Piece::Node(first.into_operand()),
            Piece::Sql(":"),
            Piece::Node(last.into_operand()),
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

/// An array with subscripts.
fn subscripted(array: Node, subscripts: impl IntoIterator<Item = Node>) -> Node {
    // A call or a cast before the bracket would not be understood.
    let mut pieces = vec![Piece::Sql("("), Piece::Node(array), Piece::Sql(")")];
    for subscript in subscripts {
        pieces.extend([Piece::Sql("["), Piece::Node(subscript), Piece::Sql("]")]);
    }
    Node::Enclosed(pieces)
}

fn quantified<E: Expression, O: Operand<Array<SubjectSql<E>>>>(
    one: E,
    op: &'static str,
    array: O,
) -> Expr<Propagate<E::Value, O::Value, bool>, (E::Reads, O::Reads)> {
    let array = array_sent_as(array.into_operand(), declared(E::Subject::DECLARED));
    Expr::new(Node::Quantified(Box::new((untyped(one.into_node()), array)), op))
}
