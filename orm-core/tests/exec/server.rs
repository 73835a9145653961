//! A PostgreSQL for these tests: one for all of them, ended with the test process; a database for each test.

use orm_core::exec::{Config, ConfigBuilder, Connection, Db, Profile};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A running server. Its folder and process end with this process: the shell around it waits for our end of a pipe.
pub(crate) struct Server {
    pub(crate) port: u16,
    _watch: Child,
}

impl Server {
    /// The server without TLS that all tests share.
    pub(crate) fn plain() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(|_| String::new()))
    }

    /// Starts one; `prepare` may put files into its data folder and gives more lines for postgresql.conf.
    pub(crate) fn start(prepare: impl FnOnce(&Path) -> String) -> Self {
        Self::start_until("ready to accept connections", prepare)
    }

    /// As [`start`](Self::start); it counts as started when its log contains that.
    pub(crate) fn start_until(ready: &str, prepare: impl FnOnce(&Path) -> String) -> Self {
        let base = std::env::var_os("ORM_TEST_FOLDER").filter(|it| !it.is_empty());
        let base = base.map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = tempfile::Builder::new().prefix("orm-exec-").tempdir_in(base);
        let folder = folder.expect("a folder").keep();
        let data = folder.join("data");
        std::fs::create_dir(&data).expect("a data folder");
        let as_user = as_server();
        let is_root = !as_user.is_empty();
        let bin = binaries();
        let port = free_port();
        if is_root {
            shell(&format!("chown -R postgres {}", folder.display()));
        }
        shell(&format!(
            "{as_user} {}/initdb -D {} -U postgres -A trust --no-sync -E UTF8 --no-locale",
            bin.display(),
            data.display()
        ));
        let more = prepare(&data);
        let conf = format!(
            "listen_addresses='127.0.0.1'\nport={port}\nunix_socket_directories='{}'\nfsync=off\n{more}\n",
            folder.display()
        );
        append(&data.join("postgresql.conf"), &conf);
        let hba = std::fs::read_to_string(data.join("pg_hba.conf")).expect("pg_hba.conf");
        let first =
            "host all needs_password 127.0.0.1/32 scram-sha-256\nhost all locked_out all reject\n";
        std::fs::write(data.join("pg_hba.conf"), format!("{first}{hba}")).expect("pg_hba.conf");
        if is_root {
            shell(&format!("chown -R postgres {}", folder.display()));
        }
        let script = format!(
            "trap : HUP INT TERM; {as_user} {bin}/postgres -D {data} >{folder}/log 2>&1 & server=$!; read end; \
             kill -INT $server; wait $server; rm -rf {folder}",
            bin = bin.display(),
            data = data.display(),
            folder = folder.display()
        );
        let watch = Command::new("sh")
            .arg("-c")
            .arg(script)
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let server = Self { port, _watch: watch };
        wait(&folder, ready);
        server
    }

    /// Makes a primary of the standby in that data folder.
    pub(crate) fn promote(data: &Path) {
        let (bin, data) = (binaries(), data.display());
        shell(&format!("{} {}/pg_ctl promote -W -D {data}", as_server(), bin.display()));
    }

    /// A new, empty database.
    pub(crate) async fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = Connection::connect(&self.config("postgres").build().expect("settings"))
            .await
            .expect("the server");
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        name
    }

    /// Settings for that database, by the superuser.
    pub(crate) fn config(&self, database: &str) -> ConfigBuilder {
        Config::builder()
            .host("127.0.0.1")
            .port(self.port)
            .user("postgres")
            .database(database)
            .profile(Profile::Development)
    }
}

/// A database of its own on the shared server, and somebody else to look at it with.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) witness: Connection,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let name = Server::plain().database().await;
        let config = Server::plain().config(&name).application_name("witness").build();
        let witness = Connection::connect(&config.expect("settings")).await.expect("a connection");
        Self { name, witness }
    }

    pub(crate) fn config(&self) -> ConfigBuilder {
        Server::plain().config(&self.name)
    }

    pub(crate) async fn db(&self) -> Db {
        self.config().connect().await.expect("a database")
    }

    /// The one number that a statement gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.witness.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")[0].get(0)
    }

    /// How many sessions but the witness's there are.
    pub(crate) async fn sessions(&self) -> i64 {
        self.number(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name <> 'witness'",
        )
        .await
    }

    /// Waits until there are that many sessions but the witness's.
    #[track_caller]
    pub(crate) fn until_sessions(&self, count: i64) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let begun = Instant::now();
            loop {
                let now = self.sessions().await;
                if now == count {
                    return;
                }
                assert!(
                    begun.elapsed() < Duration::from_secs(10),
                    "{place}: {now} sessions, not {count}"
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// The port is open a moment before sessions are let in: what the server says of itself counts.
fn wait(folder: &Path, ready: &str) {
    let begun = Instant::now();
    while !log(folder).contains(ready) {
        assert!(begun.elapsed() < Duration::from_secs(30), "no server: {}", log(folder));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What stands before a command that the server's user runs: PostgreSQL refuses to run as root.
fn as_server() -> &'static str {
    let is_root = Command::new("id").arg("-u").output().expect("id").stdout == b"0\n";
    if is_root { "setpriv --reuid=postgres --regid=postgres --clear-groups" } else { "" }
}

/// Whether the server is built with TLS. If not, it prints what is skipped.
#[track_caller]
pub(crate) fn has_tls() -> bool {
    let settings = Command::new(binaries().join("postgres")).arg("--describe-config").output();
    let settings = String::from_utf8(settings.expect("a server").stdout).expect("text");
    // The default of a server without TLS.
    let has_none = |line: &str| line.starts_with("ssl_ciphers\t") && line.contains("\tnone\t");
    let is_missing = settings.lines().any(has_none);
    if is_missing {
        orm_test_support::not_tested("this PostgreSQL is built without TLS");
    }
    !is_missing
}

fn binaries() -> PathBuf {
    if let Ok(folder) = std::env::var("ORM_POSTGRES_BIN") {
        return folder.into();
    }
    let newest = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .max();
    newest.expect("PostgreSQL binaries: set ORM_POSTGRES_BIN")
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

fn shell(script: &str) {
    let output = Command::new("sh").arg("-c").arg(script).output().expect("a shell");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
}

fn append(file: &Path, text: &str) {
    let before = std::fs::read_to_string(file).expect("a file");
    std::fs::write(file, before + text).expect("a file");
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// A network in front of a server: it can stop delivering, without closing anything.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    swallows: tokio::sync::watch::Sender<bool>,
    /// The listener and all connections.
    tasks: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn start(server: u16) -> Self {
        Self::start_at(0, server).await
    }

    pub(crate) async fn start_at(port: u16, server: u16) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (swallows, watch) = tokio::sync::watch::channel(false);
        let tasks = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let watch = watch.clone();
                connections.spawn(async move {
                    let server =
                        tokio::net::TcpStream::connect(("127.0.0.1", server)).await.expect("it");
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::join!(
                        Self::forward(from_client, to_server, watch.clone()),
                        Self::forward(from_server, to_client, watch)
                    );
                });
            }
        });
        Self { port, swallows, tasks }
    }

    /// Whether packets are lost from now on.
    pub(crate) fn swallow(&self, swallows: bool) {
        self.swallows.send(swallows).expect("the proxy");
    }

    /// Closes all connections and refuses new ones.
    pub(crate) async fn end(self) {
        self.tasks.abort();
        let _ended = self.tasks.await;
    }

    async fn forward(
        mut from: tokio::net::tcp::OwnedReadHalf,
        mut to: tokio::net::tcp::OwnedWriteHalf,
        watch: tokio::sync::watch::Receiver<bool>,
    ) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes).await {
            let is_lost = *watch.borrow();
            if !is_lost && to.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
    }
}
