//! SQL by hand: the same methods on everything that runs queries, rows as any type, and what goes wrong.

use crate::server::Fixture;
use futures_util::TryStreamExt as _;
use orm_core::exec::{Connection, Executor, RawSql, Row};
use orm_core::{ErrorKind, Result};

/// All of the methods, on an executor of any kind.
async fn all_methods<E: Executor + ?Sized>(executor: &E) -> Result<()> {
    executor.batch_execute("UPDATE t SET name = name; UPDATE t SET name = name").await?;
    assert_eq!(executor.execute("UPDATE t SET n = n WHERE n > $1", &[&1]).await?, 2);
    let rows: Vec<(i32, Option<String>)> =
        executor.query("SELECT n, name FROM t ORDER BY n", &[]).await?;
    assert_eq!(rows, [(1, Some("one".to_owned())), (2, Some("two".to_owned())), (3, None)]);
    let sql = "SELECT name FROM t WHERE n = $1";
    assert_eq!(executor.query_one::<String>(sql, &[&2]).await?, "two");
    assert_eq!(executor.query_one::<Option<String>>(sql, &[&3]).await?, None);
    assert_eq!(executor.query_opt::<String>(sql, &[&4]).await?, None);
    let rows = executor.query_stream::<i32>("SELECT n FROM t ORDER BY n", &[]).await?;
    assert_eq!(rows.try_collect::<Vec<i32>>().await?, [1, 2, 3]);
    Ok(())
}

async fn fixture() -> Fixture {
    let fixture = Fixture::new().await;
    let sql = "CREATE TABLE t (n int PRIMARY KEY, name text); \
               INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, NULL); \
               CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TYPE pair AS (a int, b mood)";
    fixture.witness.batch_execute(sql).await.expect("a table");
    fixture
}

#[tokio::test]
async fn sql_by_hand_runs_on_a_database_a_connection_and_a_transaction_alike() {
    let fixture = fixture().await;
    let db = fixture.db().await;
    all_methods(&db).await.expect("a database");
    all_methods(&db.connection().await.expect("a connection")).await.expect("a pooled connection");
    let mut tx = db.begin().await.expect("begun");
    all_methods(&tx).await.expect("a transaction");
    all_methods(&tx.begin().await.expect("begun")).await.expect("a nested transaction");
    tx.transaction(async |tx| all_methods(tx).await).await.expect("a closure's transaction");
    tx.commit().await.expect("committed");
    all_methods(&db.lease().await.expect("a lease")).await.expect("a lease");
    let settings = fixture.config().build().expect("settings");
    let own = Connection::connect(&settings).await.expect("a connection");
    let tx = db.begin().await.expect("begun");
    // The transaction comes last: it locks the rows that it updates.
    let executors: [&dyn Executor; 3] = [&db, &own, &tx];
    for executor in executors {
        all_methods(executor).await.expect("behind a pointer");
    }
    tx.commit().await.expect("committed");
    let db: std::sync::Arc<dyn Executor> = std::sync::Arc::new(db);
    tokio::spawn(async move { all_methods(&db).await }).await.expect("no panic").expect("an Arc");
}

#[tokio::test]
async fn with_a_pooler_no_statement_is_prepared() {
    let fixture = fixture().await;
    let db = fixture.config().statement_cache_size(0).connect().await.expect("a database");
    all_methods(&db).await.expect("a database");
    let sql = "SELECT count(*) FROM pg_prepared_statements";
    assert_eq!(db.query_one::<i64>(sql, &[]).await.expect("a count"), 0);
}

#[tokio::test]
async fn a_statement_with_parameters_is_prepared_once() {
    let fixture = fixture().await;
    let db = fixture.config().max_connections(1).connect().await.expect("a database");
    for n in 0..5 {
        db.execute("UPDATE t SET n = n WHERE n = $1", &[&n]).await.expect("updated");
    }
    let sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE%'";
    assert_eq!(db.query_one::<i64>(sql, &[]).await.expect("a count"), 1);
    // What it depends on is changed, and it runs again.
    fixture.witness.batch_execute("ALTER TABLE t ADD more int DEFAULT 7").await.expect("altered");
    let sql = "SELECT * FROM t WHERE n = $1";
    db.query_one::<Row>(sql, &[&1]).await.expect("a row");
    fixture.witness.batch_execute("ALTER TABLE t DROP more").await.expect("altered");
    assert_eq!(db.query_one::<Row>(sql, &[&1]).await.expect("a row").len(), 2);
}

#[tokio::test]
async fn a_row_gives_its_columns_by_name_and_by_place() {
    let fixture = fixture().await;
    let db = fixture.db().await;
    let sql = "SELECT n, name, 'x' AS \"Name\", 'sad'::mood AS mood, ROW(1, 'happy')::pair AS pair \
               FROM t ORDER BY n";
    let rows: Vec<Row> = db.query(sql, &[]).await.expect("rows");
    let names: Vec<&str> = rows[0].column_names().collect();
    assert_eq!(names, ["n", "name", "Name", "mood", "pair"]);
    assert_eq!((rows[0].len(), rows[0].is_empty()), (5, false));
    assert_eq!(rows[0].get::<i32>("n").expect("n"), 1);
    assert_eq!(rows[1].get::<String>(1).expect("name"), "two");
    assert_eq!(rows[1].get::<String>("Name").expect("Name"), "x");
    assert_eq!(rows[2].get::<Option<String>>("name").expect("name"), None);
    assert_eq!(rows[0].read::<(i32, String)>().expect("the first two"), (1, "one".to_owned()));
    let debug = format!("{:?}", rows[0]);
    assert_eq!(debug, r#"Row(["n", "name", "Name", "mood", "pair"])"#);

    let error = rows[0].get::<i32>("missing").expect_err("no such column");
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert_eq!(error.column(), Some("missing"));
    assert_eq!(
        error.to_string(),
        r#"the row has no column "missing"; it has "n", "name", "Name", "mood", "pair""#
    );
    let error = rows[0].get::<i32>(5).expect_err("no such column");
    assert!(
        error.to_string().starts_with("the row has no column number 5; it has \"n\""),
        "{error}"
    );
    let error = rows[0].get::<i64>("n").expect_err("another type");
    assert_eq!(error.column(), Some("n"));
    assert!(error.to_string().starts_with("could not read column \"n\" (int4): "), "{error}");
    assert!(error.hint().expect("a hint").contains("CAST"), "{error:?}");
    let error = rows[2].get::<String>("name").expect_err("NULL");
    assert!(error.to_string().starts_with("could not read column \"name\" (text): "), "{error}");
    let none: Row = db.query_one("SELECT", &[]).await.expect("a row without columns");
    assert!(none.is_empty());
    none.get::<i32>(0).expect_err("no column");
}

#[tokio::test]
async fn a_row_that_is_too_short_or_of_another_type_is_an_error_with_the_statement() {
    let fixture = fixture().await;
    let db = fixture.db().await;
    let sql = "SELECT n FROM t";
    let error = db.query::<(i32, String)>(sql, &[]).await.expect_err("one column");
    assert_eq!((error.kind(), error.sql()), (ErrorKind::Conversion, Some(sql)));
    assert_eq!(error.to_string(), "the row has no column number 1: it has 1");
    let error = db.query::<String>(sql, &[]).await.expect_err("no text");
    assert_eq!((error.column(), error.sql()), (Some("n"), Some(sql)));
    assert!(error.hint().expect("a hint").contains("CAST"), "{error:?}");
    // What is left over is passed over.
    assert_eq!(db.query::<i32>("SELECT n, name FROM t", &[]).await.expect("rows").len(), 3);
    assert_eq!(db.query::<i32>(sql, &[]).await.expect("the session is fit for use").len(), 3);
}

#[tokio::test]
async fn one_row_is_asked_for_and_another_number_is_an_error() {
    let fixture = fixture().await;
    let db = fixture.db().await;
    let none = db.query_one::<i32>("SELECT n FROM t WHERE n > $1", &[&9]).await.expect_err("none");
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert_eq!(none.to_string(), "the query gave no row, where one is expected");
    for sql in ["SELECT n FROM t", "SELECT generate_series(1, 3)"] {
        let several = db.query_one::<i32>(sql, &[]).await.expect_err("several");
        assert_eq!(several.kind(), ErrorKind::TooManyRows);
        assert_eq!(several.to_string(), "the query gave 3 rows, where one is expected");
        let several = db.query_opt::<i32>(sql, &[]).await.expect_err("several");
        assert_eq!((several.kind(), several.sql()), (ErrorKind::TooManyRows, Some(sql)));
    }
}

#[tokio::test]
async fn a_value_is_never_part_of_the_text() {
    let fixture = fixture().await;
    let db = fixture.db().await;
    let evil = "'; DROP TABLE t; --";
    assert_eq!(db.query_one::<String>("SELECT $1::text", &[&evil]).await.expect("a text"), evil);
    let error = db.execute("SELECT $1::int", &[&evil]).await.expect_err("no number");
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert!(error.to_string().starts_with("could not write parameter $1"), "{error}");
    let error = db.execute("SELECT $1::int", &[]).await.expect_err("no value");
    assert!(matches!(error.kind(), ErrorKind::Database | ErrorKind::Conversion), "{error:?}");
    let error = db.execute("SELECT 1", &[&1]).await.expect_err("a value too many");
    assert!(matches!(error.kind(), ErrorKind::Database | ErrorKind::Conversion), "{error:?}");
    assert_eq!(db.query_one::<i64>("SELECT count(*) FROM t", &[]).await.expect("a count"), 3);
}
