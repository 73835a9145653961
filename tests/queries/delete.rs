//! Delete: filters, cascades, returning.

use crate::fixture::people;
use auth::{Account, Member, Session, User};
use orm::prelude::*;

#[tokio::test]
async fn a_delete_takes_with_it_what_cascades() {
    let (_database, db) = people().await;
    let delete = User::delete().filter(User::id.eq("ada"));
    assert_eq!(delete.to_sql(), r#"DELETE FROM "user" WHERE "user"."id" = $1"#);
    assert_eq!(delete.execute(&db).await.unwrap(), 1);
    assert_eq!(Session::query().count(&db).await.unwrap(), 1);
    assert_eq!(Account::query().count(&db).await.unwrap(), 0);
    assert_eq!(Member::query().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn deleted_rows_can_be_had() {
    let (_database, db) = people().await;
    let gone = Session::delete()
        .filter(Session::user_id.eq("ada"))
        .returning_all()
        .all(&db)
        .await
        .unwrap();
    assert_eq!(gone.len(), 2);
    assert!(!Session::query().filter(Session::user_id.eq("ada")).exists(&db).await.unwrap());
}

#[tokio::test]
async fn every_row_goes_only_when_that_is_said() {
    let (_database, db) = people().await;
    assert_eq!(Session::delete().all_rows().execute(&db).await.unwrap(), 3);
}
