//! What `function!` and `sql!` expand to: calls of the user's functions, and fragments of SQL.

use super::expr::Expr;
use super::func::Aggregate;
use super::node::{Call, Function, Name, Node, Piece};
use super::opaque::Interval;
use super::operand::Operand;
use super::reads::Aggregated;
use super::value::IntoExpression;
use crate::types::{
    Array, Bool, Bytea, Float4, Float8, Int1, Int2, Int4, Int8, Text, UInt1, UInt2, UInt4, UInt8,
    Value,
};

/// The type of an argument of a declared function: a Rust type, or an SQL type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of an argument of a function of SQL",
    label = "no SQL type is known for `{Self}`"
)]
pub trait ArgumentType {
    /// The SQL type.
    type Sql;
}

#[diagnostic::do_not_recommend]
impl<V: Value> ArgumentType for V {
    type Sql = V::Sql;
}

impl<S> ArgumentType for Array<S> {
    type Sql = Self;
}

macro_rules! sql_types {
    ($($sql:ty)*) => {$(
        impl ArgumentType for $sql {
            type Sql = Self;
        }
    )*};
}

sql_types! { Bool Bytea Float4 Float8 Int1 Int2 Int4 Int8 UInt1 UInt2 UInt4 UInt8 Text Interval }

#[cfg(feature = "chrono")]
sql_types! { crate::types::Date crate::types::Time crate::types::Timestamp crate::types::Timestamptz }
#[cfg(feature = "uuid")]
sql_types! { crate::types::Uuid }
#[cfg(feature = "json")]
sql_types! { crate::types::Jsonb }

/// A value, a column or an expression of the type `T`, or of its SQL type: an argument of a declared function, a value of a `CASE`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of the type `{T}`",
    label = "not a `{T}`",
    note = "give a value, column or expression of the same SQL type, or `.cast::<..>()` it"
)]
pub trait OfType<T: ArgumentType> {
    /// Its Rust type.
    type Value: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_of_type(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T: ArgumentType, O: Operand<T::Sql>> OfType<T> for O {
    type Value = O::Value;
    type Reads = O::Reads;

    fn into_of_type(self) -> Node {
        self.into_operand()
    }
}

fn call(schema: Option<&'static str>, name: &'static str, arguments: Vec<Node>) -> Call {
    let function = Function::Named(schema.map(Name::Borrowed), Name::Borrowed(name));
    Call::of(function, arguments)
}

/// A call of a declared function.
pub fn call_function<V, R>(
    schema: Option<&'static str>,
    name: &'static str,
    arguments: Vec<Node>,
) -> Expr<V, R> {
    Expr::new(Node::Call(Box::new(call(schema, name, arguments))))
}

/// A call of a declared aggregate.
pub fn call_aggregate<V, R>(
    schema: Option<&'static str>,
    name: &'static str,
    arguments: Vec<Node>,
) -> Aggregate<V, R> {
    Aggregate::new(call(schema, name, arguments))
}

/// The operands of a fragment: `(first, (second, ()))`.
pub trait FragmentOperands {
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn append_to(self, nodes: &mut Vec<Node>);
}

impl FragmentOperands for () {
    type Reads = ();

    fn append_to(self, _: &mut Vec<Node>) {}
}

impl<E: IntoExpression, Rest: FragmentOperands> FragmentOperands for (E, Rest) {
    type Reads = (E::Reads, Rest::Reads);

    fn append_to(self, nodes: &mut Vec<Node>) {
        nodes.push(self.0.into_expression());
        self.1.append_to(nodes);
    }
}

/// A fragment of SQL: a text more than there are operands.
pub fn fragment<V: Value, L: FragmentOperands>(
    texts: &[&'static str],
    operands: L,
) -> Expr<V, L::Reads> {
    Expr::new(node(texts, operands))
}

/// A fragment that is an aggregate.
pub fn aggregate_fragment<V: Value, L: FragmentOperands>(
    texts: &[&'static str],
    operands: L,
) -> Expr<V, Aggregated<L::Reads>> {
    Expr::new(node(texts, operands))
}

fn node<L: FragmentOperands>(texts: &[&'static str], operands: L) -> Node {
    let mut nodes = Vec::with_capacity(texts.len());
    operands.append_to(&mut nodes);
    let mut nodes = nodes.into_iter();
    let mut pieces = Vec::with_capacity(2 * texts.len());
    for text in texts {
        pieces.push(Piece::Sql(text));
        pieces.extend(nodes.next().map(Piece::Node));
    }
    Node::Fragment(pieces)
}
