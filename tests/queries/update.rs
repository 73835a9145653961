//! Update: assignments, client values, expressions, returning.

use crate::fixture::people;
use auth::{Session, User};
use orm::ErrorKind;
use orm::prelude::*;

#[tokio::test]
async fn an_update_changes_the_rows_its_filter_keeps() {
    let (_database, db) = people().await;
    let before = User::query().filter(User::id.eq("ada")).one(&db).await.unwrap();
    let update = User::update().set(User::name.set("Ada King")).filter(User::id.eq("ada"));
    assert_eq!(
        update.to_sql(),
        r#"UPDATE "user" SET "name" = $1, "updated_at" = now() WHERE "user"."id" = $2"#
    );
    assert_eq!(update.execute(&db).await.unwrap(), 1);
    let after = User::query().filter(User::id.eq("ada")).one(&db).await.unwrap();
    assert_eq!(after.name, "Ada King");
    assert!(after.updated_at > before.updated_at);
    let other = User::query().filter(User::id.eq("grace")).one(&db).await.unwrap();
    assert_eq!(other.name, "Grace Hopper");
}

#[tokio::test]
async fn several_columns_are_set_at_once_and_some_only_perhaps() {
    let (_database, db) = people().await;
    let image: Option<&str> = None;
    let user = User::update()
        .set((User::name.set("A"), User::email_verified.set(true)))
        .set(image.map(|image| User::image.set(image)))
        .filter(User::id.eq("ada"))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!((user.name.as_str(), user.email_verified, user.image), ("A", true, None));
}

#[tokio::test]
async fn a_nullable_column_is_set_to_null() {
    let (_database, db) = people().await;
    let set = |image: Option<&'static str>| {
        User::update().set(User::image.set(image)).filter(User::id.eq("ada")).returning_all()
    };
    assert_eq!(set(Some("x")).one(&db).await.unwrap().image.as_deref(), Some("x"));
    assert_eq!(set(None).one(&db).await.unwrap().image, None);
}

#[tokio::test]
async fn a_column_is_set_from_another_or_to_its_default() {
    let (_database, db) = people().await;
    let user = User::update()
        .set((User::name.set(User::email), User::email_verified.set_default()))
        .filter(User::id.eq("ada"))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!((user.name.as_str(), user.email_verified), ("ada@example.com", false));
}

#[tokio::test]
async fn every_row_is_changed_only_when_that_is_said() {
    let (_database, db) = people().await;
    let update = Session::update().set(Session::user_agent.set("curl")).all_rows();
    assert_eq!(update.execute(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn an_update_that_sets_nothing_is_refused() {
    let (_database, db) = people().await;
    let nothing = User::update().filter(User::id.eq("ada")).execute(&db).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Query);
    assert_eq!(nothing.to_string(), r#"the update of table "user" sets no column"#);
}
