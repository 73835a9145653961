//! How relations are loaded: by levels, or correlated. Whatever the form, the rows are the same.

use crate::fixture::people;
use auth::{Member, Organization, Session, Team, User};
use futures_util::StreamExt as _;
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

/// Keys of several columns, of integers of several sizes, and of columns without an index.
mod odd {
    use orm::prelude::*;

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(
        name = "odd_street",
        primary_key(street, number),
        has_many(flats: Flat, lodgers: Lodger, notes: Note)
    )]
    pub(super) struct Street {
        pub(super) street: String,
        pub(super) number: i32,
        #[column(unique)]
        pub(super) code: i32,
        #[column(unique)]
        pub(super) size: f64,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "odd_flat", foreign_key(street, number => Street::street, Street::number, relation = at))]
    pub(super) struct Flat {
        #[column(primary_key)]
        pub(super) id: i64,
        pub(super) street: Option<String>,
        pub(super) number: Option<i32>,
        pub(super) floor: i16,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    // An index that finds pages, not rows.
    #[table(name = "odd_lodger", index(code, method = brin))]
    pub(super) struct Lodger {
        #[column(primary_key)]
        pub(super) id: i64,
        #[column(references = Street::code, relation = place)]
        pub(super) code: Option<i32>,
        #[column(data_type = "char(8)")]
        pub(super) papers: Option<String>,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "odd_note")]
    pub(super) struct Note {
        #[column(primary_key)]
        pub(super) id: i64,
        #[column(references = Street::size, relation = about)]
        pub(super) size: f64,
    }
}

#[tokio::test]
async fn a_level_without_an_index_is_found_by_a_hash_join() {
    let sql = odd::Street::query().with(odd::Street::lodgers).to_sql().text;
    assert!(sql.contains(r#" IN (SELECT "0 odd_street"."c3" FROM "0 odd_street")"#), "{sql}");
    let sql = User::query().with(User::sessions).to_sql().text;
    assert!(sql.contains(r#" = ANY(ARRAY(SELECT "0 user"."c1" FROM "0 user"))"#), "{sql}");
    let (_database, db) = people().await;
    let query = User::query().with(User::sessions);
    let plan = query.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("CTE 0 user") && !plan.contains("SubPlan"), "{plan}");
    let plan = query.loading(Correlated).explain().without_costs().text(&db).await.unwrap();
    assert!(plan.contains("SubPlan"), "{plan}");
}

#[tokio::test]
async fn keys_of_several_columns_and_columns_without_an_index_are_levels() {
    use odd::{Flat, Lodger, Note, Street};
    let database = orm_test_support::database().await;
    database.create(&[Street::TABLE, Flat::TABLE, Lodger::TABLE, Note::TABLE]).await;
    let db = database.db();
    for (number, code) in [(1, 10), (2, 20), (3, 30)] {
        let street = Street::insert().street("High").number(number).code(code);
        street.size(f64::from(code)).execute(&db).await.unwrap();
    }
    for (id, number, floor) in [(1, Some(1), 2), (2, Some(1), 1), (3, Some(2), 0), (4, None, 5)] {
        let flat = Flat::insert().id(id).street("High").floor(floor);
        flat.number(number).execute(&db).await.unwrap();
    }
    for (id, code) in [(1, Some(10)), (2, Some(10)), (3, Some(30)), (4, None)] {
        Lodger::insert().id(id).code(code).execute(&db).await.unwrap();
    }
    Note::insert().id(1).size(10.0).execute(&db).await.unwrap();
    let streets = || Street::query().order_by(Street::number.asc());
    let flats = Street::flats.order_by(Flat::floor.asc());
    let rows = both!(
        &db,
        streets()
            .with(flats.clone().with(Flat::at))
            .with(Street::lodgers.order_by(Lodger::id.desc()))
    );
    assert_eq!(rows[0].flats.iter().map(|flat| flat.id).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(rows[0].lodgers.iter().map(|lodger| lodger.id).collect::<Vec<_>>(), [2, 1]);
    both!(&db, streets().with(flats.clone().limit(1)));
    both!(&db, streets().with(flats.offset(1)));
    for (limit, offset) in [(1, 0), (1, 1), (9, 1), (0, 0)] {
        let lodgers = Street::lodgers.order_by(Lodger::id.desc()).limit(limit).offset(offset);
        both!(&db, streets().with(lodgers));
    }
    let flats =
        both!(&db, Flat::query().order_by(Flat::id.asc()).with(Flat::at.with(Street::flats)));
    assert_eq!(flats[3].at, None);
    // Numbers that are equal may be other bytes: -0 is 0.
    let notes = streets().with(Street::notes).with(Street::lodgers);
    let sql = notes.to_sql().text;
    assert!(sql.contains("ARRAY(SELECT ROW(") && sql.contains(r#""1 lodgers""#), "{sql}");
    assert_eq!(notes.all(&db).await.unwrap()[0].notes.len(), 1);
}

#[tokio::test]
async fn prepared_streamed_and_returned_rows_have_their_relations() {
    let (_database, db) = people().await;
    let query =
        User::query().order_by(User::id.asc()).with(User::sessions.order_by(Session::id.asc()));
    let whole = query.clone().all(&db).await.unwrap();
    let streamed: Vec<_> = query.clone().stream(&db).map(Result::unwrap).collect().await;
    assert_eq!(streamed, whole);
    let prepared = orm::prepare(|id: orm::Placeholder<String>| query.filter(User::id.eq(id)));
    assert_eq!(prepared.one(&db, "grace").await.unwrap(), whole[2]);
}

#[tokio::test]
async fn a_user_defined_type_in_a_level_is_looked_up() {
    let (_database, db) = people().await;
    db.batch_execute(
        "CREATE DOMAIN short AS text; \
                      ALTER TABLE session ALTER COLUMN user_agent TYPE short; \
                      UPDATE session SET user_agent = 'curl'",
    )
    .await
    .unwrap();
    let rows = both!(
        &db,
        User::query().order_by(User::id.asc()).with(User::sessions.order_by(Session::id.asc()))
    );
    assert_eq!(rows[0].sessions[0].user_agent.as_deref(), Some("curl"));
}

#[tokio::test]
async fn a_value_of_a_level_that_cannot_be_read_names_its_column() {
    let (_database, db) = people().await;
    db.batch_execute("ALTER TABLE session ALTER COLUMN ip_address TYPE integer USING 1")
        .await
        .unwrap();
    let error = User::query().with(User::sessions).all(&db).await.unwrap_err();
    assert!(
        error.to_string().contains(r#"could not read column "session"."ip_address""#),
        "{error}"
    );
    assert_eq!((error.table(), error.column()), (Some("session"), Some("ip_address")));
    let tokens = User::sessions.select((Session::id, Session::ip_address));
    let error = User::query().select((User::id, tokens)).all(&db).await.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("session"), Some("ip_address")));
    // A prepared query has one text, and says which side is behind.
    let prepared = orm::prepare(|id: orm::Placeholder<String>| {
        User::query().filter(User::id.eq(id)).with(User::sessions)
    });
    let error = prepared.all(&db, "ada").await.unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.contains("orm-migrate diff")), "{error}");
}
