//! [`Connector`]: from settings to a session. Tries the servers in order; says for each what went wrong.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::config::{Config, SslMode, Target};
use crate::exec::{Session, errors};
use deadpool_postgres::ClientWrapper;
use std::hash::{BuildHasher as _, RandomState};
use tokio::sync::oneshot;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{CancelToken, NoTls, Socket};

/// Makes sessions.
pub(crate) struct Connector {
    config: Config,
    /// For all targets that are not sockets: they share one `sslmode`, except for what a profile leaves open.
    #[cfg(feature = "tls")]
    secured: Vec<(SslMode, tokio_postgres_rustls::MakeRustlsConnect)>,
}

impl Connector {
    /// Reads the root certificates, if any are asked for.
    pub(crate) fn new(config: Config) -> Result<Self> {
        #[cfg(feature = "tls")]
        let secured = {
            let mut secured = Vec::new();
            for mode in config.targets.iter().map(|target| config.ssl_mode_for(target)) {
                if mode != SslMode::Disable && !secured.iter().any(|(known, _)| *known == mode) {
                    secured.push((mode, crate::exec::tls::connector(&config, mode)?));
                }
            }
            secured
        };
        Ok(Self {
            config,
            #[cfg(feature = "tls")]
            secured,
        })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Opens a session with the first server that lets us in. A server that refuses the user ends the search, as
    /// in libpq (manual, section 34.1.1.3).
    pub(crate) async fn connect(&self) -> Result<Session> {
        let mut failures: Vec<(&Target, Error)> = Vec::new();
        for target in self.in_order() {
            match self.connect_to(target).await {
                Ok(session) => return Ok(session),
                Err(error) => {
                    let refused = error.kind() == ErrorKind::Authentication;
                    failures.push((target, error));
                    if refused {
                        break;
                    }
                }
            }
        }
        Err(errors::all_failed(failures))
    }

    /// Makes the server stop what that session runs, without waiting for it.
    pub(crate) fn cancel(&self, session: &Session) {
        let token = session.cancel_token();
        #[cfg(feature = "tls")]
        if let Some((_, tls)) = self.secured.first() {
            return cancel_with(token, tls.clone());
        }
        cancel_with(token, NoTls);
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

    async fn connect_to(&self, target: &Target) -> Result<Session> {
        let attempt = self.negotiate(target);
        let Some(timeout) = self.config.connect_timeout else {
            return attempt.await;
        };
        match tokio::time::timeout(timeout, attempt).await {
            Ok(answer) => answer,
            Err(_) => Err(errors::no_answer(target, timeout)),
        }
    }

    async fn negotiate(&self, target: &Target) -> Result<Session> {
        let mode = self.config.ssl_mode_for(target);
        #[cfg(feature = "tls")]
        if let Some((_, tls)) = self.secured.iter().find(|(known, _)| *known == mode) {
            let answer = self.open(target, mode, tls.clone()).await;
            let again = mode == SslMode::Prefer
                && answer.as_ref().is_err_and(|error| {
                    // As libpq: what fails only because it is encrypted is tried in plain text.
                    error.kind() == ErrorKind::Tls || error.sqlstate() == Some("28000")
                });
            if !again {
                return answer;
            }
            // Whichever of the two errors is about the user is the one to act on.
            return match (answer, self.open(target, SslMode::Disable, NoTls).await) {
                (Err(first), Err(second)) if second.kind() != ErrorKind::Authentication => {
                    Err(first)
                }
                (_, second) => second,
            };
        }
        self.open(target, mode, NoTls).await
    }

    async fn open<T>(&self, target: &Target, mode: SslMode, tls: T) -> Result<Session>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let mut config = self.config.inner.clone();
        config.host(&target.host).port(target.port).ssl_mode(match mode {
            SslMode::Disable => tokio_postgres::config::SslMode::Disable,
            SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
                tokio_postgres::config::SslMode::Require
            }
        });
        if let Some(address) = target.address {
            config.hostaddr(address);
        }
        let (client, driver) = config
            .connect(tls)
            .await
            .map_err(|error| errors::connect_failed(error, target, &self.config))?;
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(async move {
            let _end = end;
            // What breaks the connection is reported to whoever runs a statement on it.
            let _result = driver.await;
        });
        Ok(Session::new(ClientWrapper::new(client, task), ended, self.config.statement_count_max))
    }
}

fn cancel_with<T>(token: CancelToken, tls: T)
where
    T: MakeTlsConnect<Socket> + Send + 'static,
    T::TlsConnect: Send,
    T::Stream: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    tokio::spawn(async move {
        let _stopped = token.cancel_query(tls).await;
    });
}
