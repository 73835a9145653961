//! [`Canceller`]: makes the server stop what a session runs, and knows when that request has been dealt with.
//!
//! A request that is still on its way could stop a statement of the session's next user. The server closes the
//! connection of the request after it has signalled the session (manual, section 54.2.7), so its end is waited for;
//! the driver's own `cancel_query` does not. A pooler forwards the request only while the request's connection and
//! the session are both open: the caller keeps the session until this returns.

use crate::exec::SslMode;
use crate::exec::wire::Wire;
use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{CancelToken, NoTls};

/// What encrypts connections; without the feature `tls` there never is one.
#[cfg(feature = "tls")]
pub(crate) type Tls = tokio_postgres_rustls::MakeRustlsConnect;
#[cfg(not(feature = "tls"))]
pub(crate) type Tls = NoTls;

/// How long a request to cancel may take, from connecting until the server has dealt with it.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Where exactly a session's server is: a host name may stand for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Socket(PathBuf),
}

/// How a session's server can be told to stop its statement.
pub(crate) struct Canceller {
    pub(crate) token: CancelToken,
    pub(crate) place: Place,
    /// The name that the server's certificate is checked for.
    pub(crate) host: String,
    pub(crate) tls: Option<Tls>,
    pub(crate) mode: SslMode,
    /// TLS begins without asking the server for it.
    pub(crate) direct: bool,
}

impl Canceller {
    /// Makes the server stop the statement that the session runs. Gives whether the request is known to be over:
    /// if it is not, it may stop a statement that the session runs later.
    pub(crate) async fn cancel(&self) -> bool {
        matches!(tokio::time::timeout(TIMEOUT, self.request()).await, Ok(Ok(())))
    }

    async fn request(&self) -> io::Result<()> {
        match &self.place {
            Place::Tcp(address) => self.request_on(TcpStream::connect(address).await?).await,
            #[cfg(unix)]
            Place::Socket(path) => self.request_on(UnixStream::connect(path).await?).await,
        }
    }

    #[cfg_attr(
        not(feature = "tls"),
        expect(clippy::clone_on_copy, reason = "only what stands for TLS without it is `Copy`")
    )]
    async fn request_on<S>(&self, stream: S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = ToTheEnd(stream);
        match &self.tls {
            Some(tls) => {
                let wire = Wire::new(self.mode, self.direct, tls.clone());
                self.request_with(stream, wire).await
            }
            None => self.request_with(stream, Wire::new(SslMode::Disable, false, NoTls)).await,
        }
    }

    async fn request_with<S, T>(&self, stream: S, mut tls: T) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: MakeTlsConnect<S>,
        T::TlsConnect: TlsConnect<S>,
    {
        let tls = tls
            .make_tls_connect(&self.host)
            .map_err(|error| io::Error::other(error.into().to_string()))?;
        self.token.cancel_query_raw(stream, tls).await.map_err(io::Error::other)
    }
}

/// A stream whose shutdown, the last thing that the driver does with it, lasts until the other side has closed it.
/// This side stays open until then: PgBouncer drops a request whose sender has left.
struct ToTheEnd<S>(S);

impl<S: AsyncRead + Unpin> AsyncRead for ToTheEnd<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for ToTheEnd<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [0; 64];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut self.0).poll_read(cx, &mut buffer));
            // A connection that is reset is over too.
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
