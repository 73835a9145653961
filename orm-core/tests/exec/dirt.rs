//! Everything that SQL can leave behind in a session, through every public way to run it: the next user of the pool
//! sees none of it.

use crate::server::Fixture;
use orm_core::exec::{Cache, Db, Executor};
use std::fmt::Write as _;

/// One thing that a user leaves behind.
struct Dirt {
    name: &'static str,
    /// What is run, one statement after the other.
    leave: &'static [&'static str],
    /// True in a session without it; empty where a savepoint tells, which is an error outside of transactions.
    is_gone: &'static str,
}

const fn dirt(name: &'static str, leave: &'static [&'static str], is_gone: &'static str) -> Dirt {
    Dirt { name, leave, is_gone }
}

const IN_TRANSACTION: &str = "";

const DIRT: &[Dirt] = &[
    dirt("an open transaction", &["BEGIN", "INSERT INTO t VALUES (-1)"], IN_TRANSACTION),
    dirt("a failed transaction", &["BEGIN", "SELECT 1/0"], IN_TRANSACTION),
    dirt("a savepoint", &["BEGIN", "SAVEPOINT orm_2"], IN_TRANSACTION),
    dirt(
        "characteristics of the session",
        &["SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY"],
        "SELECT current_setting('transaction_isolation') = 'read committed' \
         AND current_setting('transaction_read_only') = 'off'",
    ),
    dirt(
        "SET",
        &["SET work_mem = '77kB'"],
        "SELECT current_setting('work_mem') = (SELECT reset_val || unit FROM pg_settings WHERE name = 'work_mem') \
         OR current_setting('work_mem') <> '77kB'",
    ),
    dirt("SET ROLE", &["SET ROLE pg_monitor"], "SELECT current_user = session_user"),
    dirt(
        "SET SESSION AUTHORIZATION",
        &["SET SESSION AUTHORIZATION pg_monitor"],
        "SELECT session_user::text = 'postgres'",
    ),
    dirt("search_path", &["SET search_path = hidden"], "SELECT to_regclass('t') IS NOT NULL"),
    dirt(
        "set_config",
        &["SELECT set_config('app.user', 'eve', false)"],
        "SELECT coalesce(current_setting('app.user', true), '') = ''",
    ),
    dirt(
        "statement_timeout",
        &["SET statement_timeout = 12345"],
        "SELECT current_setting('statement_timeout') = '0'",
    ),
    dirt(
        "row_security",
        &["SET row_security = off"],
        "SELECT current_setting('row_security') = 'on'",
    ),
    dirt(
        "session_replication_role",
        &["SET session_replication_role = replica"],
        "SELECT current_setting('session_replication_role') = 'origin'",
    ),
    dirt(
        "application_name",
        &["SET application_name = 'eve'"],
        "SELECT current_setting('application_name') = 'orm'",
    ),
    dirt(
        "time zone",
        &["SET TIME ZONE 'Asia/Tokyo'"],
        "SELECT current_setting('TimeZone') <> 'Asia/Tokyo'",
    ),
    dirt(
        "client_encoding",
        &["SET client_encoding = 'LATIN1'"],
        "SELECT current_setting('client_encoding') = 'UTF8'",
    ),
    dirt(
        "an advisory lock",
        &["SELECT pg_advisory_lock(hashtext(current_database()))"],
        "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())",
    ),
    dirt(
        "a shared advisory lock taken twice",
        &["SELECT pg_advisory_lock_shared(1, 2)", "SELECT pg_advisory_lock_shared(1, 2)"],
        "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())",
    ),
    dirt(
        "a temporary table",
        &["CREATE TEMP TABLE mine (n int)"],
        "SELECT to_regclass('mine') IS NULL",
    ),
    dirt(
        "a temporary table that hides another",
        &["CREATE TEMP TABLE t (n int)"],
        "SELECT 't'::regclass = 'public.t'::regclass",
    ),
    dirt("LISTEN", &["LISTEN gossip"], "SELECT NOT EXISTS (SELECT FROM pg_listening_channels())"),
    dirt(
        "PREPARE",
        &["PREPARE \"mine; DROP\" AS SELECT 1", "PREPARE again AS SELECT 2"],
        "SELECT NOT EXISTS (SELECT FROM pg_prepared_statements WHERE from_sql)",
    ),
    dirt("DEALLOCATE ALL", &["DEALLOCATE ALL"], "SELECT true"),
    dirt("DISCARD ALL", &["DISCARD ALL"], "SELECT true"),
    dirt(
        "a cursor WITH HOLD",
        &["DECLARE mine CURSOR WITH HOLD FOR SELECT 1"],
        "SELECT NOT EXISTS (SELECT FROM pg_cursors WHERE is_holdable)",
    ),
    dirt("the seed of random()", &["SELECT setseed(0.5)"], "SELECT random() <> 0.9851677175347999"),
    dirt(
        "a function that leaves settings",
        &["SELECT leaves_settings()"],
        "SELECT current_setting('work_mem') <> '88kB'",
    ),
];

/// One public way to run SQL on a session of the pool.
#[derive(Debug, Clone, Copy)]
enum Door {
    Rows,
    Execute,
    Batch,
    DbExecute,
    LeaseExecute(Cache),
    LeaseStream(Cache),
    /// A lease of a connection that is held.
    HeldLease,
    /// A transaction and a lease of it. What is left is ended with the transaction, or lasts longer.
    Transaction,
    /// A future that is dropped right after it was polled once.
    Dropped,
    /// A transaction that is forgotten instead of dropped.
    Forgotten,
}

const DOORS: [Door; 12] = [
    Door::Rows,
    Door::Execute,
    Door::Batch,
    Door::DbExecute,
    Door::LeaseExecute(Cache::Named),
    Door::LeaseExecute(Cache::Unnamed),
    Door::LeaseStream(Cache::Named),
    Door::LeaseStream(Cache::Unnamed),
    Door::HeldLease,
    Door::Transaction,
    Door::Dropped,
    Door::Forgotten,
];

/// Runs the statements through that door and gives the session back. Some of them fail, on purpose.
async fn leave(db: &Db, door: Door, statements: &[&str]) {
    use futures_util::{FutureExt as _, StreamExt as _};
    let mut connection = db.connection().await.expect("a connection");
    for sql in statements {
        let lease = connection.lease().await.expect("a lease");
        match door {
            Door::Rows => drop(connection.query::<orm_core::exec::DriverRow>(sql, &[]).await),
            Door::Execute => drop(connection.execute(sql, &[]).await),
            Door::Batch => drop(connection.batch_execute(sql).await),
            Door::DbExecute => {
                drop(lease);
                drop(connection);
                drop(db.execute(sql, &[]).await);
                connection = db.connection().await.expect("a connection");
            }
            Door::LeaseExecute(cache) => {
                drop(lease);
                drop(connection);
                drop(db.lease().await.expect("a lease").execute(sql, &[], cache).await);
                connection = db.connection().await.expect("a connection");
            }
            Door::LeaseStream(cache) => {
                if let Ok(mut rows) = lease.query_stream(sql, &[], cache).await {
                    while let Some(row) = rows.next().await {
                        drop(row);
                    }
                }
            }
            Door::HeldLease => drop(lease.execute(sql, &[], Cache::Unnamed).await),
            Door::Dropped => drop(connection.batch_execute(sql).now_or_never()),
            Door::Transaction | Door::Forgotten => {}
        }
    }
    if let Door::Transaction | Door::Forgotten = door {
        let tx = connection.begin().await.expect("begun");
        for (index, sql) in statements.iter().enumerate() {
            if index % 2 == 0 {
                drop(tx.batch_execute(sql).await);
            } else {
                let lease = tx.lease().await.expect("a lease");
                drop(lease.execute(sql, &[], Cache::Unnamed).await);
            }
        }
        match door {
            Door::Forgotten => std::mem::forget(tx),
            _ => drop(tx.commit().await),
        }
    }
}

#[tokio::test]
async fn nothing_that_sql_leaves_in_a_session_reaches_the_next_user_of_the_pool() {
    let fixture = Fixture::new().await;
    fixture
        .witness
        .batch_execute(
            "CREATE TABLE t (n int); CREATE SCHEMA hidden; \
             CREATE FUNCTION leaves_settings() RETURNS void LANGUAGE sql AS \
             $$SELECT set_config('work_mem', '88kB', false); SELECT pg_advisory_lock(7)$$",
        )
        .await
        .expect("tables");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let mut found = String::new();
    let mut acknowledged = 0_i64;
    for dirt in DIRT {
        for door in DOORS {
            leave(&db, door, dirt.leave).await;
            // The next user: first what was written through it is permanent, without a transaction of its own.
            for cache in [Cache::Named, Cache::Unnamed] {
                let lease = db.lease().await.expect("a session");
                match lease.execute("INSERT INTO public.t VALUES (1)", &[], cache).await {
                    Ok(count) => acknowledged += i64::try_from(count).unwrap_or(0),
                    Err(error) => {
                        let _ = writeln!(found, "{} by {door:?}: insert: {error}", dirt.name);
                    }
                }
            }
            let written = db.transaction(async |tx| {
                let lease = tx.lease().await?;
                lease.execute("INSERT INTO public.t VALUES (1)", &[], Cache::Named).await
            });
            match written.await {
                Ok(count) => acknowledged += i64::try_from(count).unwrap_or(0),
                Err(error) => {
                    let _ = writeln!(found, "{} by {door:?}: transaction: {error}", dirt.name);
                }
            }
            // Again, for what those have undone themselves.
            leave(&db, door, dirt.leave).await;
            let connection = db.connection().await.expect("a connection");
            let is_gone = match dirt.is_gone {
                IN_TRANSACTION => match connection.batch_execute("SAVEPOINT probe").await {
                    Ok(()) => Ok(false),
                    Err(error) => Ok(error.sqlstate() == Some("25P01")),
                },
                sql => connection
                    .query::<orm_core::exec::DriverRow>(sql, &[])
                    .await
                    .map(|rows| rows[0].get::<_, bool>(0)),
            };
            match is_gone {
                Ok(true) => {}
                other => {
                    let _ = writeln!(found, "{} by {door:?}: still there: {other:?}", dirt.name);
                }
            }
            connection.end().await;
        }
    }
    assert_eq!(found, "");
    assert_eq!(
        fixture.number("SELECT count(*) FROM t WHERE n = 1").await,
        acknowledged,
        "acknowledged writes"
    );
    let committed = fixture.number("SELECT count(*) FROM t WHERE n = -1").await;
    // Twice by each of four doors. `BEGIN` within a transaction of the library is a warning, and its commit is what the
    // user asked for. Two leases of a `Db` are two sessions: the second's insert is in no transaction.
    assert_eq!(committed, 8, "what a transaction that was never committed wrote");
}

#[tokio::test]
async fn a_begin_through_a_lease_does_not_lose_what_is_written_after_it() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let db = fixture.config().max_connections(2).connect().await.expect("a database");
    db.lease().await.expect("a lease").execute("BEGIN", &[], Cache::Unnamed).await.expect("begun");
    for _ in 0..20 {
        let lease = db.lease().await.expect("a lease");
        let sql = "INSERT INTO t VALUES (1)";
        assert_eq!(lease.execute(sql, &[], Cache::Named).await.expect("acknowledged"), 1);
    }
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 20);
}

#[tokio::test]
async fn what_raw_sql_locks_is_free_soon_after_without_another_user() {
    let fixture = Fixture::new().await;
    let db = fixture.db().await;
    let connection = db.connection().await.expect("a connection");
    let sql = "SELECT pg_advisory_lock(hashtext(current_database())); BEGIN; CREATE TABLE never ()";
    connection.batch_execute(sql).await.expect("locked");
    drop(connection);
    let begun = std::time::Instant::now();
    let locks = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
                 WHERE a.datname = current_database() AND a.application_name = 'orm' AND l.locktype <> 'virtualxid'";
    while fixture.number(locks).await > 0 {
        assert!(begun.elapsed().as_secs() < 5, "locks stay in the pool");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn queries_of_the_library_cost_no_cleaning() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let tx = db.begin().await.expect("begun");
    tx.commit().await.expect("committed");
    db.begin().await.expect("begun").rollback().await.expect("rolled back");
    // The last statement of the session is still the one that the library sent.
    let last = "SELECT query FROM pg_stat_activity WHERE application_name = 'orm' AND datname = current_database()";
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let rows =
        fixture.witness.query::<orm_core::exec::DriverRow>(last, &[]).await.expect("a session");
    assert_eq!(rows[0].get::<_, String>(0), "ROLLBACK");
}
