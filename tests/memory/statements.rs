//! How many allocations one statement takes, compared with the driver by hand: the driver's own for a statement and its answer, and
//! those of the values that are read, are the same on both sides.

use orm::prelude::*;
use orm::{Connection, Executor};
use orm_test_support::database_with_declared_tables;
use tokio::runtime::{Builder, Runtime};
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
}

impl Hand {
    async fn open(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a session");
        tokio::spawn(connection);
        let read = "SELECT id, name, score, note, changed_at FROM customer WHERE id = $1";
        let update = "UPDATE customer SET name = $1, changed_at = now() WHERE id = $2";
        let read = client.prepare(read).await.expect("a statement");
        let update = client.prepare(update).await.expect("a statement");
        Self { client, read, update }
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

#[test]
fn a_point_read_takes_two_and_an_update_three_allocations_more_than_by_hand() {
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
    let floors = [
        ("read", allocations(&runtime, || hand.read()), 2.0),
        ("update", allocations(&runtime, || hand.update()), 3.0),
    ];
    let ours = [
        [allocations(&runtime, || read(&connection)), allocations(&runtime, || read(&db))],
        [allocations(&runtime, || update(&connection)), allocations(&runtime, || update(&db))],
    ];
    for ((what, floor, more), ours) in floors.into_iter().zip(ours) {
        for (taken, on) in ours.into_iter().zip(["a connection", "the pool"]) {
            // A buffer of the driver grows now and then.
            assert!(
                taken < floor + more + HIDDEN + 0.5,
                "{what} on {on}: {taken}, by hand {floor}"
            );
        }
    }
    drop(database);
}
