//! Statements of several callers on one session: `shared_connections`.

use crate::server::{Fixture, Server};
use futures_util::future::join_all;
use futures_util::{FutureExt as _, StreamExt as _};
use orm_core::exec::{Connection, Db, DriverRow};
use orm_core::{Error, ErrorKind};
use orm_test_support::{PgBouncer, PoolMode};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_millis(100);

/// More than the driver and the sockets between hold, so that who does not read it stops the session.
const MUCH: &str = "SELECT repeat('x', 100000) FROM generate_series(1, 400)";

async fn backend(db: &Db) -> Result<i32, Error> {
    db.query_one("SELECT pg_backend_pid()", &[]).await
}

async fn sleep(db: &Db, seconds: f64) -> Result<i32, Error> {
    db.query_one("SELECT pg_backend_pid() FROM pg_sleep($1)", &[&seconds]).await
}

/// Has two statements run at a time until that many sessions are shared.
async fn until_shared(db: &Db, count: usize) {
    let begun = Instant::now();
    while db.status().shared != count {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", db.status());
        tokio::join!(sleep(db, 0.05), sleep(db, 0.05)).0.expect("a row");
    }
}

async fn shared(fixture: &Fixture, count: usize) -> Db {
    let config = fixture.config().shared_connections(count).max_connections(count + 2);
    config.connect().await.expect("a database")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_share_as_many_sessions_as_were_asked_for() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 3).await;
    let task = async |db: Db| {
        let mut backends = BTreeSet::new();
        for _ in 0..50 {
            backends.insert(backend(&db).await.expect("a row"));
        }
        backends
    };
    let tasks = (0..32).map(|_| tokio::spawn(task(db.clone())));
    let mut backends = BTreeSet::new();
    for found in join_all(tasks).await {
        backends.extend(found.expect("no panic"));
    }
    let status = db.status();
    assert_eq!((status.shared, status.shared_statements), (3, 0));
    assert!(status.size <= 5, "{status:?}");
    // One of its own has, at most, who finds that none answers.
    assert!((3..=5).contains(&backends.len()), "{backends:?}");
}

#[tokio::test]
async fn nothing_is_shared_unless_it_is_asked_for() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(4).connect().await.expect("a database");
    let backends = join_all((0..4).map(|_| sleep(&db, 0.2))).await;
    let backends: BTreeSet<i32> = backends.into_iter().map(|it| it.expect("a row")).collect();
    assert_eq!(backends.len(), 4, "each has its own");
    assert_eq!((db.status().shared, db.config().shared_connections()), (0, 0));
}

#[tokio::test]
async fn a_statement_waits_for_those_sent_just_before_it_and_later_ones_go_elsewhere() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    // Prepared, so that it is sent at once.
    let first = sleep(&db, 0.0).await.expect("a row");
    let begun = Instant::now();
    let (long, behind, later) =
        tokio::join!(sleep(&db, 3.0), async { (backend(&db).await, begun.elapsed()) }, async {
            // Longer than any patience, on a busy machine too.
            tokio::time::sleep(10 * MOMENT).await;
            assert_eq!(db.status().shared_statements, 2);
            let sent = Instant::now();
            (backend(&db).await, sent.elapsed())
        });
    assert_eq!(long.expect("a row"), first);
    let (behind, waited) = behind;
    assert_eq!(behind.expect("a row"), first);
    assert!(waited >= Duration::from_secs(3), "{waited:?}");
    let (later, waited) = later;
    assert_ne!(later.expect("a row"), first);
    assert!(waited < Duration::from_millis(1500), "{waited:?}");
    assert_eq!(backend(&db).await.expect("a row"), first);
}

#[tokio::test]
async fn with_all_sessions_at_work_a_second_one_is_opened_and_the_least_busy_is_taken() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 2).await;
    let first = backend(&db).await.expect("a row");
    // The second statement finds the only session at work: another one is opened for those that come later.
    until_shared(&db, 2).await;
    let (long, short) = tokio::join!(sleep(&db, 0.5), async {
        let begun = Instant::now();
        let other = backend(&db).await.expect("a row");
        assert!(begun.elapsed() < Duration::from_millis(400));
        other
    });
    assert_eq!(long.expect("a row"), first);
    assert_ne!(short, first);
}

#[tokio::test]
async fn a_dropped_future_stops_no_other_statement_and_the_session_goes_on() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let first = sleep(&db, 0.0).await.expect("a row");
    let (dropped, behind) =
        tokio::join!(tokio::time::timeout(MOMENT, sleep(&db, 0.4)), sleep(&db, 0.1));
    dropped.expect_err("out of time");
    assert_eq!(behind.expect("a row"), first);
    assert_eq!(backend(&db).await.expect("a row"), first);
    for _ in 0..20 {
        assert!(backend(&db).now_or_never().is_none());
    }
    tokio::time::sleep(MOMENT).await;
    backend(&db).await.expect("a row");
    assert_eq!(db.status().shared_statements, 0);
}

#[tokio::test]
async fn a_dropped_future_stops_its_statement_where_nobody_else_uses_the_session() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let sleepers = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND state = 'active' AND query LIKE '%pg_sleep($1)%' AND pid <> pg_backend_pid()";
    // Both are dropped, and none is left to disturb.
    let both = async { tokio::join!(sleep(&db, 50.0), sleep(&db, 50.0)) };
    tokio::time::timeout(MOMENT, both).await.expect_err("out of time");
    let begun = Instant::now();
    backend(&db).await.expect("a row");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    while fixture.number(sleepers).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "not cancelled");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(fixture.sessions().await <= 3, "more connections than max_connections");
}

#[tokio::test]
async fn when_a_session_is_lost_what_is_in_flight_on_it_fails_and_nothing_else() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let first = backend(&db).await.expect("a row");
    let (one, two, ()) = tokio::join!(sleep(&db, 50.0), sleep(&db, 50.0), async {
        tokio::time::sleep(MOMENT).await;
        let kill = format!("SELECT pg_terminate_backend({first})::int::bigint");
        assert_eq!(fixture.number(&kill).await, 1);
    });
    for answer in [one, two] {
        let error = answer.expect_err("the session is gone");
        assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}");
    }
    let next = backend(&db).await.expect("another session");
    assert_ne!(next, first);
    assert_eq!(db.status().shared, 1);
}

#[tokio::test]
async fn an_error_of_one_statement_is_no_error_of_another() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let divide = async |by: i32| db.query_one::<i32>("SELECT 12 / $1", &[&by]).await;
    let answers = join_all((0..40).map(|n| divide(n % 2))).await;
    for (n, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(answer) => assert_eq!((answer, n % 2), (12, 1)),
            Err(error) => assert_eq!((error.sqlstate(), n % 2), (Some("22012"), 0)),
        }
    }
}

#[tokio::test]
async fn query_timeout_stops_the_statement_that_takes_too_long_and_not_those_behind_it() {
    let fixture = Fixture::new().await;
    let config = fixture.config().shared_connections(1).query_timeout(10 * MOMENT);
    let db = config.connect().await.expect("a database");
    let first = backend(&db).await.expect("a row");
    let begun = Instant::now();
    // Each of those behind waits longer than that, and runs for less.
    let (long, one, two) = tokio::join!(sleep(&db, 50.0), sleep(&db, 0.6), sleep(&db, 0.6));
    let error = long.expect_err("out of time");
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Cancelled, Some("57014")));
    assert_eq!((one.expect("a row"), two.expect("a row")), (first, first));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let execute = db.execute("UPDATE pg_class SET relname = relname WHERE false", &[]);
    assert_eq!(execute.await.expect("none"), 0);
}

#[tokio::test]
async fn a_session_that_answers_nothing_is_ended_after_query_timeout() {
    let fixture = Fixture::new().await;
    let config = fixture.config().shared_connections(1).query_timeout(5 * MOMENT);
    let db = config.connect().await.expect("a database");
    let first = backend(&db).await.expect("a row");
    // It is sent, and then no one reads its answer.
    let mut unread = Box::pin(db.query::<String>(MUCH, &[]));
    assert!(unread.as_mut().now_or_never().is_none());
    let error = backend(&db).await.expect_err("no answer");
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert!(error.to_string().contains("500ms (query_timeout)"), "{error}");
    assert_ne!(backend(&db).await.expect("another session"), first);
    unread.await.expect_err("its session was ended");
}

#[tokio::test]
async fn a_lock_is_waited_for_no_longer_than_for_a_connection() {
    let fixture = Fixture::new().await;
    fixture
        .witness
        .batch_execute("CREATE TABLE one (n int); INSERT INTO one VALUES (1)")
        .await
        .unwrap();
    let config = fixture.config().shared_connections(1).acquire_timeout(10 * MOMENT);
    let db = config.connect().await.expect("a database");
    let first = backend(&db).await.expect("a row");
    let tx = db.begin().await.expect("a transaction");
    tx.execute("UPDATE one SET n = 2", &[]).await.expect("a row");
    // Without a limit this would last for ever: the transaction waits for the second, which waits for the first.
    let (update, behind) = tokio::join!(db.execute("UPDATE one SET n = 3", &[]), backend(&db));
    let error = update.expect_err("the row is locked");
    assert_eq!(error.kind(), ErrorKind::LockTimeout);
    assert_eq!(error.sqlstate(), Some("55P03"));
    assert!(error.hint().is_some_and(|hint| hint.contains("acquire_timeout")), "{error:?}");
    assert_eq!(behind.expect("a row"), first);
    tx.commit().await.expect("a commit");
    assert_eq!(fixture.number("SELECT n::bigint FROM one").await, 2);
}

#[tokio::test]
async fn the_limits_of_a_shared_session_end_with_sharing_and_closer_ones_stay() {
    let fixture = Fixture::new().await;
    let limit = async |db: &Db, name: &str| {
        let sql = "SELECT setting FROM pg_settings WHERE name = $1";
        db.query_one::<String>(sql, &[&name]).await.expect("a setting")
    };
    let config = fixture.config().shared_connections(1).max_connections(2);
    let config = config.query_timeout(Duration::from_secs(60)).idle_timeout(Duration::from_secs(1));
    let db = config.clone().connect().await.expect("a database");
    assert_eq!(limit(&db, "lock_timeout").await, "30000");
    assert_eq!(limit(&db, "statement_timeout").await, "60000");
    let connection = db.connection().await.expect("one of its own");
    let shown: String = connection.query_one("SHOW lock_timeout", &[]).await.expect("a row");
    assert_eq!(shown, "0");
    let closer = config.options("-c lock_timeout=5s -c statement_timeout=6s");
    let db = closer.connect().await.expect("a database");
    assert_eq!(limit(&db, "lock_timeout").await, "5000");
    assert_eq!(limit(&db, "statement_timeout").await, "6000");
}

#[tokio::test]
async fn what_may_leave_something_behind_has_a_session_of_its_own() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let first = backend(&db).await.expect("a row");
    let own = |sql: &'static str| {
        let db = db.clone();
        async move {
            let backends: Vec<i32> = db.query(sql, &[]).await.expect("rows");
            assert_ne!(backends, [first], "{sql}");
        }
    };
    own("SELECT pg_backend_pid() FROM pg_advisory_lock(1)").await;
    own("SELECT pg_backend_pid() FROM set_config('search_path', 'elsewhere', false)").await;
    db.execute("SET search_path = elsewhere", &[]).await.expect("set");
    db.batch_execute("CREATE TEMP TABLE mine (n int); LISTEN news; BEGIN").await.expect("a batch");
    let path: String = db.query_one("SELECT current_setting('search_path')", &[]).await.unwrap();
    assert_eq!(path, "\"$user\", public");
    let tx = db.begin().await.expect("a transaction");
    let inside: i32 = tx.query_one("SELECT pg_backend_pid()", &[]).await.expect("a row");
    let connection = db.connection().await.expect("a connection");
    let held: i32 = connection.query_one("SELECT pg_backend_pid()", &[]).await.expect("a row");
    assert_eq!(BTreeSet::from([first, inside, held]).len(), 3);
    // With all others in use, statements go on.
    assert_eq!(backend(&db).await.expect("a row"), first);
    assert_eq!(db.status().shared, 1);
}

#[tokio::test]
async fn a_stream_that_is_read_slowly_delays_no_other_statement() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    let first = backend(&db).await.expect("a row");
    let mut rows = db.query_stream::<String>(MUCH, &[]).await.expect("a stream");
    rows.next().await.expect("a row").expect("a text");
    for _ in 0..3 {
        assert_eq!(backend(&db).await.expect("a row"), first);
    }
    assert_eq!(rows.count().await, 399);
}

#[tokio::test]
async fn transactions_that_hold_all_other_connections_do_not_hold_statements_up() {
    let fixture = Fixture::new().await;
    let config = fixture.config().shared_connections(3).max_connections(4).acquire_timeout(MOMENT);
    let db = config.connect().await.expect("a database");
    let held = join_all((0..3).map(|_| db.begin())).await;
    // One place is left, which one of them gets; the others do not wait for one of their own.
    for answer in join_all((0..20).map(|_| backend(&db))).await {
        answer.expect("a row");
    }
    assert_eq!(db.status().shared, 1);
    let error = db.begin().await.expect_err("none is free");
    assert_eq!(
        error.to_string(),
        "no connection of the pool came free in 100ms (max_connections 4, in use 3, shared 1, waiting 0)"
    );
    drop(held);
    until_shared(&db, 2).await;
}

#[tokio::test]
async fn shared_sessions_are_replaced_after_max_lifetime_and_closed_when_idle() {
    let fixture = Fixture::new().await;
    let config = fixture.config().shared_connections(1).idle_timeout(None).max_lifetime(5 * MOMENT);
    let db = config.connect().await.expect("a database");
    let first = backend(&db).await.expect("a row");
    // What runs when the time is over goes on.
    assert_eq!(sleep(&db, 1.0).await.expect("a row"), first);
    assert_ne!(backend(&db).await.expect("a row"), first);
    db.close().await;

    let config = fixture.config().shared_connections(2).idle_timeout(5 * MOMENT);
    let db = config.connect().await.expect("a database");
    let first = backend(&db).await.expect("a row");
    assert_eq!(sleep(&db, 1.0).await.expect("a row"), first, "it was not idle");
    fixture.until_sessions(0).await;
    assert_eq!((db.status().size, db.status().shared), (0, 0));
    backend(&db).await.expect("a new one");
}

#[tokio::test]
async fn close_ends_shared_sessions_and_waits_for_nothing_that_runs() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    backend(&db).await.expect("a row");
    let running = tokio::spawn({
        let db = db.clone();
        async move { sleep(&db, 0.5).await }
    });
    tokio::time::sleep(MOMENT).await;
    db.close().await;
    let error = backend(&db).await.expect_err("it is closed");
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Closed, "this `Db` was closed")
    );
    running.await.expect("no panic").expect("what ran goes on");
    fixture.until_sessions(0).await;

    let db = shared(&fixture, 1).await;
    backend(&db).await.expect("a row");
    db.close().await;
    fixture.until_sessions(0).await;
    let db = shared(&fixture, 1).await;
    backend(&db).await.expect("a row");
    drop(db);
    fixture.until_sessions(0).await;
}

#[test]
fn several_runtimes_use_one_pool_of_shared_sessions() {
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let main = runtime();
    let fixture = main.block_on(Fixture::new());
    let config = fixture.config().shared_connections(1).max_connections(2).build();
    let db = Db::connect_lazy(config.expect("settings")).expect("a pool");
    let first = runtime().block_on(backend(&db)).expect("a row");
    let second = runtime().block_on(backend(&db)).expect("a row of a session that lasts");
    assert_ne!(first, second, "the first session has ended with its runtime");
    for _ in 0..5 {
        assert_eq!(runtime().block_on(backend(&db)).expect("a row"), second);
    }
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    runtime().block_on(backend(&db)).expect("a row");
                }
            });
        }
    });
    assert!(main.block_on(fixture.sessions()) <= 2, "more connections than max_connections");
}

#[tokio::test]
async fn many_at_once_open_no_more_than_the_limit_and_all_hear_that_the_server_is_down() {
    let fixture = Fixture::new().await;
    let config = fixture.config().shared_connections(2).max_connections(3).build();
    let db = Db::connect_lazy(config.expect("settings")).expect("a pool");
    for answer in join_all((0..64).map(|_| backend(&db))).await {
        answer.expect("a row");
    }
    assert!(fixture.sessions().await <= 3);

    let secret = "s3cret-of-mine";
    let nowhere = fixture.config().port(1).password(secret).shared_connections(2);
    let db = Db::connect_lazy(nowhere.build().expect("settings")).expect("a pool");
    let begun = Instant::now();
    for answer in join_all((0..64).map(|_| backend(&db))).await {
        let error = answer.expect_err("nothing listens there");
        assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
        assert!(!format!("{error:?} {error:#} {db:?}").contains(secret));
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn shared_sessions_keep_prepared_statements_for_all_callers() {
    let fixture = Fixture::new().await;
    let db = shared(&fixture, 1).await;
    for n in 0..20 {
        let next: i32 = db.query_one("SELECT $1::int + 1", &[&n]).await.expect("a row");
        assert_eq!(next, n + 1);
    }
    let sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1%'";
    assert_eq!(db.query_one::<i64>(sql, &[]).await.expect("a row"), 1);
}

#[tokio::test]
async fn shared_sessions_go_through_a_pooler_of_each_version_and_mode() {
    for program in PgBouncer::programs("shared sessions through a pooler") {
        for mode in PoolMode::ALL {
            let fixture = Fixture::new().await;
            let server = format!("postgresql://postgres@127.0.0.1:{}/", Server::plain().port);
            let pooler = PgBouncer::start(&program, &server, mode, 4, &[]);
            let url = format!("{}?pgbouncer=true", pooler.url(&fixture.name));
            let config = orm_core::exec::Config::builder().url(&url).shared_connections(2);
            let db = config.max_connections(4).connect().await.expect("the pooler");
            let next = async |n: i32| db.query_one::<i32>("SELECT $1::int + 1", &[&n]).await;
            for (n, answer) in (0..).zip(join_all((0..64).map(next)).await) {
                assert_eq!(answer.expect("a row"), n + 1, "{:?}", pooler.version());
            }
            until_shared(&db, 2).await;
            let dropped = db.query_one::<i32>("SELECT 1 FROM pg_sleep(50)", &[]);
            tokio::time::timeout(MOMENT, dropped).await.expect_err("out of time");
            for n in 0..10 {
                assert_eq!(next(n).await.expect("a row"), n + 1);
            }
            let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                        AND state = 'active' AND query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid()";
            let begun = Instant::now();
            while fixture.number(left).await > 0 {
                assert!(begun.elapsed() < Duration::from_secs(5), "not cancelled");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            let connection = db.connection().await.expect("a connection");
            let rows = connection.query::<DriverRow>("SHOW lock_timeout", &[]).await.expect("rows");
            assert_eq!(rows[0].get::<_, String>(0), "0", "a setting reached another client");
        }
    }
}

#[tokio::test]
async fn settings_that_do_not_go_together_are_refused() {
    let refused = |config: orm_core::exec::ConfigBuilder| {
        let error = config.build().expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    };
    let config = || Server::plain().config("postgres").password("s3cret-of-mine");
    assert_eq!(
        refused(config().shared_connections(10)),
        "`shared_connections` is 10 and `max_connections` 10: no connection is left for transactions"
    );
    let behind = config().shared_connections(2).statement_cache_size(0);
    assert_eq!(
        refused(behind.query_timeout(MOMENT)),
        "`shared_connections` and `query_timeout` do not go together behind a pooler"
    );
    // A session of one's own is never shared.
    let config = config().shared_connections(2).build().expect("settings");
    Connection::connect(&config).await.expect("a connection").close().await;
}
