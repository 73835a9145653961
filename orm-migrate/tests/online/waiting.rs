//! A migration never queues a site behind it: it gives a lock up that it does not get, and others go on.

use crate::support::{Case, FILLED, impatient, run};
use orm_migrate::apply::Options;
use orm_migrate::plan::Forms;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Reads the table again and again until told to end; the longest wait.
fn reading(case: &Case, ended: &Arc<AtomicBool>) -> impl Future<Output = Duration> + use<> {
    let url = case.live.url().to_owned();
    let ended = Arc::clone(ended);
    let read = tokio::spawn(async move {
        let connection = orm_migrate_test_support::connect(&url).await;
        let mut longest = Duration::ZERO;
        while !ended.load(Ordering::Relaxed) {
            let begun = Instant::now();
            run(&connection, "SELECT count(*) FROM t WHERE id < 10").await;
            longest = longest.max(begun.elapsed());
        }
        longest
    });
    async { read.await.expect("it read") }
}

#[tokio::test]
async fn others_read_while_a_migration_waits_for_a_long_transaction() {
    let case = Case::new(FILLED, "ALTER TABLE t ADD c int; CREATE INDEX i ON t (b)").await;
    let up = case.online(&case.strategy(Forms::BySize).await).plan.up_sql();
    let long = case.another().await;
    run(&long, "BEGIN; SELECT FROM t LIMIT 1").await;
    let ended = Arc::new(AtomicBool::new(false));
    let readers = reading(&case, &ended);
    let options = Options { attempts: 3, ..impatient() };
    let error = case.try_apply(&up, &options).await.expect_err("no lock");
    ended.store(true, Ordering::Relaxed);
    let longest = readers.await;
    assert!(error.contains("lock"), "{error}");
    // No longer than one attempt waits, and some time for a machine that is busy.
    assert!(longest < options.lock_timeout + Duration::from_secs(2), "{longest:?}");
    run(&long, "COMMIT").await;
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new());
}

#[tokio::test]
async fn strong_locks_on_two_big_tables_are_never_held_together() {
    let from = format!(
        "{FILLED} CREATE TABLE u (id bigint PRIMARY KEY, a int); INSERT INTO u SELECT g, g FROM generate_series(1, 20000) AS g;"
    );
    let change =
        "ALTER TABLE t ADD c int; ALTER TABLE u ADD c int; CREATE TABLE n (id int PRIMARY KEY);";
    let case = Case::new(&from, change).await;
    let plan = case.online(&case.strategy(Forms::BySize).await).plan;
    let up = plan.up_sql();
    assert_eq!(up.matches("-- orm:segment transaction").count(), 1, "{up}");
    let plain = case.online(&case.strategy(Forms::Plain).await).plan.up_sql();
    assert!(!plain.contains("-- orm:segment"), "{plain}");
    // Somebody works with the one: the other is not locked meanwhile.
    let long = case.another().await;
    let last = if up.find("\"t\"") < up.find("\"u\"") { "u" } else { "t" };
    run(&long, &format!("BEGIN; SELECT FROM {last} LIMIT 1")).await;
    case.try_apply(&up, &impatient()).await.expect_err("no lock");
    let first = if last == "u" { "t" } else { "u" };
    run(&case.connection, &format!("SELECT c FROM {first} LIMIT 1")).await;
}
