//! Updates out of structs: patches, changed rows, many rows with different values.

use crate::custom;
use crate::fixture::people;
use auth::{Team, User};
use orm::prelude::*;
use orm::{ErrorKind, Maybe, Update, excluded};
use serde::Deserialize;

#[derive(Patch, Deserialize, Clone)]
#[patch(table = User)]
struct UserPatch {
    name: Option<String>,
    image: Maybe<Option<String>>,
    #[given(column = email_verified)]
    #[serde(default)]
    verified: Maybe<bool>,
}

#[derive(Patch, Clone)]
#[patch(table = auth::Team, keyed)]
struct TeamPatch<'a> {
    id: &'a str,
    name: Maybe<&'a str>,
    member_count: Option<i32>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "given", primary_key(place, number))]
struct Seat {
    place: String,
    number: i32,
    #[column(identity)]
    serial: i64,
    holder: Option<String>,
    #[column(generated = "number * 2")]
    double: i32,
}

fn read(json: &str) -> UserPatch {
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn absent_null_and_a_value_are_three_things() {
    let (_database, db) = people().await;
    User::update()
        .set(User::image.set("a.png"))
        .filter(User::id.eq("ada"))
        .execute(&db)
        .await
        .unwrap();
    let update = |json| User::update().set(read(json)).filter(User::id.eq("ada"));
    let absent = update(r#"{"name": "Countess"}"#);
    assert_eq!(
        absent.to_sql(),
        r#"UPDATE "user" SET "name" = $1, "updated_at" = now() WHERE "user"."id" = $2"#
    );
    let ada = absent.returning_all().one(&db).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.image.as_deref()), ("Countess", Some("a.png")));
    let ada =
        update(r#"{"image": "b.png", "verified": true}"#).returning_all().one(&db).await.unwrap();
    assert_eq!((ada.image.as_deref(), ada.email_verified), (Some("b.png"), true));
    let null = update(r#"{"image": null}"#);
    assert_eq!(
        null.to_sql(),
        r#"UPDATE "user" SET "image" = $1, "updated_at" = now() WHERE "user"."id" = $2"#
    );
    assert_eq!(null.returning_all().one(&db).await.unwrap().image, None);
    let nothing = update("{}").execute(&db).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Query);
    assert!(serde_json::from_str::<UserPatch>(r#"{"image": 1}"#).is_err());
    assert!(serde_json::from_str::<UserPatch>(r#"{"image": }"#).is_err());
}

#[tokio::test]
async fn a_patch_stands_where_assignments_do() {
    let (_database, db) = people().await;
    let upsert = User::insert()
        .id("ada")
        .name("A")
        .email("a")
        .on_conflict(User::id)
        .do_update((read(r#"{"image": "x.png"}"#), User::name.set(excluded(User::name))));
    let ada = upsert.returning_all().one(&db).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.image.as_deref()), ("A", Some("x.png")));
}

#[tokio::test]
async fn a_changed_row_is_saved() {
    let (_database, db) = people().await;
    let mut ada = User::query().filter(User::id.eq("ada")).one(&db).await.unwrap();
    ada.name = "Countess".to_owned();
    let save = Update::row(ada.clone());
    assert_eq!(
        save.to_sql(),
        r#"UPDATE "user" SET "name" = $1, "email" = $2, "email_verified" = $3, "image" = $4, "created_at" = $5, "updated_at" = $6 WHERE "user"."id" = $7"#
    );
    assert_eq!(save.returning_all().one(&db).await.unwrap(), ada);
    assert_eq!(User::query().filter(User::name.eq("Countess")).count(&db).await.unwrap(), 1);
    let nobody = Update::row(User { id: "nobody".into(), ..ada });
    assert_eq!(nobody.execute(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn many_rows_get_their_own_values_in_one_statement() {
    let (database, db) = people().await;
    let mut teams = Team::query().order_by(Team::id.asc()).all(&db).await.unwrap();
    for (index, team) in teams.iter_mut().enumerate() {
        team.name = format!("Team {index}");
        team.updated_at = None;
    }
    let update = Update::rows(teams.clone());
    assert_eq!(
        update.to_sql(),
        concat!(
            r#"UPDATE "team" SET "name" = "given"."column2", "member_count" = "given"."column3", "#,
            r#""organization_id" = "given"."column4", "created_at" = "given"."column5", "updated_at" = "given"."column6" "#,
            r#"FROM (SELECT unnest($1) AS "column1", unnest($2) AS "column2", unnest($3) AS "column3", "#,
            r#"unnest($4) AS "column4", unnest($5) AS "column5", unnest($6) AS "column6") AS "given" "#,
            r#"WHERE "team"."id" = "given"."column1""#,
        )
    );
    assert_eq!(update.execute(&db).await.unwrap(), 2);
    assert_eq!(Team::query().order_by(Team::id.asc()).all(&db).await.unwrap(), teams);
    let none = Update::rows(Vec::<Team>::new());
    assert_eq!(none.clone().execute(&db).await.unwrap(), 0);
    assert_eq!(none.clone().returning_all().all(&db).await.unwrap(), []);
    database.execute(&none.returning_all().to_sql().text).await;
}

#[tokio::test]
async fn what_is_absent_in_one_of_many_stays_as_it_is() {
    let (_database, db) = people().await;
    let patches = [
        TeamPatch { id: "t1", name: Maybe::Absent, member_count: Some(5) },
        TeamPatch { id: "t2", name: Maybe::Value("New"), member_count: Some(6) },
    ];
    let update = Update::rows(patches.clone());
    assert_eq!(
        update.to_sql(),
        concat!(
            r#"UPDATE "team" SET "name" = CASE WHEN "given"."column3" THEN "given"."column2" ELSE "team"."name" END, "#,
            r#""member_count" = "given"."column4", "updated_at" = now() "#,
            r#"FROM (SELECT unnest($1) AS "column1", unnest($2) AS "column2", unnest($3) AS "column3", unnest($4) AS "column4") AS "given" "#,
            r#"WHERE "team"."id" = "given"."column1""#,
        )
    );
    let mut rows =
        update.returning((Team::id, Team::name, Team::member_count)).all(&db).await.unwrap();
    rows.sort();
    assert_eq!(rows, [("t1".into(), "Research".into(), 5), ("t2".into(), "New".into(), 6)]);
    let [one, _] = patches;
    let one = Update::row(one);
    assert_eq!(
        one.to_sql(),
        r#"UPDATE "team" SET "member_count" = $1, "updated_at" = now() WHERE "team"."id" = $2"#
    );
    assert_eq!(one.execute(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_key_may_be_of_several_columns_and_a_table_be_called_given() {
    let database = orm_test_support::database().await;
    database.create(&[Seat::TABLE]).await;
    let db = database.db();
    for number in 1..=3 {
        Seat::insert().place("a").number(number).execute(&db).await.unwrap();
    }
    let mut seats = Seat::query().order_by(Seat::number.asc()).all(&db).await.unwrap();
    seats.remove(0);
    for seat in &mut seats {
        seat.holder = Some(format!("holder of {}", seat.number));
    }
    let update = Update::rows(seats.clone());
    assert!(update.to_sql().text.ends_with(
        r#"AS "given_rows" WHERE "given"."place" = "given_rows"."column1" AND "given"."number" = "given_rows"."column2""#
    ));
    assert_eq!(update.execute(&db).await.unwrap(), 2);
    assert_eq!(
        Seat::query()
            .filter(Seat::number.gt(1))
            .order_by(Seat::number.asc())
            .all(&db)
            .await
            .unwrap(),
        seats
    );
    assert_eq!(Seat::query().filter(Seat::holder.is_null()).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn rows_with_arrays_and_declared_types_are_changed_too() {
    let (_database, db) = custom::database().await;
    custom::insert(custom::full()).execute(&db).await.unwrap();
    custom::insert(custom::empty()).execute(&db).await.unwrap();
    let (one, other) = (custom::full(), custom::empty());
    let swapped = [custom::Person { id: other.id, ..one }, custom::Person { id: 1, ..other }];
    let update = Update::rows(swapped.clone());
    assert!(update.to_sql().text.contains("FROM (VALUES ("), "{}", update.to_sql());
    assert_eq!(update.execute(&db).await.unwrap(), 2);
    let read = custom::Person::query().order_by(custom::Person::id.desc()).all(&db).await.unwrap();
    assert_eq!(read, swapped);
}
