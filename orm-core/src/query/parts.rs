//! What `contains`, `contained_in` and `overlaps` take. One operator has operands of several kinds, such as `@>` of a range a
//! value, a range or a multirange: `Kind` is a type that tells them apart, and the compiler finds it.

use super::containers::{ContainerSubject, EntriesSubject, OverlappingSubject};
use super::expression::Propagate;
use super::node::Node;
use super::operand::{Comparable, Operand, Subject};
use super::range_values::typed;
use super::ranges::{
    ElementSql, MultirangeSqlOf, OfOtherType, OfSameType, RangeSqlOf, RangeSubject, Ranged,
};
use crate::types::{RangeElement, Value};

/// A value and a range.
pub enum OfElement {}
/// A value and a multirange.
pub enum OfElementInMultirange {}
/// Two arrays, documents, networks or shapes.
pub enum OfEntries {}
/// Ranges or multiranges, of one type or of two.
pub struct OfRanges<Kind>(std::marker::PhantomData<Kind>);

/// What a text, array, document or range of the type of `C` can contain.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be contained in `{C}`",
    label = "not a part of `{C}`",
    note = "a text contains texts, an array arrays, a `jsonb` documents; a range contains values, ranges and multiranges of its elements; a network contains addresses, a shape points"
)]
pub trait Part<C, Kind> {
    /// The type of the comparison: `Option<bool>` where one of the two can be NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn in_container(self, container: Node) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: ContainerSubject, O: Comparable<C>> Part<C, OfSameType> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn in_container(self, container: Node) -> Node {
        C::containing(container, self.into_comparable())
    }
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O: Ranged<C, OfOtherType>> Part<C, OfOtherType> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn in_container(self, container: Node) -> Node {
        Node::Binary(Box::new((container, self.into_ranged())), "@>")
    }
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O: Operand<ElementSql<C::Value>>> Part<C, OfElement> for O {
    type Bool = Propagate<C::Value, O::Value, bool>;
    type Reads = O::Reads;

    fn in_container(self, container: Node) -> Node {
        Node::Binary(Box::new((container, typed(self.into_operand()))), "@>")
    }
}

/// What an array, document, range or value of the type of `C` can be contained in.
#[diagnostic::on_unimplemented(
    message = "`{C}` cannot be contained in `{Self}`",
    label = "does not contain values of `{C}`",
    note = "an array is contained in arrays, a `jsonb` in documents, a range in ranges and multiranges; a value is contained in ranges and multiranges of its type; an address is contained in networks, a point in shapes"
)]
pub trait Whole<C, Kind> {
    /// The type of the comparison: `Option<bool>` where one of the two can be NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn around(self, part: Node) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: EntriesSubject, O: Comparable<C>> Whole<C, OfEntries> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn around(self, part: Node) -> Node {
        Node::Binary(Box::new((part, self.into_comparable())), C::CONTAINED_IN)
    }
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O: Ranged<C, K>, K> Whole<C, OfRanges<K>> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn around(self, part: Node) -> Node {
        Node::Binary(Box::new((part, self.into_ranged())), "<@")
    }
}

macro_rules! of_elements {
    ($($kind:ident, $sql:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C: Subject, O: Operand<$sql<C::Value>>> Whole<C, $kind> for O
        where
            <C::Value as Value>::NotNull: RangeElement,
        {
            type Bool = Propagate<C::Value, O::Value, bool>;
            type Reads = O::Reads;

            fn around(self, part: Node) -> Node {
                Node::Binary(Box::new((part, typed(self.into_operand()))), "<@")
            }
        }
    )*};
}

of_elements! {
    OfElement, RangeSqlOf;
    OfElementInMultirange, MultirangeSqlOf;
}

/// What an array or range of the type of `C` can have a value in common with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot overlap `{C}`",
    label = "has nothing in common with `{C}`",
    note = "an array overlaps arrays of its type, a range ranges and multiranges of its elements, a network networks, a shape those of its type"
)]
pub trait Common<C, Kind> {
    /// The type of the comparison: `Option<bool>` where one of the two can be NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_common(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: OverlappingSubject, O: Comparable<C>> Common<C, OfEntries> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn into_common(self) -> Node {
        self.into_comparable()
    }
}

#[diagnostic::do_not_recommend]
impl<C: RangeSubject, O: Ranged<C, K>, K> Common<C, OfRanges<K>> for O {
    type Bool = O::Bool;
    type Reads = O::Reads;

    fn into_common(self) -> Node {
        self.into_ranged()
    }
}
