//! Relations together with common table expressions.

use crate::fixture::{hours, noon, people};
use auth::{Session, User, UserWithSessions};
use orm::prelude::*;

#[derive(FromRow, Debug, PartialEq, Clone)]
#[from_row(from = Session)]
struct Current {
    id: String,
    user_id: String,
}

fn current() -> orm::CteOf<Current> {
    Session::query().filter(Session::expires_at.gt(noon())).select_as::<Current>().cte()
}

fn found(users: &[UserWithSessions]) -> Vec<(&str, Vec<&str>)> {
    users
        .iter()
        .map(|user| (&*user.id, user.sessions.iter().map(|session| &*session.id).collect()))
        .collect()
}

#[tokio::test]
async fn a_query_of_a_named_query_of_whole_rows_loads_their_relations() {
    let (_database, db) = people().await;
    let first = User::query().order_by(User::id.asc()).limit(2).cte();
    let query = || {
        orm::from(&first).with(User::sessions.order_by(Session::id.asc())).order_by(User::id.desc())
    };
    let sql = query().to_sql().text;
    assert!(sql.starts_with(r#"WITH "user" ("id", "name", "#), "{sql}");
    assert!(sql.contains(r#" FROM "public"."user" ORDER BY "#), "{sql}");
    let users = query().all(&db).await.unwrap();
    assert_eq!(found(&users), [("alan", vec![]), ("ada", vec!["s1", "s2"])]);
    // Of an alias, next to the table itself.
    let few = orm::alias!(User, "few");
    let query = User::query()
        .left_join(first.alias(few), few.id.eq(User::id))
        .order_by(User::id.asc())
        .select((User::id, few.relation(User::sessions).count()));
    let counts = query.all(&db).await.unwrap();
    assert_eq!(counts, [("ada".to_owned(), 2), ("alan".to_owned(), 0), ("grace".to_owned(), 0)]);
}

#[tokio::test]
async fn related_rows_are_filtered_by_a_named_query() {
    let (_database, db) = people().await;
    let current = current().materialized();
    let ids = || orm::from(&current).select(Current::id);
    let query = || {
        User::query()
            .filter(User::sessions.any(Session::id.is_in(ids())))
            .with(User::sessions.filter(Session::id.is_in(ids())))
            .order_by(User::id.asc())
    };
    let sql = query().to_sql().text;
    assert_eq!(sql.matches("AS MATERIALIZED (").count(), 1, "{sql}");
    for loading in [orm::Loading::Automatic, orm::Loading::Correlated, orm::Loading::Levels] {
        let users = query().loading(loading).all(&db).await.unwrap();
        assert_eq!(found(&users), [("ada", vec!["s1"]), ("grace", vec!["s3"])]);
    }
    // A tree that is refined by it.
    let lines = UserLine::query().refine(UserLine::sessions.filter(Session::id.is_in(ids())));
    let lines = lines.order_by(User::id.asc()).all(&db).await.unwrap();
    let counts: Vec<usize> = lines.iter().map(|line| line.sessions.len()).collect();
    assert_eq!(counts, [1, 0, 1]);
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = User)]
struct UserLine {
    name: String,
    #[column(relation)]
    sessions: Vec<Session>,
}

#[tokio::test]
async fn a_query_that_is_joined_with_a_named_one_gives_rows_with_relations() {
    let (_database, db) = people().await;
    let query = User::query()
        .inner_join(current(), Current::user_id.eq(User::id))
        .order_by(Current::id.asc())
        .select((User.with(User::sessions.order_by(Session::id.asc())), Current::id));
    let rows = query.all(&db).await.unwrap();
    let found: Vec<(&str, usize, &str)> =
        rows.iter().map(|(user, id)| (&*user.id, user.sessions.len(), &**id)).collect();
    assert_eq!(found, [("ada", 2, "s1"), ("grace", 1, "s3")]);
    let query = orm::from(current())
        .inner_join(User, User::id.eq(Current::user_id))
        .filter(User::sessions.count().gt(1))
        .select((Current::id, User::sessions.order_by(Session::id.asc()).select(Session::id)));
    let rows = query.all(&db).await.unwrap();
    assert_eq!(rows, [("s1".to_owned(), vec!["s1".to_owned(), "s2".to_owned()])]);
}

#[tokio::test]
async fn rows_that_a_statement_changes_are_read_with_their_relations() {
    let (_database, db) = people().await;
    // The rows are new, their relations those from before the statement.
    let renamed =
        User::update().set(User::name.set("Countess")).filter(User::id.eq("ada")).returning_all();
    let query = orm::from(renamed.cte()).with(User::sessions.order_by(Session::id.asc()));
    let sql = query.to_sql().text;
    assert!(sql.starts_with(r#"WITH "user" ("id", "name", "#), "{sql}");
    let users = query.all(&db).await.unwrap();
    assert_eq!(found(&users), [("ada", vec!["s1", "s2"])]);
    assert_eq!(users[0].name, "Countess");

    let added = Session::insert()
        .id("s4")
        .token("t4")
        .user_id("grace")
        .expires_at(hours(9))
        .returning_all()
        .cte();
    let session = orm::from(added).with(Session::user.with(User::sessions));
    let session = session.one(&db).await.unwrap();
    assert_eq!((&*session.id, &*session.user.name), ("s4", "Grace Hopper"));
    // The statement does not see what it inserts.
    assert_eq!(session.user.sessions.len(), 1);

    let ended = Session::delete().filter(Session::expires_at.lt(noon())).returning_all().cte();
    let sessions = orm::from(ended).with(Session::user).all(&db).await.unwrap();
    assert_eq!((sessions.len(), &*sessions[0].user.name), (1, "Countess"));
    // One that is not read, and the relations of other rows.
    let end = Session::delete().filter(Session::user_id.eq("ada")).returning(Session::id);
    let users = User::query().with_cte(end).filter(User::id.eq("ada")).with(User::sessions);
    let users = users.all(&db).await.unwrap();
    assert_eq!(found(&users), [("ada", vec!["s1"])]);
    assert_eq!(Session::query().filter(Session::user_id.eq("ada")).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn the_rows_of_a_struct_of_a_tree_come_from_a_named_query() {
    let (_database, db) = people().await;
    let ada = User::query().filter(User::id.eq("ada")).cte();
    let line = orm::from(ada).select_as::<UserLine>().refine(UserLine::sessions.limit(1));
    let line = line.one(&db).await.unwrap();
    assert_eq!((&*line.name, line.sessions.len()), ("Ada Lovelace", 1));
}
