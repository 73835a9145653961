//! Character and binary strings, identifiers: manual, sections 8.3, 8.4 and 8.12.

use proptest::prelude::*;

/// What a text of PostgreSQL can hold: all but the character zero.
fn text() -> impl Strategy<Value = String> {
    "[^\\x00]{0,12}"
}

types! {
    text_ {
        rust: String,
        sql: "text",
        limits: "every text without the character zero, which PostgreSQL refuses",
        edges: [(String::new(), ""), ("\u{1f600} '\"\\ \n,{}NULL".to_owned(), "\u{1f600} '\"\\ \n,{}NULL")],
        random: text(),
    }
    varchar {
        rust: String,
        sql: "varchar(12)",
        limits: "longer texts are an error of the server; nothing is cut",
        edges: [("a".to_owned(), "a")],
        random: text(),
    }
    bytea {
        rust: Vec<u8>,
        sql: "bytea",
        edges: [(vec![], "\\x"), (vec![0, 255, 92], "\\x00ff5c")],
        random: any::<Vec<u8>>(),
    }
    uuid_ {
        rust: uuid::Uuid,
        sql: "uuid",
        feature: "uuid",
        edges: [(uuid::Uuid::nil(), "00000000-0000-0000-0000-000000000000")],
        random: any::<u128>().prop_map(uuid::Uuid::from_u128),
    }
}
