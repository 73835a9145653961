//! `COPY` in binary, in from rows and out to a stream: values, what goes wrong, and a session that is clean afterwards.

use crate::server::Fixture;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use orm_core::exec::{CopyIn, CopyOut, Db, Executor, raw_copy_in, raw_copy_in_stream};
use orm_core::{Error, ErrorKind, Result};
use tokio_postgres::types::Type;

const IN: &str = "COPY t (n, name) FROM STDIN (FORMAT binary)";
const OUT: &str = "COPY (SELECT n, name FROM t ORDER BY n) TO STDOUT (FORMAT binary)";
const TYPES: [Type; 2] = [Type::INT4, Type::TEXT];

type T = (i32, Option<String>);

async fn fixture() -> (Fixture, Db) {
    let fixture = Fixture::new().await;
    let sql = "CREATE TABLE t (n int PRIMARY KEY, name text)";
    fixture.witness.batch_execute(sql).await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    (fixture, db)
}

fn rows(count: i32) -> impl Iterator<Item = T> + Send {
    (1..=count).map(|n| (n, (n % 3 != 0).then(|| format!("row {n}"))))
}

async fn copied(executor: &dyn Executor, count: i32) -> Result<u64> {
    raw_copy_in(executor, IN, &TYPES, rows(count), |(n, name), row| {
        row.value(&n)?.value(&name)?.end()
    })
    .await
}

async fn all(executor: &dyn Executor) -> Result<Vec<T>> {
    CopyOut::<T>::start(executor, OUT, &TYPES).await?.try_collect().await
}

#[tokio::test]
async fn rows_are_copied_in_and_out_again() {
    let (_fixture, db) = fixture().await;
    for count in [0, 1, 5_000] {
        assert_eq!(
            copied(&db, count).await.expect("copied"),
            u64::try_from(count).expect("a count")
        );
        assert_eq!(all(&db).await.expect("rows"), rows(count).collect::<Vec<T>>());
        assert_eq!(
            db.query::<T>("SELECT n, name FROM t ORDER BY n", &[]).await.expect("rows").len(),
            all(&db).await.expect("rows").len()
        );
        db.execute("DELETE FROM t", &[]).await.expect("empty");
    }
    // A value that is larger than what is sent at once.
    let long = "x".repeat(1_000_000);
    let one = [(1, long.as_str())];
    let count =
        raw_copy_in(&db, IN, &TYPES, one, |(n, name), row| row.value(&n)?.value(&name)?.end());
    assert_eq!(count.await.expect("copied"), 1);
    assert_eq!(all(&db).await.expect("rows"), [(1, Some(long))]);
}

#[tokio::test]
async fn rows_of_a_stream_are_copied_and_its_error_ends_the_copy() {
    let (fixture, db) = fixture().await;
    let good = stream::iter(rows(1_000).map(Ok::<T, Error>));
    let count = raw_copy_in_stream(&db, IN, &TYPES, good, |(n, name), row| {
        row.value(&n)?.value(&name)?.end()
    });
    assert_eq!(count.await.expect("copied"), 1_000);
    let bad = (1_001..=5_000).map(Ok).chain([Err(Error::new(ErrorKind::Config, "no more"))]);
    let error = raw_copy_in_stream(&db, IN, &TYPES, stream::iter(bad), |n, row| {
        row.value(&n)?.value(&None::<String>)?.end()
    });
    assert_eq!(error.await.expect_err("an error").to_string(), "no more");
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 1_000);
    assert_eq!(
        db.query_one::<i64>("SELECT count(*) FROM t", &[]).await.expect("fit for use"),
        1_000
    );
}

#[tokio::test]
async fn a_copy_is_part_of_its_transaction() {
    let (fixture, db) = fixture().await;
    let tx = db.begin().await.expect("begun");
    copied(&tx, 10).await.expect("copied");
    assert_eq!(all(&tx).await.expect("rows").len(), 10);
    tx.rollback().await.expect("rolled back");
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);
    let done = db.transaction(async |tx| {
        copied(tx, 10).await?;
        tx.execute("INSERT INTO t VALUES (11)", &[]).await
    });
    done.await.expect("committed");
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 11);
}

#[tokio::test]
async fn a_copy_that_is_dropped_leaves_no_row_and_a_clean_session() {
    let (fixture, db) = fixture().await;
    for count in [0, 1, 20_000] {
        let mut copy = CopyIn::start(&db, IN, &TYPES).await.expect("started");
        for (n, name) in rows(count) {
            copy.write(|row| row.value(&n)?.value(&name)?.end()).await.expect("written");
        }
        drop(copy);
        let one = db.query_one::<i32>("SELECT 1", &[]).await;
        assert_eq!(one.expect("the next user has a session"), 1);
        assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0, "{count}");
        fixture.until_sessions(1).await;
    }
    // A future that is dropped while it waits for its first answer, or for its last.
    for polls in 0..4 {
        let mut copy = Box::pin(copied(&db, 20_000));
        for _ in 0..polls {
            let wait = std::time::Duration::from_millis(1);
            if tokio::time::timeout(wait, &mut copy).await.is_ok() {
                break;
            }
        }
        drop(copy);
        db.query_one::<i32>("SELECT 1", &[]).await.expect("the next user has a session");
        db.execute("TRUNCATE t", &[]).await.expect("empty");
    }
    // In a transaction it fails the transaction.
    let tx = db.begin().await.expect("begun");
    drop(CopyIn::start(&tx, IN, &TYPES).await.expect("started"));
    let error = tx.execute("INSERT INTO t VALUES (1)", &[]).await.expect_err("failed");
    assert_eq!(error.sqlstate(), Some("25P02"));
    drop(tx);
    assert_eq!(copied(&db, 3).await.expect("fit for use"), 3);
}

#[tokio::test]
async fn a_copy_out_that_is_dropped_leaves_a_clean_session() {
    let (fixture, db) = fixture().await;
    fixture
        .witness
        .batch_execute("INSERT INTO t SELECT n FROM generate_series(1, 200000) n")
        .await
        .expect("rows");
    for taken in [0, 1, 1_000] {
        let mut copy = CopyOut::<T>::start(&db, OUT, &TYPES).await.expect("started");
        for n in 1..=taken {
            assert_eq!(copy.next().await.expect("a row").expect("a row").0, n);
        }
        drop(copy);
        assert_eq!(db.query_one::<i32>("SELECT 1", &[]).await.expect("a session"), 1);
    }
    let tx = db.begin().await.expect("begun");
    let mut copy = CopyOut::<T>::start(&tx, OUT, &TYPES).await.expect("started");
    copy.next().await.expect("a row").expect("a row");
    drop(copy);
    assert_eq!(tx.query_one::<i32>("SELECT 1", &[]).await.expect("the same session"), 1);
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn what_the_server_says_of_a_row_is_the_error_of_the_copy() {
    let (fixture, db) = fixture().await;
    let twice = [1, 2, 1];
    let error = raw_copy_in(&db, IN, &TYPES, twice, |n, row| row.value(&n)?.value(&"x")?.end());
    let error = error.await.expect_err("a duplicate");
    assert_eq!((error.kind(), error.sql()), (ErrorKind::UniqueViolation, Some(IN)));
    assert_eq!(error.constraint(), Some("t_pkey"));
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);
    let error =
        raw_copy_in(&db, "COPY missing FROM STDIN (FORMAT binary)", &TYPES, twice, |n, row| {
            row.value(&n)?.value(&"x")?.end()
        });
    assert_eq!(error.await.expect_err("no such table").sqlstate(), Some("42P01"));
    assert_eq!(copied(&db, 3).await.expect("fit for use"), 3);
}

#[tokio::test]
async fn a_value_of_another_type_or_number_is_an_error_with_its_place() {
    let (fixture, db) = fixture().await;
    let mut copy = CopyIn::start(&db, IN, &TYPES).await.expect("started");
    copy.write(|row| row.value(&1)?.value(&"x")?.end()).await.expect("written");
    let error = copy.write(|row| row.value(&2)?.value(&2)?.end()).await.expect_err("a number");
    assert_eq!((error.kind(), error.sql()), (ErrorKind::Conversion, Some(IN)));
    assert!(error.to_string().starts_with("could not write value 2 of row 2 (text): "), "{error}");
    let error = copy.finish().await.expect_err("broken");
    assert!(error.to_string().starts_with("the copy cannot be finished"), "{error}");
    let mut copy = CopyIn::start(&db, IN, &TYPES).await.expect("started");
    let error = copy.write(|row| row.value(&2).map(drop)).await.expect_err("one value");
    assert_eq!(error.to_string(), "row 1 has fewer values than the 2 columns of the copy");
    let error = copy.write(|row| row.value(&2)?.value(&"x")?.value(&"x")?.end()).await;
    let error = error.expect_err("three values");
    assert_eq!(error.to_string(), "row 2 has more values than the 2 columns of the copy");
    drop(copy);
    assert_eq!(fixture.number("SELECT count(*) FROM t").await, 0);

    copied(&db, 3).await.expect("copied");
    let copy = CopyOut::<(i32, i32)>::start(&db, OUT, &TYPES).await.expect("started");
    let error = copy.try_collect::<Vec<_>>().await.expect_err("a text");
    assert!(error.to_string().contains("number 1"), "{error}");
    let copy = CopyOut::<T>::start(&db, OUT, &TYPES[..1]).await.expect("started");
    let error = copy.try_collect::<Vec<_>>().await.expect_err("another number of columns");
    assert_eq!(error.to_string(), "the copy gives 2 columns, where 1 are read");
    assert_eq!(all(&db).await.expect("fit for use").len(), 3);
}

#[tokio::test]
async fn sql_that_is_no_copy_in_binary_is_refused() {
    let (_fixture, db) = fixture().await;
    for sql in ["COPY t FROM STDIN", "SELECT 1"] {
        let error = CopyIn::start(&db, sql, &TYPES).await.expect_err("refused");
        assert_eq!((error.kind(), error.sql()), (ErrorKind::Query, Some(sql)));
        let error = CopyOut::<T>::start(&db, sql, &TYPES).await.expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Query);
    }
    copied(&db, 1).await.expect("copied");
    let changes = "UPDATE t SET name = 'binary stdin stdout'";
    for sql in ["SELECT 'binary stdin stdout'", changes, OUT] {
        let error = CopyIn::start(&db, sql, &TYPES).await.expect_err("refused");
        assert_eq!((error.kind(), error.sql()), (ErrorKind::Query, Some(sql)), "{error:?}");
    }
    for sql in ["SELECT 'binary stdin stdout'", changes, IN] {
        let error = CopyOut::<T>::start(&db, sql, &TYPES).await.expect_err("refused");
        assert_eq!((error.kind(), error.sql()), (ErrorKind::Query, Some(sql)), "{error:?}");
    }
    // What only the server sees.
    let sql = "COPY t TO STDOUT (FORMAT binary) -- stdin";
    let error = CopyIn::start(&db, sql, &TYPES).await.expect_err("refused");
    assert_eq!((error.kind(), error.sql()), (ErrorKind::Query, Some(sql)), "{error:?}");
    let sql = "COPY t FROM STDIN (FORMAT binary) -- stdout";
    let error = CopyOut::<T>::start(&db, sql, &TYPES).await.expect_err("refused");
    assert_eq!((error.kind(), error.sql()), (ErrorKind::Query, Some(sql)), "{error:?}");
    assert_eq!(all(&db).await.expect("rows"), [(1, Some("row 1".to_owned()))]);
}

#[tokio::test]
async fn without_prepared_statements_a_copy_is_refused_with_the_reason() {
    let (fixture, _db) = fixture().await;
    let db = fixture.config().statement_cache_size(0).connect().await.expect("a database");
    let error = copied(&db, 1).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Query);
    assert!(error.to_string().contains("pgbouncer=true"), "{error}");
}
