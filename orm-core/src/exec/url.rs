//! Reads connection URLs and `key=value` strings into pairs (manual, section 34.1.1).
//!
//! What is malformed may hold the password anywhere, so no message quotes the text it complains about, unless the
//! place is certain. Knows nothing of what the pairs mean: that is `config`. Start at [`parts`].

use crate::error::{Error, ErrorKind};
use percent_encoding::percent_decode_str;

/// A setting by libpq's name, and its value.
pub(crate) type Pair = (String, String);

/// The settings of a URL or of a `key=value` string, in their order.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// User, password, hosts, ports and database of a URL.
    pub(crate) leading: Vec<Pair>,
    /// What has a name: the parameters after the `?`, or all that a `key=value` string holds.
    pub(crate) named: Vec<Pair>,
    /// Whether errors may quote `named` up to a password in it. No, where the text could be read in another way, and be
    /// a part of a password in which a separator was not encoded.
    pub(crate) is_quotable: bool,
}

/// What is wrong with a URL, and what to do; neither holds a secret.
#[derive(Debug)]
pub(crate) struct Fault {
    message: String,
    hint: Option<String>,
    /// What to say instead, where nothing may be quoted.
    unquoted: Option<String>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, unquoted: None }
    }

    /// As [`new`](Self::new), for a message that quotes the text; `unquoted` says the same without.
    pub(crate) fn quoting(message: impl Into<String>, unquoted: impl Into<String>) -> Self {
        Self { unquoted: Some(unquoted.into()), ..Self::new(message) }
    }

    /// The same without anything quoted.
    pub(crate) fn without_quotes(mut self) -> Self {
        self.message = self.unquoted.take().unwrap_or(self.message);
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error that says where the URL came from: a variable's name, or "connection URL".
    pub(crate) fn in_source(self, source: &str) -> Error {
        Error::new(ErrorKind::Config, format!("{source}: {}", self.message))
            .with_hint(self.hint.unwrap_or_else(|| SHAPE.to_owned()))
    }
}

const SHAPE: &str = "write postgres://user:password@host:5432/database";
const ENCODE: &str = "percent-encode what has a meaning in URLs: `@` is %40, `/` is %2F, `?` is %3F, `#` is %23, \
                      `&` is %26, `%` is %25, a space is %20";

/// The settings of a URL or of a `key=value` string. A key that comes twice counts the last time.
pub(crate) fn parts(text: &str) -> Result<Parts, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::new("it is empty").with_hint(SHAPE));
    }
    if text.contains('\0') {
        return Err(Fault::new("it holds a NUL character"));
    }
    match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            if scheme.eq_ignore_ascii_case("postgres") || scheme.eq_ignore_ascii_case("postgresql")
            {
                url(rest)
            } else {
                Err(Fault::new(format!(
                    "the scheme is `{scheme}`, expected `postgres` or `postgresql`"
                ))
                .with_hint(SHAPE))
            }
        }
        _ if text.contains('=') => key_values(text),
        _ => Err(Fault::new("it is neither a URL with a scheme nor `key=value` settings")
            .with_hint(SHAPE)),
    }
}

/// Whether the text may be quoted: one plain word, as the values of settings are.
pub(crate) fn is_plain(value: &str) -> bool {
    (1..=40).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn is_scheme(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

/// `rest` is what follows `postgres://`.
fn url(rest: &str) -> Result<Parts, Fault> {
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.matches('@').count() > 1 || tail.contains('@') {
        // An `@`, `/` or `?` inside the password moves the borders of every part: nothing may be quoted any more.
        return Err(Fault::new(
            "it has an `@`, `/` or `?` where it cannot be told apart from a separator",
        )
        .with_hint(ENCODE));
    }
    let mut pairs = Vec::new();
    let hosts = match authority.split_once('@') {
        Some((credentials, hosts)) => {
            let (user, password) = match credentials.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (credentials, None),
            };
            if !user.is_empty() {
                pairs.push(("user".to_owned(), decoded(user, "user name")?));
            }
            if let Some(password) = password {
                pairs.push(("password".to_owned(), decoded(password, "password")?));
            }
            hosts
        }
        None => authority,
    };
    // Without an `@` the "port" may well be a password whose host was forgotten.
    hosts_and_ports(hosts, authority.contains('@'), &mut pairs)?;
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let database = path.strip_prefix('/').unwrap_or(path);
    if !database.is_empty() {
        let database = decoded(database, "database name")?;
        if database.contains('@') && !authority.contains('@') && authority.contains(':') {
            // `ada:12/3%40host`: the "port" is the beginning of a password, and the "database" is the rest of it.
            return Err(Fault::new("it has no user, and an `@` in the name of the database")
                .with_hint("the `@` between password and host is not encoded; put a user in front of the host if the \
                       database has this name"));
        }
        pairs.push(("dbname".to_owned(), database));
    }
    // Without an `@`, `ada:12?3=4` is a user and a password whose host was forgotten, as well as a host and a port.
    let is_quotable = authority.contains('@') || !authority.contains(':');
    Ok(Parts { leading: pairs, named: parameters(query)?, is_quotable })
}

fn hosts_and_ports(text: &str, quotable: bool, pairs: &mut Vec<Pair>) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for part in text.split(',') {
        let (host, port) = host_and_port(part)?;
        let host = decoded(host, "host")?;
        if host.contains([' ', ',']) || host.chars().any(char::is_control) {
            return Err(Fault::new("the host holds a space, a comma or a control character")
                .with_hint(ENCODE));
        }
        let port = decoded(port.unwrap_or_default(), "port")?;
        if !port.is_empty() && !is_port(&port) {
            let shown =
                if quotable && is_plain(&port) { format!(" `{port}`") } else { String::new() };
            return Err(Fault::new(format!("the port{shown} is not a number from 1 to 65535"))
                .with_hint(SHAPE));
        }
        hosts.push(host);
        ports.push(port);
    }
    pairs.push(("host".to_owned(), hosts.join(",")));
    if ports.iter().any(|port| !port.is_empty()) {
        pairs.push(("port".to_owned(), ports.join(",")));
    }
    Ok(())
}

/// Splits `host`, `host:port`, `[::1]` or `[::1]:port`.
fn host_and_port(part: &str) -> Result<(&str, Option<&str>), Fault> {
    let Some(inside) = part.strip_prefix('[') else {
        return Ok(match part.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (part, None),
        });
    };
    let bad = || {
        Fault::new("the host opens a `[` for an IPv6 address that is not closed by `]` or `]:port`")
    };
    let (host, after) = inside.split_once(']').ok_or_else(bad)?;
    match after.strip_prefix(':') {
        Some(port) => Ok((host, Some(port))),
        None if after.is_empty() => Ok((host, None)),
        None => Err(bad()),
    }
}

/// Whether the text is a port; the empty text stands for the default and is for the caller to allow.
pub(crate) fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn parameters(query: &str) -> Result<Vec<Pair>, Fault> {
    let mut pairs = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let Some((key, value)) = parameter.split_once('=') else {
            return Err(Fault::new("a parameter after the `?` has no `=value`").with_hint(ENCODE));
        };
        let key = decoded(key, "name of a parameter")?;
        // Its name may be a part of a password in which a `?` is not encoded.
        let value = decoded(value, "value of a parameter")?;
        pairs.push((key, value));
    }
    Ok(pairs)
}

fn decoded(text: &str, what: &str) -> Result<String, Fault> {
    let value = percent_decode_str(text).decode_utf8().map_err(|_| {
        Fault::new(format!("the {what} is not UTF-8 after percent-decoding")).with_hint(ENCODE)
    })?;
    if value.contains('\0') {
        return Err(Fault::new(format!("the {what} holds a NUL character (%00)")));
    }
    Ok(value.into_owned())
}

/// `key=value` pairs with spaces between them; values may stand in single quotes, with `\` before `'` and `\`.
fn key_values(text: &str) -> Result<Parts, Fault> {
    const QUOTE: &str =
        "a value with spaces stands in single quotes, with a backslash before `'` and `\\`";
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((key, after)) = rest.split_once('=') else {
            return Err(Fault::new("a setting has no `=value`").with_hint(QUOTE));
        };
        let key = key.trim();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(Fault::new("a setting has no `=value`").with_hint(QUOTE));
        }
        let (value, left) = value(after.trim_start()).ok_or_else(|| {
            Fault::new("a single quote is not closed, or text follows it").with_hint(QUOTE)
        })?;
        pairs.push((key.to_owned(), value));
        rest = left.trim_start();
    }
    // A single `name=value` may be nothing but a password with an `=` in it.
    let is_quotable = pairs.len() > 1;
    Ok(Parts { leading: Vec::new(), named: pairs, is_quotable })
}

/// One value and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut escaped = false;
    for (index, letter) in text.char_indices().skip(usize::from(quoted)) {
        let after = index + letter.len_utf8();
        match letter {
            _ if escaped => {
                value.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '\'' if quoted => {
                let rest = text.get(after..)?;
                return (rest.is_empty() || rest.starts_with(char::is_whitespace))
                    .then_some((value, rest));
            }
            space if !quoted && space.is_whitespace() => return Some((value, text.get(index..)?)),
            letter => value.push(letter),
        }
    }
    (!quoted).then_some((value, ""))
}
