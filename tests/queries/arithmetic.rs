//! `+ - * / %` on columns, expressions and values; dates, times and intervals.

use crate::fixture::{hours, noon, people};
use auth::{Session, Team, User};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use orm::func;
use orm::prelude::*;

/// Numbers of every type, some NULL.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "numbers")]
pub(crate) struct Numbers {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) small: i16,
    pub(crate) int: i32,
    pub(crate) maybe: Option<i32>,
    pub(crate) single: f32,
    pub(crate) double: f64,
    pub(crate) day: NaiveDate,
    pub(crate) time: NaiveTime,
    pub(crate) local: NaiveDateTime,
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day")
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).expect("a time")
}

async fn numbers() -> (orm_test_support::TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Numbers::TABLE]).await;
    let db = database.db();
    Numbers::insert()
        .id(7)
        .small(3)
        .int(20)
        .single(1.5)
        .double(2.5)
        .day(day())
        .time(time(12))
        .local(day().and_time(time(12)))
        .execute(&db)
        .await
        .unwrap();
    (database, db)
}

#[tokio::test]
async fn the_operators_of_rust_are_those_of_sql() {
    let (_database, db) = numbers().await;
    let query = Numbers::query().select((
        Numbers::int + 1,
        Numbers::int - Numbers::small,
        Numbers::int * 2,
        Numbers::int / 3,
        Numbers::int % 3,
        -Numbers::int,
        (Numbers::int + 1) * (Numbers::small - 1),
    ));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "numbers"."int" + $1, "numbers"."int" - "numbers"."small", "numbers"."int" * $2, "numbers"."int" / $3, "numbers"."int" % $4, - "numbers"."int", ("numbers"."int" + $5) * ("numbers"."small" - $6) FROM "numbers""#
    );
    let row: (i32, i32, i32, i32, i32, i32, i32) = query.one(&db).await.unwrap();
    assert_eq!(row, (21, 17, 40, 6, 2, -20, 42));
}

#[tokio::test]
async fn a_value_may_be_on_the_left() {
    let (_database, db) = numbers().await;
    let query = Numbers::query().select((
        1 + Numbers::int,
        100 - Numbers::int,
        2.0 * Numbers::double,
        1 - (Numbers::small - 1_i16),
        60 / Numbers::id,
        func::value(5) - Numbers::int,
    ));
    let row: (i32, i32, f64, i32, i64, i32) = query.clone().one(&db).await.unwrap();
    assert_eq!(row, (21, 80, 5.0, -1, 8, -15));
    assert!(
        query.to_sql().text.starts_with(r#"SELECT $1 + "numbers"."int", $2 - "numbers"."int""#)
    );
}

#[tokio::test]
async fn types_are_promoted_as_the_server_does() {
    let (_database, db) = numbers().await;
    let row: (i16, i32, i64, f32, f64, f64, f64) = Numbers::query()
        .select((
            Numbers::small + 1,
            Numbers::small + Numbers::int,
            Numbers::int * Numbers::id,
            Numbers::single * 2.0,
            Numbers::single + Numbers::double,
            Numbers::int / Numbers::double,
            Numbers::small * Numbers::single,
        ))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(row, (4, 23, 140, 3.0, 4.0, 8.0, 4.5));
}

#[tokio::test]
async fn null_gives_null() {
    let (_database, db) = numbers().await;
    let row: (Option<i32>, Option<i32>, Option<i32>, i32) = Numbers::query()
        .select((
            Numbers::maybe + 1,
            1 + Numbers::maybe,
            -Numbers::maybe,
            func::coalesce((Numbers::maybe + 1, 0)),
        ))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(row, (None, None, None, 0));
}

#[tokio::test]
async fn an_update_counts_up() {
    let (_database, db) = people().await;
    let update = Team::update()
        .set(Team::member_count.set(Team::member_count + 1))
        .filter(Team::id.eq("t1"));
    assert_eq!(
        update.to_sql(),
        r#"UPDATE "team" SET "member_count" = "team"."member_count" + $1, "updated_at" = now() WHERE "team"."id" = $2"#
    );
    for _ in 0..3 {
        update.clone().execute(&db).await.unwrap();
    }
    let counts = Team::query().order_by(Team::id.asc()).select(Team::member_count);
    assert_eq!(counts.all(&db).await.unwrap(), [3, 0]);
    let many = Team::query().filter((Team::member_count * 2).gt(5)).select(Team::id);
    assert_eq!(many.all(&db).await.unwrap(), ["t1"]);
}

#[tokio::test]
async fn aggregates_are_counted_with() {
    let (_database, db) = people().await;
    let query = Session::query()
        .group_by(Session::user_id)
        .having((func::count_star() * 2).gt(2_i64))
        .select((Session::user_id, func::count_star() + 10, -(func::count_star() + 0)));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "session"."user_id", count(*) + $1, - (count(*) + $2) FROM "session" GROUP BY "session"."user_id" HAVING (count(*) * $3) > $4"#
            .replace("user_id", Session::user_id.name())
            .as_str()
    );
    assert_eq!(query.all(&db).await.unwrap(), [("ada".to_owned(), 12, -2)]);
}

#[tokio::test]
async fn a_missing_row_of_a_left_join_makes_the_result_null() {
    let (_database, db) = people().await;
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.eq("alan"))
        .select(Session::expires_at + func::interval("1 day"));
    assert_eq!(query.all(&db).await.unwrap(), [None::<DateTime<Utc>>]);
}

#[tokio::test]
async fn dates_and_times_are_counted_with() {
    let (_database, db) = numbers().await;
    let next = day().succ_opt().expect("a day");
    let row: (NaiveDate, NaiveDate, i32, NaiveDateTime, NaiveDateTime, NaiveTime) =
        Numbers::query()
            .select((
                Numbers::day + 1,
                Numbers::day - 31,
                Numbers::day - NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"),
                Numbers::day + Numbers::time,
                Numbers::local - func::interval("1 day"),
                Numbers::time + TimeDelta::hours(1),
            ))
            .one(&db)
            .await
            .unwrap();
    let before = day().pred_opt().expect("a day");
    assert_eq!(
        row,
        (
            next,
            NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day"),
            30,
            day().and_time(time(12)),
            before.and_time(time(12)),
            time(13)
        )
    );
}

#[tokio::test]
async fn intervals_are_counted_with_and_compared_as_moments() {
    let (_database, db) = people().await;
    let query = Session::query()
        .filter((Session::expires_at - func::interval("30 minutes")).ge(noon()))
        .filter((Session::expires_at + TimeDelta::hours(1)).le(hours(3)))
        .order_by(Session::id.asc())
        .select(Session::id);
    assert!(query.to_sql().text.contains(
        r#"("session"."expires_at" - CAST($1 AS interval)) >= $2 AND ("session"."expires_at" + $3) <= $4"#
    ));
    assert_eq!(query.all(&db).await.unwrap(), ["s1", "s3"]);
    // The difference of two moments is an interval: it is a number of seconds where it is asked for one.
    let left = func::extract(
        func::Field::Epoch,
        (Session::expires_at - noon()) * 2.0 + TimeDelta::seconds(1),
    );
    let seconds = Session::query().order_by(Session::id.asc()).select(left);
    assert_eq!(seconds.all(&db).await.unwrap(), [7201.0, -7199.0, 14401.0]);
    let error = Session::query()
        .select(Session::expires_at + TimeDelta::MAX)
        .all(&db)
        .await
        .expect_err("longer than PostgreSQL's intervals");
    assert!(format!("{error:#}").contains("the span is longer than an interval"), "{error:#}");
}
