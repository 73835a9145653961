//! A live schema, and what differs from it.

use orm_core::exec::{Config, Connection, DriverRow};
use orm_core::schema::Schema;
use orm_migrate::catalog::{self, Canonical};
use orm_migrate::change::{Change, ObjectName};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::diff::diff;
use orm_migrate::scratch::ScratchServer;
use std::collections::BTreeSet;

/// A database of its own and a session on it.
#[derive(Debug)]
pub struct Live {
    /// The database.
    pub database: TestDatabase,
    /// The session.
    pub connection: Connection,
    /// Where migrations are proved; it holds their database.
    pub server: ScratchServer,
}

impl Live {
    /// A database on which the script was run.
    ///
    /// # Panics
    /// There is no PostgreSQL, or the script fails.
    pub async fn with(script: &str) -> Self {
        let database = test_database().expect("a database");
        let config = Config::from_url(database.url()).expect("a URL");
        let connection = Connection::connect(&config).await.expect("a session");
        let server = ScratchServer::of_target(&config);
        let live = Self { database, connection, server };
        live.sql(script).await;
        live
    }

    /// The same database, empty again: that is faster than another one.
    pub async fn begin_again(&self, script: &str) {
        drop_schemas(&self.connection).await.expect("schemas that can be dropped");
        self.sql(&format!("CREATE SCHEMA public; {script}")).await;
    }

    /// Its settings.
    pub fn config(&self) -> Config {
        Config::from_url(self.database.url()).expect("a URL")
    }

    /// Its schema.
    pub async fn read(&self) -> Canonical {
        catalog::read(&self.connection).await.expect("a reading").canonical
    }

    /// The server's major version: 15, 18.
    pub async fn version(&self) -> i64 {
        self.number("SELECT current_setting('server_version_num')::bigint / 10000").await
    }

    /// One text, empty for NULL.
    pub async fn text(&self, sql: &str) -> String {
        let rows = self.connection.query::<DriverRow>(sql, &[]).await.expect("rows");
        let text: Option<String> = rows.first().expect("a row").get(0);
        text.unwrap_or_default()
    }

    /// One number.
    pub async fn number(&self, sql: &str) -> i64 {
        let rows = self.connection.query::<DriverRow>(sql, &[]).await.expect("rows");
        rows.first().expect("a row").get(0)
    }

    /// Runs SQL.
    pub async fn sql(&self, sql: &str) {
        let ran = self.connection.batch_execute(sql).await;
        ran.unwrap_or_else(|error| panic!("{error:#}\n{sql}"));
    }

    /// Runs a migration in one transaction.
    pub async fn run(&self, sql: &str) {
        self.sql(&format!("BEGIN;\n{sql};\nCOMMIT")).await;
    }
}

/// Drops all schemas but the server's own, each by a statement of its own: together they may need more locks than there are.
///
/// # Errors
/// What the server says.
pub async fn drop_schemas(connection: &Connection) -> orm_core::Result<()> {
    const DROP: &str = "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
    for row in connection.query::<DriverRow>(DROP, &[]).await? {
        connection.batch_execute(row.get(0)).await?;
    }
    Ok(())
}

/// Every table and object of a schema.
pub fn all(schema: &Canonical) -> BTreeSet<ObjectName> {
    ObjectName::all(schema.schema()).collect()
}

/// The differences, as lines.
pub fn differences(from: &Canonical, to: &Canonical) -> Vec<String> {
    lines(&diff(from, to, &all(from)))
}

/// Changes, as lines.
pub fn lines(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

/// The same tables, as an author declares them who names nothing.
pub fn unnamed(schema: &Schema) -> Schema {
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
