//! How relations are loaded: by levels, or correlated. Whatever the form, the rows are the same.

use crate::fixture::people;
use auth::{Member, Organization, Session, Team, User};
use orm::Loading::{Automatic, Correlated, Levels};
use orm::prelude::*;

/// Compares what both forms give, and gives it.
macro_rules! both {
    ($db:expr, $query:expr) => {{
        let query = $query;
        let levels = query.clone().loading(Levels);
        assert!(levels.to_sql().text.contains(" UNION ALL "), "{}", levels.to_sql());
        let correlated = query.clone().loading(Correlated);
        assert!(!correlated.to_sql().text.contains(" UNION ALL "), "{}", correlated.to_sql());
        let rows = levels.all($db).await.unwrap();
        assert_eq!(rows, correlated.all($db).await.unwrap());
        assert_eq!(rows, query.loading(Automatic).all($db).await.unwrap());
        rows
    }};
}

#[tokio::test]
async fn levels_give_what_correlated_subqueries_give() {
    let (_database, db) = people().await;
    let users = both!(
        &db,
        User::query().order_by(User::id.asc()).with(User::sessions.order_by(Session::id.desc()))
    );
    assert_eq!(users[0].sessions.len(), 2);
    both!(
        &db,
        Organization::query()
            .order_by(Organization::id.asc())
            .with(
                Organization::members
                    .order_by(Member::id.asc())
                    .with(Member::user.with(User::sessions.order_by(Session::id.asc())))
            )
            .with(Organization::teams.order_by(Team::name.desc()))
    );
    both!(
        &db,
        Session::query().order_by(Session::id.asc()).with(Session::user.filter(User::id.eq("ada")))
    );
    both!(
        &db,
        Session::query().order_by(Session::id.asc()).with(
            Session::user.with(User::sessions.order_by(Session::id.asc()).with(Session::user))
        )
    );
}

#[tokio::test]
async fn related_rows_are_limited_for_each_row_in_both_forms() {
    let (_database, db) = people().await;
    let sessions = || User::sessions.order_by(Session::id.desc());
    for related in [
        sessions().limit(1),
        sessions().offset(1),
        sessions().limit(1).offset(1),
        sessions().limit(0),
    ] {
        both!(&db, User::query().order_by(User::id.asc()).with(related));
    }
    // Without an index on the column.
    let teams = Organization::teams.order_by(Team::name.desc());
    for related in
        [teams.clone().limit(1), teams.clone().offset(1), teams.clone().limit(5).offset(1)]
    {
        both!(&db, Organization::query().order_by(Organization::id.asc()).with(related));
    }
}

#[tokio::test]
async fn lists_and_chosen_columns_are_levels_too() {
    let (_database, db) = people().await;
    let rows = both!(
        &db,
        User::query().order_by(User::id.asc()).select((
            User::name,
            User::sessions.order_by(Session::id.asc()).select(Session::id),
            User::sessions.order_by(Session::id.asc()).select((Session::id, Session::expires_at)),
            User::sessions.count(),
        ))
    );
    assert_eq!(rows[0].1, ["s1", "s2"]);
    assert_eq!(rows[0].3, 2);
    let rows = both!(
        &db,
        User::query()
            .left_join(Session, User::sessions)
            .order_by((User::id.asc(), Session::id.asc()))
            .select((User.with(User::sessions.order_by(Session::id.asc())), Session::id))
    );
    assert_eq!(rows[0].0.sessions.len(), 2);
    assert_eq!(rows.len(), 4);
}

#[tokio::test]
async fn a_level_without_an_index_is_found_by_a_hash_join() {
    let (_database, db) = people().await;
    let sql = Organization::query().with(Organization::teams).to_sql().text;
    assert!(sql.contains(r#" IN (SELECT "0 organization"."c1" FROM "0 organization")"#), "{sql}");
    let sql = User::query().with(User::sessions).to_sql().text;
    assert!(sql.contains(r#" = ANY(ARRAY(SELECT "0 user"."c1" FROM "0 user"))"#), "{sql}");
    let plan =
        User::query().with(User::sessions).explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains(r#"CTE 1 sessions"#), "{plan}");
}
