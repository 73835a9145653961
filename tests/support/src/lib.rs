//! What integration tests share: a database of its own for each test, on a PostgreSQL that they start themselves.

use orm_core::exec::{Config, Connection, Db};
use orm_core::schema::{Schema, Table};
use orm_migrate::{ddl, devdb};
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
        Db::new(self.config()).expect("the settings of a test database")
    }

    /// Creates these tables.
    pub async fn create(&self, tables: &[&Table]) {
        let schema = Schema::declared(tables.iter().map(|table| (*table).clone()));
        self.execute(&ddl::schema(&schema.expect("names that do not collide"))).await;
    }

    /// Runs SQL.
    pub async fn execute(&self, sql: &str) {
        let connection = Connection::open(&self.config()).await.expect("a connection");
        connection.batch(sql).await.expect("SQL that runs");
        connection.close().await;
    }
}

/// The schemas and types of a program as SQL, each after those that it may be made of.
fn types(declared: &Schema) -> String {
    let kinds = ["schema", "enum", "domain", "composite type"];
    let of_kind = |kind| declared.objects.iter().filter(move |object| object.kind() == kind);
    let objects = kinds.into_iter().flat_map(of_kind);
    let statements: Vec<String> = objects.flat_map(ddl::object::made).collect();
    statements.join(";\n")
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
            database.execute(&types(&declared)).await;
            database.execute(&ddl::schema(&declared)).await;
            database
        })
        .await;
    let database = devdb::test_database_like(&template.database).expect("a PostgreSQL");
    TestDatabase { database }
}
