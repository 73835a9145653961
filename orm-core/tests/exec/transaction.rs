use crate::server::Fixture;
use orm_core::exec::{Connection, Db, Isolation, Transaction, TransactionOptions};
use orm_core::{Error, ErrorKind};

async fn with_table() -> (Fixture, Db) {
    let fixture = Fixture::new().await;
    fixture.witness.batch_execute("CREATE TABLE t (n int PRIMARY KEY)").await.expect("a table");
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    (fixture, db)
}

async fn insert(tx: &Transaction<'_>, n: i32) -> orm_core::Result<u64> {
    tx.execute("INSERT INTO t VALUES ($1)", &[&n]).await
}

impl Fixture {
    async fn kept(&self) -> Vec<i32> {
        let rows = self
            .witness
            .query::<orm_core::exec::DriverRow>("SELECT n FROM t ORDER BY n", &[])
            .await
            .expect("rows");
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// An error type of a user's own.
#[derive(Debug)]
enum Mine {
    Changed(i32),
    Orm(Error),
}

impl From<Error> for Mine {
    fn from(error: Error) -> Self {
        Self::Orm(error)
    }
}

#[tokio::test]
async fn ok_commits_and_err_rolls_back_and_comes_out_as_it_is() {
    let (fixture, db) = with_table().await;
    let value = db.transaction(async |tx| insert(tx, 1).await).await;
    assert_eq!(value.expect("committed"), 1);
    let refused = db
        .transaction(async |tx| {
            insert(tx, 2).await?;
            Err::<(), _>(Mine::Changed(7))
        })
        .await;
    assert!(matches!(refused, Err(Mine::Changed(7))));
    let failed = db
        .transaction(async |tx| {
            insert(tx, 3).await?;
            insert(tx, 1).await?;
            Ok::<(), Mine>(())
        })
        .await;
    assert!(matches!(failed, Err(Mine::Orm(error)) if error.kind() == ErrorKind::UniqueViolation));
    assert_eq!(fixture.kept().await, [1]);
}

#[tokio::test]
async fn a_guard_keeps_what_it_commits_and_drops_what_it_does_not() {
    let (fixture, db) = with_table().await;
    let tx = db.begin().await.expect("begun");
    insert(&tx, 1).await.expect("inserted");
    tx.commit().await.expect("committed");
    let tx = db.begin().await.expect("begun");
    insert(&tx, 2).await.expect("inserted");
    drop(tx);
    let tx = db.begin().await.expect("begun");
    insert(&tx, 2).await.expect("the first 2 is gone");
    tx.rollback().await.expect("rolled back");
    assert_eq!(fixture.kept().await, [1]);
    assert_eq!(db.status().size, 1);
}

#[tokio::test]
async fn a_nested_transaction_is_undone_alone() {
    let (fixture, db) = with_table().await;
    db.transaction(async |tx| {
        insert(tx, 1).await?;
        let inner = tx.transaction(async |tx| insert(tx, 1).await).await;
        assert_eq!(inner.expect_err("twice").kind(), ErrorKind::UniqueViolation);
        tx.transaction(async |tx| {
            insert(tx, 2).await?;
            let dropped = tx.begin().await?;
            insert(&dropped, 3).await?;
            drop(dropped);
            insert(tx, 4).await
        })
        .await
    })
    .await
    .expect("committed");
    assert_eq!(fixture.kept().await, [1, 2, 4]);
}

#[tokio::test]
async fn a_commit_after_an_error_passed_over_says_that_nothing_was_kept() {
    let (fixture, db) = with_table().await;
    let error = db
        .transaction(async |tx| {
            insert(tx, 1).await?;
            let _passed_over = insert(tx, 1).await;
            Ok::<_, orm_core::Error>(())
        })
        .await
        .expect_err("a silent rollback");
    assert_eq!(
        error.to_string(),
        "could not commit: a statement of this transaction failed, so all of it was rolled back"
    );
    assert!(fixture.kept().await.is_empty());
    db.transaction(async |tx| insert(tx, 5).await).await.expect("the connection is fit for use");
}

#[tokio::test]
async fn a_deferred_constraint_fails_the_commit() {
    let (fixture, db) = with_table().await;
    fixture
        .witness
        .batch_execute("CREATE TABLE c (n int REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        .await
        .expect("a table");
    let tx = db.begin().await.expect("begun");
    tx.batch_execute("INSERT INTO c VALUES (9)").await.expect("deferred");
    let error = tx.commit().await.expect_err("no such t");
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(fixture.number("SELECT count(*) FROM c").await, 0);
    db.transaction(async |tx| insert(tx, 5).await).await.expect("the connection is fit for use");
}

#[tokio::test]
async fn options_reach_the_server() {
    let (_fixture, db) = with_table().await;
    let options =
        TransactionOptions::new().isolation(Isolation::Serializable).read_only().deferrable();
    let tx = db.begin_with(options).await.expect("begun");
    let mut shown = Vec::new();
    for name in ["transaction_isolation", "transaction_read_only", "transaction_deferrable"] {
        let rows = tx
            .query::<orm_core::exec::DriverRow>(&format!("SHOW {name}"), &[])
            .await
            .expect("a setting");
        shown.push(rows[0].get::<_, String>(0));
    }
    assert_eq!(shown, ["serializable", "on", "on"]);
    assert_eq!(insert(&tx, 1).await.expect_err("read only").sqlstate(), Some("25006"));
}

#[tokio::test]
async fn a_panic_rolls_back() {
    let (fixture, db) = with_table().await;
    let work = db.clone();
    let task = tokio::spawn(async move {
        work.transaction(async |tx| {
            insert(tx, 1).await?;
            assert_eq!(insert(tx, 2).await?, 9, "on purpose");
            Ok::<_, orm_core::Error>(())
        })
        .await
    });
    assert!(task.await.expect_err("panicked").is_panic());
    db.transaction(async |tx| insert(tx, 1).await).await.expect("rolled back and fit for use");
    assert_eq!(fixture.kept().await, [1]);
}

#[tokio::test]
async fn a_connection_of_ones_own_has_transactions_too() {
    let (fixture, _db) = with_table().await;
    let config = fixture.config().build().expect("settings");
    let mut connection = Connection::connect(&config).await.expect("a connection");
    let tx = connection.begin().await.expect("begun");
    insert(&tx, 1).await.expect("inserted");
    tx.commit().await.expect("committed");
    let tx = connection.begin().await.expect("begun");
    insert(&tx, 2).await.expect("inserted");
    drop(tx);
    connection.execute("INSERT INTO t VALUES (3)", &[]).await.expect("outside transactions");
    assert_eq!(fixture.kept().await, [1, 3]);
    connection.close().await;
    fixture.until_sessions(1).await;
}

#[tokio::test]
async fn a_transaction_that_is_forgotten_keeps_no_later_one_from_committing() {
    let (fixture, db) = with_table().await;
    let mut connection = db.connection().await.expect("a connection");
    let tx = connection.begin().await.expect("begun");
    insert(&tx, 1).await.expect("inserted");
    std::mem::forget(tx);
    let tx = connection.begin().await.expect("begun");
    insert(&tx, 2).await.expect("inserted");
    tx.commit().await.expect("committed");
    assert_eq!(fixture.kept().await, [2], "on the same connection");
    std::mem::forget(connection.begin().await.expect("begun"));
    drop(connection);
    db.transaction(async |tx| insert(tx, 3).await).await.expect("committed");
    assert_eq!(fixture.kept().await, [2, 3], "on a connection of the pool");
    let config = fixture.config().build().expect("settings");
    let mut own = Connection::connect(&config).await.expect("a connection");
    std::mem::forget(own.begin().await.expect("begun"));
    let mut tx = own.begin().await.expect("begun");
    insert(&tx, 4).await.expect("inserted");
    let inner = tx.begin().await.expect("begun");
    insert(&inner, 5).await.expect("inserted");
    std::mem::forget(inner);
    let inner = tx.begin().await.expect("begun");
    insert(&inner, 6).await.expect("inserted");
    inner.commit().await.expect("committed");
    let inner = tx.begin().await.expect("begun");
    insert(&inner, 7).await.expect("inserted");
    std::mem::forget(inner);
    tx.commit().await.expect("committed");
    assert_eq!(fixture.kept().await, [2, 3, 4, 6], "one within another");
}

#[tokio::test]
async fn a_commit_after_sql_that_ended_the_transaction_is_an_error() {
    let (fixture, db) = with_table().await;
    for (end, kept) in [("ROLLBACK", 0), ("COMMIT", 1)] {
        fixture.witness.batch_execute("TRUNCATE t").await.expect("empty");
        let tx = db.begin().await.expect("begun");
        insert(&tx, 1).await.expect("inserted");
        tx.batch_execute(end).await.expect("by hand");
        let error = tx.commit().await.expect_err("there is none");
        assert_eq!(error.sqlstate(), None);
        assert_eq!(
            error.to_string(),
            "could not commit: SQL by hand (COMMIT, ROLLBACK) has ended this transaction before"
        );
        assert_eq!(fixture.kept().await.len(), kept, "{end}");
    }
    db.transaction(async |tx| insert(tx, 2).await).await.expect("the connection is fit for use");
}

#[tokio::test]
async fn prepared_statements_lost_in_a_transaction_are_a_reason_to_run_it_again() {
    use orm_core::exec::{Cache, Executor};
    let (fixture, db) = with_table().await;
    let mut kinds = Vec::new();
    for attempt in 0..2 {
        let done = db.transaction(async |tx| {
            let sql = "INSERT INTO t VALUES (1)";
            if attempt == 0 {
                tx.lease().await?.execute(sql, &[], Cache::Named).await?;
                tx.batch_execute("DEALLOCATE ALL").await?;
            }
            tx.lease().await?.execute(sql, &[], Cache::Named).await
        });
        kinds.push(done.await.map_err(|error| error.kind()));
    }
    assert_eq!(kinds, [Err(ErrorKind::StatementInvalidated), Ok(1)]);
    assert_eq!(fixture.kept().await, [1]);
    let connection = db.connection().await.expect("a connection");
    let error = connection.batch_execute("EXECUTE nothing").await.expect_err("never prepared");
    assert_eq!(error.kind(), ErrorKind::Database, "a user's own name");
}

#[tokio::test]
async fn a_collision_and_a_deadlock_are_reasons_to_run_the_transaction_again() {
    let (fixture, _db) = with_table().await;
    let db = fixture.config().options("-c deadlock_timeout=20ms").connect().await.expect("it");
    db.execute("INSERT INTO t VALUES (1), (2)", &[]).await.expect("rows");
    let options = TransactionOptions::new().isolation(Isolation::RepeatableRead);
    let late = db.begin_with(options).await.expect("begun");
    late.query_one::<i64>("SELECT count(*) FROM t", &[]).await.expect("a snapshot");
    db.execute("UPDATE t SET n = n + 10", &[]).await.expect("updated");
    let error = late.execute("UPDATE t SET n = n + 10", &[]).await.expect_err("a collision");
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::SerializationFailure, Some("40001")));
    assert!(error.is_retryable());
    late.rollback().await.expect("rolled back");

    let (a, b) = (db.begin().await.expect("begun"), db.begin().await.expect("begun"));
    let lock = async |tx: &orm_core::exec::Transaction<'_>, n: i32| {
        tx.execute("UPDATE t SET n = n WHERE n = $1", &[&n]).await
    };
    lock(&a, 11).await.expect("locked");
    lock(&b, 12).await.expect("locked");
    // The one that fails lets the other one go on as soon as it is rolled back.
    let ends = async |tx: orm_core::exec::Transaction<'static>, n: i32| {
        let done = lock(&tx, n).await;
        tx.rollback().await.expect("rolled back");
        done.err()
    };
    let (a, b) = tokio::join!(ends(a, 12), ends(b, 11));
    let errors: Vec<_> = [a, b].into_iter().flatten().collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((errors[0].kind(), errors[0].is_retryable()), (ErrorKind::Deadlock, true));
}
