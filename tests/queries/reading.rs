//! What the terminal methods make of a limit of the query's own, and streams of rows.

use crate::fixture::people;
use auth::User;
use orm::ErrorKind;
use orm::prelude::*;

#[tokio::test]
async fn first_fetches_one_row_whatever_the_limit_of_the_query() {
    let (_database, db) = people().await;
    // A lock is taken of each row that is fetched: it tells how many those were.
    for limit in [1, 2, 20, u64::MAX] {
        let tx = db.begin().await.unwrap();
        let query = User::query().order_by(User::id.asc()).limit(limit).for_update();
        let first = query.first(&tx).await.unwrap().expect("a user");
        assert_eq!(first.id, "ada", "limit {limit}");
        let other = db.begin().await.unwrap();
        let free = "SELECT id, 1::bigint FROM \"user\" ORDER BY id FOR UPDATE SKIP LOCKED";
        let rows = other.rows(free, &[]).await.unwrap();
        let free: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(free, ["alan", "grace"], "limit {limit}");
        other.rollback().await.unwrap();
        tx.rollback().await.unwrap();
    }
    assert_eq!(User::query().limit(0).first(&db).await.unwrap(), None);
}

#[tokio::test]
async fn one_sees_the_second_row_whatever_the_limit_of_the_query() {
    let (_database, db) = people().await;
    for limit in [1, 2, 20] {
        let several = User::query().limit(limit).one(&db).await.unwrap_err();
        assert_eq!(several.kind(), ErrorKind::TooManyRows, "limit {limit}");
        assert_eq!(
            several.to_string(),
            r#"2 or more rows of table "user" match, where one is expected"#
        );
        let only = User::query().filter(User::id.eq("ada")).limit(limit).one(&db).await.unwrap();
        assert_eq!(only.id, "ada");
        // The offset counts: one row is left after two.
        let last = User::query().order_by(User::id.asc()).offset(2).limit(limit).one(&db).await;
        assert_eq!(last.unwrap().id, "grace");
    }
    let none = User::query().limit(0).one(&db).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
}
