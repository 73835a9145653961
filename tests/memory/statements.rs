//! How many allocations one statement takes, compared with the driver by hand: the driver's own for a statement and its answer, and
//! those of the values that are read, are the same on both sides.

use orm::prelude::*;
use orm::{Connection, Executor, Insert};
use orm_test_support::database_with_declared_tables;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Customer {
    #[column(primary_key)]
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) score: i64,
    pub(crate) note: Option<String>,
    #[column(default = now(), on_update = now())]
    pub(crate) changed_at: DateTime<Utc>,
}

#[derive(Table, Debug, Clone)]
pub(crate) struct Visit {
    #[column(primary_key, identity)]
    pub(crate) id: i64,
    pub(crate) page: String,
    pub(crate) note: Option<String>,
}

#[derive(Table, Debug, Clone)]
pub(crate) struct Stock {
    #[column(primary_key)]
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) score: i64,
    pub(crate) note: Option<String>,
}

#[derive(Insertable)]
#[insert(into = Visit)]
struct NewVisit<'a> {
    page: &'a str,
    note: Option<&'a str>,
}

/// What one run takes once its statement is prepared. The connection is driven by the same thread.
fn allocations<F: Future<Output = usize>>(runtime: &Runtime, mut run: impl FnMut() -> F) -> f64 {
    const RUNS: u32 = 50;
    for _ in 0..5 {
        assert_eq!(runtime.block_on(run()), 1);
    }
    let counted = allocation_counter::measure(|| {
        for _ in 0..RUNS {
            assert_eq!(runtime.block_on(run()), 1);
        }
    });
    f64::from(u32::try_from(counted.count_total).expect("a few")) / f64::from(RUNS)
}

/// The future of a statement is boxed in a build for development: `orm-core/src/exec/hidden.rs` says why.
const HIDDEN: f64 = if cfg!(debug_assertions) { 1.0 } else { 0.0 };

struct Hand {
    client: Client,
    read: Statement,
    update: Statement,
    upsert: Statement,
    insert: Statement,
    insert_id: Statement,
}

impl Hand {
    async fn open(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a session");
        tokio::spawn(connection);
        let read = "SELECT id, name, score, note, changed_at FROM customer WHERE id = $1";
        let update = "UPDATE customer SET name = $1, changed_at = now() WHERE id = $2";
        let read = client.prepare(read).await.expect("a statement");
        let update = client.prepare(update).await.expect("a statement");
        let upsert = "INSERT INTO stock (id, name, score, note) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (id) DO UPDATE SET name = excluded.name";
        let upsert = client.prepare(upsert).await.expect("a statement");
        let insert = "INSERT INTO visit (page, note) VALUES ($1, $2)";
        let insert_id =
            client.prepare(&format!("{insert} RETURNING id")).await.expect("a statement");
        let insert = client.prepare(insert).await.expect("a statement");
        Self { client, read, update, upsert, insert, insert_id }
    }

    async fn upsert(&self) -> usize {
        let params: [&(dyn ToSql + Sync); 4] = [&"ada", &"Ada", &1_i64, &None::<&str>];
        let changed = self.client.execute(&self.upsert, &params).await;
        usize::try_from(changed.expect("an answer")).expect("one")
    }

    async fn insert(&self) -> usize {
        let inserted = self.client.execute(&self.insert, &[&"/", &Some("a note")]).await;
        usize::try_from(inserted.expect("an answer")).expect("one")
    }

    async fn insert_id(&self) -> usize {
        let rows = self.client.query(&self.insert_id, &[&"/", &Some("a note")]).await;
        let ids: Vec<i64> = rows.expect("an answer").iter().map(|row| row.get(0)).collect();
        ids.len()
    }

    async fn read(&self) -> usize {
        let row = self.client.query_opt(&self.read, &[&"ada"]).await.expect("an answer");
        let found = row.map(|row| Customer {
            id: row.get(0),
            name: row.get(1),
            score: row.get(2),
            note: row.get(3),
            changed_at: row.get(4),
        });
        usize::from(found.is_some())
    }

    async fn update(&self) -> usize {
        let changed = self.client.execute(&self.update, &[&"Ada", &"ada"]).await;
        usize::try_from(changed.expect("an answer")).expect("one")
    }
}

async fn read(db: &impl Executor) -> usize {
    let found = Customer::query().filter(Customer::id.eq("ada")).first(db).await;
    usize::from(found.expect("an answer").is_some())
}

async fn update(db: &impl Executor) -> usize {
    let update = Customer::update().set(Customer::name.set("Ada")).filter(Customer::id.eq("ada"));
    usize::try_from(update.execute(db).await.expect("an answer")).expect("one")
}

async fn upsert(db: &impl Executor) -> usize {
    let stock = Stock::insert().id("ada").name("Ada").score(1).note(None::<String>);
    let upsert = stock.on_conflict(Stock::id).do_update(Stock::name.set_excluded());
    usize::try_from(upsert.execute(db).await.expect("an answer")).expect("one")
}

fn visit() -> Insert<Visit> {
    Insert::values([NewVisit { page: "/", note: Some("a note") }])
}

async fn insert(db: &impl Executor) -> usize {
    usize::try_from(visit().execute(db).await.expect("an answer")).expect("one")
}

async fn insert_by_builder(db: &impl Executor) -> usize {
    let inserted = Visit::insert().page("/").note("a note").execute(db).await;
    usize::try_from(inserted.expect("an answer")).expect("one")
}

async fn insert_id(db: &impl Executor) -> usize {
    visit().returning(Visit::id).all(db).await.expect("an answer").len()
}

/// One of them is the condition of a read and an update, another what a row of an insert is written to.
#[test]
fn a_statement_of_one_row_takes_at_most_three_allocations_more_than_by_hand() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _alone = runtime.block_on(crate::ALONE.lock());
    let (database, hand, connection, db) = runtime.block_on(async {
        let database = database_with_declared_tables().await;
        database.execute("INSERT INTO customer (id, name, score) VALUES ('ada', 'Ada', 1)").await;
        let hand = Hand::open(database.url()).await;
        let connection = Connection::connect(database.url()).await.expect("a connection");
        let db = Db::connect(database.url()).await.expect("a database");
        (database, hand, connection, db)
    });
    /// What a statement takes by hand, on a connection and on the pool.
    macro_rules! taken {
        ($by_hand:ident, $ours:ident) => {
            (
                stringify!($ours),
                allocations(&runtime, || hand.$by_hand()),
                [
                    ("a connection", allocations(&runtime, || $ours(&connection))),
                    ("the pool", allocations(&runtime, || $ours(&db))),
                ],
            )
        };
    }
    let all = [
        taken!(read, read),
        taken!(update, update),
        taken!(upsert, upsert),
        taken!(insert, insert),
        taken!(insert, insert_by_builder),
        taken!(insert_id, insert_id),
    ];
    for (what, floor, ours) in all {
        for (on, taken) in ours {
            // A buffer of the driver grows now and then.
            let more = if what == "read" { 2.5 } else { 3.5 };
            assert!(taken < floor + HIDDEN + more, "{what} on {on}: {taken}, by hand {floor}");
        }
    }
    drop(database);
}
