//! A run of the binary, databases, and a folder to write in.

use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, PlanFile};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    /// The exit code that was expected; else all that was said.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.error);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.error))
    }

    /// Whether each of these is somewhere in what was said.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(
                self.out.contains(part) || self.error.contains(part),
                "{part} is not in\n{}{}",
                self.out,
                self.error
            );
        }
        self
    }
}

/// The binary with these flags, and no database in its environment.
pub(crate) fn tool(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orm-migrate"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    command.stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Said {
    said(&mut tool(arguments))
}

pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.output().expect("it runs");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        error: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A database of its own, made by some SQL.
pub(crate) struct Database {
    database: TestDatabase,
}

impl Database {
    pub(crate) fn with(sql: &str) -> Self {
        let database = Self { database: test_database().expect("a database") };
        database.sql(sql);
        database
    }

    pub(crate) fn url(&self) -> &str {
        self.database.url()
    }

    pub(crate) fn name(&self) -> &str {
        self.database.name()
    }

    pub(crate) fn sql(&self, sql: &str) {
        on(self.url(), sql);
    }

    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        texts(self.url(), sql)
    }

    /// The URL of another role.
    pub(crate) fn url_of(&self, role: &str) -> String {
        assert!(self.url().contains("user=postgres"), "another kind of URL: {}", self.url());
        self.url().replace("user=postgres", &format!("user={role}"))
    }
}

/// Runs SQL.
pub(crate) fn on(url: &str, sql: &str) {
    block_on(async {
        if let Err(error) = connect(url).await.batch_execute(sql).await {
            panic!("{error:#}\n{sql}");
        }
    });
}

/// Runs statements in one session, each in a transaction of its own.
pub(crate) fn on_each(url: &str, statements: &[&str]) {
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
pub(crate) fn try_sql(url: &str, sql: &str) -> Result<(), String> {
    block_on(async {
        connect(url).await.batch_execute(sql).await.map_err(|error| error.to_string())
    })
}

/// A session that holds what it took, until it is dropped.
pub(crate) struct Held {
    _connection: Connection,
    _runtime: tokio::runtime::Runtime,
}

/// Runs SQL in a session that stays open.
pub(crate) fn hold(url: &str, sql: &str) -> Held {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let connection = runtime.block_on(async {
        let connection = connect(url).await;
        connection.batch_execute(sql).await.expect("it runs");
        connection
    });
    Held { _connection: connection, _runtime: runtime }
}

/// The first column of a query.
pub(crate) fn texts(url: &str, sql: &str) -> Vec<String> {
    block_on(async {
        let rows =
            connect(url).await.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
        rows.iter().map(|row| row.get(0)).collect()
    })
}

async fn connect(url: &str) -> Connection {
    let config = Config::from_url(url).expect("a URL");
    Connection::connect(&config).await.expect("a session")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(work)
}

/// A folder to write in.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    /// A folder with these migrations, each its `up.sql` and perhaps its `down.sql`.
    pub(crate) fn migrations(&self, name: &str, migrations: &[(&str, Option<&str>)]) -> String {
        let path: PathBuf = self.path().join(name);
        let folder = Folder::at(&path);
        folder.create().expect("a folder");
        for (index, (up, down)) in migrations.iter().enumerate() {
            let draft = Draft {
                name: format!("m{index}"),
                up: (*up).to_owned(),
                down: down.map(str::to_owned),
                plan: PlanFile::default(),
            };
            folder.write(&draft).expect("a migration");
        }
        path.display().to_string()
    }
}

/// The manifest of the example: a crate that is built and asked for its tables.
pub(crate) fn auth() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/auth/Cargo.toml");
    path.display().to_string()
}
