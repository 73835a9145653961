//! `COPY` from and to the client by a method that does not serve it: an error that says so, and a server that is not left
//! waiting for rows.

use crate::server::Fixture;
use futures_util::StreamExt as _;
use orm_core::exec::{Cache, Connection, Db, Executor, Lease};
use orm_core::{Error, ErrorKind, Result};

const COPIES: [&str; 5] = [
    "COPY t FROM STDIN",
    "copy t to stdout",
    "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 1000)) TO STDOUT",
    "COPY t FROM STDIN WITH (FORMAT binary)",
    "/* rows */ COPY t (n) FROM STDIN",
];

#[track_caller]
fn is_explained(error: &Error, sql: &str) {
    let place = format!("{sql}: {error:?}");
    assert_eq!(error.kind(), ErrorKind::Query, "{place}");
    assert_eq!(
        error.to_string(),
        "COPY .. FROM STDIN and COPY .. TO STDOUT are not supported here: the session was ended",
        "{place}"
    );
    let hint = error.hint().expect("a hint");
    assert!(hint.contains("CopyIn") && hint.contains("\\copy"), "{place}");
    assert_eq!(error.sql(), Some(sql), "{place}");
}

/// All rows, as a stream gives them.
async fn streamed(lease: &Lease<'_>, sql: &str, cache: Cache) -> Result<()> {
    let mut rows = lease.query_stream(sql, &[], cache).await?;
    while let Some(row) = rows.next().await {
        row?;
    }
    Ok(())
}

/// Runs it one of eight ways, and gives the session back.
async fn through(db: &Db, door: usize, sql: &str) -> Result<()> {
    if door == 7 {
        let tx = db.begin().await?;
        let done = tx.batch_execute(sql).await;
        assert_eq!(tx.commit().await.expect_err("ended").kind(), ErrorKind::Closed);
        return done;
    }
    let connection = db.connection().await?;
    let lease = connection.lease().await?;
    match door {
        0 => connection.batch_execute(sql).await,
        1 => connection.execute(sql, &[]).await.map(drop),
        2 => connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.map(drop),
        3 => lease.execute(sql, &[], Cache::Named).await.map(drop),
        4 => lease.execute(sql, &[], Cache::Unnamed).await.map(drop),
        5 => streamed(&lease, sql, Cache::Named).await,
        _ => streamed(&lease, sql, Cache::Unnamed).await,
    }
}

/// The next user of the pool gets a session that works.
async fn works(db: &Db, sql: &str) {
    let lease = db.lease().await.expect("a session");
    let one = lease.execute("SELECT 1", &[], Cache::Named).await;
    assert_eq!(one.unwrap_or_else(|error| panic!("after {sql}: {error:?}")), 1);
}

#[tokio::test]
async fn copy_through_a_raw_method_is_an_error_that_says_so_and_the_session_ends() {
    let fixture = Fixture::new().await;
    fixture
        .witness
        .batch_execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
        .await
        .expect("t");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for sql in COPIES {
        for door in 0..8 {
            let done = through(&db, door, sql).await;
            is_explained(&done.expect_err(sql), sql);
            works(&db, sql).await;
        }
    }
    // The one that the last user gave back.
    fixture.until_sessions(1).await;
}

#[tokio::test]
async fn copy_among_other_statements_is_explained_too() {
    let fixture = Fixture::new().await;
    let connection = Connection::connect(&fixture.config().build().expect("settings"))
        .await
        .expect("a connection");
    let sql = "CREATE TABLE t (n int); COPY t FROM STDIN; SELECT 1";
    is_explained(&connection.batch_execute(sql).await.expect_err("refused"), sql);
    let after = connection.batch_execute("SELECT 1").await.expect_err("ended");
    assert_eq!(after.kind(), ErrorKind::Closed);
    connection.close().await;
    fixture.until_sessions(0).await;
}

#[tokio::test]
async fn a_copy_whose_rows_nobody_reads_does_not_stay_on_the_server() {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int)").await.expect("t");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for sql in COPIES {
        let lease = db.lease().await.expect("a session");
        drop(lease.query_stream(sql, &[], Cache::Unnamed).await.expect("begun"));
        drop(lease);
        works(&db, sql).await;
    }
    db.close().await;
    fixture.until_sessions(0).await;
}

#[tokio::test]
async fn copy_with_a_file_of_the_server_and_an_error_of_the_server_are_as_before() {
    let fixture = Fixture::new().await;
    let db = fixture.db().await;
    let connection = db.connection().await.expect("a connection");
    connection
        .batch_execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)")
        .await
        .expect("t");
    let error =
        connection.batch_execute("COPY missing FROM STDIN").await.expect_err("no such table");
    assert_eq!(error.sqlstate(), Some("42P01"));
    let count = connection.execute("COPY t FROM PROGRAM 'echo 3'", &[]).await.expect("copied");
    assert_eq!(count, 1);
}
