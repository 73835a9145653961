//! `DECLARE CURSOR`: rows by the portion, with other statements in between.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;

#[tokio::test]
async fn rows_are_fetched_by_the_portion_while_others_change() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    let query = User::query().filter(User::id.ne("nobody")).order_by(User::id.asc());
    let mut users = query.for_update().cursor(&tx).await.unwrap();
    let mut seen = Vec::new();
    loop {
        let portion = users.fetch(2).await.unwrap();
        if portion.is_empty() {
            break;
        }
        for user in portion {
            let update =
                User::update().set(User::name.set("renamed")).filter(User::id.eq(&user.id));
            assert_eq!(update.execute(&tx).await.unwrap(), 1);
            seen.push((user.id, user.name));
        }
    }
    // The rows are those of the moment at which it was opened.
    let ids: Vec<&str> = seen.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["ada", "alan", "grace"]);
    assert!(seen.iter().all(|(_, name)| name != "renamed"));
    tx.commit().await.unwrap();
    assert_eq!(User::query().filter(User::name.eq("renamed")).count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn two_cursors_are_open_at_once_and_each_can_be_closed() {
    let (_database, db) = people().await;
    let tx = db.begin().await.unwrap();
    let by_id = || Session::query().order_by(Session::id.asc());
    let mut ids = by_id().select(Session::id).cursor(&tx).await.unwrap();
    let mut loaded = by_id().with(Session::user).cursor(&tx).await.unwrap();
    assert_eq!(ids.skip(1).await.unwrap(), 1);
    assert_eq!(ids.fetch(1).await.unwrap(), ["s2"]);
    assert_eq!(loaded.fetch(1).await.unwrap()[0].user.id, "ada");
    ids.close().await.unwrap();
    assert_eq!(loaded.fetch(9).await.unwrap().len(), 2);
    assert!(loaded.fetch(9).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_query_that_the_server_refuses_is_an_error_when_it_is_opened() {
    let (_database, db) = people().await;
    db.batch_execute(r#"DROP TABLE "session""#).await.unwrap();
    let tx = db.begin().await.unwrap();
    let error = Session::query().cursor(&tx).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("42P01"));
}
