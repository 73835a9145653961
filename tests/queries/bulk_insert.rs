//! Any number of rows in one statement.

use crate::custom;
use crate::fixture::empty;
use auth::{Session, User};
use chrono::TimeDelta;
use orm::prelude::*;
use orm::types::Json;
use orm::{ErrorKind, Insert};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bulk_row")]
struct Row {
    #[column(primary_key)]
    id: i64,
    name: String,
    score: Option<f64>,
    at: DateTime<Utc>,
}

fn rows(count: i64) -> impl Iterator<Item = Row> {
    (0..count).map(|id| Row {
        id,
        name: format!("row {id}"),
        score: (id % 3 != 0).then_some(id as f64 / 4.0),
        at: crate::fixture::noon() + TimeDelta::seconds(id),
    })
}

#[tokio::test]
async fn a_hundred_thousand_rows_go_in_one_statement() {
    let database = orm_test_support::database().await;
    database.create(&[Row::TABLE]).await;
    let db = database.db();
    let insert = Insert::values(rows(100_000));
    assert_eq!(insert.to_sql().params.len(), 4);
    assert_eq!(insert.execute(&db).await.unwrap(), 100_000);
    let read = Row::query().order_by(Row::id.asc()).all(&db).await.unwrap();
    assert!(rows(100_000).eq(read));
    let again = Insert::values(rows(5)).execute(&db).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::UniqueViolation);
}

#[tokio::test]
async fn builders_without_expressions_are_arrays_too() {
    let (_database, db) = empty().await;
    let user = |n: i32| {
        User::insert().id(format!("u{n}")).name("N").email(format!("{n}@x")).image(None::<String>)
    };
    let insert = Insert::values((0..20_000).map(user));
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email", "image") SELECT unnest($1), unnest($2), unnest($3), unnest($4)"#
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 20_000);
    // What the client makes is the same in each row.
    let session = |n: i32| {
        let session = Session::insert().id(format!("s{n}")).token(format!("{n}")).user_id("u1");
        session.expires_at(crate::fixture::noon())
    };
    let insert = Insert::values((0..200).map(session));
    assert!(
        insert
            .to_sql()
            .text
            .ends_with(r#"SELECT unnest($1), unnest($2), unnest($3), now(), unnest($4)"#)
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 200);
    // A default in some rows needs `VALUES`.
    let mixed = (0..200).map(|n| match n % 2 {
        0 => user(100_000 + n),
        _ => User::insert().id(format!("m{n}")).name("N").email(format!("m{n}@x")),
    });
    let insert = Insert::values(mixed);
    assert!(insert.to_sql().text.contains("DEFAULT"));
    assert_eq!(insert.execute(&db).await.unwrap(), 200);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bulk_kind")]
struct Kind {
    #[column(primary_key)]
    id: i64,
    mood: custom::Mood,
    maybe_mood: Option<custom::Mood>,
    email: custom::Email,
    address: custom::Address,
    maybe_address: Option<custom::Address>,
    settings: Json<Vec<i32>>,
    document: Option<serde_json::Value>,
    bytes: Vec<u8>,
}

#[tokio::test]
async fn enums_domains_composites_and_documents_go_by_arrays() {
    let (database, db) = custom::database().await;
    database.create(&[Kind::TABLE]).await;
    let rows: Vec<Kind> = [custom::full(), custom::empty()]
        .into_iter()
        .map(|person| Kind {
            id: person.id,
            mood: person.mood,
            maybe_mood: person.maybe_mood,
            email: person.email,
            address: person.address,
            maybe_address: person.maybe_address,
            settings: Json(vec![1, 2]),
            document: person.maybe_moods.map(|_| serde_json::json!({"a": [null, 1]})),
            bytes: vec![0, 255],
        })
        .collect();
    let insert = Insert::values(rows.clone());
    assert!(
        insert.to_sql().text.contains(r#"unnest(CAST($5 AS "public"."Address"[]))"#),
        "{}",
        insert.to_sql()
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 2);
    assert_eq!(Kind::query().order_by(Kind::id.asc()).all(&db).await.unwrap(), rows);
    let bad = Kind { id: 9, email: custom::email("nobody"), ..rows[0].clone() };
    let bad = Insert::values([bad.clone(), bad]).execute(&db).await.unwrap_err();
    assert_eq!(bad.kind(), ErrorKind::CheckViolation);
}

#[tokio::test]
async fn columns_of_array_types_keep_their_arrays() {
    let (_database, db) = custom::database().await;
    let rows = vec![custom::full(), custom::empty()];
    Insert::values(rows.clone()).execute(&db).await.unwrap();
    let read = custom::Person::query().order_by(custom::Person::id.asc()).all(&db).await.unwrap();
    assert_eq!(read, rows);
}
