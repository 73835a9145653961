//! What integration tests share: a database of its own for each test, on a PostgreSQL that they start themselves.

mod pgbouncer;

pub use pgbouncer::{PgBouncer, PoolMode};

use orm_core::exec::{Config, Connection, Db};
use orm_core::schema::{Schema, Table};
use orm_migrate::{devdb, plan};
use tokio::sync::OnceCell;

/// A database that one test has to itself.
pub struct TestDatabase {
    database: devdb::TestDatabase,
}

impl TestDatabase {
    /// Its URL.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// Its settings.
    pub fn config(&self) -> Config {
        Config::from_url(self.url()).expect("the URL of a test database")
    }

    /// A pool of connections to it.
    pub fn db(&self) -> Db {
        Db::connect_lazy(self.config()).expect("the settings of a test database")
    }

    /// Creates these tables.
    pub async fn create(&self, tables: &[&Table]) {
        let schema = Schema::declared(tables.iter().map(|table| (*table).clone()));
        self.execute(&plan::schema_sql(&schema.expect("names that do not collide"))).await;
    }

    /// Creates an extension. Where the server does not have it, it prints what is skipped and gives `false`.
    pub async fn create_extension(&self, name: &str) -> bool {
        const AVAILABLE: &str = "SELECT count(*) FROM pg_available_extensions WHERE name = $1";
        let connection = Connection::connect(&self.config()).await.expect("a connection");
        let count: i64 = connection.query_one(AVAILABLE, &[&name]).await.expect("a count");
        if count == 0 {
            not_tested(&format!("the server does not have the extension {name}"));
            return false;
        }
        let create = format!("CREATE EXTENSION \"{name}\" CASCADE");
        connection.batch_execute(&create).await.expect("an extension");
        connection.close().await;
        true
    }

    /// Runs SQL.
    pub async fn execute(&self, sql: &str) {
        let connection = Connection::connect(&self.config()).await.expect("a connection");
        connection.batch_execute(sql).await.expect("SQL that runs");
        connection.close().await;
    }
}

/// An empty database.
pub async fn database() -> TestDatabase {
    TestDatabase { database: devdb::test_database().expect("a PostgreSQL") }
}

/// A database with every table that this program declares: a copy of one that is made once.
pub async fn database_with_declared_tables() -> TestDatabase {
    static TEMPLATE: OnceCell<TestDatabase> = OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(|| async {
            let database = database().await;
            let declared = orm_core::registry::declared().expect("names that do not collide");
            database.execute(&plan::schema_sql(&declared)).await;
            database
        })
        .await;
    let database = devdb::test_database_like(&template.database).expect("a PostgreSQL");
    TestDatabase { database }
}

/// What is not there in every supported PostgreSQL, and the major version that has it first.
const NEWER: &[(&str, i64)] = &[
    ("NULLS NOT DISTINCT", 15),
    ("SET NULL (", 15),
    ("SET DEFAULT (", 15),
    ("security_invoker", 15),
    ("PUBLICATION p FOR TABLE t (", 15),
    ("PUBLICATION q FOR TABLE t WHERE", 15),
    (" VIRTUAL", 18),
    ("NOT ENFORCED", 18),
    ("WITHOUT OVERLAPS", 18),
];

/// Whether a server of this major version has all that the SQL uses. If not, it prints what is skipped, which
/// `.ci/servers` lists.
#[track_caller]
pub fn is_known_to(version: i64, sql: &str) -> bool {
    let newer = NEWER.iter().find(|(words, since)| version < *since && sql.contains(words));
    if let Some((words, since)) = newer {
        skipped(words, *since);
    }
    newer.is_none()
}

/// Prints that something is not tested because the server is older than this major version.
#[track_caller]
pub fn skipped(what: &str, since: i64) {
    let what = what.trim().trim_end_matches(" (");
    not_tested(&format!("{what} needs PostgreSQL {since}"));
}

/// Prints what is not tested, and why.
#[track_caller]
#[expect(clippy::print_stdout, reason = "the output of a test, which `.ci/servers` reads")]
pub fn not_tested(why: &str) {
    let place = std::panic::Location::caller();
    println!("skipped: {why} ({}:{})", place.file(), place.line());
}
