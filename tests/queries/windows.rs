//! Window functions, windows of aggregates, frames.

use crate::fixture::people;
use auth::{Session, User};
use orm::func::{self, Exclusion, FrameBound, RangeBound};
use orm::prelude::*;

#[derive(FromRow, Debug, PartialEq, Clone)]
struct Number {
    value: i32,
}

/// 1 to 6.
fn numbers() -> orm::Derived<Number> {
    func::generate_series(1, 6).rows::<Number>()
}

#[tokio::test]
async fn rows_are_numbered_within_their_part() {
    let (_database, db) = people().await;
    let newest = || func::window().partition_by(Session::user_id).order_by(Session::id.desc());
    let query = Session::query().order_by(Session::id.asc()).select((
        Session::id,
        func::row_number().over(newest()),
        func::count_star().over(newest()),
    ));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "session"."id", row_number() OVER (PARTITION BY "session"."user_id" ORDER BY "session"."id" DESC), "#,
            r#"count(*) OVER (PARTITION BY "session"."user_id" ORDER BY "session"."id" DESC) FROM "session" "#,
            r#"ORDER BY "session"."id""#
        )
    );
    let rows: Vec<(String, i64, i64)> = query.all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(id, n, m)| (id.as_str(), *n, *m)).collect();
    assert_eq!(found, [("s1", 2, 2), ("s2", 1, 1), ("s3", 1, 1)]);
}

#[tokio::test]
async fn rows_are_ranked() {
    let (_database, db) = people().await;
    let by_user = func::window().order_by(Session::user_id.asc());
    let query = Session::query().order_by(Session::id.asc()).select((
        func::rank().over(by_user.clone()),
        func::dense_rank().over(by_user.clone()),
        func::percent_rank().over(by_user.clone()),
        func::cume_dist().over(by_user.clone()),
        func::ntile(2).over(by_user),
    ));
    let rows: Vec<(i64, i64, f64, f64, i32)> = query.all(&db).await.unwrap();
    assert_eq!((rows[0].0, rows[0].1, rows[0].2), (1, 1, 0.0));
    assert_eq!((rows[2].0, rows[2].1, rows[2].2, rows[2].3, rows[2].4), (3, 2, 1.0, 1.0, 2));
}

#[tokio::test]
async fn other_rows_are_looked_at() {
    let (_database, db) = people().await;
    let window = || func::window().order_by(Number::value.asc());
    let all = window().rows(FrameBound::unbounded_preceding(), FrameBound::unbounded_following());
    let query = orm::from(numbers()).order_by(Number::value.asc()).limit(2).select((
        func::lag(Number::value, 1).over(window()),
        func::lead(Number::value, 2).over(window()),
        func::first_value(Number::value).over(window()),
        func::last_value(Number::value).over(all.clone()),
        func::nth_value(Number::value, 3).over(all),
    ));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], (None, Some(3), Some(1), Some(6), Some(3)));
    assert_eq!(rows[1], (Some(1), Some(4), Some(1), Some(6), Some(3)));
}

#[tokio::test]
async fn a_frame_says_which_rows_are_seen() {
    let (_database, db) = people().await;
    let window = || func::window().order_by(Number::value.asc());
    let around = || window().rows(FrameBound::preceding(1), FrameBound::following(1));
    let query = orm::from(numbers()).order_by(Number::value.asc()).select((
        func::sum(Number::value).over(around()),
        func::sum(Number::value).over(around().exclude(Exclusion::CurrentRow)),
        func::sum(Number::value)
            .over(window().range(RangeBound::preceding(2), RangeBound::current_row())),
        func::count_star()
            .over(window().groups(FrameBound::current_row(), FrameBound::unbounded_following())),
    ));
    let sql = query.to_sql().text;
    assert!(
        sql.contains(r#"sum("number"."value") OVER (ORDER BY "number"."value" ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING), "#),
        "{sql}"
    );
    assert!(sql.contains("FOLLOWING EXCLUDE CURRENT ROW)"), "{sql}");
    assert!(sql.contains("RANGE BETWEEN $5 PRECEDING AND CURRENT ROW)"), "{sql}");
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], (Some(3), Some(2), Some(1), 6));
    assert_eq!(rows[2], (Some(9), Some(6), Some(6), 4));
    assert_eq!(rows[5], (Some(11), Some(5), Some(15), 1));
}

#[tokio::test]
async fn a_window_is_over_the_groups() {
    let (_database, db) = people().await;
    let most = func::window().order_by(func::count_star().desc());
    let query =
        Session::query().group_by(Session::user_id).order_by(Session::user_id.asc()).select((
            Session::user_id,
            func::count_star(),
            func::sum(func::count_star()).over(func::window()),
            func::rank().over(most),
        ));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "session"."user_id", count(*), sum(count(*)) OVER (), rank() OVER (ORDER BY count(*) DESC) "#,
            r#"FROM "session" GROUP BY "session"."user_id" ORDER BY "session"."user_id""#
        )
    );
    let rows = query.all(&db).await.unwrap();
    let of = |user: &str, count, rank| {
        (user.to_owned(), count, Some(orm::types::Numeric::from(3_i64)), rank)
    };
    assert_eq!(rows, [of("ada", 2, 1), of("grace", 1, 2)]);
}

#[derive(FromRow, Debug, PartialEq)]
struct Ranked {
    id: String,
    user_id: String,
    place: i64,
}

#[tokio::test]
async fn the_first_rows_of_each_part_are_asked_for() {
    let (_database, db) = people().await;
    let newest = func::window().partition_by(Session::user_id).order_by(Session::id.desc());
    let ranked = Session::query().select(RankedSelect {
        id: Session::id,
        user_id: Session::user_id,
        place: func::row_number().over(newest),
    });
    let query = orm::from(ranked)
        .inner_join(User, User::id.eq(Ranked::user_id))
        .filter(Ranked::place.eq(1))
        .order_by(User::id.asc())
        .select((User::name, Ranked::id));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("Ada Lovelace".to_owned(), "s2".to_owned()));
    assert_eq!(rows[1].1, "s3");
}

#[tokio::test]
async fn rows_are_sorted_by_a_window_call() {
    let (_database, db) = people().await;
    let per_user = func::count_star().over(func::window().partition_by(Session::user_id));
    let query = Session::query().order_by((per_user.asc(), Session::id.desc())).select(Session::id);
    assert_eq!(query.all(&db).await.unwrap(), ["s3", "s2", "s1"]);
}
