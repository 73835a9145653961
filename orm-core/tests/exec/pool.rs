use crate::server::Fixture;
use orm_core::exec::{Cache, Connection, Db, Executor, PooledConnection};
use orm_core::{Error, ErrorKind};
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_millis(50);

async fn backend(connection: &PooledConnection) -> i32 {
    connection
        .query::<orm_core::exec::DriverRow>("SELECT pg_backend_pid()", &[])
        .await
        .expect("a row")[0]
        .get(0)
}

#[tokio::test]
async fn a_full_pool_says_how_full_it_is_and_what_to_do() {
    let fixture = Fixture::new().await;
    let db = fixture
        .config()
        .max_connections(2)
        .acquire_timeout(MOMENT)
        .connect()
        .await
        .expect("a database");
    let held = (db.connection().await.expect("one"), db.begin().await.expect("two"));
    let error = db.connection().await.expect_err("no third");
    assert_eq!(error.kind(), ErrorKind::PoolTimeout);
    assert_eq!(
        error.to_string(),
        "no connection of the pool came free in 50ms (max_connections 2, in use 2, waiting 0)"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("max_connections")));
    drop(held);
    db.connection().await.expect("free again");
}

#[tokio::test]
async fn whoever_waits_gets_the_connection_that_comes_back() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let held = db.connection().await.expect("the only one");
    let waiting = tokio::spawn({
        let db = db.clone();
        async move { db.connection().await.map(drop) }
    });
    tokio::time::sleep(MOMENT).await;
    assert_eq!((db.status().size, db.status().idle, db.status().waiting), (1, 0, 1));
    drop(held);
    waiting.await.expect("no panic").expect("a connection");
    assert_eq!((db.status().size, db.status().idle, db.status().waiting), (1, 1, 0));
}

#[tokio::test]
async fn idle_connections_are_closed_after_idle_timeout() {
    let fixture = Fixture::new().await;
    let db = fixture
        .config()
        .idle_timeout(Duration::from_millis(300))
        .connect()
        .await
        .expect("a database");
    let held = [db.connection().await.expect("one"), db.connection().await.expect("two")];
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(fixture.sessions().await, 2, "one in use is not idle");
    drop(held);
    tokio::time::sleep(MOMENT).await;
    assert_eq!(fixture.sessions().await, 2, "not at once");
    fixture.until_sessions(0).await;
    assert_eq!(db.status().size, 0);
    db.connection().await.expect("a new one");
}

#[tokio::test]
async fn a_connection_is_replaced_after_max_lifetime() {
    let fixture = Fixture::new().await;
    let config = fixture
        .config()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(Duration::from_millis(300));
    let db = config.connect().await.expect("a database");
    let first = backend(&db.connection().await.expect("a connection")).await;
    assert_eq!(backend(&db.connection().await.expect("a connection")).await, first);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_ne!(backend(&db.connection().await.expect("a connection")).await, first);
}

#[tokio::test]
async fn a_future_cancelled_in_a_transaction_leaves_the_pool_clean() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let work = db.transaction(async |tx| {
        tx.execute("INSERT INTO t VALUES (1)", &[]).await?;
        tx.batch_execute("SELECT pg_sleep(60)").await
    });
    tokio::time::timeout(4 * MOMENT, work).await.expect_err("cancelled");
    let begun = Instant::now();
    let rows = db
        .connection()
        .await
        .expect("fit for use")
        .query::<orm_core::exec::DriverRow>("SELECT n FROM t", &[])
        .await;
    assert!(rows.expect("not in the old transaction").is_empty());
    assert!(begun.elapsed() < Duration::from_secs(5), "waited for a statement nobody wants");
    // The server has stopped the old statement too.
    fixture.until_sessions(1).await;
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);
}

#[tokio::test]
async fn a_query_that_is_cancelled_does_not_hold_up_the_next_one() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for cache in [Cache::Named, Cache::Unnamed] {
        let sleep = async {
            db.lease().await?.query_stream("SELECT pg_sleep(60)", &[], cache).await.map(drop)
        };
        tokio::time::timeout(4 * MOMENT, sleep).await.map(drop).expect_err("cancelled");
        let begun = Instant::now();
        db.connection().await.expect("fit for use").batch_execute("SELECT 1").await.expect("a row");
        assert!(begun.elapsed() < Duration::from_secs(5), "waited for a statement nobody wants");
        fixture.until_sessions(1).await;
    }
}

#[tokio::test]
async fn rows_that_nobody_reads_to_the_end_do_not_hold_up_the_next_query() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let lease = db.lease().await.expect("a session");
    let sql = "SELECT repeat('x', 10000), pg_sleep(0.01) FROM generate_series(1, 6000)";
    let mut rows = lease.query_stream(sql, &[], Cache::Named).await.expect("rows");
    futures_util::StreamExt::next(&mut rows).await.expect("one").expect("a row");
    drop(rows);
    drop(lease);
    let begun = Instant::now();
    db.connection().await.expect("fit for use").batch_execute("SELECT 1").await.expect("a row");
    assert!(begun.elapsed() < Duration::from_secs(5), "waited for rows that nobody wants");
    fixture.until_sessions(1).await;
}

#[tokio::test]
async fn a_future_cancelled_between_statements_gives_its_connection_back_rolled_back() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let first = backend(&db.connection().await.expect("a connection")).await;
    let work = db.transaction(async |tx| {
        tx.execute("INSERT INTO t VALUES (1)", &[]).await?;
        std::future::pending::<orm_core::Result<()>>().await
    });
    tokio::time::timeout(4 * MOMENT, work).await.expect_err("cancelled");
    let connection = db.connection().await.expect("a connection");
    assert_eq!(backend(&connection).await, first, "the session is kept");
    assert!(
        connection
            .query::<orm_core::exec::DriverRow>("SELECT n FROM t", &[])
            .await
            .expect("rows")
            .is_empty()
    );
}

#[tokio::test]
async fn a_future_cancelled_at_any_moment_leaves_the_pool_clean() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for step in 0..60 {
        let work = db.transaction(async |tx| {
            tx.execute("INSERT INTO t VALUES (1)", &[]).await?;
            tx.transaction(async |tx| tx.execute("INSERT INTO t VALUES (2)", &[]).await).await?;
            Err::<(), _>(Error::new(ErrorKind::Query, "on purpose"))
        });
        // Dropped after so many polls, whichever statement that is in.
        let mut work = Box::pin(work);
        for _ in 0..step % 12 {
            if futures_util::FutureExt::now_or_never(&mut work).is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
        drop(work);
        let connection = db.connection().await.expect("fit for use");
        let open = connection
            .query::<orm_core::exec::DriverRow>(
                "SELECT xact_start = now(), pg_current_xact_id_if_assigned() IS NULL \
                                    FROM pg_stat_activity WHERE pid = pg_backend_pid()",
                &[],
            )
            .await
            .expect("a row");
        assert!(
            open[0].get::<_, bool>(0) && open[0].get::<_, bool>(1),
            "step {step}: in a transaction"
        );
    }
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);
}

#[tokio::test]
async fn whatever_raw_sql_leaves_behind_the_next_user_does_not_see() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let connection = db.connection().await.expect("a connection");
    let first = backend(&connection).await;
    connection
        .batch_execute(
            "SET statement_timeout = 70000; SELECT pg_advisory_lock(1); CREATE TEMP TABLE mine (); LISTEN gossip; \
             BEGIN; CREATE TABLE never ()",
        )
        .await
        .expect("all of it");
    drop(connection);
    let connection = db.connection().await.expect("a connection");
    assert_eq!(backend(&connection).await, first, "the session is kept");
    let rows = connection
        .query::<orm_core::exec::DriverRow>(
            "SELECT current_setting('statement_timeout'), to_regclass('mine')::text, to_regclass('never')::text, \
             (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), \
             (SELECT count(*) FROM pg_listening_channels())",
            &[],
        )
        .await
        .expect("a row");
    let row = &rows[0];
    assert_eq!(row.get::<_, String>(0), "0");
    assert_eq!(row.get::<_, Option<String>>(1), None);
    assert_eq!(row.get::<_, Option<String>>(2), None);
    assert_eq!((row.get::<_, i64>(3), row.get::<_, i64>(4)), (0, 0));
}

#[tokio::test]
async fn a_lost_connection_is_reported_once_and_replaced() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for cache in [Cache::Named, Cache::Unnamed] {
        let pid = backend(&db.connection().await.expect("a connection")).await;
        let lease = db.lease().await.expect("the same, cleaned");
        fixture
            .witness
            .query::<orm_core::exec::DriverRow>("SELECT pg_terminate_backend($1)", &[&pid])
            .await
            .expect("ended");
        let error = lease.execute("SELECT 1", &[], cache).await.expect_err("lost");
        assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}");
        drop(lease);
        assert_ne!(backend(&db.connection().await.expect("a new one")).await, pid);
    }
}

#[tokio::test]
async fn a_closed_database_says_so_and_its_connections_are_gone() {
    let fixture = Fixture::new().await;
    let db = fixture.db().await;
    let held = db.connection().await.expect("one");
    drop(db.connection().await.expect("another"));
    assert_eq!(fixture.sessions().await, 2);
    db.close().await;
    fixture.until_sessions(1).await;
    let error = db.connection().await.expect_err("closed");
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Closed, "this `Db` was closed")
    );
    held.batch_execute("SELECT 1").await.expect("what is in use stays");
    drop(held);
    fixture.until_sessions(0).await;
}

#[tokio::test]
async fn a_hundred_databases_made_and_closed_leave_nothing() {
    let fixture = Fixture::new().await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for round in 0..100 {
        let db = fixture.db().await;
        let tx = db.begin().await.expect("begun");
        tx.batch_execute("SELECT 1").await.expect("a row");
        drop(tx);
        // Every other one is only dropped.
        if round % 2 == 0 {
            db.close().await;
        }
    }
    fixture.until_sessions(0).await;
    assert_eq!(tasks(), before, "tasks that still run");
}

#[tokio::test]
async fn a_database_is_made_without_connecting() {
    let config =
        orm_core::exec::Config::builder().host("127.0.0.1").port(1).build().expect("settings");
    let db = Db::connect_lazy(config).expect("no connection is needed");
    assert_eq!(db.status().size, 0);
    assert_eq!(db.connection().await.expect_err("nobody there").kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn sessions_carry_the_name_of_the_application() {
    let fixture = Fixture::new().await;
    for (config, expected) in
        [(fixture.config(), "orm"), (fixture.config().application_name("shop"), "shop")]
    {
        let connection =
            Connection::connect(&config.build().expect("settings")).await.expect("a connection");
        let rows = connection
            .query::<orm_core::exec::DriverRow>("SHOW application_name", &[])
            .await
            .expect("a row");
        assert_eq!(rows[0].get::<_, String>(0), expected);
    }
}
