//! Inserts of the rows of a query.

use crate::fixture::people;
use auth::{Session, User, Verification};
use orm::Insert;
use orm::prelude::*;

#[derive(Table, Debug, PartialEq)]
#[table(name = "copied")]
struct Copied {
    #[column(primary_key, identity)]
    id: i64,
    name: Option<String>,
    #[column(default = "copy")]
    kind: String,
    #[column(on_update = now())]
    at: DateTime<Utc>,
}

#[tokio::test]
async fn rows_of_a_query_are_inserted() {
    let (_database, db) = people().await;
    let insert = Insert::into(Verification)
        .columns((
            Verification::id,
            Verification::identifier,
            Verification::value,
            Verification::expires_at,
        ))
        .select(
            Session::query()
                .inner_join(User, Session::user_id.eq(User::id))
                .filter(User::id.eq("ada"))
                .select((Session::id, User::email, Session::token, Session::expires_at)),
        );
    assert_eq!(
        insert.to_sql(),
        concat!(
            r#"INSERT INTO "verification" ("id", "identifier", "value", "expires_at") "#,
            r#"SELECT "session"."id", "user"."email", "session"."token", "session"."expires_at" FROM "session" "#,
            r#"INNER JOIN "user" ON "session"."user_id" = "user"."id" WHERE "user"."id" = $1"#,
        )
    );
    let again = insert.clone().on_conflict(Verification::id).do_nothing();
    assert_eq!(insert.execute(&db).await.unwrap(), 2);
    assert_eq!(again.execute(&db).await.unwrap(), 0);
    assert_eq!(Verification::query().count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn one_column_is_inserted_and_what_the_client_makes_is_added() {
    let (_database, db) = people().await;
    let insert =
        Insert::into(Copied).columns(Copied::name).select(User::query().select(User::name));
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "copied" ("name", "at") SELECT "user"."name", now() FROM "user""#
    );
    let kinds = insert.returning(Copied::kind).all(&db).await.unwrap();
    assert_eq!(kinds, ["copy", "copy", "copy"]);
    // The rows of the table itself, under the same keys as they have.
    let copies = Copied::query().select((Copied::id, Copied::name));
    let copy = Insert::into(Copied)
        .overriding_system_value()
        .columns((Copied::id, Copied::name))
        .select(copies)
        .on_conflict(Copied::id)
        .do_update_all();
    assert_eq!(
        copy.to_sql(),
        concat!(
            r#"INSERT INTO "copied" ("id", "name", "at") OVERRIDING SYSTEM VALUE "#,
            r#"SELECT "copied"."id", "copied"."name", now() FROM "copied" "#,
            r#"ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "at" = excluded."at""#,
        )
    );
    assert_eq!(copy.execute(&db).await.unwrap(), 3);
}
