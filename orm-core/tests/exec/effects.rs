//! SQL by hand that can leave nothing behind costs no cleaning, and what may is cleaned.

use crate::server::Fixture;
use orm_core::exec::{Cache, Db, Executor, Row};

#[path = "../../src/exec/effects/functions.rs"]
#[expect(dead_code, reason = "the list is what is looked at")]
mod functions;

const LAST: &str = "SELECT query FROM pg_stat_activity WHERE application_name = 'orm' AND datname = current_database()";

/// The last statement of the only session of the pool, once it is idle.
async fn last(fixture: &Fixture) -> String {
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    fixture.witness.query_one(LAST, &[]).await.expect("a session")
}

async fn one_session(fixture: &Fixture) -> Db {
    fixture
        .witness
        .batch_execute(
            "CREATE TABLE t (n int); CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        )
        .await
        .expect("a table");
    fixture.config().max_connections(1).connect().await.expect("a database")
}

#[tokio::test]
async fn plain_sql_by_hand_costs_no_cleaning() {
    let fixture = Fixture::new().await;
    let db = one_session(&fixture).await;
    for sql in [
        "SELECT count(*) FROM t",
        "INSERT INTO t (n) VALUES (1)",
        "UPDATE t SET n = n + 1",
        "WITH x AS (DELETE FROM t RETURNING n) SELECT n FROM x",
        "SELECT set_config('app.user', 'ada', true)",
        "SET LOCAL app.name = 'ada'",
    ] {
        db.execute(sql, &[]).await.expect(sql);
        assert_eq!(last(&fixture).await, sql);
        db.batch_execute(sql).await.expect(sql);
        assert_eq!(last(&fixture).await, sql);
        db.query::<Row>(sql, &[]).await.expect(sql);
        assert_eq!(last(&fixture).await, sql);
        let lease = db.lease().await.expect("a lease");
        lease.execute(sql, &[], Cache::Named).await.expect(sql);
        drop(lease);
        assert_eq!(last(&fixture).await, sql);
    }
    let sql = "SELECT n FROM t WHERE n = $1";
    db.query::<i32>(sql, &[&1]).await.expect("rows");
    assert_eq!(last(&fixture).await, sql);
    // A statement that fails leaves nothing either.
    db.query::<i32>("SELECT 1 / 0", &[]).await.expect_err("division by zero");
    assert_eq!(last(&fixture).await, "SELECT 1 / 0");
    db.transaction(async |tx| tx.execute("INSERT INTO t (n) VALUES (5)", &[]).await)
        .await
        .expect("committed");
    assert_eq!(last(&fixture).await, "SELECT; COMMIT");
}

#[tokio::test]
async fn sql_by_hand_that_may_leave_something_is_followed_by_a_cleaning() {
    let fixture = Fixture::new().await;
    let db = one_session(&fixture).await;
    for sql in ["SELECT mine()", "SET work_mem = '77kB'", "SELECT 1; BEGIN"] {
        db.batch_execute(sql).await.expect(sql);
        let last = last(&fixture).await;
        assert!(last.contains("RESET ALL") || last.contains("pg_prepared_statements"), "{last}");
    }
}

#[tokio::test]
async fn what_is_set_for_a_transaction_ends_with_it() {
    let fixture = Fixture::new().await;
    let db = one_session(&fixture).await;
    let user = "SELECT coalesce(current_setting('app.user', true), '')";
    for end in ["commit", "rollback", "drop"] {
        let tx = db.begin().await.expect("begun");
        tx.execute("SELECT set_config('app.user', $1, true)", &[&"ada"]).await.expect("set");
        assert_eq!(tx.query_one::<String>(user, &[]).await.expect("a user"), "ada");
        match end {
            "commit" => tx.commit().await.expect("committed"),
            "rollback" => tx.rollback().await.expect("rolled back"),
            _ => drop(tx),
        }
        assert_eq!(db.query_one::<String>(user, &[]).await.expect("no user"), "", "{end}");
    }
}

#[tokio::test]
async fn functions_that_count_as_harmless_are_postgresqls_and_not_volatile() {
    let fixture = Fixture::new().await;
    // Words of the grammar that stand for a function of another name.
    let grammar = ["grouping", "normalize"];
    // They read a clock, a source of chance, the size of a file; or end with the transaction.
    let volatile = [
        "clock_timestamp",
        "gen_random_uuid",
        "pg_advisory_xact_lock",
        "pg_relation_size",
        "pg_sleep",
        "pg_total_relation_size",
        "pg_try_advisory_xact_lock",
        "random",
        "timeofday",
    ];
    let sql = "SELECT count(*), count(*) FILTER (WHERE provolatile = 'v') FROM pg_proc \
               WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = $1";
    for name in functions::HARMLESS {
        let (all, volatile_ones): (i64, i64) =
            fixture.witness.query_one(sql, &[name]).await.expect("a count");
        assert!(all > 0 || grammar.contains(name), "{name} is no function of PostgreSQL");
        assert!(volatile_ones == 0 || volatile.contains(name), "{name} is volatile");
    }
    // What keywords a function cannot have.
    let sql = "SELECT catcode::text FROM pg_get_keywords() WHERE word = $1";
    for word in functions::SYNTAX {
        let code: Option<String> = fixture.witness.query_opt(sql, &[word]).await.expect("a row");
        assert!(matches!(code.as_deref(), Some("R" | "C")), "{word}: {code:?}");
    }
}
