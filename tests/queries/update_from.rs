//! Updates and deletes that read other tables.

use crate::fixture::people;
use auth::{Account, Session, User};
use orm::prelude::*;

#[tokio::test]
async fn an_update_is_set_from_another_table() {
    let (_database, db) = people().await;
    let update = Session::update()
        .from(User)
        .set(Session::user_agent.set(User::name))
        .filter(Session::user_id.eq(User::id).and(User::id.eq("ada")));
    assert_eq!(
        update.to_sql(),
        concat!(
            r#"UPDATE "session" SET "user_agent" = "user"."name", "updated_at" = now() FROM "user" "#,
            r#"WHERE "session"."user_id" = "user"."id" AND "user"."id" = $1"#,
        )
    );
    let mut rows = update.returning((Session::id, User::email)).all(&db).await.unwrap();
    rows.sort();
    let ada = |id: &str| (id.to_owned(), "ada@example.com".to_owned());
    assert_eq!(rows, [ada("s1"), ada("s2")]);
    let agents = Session::query().filter(Session::user_agent.eq("Ada Lovelace"));
    assert_eq!(agents.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn an_update_reads_several_sources_and_an_alias_of_its_own_table() {
    let (_database, db) = people().await;
    let other = orm::alias!(User, "other");
    let update = User::update()
        .from(other)
        .from(Account)
        .set((User::image.set(Account::account_id), User::name.set(other.name)))
        .filter(Account::user_id.eq(other.id).and(User::id.eq("grace")));
    assert!(
        update.to_sql().text.contains(r#"FROM "user" AS "other", "account" WHERE "#),
        "{}",
        update.to_sql()
    );
    let grace = update.returning_all().one(&db).await.unwrap();
    assert_eq!(
        (grace.name.as_str(), grace.image.as_deref()),
        ("Ada Lovelace", Some("ada@provider"))
    );
}

#[tokio::test]
async fn a_delete_reads_another_table() {
    let (_database, db) = people().await;
    let delete = Session::delete()
        .using(User)
        .filter(Session::user_id.eq(User::id).and(User::name.eq("Ada Lovelace")));
    assert_eq!(
        delete.to_sql(),
        concat!(
            r#"DELETE FROM "session" USING "user" "#,
            r#"WHERE "session"."user_id" = "user"."id" AND "user"."name" = $1"#,
        )
    );
    let mut gone = delete.returning((Session::id, User::id)).all(&db).await.unwrap();
    gone.sort();
    assert_eq!(gone, [("s1".to_owned(), "ada".to_owned()), ("s2".to_owned(), "ada".to_owned())]);
    assert_eq!(Session::query().count(&db).await.unwrap(), 1);
}
