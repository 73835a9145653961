//! Filter, order, limit, offset, distinct, chosen columns; all, first, one.

use crate::fixture::{empty, hours, noon, people};
use auth::{Session, User, Verification};
use orm::ErrorKind;
use orm::func;
use orm::prelude::*;

const USER: &str = r#"SELECT "user"."id", "user"."name", "user"."email", "user"."email_verified", "user"."image", "user"."created_at", "user"."updated_at" FROM "user""#;

#[tokio::test]
async fn a_filter_keeps_only_the_rows_for_which_it_holds() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::email.eq("ada@example.com"));
    assert_eq!(query.to_sql(), format!(r#"{USER} WHERE "user"."email" = $1"#).as_str());
    let users = query.all(&db).await.unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].name, "Ada Lovelace");
    assert!(!users[0].email_verified);
    assert_eq!(users[0].image, None);
}

#[tokio::test]
async fn two_filters_must_both_hold() {
    let (_database, db) = people().await;
    let mut query = Session::query().filter(Session::user_id.eq("ada"));
    if true {
        query = query.filter(Session::expires_at.gt(noon()));
    }
    let sessions = query.all(&db).await.unwrap();
    assert_eq!(sessions.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["s1"]);
}

#[tokio::test]
async fn or_within_and_keeps_its_parentheses() {
    let (_database, db) = people().await;
    let either = User::id.eq("ada").or(User::id.eq("alan"));
    let query =
        User::query().filter(either).filter(User::name.like("A%")).order_by(User::id.desc());
    assert_eq!(
        query.to_sql(),
        format!(
            r#"{USER} WHERE ("user"."id" = $1 OR "user"."id" = $2) AND "user"."name" LIKE $3 ORDER BY "user"."id" DESC"#
        )
        .as_str()
    );
    let ids: Vec<_> = query.all(&db).await.unwrap().into_iter().map(|user| user.id).collect();
    assert_eq!(ids, ["alan", "ada"]);
}

#[tokio::test]
async fn not_turns_a_condition_around() {
    let (_database, db) = people().await;
    let query = User::query().filter(!User::id.is_in(["ada", "grace"]));
    assert_eq!(query.to_sql(), format!(r#"{USER} WHERE NOT ("user"."id" = ANY($1))"#).as_str());
    assert_eq!(query.one(&db).await.unwrap().id, "alan");
}

#[tokio::test]
async fn lists_are_one_parameter_and_may_be_empty() {
    let (_database, db) = people().await;
    let none: [&str; 0] = [];
    assert_eq!(User::query().filter(User::id.is_in(none)).count(&db).await.unwrap(), 0);
    assert_eq!(User::query().filter(User::id.is_not_in(none)).count(&db).await.unwrap(), 3);
    assert_eq!(User::query().filter(User::id.is_not_in(["ada"])).count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn null_is_asked_for_by_name_or_as_an_option() {
    let (_database, db) = people().await;
    User::update()
        .set(User::image.set("a.png"))
        .filter(User::id.eq("ada"))
        .execute(&db)
        .await
        .unwrap();
    assert_eq!(User::query().filter(User::image.is_null()).count(&db).await.unwrap(), 2);
    assert_eq!(User::query().filter(User::image.is_not_null()).count(&db).await.unwrap(), 1);
    let same =
        |image: Option<String>| User::query().filter(User::image.is_not_distinct_from(image));
    assert_eq!(same(None).count(&db).await.unwrap(), 2);
    assert_eq!(same(Some("a.png".to_owned())).count(&db).await.unwrap(), 1);
    let other = User::query().filter(User::image.is_distinct_from("a.png".to_owned()));
    assert_eq!(other.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn order_limit_and_offset_give_a_page() {
    let (_database, db) = people().await;
    let query = Session::query()
        .order_by((Session::user_id.asc(), Session::expires_at.desc()))
        .limit(1)
        .offset(1);
    let page = query.all(&db).await.unwrap();
    assert_eq!(page.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["s2"]);
}

#[tokio::test]
async fn nulls_stand_where_the_order_puts_them() {
    let (_database, db) = people().await;
    User::update()
        .set(User::image.set("a.png"))
        .filter(User::id.eq("ada"))
        .execute(&db)
        .await
        .unwrap();
    let first =
        |order| async { User::query().order_by(order).first(&db).await.unwrap().unwrap().id };
    assert_eq!(first((User::image.asc().nulls_last(), User::id.asc())).await, "ada");
    assert_eq!(first((User::image.asc().nulls_first(), User::id.asc())).await, "alan");
}

#[tokio::test]
async fn comparisons_are_those_of_the_server() {
    let (_database, db) = people().await;
    let ids = |condition| async {
        let query = Session::query().filter(condition).order_by(Session::id.asc());
        query.all(&db).await.unwrap().into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(Session::expires_at.ge(hours(1))).await, ["s1", "s3"]);
    assert_eq!(ids(Session::expires_at.lt(hours(1))).await, ["s2"]);
    assert_eq!(ids(Session::expires_at.le(hours(1))).await, ["s1", "s2"]);
    assert_eq!(ids(Session::expires_at.ne(hours(1))).await, ["s2", "s3"]);
    let query = Session::query().filter(Session::expires_at.between(hours(-1), hours(1)));
    assert_eq!(query.count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn chosen_columns_come_as_a_tuple() {
    let (_database, db) = people().await;
    let query = User::query().order_by(User::id.asc()).limit(1).select((
        User::id,
        User::image,
        User::email_verified,
    ));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "user"."id", "user"."image", "user"."email_verified" FROM "user" ORDER BY "user"."id" LIMIT $1"#
    );
    let row: Option<(String, Option<String>, bool)> = query.first(&db).await.unwrap();
    assert_eq!(row, Some(("ada".to_owned(), None, false)));
}

#[tokio::test]
async fn one_column_comes_as_its_type_and_distinct_gives_it_once() {
    let (_database, db) = people().await;
    let query =
        Session::query().distinct().order_by(Session::user_id.asc()).select(Session::user_id);
    let users: Vec<String> = query.all(&db).await.unwrap();
    assert_eq!(users, ["ada", "grace"]);
}

#[tokio::test]
async fn aggregates_are_typed() {
    let (_database, db) = people().await;
    let (rows, last): (i64, Option<DateTime<Utc>>) = Session::query()
        .select((func::count_star(), func::max(Session::expires_at)))
        .one(&db)
        .await
        .unwrap();
    assert_eq!((rows, last), (3, Some(hours(2))));
}

#[tokio::test]
async fn first_is_none_where_nothing_matches() {
    let (_database, db) = people().await;
    assert_eq!(User::query().filter(User::id.eq("nobody")).first(&db).await.unwrap(), None);
}

#[tokio::test]
async fn one_says_whether_none_or_several_match() {
    let (_database, db) = people().await;
    let none = User::query().filter(User::id.eq("nobody")).one(&db).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert_eq!(none.to_string(), r#"no row of table "user" matches"#);
    let several = User::query().one(&db).await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::TooManyRows);
}

#[tokio::test]
async fn a_query_can_be_used_again() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::name.like("A%"));
    let page = query.clone().order_by(User::id.asc()).limit(1).all(&db).await.unwrap();
    assert_eq!((page.len(), query.count(&db).await.unwrap()), (1, 2));
}

#[tokio::test]
async fn a_table_or_column_that_the_database_lacks_points_to_the_migrations() {
    let (database, db) = empty().await;
    database.execute("ALTER TABLE \"user\" DROP COLUMN image; DROP TABLE verification").await;
    let errors = [
        User::query().all(&db).await.expect_err("a column is missing"),
        User::query().filter(User::image.is_null()).count(&db).await.expect_err("the same column"),
        User::update()
            .set(User::image.set(Some("ada.png")))
            .all_rows()
            .execute(&db)
            .await
            .expect_err("as well"),
        Verification::delete().all_rows().execute(&db).await.expect_err("a table is missing"),
    ];
    for error in errors {
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("`orm-migrate diff`"), "{error:#}");
        assert!(error.to_string().contains("does not exist"), "{error:#}");
    }
}

#[tokio::test]
async fn distinct_rows_are_sorted_by_an_expression_with_a_value() {
    let (_database, db) = people().await;
    let greeting = User::name.concat("!");
    let query = User::query().distinct().order_by(greeting.clone().desc()).select(greeting.clone());
    assert_eq!(
        query.to_sql(),
        r#"SELECT DISTINCT "user"."name" || $1 FROM "user" ORDER BY ("user"."name" || $1) DESC"#
    );
    assert_eq!(query.all(&db).await.unwrap(), ["Grace Hopper!", "Alan Turing!", "Ada Lovelace!"]);
    let query = User::query()
        .distinct_on(greeting.clone())
        .order_by(greeting.clone().asc())
        .limit(1)
        .select(greeting.clone());
    assert_eq!(query.all(&db).await.unwrap(), ["Ada Lovelace!"]);
    let joined = orm::func::array_agg(greeting.clone()).distinct().order_by(greeting.desc());
    assert_eq!(
        User::query().filter(User::id.eq("ada")).select(joined).one(&db).await.unwrap(),
        Some(vec!["Ada Lovelace!".to_owned()])
    );
}
