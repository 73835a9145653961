//! What can be given as the other operand of a column or expression: a value, a column, an expression.

use super::column::{Column, Declared, TableColumn, declared};
use super::expr::Expr;
use super::expression::{Expression, SqlOf};
use super::insert::{Place, Values};
use super::node::{Held, Node, Param};
use super::reads::Of;
use super::stored::StoredIn;
use crate::types::{
    DeclaredType, Float4, Float8, HasEquality, InColumn, Int1, Int2, Int4, Int8, NdArray, SqlType,
    Type, UInt1, UInt2, UInt4, UInt8, Value,
};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// What the message of a wrong operand names: a column, or [`Computed`].
pub trait Subject {
    /// Its Rust type.
    type Value: Value;
    /// The name of the column.
    #[doc(hidden)]
    const COLUMN: &'static str = "";
    /// What it is cast to where it is selected.
    #[doc(hidden)]
    const AS_TEXT: Option<&'static str> = <Self::Value as Value>::AS_TEXT;

    /// The type that it is declared with, where that is another than the one of its Rust type: what it is compared with is sent
    /// as this.
    #[doc(hidden)]
    const DECLARED: Declared = None;
}

impl<C: TableColumn> Subject for C {
    type Value = C::Value;
    const COLUMN: &'static str = C::NAME;
    const AS_TEXT: Option<&'static str> = C::AS_TEXT;

    // Of the column's type alone, so that it is compiled once for all columns of that type.
    const DECLARED: Declared = match C::DECLARED {
        Some(declared) => Some(declared),
        None => Some(of_domain::<C::Value>),
    };
}

/// A domain over `text` is compared with texts, and the domain may be one over `citext`.
fn of_domain<V: Value>() -> Option<&'static DeclaredType> {
    if V::parameter_type() == Type::TEXT { None } else { of_place::<V>() }
}

/// A value next to a column is sent as the column's own type: `citext = text` would compare texts.
pub(crate) fn sent_as<S: Subject>(node: Node) -> Node {
    sent_in_column(node, S::DECLARED, S::COLUMN)
}

/// [`sent_as`], compiled once.
pub(crate) fn sent_in_column(mut node: Node, as_type: Declared, column: &'static str) -> Node {
    let Some(declared) = declared(as_type) else { return node };
    if let Some(param) = value_of(&mut node) {
        param.ty = declared.ty();
    }
    // A placeholder, which is shared, is known by its value.
    if let Node::Param(param) = &mut node {
        let value = param.value.shared();
        param.value = Held::Shared(Arc::new(InColumn { value, column }));
    }
    node
}

/// The same of an array of such values.
pub(crate) fn array_sent_as(mut node: Node, declared: Option<&DeclaredType>) -> Node {
    if let (Some(param), Some(declared)) = (value_of(&mut node), declared) {
        param.ty = declared.array();
    }
    node
}

/// A text without a type of its own, which takes that of what is next to it: as a literal in SQL does. All else is left as it is.
pub(crate) fn untyped(mut node: Node) -> Node {
    if let Some(param) = value_of(&mut node)
        && param.ty == Type::TEXT
    {
        param.ty = Type::UNKNOWN;
    }
    node
}

/// The value that a node is, a placeholder for one included.
fn value_of(node: &mut Node) -> Option<&mut Param> {
    match node {
        Node::Param(param) => Some(param),
        Node::Shared(shared) => match Arc::make_mut(shared) {
            Node::Param(param) => Some(param),
            _ => None,
        },
        _ => None,
    }
}

/// What is computed with is of the type that its Rust type says: of a `u32` that is declared `integer`, the sum is that of
/// `bigint`. A `numeric` holds more than any integer type, and stays one.
pub(crate) fn computed<S: Subject>(node: Node) -> Node {
    let (own, declared) = (<<S::Value as Value>::Sql as SqlType>::pg_type(), declared(S::DECLARED));
    match declared.map(DeclaredType::ty) {
        Some(Type::INT2 | Type::INT4 | Type::INT8)
            if declared.is_some_and(|declared| declared.ty() != own) =>
        {
            Node::Cast(Box::new(node), S::Value::DATA_TYPE)
        }
        _ => node,
    }
}

/// A computed value of type `V`.
pub struct Computed<V>(PhantomData<V>);

impl<V: Value> Subject for Computed<V> {
    type Value = V;

    // A text may be a `citext`, as far as is known here: what it is compared with takes its type.
    const DECLARED: Declared = Some(of_place::<V>);
}

/// As what a value is sent that is compared with one of type `V` whose SQL type is not known: a text as a literal.
pub fn of_place<V: Value>() -> Option<&'static DeclaredType> {
    (V::Sql::pg_type() == Type::TEXT).then(DeclaredType::of_place)
}

/// The SQL type of a subject.
pub(crate) type SubjectSql<E> = <<<E as Expression>::Subject as Subject>::Value as Value>::Sql;

/// The operand has exactly the type that is asked for.
pub enum Exactly {}
/// The operand has a type that PostgreSQL compares with the one that is asked for: `integer` and `bigint`.
pub enum Compatible {}
/// As [`Compatible`], and values may be `Option`s.
pub enum OrNull {}
/// As [`Exactly`], and values may be `Option`s.
pub enum ExactlyOrNull {}

/// `Self`, an SQL type, is accepted where `Sql` is asked for.
pub trait Fits<Sql, Match> {}

impl<S> Fits<S, Exactly> for S {}
impl<S> Fits<S, ExactlyOrNull> for S {}
impl<S: ComparedWith<T>, T> Fits<T, Compatible> for S {}
impl<S: ComparedWith<T>, T> Fits<T, OrNull> for S {}

/// PostgreSQL has comparison operators between the two SQL types.
pub trait ComparedWith<Other> {}

impl<S: HasEquality> ComparedWith<S> for S {}

/// Types without `=` that have other operators with themselves, such as `<@`.
macro_rules! without_equality {
    ($($sql:ty)*) => {$(
        impl ComparedWith<$sql> for $sql {}
    )*};
}

without_equality! {
    crate::types::Point
    crate::types::BoundingBox
    crate::types::Path
    crate::types::Polygon
    crate::types::Circle
}

macro_rules! compared {
    ($($one:ty, $other:ty;)*) => {$(
        impl ComparedWith<$other> for $one {}
        impl ComparedWith<$one> for $other {}
    )*};
}

compared! {
    Int2, Int4;
    Int2, Int8;
    Int4, Int8;
    Float4, Float8;
    crate::types::Inet, crate::types::Cidr;
    Int1, Int2;
    Int1, Int4;
    Int1, Int8;
    Int1, UInt1;
    Int1, UInt2;
    Int1, UInt4;
    Int1, UInt8;
    UInt1, Int2;
    UInt1, Int4;
    UInt1, Int8;
    UInt1, UInt2;
    UInt1, UInt4;
    UInt1, UInt8;
    UInt2, Int2;
    UInt2, Int4;
    UInt2, Int8;
    UInt2, UInt4;
    UInt2, UInt8;
    UInt4, Int2;
    UInt4, Int4;
    UInt4, Int8;
    UInt4, UInt8;
    UInt8, Int2;
    UInt8, Int4;
    UInt8, Int8;
}

macro_rules! compared_as_oids {
    ($($object:ident)*) => {
        compared! { $(crate::types::$object, crate::types::Oid;)* }
    };
}

crate::types::oid::each_named_object! { compared_as_oids }

compared! {
    crate::types::Date, crate::types::Timestamp;
    crate::types::Date, crate::types::Timestamptz;
    crate::types::Timestamp, crate::types::Timestamptz;
}

/// Something of the SQL type `Sql`: a value, a column or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of the SQL type `{Sql}`",
    label = "not a `{Sql}`"
)]
pub trait Operand<Sql, Match = Exactly> {
    /// Its Rust type.
    type Value: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_operand(self) -> Node;
}

/// Each kind of expression by itself: of one impl for all of them the compiler would say what a wrong operand is not,
/// and not what it is compared with.
macro_rules! expressions {
    ($([$($generics:tt)*] $expression:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Sql, M, $($generics)*> Operand<Sql, M> for $expression
        where
            SqlOf<$expression>: Fits<Sql, M>,
        {
            type Value = <$expression as Expression>::Value;
            type Reads = <$expression as Expression>::Reads;

            fn into_operand(self) -> Node {
                self.into_node()
            }
        }
    )*};
}

/// Hands the list of all expressions to a macro.
macro_rules! each_expression {
    ($macro:ident) => {
        $macro! {
            [C: $crate::query::TableColumn] $crate::query::Column<C>;
            [V: $crate::types::Value, R] $crate::query::Expr<V, R>;
            [V: $crate::types::Value, R: $crate::query::reads::InAggregate, Rows] $crate::query::func::Aggregate<V, R, Rows>;
            [V: $crate::types::Value] $crate::query::placeholder::Placeholder<V>;
            [V: $crate::types::Value, R] $crate::query::case::Case<V, R>;
            [T] $crate::query::condition::Condition<T>;
        }
    };
}
pub(super) use each_expression;

each_expression! { expressions }

/// Something that a column or expression can be compared with. Rules: [`Operand`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with `{C}`",
    label = "not a value of the type of `{C}`",
    note = "compare with a value, column or expression of the same SQL type, or `.cast::<..>()` it; convert a number first, `i64::from(number)`; for NULL use `is_null()`, for an `Option` use `is_not_distinct_from(..)`"
)]
pub trait Comparable<C> {
    /// Its Rust type.
    type Value: Value;
    /// The type of the comparison: `Option<bool>` where one of the two can be NULL.
    type Bool: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_comparable(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: Subject, O: Operand<<C::Value as Value>::Sql, Compatible>> Comparable<C> for O {
    type Value = O::Value;
    type Bool = <C::Value as Value>::Propagate<<O::Value as Value>::Propagate<bool>>;
    type Reads = O::Reads;

    fn into_comparable(self) -> Node {
        sent_in_column(self.into_operand(), C::DECLARED, C::COLUMN)
    }
}

/// A Rust value, or an expression, that a field of the type `V` can hold.
pub trait IntoValue<V>: Sized {
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_value(self) -> Node;

    /// Puts it into a row of an insert.
    #[doc(hidden)]
    fn put_value(self, row: &mut Values, place: &Place) {
        row.put_node(place, self.into_value());
    }
}

impl<V: Value> IntoValue<V> for V {
    type Reads = ();

    fn into_value(self) -> Node {
        Node::Param(Param::of(self))
    }

    fn put_value(self, row: &mut Values, place: &Place) {
        if !row.write(place, &self) {
            row.put_node(place, Node::Param(Param::of(self)));
        }
    }
}

impl<V> IntoValue<Option<V>> for V
where
    Option<V>: Value,
{
    type Reads = ();

    fn into_value(self) -> Node {
        Node::Param(Param::of(Some(self)))
    }

    fn put_value(self, row: &mut Values, place: &Place) {
        IntoValue::<Option<V>>::put_value(Some(self), row, place);
    }
}

/// Without the feature `chrono`, `now()` and its like have no Rust type.
#[diagnostic::do_not_recommend]
impl<S, N: Value, R, T> IntoValue<T> for Expr<super::opaque::Opaque<S, N>, R>
where
    T: Value<Sql = S>,
    N: StoredIn<T::Propagate<bool>>,
{
    type Reads = R;

    fn into_value(self) -> Node {
        self.into_erased()
    }
}

#[diagnostic::do_not_recommend]
impl<V: Value + StoredIn<T>, R, T> IntoValue<T> for Expr<V, R> {
    type Reads = R;

    fn into_value(self) -> Node {
        self.into_node()
    }
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, T> IntoValue<T> for Column<C>
where
    C::Value: StoredIn<T>,
{
    type Reads = Of<C>;

    fn into_value(self) -> Node {
        self.into_node()
    }
}

/// Values that are owned, and borrowed forms of them that are made owned.
macro_rules! operands {
    ($($owned:ty $(, $borrowed:ty)*;)*) => {$(
        impl<M> Operand<<$owned as Value>::Sql, M> for $owned {
            type Value = $owned;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
        $(
            impl<M> Operand<<$owned as Value>::Sql, M> for $borrowed {
                type Value = $owned;
                type Reads = ();

                fn into_operand(self) -> Node {
                    Node::Param(Param::of_borrowed::<$owned, _>(self))
                }
            }
            #[diagnostic::do_not_recommend]
            impl Operand<<$owned as Value>::Sql, OrNull> for Option<$borrowed> {
                type Value = Option<$owned>;
                type Reads = ();

                fn into_operand(self) -> Node {
                    Node::Param(Param::of(self.map(<$owned>::from)))
                }
            }
            impl Operand<<$owned as Value>::Sql, ExactlyOrNull> for Option<$borrowed> {
                type Value = Option<$owned>;
                type Reads = ();

                fn into_operand(self) -> Node {
                    Node::Param(Param::of(self.map(<$owned>::from)))
                }
            }
            impl IntoValue<$owned> for $borrowed {
                type Reads = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of_borrowed::<$owned, _>(self))
                }

                fn put_value(self, row: &mut Values, place: &Place) {
                    let value: &<$owned as Deref>::Target = &self;
                    if !row.write(place, &value) {
                        row.put_node(place, Node::Param(Param::of(value.to_owned())));
                    }
                }
            }
            impl IntoValue<Option<$owned>> for $borrowed {
                type Reads = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of(Some(<$owned>::from(self))))
                }

                fn put_value(self, row: &mut Values, place: &Place) {
                    let value: &<$owned as Deref>::Target = &self;
                    if !row.write(place, &value) {
                        row.put_node(place, Node::Param(Param::of(Some(value.to_owned()))));
                    }
                }
            }
            impl IntoValue<Option<$owned>> for Option<$borrowed> {
                type Reads = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of(self.map(<$owned>::from)))
                }

                fn put_value(self, row: &mut Values, place: &Place) {
                    let value = self.as_ref().map(|value| -> &<$owned as Deref>::Target { value });
                    if !row.write(place, &value) {
                        row.put_node(place, Node::Param(Param::of(value.map(ToOwned::to_owned))));
                    }
                }
            }
        )*
    )*};
}

operands! {
    bool;
    i16;
    i32;
    i64;
    i8;
    u8;
    u16;
    u32;
    u64;
    std::num::NonZeroI16;
    std::num::NonZeroI32;
    std::num::NonZeroI64;
    std::num::NonZeroU8;
    std::num::NonZeroU16;
    std::num::NonZeroU32;
    std::num::NonZeroU64;
    f32;
    f64;
    crate::types::Numeric;
    String, &str, &String, std::borrow::Cow<'_, str>;
    Vec<u8>, &[u8];
    bytes::Bytes;
    crate::types::Bits;
    crate::types::Char;
    crate::types::Money;
    crate::types::Oid;
    crate::types::PgLsn;
    crate::types::TsQuery;
    crate::types::TsVector;
    crate::types::Xml;
    crate::types::Vector;
    crate::types::HalfVector;
    crate::types::SparseVector;
}

macro_rules! object_operands {
    ($($object:ident)*) => {
        operands! { $(crate::types::$object;)* }
    };
}

crate::types::oid::each_named_object! { object_operands }

impl<const N: usize, M> Operand<crate::types::Bytea, M> for [u8; N] {
    type Value = Self;
    type Reads = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::of(self))
    }
}

#[cfg(feature = "uuid")]
operands! { uuid::Uuid; }

#[cfg(feature = "rust_decimal")]
operands! { rust_decimal::Decimal; }

#[cfg(feature = "bigdecimal")]
operands! { bigdecimal::BigDecimal; }

#[cfg(feature = "json")]
operands! { serde_json::Value; }

/// Shapes of each Rust type are of one SQL type.
macro_rules! shapes {
    ($($sql:ident)*) => {$(
        impl<S: crate::types::Shape, M> Operand<crate::types::$sql, M> for crate::types::$sql<S> {
            type Value = Self;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

shapes! { Geometry Geography }

#[cfg(feature = "json")]
impl<T: crate::types::Document, M> Operand<crate::types::Jsonb, M> for crate::types::Json<T> {
    type Value = Self;
    type Reads = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::of(self))
    }
}

impl<D: crate::types::Dated, M> Operand<D::Sql, M> for crate::types::OrInfinity<D> {
    type Value = Self;
    type Reads = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::of(self))
    }
}

/// Makes values of a [`CustomType`](crate::types::CustomType) operands: `column.eq(value)`. The derives have it in them.
///
/// It is no part of the trait: of one impl for every type the compiler would say that a wrong operand is no `CustomType`, and not which
/// column it is compared with.
#[macro_export]
macro_rules! custom_type {
    ($($type:ty),+ $(,)?) => {$(
        impl<Match> $crate::__private::Operand<
            <$type as $crate::__private::CustomType>::Sql,
            Match,
        > for $type {
            type Value = Self;
            type Reads = ();

            fn into_operand(self) -> $crate::__private::Node {
                $crate::__private::Node::Param($crate::__private::Param::of(self))
            }
        }
    )+};
}

macro_rules! arrays {
    ($($array:ident)*) => {$(
        impl<V: crate::types::ArrayElement, M> Operand<crate::types::Array<V::Element>, M>
            for $array<V>
        where
            Self: Value,
        {
            type Value = Self;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

arrays! { Vec NdArray }

/// Each kind of match by itself: of one impl for both the compiler would say what is not a kind, and not what is compared.
macro_rules! options {
    ($($kind:ident)*) => {$(
        /// `None` is NULL: only where NULL is a value as others are.
        impl<V: Value> Operand<V::Sql, $kind> for Option<V>
        where
            Self: Value,
        {
            type Value = Self;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

options! { OrNull ExactlyOrNull }
