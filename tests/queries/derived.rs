//! Derived tables, lateral joins, `VALUES` and set-returning functions.

use crate::fixture::people;
use auth::{Session, User};
use orm::func;
use orm::prelude::*;

#[derive(FromRow, Debug, PartialEq, Clone)]
struct Devices {
    user_id: String,
    devices: i64,
}

fn devices() -> orm::Query<(orm::scope::Required<Session>,), Devices, orm::Selected<impl Sized>> {
    Session::query()
        .group_by(Session::user_id)
        .select(DevicesSelect { user_id: Session::user_id, devices: func::count_star() })
}

#[tokio::test]
async fn a_query_is_read_as_a_table() {
    let (_database, db) = people().await;
    let query = orm::from(devices()).filter(Devices::devices.gt(1));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "devices"."user_id", "devices"."devices" FROM (SELECT "session"."user_id", count(*) AS "devices" "#,
            r#"FROM "session" GROUP BY "session"."user_id") AS "devices" ("user_id", "devices") "#,
            r#"WHERE "devices"."devices" > $1"#
        )
    );
    let rows: Vec<Devices> = query.all(&db).await.unwrap();
    assert_eq!(rows, [Devices { user_id: "ada".to_owned(), devices: 2 }]);
}

#[tokio::test]
async fn a_query_is_joined_and_its_row_may_be_missing() {
    let (_database, db) = people().await;
    let query = User::query()
        .left_join(devices(), Devices::user_id.eq(User::id))
        .order_by((Devices::devices.desc().nulls_last(), User::id.asc()));
    let rows: Vec<(User, Option<Devices>)> = query.clone().all(&db).await.unwrap();
    let found: Vec<_> =
        rows.iter().map(|(u, d)| (u.id.as_str(), d.as_ref().map(|d| d.devices))).collect();
    assert_eq!(found, [("ada", Some(2)), ("grace", Some(1)), ("alan", None)]);
    let rows: Vec<(String, Option<i64>)> =
        query.select((User::id, Devices::devices)).all(&db).await.unwrap();
    assert_eq!(rows[2], ("alan".to_owned(), None));
}

#[tokio::test]
async fn a_query_is_read_twice_under_an_alias() {
    let (_database, db) = people().await;
    let other = orm::alias!(Devices, "other");
    let query = orm::from(devices())
        .inner_join(devices().alias(other), other.devices.gt(Devices::devices))
        .select((Devices::user_id, other.user_id, other));
    let rows: Vec<(String, String, Devices)> = query.all(&db).await.unwrap();
    let ada = Devices { user_id: "ada".to_owned(), devices: 2 };
    assert_eq!(rows, [("grace".to_owned(), "ada".to_owned(), ada)]);
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Session)]
struct Newest {
    id: String,
    user_id: String,
}

#[tokio::test]
async fn a_lateral_query_reads_the_row_before_it() {
    let (_database, db) = people().await;
    let newest = || {
        Session::query()
            .correlate(User)
            .filter(Session::user_id.eq(User::id))
            .order_by(Session::id.desc())
            .limit(1)
            .select(orm::pick::<Newest>())
    };
    let query =
        User::query().left_join_lateral(newest(), Newest::id.ne("s3")).order_by(User::id.asc());
    let sql = query.to_sql().text;
    assert!(
        sql.contains(concat!(
            r#"FROM "user" LEFT JOIN LATERAL (SELECT "session"."id", "session"."user_id" FROM "session" "#,
            r#"WHERE "session"."user_id" = "user"."id" ORDER BY "session"."id" DESC LIMIT $1) AS "newest" "#,
            r#"("id", "user_id") ON "newest"."id" <> $2"#
        )),
        "{sql}"
    );
    let rows: Vec<(User, Option<Newest>)> = query.all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(_, n)| n.as_ref().map(|n| n.id.as_str())).collect();
    assert_eq!(found, [Some("s2"), None, None]);
    let rows: Vec<(String, String)> = User::query()
        .cross_join_lateral(newest())
        .order_by(User::id.asc())
        .select((User::id, Newest::id))
        .all(&db)
        .await
        .unwrap();
    assert_eq!(rows, [("ada".into(), "s2".into()), ("grace".into(), "s3".into())]);
    let joined = User::query().inner_join_lateral(newest(), User::name.like("G%"));
    assert_eq!(joined.count(&db).await.unwrap(), 1);
}

#[derive(FromRow, Debug, PartialEq, Clone)]
struct Wanted {
    id: String,
    rank: Option<i32>,
}

#[tokio::test]
async fn values_are_a_source() {
    let (_database, db) = people().await;
    let wanted =
        [("grace", Some(1)), ("ada", None)].map(|(id, rank)| Wanted { id: id.to_owned(), rank });
    let query = User::query()
        .inner_join(orm::values(wanted), Wanted::id.eq(User::id))
        .order_by(Wanted::rank.asc())
        .select((User::name, Wanted::rank));
    let sql = query.to_sql().text;
    assert!(sql.contains(r#"(VALUES ($1, $2), ($3, $4)) AS "wanted" ("id", "rank")"#), "{sql}");
    let rows: Vec<(String, Option<i32>)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("Grace Hopper".to_owned(), Some(1)), ("Ada Lovelace".to_owned(), None)]);
    let none = orm::from(orm::values(Vec::<Wanted>::new()));
    assert_eq!(none.all(&db).await.unwrap(), []);
}

#[derive(FromRow, Debug, PartialEq)]
struct Number {
    value: i32,
}

#[derive(FromRow, Debug, PartialEq)]
struct Numbered {
    word: String,
    number: i64,
}

#[tokio::test]
async fn functions_that_give_rows_are_sources() {
    let (_database, db) = people().await;
    let even = orm::from(func::generate_series_step(2, 10, 4).rows::<Number>());
    let rows: Vec<i32> = even.select(Number::value).all(&db).await.unwrap();
    assert_eq!(rows, [2, 6, 10]);
    let words = func::unnest(vec!["b".to_owned(), "a".to_owned()]).with_ordinality();
    let query = orm::from(words.rows::<Numbered>()).order_by(Numbered::word.asc());
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "numbered"."word", "numbered"."number" FROM unnest($1) WITH ORDINALITY "#,
            r#"AS "numbered" ("word", "number") ORDER BY "numbered"."word""#
        )
    );
    let rows: Vec<Numbered> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], Numbered { word: "a".to_owned(), number: 2 });
}

#[derive(FromRow, Debug, PartialEq)]
struct Word {
    word: String,
}

#[tokio::test]
async fn a_function_reads_the_row_before_it() {
    let (_database, db) = people().await;
    let query = User::query()
        .cross_join_lateral(func::string_to_table(User::name, " ").rows::<Word>())
        .filter(User::id.eq("ada"))
        .order_by(Word::word.asc())
        .select(Word::word);
    let rows: Vec<String> = query.all(&db).await.unwrap();
    assert_eq!(rows, ["Ada", "Lovelace"]);
}
