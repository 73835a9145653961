//! The settings of a project: `orm.toml` beside its manifest, or `[package.metadata.orm]` in it. Start at [`Settings`].
//!
//! A flag wins over what is said here. Reads files, knows no other room; a key that nobody knows is an error, so that a
//! slip of the pen never goes unnoticed.

mod keys;
mod read;

pub use keys::{ConfigKey, KEYS};

use serde::Deserialize;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

/// The file beside the manifest.
pub const FILE: &str = "orm.toml";

/// What a project says about itself; the page `docs/settings.md` has a line for each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The folder of the migrations.
    pub migrations: Option<PathBuf>,
    /// The table of the schema `orm_migrate` that says which migrations a database has had.
    pub ledger: Option<String>,
    /// The variable that holds the URL of the database.
    #[serde(deserialize_with = "read::variable")]
    pub database_url_env: Option<String>,
    /// The variable that holds the URL of what may be built and dropped again.
    #[serde(deserialize_with = "read::variable")]
    pub scratch_url_env: Option<String>,
    /// The only schemas that are looked at.
    pub schemas: Vec<String>,
    /// The only tables that are looked at.
    pub tables: Vec<String>,
    /// Tables that are not looked at.
    pub exclude_tables: Vec<String>,
    /// Milliseconds a statement of `apply` may wait for a table lock.
    pub lock_timeout: Option<NonZeroU32>,
    /// Seconds to wait for another `apply`.
    pub lock_wait: Option<u64>,
    /// Which lint rules are on.
    pub lint: Lint,
    /// Up to which size a table is small.
    pub online: Online,
    /// The project's own server.
    pub dev: Dev,
}

/// Which lint rules are on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lint {
    /// Rules that are off, each everywhere or as `rule:table`.
    pub allow: Vec<String>,
    /// Rules that are on.
    pub deny: Vec<String>,
    /// Whether the pedantic rules are on.
    pub pedantic: bool,
}

/// Up to which size a table is changed in the plain form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Online {
    /// Rows.
    pub max_rows: Option<u64>,
    /// Bytes, with indexes and what is stored out of line.
    pub max_bytes: Option<u64>,
}

/// The server of `orm-migrate dev`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dev {
    /// Where its data is kept.
    pub data: Option<PathBuf>,
}

/// Why the settings could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("could not read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There are settings in two places.
    #[error(
        "there are settings in {}, and in [package.metadata.orm] of {}\n  hint: move them all into one of the two", .file.display(), .manifest.display()
    )]
    Both {
        /// `orm.toml`.
        file: PathBuf,
        /// `Cargo.toml`.
        manifest: PathBuf,
    },
    /// A variable that the settings name is not set.
    #[error(
        "the variable {name}, which `{key}` of the settings names, is not set\n  hint: export {name}=postgres://.., or give --{}", .key.trim_end_matches("-env")
    )]
    Variable {
        /// The setting.
        key: &'static str,
        /// The variable.
        name: String,
    },
    /// A key is not known, or its value is of the wrong kind.
    #[error("{}, line {line}: {message}{}", .path.display(), .hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
        /// What may have been meant.
        hint: Option<String>,
    },
}

impl Settings {
    /// The settings of the project in that folder: of its `orm.toml`, or of `[package.metadata.orm]` in its
    /// `Cargo.toml`; neither means none. Paths in them are taken from the folder.
    ///
    /// ```
    /// use orm_migrate::config::Settings;
    /// let place = tempfile::tempdir().unwrap();
    /// std::fs::write(place.path().join("orm.toml"), "migrations = \"db\"").unwrap();
    /// let settings = Settings::of(place.path()).unwrap();
    /// assert_eq!(settings.migrations.unwrap(), place.path().join("db"));
    /// ```
    ///
    /// # Errors
    /// Both are there, a file cannot be read, or a key or value is not known.
    pub fn of(folder: &Path) -> Result<Self, ConfigError> {
        let (file, manifest) = (folder.join(FILE), folder.join("Cargo.toml"));
        let own = read::own(&file)?;
        let of_manifest = read::of_manifest(&manifest)?;
        let mut settings = Self::of_one((file, own), (manifest, of_manifest))?;
        for path in [&mut settings.migrations, &mut settings.dev.data].into_iter().flatten() {
            *path = folder.join(&*path);
        }
        Ok(settings)
    }

    /// The settings in the texts of `orm.toml` and `Cargo.toml`, as they were when a program was compiled. Paths in them
    /// are as they are written.
    ///
    /// # Errors
    /// As with [`of`](Self::of).
    pub(crate) fn of_texts(own: Option<&str>, manifest: Option<&str>) -> Result<Self, ConfigError> {
        let read = |name: &str, text: Option<&str>| {
            let path = PathBuf::from(name);
            let settings = text.map_or(Ok(None), |text| read::of_text(&path, text))?;
            Ok::<_, ConfigError>((path, settings))
        };
        Self::of_one(read(FILE, own)?, read("Cargo.toml", manifest)?)
    }

    fn of_one(
        (file, own): (PathBuf, Option<Self>),
        (manifest, of_manifest): (PathBuf, Option<Self>),
    ) -> Result<Self, ConfigError> {
        match (own, of_manifest) {
            (Some(_), Some(_)) => Err(ConfigError::Both { file, manifest }),
            (Some(settings), None) | (None, Some(settings)) => Ok(settings),
            (None, None) => Ok(Self::default()),
        }
    }

    /// The settings of the nearest folder, from this one upwards, that has an `orm.toml` or a `Cargo.toml`.
    ///
    /// # Errors
    /// As with [`of`](Self::of); the folder's path cannot be had.
    pub fn around(folder: &Path) -> Result<Self, ConfigError> {
        let failed = |source| ConfigError::File { path: folder.to_owned(), source };
        let folder = std::path::absolute(folder).map_err(failed)?;
        let has = |folder: &&Path| [FILE, "Cargo.toml"].iter().any(|it| folder.join(it).is_file());
        folder.ancestors().find(has).map_or_else(|| Ok(Self::default()), Self::of)
    }
}

#[cfg(test)]
mod tests;
