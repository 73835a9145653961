//! Databases and readings that every test here needs.

use orm_core::exec::{Config, Connection};
use orm_core::schema::Schema;
use orm_migrate::catalog::{self, Canonical};
use orm_migrate::change::{Change, ObjectName};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::diff::diff;
use orm_migrate::scratch::ScratchServer;
use std::collections::BTreeSet;

/// A database of its own and a session on it.
pub(crate) struct Place {
    pub(crate) database: TestDatabase,
    pub(crate) connection: Connection,
    /// Where proofs are made; it keeps their database.
    pub(crate) server: ScratchServer,
}

impl Place {
    /// An empty database on which the script was run.
    pub(crate) async fn with(script: &str) -> Self {
        let database = test_database().expect("a database");
        let config = Config::from_url(database.url()).expect("a URL");
        let connection = Connection::connect(&config).await.expect("a session");
        connection
            .batch_execute(script)
            .await
            .unwrap_or_else(|error| panic!("{error:#}\n{script}"));
        let server = ScratchServer::of_target(&config);
        Self { database, connection, server }
    }

    /// The same database, empty again: that is faster than another one.
    pub(crate) async fn begin_again(&self, script: &str) {
        const DROP: &str = "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for row in self
            .connection
            .query::<orm_core::exec::DriverRow>(DROP, &[])
            .await
            .expect("the schemas")
        {
            self.connection.batch_execute(row.get(0)).await.expect("dropped");
        }
        let script = format!("CREATE SCHEMA public; {script}");
        self.connection.batch_execute(&script).await.unwrap_or_else(|error| panic!("{error:#}"));
    }

    pub(crate) fn config(&self) -> Config {
        Config::from_url(self.database.url()).expect("a URL")
    }

    /// The live schema.
    pub(crate) async fn read(&self) -> Canonical {
        catalog::read(&self.connection).await.expect("a reading").canonical
    }

    /// The server's version: 15, 18.
    pub(crate) async fn version(&self) -> i64 {
        self.number("SELECT current_setting('server_version_num')::bigint / 10000").await
    }

    /// One text, empty for NULL.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let rows =
            self.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
        rows[0].get::<_, Option<String>>(0).unwrap_or_default()
    }

    /// Runs a migration in one transaction.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = format!("BEGIN;\n{sql};\nCOMMIT");
        self.connection
            .batch_execute(&sql)
            .await
            .unwrap_or_else(|error| panic!("{error:#}\n{sql}"));
    }

    /// One number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0].get(0)
    }
}

/// Every table and object of a schema.
pub(crate) fn all(schema: &Canonical) -> BTreeSet<ObjectName> {
    ObjectName::all(schema.schema()).collect()
}

/// The differences, as lines.
pub(crate) fn differences(from: &Canonical, to: &Canonical) -> Vec<String> {
    lines(&diff(from, to, &all(from)))
}

pub(crate) fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

/// The same tables, as an author declares them who names nothing.
pub(crate) fn unnamed(schema: &Schema) -> Schema {
    let mut tables = schema.tables.clone();
    for table in &mut tables {
        table.primary_key.iter_mut().for_each(|key| key.name = None);
        table.uniques.to_mut().iter_mut().for_each(|unique| unique.name = None);
        table.foreign_keys.to_mut().iter_mut().for_each(|key| key.name = None);
        table.checks.to_mut().iter_mut().for_each(|check| check.name = None);
        table.exclusions.to_mut().iter_mut().for_each(|it| it.name = None);
        table.indexes.to_mut().iter_mut().for_each(|index| index.name = None);
    }
    let objects = schema.objects.iter().cloned();
    Schema::declared(tables).and_then(|it| it.with_objects(objects)).expect("names")
}
