//! [`ConfigBuilder`]: the settings one by one, over those of a URL.

use super::{
    ClientCertificate, Config, Profile, Roots, Settings, SslMode, profile_from_env, url_from_env,
};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Db, url};
use std::path::PathBuf;
use std::time::Duration;

/// Makes a [`Config`]; what is said here goes before what the URL says.
///
/// Where neither a URL nor a host is given, the URL comes from `POSTGRES_URL`, then `DATABASE_URL`.
#[derive(Clone, Default)]
#[must_use]
pub struct ConfigBuilder {
    url: Option<String>,
    pairs: Vec<url::Pair>,
    ssl_mode: Option<SslMode>,
    ssl_roots: Option<Roots>,
    ssl_client: Option<ClientCertificate>,
    ssl_crl: Option<PathBuf>,
    profile: Option<Profile>,
    connect_timeout: Option<Option<Duration>>,
    max_connections: Option<usize>,
    shared_connections: usize,
    acquire_timeout: Option<Duration>,
    idle_timeout: Option<Option<Duration>>,
    max_lifetime: Option<Duration>,
    query_timeout: Option<Duration>,
    tcp_user_timeout: Option<Duration>,
    statement_count_max: Option<usize>,
}

impl ConfigBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The URL, as [`Config::from_url`] reads it. Without a host it is the server on this machine: the Unix socket in
    /// `/var/run/postgresql`, `/run/postgresql` or `/tmp` if there is one, else `localhost`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The host: a name, an address, or the folder of a Unix socket (it begins with `/`).
    pub fn host(self, host: impl Into<String>) -> Self {
        self.pair("host", host)
    }

    /// The port; 5432 by default.
    pub fn port(self, port: u16) -> Self {
        self.pair("port", port.to_string())
    }

    /// The user; by default the one that runs the program.
    pub fn user(self, user: impl Into<String>) -> Self {
        self.pair("user", user)
    }

    /// The password; no message and no `Debug` ever shows it.
    pub fn password(self, password: impl Into<String>) -> Self {
        self.pair("password", password)
    }

    /// The database; by default the one named as the user.
    pub fn database(self, name: impl Into<String>) -> Self {
        self.pair("dbname", name)
    }

    /// The name that `pg_stat_activity` shows; `orm` by default.
    pub fn application_name(self, name: impl Into<String>) -> Self {
        self.pair("application_name", name)
    }

    /// Options for the server, as `-c statement_timeout=5s`.
    pub fn options(self, options: impl Into<String>) -> Self {
        self.pair("options", options)
    }

    /// How far the connection must be secured; by default what the [`Profile`] says.
    pub fn ssl_mode(mut self, mode: SslMode) -> Self {
        self.ssl_mode = Some(mode);
        self
    }

    /// A PEM file with the authorities to trust instead of the operating system's.
    pub fn ssl_root_cert(mut self, file: impl Into<PathBuf>) -> Self {
        self.ssl_roots = Some(Roots::File(file.into()));
        self
    }

    /// The certificate that this program shows to the server, followed by those of the authorities between it and the one
    /// that the server trusts, and the certificate's private key; two PEM files, as `sslcert` and `sslkey` name them.
    ///
    /// The key is not encrypted, and its file is private, as libpq wants it: only its owner has any access (0600), or
    /// root owns it and its group may read it (0640). For the server's side of it see the manual, section 20.12.
    pub fn ssl_client_cert(
        mut self,
        certificate: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.ssl_client =
            Some(ClientCertificate { certificate: certificate.into(), key: key.into() });
        self
    }

    /// A PEM file with certificate revocation lists, as `sslcrl` names it: the server's certificate and those of the
    /// authorities that it comes from are refused when their issuer's list names them, or when that list has expired.
    /// What is issued by an authority without a list in it is not refused. Needs [`SslMode::VerifyCa`] or more.
    pub fn ssl_crl(mut self, file: impl Into<PathBuf>) -> Self {
        self.ssl_crl = Some(file.into());
        self
    }

    /// Where the program runs; by default what [`Profile`] says.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// How long connecting to one server may take, until it is ready for queries; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = Some(timeout.into());
        self
    }

    /// The most connections at a time; 10 by default.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = Some(count);
        self
    }

    /// How many of the connections are shared, at most: many statements at a time are on their way on each. 0 by default:
    /// a statement has a connection for itself while it runs.
    ///
    /// Shared, a statement waits for no connection, and travels together with others: that is faster where many tasks run
    /// short statements, and fewer connections do. What travels so are single statements that are handed to a [`Db`], and
    /// [`batch`](crate::exec::batch): queries, inserts, updates and deletes, prepared ones too, and SQL by hand that can leave nothing
    /// behind (see [`RawSql`](crate::exec::RawSql)). A connection of their own have, as without this setting: transactions,
    /// [`Db::connection`], streams and `for_each`, `COPY`, cursors, `TRUNCATE`, refreshing a view, and other SQL by hand.
    ///
    /// Statements on one connection run one after the other. A statement goes to the connection that has the least to do, and
    /// none goes to one that has not answered for 20 ms and four times the way to the server and back: if all are like that, it
    /// has a connection of its own. So what takes long delays only what was sent with it. What follows from this:
    ///
    /// - Dropping the future of a statement does not stop it while others use the connection: it runs to its end. Without others,
    ///   it is stopped.
    /// - The server counts [`query_timeout`](Self::query_timeout), from when the statement begins to run until its last row
    ///   is sent. A connection that answers nothing for 1.5 seconds more is ended, with all statements on it.
    /// - A statement waits for a lock no longer than [`acquire_timeout`](Self::acquire_timeout), at least a second (55P03). A
    ///   statement that waits for a lock of a transaction, whose owner waits for a statement behind it, would wait for ever.
    /// - An answer of more than some 16 KiB is taken in only while its future is polled. One that is polled once and
    ///   then neither polled on nor dropped makes those behind it wait.
    ///
    /// Behind a pooler ([`statement_cache_size`](Self::statement_cache_size) is 0) no limit for locks is set, and
    /// `query_timeout` cannot be: [`build`](Self::build) refuses it.
    ///
    /// ```
    /// use orm_core::exec::Config;
    /// let config = Config::builder()
    ///     .url("postgres://ada@db.example.com/shop")
    ///     .max_connections(20)
    ///     // 12 are left for transactions.
    ///     .shared_connections(8)
    ///     .build()?;
    /// assert_eq!(config.shared_connections(), 8);
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn shared_connections(mut self, count: usize) -> Self {
        self.shared_connections = count;
        self
    }

    /// How long to wait for a connection, when all are in use or the server accepts no connection; 30 seconds by default.
    ///
    /// In that time a connection that the server refuses for a reason that passes is tried again, with pauses from 20 ms to
    /// 1 s: it is starting or stopping (57P03), or has no connection left (53300). Where a connection was made before,
    /// so is one that nothing answers, and one to a server that does not meet `target_session_attrs`.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = Some(timeout);
        self
    }

    /// After how long without use a connection is closed; 30 seconds by default, `None` for never.
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = Some(timeout.into());
        self
    }

    /// After how long a connection is replaced, once it is free; by default never.
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.max_lifetime = lifetime.into();
        self
    }

    /// How long one statement may take to answer: until its first row, and from each row to the next. By default there is
    /// no limit.
    ///
    /// Then the server is told to stop it, and the error is of kind [`ErrorKind::Cancelled`]. If the server does not confirm
    /// that in 1.5 seconds, the connection is ended, and the error is of kind [`ErrorKind::Closed`]: whether the statement
    /// has run is not known. `statement_timeout` (see [`options`](Self::options)) is kept by the server and costs no
    /// request to cancel, but waits for ever when the server cannot be reached.
    pub fn query_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.query_timeout = timeout.into();
        self
    }

    /// How long sent data may stay unacknowledged before the connection is given up; 60 seconds by default, zero for what
    /// the operating system does. Linux only. In a URL, `tcp_user_timeout` is in milliseconds, as in libpq.
    pub fn tcp_user_timeout(mut self, timeout: Duration) -> Self {
        self.tcp_user_timeout = Some(timeout);
        self
    }

    /// How many prepared statements each connection keeps; 256 by default. 0 prepares none, as a pooler in
    /// transaction mode needs (or `pgbouncer=true` in the URL).
    pub fn statement_cache_size(mut self, statement_count_max: usize) -> Self {
        self.statement_count_max = Some(statement_count_max);
        self
    }

    /// The settings, checked.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: a URL or setting that is wrong, or neither URL, host nor variable.
    pub fn build(self) -> Result<Config> {
        let variable = |name: &str| std::env::var(name).ok();
        let (source, url) = match (&self.url, self.pairs.iter().any(|(key, _)| key == "host")) {
            (Some(url), _) => ("connection URL", Some(url.clone())),
            (None, true) => ("connection settings", None),
            (None, false) => {
                let (name, url) = url_from_env(variable)?;
                (name, Some(url))
            }
        };
        let profile = match self.profile {
            Some(profile) => Some(profile),
            None => profile_from_env(variable)?,
        };
        self.build_from(source, url.as_deref(), profile)
    }

    /// Builds the settings and connects once, to show that the database can be reached.
    ///
    /// # Errors
    /// As [`build`](Self::build) and [`Db::connect`].
    pub async fn connect(self) -> Result<Db> {
        Db::connect(self.build()?).await
    }

    pub(super) fn build_from(
        self,
        source: &str,
        url: Option<&str>,
        profile: Option<Profile>,
    ) -> Result<Config> {
        let mut settings = Settings::default();
        let read = url.map_or(Ok(url::Parts::default()), url::parts);
        let read = read.and_then(|parts| settings.read(parts));
        read.map_err(|fault| fault.in_source(source))?;
        settings.take(self.pairs).map_err(|fault| fault.in_source("connection settings"))?;
        let mut inner = settings.driver_config();
        if let Some(user) = settings.user.take() {
            inner.user(user);
        }
        if let Some(password) = settings.password.take() {
            inner.password(password);
        }
        if let Some(name) = settings.database.take() {
            inner.dbname(name);
        }
        if let Some(options) = settings.options.take() {
            inner.options(options);
        }
        inner
            .application_name(settings.application_name.take().unwrap_or_else(|| "orm".to_owned()));
        let second = Duration::from_secs(1);
        let unacknowledged =
            self.tcp_user_timeout.or(settings.tcp_user_timeout).unwrap_or(60 * second);
        if !unacknowledged.is_zero() {
            inner.tcp_user_timeout(unacknowledged);
        }
        let ssl_client = settings.ssl_client().map_err(|fault| fault.in_source(source))?;
        let config = Config {
            inner,
            targets: settings.targets().map_err(|fault| fault.in_source(source))?,
            any_order: settings.any_order,
            ssl_mode: self.ssl_mode.or(settings.ssl_mode),
            ssl_roots: self.ssl_roots.or(settings.ssl_roots),
            ssl_client: self.ssl_client.or(ssl_client),
            ssl_crl: self.ssl_crl.or(settings.ssl_crl),
            profile,
            connect_timeout: self
                .connect_timeout
                .or(settings.connect_timeout)
                .unwrap_or(Some(10 * second)),
            max_connections: self.max_connections.unwrap_or(10),
            shared_connections: self.shared_connections,
            acquire_timeout: self.acquire_timeout.unwrap_or(30 * second),
            idle_timeout: self.idle_timeout.unwrap_or(Some(30 * second)),
            max_lifetime: self.max_lifetime,
            query_timeout: self.query_timeout,
            statement_count_max: self.statement_count_max.unwrap_or(if settings.pooler {
                0
            } else {
                256
            }),
        };
        checked(config, source)
    }

    fn pair(mut self, key: &str, value: impl Into<String>) -> Self {
        self.pairs.push((key.to_owned(), value.into()));
        self
    }
}

impl std::fmt::Debug for ConfigBuilder {
    /// Says nothing: a URL or a password may be in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfigBuilder").finish_non_exhaustive()
    }
}

/// Refuses settings that do not go together.
fn checked(config: Config, source: &str) -> Result<Config> {
    if config.max_connections == 0 {
        return Err(Error::new(
            ErrorKind::Config,
            "`max_connections` is 0: no connection could ever be made",
        )
        .with_hint("take 1 or more; 10 is the default"));
    }
    if config.shared_connections >= config.max_connections {
        return Err(Error::new(
            ErrorKind::Config,
            format!(
                "`shared_connections` is {} and `max_connections` {}: no connection is left for transactions",
                config.shared_connections, config.max_connections
            ),
        )
        .with_hint("a shared connection is one of `max_connections`: share fewer, or allow more"));
    }
    if config.shared_connections > 0 && config.is_for_pooler() && config.query_timeout.is_some() {
        return Err(Error::new(
            ErrorKind::Config,
            "`shared_connections` and `query_timeout` do not go together behind a pooler",
        )
        .with_hint(
            "the server stops statements on shared connections, and no limit can be set for it through a pooler: set \
             `statement_timeout` for the user (ALTER ROLE .. SET), and leave out `query_timeout`",
        ));
    }
    // As libpq: whoever names the system's authorities wants them asked.
    if config.ssl_roots == Some(Roots::System)
        && config.ssl_mode.is_some_and(|mode| mode < SslMode::VerifyFull)
    {
        let mode = config.ssl_mode.map_or("", SslMode::as_str);
        return Err(url::Fault::new(format!(
            "`sslrootcert=system` and the weaker `sslmode={mode}` contradict each other"
        ))
        .with_hint("write sslmode=verify-full, or leave one of them out")
        .in_source(source));
    }
    // A list that nothing is compared with protects from nothing.
    if config.ssl_crl.is_some()
        && let Some(target) = config
            .targets
            .iter()
            .find(|target| !target.is_socket() && config.ssl_mode_for(target) < SslMode::VerifyCa)
    {
        let mode = config.ssl_mode_for(target).as_str();
        return Err(url::Fault::new(format!(
            "`sslcrl` and the weaker `sslmode={mode}` contradict each other"
        ))
        .with_hint("write sslmode=verify-full (or verify-ca), or leave sslcrl out")
        .in_source(source));
    }
    // As libpq: who goes on in plain text has to ask for TLS first.
    if config.inner.get_ssl_negotiation() == tokio_postgres::config::SslNegotiation::Direct
        && let Some(target) = config
            .targets
            .iter()
            .find(|target| !target.is_socket() && config.ssl_mode_for(target) < SslMode::Require)
    {
        let mode = config.ssl_mode_for(target).as_str();
        return Err(url::Fault::new(format!(
            "`sslnegotiation=direct` and the weaker `sslmode={mode}` contradict each other"
        ))
        .with_hint("write sslmode=require or more, or leave sslnegotiation out")
        .in_source(source));
    }
    if cfg!(not(feature = "tls"))
        && let Some(target) =
            config.targets.iter().find(|target| config.ssl_mode_for(target) > SslMode::Prefer)
    {
        let mode = config.ssl_mode_for(target).as_str();
        return Err(url::Fault::new(format!("`sslmode={mode}` holds for {target}, but this program was built without TLS"))
            .with_hint("turn on the feature `tls` of the crate `orm`, or write sslmode=disable where plain text will do")
            .in_source(source));
    }
    Ok(config)
}
