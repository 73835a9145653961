//! A database with the nine auth tables and a few people in it.

use auth::{Account, Member, Organization, Session, Team, User};
use chrono::{TimeDelta, TimeZone as _};
use orm::prelude::*;
use orm_test_support::TestDatabase;

/// Noon of a fixed day: what the tests take for now.
pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 2, 12, 0, 0).single().expect("a moment that exists")
}

/// That many hours after noon.
pub(crate) fn hours(count: i64) -> DateTime<Utc> {
    noon() + TimeDelta::hours(count)
}

/// A database with the tables, empty.
pub(crate) async fn empty() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    (database, db)
}

/// A database with these tables, without rows.
pub(crate) async fn tables(tables: &[&'static orm::schema::Table]) -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(tables).await;
    let db = database.db();
    (database, db)
}

/// Ada has two sessions and an account, Grace has one session, Alan has none. Ada and Grace are members of
/// Acme, which has two teams; Initech has nobody.
pub(crate) async fn people() -> (TestDatabase, Db) {
    let (database, db) = empty().await;
    for (id, name, email) in [
        ("ada", "Ada Lovelace", "ada@example.com"),
        ("grace", "Grace Hopper", "grace@example.com"),
        ("alan", "Alan Turing", "alan@example.com"),
    ] {
        User::insert().id(id).name(name).email(email).execute(&db).await.expect("a user");
    }
    for (id, user, ends) in [("s1", "ada", 1), ("s2", "ada", -1), ("s3", "grace", 2)] {
        Session::insert()
            .id(id)
            .token(format!("token of {id}"))
            .user_id(user)
            .expires_at(hours(ends))
            .execute(&db)
            .await
            .expect("a session");
    }
    Account::insert()
        .id("a1")
        .account_id("ada@provider")
        .provider_id("provider")
        .user_id("ada")
        .execute(&db)
        .await
        .expect("an account");
    for (id, name) in [("acme", "Acme"), ("initech", "Initech")] {
        Organization::insert()
            .id(id)
            .name(name)
            .slug(id)
            .created_at(noon())
            .execute(&db)
            .await
            .expect("an organization");
    }
    for (id, user, role) in [("m1", "ada", "owner"), ("m2", "grace", "member")] {
        Member::insert()
            .id(id)
            .organization_id("acme")
            .user_id(user)
            .role(role)
            .created_at(noon())
            .execute(&db)
            .await
            .expect("a member");
    }
    for (id, name) in [("t1", "Research"), ("t2", "Compilers")] {
        Team::insert()
            .id(id)
            .name(name)
            .member_count(0)
            .organization_id("acme")
            .created_at(noon())
            .execute(&db)
            .await
            .expect("a team");
    }
    (database, db)
}
