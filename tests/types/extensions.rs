//! Types of the extensions that PostgreSQL comes with, and of one that it does not. Where the server has not got an extension, its
//! test says that it is skipped.

use crate::ip4r::Ip4r;
use orm::types::{Hstore, Lquery, Ltree, Ltxtquery};
use proptest::prelude::*;

fn hstore() -> impl Strategy<Value = Hstore> {
    let text = || "[^\0]{0,6}";
    proptest::collection::btree_map(text(), proptest::option::of(text()), 0..5)
        .prop_map(Hstore::from)
}

fn ltree() -> impl Strategy<Value = Ltree> {
    proptest::collection::vec("[a-zA-Z0-9_]{1,6}", 0..5)
        .prop_map(|labels| Ltree::of(labels).unwrap())
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Z]{0,12}"
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

types! {
    hstore_ {
        rust: Hstore,
        sql: "hstore",
        extension: "hstore",
        limits: "extension hstore; keys and values have no character zero",
        edges: [
            (Hstore::new(), ""),
            (Hstore::from([("bb", Some("1")), ("a", None), ("\"\\ =>,", Some(""))]), r#""a"=>NULL, "bb"=>"1", "\"\\ =>,"=>"""#),
        ],
        random: hstore(),
    }
    ltree_ {
        rust: Ltree,
        sql: "ltree",
        extension: "ltree",
        limits: "extension ltree; which letters a label may have is a matter of the database's locale",
        edges: [(Ltree::default(), ""), (parsed("Top.Science.Astronomy"), "Top.Science.Astronomy")],
        random: ltree(),
    }
    ltree_as_text {
        rust: String,
        sql: "ltree",
        extension: "ltree",
        limits: "extension ltree",
        edges: [("Top.Science".to_owned(), "Top.Science")],
        random: ltree().prop_map(Ltree::into_string),
    }
    lquery_ {
        rust: Lquery,
        sql: "lquery",
        extension: "ltree",
        limits: "extension ltree; the server has one order of the signs `%@*`, in which it is read",
        equality: none,
        edges: [(parsed("Top.*{2,5}.!a|b%@*"), "Top.*{2,5}.!a|b%@*"), (parsed("*"), "*"), (parsed("a{1,}"), "a{1,}")],
        random: ltree().prop_map(|path| parsed(&format!("*.{}", path.labels().next().unwrap_or("a@*")))),
    }
    ltxtquery_ {
        rust: Ltxtquery,
        sql: "ltxtquery",
        extension: "ltree",
        limits: "extension ltree; the server has its own spaces and parentheses, with which it is read",
        equality: none,
        edges: [(parsed("a & ( b | !c* )"), "a & ( b | !c* )"), (parsed("a%@*"), "a%@*")],
        random: ltree().prop_map(|path| parsed(path.labels().next().unwrap_or("a"))),
    }
    citext_ {
        rust: String,
        sql: "citext",
        extension: "citext",
        limits: "extension citext; compared whatever the case",
        edges: [("Ada".to_owned(), "Ada"), (String::new(), "")],
        random: word(),
    }
    ip4r_ {
        rust: Ip4r,
        sql: "ip4r",
        extension: "ip4r",
        limits: "extension ip4r: of no crate, an example of `CustomType` in tests/types/ip4r.rs",
        edges: [
            (Ip4r::new([10, 0, 0, 1], [10, 0, 0, 7]), "10.0.0.1-10.0.0.7"),
            (Ip4r::new([10, 0, 0, 0], [10, 255, 255, 255]), "10.0.0.0/8"),
        ],
        random: (any::<[u8; 4]>(), any::<[u8; 4]>()).prop_map(|(one, other)| Ip4r::new(one.min(other), one.max(other))),
    }
}
