//! Inserts of structs: the table's own, and smaller ones.

use crate::fixture::{empty, people};
use auth::User;
use orm::prelude::*;
use orm::{Insert, Maybe};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "struct_ticket")]
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
    #[given(column = note)]
    remark: Maybe<Option<String>>,
    #[given(skip)]
    #[expect(dead_code, reason = "no column")]
    seen: bool,
}

#[derive(Insertable)]
#[insert(into = Ticket, overriding_system_value)]
struct Restored {
    id: i64,
    subject: String,
    state: Option<String>,
}

async fn tickets() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Ticket::TABLE]).await;
    let db = database.db();
    (database, db)
}

fn new(subject: &str) -> NewTicket<'_> {
    NewTicket { subject, state: Maybe::Absent, remark: Maybe::Absent, seen: false }
}

#[tokio::test]
async fn a_row_that_was_read_is_inserted_again() {
    let (_database, db) = people().await;
    let ada = User::query().filter(User::id.eq("ada")).one(&db).await.unwrap();
    let copy = User { id: "copy".into(), email: "copy@example.com".into(), ..ada };
    let insert = Insert::values([copy.clone()]);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email", "email_verified", "image", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7)"#
    );
    assert_eq!(insert.returning_all().one(&db).await.unwrap(), copy);
}

#[tokio::test]
async fn several_rows_are_one_array_for_each_column() {
    let (_database, db) = people().await;
    let users = User::query().order_by(User::id.asc()).all(&db).await.unwrap();
    let (_other, db) = empty().await;
    let insert = Insert::values(users.clone());
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "name", "email", "email_verified", "image", "created_at", "updated_at") SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7)"#
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 3);
    assert_eq!(User::query().order_by(User::id.asc()).all(&db).await.unwrap(), users);
    assert_eq!(Insert::values(Vec::<User>::new()).execute(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn what_only_the_server_sets_is_left_out() {
    let (_database, db) = tickets().await;
    let row =
        Ticket { id: 77, subject: "printer".into(), state: "new".into(), note: None, length: 0 };
    let insert = Insert::values([row.clone(), row]);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "struct_ticket" ("subject", "state", "note") SELECT unnest($1), unnest($2), unnest($3)"#
    );
    let rows = insert.returning_all().all(&db).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.id, row.length)).collect::<Vec<_>>(), [(1, 7), (2, 7)]);
}

#[tokio::test]
async fn a_smaller_struct_gives_values_null_and_defaults() {
    let (_database, db) = tickets().await;
    let one = Insert::values([new("a")]);
    assert_eq!(one.to_sql(), r#"INSERT INTO "struct_ticket" ("subject") VALUES ($1)"#);
    one.execute(&db).await.unwrap();
    let mut rows = [new("b"), new("c"), new("d")];
    assert_eq!(
        Insert::values(rows.clone()).to_sql(),
        r#"INSERT INTO "struct_ticket" ("subject") SELECT unnest($1)"#
    );
    rows[1].state = Maybe::Value("closed".into());
    rows[2].remark = Maybe::Value(None);
    rows[0].remark = Maybe::Value(Some("x".into()));
    let insert = Insert::values(rows);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "struct_ticket" ("subject", "state", "note") VALUES ($1, DEFAULT, $2), ($3, $4, DEFAULT), ($5, DEFAULT, $6)"#
    );
    let rows =
        insert.returning((Ticket::subject, Ticket::state, Ticket::note)).all(&db).await.unwrap();
    let row = |subject: &str, state: &str, note: Option<&str>| {
        (subject.to_owned(), state.to_owned(), note.map(str::to_owned))
    };
    assert_eq!(
        rows,
        [row("b", "open", Some("x")), row("c", "closed", None), row("d", "open", None)]
    );
}

#[tokio::test]
async fn an_identity_is_set_where_the_servers_value_is_overridden() {
    let (_database, db) = tickets().await;
    let built = Ticket::insert().subject("a").overriding_system_value().id(7);
    assert_eq!(
        built.to_sql(),
        r#"INSERT INTO "struct_ticket" ("id", "subject") OVERRIDING SYSTEM VALUE VALUES ($1, $2)"#
    );
    assert_eq!(built.returning(Ticket::id).one(&db).await.unwrap(), 7);
    let restored = |id| Restored { id, subject: "r".into(), state: None };
    let insert = Insert::values([restored(8), restored(9)]);
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "struct_ticket" ("id", "subject") OVERRIDING SYSTEM VALUE SELECT unnest($1), unnest($2)"#
    );
    assert_eq!(insert.returning(Ticket::id).all(&db).await.unwrap(), [8, 9]);
    let ignored = Insert::values([restored(100)]).overriding_user_value();
    assert_eq!(
        ignored.to_sql(),
        r#"INSERT INTO "struct_ticket" ("id", "subject") OVERRIDING USER VALUE VALUES ($1, $2)"#
    );
    assert_eq!(ignored.returning(Ticket::id).one(&db).await.unwrap(), 1);
    let update = Ticket::update().set(Ticket::id.set_default()).filter(Ticket::id.eq(9));
    assert_eq!(update.returning(Ticket::id).one(&db).await.unwrap(), 2);
}
