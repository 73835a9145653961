//! Subqueries within expressions: `EXISTS`, scalar, `IN`, `ANY`, `ALL`, arrays.

use crate::fixture::people;
use auth::{Account, Member, Session, Team, User};
use orm::func;
use orm::prelude::*;

#[tokio::test]
async fn a_row_is_looked_for() {
    let (_database, db) = people().await;
    let sessions = || Session::query().correlate(User).filter(Session::user_id.eq(User::id));
    let query = User::query().filter(orm::not_exists(sessions())).select(User::id);
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "user"."id" FROM "user" WHERE NOT EXISTS "#,
            r#"(SELECT FROM "session" WHERE "session"."user_id" = "user"."id")"#
        )
    );
    assert_eq!(query.all(&db).await.unwrap(), ["alan"]);
    let query = User::query().order_by(orm::exists(sessions()).asc()).select((
        User::id,
        orm::exists(sessions()),
        orm::exists(Session::query().filter(Session::id.eq("none"))),
    ));
    let rows: Vec<(String, bool, bool)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0], ("alan".to_owned(), false, false));
    assert!(rows[1].1);
}

#[tokio::test]
async fn the_same_table_is_read_within_and_around() {
    let (_database, db) = people().await;
    let other = orm::alias!(Session, "other");
    let later = orm::from(other)
        .correlate(Session)
        .filter(other.user_id.eq(Session::user_id).and(other.expires_at.gt(Session::expires_at)));
    let query = Session::query()
        .filter(orm::not_exists(later))
        .order_by(Session::id.asc())
        .select(Session::id);
    let sql = query.to_sql().text;
    assert!(
        sql.contains(
            r#"(SELECT FROM "session" AS "other" WHERE "other"."user_id" = "session"."user_id" AND"#
        ),
        "{sql}"
    );
    assert_eq!(query.all(&db).await.unwrap(), ["s1", "s3"]);
    // A query of the same table that is not correlated names it otherwise.
    let all = Session::query().filter(Session::user_id.eq("ada")).select(Session::id);
    let query = Session::query().filter(Session::id.is_not_in(all)).select(Session::id);
    assert_eq!(query.all(&db).await.unwrap(), ["s3"]);
}

#[tokio::test]
async fn a_query_is_a_value_in_each_clause() {
    let (_database, db) = people().await;
    let count = || {
        orm::scalar(
            Session::query()
                .correlate(User)
                .filter(Session::user_id.eq(User::id))
                .select(func::count_star()),
        )
    };
    let query =
        User::query().filter(count().gt(0)).order_by(count().desc()).select((User::id, count()));
    let rows: Vec<(String, Option<i64>)> = query.all(&db).await.unwrap();
    assert_eq!(rows, [("ada".to_owned(), Some(2)), ("grace".to_owned(), Some(1))]);

    let average = Session::query()
        .group_by(Session::user_id)
        .select(func::count_star())
        .order_by(orm::position(1).asc())
        .limit(1);
    let query = Session::query()
        .group_by(Session::user_id)
        .having(func::count_star().gt(orm::scalar(average)))
        .select(Session::user_id);
    assert_eq!(query.all(&db).await.unwrap(), ["ada"]);

    let members = Member::query()
        .correlate(Team)
        .filter(Member::organization_id.eq(Team::organization_id))
        .select(func::max(Member::created_at));
    let update =
        Team::update().set(Team::updated_at.set(orm::scalar(members))).filter(Team::id.eq("t1"));
    assert_eq!(update.execute(&db).await.unwrap(), 1);
    let updated = Team::query().filter(Team::id.eq("t1")).select(Team::updated_at);
    assert_eq!(updated.one(&db).await.unwrap(), Some(crate::fixture::noon()));
}

#[tokio::test]
async fn a_value_is_compared_with_the_rows_of_a_query() {
    let (_database, db) = people().await;
    let owners = || Session::query().select(Session::user_id);
    let query =
        User::query().filter(User::id.is_in(owners())).order_by(User::id.asc()).select(User::id);
    assert!(
        query
            .to_sql()
            .text
            .contains(r#"WHERE "user"."id" IN (SELECT "session"."user_id" FROM "session")"#)
    );
    assert_eq!(query.all(&db).await.unwrap(), ["ada", "grace"]);
    let query = User::query().filter(User::id.ge(orm::all_of(owners()))).select(User::id);
    assert!(
        query
            .to_sql()
            .text
            .ends_with(r#"WHERE "user"."id" >= ALL (SELECT "session"."user_id" FROM "session")"#)
    );
    assert_eq!(query.all(&db).await.unwrap(), ["grace"]);
    let query = User::query().filter(User::id.lt(orm::any_of(owners()))).order_by(User::id.asc());
    assert_eq!(query.select(User::id).all(&db).await.unwrap(), ["ada", "alan"]);
    let like = User::query().filter(User::id.like(orm::any_of(owners()))).count(&db);
    assert_eq!(like.await.unwrap(), 2);
}

#[tokio::test]
async fn the_rows_of_a_query_are_an_array() {
    let (_database, db) = people().await;
    let sessions = Session::query()
        .correlate(User)
        .filter(Session::user_id.eq(User::id))
        .order_by(Session::id.asc())
        .select(Session::id);
    let query = User::query().order_by(User::id.asc()).select((User::id, orm::array_of(sessions)));
    let rows: Vec<(String, Vec<String>)> = query.all(&db).await.unwrap();
    assert_eq!(rows[0].1, ["s1", "s2"]);
    assert_eq!(rows[1].1, Vec::<String>::new());
}

#[tokio::test]
async fn a_subquery_reads_two_queries_around_it() {
    let (_database, db) = people().await;
    let both = Session::query()
        .correlate(User)
        .correlate(Member)
        .filter(Session::user_id.eq(User::id).and(Session::user_id.eq(Member::user_id)));
    let members =
        Member::query().correlate(User).filter(orm::exists(both)).select(func::count_star());
    let query = User::query().order_by(User::id.asc()).select(orm::scalar(members));
    assert_eq!(query.all(&db).await.unwrap(), [Some(1), Some(0), Some(1)]);
}

#[derive(FromRow, Debug, PartialEq)]
struct Owned {
    session: Option<String>,
}

#[tokio::test]
async fn a_row_around_a_subquery_may_be_missing() {
    let (_database, db) = people().await;
    // Alan has no session.
    let query = User::query()
        .left_join(Session, Session::user_id.eq(User::id).and(Session::id.ne("s2")))
        .order_by(User::id.asc());
    let id = func::coalesce((Session::id, "none"));
    let of_account = Account::query().correlate(Session).select(id);
    let rows = query.clone().select(orm::array_of(of_account)).all(&db).await.unwrap();
    assert_eq!(rows, [["s1"], ["none"], ["s3"]]);
    let some = |id: &str| Some(id.to_owned());
    let of_account =
        Account::query().correlate(Session).select(OwnedSelect { session: Session::id });
    let rows = query.cross_join_lateral(of_account).select(Owned::session).all(&db).await.unwrap();
    assert_eq!(rows, [some("s1"), None, some("s3")]);
}
