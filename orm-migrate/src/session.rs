//! Every session of this tool has the same settings, whatever the server, the database, the role or the URL say. Start
//! at [`open`].
//!
//! PostgreSQL writes and reads dates, times, numbers and SQL by the settings of the session: under `datestyle = 'SQL, DMY'`
//! the default `'2024-01-02'` is written `'02/01/2024'`, and read elsewhere as another day. So a catalog that is read, a
//! table that is created for comparison and a migration that runs all have the settings in [`FIXED`].
//!
//! They are set by a statement and not in the startup packet: a pooler refuses a startup packet with `options`.

use orm_core::exec::{Config, Connection};
use orm_core::sql::ident::Literal;
use orm_core::{Error, ErrorKind, Result};
use std::sync::LazyLock;

/// The settings that are the same in every session, with PostgreSQL's own default of each, but for the time zone and the
/// locales, whose default is the machine's, and `jit`. One that a server does not know is left out.
pub const FIXED: &[(&str, &str)] = &[
    // How values are written and read (manual, section 20.11).
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("timezone_abbreviations", "Default"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
    ("xmlbinary", "base64"),
    ("xmloption", "content"),
    ("lc_monetary", "C"),
    ("lc_numeric", "C"),
    ("lc_time", "C"),
    // How SQL is written and read (manual, section 20.13).
    ("array_nulls", "on"),
    ("backslash_quote", "safe_encoding"),
    ("quote_all_identifiers", "off"),
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("plpgsql.check_asserts", "on"),
    ("plpgsql.extra_errors", "none"),
    ("plpgsql.variable_conflict", "error"),
    // Which rows a statement sees, and what it does besides.
    ("check_function_bodies", "on"),
    ("createrole_self_grant", ""),
    ("default_transaction_deferrable", "off"),
    ("default_transaction_isolation", "read committed"),
    ("gin_fuzzy_search_limit", "0"),
    ("restrict_nonsystem_relation_kind", ""),
    ("row_security", "on"),
    ("session_replication_role", "origin"),
    // To compile the queries of the catalog takes longer than to run them, a minute where other costs bring it about.
    ("jit", "off"),
    // When a session ends or a statement is cancelled: limits of an application are too short for a migration.
    ("exit_on_error", "off"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
    ("statement_timeout", "0"),
    ("transaction_timeout", "0"),
];

/// Only what is different is set: a setting that only a superuser may change is mostly as it should be.
static SQL: LazyLock<String> = LazyLock::new(|| {
    let pairs =
        FIXED.iter().map(|(name, value)| format!("({}, {})", Literal(name), Literal(value)));
    format!(
        "SELECT pg_catalog.set_config(s.name, s.value, false) FROM (VALUES {}) AS s (name, value) \
         WHERE pg_catalog.current_setting(s.name, true) <> s.value; \
         SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', nullif(p.path, ''), 'public'), false) \
         FROM pg_catalog.current_setting('search_path') AS p (path) \
         WHERE NOT 'public' = ANY (pg_catalog.current_schemas(false))",
        pairs.collect::<Vec<_>>().join(", ")
    )
});

/// Opens a session and [fixes](fix) its settings.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let config = orm_core::exec::Config::from_env()?;
/// let connection = orm_migrate::session::open(&config).await?;
/// let live = orm_migrate::catalog::read(&connection).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The server cannot be reached or refuses the user, or as [`fix`].
pub async fn open(config: &Config) -> Result<Connection> {
    let connection = open_unfixed(config).await?;
    fix(&connection).await?;
    Ok(connection)
}

/// Opens a session with the settings that the server gives it, for a first look at what answers: behind a pooler, what is
/// set may reach the sessions of others. [`fix`] is to follow.
pub(crate) async fn open_unfixed(config: &Config) -> Result<Connection> {
    Connection::connect(config).await
}

/// Gives a session the settings in [`FIXED`], in one round trip. Its `search_path` stays, with `public` at the end where
/// it does not have that schema.
///
/// Every function of this crate that takes a [`Connection`] expects one that has these settings.
///
/// # Errors
/// A setting may only be changed by a superuser, and the database or the role has another value; or the connection fails.
pub async fn fix(connection: &Connection) -> Result<()> {
    connection.batch_execute(&SQL).await.map_err(explained)
}

/// Takes back what was set in a session, and gives it the settings of [`fix`] again.
///
/// # Errors
/// As [`fix`].
pub async fn reset(connection: &Connection) -> Result<()> {
    connection.batch_execute(&format!("RESET ALL; {}", *SQL)).await.map_err(explained)
}

fn explained(error: Error) -> Error {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            let message = format!("the settings of the session cannot be fixed: {error}");
            Error::new(ErrorKind::PermissionDenied, message)
                .with_hint(
                    "the database or the role has another value of a setting that only a superuser may change: \
                     ALTER DATABASE .. RESET or ALTER ROLE .. RESET it, or connect as a superuser",
                )
                .with_source(error)
        }
        _ => error,
    }
}
