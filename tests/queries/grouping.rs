//! `GROUP BY`, `HAVING`, sets of groupings, and what a grouped query may select.

use crate::fixture::people;
use auth::{Member, Organization, Session, Team, User};
use orm::func;
use orm::prelude::*;

#[tokio::test]
async fn rows_are_grouped_by_columns() {
    let (_database, db) = people().await;
    let query = Session::query()
        .group_by((Session::user_id, Session::ip_address))
        .having(func::count_star().ge(1))
        .having(func::min(Session::id).is_not_null())
        .order_by((func::count_star().desc(), Session::user_id.asc()))
        .select((Session::user_id, func::count_star(), func::max(Session::id)));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "session"."user_id", count(*), max("session"."id") FROM "session" "#,
            r#"GROUP BY "session"."user_id", "session"."ip_address" HAVING count(*) >= $1 AND min("session"."id") IS NOT NULL "#,
            r#"ORDER BY count(*) DESC, "session"."user_id""#
        )
    );
    let rows: Vec<(String, i64, Option<String>)> = query.all(&db).await.unwrap();
    let of = |user: &str, count, id: &str| (user.to_owned(), count, Some(id.to_owned()));
    assert_eq!(rows, [of("ada", 2, "s2"), of("grace", 1, "s3")]);
}

#[tokio::test]
async fn a_primary_key_stands_for_all_columns_of_its_table() {
    let (_database, db) = people().await;
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .group_by(User::id)
        .order_by(User::email.asc())
        .select((User, User::name, func::lower(User::email), func::count(Session::id)));
    let rows: Vec<(User, String, String, i64)> = query.all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.0.id.as_str(), row.3)).collect();
    assert_eq!(found, [("ada", 2), ("alan", 0), ("grace", 1)]);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "grouping_price", primary_key(shop, item))]
struct Price {
    shop: i32,
    item: i32,
    cents: i64,
    note: Option<String>,
}

#[tokio::test]
async fn a_key_of_two_columns_is_whole_in_any_order() {
    let database = orm_test_support::database().await;
    database.create(&[Price::TABLE]).await;
    let db = database.db();
    for (shop, item, cents) in [(1, 1, 100), (1, 2, 250), (2, 1, 90)] {
        Price::insert().shop(shop).item(item).cents(cents).execute(&db).await.unwrap();
    }
    let query = Price::query()
        .group_by((Price::item, Price::shop))
        .order_by(Price::cents.asc())
        .select((Price::cents, Price::note, func::count_star()));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], (90, None, 1));
    let sums = Price::query().group_by(Price::shop).order_by(Price::shop.asc());
    let rows = sums.select((Price::shop, func::sum(Price::cents))).all(&db).await.unwrap();
    assert_eq!(rows[0], (1, Some(orm::types::Numeric::from(350_i64))));
}

#[tokio::test]
async fn the_rows_of_an_alias_are_grouped() {
    let (_database, db) = people().await;
    let other = orm::alias!(User, "other");
    let query = User::query()
        .inner_join(other, other.id.ne(User::id))
        .group_by((User::id, other.email_verified))
        .order_by(User::id.asc())
        .select((User::name, other.email_verified, func::count(other.id)));
    let rows: Vec<(String, bool, i64)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("Ada Lovelace".to_owned(), false, 2));
}

#[tokio::test]
async fn a_key_is_an_expression_with_a_value() {
    let (_database, db) = people().await;
    let is_ada = orm::group_key(|| User::name.like("Ada%"));
    let query = User::query()
        .group_by((is_ada.clone(), User::email_verified))
        .having(is_ada.clone().is_not_null())
        .order_by(is_ada.clone().desc())
        .select((is_ada, User::email_verified, func::count_star()));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "user"."name" LIKE $1, "user"."email_verified", count(*) FROM "user" "#,
            r#"GROUP BY "user"."name" LIKE $1, "user"."email_verified" HAVING ("user"."name" LIKE $1) IS NOT NULL "#,
            r#"ORDER BY ("user"."name" LIKE $1) DESC"#
        )
    );
    let rows: Vec<(bool, bool, i64)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [(true, false, 1), (false, false, 2)]);
}

#[tokio::test]
async fn keys_of_sets_may_be_null() {
    let (_database, db) = people().await;
    let query = Session::query()
        .group_by(orm::rollup((Session::user_id, Session::id)))
        .order_by((Session::user_id.asc(), Session::id.asc()))
        .select((
            Session::user_id,
            Session::id,
            func::count_star(),
            func::grouping((Session::user_id, Session::id)),
        ));
    let sql = query.to_sql().text;
    assert!(sql.contains(r#"GROUPING("session"."user_id", "session"."id")"#), "{sql}");
    assert!(sql.contains(r#"GROUP BY ROLLUP ("session"."user_id", "session"."id")"#), "{sql}");
    let rows: Vec<(Option<String>, Option<String>, i64, i32)> = query.all(&db).await.unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[2], (Some("ada".to_owned()), None, 2, 1));
    assert_eq!(rows[5], (None, None, 3, 3));

    let lower = orm::group_key(|| func::lower(Session::user_id));
    let cube = Session::query().group_by(orm::cube((lower.clone(), Session::ip_address)));
    let rows: Vec<(Option<String>, Option<String>, i64)> =
        cube.select((lower, Session::ip_address, func::count_star())).all(&db).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.2 == 3).count(), 2);

    let sets = Session::query()
        .group_by(orm::grouping_sets((
            (Session::user_id,),
            (Session::ip_address, Session::user_id),
            (),
        )))
        .select((Session::user_id, Session::ip_address, func::count_star()));
    assert_eq!(sets.all(&db).await.unwrap().len(), 5);
}

#[tokio::test]
async fn one_row_has_no_order() {
    let (_database, db) = people().await;
    let query = User::query()
        .order_by(User::name.asc())
        .distinct_on(User::name)
        .limit_with_ties(5)
        .select((func::count_star(), func::max(User::id)));
    assert_eq!(query.to_sql(), r#"SELECT count(*), max("user"."id") FROM "user" LIMIT $1"#);
    assert_eq!(query.one(&db).await.unwrap(), (3, Some("grace".to_owned())));
    let sorted = User::query().select(func::count_star()).order_by(func::count_star().desc());
    assert_eq!(sorted.one(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn the_first_row_of_each_value_is_given() {
    let (_database, db) = people().await;
    let query = Session::query()
        .distinct_on(Session::user_id)
        .order_by((Session::user_id.asc(), Session::id.desc()))
        .select(Session::id);
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT DISTINCT ON ("session"."user_id") "session"."id" FROM "session" "#,
            r#"ORDER BY "session"."user_id", "session"."id" DESC"#
        )
    );
    assert_eq!(query.clone().all(&db).await.unwrap(), ["s2", "s3"]);
    assert_eq!(query.count(&db).await.unwrap(), 2);
    let lower = func::lower(Session::user_id);
    let query = Session::query().distinct_on((lower.clone(), Session::ip_address)).select(lower);
    assert_eq!(query.all(&db).await.unwrap(), ["ada", "grace"]);
}

#[tokio::test]
async fn groups_are_counted() {
    let (_database, db) = people().await;
    let groups = || Session::query().group_by(Session::user_id).select(Session::user_id);
    assert_eq!(groups().count(&db).await.unwrap(), 2);
    assert!(groups().exists(&db).await.unwrap());
    let many = Session::query().group_by(Session::user_id).having(func::count_star().gt(2));
    assert!(!many.select(Session::user_id).exists(&db).await.unwrap());
}

#[tokio::test]
async fn groups_of_a_join_of_four_tables_are_selected() {
    let (_database, db) = people().await;
    let query = Organization::query()
        .inner_join(Member, Member::organization_id.eq(Organization::id))
        .inner_join(User, User::id.eq(Member::user_id))
        .left_join(Team, Team::organization_id.eq(Organization::id))
        .group_by((Organization::id, User::id))
        .order_by(User::name.asc())
        .select((Organization::name, User::name, func::count(Team::id)));
    let rows: Vec<(String, String, i64)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("Acme".to_owned(), "Ada Lovelace".to_owned(), 2));
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn a_key_of_sets_that_is_never_null_by_itself_may_be_left_out() {
    let (_database, db) = people().await;
    let has_none = orm::group_key(|| User::image.is_null());
    let image = orm::group_key(|| func::coalesce((User::image, "none")));
    let query = User::query()
        .group_by(orm::rollup((has_none.clone(), image.clone())))
        .order_by(func::count_star().asc())
        .select((has_none, image.clone(), func::count_star()));
    let rows: Vec<(Option<bool>, Option<String>, i64)> = query.all(&db).await.unwrap();
    let none = || Some("none".to_owned());
    assert_eq!(rows.len(), 3);
    assert!(rows.contains(&(None, None, 3)) && rows.contains(&(Some(true), none(), 3)));
    // Grouped without sets it is never NULL.
    let query = User::query().group_by(image.clone()).select(image);
    assert_eq!(query.all(&db).await.unwrap(), ["none"]);
}

#[tokio::test]
async fn one_key_is_rolled_up() {
    let (_database, db) = people().await;
    let query = Session::query()
        .group_by(orm::rollup(Session::user_id))
        .order_by(Session::user_id.asc())
        .select((Session::user_id, func::count_star()));
    assert!(query.to_sql().text.contains(r#"GROUP BY ROLLUP ("session"."user_id")"#));
    let expected = [(Some("ada".to_owned()), 2), (Some("grace".to_owned()), 1), (None, 3)];
    assert_eq!(query.all(&db).await.unwrap(), expected);
}
