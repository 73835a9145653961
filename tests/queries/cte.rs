//! Common table expressions: plain, recursive, of statements that change rows.

use crate::fixture::{noon, people};
use auth::{Session, User};
use orm::func;
use orm::prelude::*;
use orm_test_support::TestDatabase;

#[derive(FromRow, Debug, PartialEq, Clone)]
struct Devices {
    user_id: String,
    devices: i64,
}

fn devices() -> orm::CteOf<Devices> {
    Session::query()
        .group_by(Session::user_id)
        .select(DevicesSelect { user_id: Session::user_id, devices: func::count_star() })
        .cte()
}

#[tokio::test]
async fn an_expression_is_named_once_however_often_it_is_read() {
    let (_database, db) = people().await;
    let devices = devices();
    let other = orm::alias!(Devices, "other");
    let query = orm::from(&devices)
        .inner_join(devices.alias(other), other.devices.gt(Devices::devices))
        .select((Devices::user_id, other.user_id));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"WITH "devices" ("user_id", "devices") AS (SELECT "session"."user_id", count(*) AS "devices" "#,
            r#"FROM "session" GROUP BY "session"."user_id") SELECT "devices"."user_id", "other"."user_id" "#,
            r#"FROM "devices" INNER JOIN "devices" AS "other" ON "other"."devices" > "devices"."devices""#
        )
    );
    let rows: Vec<(String, String)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("grace".to_owned(), "ada".to_owned())]);
}

#[tokio::test]
async fn it_says_whether_it_is_materialized() {
    let (_database, db) = people().await;
    for (cte, keyword) in [
        (devices().materialized(), " AS MATERIALIZED ("),
        (devices().not_materialized(), " AS NOT MATERIALIZED ("),
    ] {
        let query = orm::from(cte);
        assert!(query.to_sql().text.contains(keyword));
        assert_eq!(query.clone().count(&db).await.unwrap(), 2);
        assert!(query.exists(&db).await.unwrap());
    }
}

#[tokio::test]
async fn two_of_one_struct_and_one_of_the_name_of_a_table_are_told_apart() {
    let (_database, db) = people().await;
    let other = orm::alias!(Devices, "other");
    let query =
        orm::from(devices()).inner_join(devices().alias(other), other.user_id.eq(Devices::user_id));
    let sql = query.to_sql().text;
    assert!(sql.contains(r#", "devices_1" ("user_id", "devices") AS ("#), "{sql}");
    assert!(sql.contains(r#"INNER JOIN "devices_1" AS "other""#), "{sql}");
    assert_eq!(query.count(&db).await.unwrap(), 2);

    #[derive(FromRow)]
    #[from_row(name = "user")]
    struct One {
        id: String,
    }
    let one = User::query().filter(User::id.eq("ada")).select(OneSelect { id: User::id }).cte();
    let other = orm::alias!(One, "one");
    let query =
        User::query().left_join(one.alias(other), other.id.eq(User::id)).order_by(User::id.asc());
    let sql = query.to_sql().text;
    assert!(sql.contains(r#"FROM "public"."user" LEFT JOIN "user" AS "one""#), "{sql}");
    let rows = query.select((User::id, other.id)).all(&db).await.unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1], ("alan".to_owned(), None));
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Session)]
struct Ended {
    id: String,
    user_id: String,
}

#[tokio::test]
async fn a_statement_that_changes_rows_is_read() {
    let (_database, db) = people().await;
    let ended = Session::delete()
        .filter(Session::expires_at.lt(noon()))
        .returning(EndedSelect { id: Session::id, user_id: Session::user_id })
        .cte();
    let query = orm::from(ended)
        .inner_join(User, User::id.eq(Ended::user_id))
        .select((Ended::id, User::name));
    let sql = query.to_sql().text;
    assert!(
        sql.starts_with(r#"WITH "ended" ("id", "user_id") AS (DELETE FROM "session" WHERE "session"."expires_at" < $1 RETURNING"#),
        "{sql}"
    );
    let rows: Vec<(String, String)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("s2".to_owned(), "Ada Lovelace".to_owned())]);
    assert_eq!(Session::query().count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn a_statement_that_nothing_reads_runs_too() {
    let (_database, db) = people().await;
    let end = Session::delete().filter(Session::user_id.eq("ada")).returning(Session::id);
    let query = User::query().with_cte(end).filter(User::id.eq("ada")).select(User::email);
    assert!(query.to_sql().text.starts_with(r#"WITH "changed" AS (DELETE FROM "session""#));
    assert_eq!(query.one(&db).await.unwrap(), "ada@example.com");
    assert_eq!(Session::query().count(&db).await.unwrap(), 1);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "cte_part")]
struct Part {
    #[column(primary_key)]
    id: i32,
    whole: Option<i32>,
}

#[derive(FromRow, Debug, Clone, PartialEq)]
#[from_row(name = "tree")]
struct Tree {
    id: i32,
    depth: i32,
}

/// 1 has 2 and 5, 2 has 3 and 4.
async fn parts() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Part::TABLE]).await;
    let db = database.db();
    for (id, whole) in [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, Some(1))] {
        Part::insert().id(id).whole(whole).execute(&db).await.unwrap();
    }
    (database, db)
}

fn tree() -> orm::CteOf<Tree> {
    orm::recursive(|tree| {
        let first = Part::query()
            .filter(Part::id.eq(1))
            .select(TreeSelect { id: Part::id, depth: Part::id.cast::<i32>() });
        let next = Part::query()
            .inner_join(tree, Part::whole.eq(Tree::id))
            .select(TreeSelect { id: Part::id, depth: Tree::depth });
        first.union_all(next)
    })
}

#[tokio::test]
async fn a_recursive_query_reads_itself() {
    let (_database, db) = parts().await;
    let query = orm::from(tree()).order_by(Tree::id.asc()).select(Tree::id);
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"WITH RECURSIVE "tree" ("id", "depth") AS (SELECT "cte_part"."id", CAST("cte_part"."id" AS integer) AS "depth" "#,
            r#"FROM "cte_part" WHERE "cte_part"."id" = $1 UNION ALL SELECT "cte_part"."id", "tree"."depth" FROM "cte_part" "#,
            r#"INNER JOIN "tree" ON "cte_part"."whole" = "tree"."id") SELECT "tree"."id" FROM "tree" ORDER BY "tree"."id""#
        )
    );
    assert_eq!(query.all(&db).await.unwrap(), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_recursive_query_is_sorted_by_depth_or_breadth() {
    let (_database, db) = parts().await;
    let deep = tree().search_depth_first(Tree::id);
    let query = orm::from(&deep).order_by(deep.search_order()).select(Tree::id);
    assert!(
        query.to_sql().text.contains(r#") SEARCH DEPTH FIRST BY "id" SET "search_order" SELECT"#)
    );
    assert_eq!(query.all(&db).await.unwrap(), [1, 2, 3, 4, 5]);
    let broad = tree().search_breadth_first(Tree::id);
    let query = orm::from(&broad).order_by(broad.search_order()).select(Tree::id);
    assert_eq!(query.all(&db).await.unwrap(), [1, 2, 5, 3, 4]);
}

#[tokio::test]
async fn a_circle_is_found_and_ended() {
    let (_database, db) = parts().await;
    Part::update().set(Part::whole.set(3)).filter(Part::id.eq(1)).execute(&db).await.unwrap();
    let tree = tree().cycle(Tree::id);
    let query = orm::from(&tree).filter(tree.is_cycle()).select(Tree::id);
    assert!(
        query.to_sql().text.contains(r#") CYCLE "id" SET "is_cycle" USING "cycle_path" SELECT"#)
    );
    assert_eq!(query.all(&db).await.unwrap(), [1]);
}
