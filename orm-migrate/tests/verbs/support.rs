//! A checkout (a folder of migrations) and a database, with the tool between them.

use orm_core::exec::{Config, Connection};
use orm_core::schema::{Column, Schema, Table};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, Migration, PlanFile};
use orm_migrate::source::to_json;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tables by name, with columns such as `email text`.
pub(crate) type Tables = &'static [(&'static str, &'static [&'static str])];

pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    /// Both streams, for messages.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.error)
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.all());
        self
    }

    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        let all = self.all();
        assert_eq!(self.code, code, "{all}");
        for word in words {
            assert!(all.contains(word), "{word}: {all}");
        }
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON document")
    }
}

pub(crate) struct Case {
    pub(crate) database: TestDatabase,
    place: tempfile::TempDir,
}

impl Case {
    pub(crate) fn new() -> Self {
        let database = test_database().expect("a database");
        Self { database, place: tempfile::tempdir().expect("a folder") }
    }

    /// Another database, and a copy of the folder.
    pub(crate) fn branch(&self) -> Self {
        let other = Self::new();
        other.merge(self);
        other
    }

    /// Copies in what the other folder has and this one lacks, as a merge does.
    pub(crate) fn merge(&self, other: &Self) {
        copy(&other.migrations(), &self.migrations());
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.place.path().join("migrations")
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(self.migrations())
    }

    pub(crate) fn read(&self) -> Vec<Migration> {
        self.folder().read().expect("migrations")
    }

    /// The name of the one migration whose name ends so.
    #[track_caller]
    pub(crate) fn name(&self, end: &str) -> String {
        self.find(end).name
    }

    #[track_caller]
    pub(crate) fn find(&self, end: &str) -> Migration {
        let all = self.read();
        let end = format!("_{end}");
        all.into_iter().find(|it| it.name.ends_with(&end)).expect("a migration of that name")
    }

    /// A migration as somebody writes it by hand, without a plan.
    pub(crate) fn by_hand(&self, name: &str, up: &str, down: Option<&str>) {
        let draft = Draft {
            name: name.to_owned(),
            up: up.to_owned(),
            down: down.map(str::to_owned),
            plan: PlanFile::default(),
        };
        let written = self.folder().write(&draft).expect("a migration");
        std::fs::remove_file(written.path.join("plan.json")).expect("removed");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orm-migrate"));
        command.args(arguments).arg("--migrations").arg(self.migrations());
        command.env_remove("DATABASE_URL").env("POSTGRES_URL", self.database.url());
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().expect("it runs");
        Said {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("text"),
            error: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// What is declared, as a file.
    pub(crate) fn declare(&self, tables: Tables) -> String {
        let tables = tables.iter().map(|(name, columns)| {
            let mut table = Table::new("public", name);
            for column in *columns {
                let (name, data_type) = column.split_once(' ').expect("a name and a type");
                let mut column = Column::new(name, data_type);
                column.nullable = name != "id";
                table.columns.to_mut().push(column);
            }
            table
        });
        let schema = Schema::declared(tables).expect("a schema");
        let path = self.place.path().join("schema.json");
        std::fs::write(&path, to_json(&schema).to_string()).expect("written");
        path.display().to_string()
    }

    /// A migration from the database to these tables.
    #[track_caller]
    pub(crate) fn diff(&self, name: &str, tables: Tables) -> Migration {
        let to = self.declare(tables);
        self.run(&["diff", name, "--to", &to, "--allow-destructive"]).ok();
        self.find(name)
    }

    #[track_caller]
    pub(crate) fn apply(&self) {
        self.run(&["apply"]).ok();
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.rows(sql);
    }

    /// The first column of all rows, as text.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let config = Config::from_url(self.database.url()).expect("a URL");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let connection = Connection::connect(&config).await.expect("a session");
            if !sql.trim_start().to_lowercase().starts_with("select") {
                connection.batch_execute(sql).await.expect("it runs");
                return Vec::new();
            }
            let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
            rows.iter().map(|row| row.get::<_, Option<String>>(0).unwrap_or_default()).collect()
        })
    }

    /// A session that holds what the statement locks, until it is dropped.
    pub(crate) fn hold(&self, sql: &str) -> (tokio::runtime::Runtime, Connection) {
        let config = Config::from_url(self.database.url()).expect("a URL");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let connection = runtime.block_on(async {
            let connection = Connection::connect(&config).await.expect("a session");
            connection.batch_execute(&format!("BEGIN; {sql}")).await.expect("it runs");
            connection
        });
        (runtime, connection)
    }

    pub(crate) fn columns(&self, table: &str) -> String {
        let sql = format!(
            "SELECT string_agg(column_name, ' ' ORDER BY column_name) FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        );
        self.rows(&sql).join("")
    }

    pub(crate) fn ledger(&self) -> Vec<String> {
        self.rows("SELECT name FROM orm_migrate.ledger ORDER BY name")
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if !target.exists() {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}
