//! `jsonb` functions: manual, section 9.16.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::expression::Propagate;
use crate::query::node::Node;
use crate::query::operand::Operand;
use crate::query::reads::NeverNull;
use crate::query::value::IntoExpression;
use crate::types::{Bool, Jsonb, OfSqlType, Text, Value};

type Document = serde_json::Value;

functions! {
    /// `jsonb_array_length(array)`: how many elements.
    jsonb_array_length(A array: Jsonb) -> i32;
    /// `jsonb_typeof(document)`: `object`, `array`, `string`, `number`, `boolean` or `null`.
    jsonb_typeof(A document: Jsonb) -> String;
    /// `jsonb_strip_nulls(document)`: without the entries of objects that are `null`.
    jsonb_strip_nulls(A document: Jsonb) -> serde_json::Value;
    /// `jsonb_pretty(document)`: as text on several lines.
    jsonb_pretty(A document: Jsonb) -> String;
}

/// `to_jsonb(x)`: any value as a document.
pub fn to_jsonb<E: IntoExpression>(
    value: E,
) -> Expr<<E::Value as Value>::Propagate<Document>, (E::Reads, ())> {
    call("to_jsonb", vec![value.into_expression()])
}

/// A path into a document: names of entries, and positions of elements from 0, as texts.
pub(in crate::query) fn path<S: Into<String>>(path: impl IntoIterator<Item = S>) -> Node {
    let path: Vec<String> = path.into_iter().map(Into::into).collect();
    Node::Param(crate::query::node::Param::of(path))
}

/// A text that the server reads as an SQL/JSON path (manual, section 8.14.7).
pub(in crate::query) fn jsonpath<O: Operand<Text>>(path: O) -> Node {
    Node::Cast(Box::new(path.into_operand()), "jsonpath")
}

/// `jsonb_set(target, path, value, create_if_missing)`: with the value at the path. The type of the target stays.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let settings = func::jsonb_build_object((("theme", "dark"),));
/// let query = User::query().select(func::jsonb_set(settings, ["theme"], func::to_jsonb("light"), true));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT jsonb_set(jsonb_build_object($1, $2), $3, to_jsonb($4), $5) FROM "user""#
/// );
/// ```
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn jsonb_set<E, S, O, C>(
    target: E,
    at: impl IntoIterator<Item = S>,
    value: O,
    create_if_missing: C,
) -> Expr<
    Propagate<E::Value, O::Value, <C::Value as Value>::Propagate<<E::Value as Value>::NotNull>>,
    (E::Reads, (O::Reads, C::Reads)),
>
where
    E: IntoExpression,
    E::Value: OfSqlType<Jsonb>,
    S: Into<String>,
    O: Operand<Jsonb>,
    C: Operand<Bool>,
{
    call(
        "jsonb_set",
        vec![
            target.into_expression(),
            path(at),
            value.into_operand(),
            create_if_missing.into_operand(),
        ],
    )
}

/// `jsonb_insert(target, path, value, insert_after)`: with the value before, or after, the element at the path.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn jsonb_insert<E, S, O, C>(
    target: E,
    at: impl IntoIterator<Item = S>,
    value: O,
    insert_after: C,
) -> Expr<
    Propagate<E::Value, O::Value, <C::Value as Value>::Propagate<<E::Value as Value>::NotNull>>,
    (E::Reads, (O::Reads, C::Reads)),
>
where
    E: IntoExpression,
    E::Value: OfSqlType<Jsonb>,
    S: Into<String>,
    O: Operand<Jsonb>,
    C: Operand<Bool>,
{
    call(
        "jsonb_insert",
        vec![target.into_expression(), path(at), value.into_operand(), insert_after.into_operand()],
    )
}

/// `jsonb_path_query_first(document, path)`: the first thing that the path finds; NULL where it finds none.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn jsonb_path_query_first<E: Operand<Jsonb>, P: Operand<Text>>(
    document: E,
    path: P,
) -> Expr<Option<Document>, (E::Reads, P::Reads)> {
    call("jsonb_path_query_first", vec![document.into_operand(), jsonpath(path)])
}

/// `jsonb_path_query_array(document, path)`: all that the path finds, as an array.
#[expect(clippy::type_complexity, reason = "NULL as the arguments are")]
pub fn jsonb_path_query_array<E: Operand<Jsonb>, P: Operand<Text>>(
    document: E,
    path: P,
) -> Expr<Propagate<E::Value, P::Value, Document>, (E::Reads, P::Reads)> {
    call("jsonb_path_query_array", vec![document.into_operand(), jsonpath(path)])
}

/// Pairs of a name and a value, as the entries of an object: `(("name", User::name), ("age", 7))`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of names and values",
    label = "give one to eight pairs, `(\"name\", value)`"
)]
pub trait JsonEntries {
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

macro_rules! entries {
    (@reads) => { () };
    (@reads ($key:ident $value:ident) $($rest:tt)*) => {
        (($key::Reads, $value::Reads), entries!(@reads $($rest)*))
    };
    ($($key:ident $value:ident $pair:ident),+) => {
        impl<$($key: Operand<Text>, $value: IntoExpression),+> JsonEntries for ($(($key, $value),)+) {
            type Reads = entries!(@reads $(($key $value))+);

            fn into_nodes(self) -> Vec<Node> {
                let ($($pair,)+) = self;
                let mut nodes = Vec::new();
                $(nodes.extend([$pair.0.into_operand(), $pair.1.into_expression()]);)+
                nodes
            }
        }
    };
}

entries!(A KA a);
entries!(A KA a, B KB b);
entries!(A KA a, B KB b, C KC c);
entries!(A KA a, B KB b, C KC c, D KD d);
entries!(A KA a, B KB b, C KC c, D KD d, E KE e);
entries!(A KA a, B KB b, C KC c, D KD d, E KE e, F KF f);
entries!(A KA a, B KB b, C KC c, D KD d, E KE e, F KF f, G KG g);
entries!(A KA a, B KB b, C KC c, D KD d, E KE e, F KF f, G KG g, H KH h);

/// `jsonb_build_object(name, value, ..)`: an object. NULL becomes `null`.
pub fn jsonb_build_object<L: JsonEntries>(entries: L) -> Expr<Document, NeverNull<L::Reads>> {
    call("jsonb_build_object", entries.into_nodes())
}

/// `jsonb_build_array(..)`: an array of values of any types. NULL becomes `null`.
pub fn jsonb_build_array<L: super::Values>(values: L) -> Expr<Document, NeverNull<L::Reads>> {
    call("jsonb_build_array", values.into_nodes())
}
