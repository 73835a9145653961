//! Prepared queries: built and rendered once, run with other values.

use crate::fixture::{hours, noon, people};
use auth::{Session, User};
use orm::prelude::*;
use orm::{Changes, ErrorKind, Insert, Placeholder, Prepared, prepare};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

static BY_EMAIL: LazyLock<Prepared<(String,), User>> = LazyLock::new(|| {
    prepare(|email: Placeholder<String>| User::query().filter(User::email.eq(email)))
});

#[tokio::test]
async fn a_query_in_a_static_is_run_with_values() {
    let (_database, db) = people().await;
    assert_eq!(BY_EMAIL.one(&db, "ada@example.com").await.unwrap().id, "ada");
    let email = String::from("grace@example.com");
    assert_eq!(BY_EMAIL.first(&db, &email).await.unwrap().unwrap().id, "grace");
    assert_eq!(BY_EMAIL.all(&db, email).await.unwrap().len(), 1);
    assert_eq!(BY_EMAIL.first(&db, "nobody").await.unwrap(), None);
    let none = BY_EMAIL.one(&db, "nobody").await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn placeholders_go_where_values_go() {
    let (_database, db) = people().await;
    let query = prepare(
        |ids: Placeholder<Vec<String>>,
         after: Placeholder<DateTime<Utc>>,
         rows: Placeholder<i64>,
         first: Placeholder<i64>,
         shown: Placeholder<Option<String>>| {
            Session::query()
                .filter(Session::user_id.is_in(ids))
                .filter(Session::expires_at.between(after.clone(), hours(5)))
                .filter(Session::created_at.ne(after))
                .order_by(Session::id.asc())
                .limit(rows)
                .offset(first)
                .select((Session::id, shown))
        },
    );
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT "session"."id", $1 FROM "session" WHERE "session"."user_id" = ANY($2) "#,
            r#"AND ("session"."expires_at" BETWEEN $3 AND $4) AND "session"."created_at" <> $3 "#,
            r#"ORDER BY "session"."id" LIMIT $5 OFFSET $6"#
        )
    );
    let users = vec!["ada", "grace"];
    let rows = query.all(&db, (users.clone(), noon(), 5, 0, "x")).await.unwrap();
    let x = || Some("x".to_owned());
    assert_eq!(rows, [("s1".to_owned(), x()), ("s3".to_owned(), x())]);
    let rows = query.all(&db, (users, hours(-9), 1, 1, None::<&str>)).await.unwrap();
    assert_eq!(rows, [("s2".to_owned(), None)]);
}

#[tokio::test]
async fn one_and_first_ask_for_no_more_rows_than_they_need() {
    let (_database, db) = people().await;
    let like = prepare(|name: Placeholder<String>| {
        User::query().filter(User::name.like(name)).order_by(User::id.asc()).select(User::id)
    });
    assert_eq!(like.first(&db, "A%").await.unwrap().unwrap(), "ada");
    assert_eq!(like.one(&db, "A%").await.unwrap_err().kind(), ErrorKind::TooManyRows);
    assert_eq!(like.all(&db, "A%").await.unwrap(), ["ada", "alan"]);
}

#[tokio::test]
async fn changes_are_prepared_too() {
    let (_database, db) = people().await;
    let add: Prepared<(String, String), Changes> =
        prepare(|id: Placeholder<String>, email: Placeholder<String>| {
            User::insert().id(id).name("New").email(email)
        });
    for id in ["x", "y"] {
        assert_eq!(add.execute(&db, (id, format!("{id}@example.com"))).await.unwrap(), 1);
    }
    let twice = add.execute(&db, ("x", "z@example.com")).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::UniqueViolation);
    let rename = prepare(|id: Placeholder<String>, image: Placeholder<Option<String>>| {
        User::update()
            .set(User::image.set(image))
            .filter(User::id.eq(id))
            .returning((User::id, User::image))
    });
    let renamed = rename.one(&db, ("x", Some("x.png"))).await.unwrap();
    assert_eq!(renamed, ("x".to_owned(), Some("x.png".to_owned())));
    assert_eq!(rename.one(&db, ("x", None::<String>)).await.unwrap().1, None);
    let remove = prepare(|name: Placeholder<String>| User::delete().filter(User::name.eq(name)));
    assert_eq!(remove.execute(&db, "New").await.unwrap(), 2);
}

static CHANGES: AtomicI64 = AtomicI64::new(0);

#[derive(Table, Debug, PartialEq)]
#[table(name = "prepared_counter")]
pub(crate) struct Counter {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(on_update = CHANGES.fetch_add(1, Ordering::Relaxed))]
    change: i64,
}

#[derive(Insertable)]
#[insert(into = Counter)]
struct NewCounter {
    id: i64,
    name: String,
}

#[tokio::test]
async fn values_that_the_client_makes_are_made_for_each_run() {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    let add = prepare(|id: Placeholder<i64>| Counter::insert().id(id).name("a"));
    let change = prepare(|name: Placeholder<String>| {
        Counter::update().set(Counter::name.set(name)).all_rows()
    });
    let newest = async || {
        let rows = Counter::query().select(Counter::change).order_by(Counter::id.desc());
        rows.first(&db).await.unwrap().unwrap()
    };
    add.execute(&db, 1).await.unwrap();
    let first = newest().await;
    add.execute(&db, 2).await.unwrap();
    let second = newest().await;
    change.execute(&db, "b").await.unwrap();
    let third = newest().await;
    change.execute(&db, "c").await.unwrap();
    assert!(first < second && second < third && third < newest().await);
}

#[tokio::test]
async fn values_that_the_client_makes_for_many_rows_are_made_for_each_run() {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    let builders =
        prepare(|| Insert::values((1..=150).map(|id| Counter::insert().id(id).name("a"))));
    let given = prepare(|| {
        let row = |id: i64| match id % 2 {
            0 => Counter::insert().id(id).name("a"),
            _ => Counter::insert().id(id).name("a").change(-id),
        };
        Insert::values((1..=150).map(row))
    });
    let structs =
        prepare(|| Insert::values((1..=150).map(|id| NewCounter { id, name: "a".into() })));
    for insert in [builders, given, structs] {
        assert!(insert.to_sql().text.ends_with("SELECT unnest($1), unnest($2), unnest($3)"));
        let mut last = Vec::new();
        for _ in 0..3 {
            assert_eq!(insert.execute(&db, ()).await.unwrap(), 150);
            let rows = Counter::query().order_by(Counter::id.asc());
            let rows = rows.select((Counter::id, Counter::change)).all(&db).await.unwrap();
            let (set, made): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.1 < 0);
            assert!(set.iter().all(|(id, change)| *change == -id));
            assert_eq!(made.len(), if set.is_empty() { 150 } else { 75 });
            let made: Vec<i64> = made.into_iter().map(|row| row.1).collect();
            assert!(made.iter().all(|change| !last.contains(change)), "made for each run");
            assert!(made.windows(2).all(|two| two[0] < two[1]), "and for each row");
            last.extend(made);
            Counter::delete().all_rows().execute(&db).await.unwrap();
        }
    }
}

#[tokio::test]
async fn placeholders_in_many_rows_stay_placeholders() {
    let (_database, db) = people().await;
    let add = prepare(|name: Placeholder<String>, image: Placeholder<Option<String>>| {
        let user = |n: i32| {
            let id = format!("u{n}");
            User::insert().email(&id).id(id).name(name.clone()).image(image.clone())
        };
        Insert::values((0..150).map(user)).returning((User::name, User::image))
    });
    let text = add.to_sql().text;
    assert!(text.contains("VALUES ($1, $2, $3, $4), ($5, $2, $6, $4), "), "{text}");
    // Used in each row, a placeholder is one parameter.
    assert_eq!(add.to_sql().params.len(), 2 * 150 + 2);
    for (name, image) in [("One", Some("i.png")), ("Two", None)] {
        let rows = add.all(&db, (name, image)).await.unwrap();
        assert_eq!(rows, vec![(name.to_owned(), image.map(str::to_owned)); 150]);
        User::delete().filter(User::name.eq(name)).execute(&db).await.unwrap();
    }
}

#[tokio::test]
async fn the_statement_is_prepared_once_on_a_session() {
    let (_database, db) = people().await;
    let connection = db.connection().await.unwrap();
    let by =
        prepare(|id: Placeholder<String>| User::query().filter(User::id.eq(id)).select(User::name));
    let before = connection.lease().await.unwrap().statement_count();
    for id in ["ada", "grace", "alan"] {
        by.all(&connection, id).await.unwrap();
    }
    assert_eq!(connection.lease().await.unwrap().statement_count(), before + 1);
}

#[tokio::test]
async fn a_query_that_cannot_be_written_says_so_when_it_is_run() {
    let (_database, db) = people().await;
    let nothing = prepare(|id: Placeholder<String>| User::update().filter(User::id.eq(id)));
    let error = nothing.execute(&db, "ada").await.unwrap_err();
    assert_eq!(error.to_string(), r#"the update of table "user" sets no column"#);
}

#[tokio::test]
async fn relations_of_a_prepared_query_are_loaded_as_those_of_any_other() {
    let (_database, db) = people().await;
    let by_hand = |id: &str| {
        User::query()
            .filter(User::id.eq(id.to_owned()))
            .with(User::sessions.order_by(Session::id.asc()).with(Session::user))
    };
    let query = prepare(|id: Placeholder<String>, after: Placeholder<DateTime<Utc>>| {
        let newer = User::sessions.filter(Session::created_at.ge(after));
        User::query()
            .filter(User::id.eq(id))
            .with(newer.order_by(Session::id.asc()).with(Session::user))
    });
    let text = query.to_sql().text;
    assert!(text.starts_with("WITH \"0 user\" ("), "{text}");
    let early = noon() - chrono::TimeDelta::days(10_000);
    for id in ["ada", "grace"] {
        let expected = by_hand(id).one(&db).await.unwrap();
        assert_eq!(query.one(&db, (id, early)).await.unwrap(), expected);
        assert_eq!(query.first(&db, (id, early)).await.unwrap().unwrap(), expected);
        assert_eq!(query.all(&db, (id, early)).await.unwrap(), [expected]);
    }
    let late = noon() + chrono::TimeDelta::days(10_000);
    assert!(query.one(&db, ("ada", late)).await.unwrap().sessions.is_empty());
    assert_eq!(query.first(&db, ("unknown", late)).await.unwrap(), None);
}
