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
        query.loading(orm::Loading::Correlated).to_sql(),
        r#"SELECT "node"."id", "node"."parent_id", (SELECT ROW("node_1"."id", "node_1"."parent_id") FROM "graph"."node" AS "node_1" WHERE "node_1"."id" = "node"."parent_id"), ARRAY(SELECT ROW("node_1"."id", "node_1"."parent_id") FROM "graph"."node" AS "node_1" WHERE "node_1"."parent_id" = "node"."id" LIMIT $1) FROM "graph"."node""#
    );
}

#[tokio::test]
async fn a_table_that_references_itself_gives_parent_and_children() {
    let database = orm_test_support::database().await;
    database.create(&[Node::TABLE]).await;
    let db = database.db();
    for (id, parent) in [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(2))] {
        Node::insert().id(id).parent_id(parent).execute(&db).await.unwrap();
    }
    let node = Node::query()
        .filter(Node::id.eq(2_i64))
        .with(Node::parent)
        .with(Node::children.order_by(Node::id.asc()))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(node.parent.as_ref().map(|parent| parent.id), Some(1));
    assert_eq!(
        node.children.iter().map(|child| (child.id, child.parent_id)).collect::<Vec<_>>(),
        [(4, Some(2))]
    );
    let root = Node::query().filter(Node::id.eq(1_i64)).with(Node::parent).one(&db).await.unwrap();
    assert!(root.parent.is_none());
}
