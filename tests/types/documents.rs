//! JSON: manual, section 8.14.

use orm::types::Json;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Documents of a few levels.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[^\\x00]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

types! {
    jsonb {
        rust: Value,
        sql: "jsonb",
        feature: "json",
        limits: "nested at most 127 deep",
        edges: [(json!({"b": [1, null], "a": "x"}), r#"{"a": "x", "b": [1, null]}"#), (Value::Null, "null")],
        random: document(),
    }
    json_ {
        rust: Value,
        sql: "json",
        feature: "json",
        limits: "nested at most 127 deep; `json` has no equality on the server, `jsonb` has",
        equality: none,
        edges: [(json!({"a": [1]}), r#"{"a":[1]}"#)],
        random: document(),
    }
    typed_json {
        rust: Json<Vec<u32>>,
        sql: "jsonb",
        feature: "json",
        limits: "what serde reads and writes",
        edges: [(Json(vec![1, 2]), "[1, 2]")],
        random: any::<Vec<u32>>().prop_map(Json),
    }
}
