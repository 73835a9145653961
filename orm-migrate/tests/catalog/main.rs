//! What the catalog reader and the scratch tables say of real databases.

mod known;
mod place;
mod proof;
mod round_trip;
mod scratch;
mod spelling;
mod unmanaged;
mod views;

use orm_core::exec::{Config, Connection};
use orm_core::schema::{Column, Schema, Table};
use orm_migrate::catalog::{Live, read};
use orm_migrate::devdb::{TestDatabase, test_database};

/// A database of its own, and a session on it.
struct Case {
    database: TestDatabase,
    connection: Connection,
}

impl Case {
    async fn new() -> Self {
        let database = test_database().expect("a database");
        let connection = Connection::connect(&config(&database)).await.expect("a session");
        Self { database, connection }
    }

    async fn with(sql: &str) -> Self {
        let case = Self::new().await;
        case.run(sql).await;
        case
    }

    async fn run(&self, sql: &str) {
        if let Err(error) = self.connection.batch_execute(sql).await {
            panic!("{error:#}\n{sql}");
        }
    }

    /// The server's major version.
    async fn version(&self) -> i64 {
        let sql = "SELECT current_setting('server_version_num')::bigint / 10000";
        self.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0].get(0)
    }

    async fn read(&self) -> Live {
        read(&self.connection).await.expect("a catalog that can be read")
    }

    /// The schema, without the mark of names that nobody gave.
    async fn schema(&self) -> Schema {
        self.read().await.canonical.schema().clone()
    }

    fn config(&self) -> Config {
        config(&self.database)
    }
}

fn config(database: &TestDatabase) -> Config {
    Config::from_url(database.url()).expect("a URL")
}

/// A table of the schema public.
fn table(name: &'static str, columns: Vec<Column>) -> Table {
    Table { columns: columns.into(), ..Table::new("public", name) }
}
