//! `MERGE`, and old and new values: what newer servers have.

use crate::fixture::people;
use auth::{Session, Team, User};
use orm::prelude::*;
use orm::{ErrorKind, Insert, new, old};
use orm_test_support::{TestDatabase, skipped};

/// Whether the server is of this major version, or a later one.
async fn has(database: &TestDatabase, release: i64) -> bool {
    let connection = orm::Connection::connect(&database.config()).await.unwrap();
    let sql = "SELECT current_setting('server_version_num')::bigint / 10000";
    let rows = connection.query::<orm::DriverRow>(sql, &[]).await.unwrap();
    let is_there = rows[0].get::<_, i64>(0) >= release;
    if !is_there {
        skipped("what this test does", release);
    }
    is_there
}

#[tokio::test]
async fn a_merge_inserts_updates_and_deletes() {
    let (database, db) = people().await;
    if !has(&database, 15).await {
        return;
    }
    let import = orm::alias!(Team, "import");
    for (id, name, count) in [("t3", "Research", 9), ("t4", "Compilers", -1), ("t5", "New", 3)] {
        let team = Team::insert().id(id).name(name).member_count(count).organization_id("initech");
        team.created_at(crate::fixture::noon()).execute(&db).await.unwrap();
    }
    let acme = Team::organization_id.eq("acme");
    let merge = orm::merge(Team)
        .using(
            import,
            import.name.eq(Team::name).and(acme).and(import.organization_id.eq("initech")),
        )
        .when_matched()
        .filter(import.member_count.lt(0))
        .delete()
        .when_matched()
        .update(Team::member_count.set(import.member_count))
        .when_not_matched()
        .filter(import.organization_id.eq("initech"))
        .insert((
            Team::id.set(orm::func::lower(import.name)),
            Team::name.set(import.name),
            Team::member_count.set(import.member_count),
            Team::organization_id.set("acme"),
            Team::created_at.set(import.created_at),
        ))
        .when_not_matched()
        .do_nothing();
    assert_eq!(
        merge.to_sql(),
        concat!(
            r#"MERGE INTO "team" USING "team" AS "import" ON "import"."name" = "team"."name" AND "team"."organization_id" = $1 AND "import"."organization_id" = $2 "#,
            r#"WHEN MATCHED AND "import"."member_count" < $3 THEN DELETE "#,
            r#"WHEN MATCHED THEN UPDATE SET "member_count" = "import"."member_count", "updated_at" = now() "#,
            r#"WHEN NOT MATCHED AND "import"."organization_id" = $4 THEN INSERT ("id", "name", "member_count", "organization_id", "created_at", "updated_at") "#,
            r#"VALUES (lower("import"."name"), "import"."name", "import"."member_count", $5, "import"."created_at", now()) "#,
            r#"WHEN NOT MATCHED THEN DO NOTHING"#,
        )
    );
    assert_eq!(merge.execute(&db).await.unwrap(), 3);
    let teams = Team::query().filter(Team::organization_id.eq("acme")).order_by(Team::id.asc());
    assert_eq!(
        teams.select((Team::id, Team::member_count)).all(&db).await.unwrap(),
        [("new".to_owned(), 3), ("t1".to_owned(), 9)]
    );
}

#[tokio::test]
async fn a_merge_that_says_nothing_is_refused() {
    let (_database, db) = people().await;
    let merge = || orm::merge(User).using(Session, Session::user_id.eq(User::id));
    let error = merge().execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query);
    assert!(error.to_string().contains("has no `WHEN` clause"), "{error}");
    let nothing = None::<orm::query::Assignment<User>>;
    let error = merge().when_matched().update(nothing).execute(&db).await.unwrap_err();
    assert!(error.to_string().contains("sets no column"), "{error}");
}

#[tokio::test]
async fn a_merge_gives_rows() {
    let (database, db) = people().await;
    if !has(&database, 17).await {
        return;
    }
    let merge = orm::merge(User)
        .using(Session, Session::user_id.eq(User::id).and(Session::id.eq("s1")))
        .when_matched()
        .update(User::name.set(Session::token))
        .when_not_matched_by_source()
        .filter(User::id.eq("alan"))
        .delete();
    assert!(
        merge
            .to_sql()
            .text
            .ends_with(r#"WHEN NOT MATCHED BY SOURCE AND "user"."id" = $2 THEN DELETE"#)
    );
    let mut rows = merge.returning((User::id, Session::id)).all(&db).await.unwrap();
    rows.sort();
    assert_eq!(rows, [("ada".to_owned(), Some("s1".to_owned())), ("alan".to_owned(), None)]);
}

#[tokio::test]
async fn old_and_new_values_are_had() {
    let (database, db) = people().await;
    let update = User::update().set(User::name.set("A")).filter(User::id.eq("ada")).returning((
        old(User::name),
        new(User::name),
        User::name,
    ));
    assert!(update.to_sql().text.ends_with(r#"RETURNING old."name", new."name", "user"."name""#));
    if !has(&database, 18).await {
        let error = update.one(&db).await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("PostgreSQL 18"), "{error:#}");
        return;
    }
    let names = update.one(&db).await.unwrap();
    assert_eq!(names, ("Ada Lovelace".to_owned(), "A".to_owned(), "A".to_owned()));
    let upsert = |id: &'static str| {
        Insert::values([User::insert().id(id).name("B").email(id)])
            .on_conflict(User::id)
            .do_update(User::name.set_excluded())
            .returning((old(User::name), new(User::name), old(User)))
    };
    let (before, after, row) = upsert("ada").one(&db).await.unwrap();
    assert_eq!((before.as_deref(), after.as_str()), (Some("A"), "B"));
    assert_eq!(row.map(|row| row.email).as_deref(), Some("ada@example.com"));
    let (before, _, row) = upsert("new").one(&db).await.unwrap();
    assert_eq!((before, row), (None, None));
    let gone =
        User::delete().filter(User::id.eq("new")).returning((old(User::name), new(User::name)));
    assert_eq!(gone.one(&db).await.unwrap(), ("B".to_owned(), None));
}
