//! Count and exists: of the rows that the query would give.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;

#[tokio::test]
async fn count_counts_what_the_query_would_give() {
    let (_database, db) = people().await;
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
    assert_eq!(User::query().limit(2).count(&db).await.unwrap(), 2);
    assert_eq!(User::query().offset(2).count(&db).await.unwrap(), 1);
    assert_eq!(User::query().with(User::sessions).limit(2).count(&db).await.unwrap(), 2);
    let joined = User::query().inner_join(Session, Session::user_id.eq(User::id));
    assert_eq!(joined.clone().count(&db).await.unwrap(), 3);
    assert_eq!(joined.limit(2).count(&db).await.unwrap(), 2);
    let distinct = Session::query().distinct().select(Session::user_id);
    assert_eq!(distinct.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn exists_asks_for_no_column() {
    let (_database, db) = people().await;
    assert!(User::query().filter(User::id.eq("ada")).exists(&db).await.unwrap());
    assert!(!User::query().filter(User::id.eq("nobody")).exists(&db).await.unwrap());
}

#[tokio::test]
async fn count_and_exists_drop_no_clause() {
    let (_database, db) = people().await;
    // Two users own the three sessions.
    let owners = |offset: u64| Session::query().distinct().offset(offset).select(Session::user_id);
    assert_eq!(owners(2).count(&db).await.unwrap(), 0);
    assert!(owners(1).exists(&db).await.unwrap());
    assert!(!owners(2).exists(&db).await.unwrap());
    assert_eq!(User::query().filter(orm::exists(owners(2))).count(&db).await.unwrap(), 0);
    let sorted = User::query().order_by(orm::position(1).asc()).select(User::id);
    assert!(sorted.clone().exists(&db).await.unwrap());
    assert_eq!(sorted.count(&db).await.unwrap(), 3);
    let relations = User::query().with(User::sessions).distinct().offset(3);
    assert!(!relations.exists(&db).await.unwrap());

    let work = db.begin().await.unwrap();
    let locked = User::query().filter(User::id.ne("ada")).for_update();
    assert_eq!(locked.count(&work).await.unwrap(), 2);
    let free = User::query().lock(orm::for_update().skip_locked()).select(User::id);
    assert_eq!(free.all(&db).await.unwrap(), ["ada"]);
    work.rollback().await.unwrap();
}
