//! A database that a test has to itself, for SQL from outside of an async runtime.

use orm_core::exec::{Config, Connection, DriverRow};
use orm_migrate::devdb::{TestDatabase, test_database};

/// A database of its own, made by some SQL.
#[derive(Debug)]
pub struct Database {
    database: TestDatabase,
}

impl Database {
    /// A database on which the SQL was run.
    ///
    /// # Panics
    /// There is no PostgreSQL, or the SQL fails.
    #[track_caller]
    pub fn with(sql: &str) -> Self {
        let database = Self { database: test_database().expect("a database") };
        database.sql(sql);
        database
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.database.name()
    }

    /// Runs SQL.
    #[track_caller]
    pub fn sql(&self, sql: &str) {
        on(self.url(), sql);
    }

    /// The first column of a query.
    #[track_caller]
    pub fn texts(&self, sql: &str) -> Vec<String> {
        texts(self.url(), sql)
    }

    /// The URL of another role.
    #[track_caller]
    pub fn url_of(&self, role: &str) -> String {
        assert!(self.url().contains("user=postgres"), "another kind of URL: {}", self.url());
        self.url().replace("user=postgres", &format!("user={role}"))
    }
}

/// Runs SQL.
#[track_caller]
pub fn on(url: &str, sql: &str) {
    if let Err(error) = block_on(async { connect(url).await.batch_execute(sql).await }) {
        panic!("{error:#}\n{sql}");
    }
}

/// Runs statements in one session, each in a transaction of its own.
#[track_caller]
pub fn on_each(url: &str, statements: &[&str]) {
    block_on(async {
        let connection = connect(url).await;
        for statement in statements {
            if let Err(error) = connection.batch_execute(statement).await {
                panic!("{error:#}\n{statement}");
            }
        }
    });
}

/// Runs SQL that may fail.
///
/// # Errors
/// What the server says.
pub fn try_sql(url: &str, sql: &str) -> Result<(), String> {
    let result = block_on(async { connect(url).await.batch_execute(sql).await });
    result.map_err(|error| error.to_string())
}

/// A session that holds what it took, until it is dropped.
#[derive(Debug)]
pub struct Held {
    _connection: Connection,
    _runtime: tokio::runtime::Runtime,
}

/// Runs SQL in a session that stays open.
pub fn hold(url: &str, sql: &str) -> Held {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let connection = runtime.block_on(async {
        let connection = connect(url).await;
        connection.batch_execute(sql).await.unwrap_or_else(|error| panic!("{error:#}\n{sql}"));
        connection
    });
    Held { _connection: connection, _runtime: runtime }
}

/// The first column of a query, empty for NULL.
#[track_caller]
pub fn texts(url: &str, sql: &str) -> Vec<String> {
    let rows = block_on(async { connect(url).await.query::<DriverRow>(sql, &[]).await });
    let rows = rows.unwrap_or_else(|error| panic!("{error:#}\n{sql}"));
    rows.iter().map(|row| row.get::<_, Option<String>>(0).unwrap_or_default()).collect()
}

/// A session.
pub async fn connect(url: &str) -> Connection {
    Connection::connect(&Config::from_url(url).expect("a URL")).await.expect("a session")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}
