//! The keys, for the page that lists them.

/// A key of the settings.
#[derive(Debug, Clone, Copy)]
pub struct ConfigKey {
    /// Its name, with the table it is in: `lint.allow`.
    pub name: &'static str,
    /// A value, as TOML.
    pub example: &'static str,
    /// What holds without it.
    pub default: &'static str,
    /// The flag that wins over it, if there is one.
    pub flag: Option<&'static str>,
    /// What it is.
    pub what: &'static str,
}

const fn key(
    name: &'static str,
    example: &'static str,
    default: &'static str,
    flag: Option<&'static str>,
    what: &'static str,
) -> ConfigKey {
    ConfigKey { name, example, default, flag, what }
}

/// All keys.
pub const KEYS: &[ConfigKey] = &[
    key(
        "migrations",
        "\"db/migrations\"",
        "`migrations`",
        Some("--migrations"),
        "The folder of the migrations, from the manifest's folder.",
    ),
    key(
        "ledger",
        "\"billing\"",
        "`ledger`",
        Some("--ledger"),
        "The table of the schema `orm_migrate` that says which migrations a database has had: one for each project that shares the database.",
    ),
    key(
        "database-url-env",
        "\"SHOP_DATABASE_URL\"",
        "`POSTGRES_URL`, then `DATABASE_URL`",
        Some("--database-url"),
        "The variable that holds the URL of the database. A URL itself has no place in a file: it holds a password.",
    ),
    key(
        "scratch-url-env",
        "\"SHOP_SCRATCH_URL\"",
        "the server of the database",
        Some("--scratch-url"),
        "The variable that holds the URL of what may be built and dropped again.",
    ),
    key(
        "schemas",
        "[\"public\", \"shop_*\"]",
        "all",
        Some("--schema"),
        "The only schemas that are looked at; `*` stands for any characters.",
    ),
    key(
        "tables",
        "[\"shop.*\"]",
        "all",
        Some("--table"),
        "The only tables that are looked at; without a schema it is one of `public`.",
    ),
    key(
        "exclude-tables",
        "[\"spatial_ref_sys\"]",
        "none",
        Some("--exclude-table"),
        "Tables that are not looked at.",
    ),
    key(
        "lock-timeout",
        "3000",
        "3000",
        Some("--lock-timeout"),
        "Milliseconds a statement of `apply` may wait for a table lock before the migration is tried again.",
    ),
    key(
        "lock-wait",
        "60",
        "60",
        Some("--lock-wait"),
        "Seconds to wait for another `apply` on the same database.",
    ),
    key(
        "lint.allow",
        "[\"money-type\", \"char-type:country\"]",
        "none",
        Some("--allow"),
        "Lint rules that are off, each everywhere or for one table: `orm-migrate/docs/lint.md` lists them.",
    ),
    key(
        "lint.deny",
        "[\"nullable-boolean\"]",
        "none",
        Some("--deny"),
        "Lint rules that are on, and count also with `--lint=warn`.",
    ),
    key(
        "lint.pedantic",
        "true",
        "`false`",
        Some("--pedantic"),
        "Whether the pedantic lint rules are on.",
    ),
    key(
        "online.max-rows",
        "10000",
        "10000",
        None,
        "Up to so many rows a table is small, and is changed in the plain form.",
    ),
    key(
        "online.max-bytes",
        "8388608",
        "8388608 (8 MiB)",
        None,
        "Up to so many bytes, indexes included, a table is small.",
    ),
    key(
        "dev.data",
        "\".orm/postgres\"",
        "`.orm/postgres`",
        Some("--data"),
        "Where `orm-migrate dev` keeps the data of its server, from the manifest's folder.",
    ),
];
