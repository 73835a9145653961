//! Gives the pairs of a URL their meaning. Every value that is wrong is named by its parameter.

use super::{ClientCertificate, Roots, SslMode, Target};
use crate::exec::url::{Fault, Pair, Parts, is_plain, is_port};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Parameters that the driver reads; what it accepts for each, for the error.
const DRIVERS: [(&str, &str); 7] = [
    ("channel_binding", "disable, prefer or require"),
    ("keepalives", "0 or 1"),
    ("keepalives_idle", "a number of seconds"),
    ("keepalives_interval", "a number of seconds"),
    ("keepalives_retries", "a number"),
    ("sslnegotiation", "postgres or direct"),
    ("target_session_attrs", "any, read-write or read-only"),
];

/// Parameters that are read here.
const OURS: [&str; 18] = [
    "application_name",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "load_balance_hosts",
    "options",
    "password",
    "pgbouncer",
    "port",
    "sslcert",
    "sslcrl",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "tcp_user_timeout",
    "user",
];

/// Parameters of other clients that change nothing here.
const IGNORED: [&str; 7] = [
    "fallback_application_name",
    "gssencmode",
    "krbsrvname",
    "sslcompression",
    "sslcrldir",
    "sslpassword",
    "sslsni",
];

/// What a URL and a builder say of the connection; the last word on each thing counts.
#[derive(Default)]
pub(super) struct Settings {
    driver: Vec<(String, String)>,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: Option<String>,
    pub(super) options: Option<String>,
    pub(super) application_name: Option<String>,
    hosts: Vec<String>,
    addresses: Vec<IpAddr>,
    ports: Vec<u16>,
    pub(super) any_order: bool,
    pub(super) ssl_mode: Option<SslMode>,
    pub(super) ssl_roots: Option<Roots>,
    ssl_cert: Option<PathBuf>,
    ssl_key: Option<PathBuf>,
    pub(super) ssl_crl: Option<PathBuf>,
    /// `Some(None)`: no limit.
    pub(super) connect_timeout: Option<Option<Duration>>,
    pub(super) tcp_user_timeout: Option<Duration>,
    pub(super) pooler: bool,
}

impl Settings {
    /// Takes in what a URL says. What follows a password that was not encoded or quoted may be a part of it, whatever it
    /// looks like, and is not quoted.
    pub(super) fn read(&mut self, parts: Parts) -> Result<(), Fault> {
        self.take(parts.leading)?;
        let mut is_quotable = parts.is_quotable;
        for (key, value) in parts.named {
            let is_secret = matches!(key.as_str(), "password" | "sslpassword");
            self.set(&key, value)
                .map_err(|fault| if is_quotable { fault } else { fault.without_quotes() })?;
            is_quotable &= !is_secret;
        }
        Ok(())
    }

    /// Takes in settings of which each is known to be what its name says.
    pub(super) fn take(&mut self, pairs: Vec<Pair>) -> Result<(), Fault> {
        pairs.into_iter().try_for_each(|(key, value)| self.set(&key, value))
    }

    fn set(&mut self, key: &str, value: String) -> Result<(), Fault> {
        if value.contains('\0') {
            return Err(Fault::new(format!("the parameter `{key}` holds a NUL character"))
                .with_hint("the server's protocol ends texts at a NUL: leave it out"));
        }
        match key {
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            // It would be shown, with the password in it.
            "dbname" if value.starts_with("postgres://") || value.starts_with("postgresql://") => {
                return Err(Fault::new("`dbname` holds a URL").with_hint(
                    "name the database only, or give the URL in place of these settings",
                ));
            }
            "dbname" => self.database = Some(value).filter(|name| !name.is_empty()),
            "options" => self.options = Some(value),
            "application_name" => self.application_name = Some(value),
            "host" => {
                let hosts: Vec<_> = list(&value).map(str::to_owned).collect();
                if hosts.iter().any(|host| !host.starts_with('/') && host.contains(['@', '/'])) {
                    return Err(Fault::new("`host` holds an `@` or a `/`, which no name of a host has")
                        .with_hint("only the host: user, password and database have settings of their own; in a URL, the `@` and the `/` between them are not encoded"));
                }
                self.hosts = hosts;
            }
            "hostaddr" => {
                let addresses = list(&value).map(str::parse).collect::<Result<_, _>>();
                self.addresses = addresses.map_err(|_| refused(key, &value, "IP addresses"))?;
            }
            "port" => {
                let port = |text: &str| match text {
                    "" => Some(5432),
                    text if is_port(text) => text.parse().ok(),
                    _ => None,
                };
                let ports = value.split(',').map(port).collect::<Option<_>>();
                self.ports =
                    ports.ok_or_else(|| refused(key, &value, "a number from 1 to 65535"))?;
            }
            "sslmode" => self.ssl_mode = Some(ssl_mode(&value)?),
            // As the JDBC driver writes it, and libpq reads it.
            "ssl" if value == "true" => self.ssl_mode = Some(SslMode::Require),
            "sslrootcert" if value.is_empty() => self.ssl_roots = None,
            "sslrootcert" if value == "system" => self.ssl_roots = Some(Roots::System),
            "sslrootcert" => self.ssl_roots = Some(Roots::File(value.into())),
            "sslcert" => self.ssl_cert = file(value),
            "sslkey" => self.ssl_key = file(value),
            "sslcrl" => self.ssl_crl = file(value),
            "sslpassword" if !value.is_empty() => {
                return Err(Fault::new("`sslpassword` is not supported").with_hint(
                    "encrypted private keys are not read: decrypt the file (openssl pkey -in client.key -out \
                     plain.key) and protect it by its permissions (chmod 600)",
                ));
            }
            "sslcrldir" if !value.is_empty() => {
                return Err(Fault::new("`sslcrldir` is not supported").with_hint(
                    "write the revocation lists into one PEM file, one after the other, and name it with `sslcrl`",
                ));
            }
            "connect_timeout" => {
                let seconds = number(key, &value)?;
                self.connect_timeout = Some((seconds > 0).then(|| Duration::from_secs(seconds)));
            }
            // The driver takes seconds by this name, libpq milliseconds.
            "tcp_user_timeout" => {
                self.tcp_user_timeout = Some(Duration::from_millis(number(key, &value)?));
            }
            "load_balance_hosts" => {
                self.any_order = match value.as_str() {
                    "disable" => false,
                    "random" => true,
                    _ => return Err(refused(key, &value, "disable or random")),
                };
            }
            "pgbouncer" => self.pooler = matches!(value.as_str(), "true" | "1" | "on"),
            "client_encoding" => {
                let plain = value.to_ascii_lowercase().replace(['-', '_'], "");
                if !matches!(plain.as_str(), "utf8" | "unicode" | "auto") {
                    return Err(refused(key, &value, "UTF8, the only one that Rust strings have"));
                }
            }
            "gssencmode" if value == "require" => {
                return Err(Fault::new("`gssencmode=require` is not supported").with_hint(
                    "GSSAPI is not built in: secure the connection by TLS, sslmode=verify-full",
                ));
            }
            // libpq's name for what the driver calls `keepalives_retries`.
            "keepalives_count" => self.pass_on("keepalives_retries", value)?,
            key if DRIVERS.iter().any(|(name, _)| *name == key) => self.pass_on(key, value)?,
            key if IGNORED.contains(&key) => {}
            key => return Err(unknown(key)),
        }
        Ok(())
    }

    /// Gives a setting to the driver, which checks it.
    fn pass_on(&mut self, key: &str, value: String) -> Result<(), Fault> {
        let allowed =
            DRIVERS.iter().find(|(name, _)| *name == key).map_or("", |(_, allowed)| allowed);
        if allowed.starts_with("a number") || allowed == "0 or 1" {
            number(key, &value)?;
        }
        let pair = [(key.to_owned(), value)];
        driver_config(&pair).ok_or_else(|| refused(key, &pair[0].1, allowed))?;
        self.driver.extend(pair);
        Ok(())
    }

    /// The driver's own settings, without host, user and password.
    pub(super) fn driver_config(&self) -> tokio_postgres::Config {
        let mut config = driver_config(&self.driver).unwrap_or_default();
        let is_said = |key: &str| self.driver.iter().any(|(name, _)| name == key);
        // The operating system's defaults notice after more than two hours that the other side is gone.
        if !is_said("keepalives_idle") {
            config.keepalives_idle(Duration::from_secs(30));
        }
        if !is_said("keepalives_interval") {
            config.keepalives_interval(Duration::from_secs(10));
        }
        if !is_said("keepalives_retries") {
            config.keepalives_retries(3);
        }
        config
    }

    /// The certificate that the client shows.
    pub(super) fn ssl_client(&mut self) -> Result<Option<ClientCertificate>, Fault> {
        let alone = |given: &str, missing: &str| {
            Fault::new(format!("`{given}` is given without `{missing}`"))
                .with_hint("a client certificate is two PEM files: sslcert=/path/client.crt and sslkey=/path/client.key")
        };
        match (self.ssl_cert.take(), self.ssl_key.take()) {
            (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
            (Some(_), None) => Err(alone("sslcert", "sslkey")),
            (None, Some(_)) => Err(alone("sslkey", "sslcert")),
            (None, None) => Ok(None),
        }
    }

    /// The servers to try, in order.
    pub(super) fn targets(&self) -> Result<Vec<Target>, Fault> {
        // No host at all is one, as in libpq: the server on this machine.
        let count = self.hosts.len().max(self.addresses.len()).max(1);
        if !self.hosts.is_empty()
            && !self.addresses.is_empty()
            && self.hosts.len() != self.addresses.len()
        {
            return Err(Fault::new(format!(
                "it has {} in `host` and {} in `hostaddr`: as many of one as of the other are needed",
                self.hosts.len(),
                self.addresses.len()
            )));
        }
        if self.ports.len() > 1 && self.ports.len() != count {
            return Err(Fault::new(format!(
                "it has {} ports for {count} hosts: one port for all, or one for each",
                self.ports.len()
            )));
        }
        let target = |index: usize| {
            let address = self.addresses.get(index).copied();
            let host = self.hosts.get(index).filter(|host| !host.is_empty()).cloned();
            let port = self.ports.get(index).or(self.ports.first()).copied().unwrap_or(5432);
            let host = host
                .or_else(|| address.map(|address| address.to_string()))
                .unwrap_or_else(|| default_host(port, Path::exists));
            Target { host, address, port }
        };
        Ok((0..count).map(target).collect())
    }
}

/// Where a server on this machine listens, where no host is given (manual, section 34.1.2, `host`): the folder of its Unix
/// socket, by the names that PostgreSQL is built with, or else `localhost`.
fn default_host(port: u16, is_there: impl Fn(&Path) -> bool) -> String {
    let folders = if cfg!(unix) { SOCKET_FOLDERS.as_slice() } else { &[] };
    let socket = format!(".s.PGSQL.{port}");
    let found = folders.iter().find(|folder| is_there(&Path::new(folder).join(&socket)));
    (*found.unwrap_or(&"localhost")).to_owned()
}

/// Debian's and Red Hat's, and PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// What the driver makes of these settings. Its parser is only reached through text.
fn driver_config(pairs: &[(String, String)]) -> Option<tokio_postgres::Config> {
    let quoted = |value: &str| value.replace('\\', "\\\\").replace('\'', "\\'");
    let text: Vec<_> =
        pairs.iter().map(|(key, value)| format!("{key}='{}'", quoted(value))).collect();
    text.join(" ").parse().ok()
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

/// The file that a parameter names; as in libpq, an empty name is none.
fn file(name: String) -> Option<PathBuf> {
    (!name.is_empty()).then(|| name.into())
}

fn ssl_mode(value: &str) -> Result<SslMode, Fault> {
    match value {
        "disable" => Ok(SslMode::Disable),
        "allow" | "prefer" => Ok(SslMode::Prefer),
        "require" => Ok(SslMode::Require),
        "verify-ca" => Ok(SslMode::VerifyCa),
        "verify-full" => Ok(SslMode::VerifyFull),
        _ => Err(refused(
            "sslmode",
            value,
            "disable, allow, prefer, require, verify-ca or verify-full",
        )),
    }
}

/// A number as libpq has them: 32 bits, where what is negative means none.
fn number(key: &str, value: &str) -> Result<u64, Fault> {
    let number: i32 = value.trim().parse().map_err(|_| refused(key, value, "a whole number"))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

fn refused(key: &str, value: &str, allowed: &str) -> Fault {
    let message =
        |shown: &str| format!("the parameter `{key}` has a value{shown} that is not allowed");
    let shown = if is_plain(value) { format!(" `{value}`") } else { String::new() };
    Fault::quoting(message(&shown), message("")).with_hint(format!("`{key}` takes {allowed}"))
}

fn unknown(key: &str) -> Fault {
    let mut known: Vec<&str> =
        OURS.into_iter().chain(DRIVERS.iter().map(|(name, _)| *name)).collect();
    known.sort_unstable();
    let known = format!("known are {}", known.join(", "));
    // `passwordsecret=` has lost its first `=`.
    if is_plain(key) && !key.starts_with("password") {
        let quoted = format!("unknown parameter `{key}`");
        return Fault::quoting(quoted, UNKNOWN).with_hint(format!("{known}; {ENCODE}"));
    }
    Fault::new(UNKNOWN).with_hint(format!("{ENCODE}; {known}"))
}

const UNKNOWN: &str = "it has an unknown parameter, which may be a part of a password or of another parameter's value";
const ENCODE: &str = "percent-encode `?` (%3F), `&` (%26) and `=` (%3D) in a password and in values of a URL; put values \
                      with spaces in single quotes in `key=value` settings";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_host_the_servers_socket_is_looked_for_and_else_localhost_is_taken() {
        let there = |path: &'static str| move |found: &Path| found == Path::new(path);
        if cfg!(unix) {
            let debian = "/var/run/postgresql/.s.PGSQL.5432";
            assert_eq!(default_host(5432, there(debian)), "/var/run/postgresql");
            assert_eq!(default_host(5433, there("/tmp/.s.PGSQL.5433")), "/tmp");
            assert_eq!(default_host(5433, there(debian)), "localhost");
        }
        assert_eq!(default_host(5432, |_| false), "localhost");
    }
}
