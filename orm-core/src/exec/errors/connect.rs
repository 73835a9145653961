//! Why no connection was made: address, user, TLS, or time.

use crate::error::{Error, ErrorKind};
use crate::exec::config::{Config, Target};
use crate::exec::wire::{BeforeTls, NoTlsOffered, NotPostgres};
use std::error::Error as StdError;
use std::io;
use std::time::Duration;
use tokio_postgres::error::DbError;

/// Whether what keeps a connection from being made may pass by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Passing {
    /// A wrong setting stays wrong.
    Never,
    /// Nothing answers, or the wrong server. That passes if there was a connection before: the server restarts, or
    /// another one takes its place. If there was none, the settings are wrong.
    AfterSuccess,
    /// The server says so: it is starting or stopping, or has no connection left.
    Always,
}

impl Passing {
    /// What that failure of the driver is.
    pub(crate) fn of(error: &tokio_postgres::Error) -> Self {
        if let Some(code) = error.code() {
            return match code.code() {
                "53300" | "57P01" | "57P02" | "57P03" => Self::Always,
                _ => Self::Never,
            };
        }
        let io = error.source().and_then(|cause| match cause.downcast_ref() {
            Some(BeforeTls(io)) => Some(io),
            None => cause.downcast_ref::<io::Error>(),
        });
        let is_gone = error.is_closed() || io.is_some_and(|io| Self::of_io(io) > Self::Never);
        if is_gone { Self::AfterSuccess } else { Self::Never }
    }

    /// As [`of`](Self::of), for what the operating system says.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe
            | Kind::UnexpectedEof
            | Kind::NotFound
            | Kind::TimedOut
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable => Self::AfterSuccess,
            Kind::PermissionDenied if unmet_attribute(error).is_some() => Self::AfterSuccess,
            _ => Self::Never,
        }
    }
}

/// What the driver says where the server is not as `target_session_attrs` asks: an error of its own kind would be
/// better, and one of the operating system has a code.
fn unmet_attribute(error: &io::Error) -> Option<(&'static str, &'static str)> {
    let said = error.get_ref().filter(|_| error.raw_os_error().is_none())?.to_string();
    match said.as_str() {
        "database does not allow writes" => Some(("does not accept writes", "read-write")),
        "database is not read only" => Some(("accepts writes", "read-only")),
        _ => None,
    }
}

/// The address of that host is not known.
pub(crate) fn unresolved(error: io::Error, target: &Target) -> Error {
    let (why, hint) = match error.to_string() {
        // The standard library gives a failed look-up no kind of its own.
        said if said.starts_with("failed to lookup address") => (
            format!("the host \"{}\" is not known", target.host),
            "check the spelling of the host in the URL, and name resolution (DNS) on this machine",
        ),
        said => (said, "check the host, and name resolution (DNS) on this machine"),
    };
    let message = format!("could not connect to {target}: {why}");
    Error::new(ErrorKind::Connect, message).with_hint(hint).with_source(error)
}

/// What the driver said while connecting to that server.
pub(crate) fn connect_failed(
    error: tokio_postgres::Error,
    target: &Target,
    config: &Config,
) -> Error {
    if let Some(report) = error.as_db_error() {
        return refused(report, target, config).with_source(error);
    }
    let (kind, why, hint) = reason(&error, target, config);
    let made = Error::new(kind, format!("could not connect to {target}: {why}"));
    match hint {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
    .with_source(error)
}

/// The operating system's error for the server's Unix socket.
pub(crate) fn socket_failed(error: io::Error, target: &Target) -> Error {
    let (kind, why, hint) = io_reason(&error, target);
    let made = Error::new(kind, format!("could not connect to {target}: {why}"));
    match hint {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
    .with_source(error)
}

/// The server did not answer in `connect_timeout`.
pub(crate) fn no_answer(target: &Target, waited: Duration) -> Error {
    Error::new(
        ErrorKind::Connect,
        format!("could not connect to {target}: no answer in {waited:?}"),
    )
    .with_hint(
        "check host and port, and firewalls on the way; `connect_timeout` says how long to wait",
    )
}

/// One error for all the servers that were tried.
pub(crate) fn all_failed(mut failures: Vec<(&Target, Error)>) -> Error {
    let Some((_, last)) = failures.pop() else {
        return Error::new(ErrorKind::Config, "there is no server to connect to");
    };
    if failures.is_empty() {
        return last;
    }
    let mut said: Vec<String> = failures.iter().map(|(_, error)| error.to_string()).collect();
    said.push(last.to_string());
    let made = Error::new(
        last.kind(),
        format!("none of {} servers let us in: {}", said.len(), said.join("; ")),
    );
    match last.hint().map(str::to_owned) {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
    .with_source(last)
}

/// One error for a server that refused us with TLS and without.
pub(crate) fn both_failed(secured: &Error, plain: Error) -> Error {
    let (with, without) = (secured.to_string(), plain.to_string());
    if with == without {
        return plain;
    }
    let hint = secured.hint().or(plain.hint()).map(str::to_owned);
    let made = Error::new(plain.kind(), format!("{with}; without TLS: {without}"));
    match hint {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
    .with_report_of(&plain)
    .with_source(plain)
}

/// The server answered, and said no (manual, appendix A).
fn refused(report: &DbError, target: &Target, config: &Config) -> Error {
    let (kind, hint) = match report.code().code() {
        // PgBouncer, which knows few of them.
        "08P01" if report.message().contains("unsupported startup parameter") => (
            ErrorKind::Connect,
            "PgBouncer does not pass this parameter on: leave it out (`options` in the URL) and set what it sets for \
             the role or the database (ALTER ROLE .. SET, ALTER DATABASE .. SET); or name it in \
             ignore_startup_parameters of pgbouncer.ini, where it has no effect",
        ),
        "28P01" => (ErrorKind::Authentication, "check user and password in the URL"),
        "28000" if config.ssl_client.is_some() => (
            ErrorKind::Authentication,
            "check the user and the server's pg_hba.conf; where it asks for a client certificate (`cert`), the common name \
             (CN) of the one in `sslcert` is the user, or is mapped to it by pg_ident.conf",
        ),
        "28000" => (
            ErrorKind::Authentication,
            "check the user, the server's pg_hba.conf, and whether it wants TLS (sslmode=require) or a client certificate \
             (sslcert and sslkey)",
        ),
        "3D000" => (
            ErrorKind::Authentication,
            "create the database (createdb), or correct its name in the URL",
        ),
        "42501" => (
            ErrorKind::Authentication,
            "let an administrator GRANT CONNECT ON DATABASE to this user",
        ),
        "53300" => (
            ErrorKind::Connect,
            "the server has no connection left: lower `max_connections` of the pool, close other programs, or raise that of the server",
        ),
        "57P03" => {
            (ErrorKind::Connect, "the server is starting or stopping: try again in a moment")
        }
        _ => (ErrorKind::Connect, "see the server's log"),
    };
    let who = config.user().map(|user| format!(" as user \"{user}\"")).unwrap_or_default();
    let database =
        config.database().map(|name| format!("database \"{name}\" on ")).unwrap_or_default();
    let message = format!("could not connect to {database}{target}{who}: {}", report.message());
    Error::new(kind, message).with_hint(hint).reported(report)
}

type Reason = (ErrorKind, String, Option<&'static str>);

/// The driver's errors have no public kind: what they wrap and how they print is all there is to go by.
fn reason(error: &tokio_postgres::Error, target: &Target, config: &Config) -> Reason {
    #[cfg(feature = "tls")]
    if let Some((why, hint)) = error.source().and_then(crate::exec::tls::explained) {
        return (ErrorKind::Tls, why, Some(hint));
    }
    let source = error.source();
    if let Some(BeforeTls(io)) = source.and_then(|cause| cause.downcast_ref()) {
        return io_reason(io, target);
    }
    if source.is_some_and(|cause| cause.is::<NotPostgres>()) {
        return not_postgres();
    }
    if source.is_some_and(|cause| cause.is::<NoTlsOffered>()) {
        let mode = config.ssl_mode_for(target).as_str();
        return (
            ErrorKind::Tls,
            format!("the server does not offer TLS, and sslmode is {mode}"),
            Some(
                "turn `ssl` on in the server's postgresql.conf; sslmode=disable goes without encryption",
            ),
        );
    }
    if let Some(io) = source.and_then(|cause| cause.downcast_ref::<io::Error>()) {
        return broken(error, io, target);
    }
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    match error.to_string().as_str() {
        "error performing TLS handshake" => (ErrorKind::Tls, format!("TLS failed: {cause}"), None),
        "invalid configuration" if cause == "password missing" => (
            ErrorKind::Authentication,
            "the server asks for a password, and none was given".to_owned(),
            Some("write it into the URL: postgres://user:password@host/database"),
        ),
        "authentication error" => (
            ErrorKind::Authentication,
            format!("authentication failed: {cause}"),
            Some(
                "password (SCRAM or MD5) is what this client can do; check channel_binding and pg_hba.conf",
            ),
        ),
        "connection closed" => (
            ErrorKind::Connect,
            "the server closed the connection before it was ready".to_owned(),
            Some("check that PostgreSQL listens there, and not something else; see its log"),
        ),
        "unexpected message from server" | "error parsing response from server" => not_postgres(),
        other if cause.is_empty() => (ErrorKind::Connect, other.to_owned(), None),
        other => (ErrorKind::Connect, format!("{other}: {cause}"), None),
    }
}

fn broken(error: &tokio_postgres::Error, io: &io::Error, target: &Target) -> Reason {
    if error.to_string() == "error performing TLS handshake" {
        // A server that refuses a client's certificate may be gone before its alert is read.
        let is_ended = matches!(
            io.kind(),
            io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::UnexpectedEof
        );
        let hint = is_ended.then_some(
            "the server ended the handshake: see its log; it may not accept the certificate of `sslcert`",
        );
        return (ErrorKind::Tls, format!("the TLS handshake failed: {io}"), hint);
    }
    io_reason(io, target)
}

fn not_postgres() -> Reason {
    (ErrorKind::Connect, NotPostgres.to_string(), Some("check host and port"))
}

fn io_reason(io: &io::Error, target: &Target) -> Reason {
    if let Some((server, wanted)) = unmet_attribute(io) {
        return (
            ErrorKind::Connect,
            format!("the server {server}, and target_session_attrs is {wanted}"),
            Some(
                "name the other servers in the URL too: host=a,b; or leave target_session_attrs out",
            ),
        );
    }
    let (why, hint) = match io.kind() {
        io::ErrorKind::ConnectionRefused => (
            "connection refused".to_owned(),
            "start PostgreSQL (`orm-migrate dev` starts a private one), or check host and port",
        ),
        io::ErrorKind::NotFound if target.is_socket() => (
            "there is no such socket".to_owned(),
            "start PostgreSQL, or check the folder (`unix_socket_directories`) and the port",
        ),
        io::ErrorKind::PermissionDenied => {
            ("permission denied".to_owned(), "this program's user may not open the server's socket")
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => (
            "the server closed the connection before it was ready".to_owned(),
            "check that PostgreSQL listens there, and not something else; see its log",
        ),
        _ => (io.to_string(), "check host and port, and the network between"),
    };
    (ErrorKind::Connect, why, Some(hint))
}
