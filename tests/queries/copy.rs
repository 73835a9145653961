//! `COPY` of typed rows, in and out.

use crate::custom;
use crate::fixture::{empty, noon, people};
use auth::{Session, User};
use futures_util::{TryStreamExt as _, stream};
use orm::prelude::*;
use orm::{Error, ErrorKind, Maybe};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "copy_ticket")]
struct Ticket {
    #[column(primary_key, identity)]
    id: i64,
    subject: String,
    #[column(default = "open")]
    state: String,
    note: Option<String>,
    #[column(generated = "length(subject)")]
    length: i32,
}

#[derive(Insertable, Clone)]
#[insert(into = Ticket)]
struct NewTicket<'a> {
    subject: &'a str,
    state: Maybe<String>,
    note: Maybe<Option<String>>,
}

#[derive(Insertable)]
#[insert(into = Ticket, overriding_system_value)]
struct Restored {
    id: i64,
    subject: String,
}

async fn tickets() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Ticket::TABLE]).await;
    let db = database.db();
    (database, db)
}

fn ticket(subject: &str) -> Ticket {
    Ticket { id: 77, subject: subject.into(), state: "new".into(), note: None, length: 0 }
}

fn new(subject: &str) -> NewTicket<'_> {
    NewTicket { subject, state: Maybe::Absent, note: Maybe::Absent }
}

async fn all(db: &Db) -> Vec<(i64, String, String, Option<String>, i32)> {
    let columns = (Ticket::id, Ticket::subject, Ticket::state, Ticket::note, Ticket::length);
    Ticket::query().order_by(Ticket::id.asc()).select(columns).all(db).await.unwrap()
}

#[tokio::test]
async fn structs_of_a_table_are_copied_in_and_out() {
    let (_database, db) = people().await;
    let users: Vec<User> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(users.len(), 3);
    let (_other, db) = empty().await;
    assert_eq!(orm::copy_in::<User>(&db, users.clone()).await.unwrap(), 3);
    assert_eq!(User::query().all(&db).await.unwrap(), users);
    let again = orm::copy_in(&db, users).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::UniqueViolation);
    assert_eq!(
        again.sql(),
        Some(concat!(
            r#"COPY "user" ("id", "name", "email", "email_verified", "image", "created_at", "#,
            r#""updated_at") FROM STDIN (FORMAT binary)"#
        ))
    );
    let copy = orm::copy_out::<User>(&db).await.unwrap();
    assert_eq!(
        copy.sql(),
        concat!(
            r#"COPY (SELECT "user"."id", "user"."name", "user"."email", "user"."email_verified", "#,
            r#""user"."image", "user"."created_at", "user"."updated_at" FROM "user") "#,
            "TO STDOUT (FORMAT binary)"
        )
    );
}

#[tokio::test]
async fn what_only_the_server_sets_is_left_out() {
    let (_database, db) = tickets().await;
    let count = orm::copy_in(&db, ["printer", "door"].map(ticket)).await.unwrap();
    assert_eq!(count, 2);
    let row = |id, subject: &str| (id, subject.to_owned(), "new".to_owned(), None);
    let rows: Vec<_> = all(&db).await.into_iter().map(|row| (row.0, row.1, row.2, row.3)).collect();
    assert_eq!(rows, [row(1, "printer"), row(2, "door")]);
    assert_eq!(all(&db).await.iter().map(|row| row.4).collect::<Vec<_>>(), [7, 4]);
    let restored = [(40, "a"), (41, "b")].map(|(id, s)| Restored { id, subject: s.into() });
    assert_eq!(orm::copy_in(&db, restored).await.unwrap(), 2);
    let ids: Vec<i64> = all(&db).await.iter().map(|row| row.0).collect();
    assert_eq!(ids, [1, 2, 40, 41]);
}

#[tokio::test]
async fn smaller_structs_leave_columns_to_their_defaults() {
    let (_database, db) = tickets().await;
    let with_note =
        |note: Option<&str>| NewTicket { note: Maybe::Value(note.map(str::to_owned)), ..new("b") };
    // NULL is the default of a note, given or not.
    let rows = [new("a"), with_note(Some("x")), with_note(None), new("c")];
    assert_eq!(orm::copy_in(&db, rows).await.unwrap(), 4);
    let read: Vec<_> = all(&db).await.into_iter().map(|row| (row.1, row.2, row.3)).collect();
    let row = |subject: &str, note: Option<&str>| {
        (subject.to_owned(), "open".to_owned(), note.map(str::to_owned))
    };
    assert_eq!(read, [row("a", None), row("b", Some("x")), row("b", None), row("c", None)]);
}

#[tokio::test]
async fn rows_that_give_other_columns_than_the_first_are_refused() {
    let (_database, db) = tickets().await;
    let closed = || NewTicket { state: Maybe::Value("closed".into()), ..new("a") };
    let given = orm::copy_in(&db, [new("a"), closed()]).await.unwrap_err();
    assert_eq!(
        given.to_string(),
        r#"column "copy_ticket"."state" of row 2 has a value, and the first row has none"#
    );
    assert_eq!((given.table(), given.column()), (Some("copy_ticket"), Some("state")));
    assert!(given.hint().unwrap().contains("Insert::values"));
    let missing = orm::copy_in(&db, [closed(), closed(), new("a")]).await.unwrap_err();
    assert_eq!(
        missing.to_string(),
        r#"column "copy_ticket"."state" of row 3 has no value, and the first row has one"#
    );
    assert_eq!(all(&db).await, []);
    // The session is as it was.
    assert_eq!(orm::copy_in(&db, [closed(), closed()]).await.unwrap(), 2);
    let nothing = orm::copy_in(&db, Vec::<Ticket>::new()).await.unwrap();
    assert_eq!(nothing, 0);
}

#[tokio::test]
async fn builders_are_copied_where_they_give_values() {
    let (_database, db) = people().await;
    let session = |id: &str| {
        Session::insert().token(id).id(id).user_id("ada").expires_at(noon()).updated_at(noon())
    };
    assert_eq!(orm::copy_in(&db, ["x", "y", "z"].map(session)).await.unwrap(), 3);
    let tokens = Session::query().filter(Session::id.is_in(["x", "y", "z"]));
    let tokens = tokens.order_by(Session::id.asc()).select(Session::token).all(&db).await.unwrap();
    assert_eq!(tokens, ["x", "y", "z"]);
    let other = [session("p"), session("q").ip_address("::1")];
    let other = orm::copy_in(&db, other).await.unwrap_err();
    assert_eq!(
        other.to_string(),
        r#"column "session"."ip_address" of row 2 has a value, and the first row has none"#
    );
    // `updated_at` is `now()` unless it is given.
    let made = Session::insert().token("t").id("t").user_id("ada").expires_at(noon());
    let made = orm::copy_in(&db, [made]).await.unwrap_err();
    assert_eq!(
        made.to_string(),
        r#"column "session"."updated_at" of row 1 is an expression, and COPY takes values"#
    );
}

#[tokio::test]
async fn rows_of_a_stream_are_copied_and_its_error_ends_the_copy() {
    let (_database, db) = tickets().await;
    let rows = stream::iter((0..20_000).map(|n| Ok::<_, Error>(ticket(&format!("{n}")))));
    assert_eq!(orm::copy_in_stream(&db, rows).await.unwrap(), 20_000);
    let bad = [Ok(ticket("a")), Err(Error::new(ErrorKind::Config, "no more"))];
    let error = orm::copy_in_stream(&db, stream::iter(bad)).await.unwrap_err();
    assert_eq!(error.to_string(), "no more");
    assert_eq!(Ticket::query().count(&db).await.unwrap(), 20_000);
    let none = stream::iter(Vec::<Result<Ticket, Error>>::new());
    assert_eq!(orm::copy_in_stream(&db, none).await.unwrap(), 0);
    let subjects = Ticket::query().order_by(Ticket::id.asc()).select(Ticket::subject);
    let subjects: Vec<String> = subjects.copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert!((0..20_000).map(|n| n.to_string()).eq(subjects));
}

#[tokio::test]
async fn queries_without_values_are_copied_out() {
    let (_database, db) = people().await;
    let sessions = User::query()
        .left_join(Session, Session::user_id.eq(User::id))
        .order_by((User::id.asc(), Session::id.asc()))
        .select((User::id, Session::id));
    let copy = sessions.copy_out(&db).await.unwrap();
    assert_eq!(
        copy.sql(),
        concat!(
            r#"COPY (SELECT "user"."id", "session"."id" FROM "user" LEFT JOIN "session" "#,
            r#"ON "session"."user_id" = "user"."id" ORDER BY "user"."id", "session"."id") "#,
            "TO STDOUT (FORMAT binary)"
        )
    );
    let rows: Vec<(String, Option<String>)> = copy.try_collect().await.unwrap();
    let row = |user: &str, session: Option<&str>| (user.to_owned(), session.map(str::to_owned));
    assert_eq!(
        rows,
        [
            row("ada", Some("s1")),
            row("ada", Some("s2")),
            row("alan", None),
            row("grace", Some("s3"))
        ]
    );
    let ada = User::query().filter(User::id.eq("ada")).copy_out(&db).await.unwrap_err();
    assert_eq!(
        ada.to_string(),
        "the query has a value (`$1`), and COPY takes a query without parameters"
    );
    assert!(ada.hint().unwrap().contains(".stream(..)"));
    assert!(User::query().limit(1).copy_out(&db).await.is_err());
}

#[tokio::test]
async fn custom_types_and_arrays_are_copied() {
    let (_database, db) = custom::database().await;
    let rows = vec![custom::full(), custom::empty()];
    assert_eq!(orm::copy_in(&db, rows.clone()).await.unwrap(), 2);
    let people = custom::Person::query().order_by(custom::Person::id.asc());
    assert_eq!(people.clone().all(&db).await.unwrap(), rows);
    let copied: Vec<custom::Person> =
        people.copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied, rows);
}

#[tokio::test]
async fn a_copy_is_part_of_its_transaction() {
    let (_database, db) = tickets().await;
    let tx = db.begin().await.unwrap();
    orm::copy_in(&tx, [ticket("a")]).await.unwrap();
    let seen: Vec<Ticket> = orm::copy_out(&tx).await.unwrap().try_collect().await.unwrap();
    assert_eq!(seen.len(), 1);
    tx.rollback().await.unwrap();
    assert_eq!(all(&db).await, []);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "copy_missing")]
struct NotThere {
    #[column(primary_key)]
    id: i64,
}

#[tokio::test]
async fn a_table_that_is_missing_is_said_to_be_behind() {
    let database = orm_test_support::database().await;
    let db = database.db();
    let error = orm::copy_in(&db, [NotThere { id: 1 }]).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("42P01"));
    assert!(error.hint().unwrap().contains("orm-migrate apply"));
    let error = orm::copy_out::<NotThere>(&db).await.unwrap_err();
    assert!(error.hint().unwrap().contains("orm-migrate apply"));
}
