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

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bulk_tagged")]
struct Tagged {
    #[column(primary_key)]
    id: i64,
    tags: Vec<String>,
    scores: Option<Vec<f64>>,
    name: Option<String>,
}

fn tagged(id: i64) -> Tagged {
    Tagged {
        id,
        tags: (0..id % 4).map(|tag| format!("tag {tag} of {id}, \"quoted\"")).collect(),
        scores: (id % 5 != 0).then(|| (0..id % 3).map(|score| score as f64 / 2.0).collect()),
        name: (id % 2 == 0).then(|| format!("name {id}")),
    }
}

#[tokio::test]
async fn rows_with_arrays_go_in_one_statement_whatever_their_number() {
    let database = orm_test_support::database().await;
    database.create(&[Tagged::TABLE]).await;
    let db = database.db();
    let insert = Insert::values((0..20_000).map(tagged));
    assert_eq!(
        insert.to_sql(),
        concat!(
            r#"INSERT INTO "bulk_tagged" ("id", "tags", "scores", "name") "#,
            r#"SELECT "rows"."column1", "#,
            r#"CASE WHEN "rows"."column2" THEN coalesce("arrays2"."value", '{}') END, "#,
            r#"CASE WHEN "rows"."column3" THEN coalesce("arrays3"."value", '{}') END, "#,
            r#""rows"."column4" "#,
            r#"FROM (SELECT unnest($1) AS "column1", unnest($2) AS "column2", "#,
            r#"unnest($3) AS "column3", unnest($4) AS "column4", "#,
            r#"generate_series(1, $5) AS "row") AS "rows" "#,
            r#"LEFT JOIN (SELECT "row", array_agg("element" ORDER BY "place") AS "value" "#,
            r#"FROM (SELECT unnest($6) AS "element", unnest($7) AS "row", "#,
            r#"generate_series(1, cardinality($7)) AS "place") AS "elements" GROUP BY "row") "#,
            r#"AS "arrays2" ON "arrays2"."row" = "rows"."row" "#,
            r#"LEFT JOIN (SELECT "row", array_agg("element" ORDER BY "place") AS "value" "#,
            r#"FROM (SELECT unnest($8) AS "element", unnest($9) AS "row", "#,
            r#"generate_series(1, cardinality($9)) AS "place") AS "elements" GROUP BY "row") "#,
            r#"AS "arrays3" ON "arrays3"."row" = "rows"."row" "#,
            r#"ORDER BY "rows"."row""#
        )
    );
    let ids = insert.returning(Tagged::id).all(&db).await.unwrap();
    assert!((0..20_000).eq(ids), "in the order of the rows");
    let read = Tagged::query().order_by(Tagged::id.asc()).all(&db).await.unwrap();
    assert!((0..20_000).map(tagged).eq(read));
    let builder = |id: i64| {
        let row = tagged(id);
        Tagged::insert().id(id).tags(row.tags).scores(row.scores).name(row.name)
    };
    let insert = Insert::values((20_000..40_000).map(builder));
    assert_eq!(insert.to_sql().params.len(), 9);
    assert_eq!(insert.execute(&db).await.unwrap(), 20_000);
    let read = Tagged::query().order_by(Tagged::id.asc()).all(&db).await.unwrap();
    assert!((0..40_000).map(tagged).eq(read));
    // Only empty arrays and NULL.
    let bare = |id: i64| Tagged { tags: Vec::new(), scores: None, ..tagged(id) };
    let insert = Insert::values((40_000..60_000).map(bare));
    assert_eq!(insert.execute(&db).await.unwrap(), 20_000);
    let last = Tagged::query().filter(Tagged::id.ge(40_000)).order_by(Tagged::id.asc());
    assert!((40_000..60_000).map(bare).eq(last.all(&db).await.unwrap()));
}

#[tokio::test]
async fn arrays_of_enums_domains_and_composites_go_in_one_statement() {
    let (_database, db) = custom::database().await;
    let person = |id: i64| custom::Person {
        id,
        ..if id % 2 == 0 { custom::full() } else { custom::empty() }
    };
    let insert = Insert::values((1..=10_000).map(person));
    assert!(insert.to_sql().text.contains("array_agg"));
    assert_eq!(insert.execute(&db).await.unwrap(), 10_000);
    let read = custom::Person::query().order_by(custom::Person::id.asc()).all(&db).await.unwrap();
    assert!((1..=10_000).map(person).eq(read));
}
