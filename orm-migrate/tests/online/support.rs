//! A live database and a wanted one, and the migration between them.

use orm_core::exec::{Config, Connection};
use orm_migrate::apply::{Options, apply};
use orm_migrate::catalog::{self, Canonical};
use orm_migrate::change::{Change, ObjectName};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::diff::{diff, settled};
use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate::plan::{Down, Forms, OnlinePlan, Plan, Strategy, Thresholds, online, plan};
use orm_migrate::preflight;
use std::collections::BTreeSet;
use std::time::Duration;

/// A table of 20 000 rows, and a small one.
pub(crate) const FILLED: &str = "
    CREATE TABLE other (id bigint PRIMARY KEY);
    INSERT INTO other SELECT generate_series(1, 10);
    CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, other_id bigint);
    INSERT INTO t SELECT g, g, 'b' || g, 1 + g % 10 FROM generate_series(1, 20000) AS g;";

pub(crate) struct Case {
    pub(crate) live: TestDatabase,
    pub(crate) connection: Connection,
    pub(crate) before: Canonical,
    pub(crate) goal: Canonical,
    pub(crate) changes: Vec<Change>,
}

impl Case {
    /// A live database on which `from` was run, and a wanted one on which `change` was run after it.
    pub(crate) async fn new(from: &str, change: &str) -> Self {
        let wanted = test_database().expect("a database");
        let connection = connect(wanted.url()).await;
        run(&connection, from).await;
        run(&connection, change).await;
        let goal = catalog::read(&connection).await.expect("a reading").canonical;
        let live = test_database().expect("a database");
        let connection = connect(live.url()).await;
        run(&connection, from).await;
        let before = catalog::read(&connection).await.expect("a reading").canonical;
        let changes = diff(&before, &goal, &all(&before));
        Self { live, connection, before, goal, changes }
    }

    pub(crate) async fn strategy(&self, forms: Forms) -> Strategy {
        let mut tables = all(&self.before);
        tables.extend(self.before.schema().objects.iter().map(ObjectName::of_object));
        let thresholds = Thresholds::default();
        let sizes = preflight::sizes(&self.connection, &tables, &thresholds).await.expect("sizes");
        Strategy { forms, thresholds, sizes, ..Strategy::default() }
    }

    pub(crate) fn plain(&self) -> Plan {
        plan(self.changes.clone(), &self.before, &self.goal)
    }

    pub(crate) fn online(&self, strategy: &Strategy) -> OnlinePlan {
        online(self.plain(), strategy, self.before.schema(), self.goal.schema())
    }

    /// What would still have to change.
    pub(crate) async fn left(&self, goal: &Canonical) -> Vec<String> {
        let live = catalog::read(&self.connection).await.expect("a reading").canonical;
        diff(&live, goal, &all(&live)).iter().map(ToString::to_string).collect()
    }

    pub(crate) fn down(&self) -> Option<String> {
        Down::of(&self.changes, &self.before, &settled(&self.before, &self.goal)).sql
    }

    /// Applies SQL as the tool does.
    pub(crate) async fn apply(&self, up: &str) {
        self.try_apply(up, &Options::default())
            .await
            .unwrap_or_else(|error| panic!("{error}\n{up}"));
    }

    pub(crate) async fn try_apply(&self, up: &str, options: &Options) -> Result<(), String> {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(place.path());
        let (name, up) = ("m".to_owned(), up.to_owned());
        folder.write(&Draft { name, up, down: None, plan: PlanFile::default() }).expect("written");
        run(&self.connection, "DROP SCHEMA IF EXISTS orm_migrate CASCADE").await;
        let config = Config::from_url(self.live.url()).expect("a URL");
        let applied = apply(&config, &folder, options, |_| {}).await;
        applied.map(|_| ()).map_err(|error| error.to_string())
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0].get(0)
    }

    pub(crate) async fn another(&self) -> Connection {
        connect(self.live.url()).await
    }
}

/// Options that fail after one attempt.
pub(crate) fn impatient() -> Options {
    Options { lock_timeout: Duration::from_millis(300), attempts: 1, ..Options::default() }
}

pub(crate) async fn connect(url: &str) -> Connection {
    Connection::connect(&Config::from_url(url).expect("a URL")).await.expect("a session")
}

/// The server's major version.
pub(crate) async fn version() -> i64 {
    let database = test_database().expect("a database");
    let connection = connect(database.url()).await;
    let sql = "SELECT current_setting('server_version_num')::bigint / 10000";
    connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0].get(0)
}

pub(crate) async fn run(connection: &Connection, sql: &str) {
    connection.batch_execute(sql).await.unwrap_or_else(|error| panic!("{error:#}\n{sql}"));
}

pub(crate) fn all(schema: &Canonical) -> BTreeSet<ObjectName> {
    schema.schema().tables.iter().map(ObjectName::of).collect()
}
