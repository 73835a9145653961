//! Set-returning functions, which are read as sources: manual, section 9.26, and those of arrays, JSON and text.

use crate::query::derived::SetFunction;
use crate::query::node::{Call, Node, Param};
use crate::query::operand::Operand;
use crate::types::{ArrayElement, Value};

/// A number of which `generate_series` makes a series.
pub trait Steps: Value {}
impl Steps for i32 {}
impl Steps for i64 {}
impl Steps for crate::types::Numeric {}

/// `generate_series(start, stop)`: the numbers from the one to the other, both included.
pub fn generate_series<V: Steps>(start: V, stop: V) -> SetFunction<(V,)> {
    let nodes = [start, stop].map(|value| Node::Param(Param::of(value)));
    SetFunction::new(Call::new("generate_series", nodes.into()))
}

/// `generate_series(start, stop, step)`: every `step`th number. A step of zero is an error of the server.
pub fn generate_series_step<V: Steps>(start: V, stop: V, step: V) -> SetFunction<(V,)> {
    let nodes = [start, stop, step].map(|value| Node::Param(Param::of(value)));
    SetFunction::new(Call::new("generate_series", nodes.into()))
}

/// `unnest(array)`: an array as rows: a value, or a column in a lateral join.
pub fn unnest<E, V>(array: E) -> SetFunction<(V,), E::Reads>
where
    E: Operand<<Vec<V> as Value>::Sql>,
    V: ArrayElement,
    Vec<V>: Value,
{
    SetFunction::new(Call::new("unnest", vec![array.into_operand()]))
}

/// `jsonb_array_elements(array)`: a JSON array as rows.
#[cfg(feature = "json")]
pub fn jsonb_array_elements<E: Operand<crate::types::Jsonb>>(
    array: E,
) -> SetFunction<(serde_json::Value,), E::Reads> {
    SetFunction::new(Call::new("jsonb_array_elements", vec![array.into_operand()]))
}

/// `jsonb_array_elements_text(array)`: a JSON array as rows of text; `null` is NULL.
#[cfg(feature = "json")]
pub fn jsonb_array_elements_text<E: Operand<crate::types::Jsonb>>(
    array: E,
) -> SetFunction<(Option<String>,), E::Reads> {
    SetFunction::new(Call::new("jsonb_array_elements_text", vec![array.into_operand()]))
}

/// `jsonb_object_keys(object)`: the keys of a JSON object as rows.
#[cfg(feature = "json")]
pub fn jsonb_object_keys<E: Operand<crate::types::Jsonb>>(
    object: E,
) -> SetFunction<(String,), E::Reads> {
    SetFunction::new(Call::new("jsonb_object_keys", vec![object.into_operand()]))
}

/// `jsonb_each(object)`: the keys and values of a JSON object as rows.
#[cfg(feature = "json")]
pub fn jsonb_each<E: Operand<crate::types::Jsonb>>(
    object: E,
) -> SetFunction<(String, serde_json::Value), E::Reads> {
    SetFunction::new(Call::new("jsonb_each", vec![object.into_operand()]))
}

/// `string_to_table(text, separator)`: the parts of a text as rows.
pub fn string_to_table<E, D>(text: E, separator: D) -> SetFunction<(String,), (E::Reads, D::Reads)>
where
    E: Operand<crate::types::Text>,
    D: Operand<crate::types::Text>,
{
    SetFunction::new(Call::new(
        "string_to_table",
        vec![text.into_operand(), separator.into_operand()],
    ))
}
