//! Empty lists: they mean none, never all, and never something else.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;
use orm::query::Assignment;
use orm::{ErrorKind, Insert};

/// Every column has a default.
#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Ticket {
    #[column(primary_key, identity)]
    id: i64,
    #[column(default = "open")]
    state: String,
}

/// Its only column is set by the client.
#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Touched {
    #[column(primary_key, on_update = now())]
    at: DateTime<Utc>,
}

fn no_tickets() -> Insert<Ticket> {
    Insert::values(Vec::<TicketInsert>::new())
}

#[tokio::test]
async fn an_insert_of_no_rows_inserts_nothing() {
    let (database, db) = people().await;
    assert_eq!(no_tickets().to_sql(), r#"INSERT INTO "ticket" SELECT WHERE false"#);
    assert_eq!(no_tickets().execute(&db).await.unwrap(), 0);
    assert_eq!(no_tickets().returning_all().all(&db).await.unwrap(), []);
    assert_eq!(no_tickets().returning_all().first(&db).await.unwrap(), None);
    let states = no_tickets().returning(Ticket::state);
    assert_eq!(states.all(&db).await.unwrap(), [""; 0]);
    let only = no_tickets().returning_all().one(&db).await.unwrap_err();
    assert_eq!(only.kind(), ErrorKind::NotFound);
    let touched = || Insert::values(Vec::<TouchedInsert>::new());
    assert_eq!(touched().execute(&db).await.unwrap(), 0);
    // The text is one that the server takes, and that inserts nothing.
    database.execute(&no_tickets().to_sql().text).await;
    database.execute(&no_tickets().returning_all().to_sql().text).await;
    database.execute(&touched().to_sql().text).await;
    assert_eq!(Ticket::query().count(&db).await.unwrap(), 0);
    assert_eq!(Touched::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn an_upsert_of_no_rows_inserts_nothing() {
    let (database, db) = people().await;
    let nothing = no_tickets().on_conflict(Ticket::id).do_nothing();
    let update = no_tickets().on_conflict(Ticket::id).do_update(Ticket::state.set("closed"));
    assert_eq!(nothing.clone().execute(&db).await.unwrap(), 0);
    assert_eq!(update.clone().execute(&db).await.unwrap(), 0);
    for insert in [nothing.to_sql().text, update.to_sql().text] {
        database.execute(&insert.replace("$1", "'closed'")).await;
    }
    assert_eq!(nothing.returning_all().all(&db).await.unwrap(), []);
    assert_eq!(update.returning_all().all(&db).await.unwrap(), []);
    assert_eq!(Ticket::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_that_set_nothing_are_rows() {
    let (_database, db) = people().await;
    assert_eq!(Ticket::insert().execute(&db).await.unwrap(), 1);
    let two = Insert::values([Ticket::insert(), Ticket::insert()]);
    assert_eq!(two.returning(Ticket::state).all(&db).await.unwrap(), ["open", "open"]);
    assert_eq!(Touched::insert().execute(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_upsert_that_sets_nothing_is_refused_and_not_made_one_that_does_nothing() {
    let (_database, db) = people().await;
    let ada = || User::insert().id("ada").name("Countess").email("ada@example.com");
    let none = ada().on_conflict(User::id).do_update(None::<Assignment<User>>);
    let empty = ada().on_conflict(User::id).do_update(Vec::<Assignment<User>>::new());
    for insert in [none, empty] {
        let error = insert.clone().execute(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query);
        assert_eq!(error.table(), Some("user"));
        assert_eq!(error.to_string(), "the upsert of table \"user\" sets no column");
        let hint = "give `.do_update(..)` at least one assignment, or call `.do_nothing()`";
        assert_eq!(error.hint(), Some(hint));
        assert!(insert.returning_all().one(&db).await.is_err());
    }
    // Without rows too: what is wrong does not depend on the data.
    let set = None::<Assignment<Ticket>>;
    assert!(no_tickets().on_conflict(Ticket::id).do_update(set).execute(&db).await.is_err());
}

#[tokio::test]
async fn an_update_that_sets_nothing_is_refused() {
    let (_database, db) = people().await;
    let unset = || User::update().all_rows();
    let none = unset().set(None::<Assignment<User>>);
    let empty = unset().set(Vec::<Assignment<User>>::new());
    for update in [unset(), none, empty] {
        assert_eq!(update.clone().execute(&db).await.unwrap_err().kind(), ErrorKind::Query);
        assert!(update.returning_all().all(&db).await.is_err());
    }
}

#[tokio::test]
async fn nothing_is_in_an_empty_list_and_everything_is_not_in_it() {
    let (_database, db) = people().await;
    let none: Vec<String> = Vec::new();
    let all = User::query().count(&db).await.unwrap();
    assert_eq!(User::query().filter(User::id.is_in(none.clone())).count(&db).await.unwrap(), 0);
    let others = User::query().filter(User::id.is_not_in(none.clone()));
    assert_eq!(others.count(&db).await.unwrap(), all);
    // Also of a column that can be NULL.
    let none_of = User::query().filter(User::image.is_in(none.clone()));
    assert_eq!(none_of.count(&db).await.unwrap(), 0);
    let others = User::query().filter(User::image.is_not_in(none.clone()));
    assert_eq!(others.count(&db).await.unwrap(), all);
    let update = User::update().set(User::name.set("X")).filter(User::id.is_in(none.clone()));
    assert_eq!(update.execute(&db).await.unwrap(), 0);
    let delete = Session::delete().filter(Session::id.is_in(none));
    assert_eq!(delete.execute(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_limit_of_no_rows_gives_none() {
    let (_database, db) = people().await;
    assert_eq!(User::query().limit(0).all(&db).await.unwrap(), []);
    assert_eq!(User::query().limit(0).count(&db).await.unwrap(), 0);
    assert!(!User::query().limit(0).exists(&db).await.unwrap());
}

#[tokio::test]
async fn an_empty_list_of_conditions_changes_no_row() {
    let (_database, db) = people().await;
    let none = Vec::<orm::Condition<Session>>::new;
    for conditions in [none(), vec![orm::all(none()).into()]] {
        let error =
            Session::delete().filter(orm::all(conditions.clone())).execute(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query);
        assert_eq!(error.table(), Some("session"));
        assert_eq!(error.to_string(), r#"the delete of table "session" would change every row"#);
        let update = Session::update().set(Session::token.set("x")).filter(orm::all(conditions));
        let error = update.returning_all().all(&db).await.unwrap_err();
        assert_eq!(error.to_string(), r#"the update of table "session" would change every row"#);
    }
    let not_any = Session::delete().filter(!orm::any(none())).execute(&db).await;
    assert_eq!(not_any.unwrap_err().kind(), ErrorKind::Query);
    assert_eq!(Session::query().count(&db).await.unwrap(), 3);
    // Together with another condition it restricts nothing further; `any` of none is no row.
    let one = Session::delete().filter(Session::id.eq("s1")).filter(orm::all(none()));
    assert_eq!(one.execute(&db).await.unwrap(), 1);
    assert_eq!(Session::delete().filter(orm::any(none())).execute(&db).await.unwrap(), 0);
    assert_eq!(Session::delete().all_rows().execute(&db).await.unwrap(), 2);
}
