//! Through a real PgBouncer: in session mode everything is as without it, in transaction mode nothing is locked.

use super::{Case, LEDGER, TABLES};
use orm_core::exec::Config;
use orm_migrate::apply::{Applied, ApplyError, DownError, Options, Until, apply, down};
use orm_test_support::{PgBouncer, PoolMode};

const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

fn through(case: &Case, pooler: &PgBouncer) -> Config {
    let url = format!("{}?pgbouncer=true", pooler.url_like(case.database.url()));
    Config::from_url(&url).expect("a URL")
}

async fn applied(case: &Case, pooler: &PgBouncer) -> Result<Vec<Applied>, ApplyError> {
    apply(&through(case, pooler), &case.folder, &Options::default(), |_| {}).await
}

#[tokio::test]
async fn a_pooler_in_transaction_mode_is_refused_before_anything_is_locked() {
    for program in PgBouncer::programs("apply through a pooler in transaction mode") {
        for (size, settings) in
            [(1, &[][..]), (2, &[]), (5, &[]), (5, &[("server_round_robin", "1")])]
        {
            let case = Case::new(&["CREATE TABLE a ();"]);
            let url = case.database.url();
            let pooler = PgBouncer::start(&program, url, PoolMode::Transaction, size, settings);
            let (one, other) = tokio::join!(applied(&case, &pooler), applied(&case, &pooler));
            for refused in [one, other] {
                let said = refused.expect_err("a refusal").to_string();
                assert!(said.contains("pool_mode = session"), "{size} {settings:?}: {said}");
            }
            let migrations = case.folder.read().expect("migrations");
            let config = through(&case, &pooler);
            let until = Until::Steps(1);
            let undone =
                down(&config, &migrations, &until, true, &Options::default(), |_| {}).await;
            assert!(matches!(undone, Err(DownError::Apply(ApplyError::Pooler))), "{undone:?}");
            assert_eq!((case.number(LOCKS).await, case.number(TABLES).await), (0, 0));
        }
    }
}

#[tokio::test]
async fn a_pooler_in_session_mode_applies_everything_exactly_once() {
    for program in PgBouncer::programs("apply through a pooler in session mode") {
        for size in [1, 5] {
            let case = Case::new(&["CREATE TABLE a ();", "CREATE TABLE b ();"]);
            let url = case.database.url();
            let pooler = PgBouncer::start(&program, url, PoolMode::Session, size, &[]);
            let (one, other) = tokio::join!(applied(&case, &pooler), applied(&case, &pooler));
            let count = one.expect("applied").len() + other.expect("applied").len();
            assert_eq!(count, 2, "{size}");
            assert_eq!((case.number(TABLES).await, case.number(LEDGER).await), (2, 2));
        }
    }
}
