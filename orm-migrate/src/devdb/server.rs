//! [`Server`]: a running PostgreSQL.

use super::account::Account;
use super::{Binaries, DevdbError};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to start: recovery after a crash is in it.
const START: Duration = Duration::from_secs(60);

/// What becomes of the data.
#[derive(Debug, Clone)]
pub enum Data {
    /// Gone with the server; nothing is flushed to disk.
    Throwaway,
    /// Kept in this folder, and safe.
    Kept(PathBuf),
}

/// Where the data of a project's server is kept: `.orm/postgres` below the project's folder.
///
/// For root it is a folder below `/var/lib/orm` where the project is closed to the account that the server runs as,
/// which is so for all that lies below `/root`.
///
/// # Errors
/// There is no account to run a server as.
pub fn kept_folder(project: &Path) -> Result<PathBuf, DevdbError> {
    if Account::find()?.can_enter(project) {
        return Ok(project.join(".orm/postgres"));
    }
    let hash = Sha256::digest(project.as_os_str().as_encoded_bytes());
    let name = hash.iter().take(8).fold(String::new(), |mut name, byte| {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    });
    Ok(Path::new("/var/lib/orm").join(name))
}

/// A running PostgreSQL. It ends when this is dropped, or when the process ends.
#[derive(Debug)]
pub struct Server {
    /// Waits for our end of a pipe, and ends the server when that closes.
    watch: Child,
    place: ServerDirectory,
    port: u16,
    password: String,
}

/// Where a server lives.
#[derive(Debug)]
struct ServerDirectory {
    data: PathBuf,
    /// Holds the socket and the log. Only we and the server may enter.
    run: tempfile::TempDir,
}

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    /// There are no binaries; the folder cannot be used; another server runs on it.
    pub fn start(data: Data) -> Result<Self, DevdbError> {
        let binaries = Binaries::find()?;
        let account = Account::find()?;
        let program = binaries.program("postgres");
        if !account.can_enter(&program) {
            return Err(DevdbError::Closed { path: program });
        }
        let place = ServerDirectory::prepare(data, account)?;
        let password = if place.data.join("PG_VERSION").exists() {
            place.not_running()?;
            place.password()?
        } else {
            place.initialise(&binaries, account)?
        };
        let port = free_port()
            .map_err(|source| DevdbError::Folder { path: place.data.clone(), source })?;
        let watch = place.run_server(&binaries, account, port)?;
        let mut server = Self { watch, place, port, password };
        server.wait()?;
        server.place.note_url(&server.url("postgres"))?;
        Ok(server)
    }

    /// The URL of one of its databases, over loopback with a password.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The URL of one of its databases through the socket, which only this user can reach.
    pub fn socket_url(&self, database: &str) -> String {
        let folder = self.place.run.path().display();
        format!("postgresql:///{database}?host={folder}&port={}&user=postgres", self.port)
    }

    /// Where the data is.
    pub fn data(&self) -> &Path {
        &self.place.data
    }

    /// Waits until the server lets sessions in: the port is open a moment before.
    fn wait(&mut self) -> Result<(), DevdbError> {
        let begun = Instant::now();
        loop {
            let log = self.place.log();
            if log.contains("ready to accept connections") {
                return Ok(());
            }
            let ended = self.watch.try_wait().ok().flatten().is_some();
            if ended || begun.elapsed() > START {
                return Err(DevdbError::Start { data: self.place.data.clone(), log: tail(&log) });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Closing our end of the pipe tells the watch to end the server; then its folder may go.
        drop(self.watch.stdin.take());
        let _ended = self.watch.wait();
    }
}

impl ServerDirectory {
    fn prepare(data: Data, account: Account) -> Result<Self, DevdbError> {
        // A socket's path may have 107 bytes: the system's temporary folder can be longer than that.
        let base =
            if Path::new("/tmp").is_dir() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| DevdbError::Folder { path, source }
        };
        let run =
            tempfile::Builder::new().prefix("orm-pg-").tempdir_in(&base).map_err(failed(&base))?;
        account.own(run.path()).map_err(failed(run.path()))?;
        let data = match data {
            Data::Throwaway => run.path().join("data"),
            Data::Kept(folder) => std::path::absolute(&folder).map_err(failed(&folder))?,
        };
        fs::create_dir_all(&data).map_err(failed(&data))?;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&data, private).map_err(failed(&data))?;
        account.own(&data).map_err(failed(&data))?;
        if !account.can_enter(&data) {
            // Only if it is still empty: what somebody kept there stays.
            let _removed = fs::remove_dir(&data);
            return Err(DevdbError::Closed { path: data });
        }
        Ok(Self { data, run })
    }

    fn throwaway(&self) -> bool {
        self.data.starts_with(self.run.path())
    }

    fn initialise(&self, binaries: &Binaries, account: Account) -> Result<String, DevdbError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| DevdbError::Folder { path, source }
        };
        let password = random().map_err(failed(&self.data))?;
        let file = self.run.path().join("password");
        fs::write(&file, &password).map_err(failed(&file))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).map_err(failed(&file))?;
        account.own(&file).map_err(failed(&file))?;
        let program = binaries.program("initdb");
        let mut command = Command::new(&program);
        command
            .args(["-U", "postgres", "-E", "UTF8", "--locale=C", "--auth-local=trust"])
            .args(["--auth-host=scram-sha-256", "--no-instructions", "-D"])
            .arg(&self.data)
            .arg(format!("--pwfile={}", file.display()))
            .current_dir(self.run.path());
        if self.throwaway() {
            command.arg("--no-sync");
        }
        let output = account
            .applied_to(&mut command)
            .output()
            .map_err(|source| DevdbError::Program { program, source })?;
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(DevdbError::Initdb { data: self.data.clone(), output });
        }
        let kept = self.data.join("orm-password");
        fs::rename(&file, &kept).map_err(failed(&kept)).or_else(|_| {
            // Another file system.
            fs::write(&kept, &password).map_err(failed(&kept))?;
            fs::set_permissions(&kept, fs::Permissions::from_mode(0o600)).map_err(failed(&kept))?;
            account.own(&kept).map_err(failed(&kept))
        })?;
        Ok(password)
    }

    fn password(&self) -> Result<String, DevdbError> {
        let path = self.data.join("orm-password");
        fs::read_to_string(&path).map_err(|source| DevdbError::Folder { path, source })
    }

    /// Two servers on one folder would ruin it: PostgreSQL refuses, and we say where the first one is.
    fn not_running(&self) -> Result<(), DevdbError> {
        let lines = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let pid = lines.lines().next().unwrap_or_default();
        let alive = !pid.is_empty() && Path::new("/proc").join(pid).exists();
        if !alive {
            return Ok(());
        }
        let url = fs::read_to_string(self.data.join("orm-url")).ok();
        Err(DevdbError::AlreadyRunning { data: self.data.clone(), url })
    }

    fn note_url(&self, url: &str) -> Result<(), DevdbError> {
        let path = self.data.join("orm-url");
        fs::write(&path, url)
            .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)))
            .map_err(|source| DevdbError::Folder { path, source })
    }

    fn run_server(
        &self,
        binaries: &Binaries,
        account: Account,
        port: u16,
    ) -> Result<Child, DevdbError> {
        // The shell outlives a killed parent: `read` ends when our end of the pipe closes.
        // A background command of a shell has no standard input of its own, hence the third descriptor.
        const WATCH: &str = r#"trap : HUP INT TERM
exec 3<&0
"$@" >"$ORM_LOG" 2>&1 </dev/null 3<&- & server=$!
(read end <&3; kill -INT $server) & reader=$!
wait $server; code=$?
kill $reader 2>/dev/null
if [ -n "$ORM_REMOVE" ]; then rm -rf "$ORM_REMOVE"; fi
exit $code"#;
        let program = binaries.program("postgres");
        let mut command = Command::new("sh");
        command
            .args(["-c", WATCH, "orm-devdb"])
            .arg(&program)
            .arg("-D")
            .arg(&self.data)
            .args(["-c", &format!("port={port}")])
            .args(["-c", &format!("unix_socket_directories={}", self.run.path().display())])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "logging_collector=off"]);
        if self.throwaway() {
            command.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
            command.args(["-c", "max_connections=200"]);
            command.env("ORM_REMOVE", self.run.path());
        }
        command
            .env("ORM_LOG", self.log_path())
            .current_dir(self.run.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = account.applied_to(&mut command).spawn();
        child.map_err(|source| DevdbError::Program { program, source })
    }

    fn log_path(&self) -> PathBuf {
        self.run.path().join("log")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let start = lines.len().saturating_sub(10);
    lines.get(start..).unwrap_or_default().join("\n")
}

/// A port that nobody listens on now.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn random() -> std::io::Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
