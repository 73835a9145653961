//! What the terminal methods make of a limit of the query's own, and streams of rows.

use crate::fixture::people;
use auth::User;
use futures_util::{StreamExt as _, TryStreamExt as _};
use orm::prelude::*;
use orm::{Config, ErrorKind, RawSql as _, Rows};
use std::sync::Arc;

#[tokio::test]
async fn first_fetches_one_row_whatever_the_limit_of_the_query() {
    let (_database, db) = people().await;
    // A lock is taken of each row that is fetched: it tells how many those were.
    for limit in [1, 2, 20, u64::MAX] {
        let tx = db.begin().await.unwrap();
        let query = User::query().order_by(User::id.asc()).limit(limit).for_update();
        let first = query.first(&tx).await.unwrap().expect("a user");
        assert_eq!(first.id, "ada", "limit {limit}");
        let other = db.begin().await.unwrap();
        let free = "SELECT id, 1::bigint FROM \"user\" ORDER BY id FOR UPDATE SKIP LOCKED";
        let rows = other.query::<orm::DriverRow>(free, &[]).await.unwrap();
        let free: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(free, ["alan", "grace"], "limit {limit}");
        other.rollback().await.unwrap();
        tx.rollback().await.unwrap();
    }
    assert_eq!(User::query().limit(0).first(&db).await.unwrap(), None);
}

#[tokio::test]
async fn one_sees_the_second_row_whatever_the_limit_of_the_query() {
    let (_database, db) = people().await;
    for limit in [1, 2, 20] {
        let several = User::query().limit(limit).one(&db).await.unwrap_err();
        assert_eq!(several.kind(), ErrorKind::TooManyRows, "limit {limit}");
        assert_eq!(
            several.to_string(),
            r#"2 or more rows of table "user" match, where one is expected"#
        );
        let only = User::query().filter(User::id.eq("ada")).limit(limit).one(&db).await.unwrap();
        assert_eq!(only.id, "ada");
        // The offset counts: one row is left after two.
        let last = User::query().order_by(User::id.asc()).offset(2).limit(limit).one(&db).await;
        assert_eq!(last.unwrap().id, "grace");
    }
    let none = User::query().limit(0).one(&db).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_stream_gives_the_rows_of_all_in_their_order() {
    let (_database, db) = people().await;
    let query = User::query().order_by(User::name.asc());
    let all = query.clone().all(&db).await.unwrap();
    assert_eq!(query.clone().stream(&db).try_collect::<Vec<User>>().await.unwrap(), all);
    let tx = db.begin().await.unwrap();
    assert_eq!(query.stream(&tx).try_collect::<Vec<User>>().await.unwrap(), all);
    let names = User::query().order_by(User::name.asc()).select(User::name).stream(&tx);
    let names: Vec<String> = names.try_collect().await.unwrap();
    assert_eq!(names, ["Ada Lovelace", "Alan Turing", "Grace Hopper"]);
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn a_stream_holds_its_session_from_the_first_row_to_the_last() {
    let (database, _) = people().await;
    let config = Config::builder().url(database.url()).max_connections(1).build().unwrap();
    let db = Db::connect_lazy(config).unwrap();
    let mut rows = User::query().stream(&db);
    assert_eq!(db.status().size, 0, "nothing is sent before the first row is asked for");
    rows.next().await.unwrap().unwrap();
    assert_eq!(db.status().idle, 0);
    assert_eq!((&mut rows).try_collect::<Vec<User>>().await.unwrap().len(), 2);
    assert_eq!(db.status().idle, 1, "it is given back with the last row");
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_dropped_stops_the_server_and_gives_the_session_back() {
    let (database, _) = people().await;
    let config = Config::builder().url(database.url()).max_connections(1).build().unwrap();
    let db = Db::connect_lazy(config).unwrap();
    let endless = "SELECT n::bigint, pg_sleep(0.0001)::text FROM generate_series(1, 1000000) AS n";
    for _ in 0..3 {
        let mut rows = db.query_stream::<(i64, String)>(endless, &[]).await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap().0, 1);
        drop(rows);
        let begun = std::time::Instant::now();
        assert_eq!(User::query().count(&db).await.unwrap(), 3);
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }
    // In a transaction the rest is passed over, and the transaction goes on.
    let tx = db.begin().await.unwrap();
    let mut rows = User::query().order_by(User::id.asc()).stream(&tx);
    assert_eq!(rows.next().await.unwrap().unwrap().id, "ada");
    drop(rows);
    assert_eq!(User::query().count(&tx).await.unwrap(), 3);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_stream_can_be_sent_to_another_task_and_stored_in_a_struct() {
    struct Report {
        rows: Rows<'static, User>,
    }
    let (_database, db) = people().await;
    let db: &'static Db = Box::leak(Box::new(db));
    let report = Report { rows: User::query().stream(db) };
    let count = tokio::spawn(async move { report.rows.count().await }).await.unwrap();
    assert_eq!(count, 3);
}

#[tokio::test]
async fn the_error_of_a_stream_is_its_last_item() {
    let (_database, db) = people().await;
    let sql = "SELECT 10 / (3 - n) FROM generate_series(1, 5) AS n";
    let rows: Vec<_> = db.query_stream::<i32>(sql, &[]).await.unwrap().collect().await;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[..2].iter().map(|row| *row.as_ref().unwrap()).collect::<Vec<_>>(), [5, 10]);
    let error = rows[2].as_ref().unwrap_err();
    assert_eq!((error.sqlstate(), error.sql()), (Some("22012"), Some(sql)));
    assert_eq!(User::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn what_a_change_returns_can_be_streamed() {
    let (_database, db) = people().await;
    let update = User::update().set(User::name.set("nobody")).all_rows().returning(User::id);
    let mut ids: Vec<String> = update.stream(&db).try_collect().await.unwrap();
    ids.sort();
    assert_eq!(ids, ["ada", "alan", "grace"]);
}

#[tokio::test]
async fn an_executor_can_be_kept_without_its_type() {
    struct Service {
        executor: Arc<dyn Executor>,
    }
    impl Service {
        async fn users(&self) -> orm::Result<(i64, i64)> {
            let typed = User::query().count(&self.executor).await?;
            Ok((typed, self.executor.query_one(r#"SELECT count(*) FROM "user""#, &[]).await?))
        }
    }
    async fn first(executor: &dyn Executor) -> orm::Result<Option<User>> {
        User::query().order_by(User::id.asc()).first(executor).await
    }
    let (_database, db) = people().await;
    let service = Service { executor: Arc::new(db.clone()) };
    let users = tokio::spawn(async move { service.users().await }).await.unwrap();
    assert_eq!(users.unwrap(), (3, 3));
    let tx = db.begin().await.unwrap();
    assert_eq!(first(&tx).await.unwrap().unwrap().id, "ada");
    let boxed: Box<dyn Executor + '_> = Box::new(tx);
    assert_eq!(User::query().stream(&boxed).count().await, 3);
}

#[tokio::test]
async fn sql_by_hand_runs_on_a_database_and_gives_structs_of_tables() {
    let (_database, db) = people().await;
    let changed =
        db.execute(r#"UPDATE "user" SET name = $1 WHERE id = $2"#, &[&"Ada", &"ada"]).await;
    assert_eq!(changed.unwrap(), 1);
    let columns = "id, name, email, email_verified, image, created_at, updated_at";
    let sql = format!(r#"SELECT {columns} FROM "user" WHERE id = $1"#);
    let ada: User = db.query_one(&sql, &[&"ada"]).await.unwrap();
    assert_eq!((ada.id.as_str(), ada.name.as_str()), ("ada", "Ada"));
    let sql = format!(r#"SELECT {columns}, 7 FROM "user" ORDER BY id"#);
    let rows: Vec<(User, i32)> = db.query(&sql, &[]).await.unwrap();
    assert_eq!(
        rows.iter().map(|(user, _)| user.id.as_str()).collect::<Vec<_>>(),
        ["ada", "alan", "grace"]
    );
}
