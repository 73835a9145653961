//! [`PgBouncer`]: a real connection pooler in front of a test's database.

use std::fmt::Write as _;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a pooler may take to listen: the machine may be busy.
const START: Duration = Duration::from_secs(30);

/// When PgBouncer gives the server connection of a client to another one (`pool_mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolMode {
    /// When the client disconnects.
    Session,
    /// When the transaction ends.
    Transaction,
}

impl PoolMode {
    /// Both modes that programs are run with.
    pub const ALL: [Self; 2] = [Self::Session, Self::Transaction];

    fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Transaction => "transaction",
        }
    }
}

/// A running PgBouncer. It ends when this is dropped, or when the process ends.
#[derive(Debug)]
pub struct PgBouncer {
    /// A shell that waits for our end of a pipe, and ends the pooler when that closes.
    watch: Child,
    folder: Option<tempfile::TempDir>,
    port: u16,
    version: (u32, u32),
}

impl PgBouncer {
    /// The programs to test with: each of `ORM_PGBOUNCER` (paths with `:` between them), else `pgbouncer` and
    /// `pgbouncer-1.24` of `PATH`.
    ///
    /// Where there is none, the output says that `test` is skipped.
    ///
    /// # Panics
    /// There is none, and `ORM_REQUIRE` (words with `,` between them) contains `pgbouncer`.
    #[expect(clippy::print_stderr, reason = "a skipped test must be visible in the output")]
    pub fn programs(test: &str) -> Vec<PathBuf> {
        let found: Vec<PathBuf> = match std::env::var_os("ORM_PGBOUNCER") {
            Some(named) => std::env::split_paths(&named).filter(|path| path.exists()).collect(),
            None => {
                let path = std::env::var_os("PATH").unwrap_or_default();
                let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
                let folders: Vec<PathBuf> = folders.collect();
                let find = |name: &str| {
                    folders.iter().map(|folder| folder.join(name)).find(|path| path.exists())
                };
                ["pgbouncer", "pgbouncer-1.24"].into_iter().filter_map(find).collect()
            }
        };
        if found.is_empty() {
            let required = std::env::var("ORM_REQUIRE").unwrap_or_default();
            assert!(
                !required.split(',').any(|word| word.trim() == "pgbouncer"),
                "{test}: no pgbouncer in PATH or ORM_PGBOUNCER, and ORM_REQUIRE asks for it"
            );
            eprintln!("skipped: {test}: no pgbouncer in PATH or ORM_PGBOUNCER");
        }
        found
    }

    /// Starts that program in front of the server at that URL, with at most `pool_size` server connections for
    /// each database; `settings` are further lines of its section `[pgbouncer]`, name and value.
    ///
    /// # Panics
    /// It does not start; the URL is not as [`TestDatabase::url`](crate::TestDatabase::url) gives it, over TCP or a socket.
    pub fn start(
        program: &Path,
        server_url: &str,
        mode: PoolMode,
        pool_size: usize,
        settings: &[(&str, &str)],
    ) -> Self {
        // Another process may take the free port before the pooler does.
        for _ in 0..5 {
            match Self::try_start(program, server_url, mode, pool_size, settings) {
                Ok(started) => return started,
                Err(log) if log.contains("Address already in use") => {}
                Err(log) => panic!("{} did not start: {log}", program.display()),
            }
        }
        panic!("{} found no free port", program.display());
    }

    fn try_start(
        program: &Path,
        server_url: &str,
        mode: PoolMode,
        pool_size: usize,
        settings: &[(&str, &str)],
    ) -> Result<Self, String> {
        let account = account();
        let folder = tempfile::Builder::new().prefix("orm-pgbouncer-").tempdir().expect("a folder");
        let port = free_port();
        let server = Server::of(server_url);
        let mut ini = format!(
            "[databases]\n* = host={} port={} user={} {}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {}\n\
             default_pool_size = {pool_size}\nmax_client_conn = 200\n",
            server.host,
            server.port,
            server.user,
            server.password.map(|password| format!("password='{password}'")).unwrap_or_default(),
            mode.as_str(),
        );
        for (name, value) in settings {
            let _infallible = writeln!(ini, "{name} = {value}");
        }
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, ini).expect("pgbouncer.ini");
        if let Some((user, group)) = account {
            for path in [folder.path(), &file] {
                std::os::unix::fs::chown(path, Some(user), Some(group)).expect("chown");
            }
        }
        // SIGKILL: what the other signals mean differs from version to version.
        let script = "\"$1\" \"$2/pgbouncer.ini\" >\"$2/log\" 2>&1 & pooler=$!; read end; kill -KILL $pooler";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(program).arg(folder.path()).current_dir("/");
        if let Some((user, group)) = account {
            command.uid(user).gid(group);
        }
        let watch = command.stdin(Stdio::piped()).spawn().expect("a shell");
        let mut started = Self { watch, folder: Some(folder), port, version: version_of(program) };
        started.wait()?;
        Ok(started)
    }

    /// Waits until it listens.
    fn wait(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let log = self.log();
            if log.contains("process up") && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            if log.contains("FATAL") || begun.elapsed() > START {
                return Err(log);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The URL of a database of the server, through the pooler. Whoever connects is the user of the server's URL.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://pooled@127.0.0.1:{}/{database}", self.port)
    }

    /// As [`url`](Self::url), for the database of that URL of the server.
    pub fn url_like(&self, server_url: &str) -> String {
        let path = server_url.split('?').next().unwrap_or_default();
        self.url(path.rsplit('/').next().unwrap_or_default())
    }

    /// The port that it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its version, such as `(1, 18)`.
    pub fn version(&self) -> (u32, u32) {
        self.version
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let folder = self.folder.as_ref().map(tempfile::TempDir::path);
        folder
            .and_then(|folder| std::fs::read_to_string(folder.join("log")).ok())
            .unwrap_or_default()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        let _ended = self.watch.wait();
    }
}

/// The parts of a server's URL.
struct Server<'a> {
    user: &'a str,
    password: Option<&'a str>,
    host: &'a str,
    port: &'a str,
}

impl<'a> Server<'a> {
    fn of(url: &'a str) -> Self {
        let parts = || {
            let (_, rest) = url.split_once("://")?;
            let (authority, tail) = rest.split_once('/')?;
            if authority.is_empty() {
                // Through a Unix socket.
                let (_, query) = tail.split_once('?')?;
                let find = |name: &str| {
                    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    pairs.find_map(|(key, value)| (key == name).then_some(value))
                };
                let (host, port, user) = (find("host")?, find("port")?, find("user")?);
                return Some(Self { user, password: find("password"), host, port });
            }
            let (who, place) = authority.split_once('@')?;
            let (host, port) = place.rsplit_once(':')?;
            let (user, password) = match who.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (who, None),
            };
            Some(Self { user, password, host, port })
        };
        parts().expect("the URL of a test server: scheme://user:password@host:port/database")
    }
}

/// PgBouncer refuses to run as root: then it runs as the tests' servers do, so that it may use their sockets.
fn account() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    let own = tempfile::tempfile().and_then(|file| file.metadata()).expect("a file");
    if own.uid() != 0 {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| accounts.lines().find(|line| line.split(':').next() == Some(name));
    let line = find("postgres").or_else(|| find("nobody"))?;
    let mut numbers = line.split(':').skip(2).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn version_of(program: &Path) -> (u32, u32) {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let number = text.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

fn free_port() -> u16 {
    let bound: io::Result<u16> = TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port());
    bound.expect("a port")
}
