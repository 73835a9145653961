//! Insert: defaults, nulls, client values, returning, several rows, and what goes wrong.

use crate::fixture::{empty, hours, noon, people};
use auth::{Session, User};
use orm::prelude::*;
use orm::{ErrorKind, Insert};

#[tokio::test]
async fn columns_left_out_get_their_default() {
    let (_database, db) = empty().await;
    let insert = User::insert().id("u").name("N").email("e");
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email") VALUES ($1, $2, $3)"#
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 1);
    let user = User::query().one(&db).await.unwrap();
    assert_eq!((user.email_verified, user.image), (false, None));
    assert!((Utc::now() - user.created_at).num_minutes().abs() < 60);
}

#[tokio::test]
async fn columns_may_be_set_in_any_order_and_again() {
    let (_database, db) = empty().await;
    let user = User::insert()
        .email("first")
        .image(Some("i.png"))
        .id("u")
        .email_verified(true)
        .name("N")
        .email("second")
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!((user.email.as_str(), user.email_verified), ("second", true));
    assert_eq!(user.image.as_deref(), Some("i.png"));
}

#[tokio::test]
async fn an_option_is_null_or_its_value() {
    let (_database, db) = empty().await;
    let user = User::insert().id("a").name("N").email("a").image(None::<String>);
    assert_eq!(user.returning_all().one(&db).await.unwrap().image, None);
    let user = User::insert().id("b").name("N").email("b").image(Some("b.png".to_owned()));
    assert_eq!(user.returning_all().one(&db).await.unwrap().image.as_deref(), Some("b.png"));
}

#[tokio::test]
async fn on_update_fills_a_column_without_default() {
    let (_database, db) = people().await;
    let insert = Session::insert().id("s").token("t").user_id("ada").expires_at(noon());
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "session" ("id", "expires_at", "token", "updated_at", "user_id") VALUES ($1, $2, $3, now(), $4)"#
    );
    insert.execute(&db).await.unwrap();
    let given = Session::insert()
        .id("x")
        .token("y")
        .user_id("ada")
        .expires_at(noon())
        .updated_at(hours(-5));
    assert_eq!(given.returning_all().one(&db).await.unwrap().updated_at, hours(-5));
}

#[tokio::test]
async fn several_rows_go_in_one_statement_and_may_set_different_columns() {
    let (_database, db) = empty().await;
    let rows = [
        User::insert().id("a").name("A").email("a"),
        User::insert().id("b").name("B").email("b").image("b.png"),
    ];
    let insert = Insert::values(rows);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email", "image") VALUES ($1, $2, $3, DEFAULT), ($4, $5, $6, $7)"#
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 2);
    assert_eq!(User::query().filter(User::image.is_null()).one(&db).await.unwrap().id, "a");
}

#[tokio::test]
async fn returning_may_choose_columns() {
    let (_database, db) = empty().await;
    let insert = User::insert()
        .id("u")
        .name("N")
        .email("e")
        .build()
        .returning((User::id, User::email_verified));
    assert_eq!(insert.one(&db).await.unwrap(), ("u".to_owned(), false));
}

#[tokio::test]
async fn a_taken_value_names_the_constraint() {
    let (_database, db) = people().await;
    let again =
        User::insert().id("x").name("X").email("ada@example.com").execute(&db).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::UniqueViolation);
    assert_eq!((again.table(), again.constraint()), (Some("user"), Some("user_email_key")));
    assert!(again.to_string().contains("user_email_key"), "{again}");
}

#[tokio::test]
async fn a_missing_parent_names_the_foreign_key() {
    let (_database, db) = people().await;
    let lost = Session::insert().id("x").token("x").user_id("nobody").expires_at(noon());
    let error = lost.execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(error.constraint(), Some("session_user_id_fkey"));
}
