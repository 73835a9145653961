//! One pool, several tokio runtimes.

use crate::server::Fixture;
use orm_core::exec::{Cache, Db, Executor};
use std::sync::OnceLock;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn number(db: &Db, number: i32) -> orm_core::Result<i32> {
    let tx = db.begin().await?;
    let lease = tx.lease().await?;
    lease.execute("SELECT pg_sleep(0.001)", &[], Cache::Named).await?;
    let rows = tx.query::<orm_core::exec::DriverRow>("SELECT $1::int + 1", &[&number]).await?;
    drop(lease);
    tx.commit().await?;
    Ok(rows[0].get(0))
}

#[test]
fn a_static_pool_serves_two_hundred_runtimes_in_threads_and_loses_no_connection() {
    static DB: OnceLock<Db> = OnceLock::new();
    let main = runtime();
    let fixture = main.block_on(Fixture::new());
    let config = fixture.config().max_connections(5).build().expect("settings");
    let db = DB.get_or_init(|| Db::connect_lazy(config).expect("a pool"));
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                scope.spawn(move || {
                    let mut failures = Vec::new();
                    for round in 0..25 {
                        // As `#[tokio::test]`: a runtime for each test, that ends with it.
                        let n = thread * 100 + round;
                        match runtime().block_on(number(db, n)) {
                            Ok(answer) => assert_eq!(answer, n + 1),
                            Err(error) => failures.push(format!("{error:?}")),
                        }
                    }
                    failures
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(failures.is_empty(), "{} of 200: {}", failures.len(), failures[0]);
    assert!(main.block_on(fixture.sessions()) <= 5, "more connections than max_connections");
    // They last: a later runtime finds them.
    let before = db.status().size;
    assert!(before > 0);
    runtime().block_on(number(db, 1)).expect("an answer");
    assert_eq!(db.status().size, before);
}

#[test]
fn runtimes_one_after_the_other_use_one_pool() {
    let main = runtime();
    let fixture = main.block_on(Fixture::new());
    let config = fixture.config().max_connections(2).build().expect("settings");
    let db = Db::connect_lazy(config).expect("a pool");
    for n in 0..10 {
        assert_eq!(runtime().block_on(number(&db, n)).expect("an answer"), n + 1);
    }
}

#[test]
fn one_runtime_drives_its_connections_itself() {
    let runtime = runtime();
    let before = runtime.block_on(async {
        let fixture = Fixture::new().await;
        let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let before = alive();
        let db =
            fixture.config().max_connections(1).idle_timeout(None).connect().await.expect("a pool");
        assert_eq!(number(&db, 1).await.expect("an answer"), 2);
        // Once the raw SQL in it has been cleaned up after.
        drop(db.connection().await.expect("clean"));
        tokio::task::yield_now().await;
        assert_eq!(alive(), before + 1, "the connection is a task of this runtime");
        db.close().await;
        before
    });
    assert_eq!(runtime.metrics().num_alive_tasks(), before);
}

#[test]
fn what_a_session_leaves_is_undone_after_its_runtime_has_ended() {
    let main = runtime();
    let fixture = main.block_on(Fixture::new());
    let config = fixture.config().max_connections(1).build().expect("settings");
    let db = Db::connect_lazy(config).expect("a pool");
    for _ in 0..3 {
        let held = runtime().block_on(async {
            let connection = db.connection().await.expect("a connection");
            connection.batch_execute("SET work_mem = '77kB'; BEGIN").await.expect("all of it");
            connection
        });
        // Given back outside of any runtime.
        drop(held);
        let shown = runtime().block_on(async {
            let connection = db.connection().await.expect("a connection");
            connection
                .query::<orm_core::exec::DriverRow>("SHOW work_mem", &[])
                .await
                .expect("a row")[0]
                .get::<_, String>(0)
        });
        assert_ne!(shown, "77kB");
    }
}

#[test]
fn without_a_runtime_the_error_says_so() {
    let config = orm_core::exec::Config::builder().host("127.0.0.1").port(1).build();
    let db = Db::connect_lazy(config.expect("settings")).expect("a pool");
    let connecting = std::pin::pin!(db.connection());
    let answer = futures_util::FutureExt::now_or_never(connecting).expect("no wait");
    let error = answer.expect_err("no runtime");
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}
