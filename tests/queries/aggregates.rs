//! Aggregates: of rows, of some of them, sorted, different.

use crate::fixture::people;
use auth::{Session, Team, User};
use orm::func;
use orm::prelude::*;
use orm::types::Numeric;

/// Research has 3 members, Compilers 4, Languages 8; the last is of Initech.
async fn teams() -> (orm_test_support::TestDatabase, Db) {
    let (database, db) = people().await;
    for (id, members) in [("t1", 3), ("t2", 4)] {
        let update = Team::update().set(Team::member_count.set(members)).filter(Team::id.eq(id));
        update.execute(&db).await.unwrap();
    }
    Team::insert()
        .id("t3")
        .name("Languages")
        .member_count(8)
        .organization_id("initech")
        .created_at(crate::fixture::noon())
        .execute(&db)
        .await
        .unwrap();
    (database, db)
}

fn numeric(text: &str) -> Numeric {
    text.parse().expect("a number")
}

#[tokio::test]
async fn numbers_are_summed_and_averaged() {
    let (_database, db) = teams().await;
    let query = Team::query().select((
        func::sum(Team::member_count),
        func::avg(Team::member_count),
        func::sum(Team::member_count.cast::<i64>()),
        func::sum(Team::member_count.cast::<f64>()),
        func::min(Team::name),
        func::max(Team::member_count),
        func::count_star(),
    ));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT sum("team"."member_count"), avg("team"."member_count"), "#,
            r#"sum(CAST("team"."member_count" AS bigint)), sum(CAST("team"."member_count" AS double precision)), "#,
            r#"min("team"."name"), max("team"."member_count"), count(*) FROM "team""#
        )
    );
    let row: (
        Option<i64>,
        Option<Numeric>,
        Option<Numeric>,
        Option<f64>,
        Option<String>,
        Option<i32>,
        i64,
    ) = query.one(&db).await.unwrap();
    let name = Some("Compilers".to_owned());
    assert_eq!(
        row,
        (Some(15), Some(numeric("5")), Some(numeric("15")), Some(15.0), name, Some(8), 3)
    );
    let nobody = Team::query().filter(Team::id.eq("none"));
    let query = nobody.select((func::sum(Team::member_count), func::count(Team::id)));
    assert_eq!(query.one(&db).await.unwrap(), (None, 0));
}

#[tokio::test]
async fn an_aggregate_takes_some_rows_or_different_values() {
    let (_database, db) = teams().await;
    let query = Session::query().select((
        func::count(Session::user_id).distinct(),
        func::count_star().filter(Session::user_id.eq("ada")),
        func::count_star().filter(Session::user_id.eq("ada")).filter(Session::id.eq("s1")),
    ));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT count(DISTINCT "session"."user_id"), count(*) FILTER (WHERE "session"."user_id" = $1), "#,
            r#"count(*) FILTER (WHERE "session"."user_id" = $2 AND "session"."id" = $3) FROM "session""#
        )
    );
    assert_eq!(query.one(&db).await.unwrap(), (2, 2, 1));
}

#[tokio::test]
async fn values_are_gathered_in_order() {
    let (_database, db) = teams().await;
    let query = Team::query().select((
        func::string_agg(Team::name, ", ").order_by(Team::member_count.desc()),
        func::array_agg(Team::member_count).order_by(Team::name.asc()),
        func::array_agg(Team::organization_id).distinct(),
    ));
    let row = query.one(&db).await.unwrap();
    assert_eq!(row.0.as_deref(), Some("Languages, Compilers, Research"));
    assert_eq!(row.1, Some(vec![4, 8, 3]));
    assert_eq!(row.2.map(|ids| ids.len()), Some(2));
}

#[tokio::test]
async fn an_array_has_nulls_where_its_values_can_be_null() {
    let (_database, db) = people().await;
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .group_by(User::id)
        .order_by(User::id.asc())
        .select((
            User::id,
            func::array_agg(Session::id).order_by(Session::id.asc()),
            func::array_agg(User::image),
            func::array_agg_not_null(User::image),
        ));
    // An id is never NULL: where there is no session, it is no element.
    type Row = (String, Option<Vec<String>>, Option<Vec<Option<String>>>, Option<Vec<String>>);
    let rows: Vec<Row> = query.all(&db).await.unwrap();
    assert_eq!(rows[0].1, Some(vec!["s1".to_owned(), "s2".to_owned()]));
    assert_eq!(rows[0].2, Some(vec![None, None]));
    assert_eq!((&rows[1].1, &rows[1].2, &rows[1].3), (&None, &Some(vec![None]), &None));
}

#[tokio::test]
async fn conditions_and_bits_are_combined() {
    let (_database, db) = teams().await;
    let query = Team::query().select((
        func::bool_and(Team::member_count.gt(3)),
        func::bool_or(Team::member_count.gt(3)),
        func::every(Team::member_count.gt(0)),
        func::bit_and(Team::member_count),
        func::bit_or(Team::member_count),
    ));
    let row = query.one(&db).await.unwrap();
    assert_eq!(row, (Some(false), Some(true), Some(true), Some(0), Some(15)));
}

#[tokio::test]
async fn values_are_gathered_as_json() {
    let (_database, db) = teams().await;
    let query = Team::query().select((
        func::jsonb_agg(Team::member_count).order_by(Team::member_count.asc()),
        func::jsonb_object_agg(Team::id, Team::name),
    ));
    let (list, object) = query.one(&db).await.unwrap();
    assert_eq!(list, Some(serde_json::json!([3, 4, 8])));
    assert_eq!(
        object,
        Some(serde_json::json!({"t1": "Research", "t2": "Compilers", "t3": "Languages"}))
    );
}

#[tokio::test]
async fn statistics_are_computed() {
    let (_database, db) = teams().await;
    let members = Team::member_count;
    let number = || members.cast::<f64>();
    let query = Team::query().select((
        func::stddev_pop(members.cast::<f64>()),
        func::var_pop(members),
        func::var_samp(number()),
        func::stddev_samp(number()),
        func::corr(number(), number()),
        func::regr_slope(number(), number()),
    ));
    let row = query.one(&db).await.unwrap();
    let variance: f64 = 14.0 / 3.0;
    assert!((row.0.unwrap() - variance.sqrt()).abs() < 1e-9);
    assert!(row.1.unwrap().to_string().starts_with("4.666"));
    assert_eq!((row.2, row.4, row.5), (Some(7.0), Some(1.0), Some(1.0)));
    assert!((row.3.unwrap() - 7f64.sqrt()).abs() < 1e-9);
}

#[tokio::test]
async fn ordered_sets_are_asked_for_a_value() {
    let (_database, db) = teams().await;
    let query = Team::query().select((
        func::percentile_cont(0.5, Team::member_count.cast::<f64>()),
        func::percentile_disc(1.0, Team::name),
        func::mode(Team::organization_id),
    ));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT percentile_cont($1) WITHIN GROUP (ORDER BY CAST("team"."member_count" AS double precision)), "#,
            r#"percentile_disc($2) WITHIN GROUP (ORDER BY "team"."name"), "#,
            r#"mode() WITHIN GROUP (ORDER BY "team"."organization_id") FROM "team""#
        )
    );
    let row: (Option<f64>, Option<String>, Option<String>) = query.one(&db).await.unwrap();
    assert_eq!(row, (Some(4.0), Some("Research".to_owned()), Some("acme".to_owned())));
}

#[tokio::test]
async fn a_table_without_rows_has_one_group() {
    let (_database, db) = crate::fixture::empty().await;
    assert_eq!(User::query().select(func::count_star()).one(&db).await.unwrap(), 0);
    assert_eq!(User::query().select(func::count_star()).count(&db).await.unwrap(), 1);
    assert!(User::query().select(func::max(User::id)).exists(&db).await.unwrap());
}
