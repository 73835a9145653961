//! `ON CONFLICT`.

use crate::fixture::people;
use auth::User;
use orm::prelude::*;
use orm::{ErrorKind, Insert, excluded, func};

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

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "upsert_login",
    unique("login_name_tenant", name, tenant),
    unique_index("login_mail", sql("lower(mail)")),
    unique_index("login_badge", badge, where = "is_active")
)]
struct Login {
    #[column(primary_key, identity = by_default)]
    id: i64,
    name: String,
    tenant: i32,
    mail: String,
    badge: i32,
    is_active: bool,
    #[column(default = 1)]
    count: i32,
}

async fn logins() -> (orm_test_support::TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Login::TABLE]).await;
    let db = database.db();
    login("ada", 1, "Ada@x", 7).execute(&db).await.unwrap();
    (database, db)
}

fn login(name: &str, tenant: i32, mail: &str, badge: i32) -> Insert<Login> {
    Login::insert().name(name).tenant(tenant).mail(mail).badge(badge).is_active(true).build()
}

#[tokio::test]
async fn any_conflict_may_do_nothing() {
    let (_database, db) = logins().await;
    let insert = login("ada", 1, "other", 8).on_conflict_do_nothing();
    assert!(insert.to_sql().text.ends_with(" ON CONFLICT DO NOTHING"));
    assert_eq!(insert.execute(&db).await.unwrap(), 0);
    let built = User::insert().id("a").name("A").email("a").build().on_conflict_do_nothing();
    assert!(built.to_sql().text.ends_with(" ON CONFLICT DO NOTHING"));
}

#[tokio::test]
async fn a_conflict_is_told_by_several_columns_or_a_constraint() {
    let (_database, db) = logins().await;
    let more = Login::count.set(excluded(Login::badge));
    let update = login("ada", 1, "other", 8)
        .on_conflict((Login::name, Login::tenant))
        .do_update(more.clone());
    assert!(
        update.to_sql().text.ends_with(
            r#"ON CONFLICT ("name", "tenant") DO UPDATE SET "count" = excluded."badge""#
        )
    );
    assert_eq!(update.returning(Login::count).one(&db).await.unwrap(), 8);
    let named = login("ada", 1, "other", 8).on_conflict(orm::constraint("login_name_tenant"));
    let named = named.do_update(more);
    assert!(
        named.to_sql().text.contains(r#"ON CONFLICT ON CONSTRAINT "login_name_tenant" DO UPDATE"#)
    );
    assert_eq!(named.returning(Login::count).one(&db).await.unwrap(), 8);
    let hostile =
        login("x", 1, "x", 9).on_conflict(orm::constraint("a\" DO NOTHING; --")).do_nothing();
    assert_eq!(hostile.execute(&db).await.unwrap_err().kind(), ErrorKind::Database);
}

#[tokio::test]
async fn a_conflict_is_told_by_an_expression_or_a_partial_index() {
    let (_database, db) = logins().await;
    let insert = login("b", 1, "aDA@X", 8).on_conflict(func::lower(Login::mail)).do_nothing();
    assert!(insert.to_sql().text.ends_with(r#"ON CONFLICT (lower("mail")) DO NOTHING"#));
    assert_eq!(insert.execute(&db).await.unwrap(), 0);
    let insert = login("b", 1, "b", 7).on_conflict(Login::badge).filter(Login::is_active);
    let insert = insert.do_update(Login::name.set(excluded(Login::name)));
    assert!(insert.to_sql().text.ends_with(
        r#"ON CONFLICT ("badge") WHERE "is_active" DO UPDATE SET "name" = excluded."name""#
    ));
    assert_eq!(
        insert.returning((Login::name, Login::mail)).one(&db).await.unwrap(),
        ("b".to_owned(), "Ada@x".to_owned())
    );
}

#[tokio::test]
async fn an_update_may_read_both_rows_and_have_a_condition() {
    let (_database, db) = logins().await;
    let upsert = |badge| {
        login("ada", 1, "new", badge)
            .on_conflict((Login::name, Login::tenant))
            .do_update((Login::count.set(Login::badge), Login::mail.set_excluded()))
            .filter(excluded(Login::badge).gt(Login::badge))
    };
    assert!(upsert(1).to_sql().text.ends_with(
        r#"DO UPDATE SET "count" = "upsert_login"."badge", "mail" = excluded."mail" WHERE excluded."badge" > "upsert_login"."badge""#
    ));
    assert_eq!(upsert(1).execute(&db).await.unwrap(), 0);
    assert_eq!(
        upsert(8).returning((Login::count, Login::mail)).one(&db).await.unwrap(),
        (7, "new".to_owned())
    );
}

#[tokio::test]
async fn every_inserted_column_may_be_updated() {
    let (_database, db) = logins().await;
    let all = || login("ada", 1, "new", 8);
    let upsert = all().on_conflict((Login::name, Login::tenant)).do_update_all();
    assert!(upsert.to_sql().text.ends_with(
        r#"DO UPDATE SET "mail" = excluded."mail", "badge" = excluded."badge", "is_active" = excluded."is_active""#
    ));
    assert_eq!(upsert.returning(Login::mail).one(&db).await.unwrap(), "new");
    let named = all().on_conflict(orm::constraint("login_name_tenant")).do_update_all();
    assert!(named.to_sql().text.contains(r#"DO UPDATE SET "mail" = excluded"#));
    let key = all().on_conflict(orm::constraint("upsert_login_pkey")).do_update_all();
    assert!(key.to_sql().text.contains(r#"DO UPDATE SET "name" = excluded"#));
    // The rows of structs too, any number of them.
    let rows: Vec<Login> = Login::query().all(&db).await.unwrap();
    let more = rows.iter().map(|row| Login { id: row.id, badge: 99, ..row.clone() });
    let upsert = Insert::values(more).on_conflict(Login::id).do_update_all();
    assert_eq!(
        upsert.returning((Login::id, Login::badge)).one(&db).await.unwrap(),
        (rows[0].id, 99)
    );
    // A table of which nothing but the key is inserted has nothing to update.
    let nothing = Login::insert().name("x").tenant(1).mail("x").badge(0).is_active(false).build();
    let nothing = nothing.on_conflict((
        Login::name,
        Login::tenant,
        Login::mail,
        Login::badge,
        Login::is_active,
    ));
    assert_eq!(nothing.do_update_all().execute(&db).await.unwrap_err().kind(), ErrorKind::Query);
}
