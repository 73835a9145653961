//! `.with(..)`: related rows, to any depth, in one round trip.

use crate::fixture::{hours, people};
use auth::{Member, Organization, Session, User, UserWithSessions};
use orm::prelude::*;

#[tokio::test]
async fn to_many_relations_are_loaded_with_each_row() {
    let (_database, db) = people().await;
    let users: Vec<UserWithSessions> = User::query()
        .with(User::sessions.order_by(Session::expires_at.desc()))
        .order_by(User::id.asc())
        .all(&db)
        .await
        .unwrap();
    let found: Vec<(&str, Vec<&str>)> = users
        .iter()
        .map(|user| (user.name.as_str(), user.sessions.iter().map(|s| s.id.as_str()).collect()))
        .collect();
    assert_eq!(
        found,
        [("Ada Lovelace", vec!["s1", "s2"]), ("Alan Turing", vec![]), ("Grace Hopper", vec!["s3"])]
    );
}

#[tokio::test]
async fn nested_values_equal_those_of_a_flat_select() {
    let (_database, db) = people().await;
    let flat = Session::query().filter(Session::user_id.eq("ada")).order_by(Session::id.asc());
    let flat = flat.all(&db).await.unwrap();
    let user = User::query()
        .filter(User::id.eq("ada"))
        .with(User::sessions.order_by(Session::id.asc()))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(user.sessions, flat);
    assert_eq!(user.row, User::query().filter(User::id.eq("ada")).one(&db).await.unwrap());
}

#[tokio::test]
async fn related_rows_are_filtered_sorted_and_limited_for_each_row() {
    let (_database, db) = people().await;
    let query = User::query()
        .with(
            User::sessions
                .filter(Session::expires_at.lt(hours(2)))
                .order_by(Session::id.desc())
                .limit(1),
        )
        .order_by(User::id.asc());
    let sql = query.to_sql().text;
    assert!(
        sql.contains(
            r#"FROM "session" WHERE "session"."user_id" = "keys"."c1" AND "session"."expires_at" < $1 ORDER BY "session"."id" DESC LIMIT $2)"#
        ),
        "{sql}"
    );
    let users = query.all(&db).await.unwrap();
    let ids: Vec<Vec<&str>> =
        users.iter().map(|u| u.sessions.iter().map(|s| s.id.as_str()).collect()).collect();
    assert_eq!(ids, [vec!["s2"], vec![], vec![]]);
}

#[tokio::test]
async fn relations_of_relations_are_fields_of_fields() {
    let (_database, db) = people().await;
    let org = auth::queries::organization_page(&db, "acme").await.unwrap().unwrap();
    assert_eq!(org.name, "Acme");
    let members: Vec<_> =
        org.members.iter().map(|m| (m.role.as_str(), m.user.email.as_str())).collect();
    assert_eq!(members, [("owner", "ada@example.com"), ("member", "grace@example.com")]);
    assert_eq!(
        org.teams.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["Compilers", "Research"]
    );
    let empty = auth::queries::organization_page(&db, "initech").await.unwrap().unwrap();
    assert!(empty.members.is_empty() && empty.teams.is_empty());
}

#[tokio::test]
async fn a_tree_may_come_back_to_its_first_table() {
    let (_database, db) = people().await;
    let session = Session::query()
        .filter(Session::id.eq("s1"))
        .with(Session::user.with(User::sessions.order_by(Session::id.asc()).with(Session::user)))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(session.user.name, "Ada Lovelace");
    let ids: Vec<_> =
        session.user.sessions.iter().map(|s| (s.id.as_str(), s.user.id.as_str())).collect();
    assert_eq!(ids, [("s1", "ada"), ("s2", "ada")]);
}

#[tokio::test]
async fn a_whole_tree_is_one_statement() {
    let (_database, db) = people().await;
    let query = Organization::query()
        .with(Organization::members.with(Member::user.with(User::sessions)))
        .with(Organization::teams);
    let sql = query.to_sql().text;
    // Each level is read once.
    assert_eq!(sql.matches(" AS (SELECT").count(), 5, "{sql}");
    assert_eq!(query.all(&db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_related_row_that_is_filtered_may_be_missing() {
    let (_database, db) = people().await;
    let ada = || Session::query().with(Session::user.filter(User::id.eq("ada")));
    let rows = ada().order_by(Session::id.asc()).all(&db).await.unwrap();
    let owners: Vec<Option<&str>> =
        rows.iter().map(|row| row.user.as_ref().map(|user| user.id.as_str())).collect();
    assert_eq!(owners, [Some("ada"), Some("ada"), None]);
    for related in [Session::user.limit(0), Session::user.offset(1)] {
        let rows = Session::query().with(related).all(&db).await.unwrap();
        assert!(rows.iter().all(|row| row.user.is_none()));
    }
    let nested = Session::user.with(User::accounts).filter(User::id.eq("grace"));
    let rows = Session::query().with(nested).order_by(Session::id.asc()).all(&db).await.unwrap();
    assert!(rows[0].user.is_none() && rows[2].user.as_ref().unwrap().accounts.is_empty());
    // Sorted only, the row is there.
    let sorted = Session::query().with(Session::user.order_by(User::id.asc()));
    assert_eq!(sorted.order_by(Session::id.asc()).all(&db).await.unwrap()[0].user.id, "ada");
}

#[tokio::test]
async fn a_statement_that_changes_rows_gives_them_with_relations() {
    let (_database, db) = people().await;
    let update = Session::update()
        .from(User)
        .set(Session::user_agent.set(User::name))
        .filter(Session::user_id.eq(User::id).and(Session::id.eq("s1")))
        .returning_all()
        .with(Session::user);
    let sql = update.to_sql().text;
    // The relation leads from the table that is updated, and not from the one that the update reads.
    assert!(
        sql.ends_with(r#" FROM "user" AS "user_1" WHERE "user_1"."id" = "session"."user_id")"#),
        "{sql}"
    );
    let session = update.one(&db).await.unwrap();
    assert_eq!(session.user.id, "ada");
    assert_eq!(session.user_agent.as_deref(), Some(session.user.name.as_str()));
    let deleted = User::delete().filter(User::id.eq("grace")).returning_all().with(User::sessions);
    let grace = deleted.one(&db).await.unwrap();
    // They are deleted with their user, and seen as they were before the statement.
    assert_eq!(grace.sessions.len(), 1);
    assert_eq!(Session::query().filter(Session::user_id.eq("grace")).count(&db).await.unwrap(), 0);
}
