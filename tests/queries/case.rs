//! `CASE`, `coalesce` and its like, rows of values, conditions of one column and of two.

use crate::fixture::people;
use auth::{Member, Session, User};
use orm::prelude::*;
use orm::schema::SortOrder;
use orm::{SortKey, func};

#[tokio::test]
async fn the_first_condition_that_holds_decides() {
    let (_database, db) = people().await;
    let kind = func::case()
        .when(User::id.eq("ada"), "first")
        .when(User::name.starts_with("A"), User::name)
        .otherwise(User::email);
    let query = User::query().order_by(User::id.asc()).select(kind);
    assert_eq!(
        query.to_sql(),
        r#"SELECT CASE WHEN "user"."id" = $1 THEN $2 WHEN "user"."name" LIKE $3 THEN "user"."name" ELSE "user"."email" END FROM "user" ORDER BY "user"."id""#
    );
    let kinds: Vec<String> = query.all(&db).await.unwrap();
    assert_eq!(kinds, ["first", "Alan Turing", "grace@example.com"]);
}

#[tokio::test]
async fn without_otherwise_it_is_null() {
    let (_database, db) = people().await;
    let rank = func::case().when(User::id.eq("ada"), 1).when(User::id.eq("alan"), 2);
    let query = User::query().order_by((rank.clone().asc().nulls_first(), User::id.asc()));
    let ranks: Vec<Option<i32>> = query.select(rank).all(&db).await.unwrap();
    assert_eq!(ranks, [None, Some(1), Some(2)]);
}

#[tokio::test]
async fn a_nullable_branch_makes_the_result_nullable_and_a_missing_row_of_a_condition_does_not() {
    let (_database, db) = people().await;
    let image = func::case().when(User::id.eq("ada"), User::image).otherwise("none");
    let images: Vec<Option<String>> =
        User::query().order_by(User::id.asc()).select(image).all(&db).await.unwrap();
    assert_eq!(images, [None, Some("none".to_owned()), Some("none".to_owned())]);
    let has = func::case().when(Session::id.is_null(), 0).otherwise(1);
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .distinct()
        .order_by(User::id.asc())
        .select((User::id, has));
    let rows: Vec<(String, i32)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("ada".to_owned(), 1), ("alan".to_owned(), 0), ("grace".to_owned(), 1)]);
}

#[tokio::test]
async fn an_update_sets_by_case() {
    let (_database, db) = people().await;
    User::update()
        .set(
            User::name
                .set(func::case().when(User::id.eq("ada"), "A").otherwise(User::name.concat("!"))),
        )
        .all_rows()
        .execute(&db)
        .await
        .unwrap();
    let names = User::query().order_by(User::id.asc()).select(User::name).all(&db).await.unwrap();
    assert_eq!(names, ["A", "Alan Turing!", "Grace Hopper!"]);
}

#[tokio::test]
async fn coalesce_is_null_only_where_the_last_is() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::id.eq("ada")).select((
        func::coalesce((User::image, User::name)),
        func::coalesce((User::image, "none")),
        func::coalesce((User::image, User::image)),
        func::coalesce((User::image, User::image, User::image, "last")),
        func::coalesce((User::image, func::coalesce((User::image, User::email)))),
        func::nullif(User::id, "ada"),
        func::nullif(User::id, "x"),
        func::greatest((User::id, "b", "a")),
        func::least((1, 2, 3)),
    ));
    let row: (
        String,
        String,
        Option<String>,
        String,
        String,
        Option<String>,
        Option<String>,
        String,
        i32,
    ) = query.clone().one(&db).await.unwrap();
    assert_eq!(
        row,
        (
            "Ada Lovelace".to_owned(),
            "none".to_owned(),
            None,
            "last".to_owned(),
            "ada@example.com".to_owned(),
            None,
            Some("ada".to_owned()),
            "b".to_owned(),
            1
        )
    );
    assert!(query.to_sql().text.starts_with(
        r#"SELECT coalesce("user"."image", "user"."name"), coalesce("user"."image", $1), "#
    ));
    // A missing row is what `coalesce` fills in.
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.eq("alan"))
        .select(func::coalesce((Session::id, "no session")));
    assert_eq!(query.all(&db).await.unwrap(), ["no session".to_owned()]);
}

#[tokio::test]
async fn rows_are_compared_from_the_first_value_to_the_last() {
    let (_database, db) = people().await;
    let after = func::row((Session::user_id, Session::id)).gt(func::row(("ada", "s1")));
    let query = Session::query().filter(after).order_by(Session::id.asc()).select(Session::id);
    assert!(
        query
            .to_sql()
            .text
            .contains(r#"WHERE ROW("session"."user_id", "session"."id") > ROW($1, $2)"#),
        "{:?}",
        query.to_sql()
    );
    assert_eq!(query.all(&db).await.unwrap(), ["s2", "s3"]);
    let count = |condition| async {
        let condition: orm::Condition<Session> = condition;
        Session::query().filter(condition).count(&db).await.unwrap()
    };
    let row = || func::row((Session::user_id, Session::id));
    assert_eq!(count(row().eq(("ada", "s1")).into()).await, 1);
    assert_eq!(count(row().ne(("ada", "s1")).into()).await, 2);
    assert_eq!(count(row().le(("ada", "s2")).into()).await, 2);
    assert_eq!(count(row().lt(func::row(("grace", Session::id))).into()).await, 2);
    assert_eq!(count(row().ge(("grace", "s3")).into()).await, 1);
}

#[tokio::test]
async fn a_row_is_one_of_a_list_or_of_a_subquery() {
    let (_database, db) = people().await;
    let key = || func::row((Member::organization_id, Member::user_id));
    let none: [(&str, &str); 0] = [];
    let listed = Member::query()
        .filter(key().is_in([("acme", "ada"), ("initech", "grace")]))
        .select(Member::id);
    assert_eq!(listed.all(&db).await.unwrap(), ["m1"]);
    assert_eq!(Member::query().filter(key().is_in(none)).count(&db).await.unwrap(), 0);
    assert_eq!(Member::query().filter(key().is_not_in(none)).count(&db).await.unwrap(), 2);
    let of_a_session = Session::query().select((func::value("acme"), Session::user_id));
    let query = Member::query()
        .filter(key().is_in(of_a_session))
        .order_by(Member::id.asc())
        .select(Member::id);
    assert!(
        query.to_sql().text.contains(r#"IN (SELECT $1, "session"."user_id" FROM "session")"#),
        "{:?}",
        query.to_sql()
    );
    assert_eq!(query.all(&db).await.unwrap(), ["m1", "m2"]);
}

#[tokio::test]
async fn a_boolean_column_is_a_condition() {
    let (_database, db) = people().await;
    User::update()
        .set(User::email_verified.set(true))
        .filter(User::id.eq("ada"))
        .execute(&db)
        .await
        .unwrap();
    let query = User::query().filter(User::email_verified).select(User::id);
    assert!(
        query.to_sql().text.ends_with(r#"WHERE "user"."email_verified""#),
        "{:?}",
        query.to_sql()
    );
    assert_eq!(query.all(&db).await.unwrap(), ["ada"]);
    let query = User::query()
        .filter(!User::email_verified)
        .filter(User::id.ne("x").or(User::email_verified));
    assert_eq!(query.count(&db).await.unwrap(), 2);
    let verified = func::case().when(User::email_verified, "yes").otherwise("no");
    let answers = User::query().order_by(User::id.asc()).select(verified).all(&db).await.unwrap();
    assert_eq!(answers, ["yes", "no", "no"]);
}

#[tokio::test]
async fn two_nullable_columns_are_compared_with_null_as_a_value() {
    let (_database, db) = people().await;
    let ip = || Session::ip_address;
    Session::update()
        .set((Session::ip_address.set("a"), Session::user_agent.set("a")))
        .filter(Session::id.eq("s1"))
        .execute(&db)
        .await
        .unwrap();
    Session::update()
        .set(Session::user_agent.set("b"))
        .filter(Session::id.eq("s2"))
        .execute(&db)
        .await
        .unwrap();
    let same = Session::query()
        .filter(ip().is_not_distinct_from(Session::user_agent))
        .order_by(Session::id.asc())
        .select(Session::id);
    assert!(same.to_sql().text.contains(r#" IS NOT DISTINCT FROM "#));
    assert_eq!(same.all(&db).await.unwrap(), ["s1", "s3"]);
    let different =
        Session::query().filter(ip().is_distinct_from(Session::user_agent)).select(Session::id);
    assert_eq!(different.all(&db).await.unwrap(), ["s2"]);
}

#[tokio::test]
async fn a_column_is_chosen_by_its_name() {
    let (_database, db) = people().await;
    let sorted = |name: &'static str, order| {
        User::query().order_by(SortKey::<User>::by_name(name, order)).select(User::id)
    };
    let query = sorted("name", SortOrder::Descending);
    assert!(query.to_sql().text.ends_with(r#"ORDER BY "user"."name" DESC"#));
    assert_eq!(query.all(&db).await.unwrap(), ["grace", "alan", "ada"]);
    assert!(SortKey::<User>::by_name("\"name\"", SortOrder::Ascending).is_none());
    let column = orm::column_as_text::<User>("email").expect("a column");
    let found = User::query().filter(column.clone().contains("grace")).select(column);
    assert_eq!(found.all(&db).await.unwrap(), [Some("grace@example.com".to_owned())]);
    assert!(orm::column_as_text::<User>("password").is_none());
}

#[tokio::test]
async fn a_boolean_column_becomes_a_condition_as_a_comparison_does() {
    let (_database, db) = people().await;
    let conditions: Vec<orm::Condition<User>> =
        vec![User::email_verified.into(), User::id.ne("nobody").into()];
    let verified = User::query().filter(orm::all(conditions)).count(&db).await.unwrap();
    assert_eq!(verified, User::query().filter(User::email_verified).count(&db).await.unwrap());
}
