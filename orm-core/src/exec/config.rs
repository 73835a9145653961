//! [`Config`]: where the server is, how to talk to it, and how many connections to keep.
//! Built by [`ConfigBuilder`]; the text of URLs is read by `url`.

mod builder;
mod settings;

pub use builder::ConfigBuilder;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::url;
use settings::Settings;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How far a connection must be secured (manual, section 34.19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// Never encrypt.
    Disable,
    /// Encrypt where the server can, else go on in plain text; certificates are not looked at.
    /// `sslmode=allow` is read as this: it is never weaker.
    Prefer,
    /// Encrypt, whoever answers. With a root certificate file: as [`VerifyCa`](Self::VerifyCa), as libpq does.
    Require,
    /// Encrypt, and the certificate comes from a trusted authority.
    VerifyCa,
    /// Encrypt, and the certificate comes from a trusted authority and names the host.
    VerifyFull,
}

impl SslMode {
    /// The name as in `sslmode=..`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Where the program runs; it decides which `sslmode` holds when none is given.
///
/// Taken from the builder, else from the variables `ORM_PROFILE`, then `APP_ENV` (`production`, `prod`, `development`, `dev`,
/// `test`). Where none of them says, a build without debug assertions counts as production for every server
/// that is not on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `sslmode` is `prefer` by default.
    Development,
    /// `sslmode` is `verify-full` by default.
    Production,
}

/// Which authorities vouch for the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Those that the operating system trusts; `SSL_CERT_FILE` and `SSL_CERT_DIR` override them.
    System,
    /// Those in a PEM file.
    File(PathBuf),
}

/// The files of the certificate that the client shows, in PEM form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    /// The certificate, and those of the authorities between it and the one that the server trusts.
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// One server to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// A name or address, or the folder of a Unix socket when it begins with `/`.
    pub(crate) host: String,
    /// The address to use instead of asking for that of `host`.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
}

impl Target {
    pub(crate) fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    fn is_this_machine(&self) -> bool {
        let loopback = |text: &str| text.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        match self.address {
            Some(address) => address.is_loopback(),
            None => self.is_socket() || self.host == "localhost" || loopback(&self.host),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        if self.is_socket() {
            write!(f, "{host}/.s.PGSQL.{port}")
        } else if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
}

/// How to reach a database, and how many connections to keep.
///
/// `Debug` shows everything but the password and the server options.
///
/// ```
/// use orm_core::exec::{Config, SslMode};
/// use std::time::Duration;
///
/// let config = Config::builder()
///     .url("postgres://ada:secret@db.example.com/shop?sslmode=verify-full")
///     .max_connections(20)
///     .max_lifetime(Duration::from_secs(3600))
///     .build()?;
/// assert_eq!(config.ssl_mode(), SslMode::VerifyFull);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Who, which database, and the settings that are the driver's business; no host.
    pub(crate) inner: tokio_postgres::Config,
    pub(crate) targets: Vec<Target>,
    pub(crate) any_order: bool,
    ssl_mode: Option<SslMode>,
    pub(crate) ssl_roots: Option<Roots>,
    pub(crate) ssl_client: Option<ClientCertificate>,
    pub(crate) ssl_crl: Option<PathBuf>,
    profile: Option<Profile>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) max_connections: usize,
    pub(crate) shared_connections: usize,
    pub(crate) acquire_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) query_timeout: Option<Duration>,
    pub(crate) statement_count_max: usize,
}

impl Config {
    /// Starts with nothing said: what is not said has the default written at each method.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::new()
    }

    /// Reads a connection URL or a `key=value` string (manual, section 34.1.1).
    ///
    /// Parameters: `sslmode`, `sslrootcert` (a PEM file, or `system`), `sslcert` and `sslkey` (PEM files: the client's
    /// certificate and its private key, see [`ConfigBuilder::ssl_client_cert`]), `sslcrl` (a PEM file of certificate revocation
    /// lists, see [`ConfigBuilder::ssl_crl`]), `connect_timeout` (seconds), `application_name`, `options`,
    /// `host` (also a socket folder), `hostaddr`, `port`, `user`, `password`, `dbname`, `channel_binding`, `sslnegotiation`, `target_session_attrs`,
    /// `load_balance_hosts`, `keepalives`, `keepalives_idle` and `keepalives_interval` (seconds), `keepalives_count`,
    /// `tcp_user_timeout` (milliseconds); `pgbouncer=true` turns prepared statements off.
    ///
    /// A network that swallows packets ends a connection after at most 60 seconds, whether it waits for an answer or for
    /// the acknowledgement of what it sent: `keepalives_idle` is 30, `keepalives_interval` 10, `keepalives_count` 3 and
    /// `tcp_user_timeout` 60000 (Linux only) unless the URL says otherwise. A server that is reachable and does not answer
    /// is bounded by [`ConfigBuilder::query_timeout`], or by `statement_timeout` on the server.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: what is wrong and in which part; never the password, nor what may be a part of one in
    /// which `@`, `/`, `?`, `#` or `&` was not percent-encoded. `sslpassword` and `sslcrldir` are not supported.
    pub fn from_url(url: &str) -> Result<Self> {
        Self::builder().url(url).build()
    }

    /// Reads the URL in `POSTGRES_URL`, or else in `DATABASE_URL`.
    ///
    /// # Errors
    /// Neither variable is set, or as [`from_url`](Self::from_url), with the variable's name.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// The `sslmode` that holds for the first server.
    pub fn ssl_mode(&self) -> SslMode {
        self.targets.first().map_or(SslMode::Prefer, |target| self.ssl_mode_for(target))
    }

    /// The `sslmode` that holds for that server.
    pub(crate) fn ssl_mode_for(&self, target: &Target) -> SslMode {
        if target.is_socket() {
            // Postgres has no TLS on Unix sockets, and libpq ignores `sslmode` there too.
            return SslMode::Disable;
        }
        match (self.ssl_mode, &self.ssl_roots) {
            (Some(SslMode::Require), Some(Roots::File(_))) => SslMode::VerifyCa,
            (Some(mode), _) => mode,
            (None, Some(Roots::System)) => SslMode::VerifyFull,
            (None, _) => match self.profile {
                Some(Profile::Production) => SslMode::VerifyFull,
                Some(Profile::Development) => SslMode::Prefer,
                None if cfg!(debug_assertions) || target.is_this_machine() => SslMode::Prefer,
                None => SslMode::VerifyFull,
            },
        }
    }

    /// The user that connects, when one was given; else the driver asks the operating system.
    pub fn user(&self) -> Option<&str> {
        self.inner.get_user()
    }

    /// The database, when one was given; else the server takes the one named as the user.
    pub fn database(&self) -> Option<&str> {
        self.inner.get_dbname()
    }

    /// The same server and user, with another database.
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Self {
        self.inner.dbname(name);
        self
    }

    /// The most connections that the pool keeps.
    pub fn max_connections(&self) -> usize {
        self.max_connections
    }

    /// The most connections that are shared; 0 where none is.
    pub fn shared_connections(&self) -> usize {
        self.shared_connections
    }

    /// Whether a pooler may be between: no session of the server is this program's own.
    pub(crate) fn is_for_pooler(&self) -> bool {
        self.statement_count_max == 0
    }

    /// The servers to try, for people: `db.example.com:5432`.
    pub(crate) fn places(&self) -> String {
        self.targets.iter().map(Target::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// What says where a database is: a URL, or a [`Config`].
pub trait IntoConfig {
    /// The settings.
    ///
    /// # Errors
    /// A URL that is not one.
    fn into_config(self) -> Result<Config>;
}

impl IntoConfig for Config {
    fn into_config(self) -> Result<Config> {
        Ok(self)
    }
}

impl IntoConfig for &Config {
    fn into_config(self) -> Result<Config> {
        Ok(self.clone())
    }
}

impl IntoConfig for &str {
    fn into_config(self) -> Result<Config> {
        Config::from_url(self)
    }
}

impl IntoConfig for &String {
    fn into_config(self) -> Result<Config> {
        Config::from_url(self)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("servers", &self.places())
            .field("user", &self.user())
            .field("password", &self.inner.get_password().map(|_| "***"))
            .field("database", &self.database())
            .field("application_name", &self.inner.get_application_name())
            .field("ssl_mode", &self.ssl_mode().as_str())
            .field("ssl_roots", &self.ssl_roots)
            .field("ssl_client", &self.ssl_client)
            .field("ssl_crl", &self.ssl_crl)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_connections", &self.max_connections)
            .field("shared_connections", &self.shared_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_lifetime", &self.max_lifetime)
            .field("query_timeout", &self.query_timeout)
            .field("tcp_user_timeout", &self.inner.get_tcp_user_timeout())
            .field("statement_cache_size", &self.statement_count_max)
            .finish_non_exhaustive()
    }
}

/// The URL out of the environment, and the variable that held it.
fn url_from_env(variable: impl Fn(&str) -> Option<String>) -> Result<(&'static str, String)> {
    ["POSTGRES_URL", "DATABASE_URL"]
        .into_iter()
        .find_map(|name| Some((name, variable(name).filter(|url| !url.trim().is_empty())?)))
        .ok_or_else(|| {
            Error::new(ErrorKind::Config, "neither POSTGRES_URL nor DATABASE_URL is set")
                .with_hint("export POSTGRES_URL=postgres://user:password@host:5432/database")
        })
}

/// The profile out of the environment.
fn profile_from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Profile>> {
    let Some(said) = variable("ORM_PROFILE").filter(|said| !said.is_empty()) else {
        // APP_ENV belongs to everybody: words that are not ours ("staging") say nothing here.
        return Ok(variable("APP_ENV").and_then(|said| profile(&said)));
    };
    profile(&said).map(Some).ok_or_else(|| {
        let shown = if url::is_plain(&said) { format!(" `{said}`") } else { String::new() };
        Error::new(ErrorKind::Config, format!("ORM_PROFILE: unknown profile{shown}"))
            .with_hint("expected `production` or `development`")
    })
}

fn profile(said: &str) -> Option<Profile> {
    match said.to_ascii_lowercase().as_str() {
        "production" | "prod" => Some(Profile::Production),
        "development" | "dev" | "test" => Some(Profile::Development),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
