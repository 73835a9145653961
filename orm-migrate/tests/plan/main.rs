//! Plans on a real PostgreSQL: a migration leads to the schema it is for, and its way back to where it came from.
//!
//! Each case is two schemas as SQL. The names in both are given names, as in any live database.

mod cases;

use orm_core::exec::{Config, Connection};
use orm_migrate::catalog::{self, Canonical};
use orm_migrate::change::{Change, ObjectName};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::diff::{diff, settled};
use orm_migrate::plan::{Down, plan};
use std::collections::BTreeSet;
use std::future::Future;

/// Makes the tables of `from` into those of `to` and back.
#[track_caller]
fn check(from: &str, to: &str) {
    let down = up_and_down(from, to);
    assert!(down.is_some(), "no way back");
}

/// Makes the tables of `from` into those of `to`, from where there is no way back without guessing.
#[track_caller]
fn check_up(from: &str, to: &str) {
    let down = up_and_down(from, to);
    assert_eq!(down, None);
}

/// The SQL of the way back, if there is one.
#[track_caller]
fn up_and_down(from: &str, to: &str) -> Option<String> {
    let (wanted, live) = (Database::with(to), Database::with(from));
    let (before, goal) = (live.read(), wanted.read());
    let changes = differences(&before, &goal);
    let up = plan(changes.clone(), &before, &goal).up_sql();
    live.run(&up);
    assert_eq!(left(&live.read(), &goal), Vec::<String>::new(), "after:\n{up}");
    let down = Down::of(&changes, &before, &settled(&before, &goal)).sql?;
    live.run(&down);
    assert_eq!(
        left(&live.read(), &before),
        Vec::<String>::new(),
        "after:\n{up}\nand back:\n{down}"
    );
    Some(down)
}

fn differences(from: &Canonical, to: &Canonical) -> Vec<Change> {
    let managed: BTreeSet<ObjectName> = from.schema().tables.iter().map(ObjectName::of).collect();
    diff(from, to, &managed)
}

fn left(from: &Canonical, to: &Canonical) -> Vec<String> {
    differences(from, to).iter().map(ToString::to_string).collect()
}

struct Database {
    database: TestDatabase,
}

impl Database {
    fn with(sql: &str) -> Self {
        let database = test_database().expect("a test database");
        let this = Self { database };
        this.run(sql);
        this
    }

    #[track_caller]
    fn run(&self, sql: &str) {
        let run = async {
            let connection = self.connect().await;
            connection.batch_execute(&format!("BEGIN;\n{sql}\n;COMMIT")).await
        };
        if let Err(error) = wait(run) {
            panic!("{error:#}\nin:\n{sql}");
        }
    }

    fn read(&self) -> Canonical {
        let live = wait(async { catalog::read(&self.connect().await).await });
        live.expect("a catalog").canonical
    }

    async fn connect(&self) -> Connection {
        let config = Config::from_url(self.database.url()).expect("a URL");
        Connection::connect(&config).await.expect("a connection")
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}
