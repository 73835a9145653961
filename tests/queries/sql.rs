//! `.to_sql()`: the text and the values of any query, without a database.

use auth::User;
use orm::prelude::*;

#[test]
fn the_values_stand_under_the_text_as_comments() {
    let query =
        User::query().filter(User::email.eq("o'hara@example.com")).limit(5).select(User::id);
    assert_eq!(
        query.to_sql().to_string(),
        "SELECT \"user\".\"id\" FROM \"user\" WHERE \"user\".\"email\" = $1 LIMIT $2\n\
         -- $1 = \"o'hara@example.com\" :: text\n\
         -- $2 = 5 :: int8"
    );
}

#[derive(Table, Debug)]
#[table(name = "node", schema = "graph", has_many(children: Node))]
pub(crate) struct Node {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Node::id)]
    pub parent_id: Option<i64>,
}

#[test]
fn a_relation_is_a_correlated_array_of_records() {
    let query = Node::query().with(Node::parent).with(Node::children.limit(3));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "node"."id", "node"."parent_id", (SELECT ROW("node_1"."id", "node_1"."parent_id") FROM "graph"."node" AS "node_1" WHERE "node_1"."id" = "node"."parent_id"), ARRAY(SELECT ROW("node_1"."id", "node_1"."parent_id") FROM "graph"."node" AS "node_1" WHERE "node_1"."parent_id" = "node"."id" LIMIT $1) FROM "graph"."node""#
    );
}
