//! Futures that are dropped or forgotten, and statements that take too long: the server stops, the pool goes on.

use crate::server::Fixture;
use futures_util::FutureExt as _;
use orm_core::ErrorKind;
use orm_core::exec::{Cache, Connection, Executor};
use std::time::{Duration, Instant};

const SLEEPERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                        AND state = 'active' AND query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid()";

/// Some rows, larger than the server's buffer, then none for long.
const ROWS_THEN_SLEEP: &str = "SELECT CASE WHEN n = 6 THEN pg_sleep(50)::text ELSE repeat('x', 9000) END \
                               FROM generate_series(1, 6) n";

impl Fixture {
    /// Waits until that many sessions run `pg_sleep(50)`; gives how long that took.
    async fn until_sleepers(&self, count: i64) -> Duration {
        let begun = Instant::now();
        while self.number(SLEEPERS).await != count {
            assert!(begun.elapsed() < Duration::from_secs(10), "not {count} sleepers");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        begun.elapsed()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ten_dropped_futures_the_next_caller_waits_at_most_50_ms_and_the_server_stops() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(10).connect().await.expect("a database");
    // The machine may be busy with other tests: the best of some attempts counts.
    let mut waits = Vec::new();
    for _ in 0..5 {
        let sleepers: Vec<_> = (0..10)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let lease = db.lease().await.expect("a session");
                    lease.execute("SELECT pg_sleep(50)", &[], Cache::Unnamed).await.map(drop)
                })
            })
            .collect();
        fixture.until_sleepers(10).await;
        for sleeper in &sleepers {
            sleeper.abort();
        }
        for sleeper in sleepers {
            assert!(sleeper.await.expect_err("dropped").is_cancelled());
        }
        let dropped = Instant::now();
        let lease = db.lease().await.expect("a session");
        lease.execute("SELECT 1", &[], Cache::Unnamed).await.expect("a row");
        waits.push(dropped.elapsed());
        drop(lease);
        assert!(fixture.until_sleepers(0).await < Duration::from_secs(1), "not cancelled");
        assert!(fixture.sessions().await <= 10, "more connections than max_connections");
    }
    let best = waits.iter().min().copied().unwrap_or_default();
    assert!(best <= Duration::from_millis(50), "the next caller waited {waits:?}");
    assert!(db.status().size <= 10);
}

#[tokio::test]
async fn a_session_that_is_being_cleaned_holds_nobody_up_while_the_pool_has_others() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(3).connect().await.expect("a database");
    // For a while this one goes on after each request to cancel.
    let stubborn = "DO $$ DECLARE until timestamptz := clock_timestamp() + interval '700 ms'; BEGIN \
                    WHILE clock_timestamp() < until LOOP BEGIN PERFORM pg_sleep(50); \
                    EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$";
    let held = db.connection().await.expect("a connection");
    let sleep = tokio::time::timeout(Duration::from_millis(200), held.batch_execute(stubborn));
    sleep.await.expect_err("dropped");
    drop(held);
    let begun = Instant::now();
    let lease = db.lease().await.expect("another session");
    lease.execute("SELECT 1", &[], Cache::Unnamed).await.expect("a row");
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    drop(lease);
    fixture.until_sleepers(0).await;
}

#[tokio::test]
async fn every_way_to_drop_a_statement_has_the_server_stop_it() {
    let fixture = Fixture::new().await;
    let sleep = "SELECT pg_sleep(50)";
    let moment = Duration::from_millis(200);
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for way in 0..7 {
        let connection = db.connection().await.expect("a connection");
        match way {
            0 => drop(
                tokio::time::timeout(
                    moment,
                    connection.query::<orm_core::exec::DriverRow>(sleep, &[]),
                )
                .await,
            ),
            1 => drop(tokio::time::timeout(moment, connection.execute(sleep, &[])).await),
            2 => drop(tokio::time::timeout(moment, connection.batch_execute(sleep)).await),
            3 => {
                // Three, one behind the other.
                let all = async {
                    tokio::join!(
                        connection.batch_execute(sleep),
                        connection.batch_execute(sleep),
                        connection.execute(sleep, &[])
                    )
                };
                drop(tokio::time::timeout(moment, all).await);
            }
            4 => {
                // Forgotten instead of dropped, with its rows on their way.
                let lease = connection.lease().await.expect("a lease");
                let rows =
                    lease.query_stream(ROWS_THEN_SLEEP, &[], Cache::Unnamed).await.expect("rows");
                std::mem::forget(rows);
                fixture.until_sleepers(1).await;
            }
            5 => {
                let mut connection = connection;
                let tx = connection.begin().await.expect("begun");
                drop(tokio::time::timeout(moment, tx.batch_execute(sleep)).await);
                drop(tx);
                drop(connection);
                fixture.until_sleepers(0).await;
                continue;
            }
            _ => {
                drop(connection);
                let config = fixture.config().build().expect("settings");
                let own = Connection::connect(&config).await.expect("a connection");
                drop(tokio::time::timeout(moment, own.batch_execute(sleep)).await);
                drop(own);
                fixture.until_sleepers(0).await;
                fixture.until_sessions(1).await;
                continue;
            }
        }
        drop(connection);
        let took = fixture.until_sleepers(0).await;
        assert!(took < Duration::from_secs(2), "way {way}: {took:?}");
        db.connection().await.expect("fit for use").batch_execute("SELECT 1").await.expect("a row");
    }
}

#[tokio::test]
async fn a_request_to_cancel_never_hits_the_next_user() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for round in 0..150 {
        let lease = db.lease().await.expect("a session");
        // Over at about the time when the pool gives up waiting for it.
        let sql = format!("SELECT pg_sleep({})", 0.002 + f64::from(round % 30) / 10_000.0);
        let _dropped = lease.execute(&sql, &[], Cache::Unnamed).now_or_never();
        drop(lease);
        for _ in 0..3 {
            let lease = db.lease().await.expect("a session");
            let next = lease.execute("SELECT pg_sleep(0.0005)", &[], Cache::Named).await;
            assert_eq!(next.expect("not cancelled"), 1, "round {round}");
        }
    }
}

#[tokio::test]
async fn a_statement_that_takes_longer_than_query_timeout_is_cancelled() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let limit = Duration::from_millis(300);
    let db = fixture
        .config()
        .max_connections(1)
        .query_timeout(limit)
        .connect()
        .await
        .expect("a database");
    let pid = |db: orm_core::exec::Db| async move {
        let connection = db.connection().await.expect("a connection");
        connection
            .query::<orm_core::exec::DriverRow>("SELECT pg_backend_pid()", &[])
            .await
            .expect("a row")[0]
            .get::<_, i32>(0)
    };
    let first = pid(db.clone()).await;
    let begun = Instant::now();
    let connection = db.connection().await.expect("a connection");
    let error = connection.batch_execute("SELECT pg_sleep(50)").await.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:#}");
    assert_eq!(error.to_string(), "no answer in 300ms (query_timeout): cancelled");
    assert_eq!(error.sql(), Some("SELECT pg_sleep(50)"));
    assert!(begun.elapsed() < Duration::from_secs(3));
    drop(connection);
    assert_eq!(pid(db.clone()).await, first, "the session stays");
    // In a transaction: its error is the statement's, and the session is fit for use at once.
    let failed = db.transaction(async |tx| {
        tx.execute("INSERT INTO t VALUES (1)", &[]).await?;
        let lease = tx.lease().await?;
        lease.execute("SELECT pg_sleep(50)", &[], Cache::Named).await
    });
    assert_eq!(failed.await.expect_err("too long").kind(), ErrorKind::Cancelled);
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);
    // Between two rows.
    let lease = db.lease().await.expect("a session");
    let mut rows = lease.query_stream(ROWS_THEN_SLEEP, &[], Cache::Named).await.expect("rows");
    futures_util::StreamExt::next(&mut rows).await.expect("a row").expect("no error");
    let error = loop {
        match futures_util::StreamExt::next(&mut rows).await.expect("an answer") {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    drop(rows);
    drop(lease);
    fixture.until_sleepers(0).await;
}

#[tokio::test]
async fn a_network_that_swallows_packets_ends_the_connection_after_query_timeout() {
    let fixture = Fixture::new().await;
    let proxy = crate::server::Proxy::start(crate::server::Server::plain().port).await;
    let limit = Duration::from_millis(200);
    let config = fixture.config().port(proxy.port).max_connections(1).query_timeout(limit);
    let db = config
        .connect_timeout(Duration::from_secs(1))
        .acquire_timeout(Duration::from_secs(5))
        .connect()
        .await
        .expect("a database");
    db.connection().await.expect("a connection").batch_execute("SELECT 1").await.expect("a row");
    let tx = db.begin().await.expect("begun");
    proxy.swallow(true);
    let begun = Instant::now();
    let error = tx.batch_execute("SELECT 1").await.expect_err("swallowed");
    assert_eq!(error.kind(), ErrorKind::Closed, "{error:#}");
    assert!(error.to_string().contains("query_timeout"), "{error}");
    tx.commit().await.expect_err("the connection was ended");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    proxy.swallow(false);
    db.connection().await.expect("a new one").batch_execute("SELECT 1").await.expect("a row");
}

#[tokio::test]
async fn a_dropped_future_is_cancelled_through_a_pooler_too() {
    use orm_test_support::{PgBouncer, PoolMode};
    for program in PgBouncer::programs("a dropped future through a pooler") {
        for mode in PoolMode::ALL {
            let fixture = Fixture::new().await;
            let port = crate::server::Server::plain().port;
            let server = format!("postgresql://postgres@127.0.0.1:{port}/");
            let pooler = PgBouncer::start(&program, &server, mode, 2, &[]);
            let url = format!("{}?pgbouncer=true", pooler.url(&fixture.name));
            let config = orm_core::exec::Config::builder().url(url).max_connections(1);
            let db = config.connect().await.expect("the pooler");
            for round in 0..4 {
                let place = format!("{:?} {mode:?}, round {round}", pooler.version());
                let lease = db.lease().await.expect("a session");
                let sleep = lease.execute("SELECT pg_sleep(50)", &[], Cache::Unnamed);
                let sleep = tokio::time::timeout(Duration::from_millis(200), sleep);
                sleep.await.expect_err("dropped");
                drop(lease);
                let took = fixture.until_sleepers(0).await;
                assert!(took < Duration::from_secs(2), "{place}: {took:?}");
                let next = db.lease().await.expect("a session");
                let count = next.execute("SELECT 1", &[], Cache::Unnamed).await;
                assert_eq!(count.expect("the pooler goes on"), 1, "{place}");
            }
        }
    }
}

#[tokio::test]
async fn many_futures_dropped_at_once_leave_a_pooler_that_goes_on() {
    use orm_test_support::{PgBouncer, PoolMode};
    for program in PgBouncer::programs("many dropped futures through a pooler") {
        for mode in PoolMode::ALL {
            let fixture = Fixture::new().await;
            let port = crate::server::Server::plain().port;
            let server = format!("postgresql://postgres@127.0.0.1:{port}/");
            // Fewer connections to the server than clients: some wait in the pooler when they are cancelled.
            let pooler = PgBouncer::start(&program, &server, mode, 3, &[]);
            let url = format!("{}?pgbouncer=true", pooler.url(&fixture.name));
            let config = orm_core::exec::Config::builder().url(url).max_connections(8);
            let db = config.connect().await.expect("the pooler");
            for round in 0..3 {
                let place = format!("{:?} {mode:?}, round {round}", pooler.version());
                let sleep = async || {
                    let lease = db.lease().await?;
                    lease.execute("SELECT pg_sleep(50)", &[], Cache::Unnamed).await
                };
                let sleepers = (0..8).map(|_| Box::pin(sleep()));
                let all = futures_util::future::join_all(sleepers);
                let waited = tokio::time::timeout(Duration::from_millis(500), all).await;
                assert!(waited.is_err(), "{place}: {waited:?}");
                let begun = Instant::now();
                for _ in 0..20 {
                    let next = db.lease().await.expect("a session");
                    let count = next.execute("SELECT 1", &[], Cache::Unnamed).await;
                    assert_eq!(count.expect("the pooler goes on"), 1, "{place}");
                }
                assert!(begun.elapsed() < Duration::from_secs(8), "{place}: {:?}", begun.elapsed());
                fixture.until_sleepers(0).await;
            }
        }
    }
}
