//! Newtypes: what their values are, by every road.

use orm::prelude::*;
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Newtype, Debug, Clone)]
pub(crate) struct UserId(Uuid);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Count(i64);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Name(String);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Nickname(Name);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Price(orm::Numeric);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Document(serde_json::Value);

#[derive(Newtype, Debug, Clone)]
pub(crate) struct Tags(Vec<Option<String>>);

types! {
    of_uuid {
        rust: UserId,
        sql: "uuid",
        feature: "uuid",
        limits: "`#[derive(Newtype)] struct UserId(Uuid);`: any type of this page within a struct",
        edges: [(UserId(Uuid::nil()), "00000000-0000-0000-0000-000000000000")],
        random: any::<u128>().prop_map(|number| UserId(Uuid::from_u128(number))),
    }
    of_bigint {
        rust: Count,
        sql: "bigint",
        limits: "`struct Count(i64);`",
        edges: [(Count(i64::MIN), "-9223372036854775808")],
        random: any::<i64>().prop_map(Count),
    }
    of_text {
        rust: Name,
        sql: "text",
        limits: "`struct Name(String);`",
        edges: [(Name(String::new()), "")],
        random: "[^\\x00]{0,12}".prop_map(Name),
    }
    of_citext {
        rust: Nickname,
        sql: "citext",
        extension: "citext",
        limits: "`struct Nickname(Name);`, one within another",
        edges: [(Nickname(Name("Ada".to_owned())), "Ada")],
        random: "[^\\x00]{0,12}".prop_map(|text| Nickname(Name(text))),
    }
    of_numeric {
        rust: Price,
        sql: "numeric",
        limits: "`struct Price(Numeric);`",
        edges: [(Price("1.50".parse().expect("a number")), "1.50")],
        random: any::<i64>().prop_map(|number| Price(number.to_string().parse().expect("a number"))),
    }
    of_jsonb {
        rust: Document,
        sql: "jsonb",
        feature: "json",
        limits: "`struct Document(serde_json::Value);`",
        edges: [(Document(serde_json::Value::Null), "null")],
        random: any::<i64>().prop_map(|number| Document(number.into())),
    }
    of_an_array {
        rust: Tags,
        sql: "text[]",
        limits: "`struct Tags(Vec<Option<String>>);`, which is no element of an array",
        equality: none,
        arrays: none,
        edges: [(Tags(vec![Some("a b".to_owned()), None]), "{\"a b\",NULL}"), (Tags(vec![]), "{}")],
        random: prop::collection::vec(prop::option::of("[^\\x00]{0,4}"), 0..4).prop_map(Tags),
    }
}
