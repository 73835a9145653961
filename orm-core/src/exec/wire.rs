//! [`Wire`]: from a socket to the stream that the driver reads. Negotiates TLS, and hides from the driver the OIDs of
//! types that it does not know.
//!
//! The driver looks such types up by itself, for each session, with named statements, as deep as the server says they
//! are nested. Named statements fail behind a pooler in transaction mode, and a server that describes domains over
//! domains without end overflows the stack. So a `RowDescription` is changed on its way: a column of such a type gets
//! the type `unknown`, and its OID takes the place of the type modifier, where [`Cells`](crate::types::cells::Cells)
//! finds it. Which type that is asks `lookup`, once for a pool.

use bytes::BytesMut;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::types::Type;

use crate::exec::SslMode;

/// The request for TLS: its length and its code (manual, section 55.7).
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// Makes the streams of sessions that are secured alike. The driver takes it for what makes TLS, and is told that TLS
/// is required and begins at once: so that every stream comes from here, those in plain text too.
#[derive(Clone)]
pub(crate) struct Wire<T> {
    mode: SslMode,
    /// TLS begins with the first byte: the server is not asked.
    direct: bool,
    tls: T,
}

impl<T> Wire<T> {
    pub(crate) fn new(mode: SslMode, direct: bool, tls: T) -> Self {
        Self { mode, direct, tls }
    }
}

impl<S, T> MakeTlsConnect<S> for Wire<T>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: MakeTlsConnect<S>,
    T::TlsConnect: Send + 'static,
    <T::TlsConnect as TlsConnect<S>>::Future: Send,
{
    type Stream = Filtered<Secured<S, T::Stream>>;
    type TlsConnect = Wire<T::TlsConnect>;
    type Error = Box<dyn StdError + Send + Sync>;

    fn make_tls_connect(&mut self, host: &str) -> Result<Self::TlsConnect, Self::Error> {
        let tls = self.tls.make_tls_connect(host).map_err(Into::into)?;
        Ok(Wire { mode: self.mode, direct: self.direct, tls })
    }
}

impl<S, T> TlsConnect<S> for Wire<T>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: TlsConnect<S> + Send + 'static,
    T::Future: Send,
{
    type Stream = Filtered<Secured<S, T::Stream>>;
    type Error = Box<dyn StdError + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, Self::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { Ok(Filtered::new(self.secure(stream).await?)) })
    }
}

impl<T> Wire<T> {
    async fn secure<S>(
        self,
        mut stream: S,
    ) -> Result<Secured<S, T::Stream>, Box<dyn StdError + Send + Sync>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
        T: TlsConnect<S>,
    {
        if self.mode == SslMode::Disable {
            return Ok(Secured::Plain(stream));
        }
        if !self.direct {
            stream.write_all(&SSL_REQUEST).await.map_err(BeforeTls)?;
            // One byte and no more: what follows it must be encrypted.
            match stream.read_u8().await.map_err(BeforeTls)? {
                b'S' => {}
                b'N' if self.mode == SslMode::Prefer => return Ok(Secured::Plain(stream)),
                // An error in plain text may come from anyone on the way: it is not shown.
                b'N' | b'E' => return Err(Box::new(NoTlsOffered)),
                _ => return Err(Box::new(NotPostgres)),
            }
        }
        Ok(Secured::Tls(self.tls.connect(stream).await.map_err(Into::into)?))
    }
}

/// The connection broke before TLS began: a matter of the network, not of certificates.
#[derive(Debug)]
pub(crate) struct BeforeTls(pub(crate) io::Error);

impl fmt::Display for BeforeTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for BeforeTls {}

/// The server has no TLS to offer.
#[derive(Debug)]
pub(crate) struct NoTlsOffered;

impl fmt::Display for NoTlsOffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server does not offer TLS")
    }
}

impl StdError for NoTlsOffered {}

/// The answer to the request for TLS is none that PostgreSQL gives.
#[derive(Debug)]
pub(crate) struct NotPostgres;

impl fmt::Display for NotPostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what answers there does not speak PostgreSQL's protocol")
    }
}

impl StdError for NotPostgres {}

/// A stream with or without TLS.
pub(crate) enum Secured<S, T> {
    Plain(S),
    Tls(T),
}

impl<S, T> AsyncRead for Secured<S, T>
where
    S: AsyncRead + Unpin,
    T: AsyncRead + Unpin,
{
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl<S, T> AsyncWrite for Secured<S, T>
where
    S: AsyncWrite + Unpin,
    T: AsyncWrite + Unpin,
{
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl<S, T: TlsStream> Secured<S, T> {
    fn binding(&self) -> ChannelBinding {
        match self {
            Self::Plain(_) => ChannelBinding::none(),
            Self::Tls(stream) => stream.channel_binding(),
        }
    }
}

/// A stream whose descriptions of rows and parameters name no type that the driver would look up.
pub(crate) struct Filtered<S> {
    stream: S,
    descriptions: Descriptions,
    /// What has come of a description, and after it, until it is complete.
    held: BytesMut,
    /// Bytes that are ready for the driver.
    ready: BytesMut,
}

impl<S> Filtered<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            descriptions: Descriptions::default(),
            held: BytesMut::new(),
            ready: BytesMut::new(),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Filtered<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if !this.ready.is_empty() {
                let count = this.ready.len().min(buffer.remaining());
                buffer.put_slice(&this.ready.split_to(count));
                return Poll::Ready(Ok(()));
            }
            if this.held.is_empty() {
                // Rows come through here: they are not copied.
                let before = buffer.filled().len();
                ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
                let read = buffer.filled_mut().get_mut(before..).unwrap_or_default();
                let passed = this.descriptions.change(read);
                this.held.extend_from_slice(read.get(passed..).unwrap_or_default());
                let ended = read.is_empty();
                buffer.set_filled(before + passed);
                if passed > 0 || ended {
                    return Poll::Ready(Ok(()));
                }
            } else {
                let mut chunk = [0; 4096];
                let mut read = ReadBuf::new(&mut chunk);
                ready!(Pin::new(&mut this.stream).poll_read(cx, &mut read))?;
                if read.filled().is_empty() {
                    // The driver sees that the message is not complete.
                    this.ready = this.held.split();
                    if this.ready.is_empty() {
                        return Poll::Ready(Ok(()));
                    }
                    continue;
                }
                this.held.extend_from_slice(read.filled());
                let passed = this.descriptions.change(&mut this.held);
                this.ready = this.held.split_to(passed);
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Filtered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S, T> TlsStream for Filtered<Secured<S, T>>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: TlsStream + Unpin,
{
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.binding()
    }
}

/// Finds descriptions in what the server sends, and changes them in place.
#[derive(Default)]
struct Descriptions {
    /// How much of a message of another kind is still to come.
    passing: usize,
}

/// A message's tag and its length, which counts itself.
const HEADER: usize = 5;

impl Descriptions {
    /// Changes the descriptions in `bytes`, which go on where the last ones ended; gives how many bytes are done. The
    /// rest is to be given again, with more behind it.
    fn change(&mut self, bytes: &mut [u8]) -> usize {
        let mut done = 0;
        loop {
            let rest = bytes.get_mut(done..).unwrap_or_default();
            let passed = self.passing.min(rest.len());
            self.passing -= passed;
            done += passed;
            let rest = rest.get_mut(passed..).unwrap_or_default();
            let Some((&mut [tag, ref length @ ..], body)) = rest.split_first_chunk_mut::<HEADER>()
            else {
                return done;
            };
            // Less than its own four bytes is no length: the driver says so.
            let Some(length) = (u32::from_be_bytes(*length) as usize).checked_sub(4) else {
                self.passing = usize::MAX;
                continue;
            };
            match tag {
                b'T' | b't' => {
                    let Some(body) = body.get_mut(..length) else { return done };
                    let _malformed = match tag {
                        b'T' => change_columns(body),
                        _ => change_parameters(body),
                    };
                    done += HEADER + length;
                }
                _ => self.passing = length.saturating_add(HEADER),
            }
        }
    }
}

/// The OIDs in a `RowDescription`. None where it is malformed: the driver reads it again and says so.
fn change_columns(body: &mut [u8]) -> Option<()> {
    let (count, mut rest) = body.split_first_chunk_mut::<2>()?;
    for _ in 0..u16::from_be_bytes(*count) {
        let name = rest.iter().position(|byte| *byte == 0)?;
        let (_, column) = rest.split_at_mut_checked(name + 1)?;
        // Table, number of the column, type, size, modifier, format.
        let (column, after) = column.split_first_chunk_mut::<18>()?;
        rest = after;
        let [_, _, _, _, _, _, oid @ .., _, _, _, _, _, _, _, _] = column;
        let oid = *oid;
        if is_looked_up(oid) {
            column.get_mut(6..10)?.copy_from_slice(&Type::UNKNOWN.oid().to_be_bytes());
            column.get_mut(12..16)?.copy_from_slice(&oid);
        }
    }
    Some(())
}

/// The OIDs in a `ParameterDescription`. Parameters are written as the types that the program declares.
fn change_parameters(body: &mut [u8]) -> Option<()> {
    let (count, mut rest) = body.split_first_chunk_mut::<2>()?;
    for _ in 0..u16::from_be_bytes(*count) {
        let (oid, after) = rest.split_first_chunk_mut::<4>()?;
        rest = after;
        if is_looked_up(*oid) {
            *oid = Type::UNKNOWN.oid().to_be_bytes();
        }
    }
    Some(())
}

/// Whether the driver would look the type up.
fn is_looked_up(oid: [u8; 4]) -> bool {
    Type::from_oid(u32::from_be_bytes(oid)).is_none()
}

#[cfg(test)]
mod tests;
