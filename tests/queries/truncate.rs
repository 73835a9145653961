//! `TRUNCATE`, and `REFRESH MATERIALIZED VIEW`.

use crate::fixture::people;
use crate::view::Highest;
use auth::{Account, Member, Session, User};
use orm::ErrorKind;
use orm::prelude::*;

#[derive(Table, Debug)]
#[table(name = "truncate_log", schema = "public")]
struct Log {
    #[column(primary_key, identity)]
    id: i64,
    line: String,
}

#[tokio::test]
async fn tables_are_emptied_and_their_sequences_start_again() {
    let database = orm_test_support::database().await;
    database.create(&[Log::TABLE]).await;
    let db = database.db();
    let write = || Log::insert().line("x").returning(Log::id);
    assert_eq!(write().one(&db).await.unwrap(), 1);
    let empty = orm::truncate(Log);
    assert_eq!(empty.to_sql(), r#"TRUNCATE TABLE "truncate_log""#);
    empty.execute(&db).await.unwrap();
    assert_eq!(write().one(&db).await.unwrap(), 2);
    orm::truncate((Log,)).restart_identity().execute(&db).await.unwrap();
    assert_eq!(write().one(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_table_that_is_referenced_is_emptied_with_those_that_reference_it() {
    let (_database, db) = people().await;
    let error = orm::truncate(User).execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
    assert_eq!(Session::query().count(&db).await.unwrap(), 3);
    let sessions = orm::truncate((Session, Account));
    assert_eq!(sessions.to_sql(), r#"TRUNCATE TABLE "session", "account""#);
    sessions.execute(&db).await.unwrap();
    assert_eq!(Session::query().count(&db).await.unwrap(), 0);
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
    let all = orm::truncate(User).cascade();
    assert_eq!(all.to_sql(), r#"TRUNCATE TABLE "user" CASCADE"#);
    all.execute(&db).await.unwrap();
    assert_eq!(Member::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_materialized_view_is_refreshed() {
    let (_database, db) = crate::view::shop().await;
    let highest = || Highest::query().select(Highest::price).one(&db);
    let refresh = orm::refresh(Highest);
    assert_eq!(refresh.to_sql(), r#"REFRESH MATERIALIZED VIEW "highest""#);
    refresh.execute(&db).await.unwrap();
    assert_eq!(highest().await.unwrap(), Some(7));
    let more = crate::view::Purchase::insert().customer_id(1).price(70);
    more.execute(&db).await.unwrap();
    assert_eq!(highest().await.unwrap(), Some(7));
    let refresh = orm::refresh(Highest).concurrently();
    assert_eq!(refresh.to_sql(), r#"REFRESH MATERIALIZED VIEW CONCURRENTLY "highest""#);
    refresh.execute(&db).await.unwrap();
    assert_eq!(highest().await.unwrap(), Some(70));
    let without = orm::refresh(Highest).with_no_data();
    assert_eq!(without.to_sql(), r#"REFRESH MATERIALIZED VIEW "highest" WITH NO DATA"#);
    without.execute(&db).await.unwrap();
    assert!(highest().await.is_err());
}
