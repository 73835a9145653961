//! Fragments of SQL and functions of the user's own: `sql!` and `function!`.

use crate::fixture::people;
use auth::{Session, Team, User};
use orm::func;
use orm::prelude::*;

orm::function! {
    /// How many characters the two texts have.
    fn both_lengths(left: String, right: String) -> i32 as "my functions"."Both \"Lengths\"";
    /// NULL for an odd number, though it is not NULL.
    fn half(number: orm::types::Int4) -> Option<i32>;
    /// A function without arguments.
    pub(crate) fn answer() -> i32;
    /// The largest length of a text.
    aggregate fn longest(text: String) -> Option<i32>;
}

const FUNCTIONS: &str = r#"
    CREATE SCHEMA "my functions";
    CREATE FUNCTION "my functions"."Both ""Lengths"""(text, text) RETURNS int LANGUAGE sql
        AS 'SELECT length($1) + length($2)';
    CREATE FUNCTION half(int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN $1 % 2 = 0 THEN $1 / 2 END';
    CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42';
    CREATE FUNCTION longer(int, text) RETURNS int LANGUAGE sql AS 'SELECT greatest($1, length($2))';
    CREATE AGGREGATE longest(text) (sfunc = longer, stype = int);
"#;

#[tokio::test]
async fn a_fragment_is_an_expression_with_typed_operands() {
    let (_database, db) = people().await;
    let term = String::from("ada%' --");
    let query = User::query()
        .filter(orm::sql!(bool: "position({} in {}) = 0", term, User::name))
        .order_by(orm::sql!(i32: "length({})", User::name).desc())
        .select((
            User::id,
            orm::sql!(i32: "length({}) + {}", User::name, 1),
            orm::sql!(String: "'{{}}' || {}", "x"),
        ));
    assert_eq!(
        query.to_sql(),
        r#"SELECT "user"."id", length("user"."name") + $1, '{}' || $2 FROM "user" WHERE position($3 in "user"."name") = 0 ORDER BY (length("user"."name")) DESC"#
    );
    let rows: Vec<(String, i32, String)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0].1, 13);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].2, "{}x");
}

#[tokio::test]
async fn a_fragment_is_set_apart_by_parentheses() {
    let (_database, db) = people().await;
    let either = orm::sql!(bool: "{} = {} OR {} = {}", User::id, "ada", User::id, "alan");
    let query = User::query().filter(either.and(User::name.ne("Ada Lovelace"))).select(User::id);
    assert!(
        query
            .to_sql()
            .text
            .ends_with(r#"WHERE ("user"."id" = $1 OR "user"."id" = $2) AND "user"."name" <> $3"#)
            || query.to_sql().text.ends_with(
                r#"WHERE ("user"."id" = $1 OR "user"."id" = $2 ) AND "user"."name" <> $3"#
            )
    );
    assert_eq!(query.all(&db).await.unwrap(), ["alan"]);
    // An operand that is an operator is set apart within the fragment, too.
    let product = orm::sql!(i32: "{} * 2", Team::member_count + 3);
    let query = Team::query().filter(Team::id.eq("t1")).select(product);
    assert_eq!(query.one(&db).await.unwrap(), 6);
}

#[tokio::test]
async fn a_fragment_may_be_null_where_its_type_says_so() {
    let (_database, db) = people().await;
    let query = User::query()
        .order_by(User::id.asc())
        .select(orm::sql!(Option<String>: "nullif({}, {})", User::id, "ada"));
    assert_eq!(query.all(&db).await.unwrap()[0], None);
    // A missing row makes it NULL, as for any expression.
    let joined = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .filter(User::id.eq("alan"))
        .select(orm::sql!(i32: "length({})", Session::id));
    assert_eq!(joined.one(&db).await.unwrap(), None);
}

#[tokio::test]
async fn a_fragment_is_a_key_of_group_by_and_an_aggregate_and_sets_a_column() {
    let (_database, db) = people().await;
    let initial = orm::group_key(|| orm::sql!(String: "left({}, {})", User::name, 1));
    let query = User::query().group_by(initial.clone()).order_by(initial.clone().asc()).select((
        initial,
        orm::sql!(aggregate i64: "count(*) FILTER (WHERE {} <> {})", User::id, "ada"),
    ));
    assert_eq!(query.all(&db).await.unwrap(), [("A".to_owned(), 1), ("G".to_owned(), 1)]);
    User::update()
        .set(User::name.set(orm::sql!(String: "overlay({} placing {} from 1)", User::name, "_")))
        .filter(User::id.eq("ada"))
        .execute(&db)
        .await
        .unwrap();
    let name = User::query().filter(User::id.eq("ada")).select(User::name).one(&db).await.unwrap();
    assert_eq!(name, "_da Lovelace");
}

#[tokio::test]
async fn a_declared_function_is_called_by_its_quoted_name() {
    let (database, db) = people().await;
    database.execute(FUNCTIONS).await;
    let query = User::query()
        .filter(both_lengths(User::name, "xx").gt(12))
        .order_by(User::id.asc())
        .select((User::id, both_lengths(User::id, User::name), answer()));
    assert!(query.to_sql().text.starts_with(
        r#"SELECT "user"."id", "my functions"."Both ""Lengths"""("user"."id", "user"."name"), "answer"() FROM"#
    ), "{:?}", query.to_sql());
    assert_eq!(
        query.all(&db).await.unwrap(),
        [("ada".to_owned(), 15, 42), ("alan".to_owned(), 15, 42), ("grace".to_owned(), 17, 42)]
    );
}

#[tokio::test]
async fn a_declared_function_gives_null_where_an_argument_is_null_or_it_says_so() {
    let (database, db) = people().await;
    database.execute(FUNCTIONS).await;
    let query = User::query().filter(User::id.eq("ada")).select((
        both_lengths(User::image, "x"),
        half(3),
        half(func::length(User::id) + 1),
    ));
    let row: (Option<i32>, Option<i32>, Option<i32>) = query.one(&db).await.unwrap();
    assert_eq!(row, (None, None, Some(2)));
}

#[tokio::test]
async fn a_declared_aggregate_is_one() {
    let (database, db) = people().await;
    database.execute(FUNCTIONS).await;
    let query = Session::query()
        .group_by(Session::user_id)
        .order_by(Session::user_id.asc())
        .select((Session::user_id, longest(Session::token).filter(Session::id.ne("s3"))));
    assert_eq!(
        query.all(&db).await.unwrap(),
        [("ada".to_owned(), Some(11)), ("grace".to_owned(), None)]
    );
}
