//! Character and binary strings, identifiers: manual, sections 8.3, 8.4 and 8.12.

use bytes::Bytes;
use orm::types::{Bits, Char, Xml};
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
    character {
        rust: String,
        sql: "char(3)",
        limits: "shorter texts come back with spaces after them, longer ones are an error of the server",
        edges: [("abc".to_owned(), "abc")],
        random: "[a-z]{3}",
    }
    name {
        rust: String,
        sql: "name",
        limits: "63 bytes: longer ones are an error of the server",
        edges: [("pg_class".to_owned(), "pg_class")],
        random: "[a-zé]{1,30}",
    }
    citext {
        rust: String,
        sql: "citext",
        extension: "citext",
        edges: [("Ada@X.com".to_owned(), "Ada@X.com")],
        random: text(),
    }
    single_byte {
        rust: Char,
        sql: "\"char\"",
        limits: "one byte",
        edges: [(Char(b'r'), "r"), (Char(0), ""), (Char(b'~'), "~")],
        random: (0_u8..128).prop_map(Char),
    }
    xml {
        rust: Xml,
        sql: "xml",
        extension: "libxml",
        limits: "well-formed parts of documents; a declaration may be left out by the server",
        equality: none,
        edges: [(Xml::from("<a>b</a>"), "<a>b</a>"), (Xml::from("ä<!-- c -->"), "ä<!-- c -->")],
        random: "[a-z]{1,8}".prop_map(|text| Xml(format!("<a b=\"{text}\">ß</a>"))),
    }
    xml_as_string {
        rust: String,
        sql: "xml",
        extension: "libxml",
        limits: "as `Xml`, but a comparison is an error of the server",
        equality: none,
        edges: [("<a/>".to_owned(), "<a/>")],
        random: "[a-z]{1,8}".prop_map(|text| format!("<a>{text}</a>")),
    }
    bytea {
        rust: Vec<u8>,
        sql: "bytea",
        edges: [(vec![], "\\x"), (vec![0, 255, 92], "\\x00ff5c")],
        random: any::<Vec<u8>>(),
    }
    bytes_ {
        rust: Bytes,
        sql: "bytea",
        limits: "cloned without a copy",
        edges: [(Bytes::new(), "\\x"), (Bytes::from_static(&[0, 255]), "\\x00ff")],
        random: any::<Vec<u8>>().prop_map(Bytes::from),
    }
    four_bytes {
        rust: [u8; 4],
        sql: "bytea",
        limits: "any length, `[u8; N]`: another one is an error when it is read",
        edges: [([0, 255, 1, 2], "\\x00ff0102")],
        random: any::<[u8; 4]>(),
    }
    no_bytes {
        rust: [u8; 0],
        sql: "bytea",
        edges: [([], "\\x")],
        random: Just([]),
    }
    bit_varying {
        rust: Bits,
        sql: "bit varying",
        edges: [(Bits::default(), ""), ("000000001".parse().unwrap(), "000000001")],
        random: "[01]{0,40}".prop_map(|text| text.parse::<Bits>().unwrap()),
    }
    bit {
        rust: Bits,
        sql: "bit(9)",
        limits: "another number of bits is an error of the server",
        edges: [("000000001".parse().unwrap(), "000000001")],
        random: "[01]{9}".prop_map(|text| text.parse::<Bits>().unwrap()),
    }
    uuid_ {
        rust: uuid::Uuid,
        sql: "uuid",
        feature: "uuid",
        edges: [(uuid::Uuid::nil(), "00000000-0000-0000-0000-000000000000")],
        random: any::<u128>().prop_map(uuid::Uuid::from_u128),
    }
}
