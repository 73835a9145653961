//! `ON CONFLICT`.

use crate::fixture::people;
use auth::User;
use orm::prelude::*;

#[tokio::test]
async fn do_nothing_leaves_the_row_that_exists() {
    let (_database, db) = people().await;
    let insert = User::insert()
        .id("x")
        .name("X")
        .email("ada@example.com")
        .on_conflict(User::email)
        .do_nothing();
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email") VALUES ($1, $2, $3) ON CONFLICT ("email") DO NOTHING"#
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 0);
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn do_update_changes_it_and_moves_updated_at() {
    let (_database, db) = people().await;
    let before = User::query().filter(User::id.eq("ada")).one(&db).await.unwrap();
    let insert = User::insert()
        .id("ada")
        .name("Countess")
        .email("other@example.com")
        .on_conflict(User::id)
        .do_update((User::name.set_excluded(), User::image.set("c.png")));
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email") VALUES ($1, $2, $3) ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "image" = $4, "updated_at" = now()"#
    );
    let after = insert.returning_all().one(&db).await.unwrap();
    assert_eq!((after.name.as_str(), after.email.as_str()), ("Countess", "ada@example.com"));
    assert!(after.updated_at > before.updated_at);
}
