//! Patterns in which the user's text is plain text, regular expressions, `||`, collations.

use crate::fixture::people;
use auth::User;
use orm::prelude::*;
use orm::{Collation, func};

/// Names with every character that means something in a pattern.
const NAMES: [&str; 6] = ["100%", "100 %", "a_b", "aXb", r"back\slash", "BACK"];

async fn named() -> (orm_test_support::TestDatabase, Db) {
    let (database, db) = people().await;
    User::delete().all_rows().execute(&db).await.unwrap();
    for name in NAMES {
        User::insert().id(name).name(name).email(name).execute(&db).await.unwrap();
    }
    (database, db)
}

async fn ids(db: &Db, condition: impl Into<orm::Condition<User>>) -> Vec<String> {
    let condition: orm::Condition<User> = condition.into();
    let order = User::id.collate(Collation::new("C")).asc();
    User::query().filter(condition).order_by(order).select(User::id).all(db).await.unwrap()
}

#[tokio::test]
async fn a_text_that_is_looked_for_is_no_pattern() {
    let (_database, db) = named().await;
    assert_eq!(ids(&db, User::name.starts_with("100%")).await, ["100%"]);
    assert_eq!(ids(&db, User::name.starts_with("100")).await, ["100 %", "100%"]);
    assert_eq!(ids(&db, User::name.ends_with("_b")).await, ["a_b"]);
    assert_eq!(ids(&db, User::name.contains("_")).await, ["a_b"]);
    assert_eq!(ids(&db, User::name.contains(r"\")).await, [r"back\slash"]);
    assert_eq!(ids(&db, User::name.contains("")).await.len(), NAMES.len());
    assert_eq!(ids(&db, User::name.starts_with_insensitive("back")).await, ["BACK", r"back\slash"]);
    assert_eq!(ids(&db, User::name.ends_with_insensitive("_B")).await, ["a_b"]);
    assert_eq!(ids(&db, User::name.contains_insensitive("xB")).await, ["aXb"]);
    assert_eq!(ids(&db, User::name.eq_insensitive("A_B")).await, ["a_b"]);
    assert_eq!(ids(&db, !User::name.contains("a")).await, ["100 %", "100%", "BACK"]);
}

#[tokio::test]
async fn a_text_of_a_column_is_escaped_by_the_server() {
    let (_database, db) = named().await;
    for name in NAMES {
        User::update()
            .set(User::image.set(name))
            .filter(User::id.eq(name))
            .execute(&db)
            .await
            .unwrap();
    }
    let query = User::query().filter(User::name.starts_with(User::image)).select(User::id);
    assert!(query.to_sql().text.ends_with(
        r#""user"."name" LIKE (regexp_replace("user"."image", E'([\\\\%_])', E'\\\\\\1', 'g') || '%')"#
    ), "{:?}", query.to_sql());
    assert_eq!(query.count(&db).await.unwrap(), 6);
    for condition in [
        User::name.contains(User::image).condition::<User, _>(),
        User::name.ends_with(User::image).condition(),
        User::name.eq_insensitive(func::upper(User::image)).condition(),
    ] {
        assert_eq!(User::query().filter(condition).count(&db).await.unwrap(), 6);
    }
    User::update().set(User::image.set("a_b")).all_rows().execute(&db).await.unwrap();
    assert_eq!(ids(&db, User::name.contains(User::image)).await, ["a_b"]);
}

#[tokio::test]
async fn values_are_escaped_by_the_client_and_sent_as_parameters() {
    let query = User::query()
        .filter(User::name.starts_with(r"5%_\"))
        .filter(User::name.contains_insensitive("x"))
        .select(User::id);
    let sql = query.to_sql();
    assert!(sql.text.ends_with(r#"WHERE "user"."name" LIKE $1 AND "user"."name" ILIKE $2"#));
    let params: Vec<String> = sql.params.iter().map(|param| format!("{:?}", param.value)).collect();
    assert_eq!(params, [format!("{:?}", r"5\%\_\\%"), format!("{:?}", "%x%")]);
}

#[tokio::test]
async fn patterns_have_an_escape_of_their_own() {
    let (_database, db) = named().await;
    assert_eq!(ids(&db, User::name.like_escape("100!%", "!")).await, ["100%"]);
    assert_eq!(ids(&db, User::name.ilike_escape("A!_B", "!")).await, ["a_b"]);
    assert_eq!(ids(&db, User::name.like("a\\_b")).await, ["a_b"]);
    let query = User::query().filter(User::name.like_escape("a", "!")).select(User::id);
    assert!(query.to_sql().text.ends_with(r#""user"."name" LIKE $1 ESCAPE $2"#));
}

#[tokio::test]
async fn regular_expressions_are_posix_and_similar_to_is_of_the_standard() {
    let (_database, db) = named().await;
    assert_eq!(ids(&db, User::name.matches("^a.b$")).await, ["aXb", "a_b"]);
    assert_eq!(ids(&db, User::name.matches_insensitive("^back")).await, ["BACK", r"back\slash"]);
    assert_eq!(ids(&db, User::name.not_matches("[ab]")).await, ["100 %", "100%", "BACK"]);
    assert_eq!(ids(&db, User::name.not_matches_insensitive("[ab]")).await, ["100 %", "100%"]);
    assert_eq!(ids(&db, User::name.similar_to("a(X|Y)b")).await, ["aXb"]);
    assert_eq!(ids(&db, User::name.not_similar_to("%[a-z]%")).await, ["100 %", "100%", "BACK"]);
    let query = User::query()
        .filter(User::name.matches("^a").and(User::name.not_matches("b")))
        .select(User::id);
    assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" ~ $1 AND "user"."name" !~ $2"#));
}

#[tokio::test]
async fn a_null_text_matches_nothing() {
    let (_database, db) = named().await;
    assert!(ids(&db, User::image.contains("")).await.is_empty());
    let selected =
        User::query().limit(1).select((User::image.contains("a"), User::image.concat("!")));
    assert_eq!(selected.one(&db).await.unwrap(), (None, None));
}

#[tokio::test]
async fn texts_are_put_together() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::id.eq("ada")).select((
        User::name.concat(" <").concat(User::email).concat(">"),
        func::value("x").concat("y"),
    ));
    assert_eq!(
        query.to_sql(),
        r#"SELECT (("user"."name" || $1) || "user"."email") || $2, $3 || $4 FROM "user" WHERE "user"."id" = $5"#
    );
    let row = query.one(&db).await.unwrap();
    assert_eq!(row, ("Ada Lovelace <ada@example.com>".to_owned(), "xy".to_owned()));
}

#[tokio::test]
async fn a_collation_says_how_texts_are_sorted_and_compared() {
    let (_database, db) = named().await;
    let names = User::query()
        .order_by(User::name.collate(Collation::new("C")).desc())
        .limit(2)
        .select(User::name);
    assert_eq!(
        names.to_sql(),
        r#"SELECT "user"."name" FROM "user" ORDER BY ("user"."name" COLLATE "C") DESC LIMIT $1"#
    );
    assert_eq!(names.all(&db).await.unwrap(), [r"back\slash", "a_b"]);
    let c = Collation::of_schema("pg_catalog", "C");
    assert_eq!(ids(&db, User::name.collate(c).lt("2")).await, ["100 %", "100%"]);
    let error = User::query()
        .order_by(User::name.collate(Collation::named("no\"; drop")).asc())
        .all(&db)
        .await
        .expect_err("no such collation");
    assert!(error.to_string().contains(r#"no"; drop"#), "{error}");
}
