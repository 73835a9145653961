//! Plans of statements, comments after them, and advisory locks.

use crate::fixture::people;
use auth::{Session, User};
use orm::ErrorKind;
use orm::prelude::*;

#[tokio::test]
async fn a_plan_is_text_that_names_the_table() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::name.like("A%"));
    let plan = query.explain().without_costs().text(&db).await.unwrap();
    assert_eq!(plan, "Seq Scan on \"user\"\n  Filter: (name ~~ 'A%'::text)");
    let plan = query.explain().analyze().buffers().verbose().settings().text(&db).await.unwrap();
    assert!(
        plan.contains("actual time=") && plan.contains("Buffers: ") && plan.contains("rows=2"),
        "{plan}"
    );
    let plan =
        query.explain().analyze().without_timing().without_summary().text(&db).await.unwrap();
    assert!(!plan.contains("actual time=") && !plan.contains("Execution Time"), "{plan}");
}

#[tokio::test]
async fn a_plan_is_a_document_too() {
    let (_database, db) = people().await;
    let plan = User::query().find("ada").explain().analyze().json(&db).await.unwrap();
    assert_eq!(plan[0]["Plan"]["Relation Name"], "user");
    assert_eq!(plan[0]["Plan"]["Actual Rows"].as_f64(), Some(1.0));
}

#[tokio::test]
async fn an_analyzed_change_happens_unless_it_is_rolled_back() {
    let (_database, db) = people().await;
    let delete = Session::delete().filter(Session::user_id.eq("ada"));
    let plan = delete.explain().without_costs().text(&db).await.unwrap();
    assert!(plan.starts_with("Delete on session"), "{plan}");
    let plan = delete.explain().analyze().text_rolled_back(&db).await.unwrap();
    assert!(plan.contains("rows=2"), "{plan}");
    delete.explain().analyze().json_rolled_back(&db).await.unwrap();
    assert_eq!(Session::query().count(&db).await.unwrap(), 3);
    delete.explain().analyze().wal().text(&db).await.unwrap();
    assert_eq!(Session::query().count(&db).await.unwrap(), 1);
    let insert = User::insert().id("x").name("X").email("x@example.com");
    for plan in [
        insert.clone().build().explain().text(&db).await.unwrap(),
        insert.returning_all().explain().text(&db).await.unwrap(),
    ] {
        assert!(plan.starts_with("Insert on \"user\""), "{plan}");
    }
    let update = User::update().set(User::name.set("x")).all_rows();
    let plan = update.explain().text(&db).await.unwrap();
    assert!(plan.starts_with("Update on \"user\""), "{plan}");
}

#[tokio::test]
async fn an_option_that_needs_another_is_an_error_of_the_server() {
    let (_database, db) = people().await;
    let error = User::query().explain().wal().text(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
    assert!(error.to_string().contains("WAL requires ANALYZE"), "{error}");
}

#[tokio::test]
async fn a_comment_follows_the_statement_and_cannot_end_early() {
    let (_database, db) = people().await;
    let query = User::query().find("ada").select(User::id);
    let plain = query.to_sql().text;
    for (comment, written) in [
        ("route='/users'", "route='/users'"),
        ("*/; DROP TABLE \"user\"; /*", "* /; DROP TABLE \"user\"; / *"),
        ("**//**/", "** // ** /"),
        ("/*/", "/ * /"),
        ("*\0/", "* /"),
        ("$1 -- '\n", "$1 -- '\n"),
        ("", ""),
    ] {
        let query = query.clone().comment(comment);
        assert_eq!(query.to_sql(), format!("{plain} /* {written} */").as_str());
        assert_eq!(query.clone().all(&db).await.unwrap(), ["ada"], "{comment}");
        assert_eq!(query.count(&db).await.unwrap(), 1);
    }
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
    // Within another statement it is left out.
    let inner = Session::query().select(Session::user_id).comment("inner");
    let outer = User::query().filter(User::id.is_in(inner)).select(User::id).comment("outer");
    let sql = outer.to_sql().text;
    assert!(sql.ends_with(r#"(SELECT "session"."user_id" FROM "session") /* outer */"#), "{sql}");
}

#[tokio::test]
async fn advisory_locks_are_held_until_the_transaction_ends() {
    let (_database, db) = people().await;
    let one = db.begin().await.unwrap();
    let other = db.begin().await.unwrap();
    one.advisory_lock("invoices").await.unwrap();
    one.advisory_lock_shared(7).await.unwrap();
    assert!(!other.try_advisory_lock("invoices").await.unwrap());
    assert!(!other.try_advisory_lock(7).await.unwrap());
    assert!(other.try_advisory_lock_shared(7).await.unwrap());
    assert!(other.try_advisory_lock(String::from("letters")).await.unwrap());
    one.commit().await.unwrap();
    assert!(other.try_advisory_lock("invoices").await.unwrap());
    other.commit().await.unwrap();
}
