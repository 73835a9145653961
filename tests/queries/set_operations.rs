//! `UNION`, `INTERSECT`, `EXCEPT`: all or distinct, ordered, filtered, limited, nested, and read by other queries.

use crate::fixture::people;
use auth::{Account, Member, Session, User};
use orm::func;
use orm::prelude::*;

#[derive(FromRow, Debug, PartialEq, Clone)]
struct Person {
    id: String,
    name: Option<String>,
}

fn person(id: &str, name: Option<&str>) -> Person {
    Person { id: id.to_owned(), name: name.map(str::to_owned) }
}

#[tokio::test]
async fn each_operation_gives_its_rows() {
    let (_database, db) = people().await;
    let users = || User::query().select(User::id);
    let owners = || Session::query().select(Session::user_id);
    let query = users().union(owners()).order_by(orm::position(1).desc()).limit(2);
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "user"."id" FROM "user" UNION SELECT "session"."user_id" FROM "session" "#,
            "ORDER BY 1 DESC LIMIT $1"
        )
    );
    assert_eq!(query.all(&db).await.unwrap(), ["grace", "alan"]);
    assert_eq!(users().union_all(owners()).count(&db).await.unwrap(), 6);
    let first = || orm::position(1).asc();
    let both = users().intersect(owners()).order_by(first());
    assert_eq!(both.all(&db).await.unwrap(), ["ada", "grace"]);
    let twice = owners().intersect_all(owners()).order_by(first());
    assert_eq!(twice.all(&db).await.unwrap(), ["ada", "ada", "grace"]);
    assert_eq!(users().except(owners()).all(&db).await.unwrap(), ["alan"]);
    assert_eq!(owners().except_all(users()).all(&db).await.unwrap(), ["ada"]);
    assert_eq!(users().except(owners()).one(&db).await.unwrap(), "alan");
    assert!(users().except(owners()).exists(&db).await.unwrap());
    assert!(!owners().except(users()).exists(&db).await.unwrap());
}

#[tokio::test]
async fn sides_with_clauses_of_their_own_are_nested() {
    let (_database, db) = people().await;
    let users = || User::query().order_by(User::id.asc()).limit(1).select(User::id);
    let query = users()
        .union_all(
            Account::query()
                .select(Account::user_id)
                .except(Member::query().select(Member::user_id)),
        )
        .union_all(users());
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"((SELECT "user"."id" FROM "user" ORDER BY "user"."id" LIMIT $1) UNION ALL "#,
            r#"(SELECT "account"."user_id" FROM "account" EXCEPT SELECT "member"."user_id" FROM "member")) "#,
            r#"UNION ALL (SELECT "user"."id" FROM "user" ORDER BY "user"."id" LIMIT $2)"#
        )
    );
    assert_eq!(query.all(&db).await.unwrap(), ["ada", "ada"]);
}

#[tokio::test]
async fn the_result_is_sorted_and_filtered_by_its_columns() {
    let (_database, db) = people().await;
    let named = || User::query().select(PersonSelect { id: User::id, name: User::name });
    let unnamed =
        || Session::query().select(PersonSelect { id: Session::id, name: Session::user_agent });
    let query =
        named().union(unnamed()).order_by((Person::name.desc().nulls_last(), Person::id.asc()));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "user"."id", "user"."name" FROM "user" UNION SELECT "session"."id", "session"."user_agent" AS "name" "#,
            r#"FROM "session" ORDER BY "name" DESC NULLS LAST, "id""#
        )
    );
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows[0], person("grace", Some("Grace Hopper")));
    assert_eq!(rows[5], person("s3", None));
    // What PostgreSQL does not take after a set operation is asked of a derived table.
    let query = named()
        .union(unnamed())
        .filter(Person::name.is_not_null())
        .order_by(func::lower(Person::name).desc())
        .limit(2);
    let sql = query.to_sql().text;
    assert!(sql.starts_with(r#"SELECT * FROM (SELECT "user"."id""#), "{sql}");
    assert!(
        sql.ends_with(
            r#") AS result WHERE "name" IS NOT NULL ORDER BY lower("name") DESC LIMIT $1"#
        ),
        "{sql}"
    );
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows, [person("grace", Some("Grace Hopper")), person("alan", Some("Alan Turing"))]);
    let whole = User::query().union(User::query()).order_by(User::name.asc());
    assert_eq!(whole.all(&db).await.unwrap()[0].id, "ada");
}

#[tokio::test]
async fn the_result_is_a_source_and_a_subquery() {
    let (_database, db) = people().await;
    let both = || {
        User::query().select(PersonSelect { id: User::id, name: User::name }).union(
            Session::query().select(PersonSelect { id: Session::id, name: Session::user_id }),
        )
    };
    let query =
        orm::from(both()).inner_join(User, User::id.eq(Person::name)).order_by(Person::id.asc());
    let rows: Vec<(Person, User)> = query.all(&db).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(p, u)| (p.id.as_str(), u.id.as_str())).collect();
    assert_eq!(found, [("s1", "ada"), ("s2", "ada"), ("s3", "grace")]);
    let owners =
        Session::query().select(Session::user_id).union(Account::query().select(Account::user_id));
    let users = User::query().filter(User::id.is_not_in(owners));
    assert_eq!(users.all(&db).await.unwrap()[0].id, "alan");
    let count = orm::from(both()).select(func::count_star());
    assert_eq!(count.one(&db).await.unwrap(), 6);
}
