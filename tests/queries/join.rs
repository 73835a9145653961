//! Inner and left joins, aliases.

use crate::fixture::{noon, people};
use auth::{Session, User};
use orm::prelude::*;

#[tokio::test]
async fn an_inner_join_gives_both_rows() {
    let (_database, db) = people().await;
    let query = Session::query()
        .inner_join(User, Session::user_id.eq(User::id))
        .filter(Session::expires_at.gt(noon()))
        .order_by(Session::id.asc());
    let sql = query.to_sql().text;
    assert!(
        sql.ends_with(
            r#" FROM "session" INNER JOIN "user" ON "session"."user_id" = "user"."id" WHERE "session"."expires_at" > $1 ORDER BY "session"."id""#
        ),
        "{sql}"
    );
    let rows: Vec<(Session, User)> = query.all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(s, u)| (s.id.as_str(), u.name.as_str())).collect();
    assert_eq!(found, [("s1", "Ada Lovelace"), ("s3", "Grace Hopper")]);
}

#[tokio::test]
async fn a_left_join_keeps_rows_without_a_match() {
    let (_database, db) = people().await;
    let rows: Vec<(User, Option<Session>)> = User::query()
        .left_join(Session, Session::user_id.eq(User::id).and(Session::expires_at.gt(noon())))
        .order_by(User::id.asc())
        .all(&db)
        .await
        .unwrap();
    let found: Vec<_> =
        rows.iter().map(|(u, s)| (u.id.as_str(), s.as_ref().map(|s| s.id.as_str()))).collect();
    assert_eq!(found, [("ada", Some("s1")), ("alan", None), ("grace", Some("s3"))]);
}

#[tokio::test]
async fn a_column_of_a_left_joined_table_is_an_option() {
    let (_database, db) = people().await;
    let rows: Vec<(String, Option<String>)> = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.ne("ada"))
        .order_by(User::id.asc())
        .select((User::id, Session::id))
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows, [("alan".into(), None), ("grace".into(), Some("s3".into()))]);
}

#[tokio::test]
async fn a_filter_may_name_a_left_joined_table() {
    let (_database, db) = people().await;
    let without: Vec<(User, Option<Session>)> = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(Session::id.is_null())
        .all(&db)
        .await
        .unwrap();
    assert_eq!(without.len(), 1);
    assert_eq!(without[0].0.id, "alan");
}

orm::alias!(pub(crate) Other = Session);

#[tokio::test]
async fn a_table_is_read_twice_through_an_alias() {
    let (_database, db) = people().await;
    let query = Session::query()
        .inner_join(Other, Session::user_id.eq(Other.user_id))
        .filter(Session::expires_at.lt(Other.expires_at));
    let sql = query.to_sql().text;
    assert!(
        sql.contains(
            r#"INNER JOIN "session" AS "Other" ON "session"."user_id" = "Other"."user_id""#
        ),
        "{sql}"
    );
    let rows: Vec<(Session, Session)> = query.all(&db).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].0.id.as_str(), rows[0].1.id.as_str()), ("s2", "s1"));
}

#[tokio::test]
async fn three_tables_are_joined() {
    use auth::Account;
    let (_database, db) = people().await;
    let rows: Vec<(User, Session, Option<Account>)> = User::query()
        .inner_join(Session, Session::user_id.eq(User::id))
        .left_join(Account, Account::user_id.eq(User::id))
        .order_by(Session::id.asc())
        .all(&db)
        .await
        .unwrap();
    let accounts: Vec<_> = rows.iter().map(|(_, _, account)| account.is_some()).collect();
    assert_eq!(accounts, [true, true, false]);
}

#[tokio::test]
async fn a_relation_says_how_to_join() {
    let (_database, db) = people().await;
    let rows: Vec<(Session, User)> = Session::query()
        .join(Session::user)
        .filter(User::name.like("Grace%"))
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].0.id.as_str(), rows[0].1.id.as_str()), ("s3", "grace"));
    let users = User::query().join(User::sessions).filter(Session::expires_at.gt(noon()));
    assert_eq!(users.count(&db).await.unwrap(), 2);
}
