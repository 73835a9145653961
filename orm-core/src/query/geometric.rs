//! Operators of geometric types: manual, section 9.11. Which types an operator has on its two sides is [`Between`].

mod between;

use super::containers::{Container, Entries, Overlapping};
use super::expr::Expr;
use super::expression::{Expression, Propagate, SqlOf, binary};
use super::node::Node;
use super::operand::Subject;
use super::parts::{Part, Whole};
use super::value::IntoExpression;
use crate::types::{BoundingBox, Circle, Line, LineSegment, Path, Point, Polygon, Value};

pub use between::*;

/// PostgreSQL has the operator `Op` with a value of the SQL type `Self` on its left and one of `Right` on its right.
pub trait Between<Op, Right> {
    /// The Rust type of the result.
    type Result: Value;
}

/// Something that can stand to the right of the operator `Op` behind `C`.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no operator `{Op}` between `{C}` and `{Self}`",
    label = "not an operand of `{Op}` behind `{C}`",
    note = "the manual lists the pairs of types that an operator is of, in table 9.36; `.cast::<..>()` one of the two"
)]
pub trait GeometricOperand<C, Op> {
    /// Its Rust type.
    type Value: Value;
    /// The type of the result, NULL where one of the two is.
    type Result: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_geometric(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: Subject, Op, E: IntoExpression> GeometricOperand<C, Op> for E
where
    <C::Value as Value>::Sql: Between<Op, <E::Value as Value>::Sql>,
{
    type Value = E::Value;
    type Result = Propagate<
        C::Value,
        E::Value,
        <<C::Value as Value>::Sql as Between<Op, <E::Value as Value>::Sql>>::Result,
    >;
    type Reads = E::Reads;

    fn into_geometric(self) -> Node {
        self.into_expression()
    }
}

/// What an operator of two values gives.
type Met<E, O, Op> = Expr<
    <O as GeometricOperand<<E as Expression>::Subject, Op>>::Result,
    (<E as Expression>::Reads, <O as GeometricOperand<<E as Expression>::Subject, Op>>::Reads),
>;
/// What an operator of one value gives.
type Of<E, T> =
    Expr<<<E as Expression>::Value as Value>::Propagate<T>, (<E as Expression>::Reads, ())>;

/// The SQL type `Self` is one of lines: `line` or `lseg`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a line",
    label = "neither `line` nor `lseg`"
)]
pub trait LineType {}
impl LineType for Line {}
impl LineType for LineSegment {}

/// The SQL type `Self` has a length: `lseg` or `path`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no length",
    label = "neither `lseg` nor `path`"
)]
pub trait LengthType {}
impl LengthType for LineSegment {}
impl LengthType for Path {}

macro_rules! containers {
    ($($sql:ty)*) => {$(
        impl Container for $sql {
            fn containing(container: Node, part: Node) -> Node {
                Node::Binary(Box::new((container, part)), "@>")
            }
        }
        impl Entries for $sql {}
        impl Overlapping for $sql {}
    )*};
}

containers! { BoundingBox Polygon Circle }

crate::custom_type!(Point, Line, LineSegment, BoundingBox, Path, Polygon, Circle);

/// A shape, and a point or a part of a line.
pub enum OfPlace {}

#[diagnostic::do_not_recommend]
impl<C: Subject, O: GeometricOperand<C, Contains>> Part<C, OfPlace> for O {
    type Bool = O::Result;
    type Reads = O::Reads;

    fn in_container(self, container: Node) -> Node {
        Node::Binary(Box::new((container, self.into_geometric())), "@>")
    }
}

#[diagnostic::do_not_recommend]
impl<C: Subject, O: GeometricOperand<C, ContainedIn>> Whole<C, OfPlace> for O {
    type Bool = O::Result;
    type Reads = O::Reads;

    fn around(self, part: Node) -> Node {
        Node::Binary(Box::new((part, self.into_geometric())), "<@")
    }
}

macro_rules! operators {
    ($($(#[$meta:meta])* $name:ident $op:ident $symbol:literal;)*) => {
        /// The operators of columns and expressions of geometric types.
        ///
        /// `contains` is `@>`, `contained_in` is `<@` and `overlaps` is `&&`: see [`ContainerOperators`](super::ContainerOperators). `=` and `<` of PostgreSQL compare
        /// the areas of boxes and circles, and how many points paths have: they are not offered, and what is the same is found by
        /// [`same_as`](Self::same_as).
        ///
        /// Sorted by the distance the nearest come first; an index with the method `gist` finds them.
        ///
        /// ```
        /// use orm::prelude::*;
        /// use orm::types::{Point, Polygon};
        ///
        /// #[derive(Table, Debug)]
        /// struct Shop {
        ///     #[column(primary_key)]
        ///     id: i64,
        ///     place: Point,
        ///     area: Polygon,
        /// }
        ///
        /// let home = Point::new(1.0, 2.0);
        /// let query = Shop::query()
        ///     .filter(Shop::area.contains(home))
        ///     .order_by(Shop::place.distance_to(home).asc())
        ///     .select(Shop::id);
        /// assert!(query.to_sql().text.ends_with(
        ///     r#"WHERE "shop"."area" @> $1 ORDER BY ("shop"."place" <-> $2)"#
        /// ));
        /// ```
        #[expect(
            clippy::wrong_self_convention,
            reason = "`is_left_of` and its like take the expression, as `is_null` does"
        )]
        pub trait GeometricOperators: Expression {
            $(
                $(#[$meta])*
                fn $name<O: GeometricOperand<Self::Subject, $op>>(self, other: O) -> Met<Self, O, $op> {
                    binary(self.into_node(), $symbol, other.into_geometric())
                }
            )*

            /// `?-`: it is horizontal.
            fn is_horizontal(self) -> Of<Self, bool>
            where
                SqlOf<Self>: LineType,
            {
                Expr::new(Node::Prefix("?-", Box::new(self.into_node())))
            }

            /// `?|`: it is vertical.
            fn is_vertical(self) -> Of<Self, bool>
            where
                SqlOf<Self>: LineType,
            {
                Expr::new(Node::Prefix("?|", Box::new(self.into_node())))
            }

            /// `@-@`: how long it is.
            fn length(self) -> Of<Self, f64>
            where
                SqlOf<Self>: LengthType,
            {
                Expr::new(Node::Prefix("@-@", Box::new(self.into_node())))
            }
        }

        impl<E: Expression> GeometricOperators for E {}
    };
}

operators! {
    /// `<->`: the distance of the nearest points of both; of two boxes, of their middles.
    distance_to Distance "<->";
    /// `~=`: they are the same.
    same_as SameAs "~=";
    /// `?#`: they have a point in common.
    intersects Intersects "?#";
    /// `#`: where the lines intersect, NULL where they do not; of boxes what both have in common.
    intersection_with IntersectionWith "#";
    /// `##`: the point of the other that is nearest; NULL where there is none, as of parallel lines.
    closest_point_on ClosestPointOn "##";
    /// `?||`: they are parallel.
    is_parallel_to IsParallelTo "?||";
    /// `?-|`: they are perpendicular.
    is_perpendicular_to IsPerpendicularTo "?-|";
    /// `<<`: all of it is to the left of all of the other.
    is_left_of IsLeftOf "<<";
    /// `>>`: all of it is to the right of all of the other.
    is_right_of IsRightOf ">>";
    /// `<<|`: all of it is below all of the other.
    is_below IsBelow "<<|";
    /// `|>>`: all of it is above all of the other.
    is_above IsAbove "|>>";
    /// `&<`: none of it is to the right of the other.
    is_not_right_of IsNotRightOf "&<";
    /// `&>`: none of it is to the left of the other.
    is_not_left_of IsNotLeftOf "&>";
    /// `&<|`: none of it is above the other.
    is_not_above IsNotAbove "&<|";
    /// `|&>`: none of it is below the other.
    is_not_below IsNotBelow "|&>";
}
