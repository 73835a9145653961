//! What may go wrong while migrations are applied, staged on a real server with the real program: killed between any
//! two requests, connection lost, locks, two at once, files that are not as they should be, a server that refuses.
//!
//! What counts is always the same: the next `apply` brings the database to the same end, and nothing happens twice.

mod files;
mod interrupted;
mod locks;
mod proxy;
mod reading;
mod server;

use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::{Data, Server};
use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate_test_support::{ToolOutput, tool};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// One server for all of these tests; it goes with this process.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(Data::Throwaway).expect("a server"))
}

/// A database, and a folder of migrations for it.
struct Case {
    database: String,
    place: tempfile::TempDir,
    folder: Folder,
}

impl Case {
    async fn new(migrations: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = format!("case_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        sql_on("postgres", &format!("CREATE DATABASE {database} TEMPLATE template0")).await;
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(place.path().join("migrations"));
        for (index, up) in migrations.iter().enumerate() {
            let (name, up) = (format!("m{index}"), (*up).to_owned());
            let draft = Draft { name, up, down: None, plan: PlanFile::default() };
            folder.write(&draft).expect("a migration");
        }
        Self { database, place, folder }
    }

    fn url(&self) -> String {
        server().socket_url(&self.database)
    }

    fn command(&self, url: &str, more: &[&str]) -> Command {
        self.verb("apply", url, more)
    }

    fn verb(&self, verb: &str, url: &str, more: &[&str]) -> Command {
        let mut command = tool(&[verb, "--migrations"]);
        command.arg(self.folder.path()).args(more).env("POSTGRES_URL", url);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `apply` to its end.
    fn apply(&self, more: &[&str]) -> ToolOutput {
        ToolOutput::of(&mut self.command(&self.url(), more))
    }

    /// Runs another verb to its end.
    fn run(&self, verb: &str, more: &[&str]) -> ToolOutput {
        ToolOutput::of(&mut self.verb(verb, &self.url(), more))
    }

    /// Starts `apply`, and leaves it running.
    fn start(&self, more: &[&str]) -> Child {
        self.command(&self.url(), more).spawn().expect("it runs")
    }

    async fn connect(&self) -> Connection {
        connect(&self.database).await
    }

    async fn sql(&self, sql: &str) {
        sql_on(&self.database, sql).await;
    }

    async fn number(&self, sql: &str) -> i64 {
        self.connect().await.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0]
            .get(0)
    }

    /// Waits until the query gives true.
    async fn until(&self, sql: &str) {
        let connection = self.connect().await;
        let begun = Instant::now();
        while !connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0]
            .get::<_, bool>(0)
        {
            assert!(begun.elapsed() < Duration::from_secs(30), "still not: {sql}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until a session runs this, and waits for a lock or another transaction.
    async fn until_it_waits(&self, beginning: &str) {
        self.until(&format!(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
             AND query LIKE '{beginning}%' AND wait_event_type = 'Lock')"
        ))
        .await;
    }
}

async fn connect(database: &str) -> Connection {
    let config = Config::from_url(&server().socket_url(database)).expect("a URL");
    Connection::connect(&config).await.expect("a session")
}

async fn sql_on(database: &str, sql: &str) {
    connect(database).await.batch_execute(sql).await.expect("it runs");
}

/// Kills a program as `kill -9` does, and waits until it is gone.
fn kill(mut child: Child) {
    child.kill().expect("killed");
    child.wait().expect("gone");
}
