//! `shared_connections`: which statements travel on sessions that others use too, and that all of them give what they give
//! on one of their own.

use crate::fixture::people;
use auth::{Session, Team, User};
use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{Config, Connection, Placeholder, batch, prepare, truncate};
use orm_test_support::TestDatabase;

/// The one shared session of a pool, and a connection that sees what it was told.
struct Watched {
    db: Db,
    backend: i32,
    witness: Connection,
}

impl Watched {
    async fn new(database: &TestDatabase) -> Self {
        let config = Config::builder().url(database.url()).max_connections(3).shared_connections(1);
        let db = Db::connect(config.build().unwrap()).await.unwrap();
        let backend = db.query_one("SELECT pg_backend_pid()", &[]).await.unwrap();
        let witness = Connection::connect(&database.config()).await.unwrap();
        Self { db, backend, witness }
    }

    /// What the shared session ran last.
    async fn last(&self) -> String {
        let sql = "SELECT query FROM pg_stat_activity WHERE pid = $1";
        self.witness.query_one(sql, &[&self.backend]).await.unwrap()
    }

    /// The shared session has run a statement that begins and ends like that.
    #[track_caller]
    fn ran(&self, begin: &str, end: &str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let last = self.last().await;
            assert!(last.starts_with(begin) && last.ends_with(end), "{place}: {last}");
        }
    }
}

#[tokio::test]
async fn single_statements_travel_on_shared_sessions() {
    let (database, _) = people().await;
    let shared = Watched::new(&database).await;
    let db = &shared.db;
    let ada = || User::query().filter(User::id.eq("ada"));
    assert_eq!(ada().all(db).await.unwrap().len(), 1);
    shared.ran("SELECT", "\"user\".\"id\" = $1").await;
    assert!(ada().first(db).await.unwrap().is_some());
    shared.ran("SELECT", "LIMIT $2").await;
    assert_eq!(ada().one(db).await.unwrap().name, "Ada Lovelace");
    assert_eq!(User::query().count(db).await.unwrap(), 3);
    shared.ran("SELECT count(*)", "").await;
    assert!(ada().exists(db).await.unwrap());
    shared.ran("SELECT EXISTS", "").await;
    let with_sessions = ada().with(User::sessions).one(db).await.unwrap();
    assert_eq!(with_sessions.sessions.len(), 2);
    assert!(shared.last().await.contains("\"session\""));
    let bob = || User::insert().id("bob").name("Bob").email("bob@example.com");
    assert_eq!(bob().execute(db).await.unwrap(), 1);
    shared.ran("INSERT", "").await;
    assert_eq!(bob().execute(db).await.unwrap_err().constraint(), Some("user_pkey"));
    let renamed = User::update().set(User::name.set("Robert")).find("bob");
    assert_eq!(renamed.returning(User::name).one(db).await.unwrap(), "Robert");
    shared.ran("UPDATE", "RETURNING \"user\".\"name\"").await;
    assert_eq!(User::delete().find("bob").execute(db).await.unwrap(), 1);
    shared.ran("DELETE", "").await;
    let by_id = prepare(|id: Placeholder<String>| User::query().filter(User::id.eq(id)));
    assert_eq!(by_id.one(db, "alan").await.unwrap().name, "Alan Turing");
    shared.ran("SELECT", "LIMIT $2").await;
    let (users, teams) = batch(db, (User::query(), Team::query())).await.unwrap();
    assert_eq!((users.len(), teams.len()), (3, 2));
    shared.ran("SELECT", "FROM \"team\"").await;
    assert_eq!(db.status().shared_statements, 0);
    // An executor whose type is not known is the same.
    let executor: std::sync::Arc<dyn orm::Executor> = std::sync::Arc::new(db.clone());
    assert_eq!(Session::query().count(&executor).await.unwrap(), 3);
    shared.ran("SELECT count(*) FROM \"session\"", "").await;
}

#[tokio::test]
async fn what_is_read_slowly_waits_long_or_lasts_has_a_session_of_its_own() {
    let (database, _) = people().await;
    let shared = Watched::new(&database).await;
    let db = &shared.db;
    let ran_before = shared.last().await;
    assert_eq!(User::query().stream(db).try_collect::<Vec<_>>().await.unwrap().len(), 3);
    let mut names = 0;
    let query = User::query().select(User::name);
    let each = query.for_each(db, |name: &str| {
        names += name.len();
        Ok(())
    });
    each.await.unwrap();
    assert_eq!(names, "Ada Lovelace".len() + "Grace Hopper".len() + "Alan Turing".len());
    let tx = db.begin().await.unwrap();
    assert_eq!(User::query().count(&tx).await.unwrap(), 3);
    let mut cursor = User::query().cursor(&tx).await.unwrap();
    assert_eq!(cursor.fetch(2).await.unwrap().len(), 2);
    tx.rollback().await.unwrap();
    let connection = db.connection().await.unwrap();
    assert_eq!(Session::query().count(&connection).await.unwrap(), 3);
    drop(connection);
    truncate(Session).execute(db).await.unwrap();
    db.execute("SET search_path = public", &[]).await.unwrap();
    assert_eq!(shared.last().await, ran_before);
    assert_eq!(Session::query().count(db).await.unwrap(), 0);
    assert_ne!(shared.last().await, ran_before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_read_and_write_on_few_sessions_and_each_gets_its_own_rows() {
    let (database, _) = people().await;
    let config = Config::builder().url(database.url()).max_connections(3).shared_connections(2);
    let db = Db::connect(config.build().unwrap()).await.unwrap();
    let task = async |db: Db, task: usize| {
        for round in 0..20 {
            let id = format!("{task} {round}");
            let user = User::insert().id(&id).name(&id).email(&id);
            let user = user.returning_all().one(&db).await.unwrap();
            assert_eq!(user.name, id);
            // Every fifth is one that fails: the others do not notice.
            if round % 5 == 0 {
                User::insert().id(&id).name("again").email("again").execute(&db).await.unwrap_err();
            }
            let name = User::query().filter(User::id.eq(&id)).select(User::email);
            assert_eq!(name.one(&db).await.unwrap(), id);
        }
    };
    let tasks: Vec<_> = (0..16).map(|n| tokio::spawn(task(db.clone(), n))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(User::query().count(&db).await.unwrap(), 3 + 16 * 20);
    assert!(db.status().size <= 3, "{:?}", db.status());
}
