use crate::server::Fixture;
use orm_core::ErrorKind;
use orm_core::exec::{Cache, Executor, Lease};
use tokio_postgres::types::Type;

async fn run(lease: &Lease<'_>, sql: &str) -> orm_core::Result<u64> {
    lease.execute(sql, &[], Cache::Named).await
}

#[tokio::test]
async fn a_session_keeps_the_statements_used_last_and_closes_the_others() {
    let fixture = Fixture::new().await;
    let config = fixture.config().max_connections(1).statement_cache_size(2);
    let db = config.connect().await.expect("a database");
    let lease = db.lease().await.expect("a session");
    for number in [1, 2, 3, 2, 4] {
        run(&lease, &format!("SELECT {number}")).await.expect("a row");
    }
    assert_eq!(lease.statement_count(), 2);
    drop(lease);
    let connection = db.connection().await.expect("the same session");
    let rows = connection
        .query::<orm_core::exec::DriverRow>("SELECT statement FROM pg_prepared_statements WHERE statement ~ '^SELECT .$' ORDER BY 1", &[])
        .await
        .expect("rows");
    assert_eq!(
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>(),
        ["SELECT 2", "SELECT 4"]
    );
}

#[tokio::test]
async fn without_a_cache_nothing_is_prepared_under_a_name() {
    let fixture = Fixture::new().await;
    let db = fixture.config().statement_cache_size(0).connect().await.expect("a database");
    let lease = db.lease().await.expect("a session");
    run(&lease, "SELECT 1").await.expect("a row");
    lease
        .execute(
            "SELECT count(*) FROM pg_prepared_statements HAVING count(*) = 0",
            &[],
            Cache::Named,
        )
        .await
        .map(|rows| assert_eq!(rows, 1))
        .expect("a row");
}

#[tokio::test]
async fn the_same_text_with_other_types_is_another_statement() {
    let fixture = Fixture::new().await;
    let db = fixture.db().await;
    let lease = db.lease().await.expect("a session");
    let sql = "SELECT $1";
    let number: [(&dyn orm_core::types::Parameter, Type); 1] = [(&1_i32, Type::INT4)];
    let text: [(&dyn orm_core::types::Parameter, Type); 1] = [(&"a", Type::TEXT)];
    for _ in 0..2 {
        assert_eq!(lease.execute(sql, &number, Cache::Named).await.expect("a number"), 1);
        assert_eq!(lease.execute(sql, &text, Cache::Named).await.expect("a text"), 1);
        assert_eq!(lease.execute(sql, &text, Cache::Unnamed).await.expect("a text"), 1);
    }
}

#[tokio::test]
async fn a_change_of_schema_does_not_fail_a_cached_statement() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t AS SELECT 1 AS n").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let select = async || {
        let lease = db.lease().await?;
        let stream = lease.query_stream("SELECT * FROM t", &[], Cache::Named).await?;
        let rows = futures_util::TryStreamExt::try_collect::<Vec<_>>(stream).await;
        Ok::<_, orm_core::Error>(rows.expect("rows")[0].len())
    };
    assert_eq!(select().await.expect("one column"), 1);
    fixture.witness.batch_execute("ALTER TABLE t ADD m int").await.expect("a column");
    assert_eq!(select().await.expect("two columns"), 2);
    db.connection()
        .await
        .expect("the same")
        .batch_execute("DEALLOCATE ALL")
        .await
        .expect("forgotten");
    assert_eq!(select().await.expect("two columns"), 2);
}

#[tokio::test]
async fn within_a_transaction_a_stale_statement_fails_once_and_is_forgotten() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t AS SELECT 1 AS n").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    run(&db.lease().await.expect("a session"), "SELECT * FROM t").await.expect("a row");
    fixture.witness.batch_execute("ALTER TABLE t ADD m int").await.expect("a column");
    let select =
        async || db.transaction(async |tx| run(&tx.lease().await?, "SELECT * FROM t").await).await;
    let error = select().await.expect_err("cached plan");
    assert_eq!((error.sqlstate(), error.kind()), (Some("0A000"), ErrorKind::StatementInvalidated));
    assert_eq!(select().await.expect("prepared anew"), 1);
}
