//! Full-text search: manual, section 8.11.

use orm::types::{TsQuery, TsVector};
use proptest::prelude::*;

types! {
    tsvector {
        rust: TsVector,
        sql: "tsvector",
        limits: "words and their places as they are; 255 places of a word, up to 16,383",
        edges: [(TsVector::default(), ""), ("cat fat:2,4A rat:16383".parse().unwrap(), "'cat' 'fat':2,4A 'rat':16383"), (r"'it''s a \\\\'".parse().unwrap(), r"'it''s a \\\\'")],
        random: "([a-zß]{1,3}(:[1-9][A-D],[1-9][0-9]{2})? ){0,5}".prop_map(|text| text.parse::<TsVector>().unwrap()),
    }
    tsquery {
        rust: TsQuery,
        sql: "tsquery",
        limits: "words and operators as they are",
        edges: [("fat & (rat | !ca:*) | a <-> (b <2> c)".parse().unwrap(), "'fat' & ( 'rat' | !'ca':* ) | 'a' <-> ( 'b' <2> 'c' )"), (TsQuery::default(), "")],
        random: "[a-z]{1,3}(:A)?( (&|\\||<->|<3>|& !!) [a-zé]{1,3}(:\\*BD)?){0,4}".prop_map(|text| text.parse::<TsQuery>().unwrap()),
    }
}
