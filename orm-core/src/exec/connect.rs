//! [`Connector`]: from settings to a session. Tries the servers in order; says for each what went wrong.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::cancel::{Canceller, Place, Tls};
use crate::exec::config::{Config, SslMode, Target};
use crate::exec::driver::{Driver, Drivers};
use crate::exec::errors::{self, Passing};
use crate::exec::session::{Opened, Session, Writable};
use crate::exec::wire::Wire;
use crate::types::known::KnownTypes;
use deadpool_postgres::ClientWrapper;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_postgres::config::{SslNegotiation, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Connection, NoTls, Socket};
#[cfg(unix)]
use {tokio::net::UnixStream, tokio_postgres::SimpleQueryMessage};

/// Makes sessions.
pub(crate) struct Connector {
    config: Config,
    drivers: Drivers,
    /// What the sessions have looked up of types: they are all of one database.
    types: Arc<KnownTypes>,
    /// A session was opened before: what is in the way now may pass.
    has_connected: AtomicBool,
    /// How often a server stopped accepting writes; see [`Writable`].
    demotions: Arc<AtomicU64>,
    /// For all targets that are not sockets: they share one `sslmode`, except for what a profile leaves open.
    secured: Vec<(SslMode, Tls)>,
}

/// Why no session was made.
pub(crate) struct Failure {
    pub(crate) error: Error,
    passing: Passing,
}

impl Failure {
    fn new(error: Error, passing: Passing) -> Self {
        Self { error, passing }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error, Passing::Never)
    }
}

impl Connector {
    /// Reads the root certificates, if any are asked for.
    pub(crate) fn new(config: Config) -> Result<Self> {
        let secured = secured(&config)?;
        Ok(Self {
            config,
            drivers: Drivers::default(),
            types: Arc::default(),
            has_connected: AtomicBool::new(false),
            demotions: Arc::default(),
            secured,
        })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Opens a session for a pool, which several runtimes may use.
    pub(crate) async fn connect_for_pool(self: &Arc<Self>) -> Result<Session, Failure> {
        let driver = self.drivers.choose()?;
        if !driver.is_shared() {
            return self.connect(driver).await;
        }
        // The socket belongs to the runtime that opens it.
        let connector = Arc::clone(self);
        let runtime = driver.runtime.clone();
        match runtime.spawn(async move { connector.connect(driver).await }).await {
            Ok(answer) => answer,
            Err(error) => {
                let made = Error::new(ErrorKind::Connect, "the task that connects has ended");
                Err(made.with_source(error).into())
            }
        }
    }

    /// Opens a session that the current runtime drives.
    pub(crate) async fn connect_here(&self) -> Result<Session> {
        self.connect(Driver::here()?).await.map_err(|failure| failure.error)
    }

    /// Whether that failure may pass.
    pub(crate) fn may_pass(&self, failure: &Failure) -> bool {
        match failure.passing {
            Passing::Never => false,
            Passing::AfterSuccess => self.has_connected.load(Ordering::Acquire),
            Passing::Always => true,
        }
    }

    /// Opens a session with the first server that lets us in. A server that refuses the user ends the search, as
    /// in libpq (manual, section 34.1.1.3).
    async fn connect(&self, driver: Driver) -> Result<Session, Failure> {
        let mut failures: Vec<(&Target, Error)> = Vec::new();
        let mut passing = Passing::Never;
        for target in self.in_order() {
            match self.connect_to(target, &driver).await {
                Ok(session) => {
                    self.has_connected.store(true, Ordering::Release);
                    return Ok(session);
                }
                Err(failure) => {
                    let refused = failure.error.kind() == ErrorKind::Authentication;
                    passing = passing.max(failure.passing);
                    failures.push((target, failure.error));
                    if refused {
                        passing = Passing::Never;
                        break;
                    }
                }
            }
        }
        Err(Failure::new(errors::all_failed(failures), passing))
    }

    fn in_order(&self) -> impl Iterator<Item = &Target> {
        let targets = &self.config.targets;
        let count = targets.len().max(1);
        // Each RandomState has other keys: enough of a die to spread connections over hosts.
        let first = match self.config.any_order {
            true => usize::try_from(RandomState::new().hash_one(count) % count as u64).unwrap_or(0),
            false => 0,
        };
        targets.iter().cycle().skip(first).take(targets.len())
    }

    async fn connect_to(&self, target: &Target, driver: &Driver) -> Result<Session, Failure> {
        let attempt = self.negotiate(target, driver);
        let Some(timeout) = self.config.connect_timeout else {
            return attempt.await;
        };
        match tokio::time::timeout(timeout, attempt).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::new(errors::no_answer(target, timeout), Passing::AfterSuccess)),
        }
    }

    async fn negotiate(&self, target: &Target, driver: &Driver) -> Result<Session, Failure> {
        let mode = self.config.ssl_mode_for(target);
        if let Some((_, tls)) = self.secured.iter().find(|(known, _)| *known == mode) {
            let answer = self.open(target, mode, Some(tls), driver).await;
            let again = mode == SslMode::Prefer
                && answer.as_ref().is_err_and(|Failure { error, .. }| {
                    // As libpq: what fails only because it is encrypted is tried in plain text.
                    error.kind() == ErrorKind::Tls || error.sqlstate() == Some("28000")
                });
            if !again {
                return answer;
            }
            // Whichever of the two errors is about the user is the one to act on.
            return match (answer, self.open(target, SslMode::Disable, None, driver).await) {
                (Err(first), Err(second)) if second.error.kind() != ErrorKind::Authentication => {
                    Err(first)
                }
                (Err(first), Err(second)) => Err(Failure::new(
                    errors::both_failed(&first.error, second.error),
                    second.passing,
                )),
                (_, second) => second,
            };
        }
        self.open(target, mode, None, driver).await
    }

    /// Opens a session at the first of the server's addresses that lets us in.
    async fn open(
        &self,
        target: &Target,
        mode: SslMode,
        tls: Option<&Tls>,
        driver: &Driver,
    ) -> Result<Session, Failure> {
        let places = target.places().await.map_err(|error| {
            Failure::new(errors::unresolved(error, target), Passing::AfterSuccess)
        })?;
        let mut last = None;
        for place in places {
            match self.open_at(target, place, mode, tls, driver).await {
                Ok(session) => return Ok(session),
                Err(failure) => {
                    let refused = failure.error.kind() == ErrorKind::Authentication;
                    last = Some(failure);
                    if refused {
                        break;
                    }
                }
            }
        }
        Err(last.unwrap_or_else(|| {
            let error = std::io::Error::other("it has no address");
            Failure::new(errors::unresolved(error, target), Passing::AfterSuccess)
        }))
    }

    #[cfg_attr(
        not(feature = "tls"),
        expect(clippy::clone_on_copy, reason = "only what stands for TLS without it is `Copy`")
    )]
    async fn open_at(
        &self,
        target: &Target,
        place: Place,
        mode: SslMode,
        tls: Option<&Tls>,
        driver: &Driver,
    ) -> Result<Session, Failure> {
        let mut config = self.config.inner.clone();
        // So that `Wire` is asked for every stream: what `mode` says is its business.
        config.ssl_mode(tokio_postgres::config::SslMode::Require);
        config.ssl_negotiation(SslNegotiation::Direct);
        config.host(&target.host).port(target.port);
        if let Place::Tcp(address) = &place {
            config.hostaddr(address.ip());
        }
        let direct = self.config.inner.get_ssl_negotiation() == SslNegotiation::Direct;
        let (client, task, ended) = match tls {
            Some(tls) => connect(&config, &place, Wire::new(mode, direct, tls.clone())).await,
            None => connect(&config, &place, Wire::new(SslMode::Disable, false, NoTls)).await,
        }
        .map_err(|error| match error {
            Unconnected::Driver(error) => {
                let passing = Passing::of(&error);
                Failure::new(errors::connect_failed(error, target, &self.config), passing)
            }
            Unconnected::Socket(error) => {
                let passing = Passing::of_io(&error);
                Failure::new(errors::socket_failed(error, target), passing)
            }
        })?;
        let canceller = Canceller {
            token: client.cancel_token(),
            place,
            host: target.host.clone(),
            tls: tls.cloned(),
            mode,
            direct,
        };
        let writable =
            self.config.inner.get_target_session_attrs() == TargetSessionAttrs::ReadWrite;
        Ok(Session::new(Opened {
            canceller,
            driver: driver.clone(),
            connection: task.abort_handle(),
            client: ClientWrapper::new(client, task),
            query_timeout: self.config.query_timeout,
            writable: writable.then(|| Writable::new(&self.demotions)),
            ended,
            statement_count_max: self.config.statement_count_max,
            types: Arc::clone(&self.types),
        }))
    }
}

/// Why there is no connection: what the driver says, or the system where the driver is not asked.
enum Unconnected {
    Driver(tokio_postgres::Error),
    Socket(io::Error),
}

impl From<tokio_postgres::Error> for Unconnected {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

/// A connection, the task that drives it, and what resolves when it is gone.
type Connected = (Client, JoinHandle<()>, oneshot::Receiver<()>);

/// Connects, and has the current runtime drive the connection.
async fn connect<T>(
    config: &tokio_postgres::Config,
    place: &Place,
    wire: Wire<T>,
) -> Result<Connected, Unconnected>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    #[cfg(unix)]
    if let Place::Socket(path) = place {
        // The driver does not call the TLS connector for a socket: then it would read what the server sends unfiltered.
        let stream = UnixStream::connect(path).await.map_err(Unconnected::Socket)?;
        let plain = Wire::new(SslMode::Disable, false, NoTls);
        let (client, connection) = config.connect_raw(stream, plain).await?;
        let connected = driven(client, connection);
        has_attributes(config, &connected.0).await?;
        return Ok(connected);
    }
    let _tcp = place;
    let (client, connection) = config.connect(wire).await?;
    Ok(driven(client, connection))
}

fn driven<S, T>(client: Client, connection: Connection<S, T>) -> Connected
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (end, ended) = oneshot::channel();
    let task = tokio::spawn(async move {
        let _end = end;
        // What breaks the connection is reported to whoever runs a statement on it.
        let _result = connection.await;
    });
    (client, task, ended)
}

/// Whether the server is of the kind that `target_session_attrs` asks for, as the driver asks those that it reaches
/// by itself.
#[cfg(unix)]
async fn has_attributes(
    config: &tokio_postgres::Config,
    client: &Client,
) -> Result<(), Unconnected> {
    let (wanted, refusal) = match config.get_target_session_attrs() {
        TargetSessionAttrs::ReadWrite => ("off", "database does not allow writes"),
        TargetSessionAttrs::ReadOnly => ("on", "database is not read only"),
        _ => return Ok(()),
    };
    let messages = client.simple_query("SHOW transaction_read_only").await?;
    let found = messages.iter().any(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0) == Some(wanted),
        _ => false,
    });
    if found {
        return Ok(());
    }
    Err(Unconnected::Socket(io::Error::new(io::ErrorKind::PermissionDenied, refusal)))
}

#[cfg(feature = "tls")]
fn secured(config: &Config) -> Result<Vec<(SslMode, Tls)>> {
    let mut secured = Vec::new();
    for mode in config.targets.iter().map(|target| config.ssl_mode_for(target)) {
        if mode != SslMode::Disable && !secured.iter().any(|(known, _)| *known == mode) {
            secured.push((mode, crate::exec::tls::connector(config, mode)?));
        }
    }
    Ok(secured)
}

#[cfg(not(feature = "tls"))]
fn secured(_config: &Config) -> Result<Vec<(SslMode, Tls)>> {
    Ok(Vec::new())
}

impl Target {
    /// Its addresses. The driver would look them up too, but does not say which one it took.
    async fn places(&self) -> std::io::Result<Vec<Place>> {
        #[cfg(unix)]
        if self.is_socket() {
            let file = format!(".s.PGSQL.{}", self.port);
            return Ok(vec![Place::Socket(std::path::Path::new(&self.host).join(file))]);
        }
        if let Some(address) = self.address {
            return Ok(vec![Place::Tcp((address, self.port).into())]);
        }
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await?;
        Ok(found.map(Place::Tcp).collect())
    }
}
