use crate::server::Fixture;
use orm_core::exec::{Cache, Connection, Executor};
use tokio_postgres::types::Type;

/// As the terminal methods of queries are written.
async fn double(executor: &impl Executor, number: i32) -> orm_core::Result<u64> {
    let lease = executor.lease().await?;
    let params: [(&dyn orm_core::types::Parameter, Type); 1] = [(&number, Type::INT4)];
    lease.execute("SELECT generate_series(1, 2 * $1)", &params, Cache::Named).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_takes_a_database_a_connection_and_a_transaction_alike() {
    let fixture = Fixture::new().await;
    let db = fixture.db().await;
    // In a task of its own: the futures must be Send.
    let rows = tokio::spawn(async move {
        let mut rows = double(&db, 1).await?;
        let pooled = db.connection().await?;
        rows += double(&pooled, 10).await?;
        let mut tx = db.begin().await?;
        rows += double(&tx, 100).await?;
        rows += tx.transaction(async |tx| double(&tx, 1_000).await).await?;
        tx.commit().await?;
        rows += db.transaction(async |tx| double(tx, 10_000).await).await?;
        Ok::<_, orm_core::Error>(rows)
    });
    assert_eq!(rows.await.expect("no panic").expect("no error"), 22_222);
    let own = Connection::connect(&fixture.config().build().expect("settings"))
        .await
        .expect("a connection");
    assert_eq!(double(&own, 1).await.expect("no error"), 2);
    assert_eq!(double(&&own, 1).await.expect("no error"), 2);
}

#[tokio::test]
async fn statements_given_out_together_share_one_connection_and_keep_their_order() {
    let fixture = Fixture::new().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    let tx = db.begin().await.expect("a transaction");
    tx.batch_execute("CREATE TABLE t (n int)").await.expect("a table");
    let insert = |n: i32| {
        let tx = &tx;
        async move { tx.execute("INSERT INTO t SELECT $1 + count(*)::int FROM t", &[&n]).await }
    };
    let (a, b, c) = tokio::join!(insert(0), insert(0), insert(0));
    assert_eq!([a, b, c].map(|count| count.expect("inserted")), [1, 1, 1]);
    let rows = tx
        .query::<orm_core::exec::DriverRow>("SELECT n FROM t ORDER BY n", &[])
        .await
        .expect("rows");
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [0, 1, 2]);
}
