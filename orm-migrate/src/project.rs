//! Finds the user's crate, builds it and asks it for the tables it declares.
//!
//! Never reads its source: a small program (the probe) that links the crate is built with the crate's own lock file,
//! profile, patches and target folder, and prints the schema. Knows no database. Start at [`Project::find`].

mod build;
mod metadata;
mod probe;

pub use build::Build;

use crate::config::{ConfigError, Settings};
use metadata::WorkspaceMetadata;
use orm_core::schema::Schema;
use std::io;
use std::path::{Path, PathBuf};

/// Which crate, and how to build it: the flags of `cargo build`.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `--package`.
    pub package: Option<String>,
    /// `--features`.
    pub features: Vec<String>,
    /// `--all-features`.
    pub all_features: bool,
    /// `--no-default-features`.
    pub no_default_features: bool,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--offline`.
    pub offline: bool,
    /// `--locked`.
    pub locked: bool,
    /// Ends what runs, when a signal asks for it.
    pub build: Build,
}

/// Why a crate could not be asked for its tables.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// `cargo` could not be run.
    #[error(
        "could not run `{program}`: {source}\n  hint: install Rust from https://rustup.rs, or set CARGO"
    )]
    Cargo {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// `cargo metadata` failed.
    #[error("cargo could not read the project:\n{output}")]
    WorkspaceMetadata {
        /// What it printed.
        output: String,
    },
    /// Several crates could be meant, or none.
    #[error("{message}\n  hint: {hint}")]
    Package {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The crate has no library.
    #[error(
        "the package `{package}` has no library, so its tables cannot be linked into a program that lists them\n  hint: move the tables into src/lib.rs, or call `orm_migrate::cli::run(args, Some(schema)).await` from a binary of your own"
    )]
    NoLibrary {
        /// The package.
        package: String,
    },
    /// The crate's library has only forms that no Rust program links with its own `orm`.
    #[error(
        "the library of the package `{package}` is a {forms}, which cannot be linked into the program that lists its tables\n  hint: write `crate-type = [\"lib\", {quoted}]` in its Cargo.toml, or move the tables into a library of their own"
    )]
    NotLinked {
        /// The package.
        package: String,
        /// The forms it has: `dylib`, `cdylib`, `staticlib`.
        forms: String,
        /// The same, as they stand in the manifest.
        quoted: String,
    },
    /// The crate declares nothing: a comparison would drop all tables.
    #[error(
        "the package `{package}` declares no tables: nothing in its library {library} derives `Table` or is declared by `orm::declare!`\n  hint: a file that no `mod` line names is not compiled: add it to {library}; tables behind a feature need --features; tables of another package of the workspace, --package"
    )]
    Empty {
        /// The package.
        package: String,
        /// The root file of its library.
        library: PathBuf,
    },
    /// The crate does not depend on `orm`.
    #[error(
        "the package `{package}` does not depend on `orm`\n  hint: cargo add orm, or choose another with --package"
    )]
    NoOrm {
        /// The package.
        package: String,
    },
    /// A file of the probe could not be written.
    #[error("could not {act} {path}: {source}")]
    File {
        /// What was being done.
        act: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The workspace's manifest cannot be read.
    #[error("{path}: {message}")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The crate does not compile; cargo has said why.
    #[error("the package `{package}` could not be built; what cargo said is above")]
    Build {
        /// The package.
        package: String,
    },
    /// The tables contradict each other, or the probe ended early.
    #[error("the tables of `{package}` could not be listed: {message}")]
    Tables {
        /// The package.
        package: String,
        /// Why.
        message: String,
    },
}

/// A crate of the user's.
#[derive(Debug)]
pub struct Project {
    selection: Selection,
    metadata: WorkspaceMetadata,
    /// Its place in the metadata.
    package: usize,
}

impl Project {
    /// Finds the crate that is meant.
    ///
    /// # Errors
    /// There is no project, or it does not say which of its crates is meant.
    pub fn find(selection: Selection) -> Result<Self, ProjectError> {
        let metadata = WorkspaceMetadata::read(&selection)?;
        let package = metadata.choose(selection.package.as_deref())?;
        Ok(Self { selection, metadata, package })
    }

    /// The package's name.
    pub fn name(&self) -> &str {
        self.metadata.packages.get(self.package).map_or("", |package| &package.name)
    }

    /// The package's folder.
    pub fn folder(&self) -> &Path {
        let package = self.metadata.packages.get(self.package);
        package.and_then(|package| package.manifest_path.parent()).unwrap_or(Path::new("."))
    }

    /// What the project says about itself, in `orm.toml` or `[package.metadata.orm]`.
    ///
    /// # Errors
    /// Both are there, or a key or value is not known.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        Settings::of(self.folder())
    }

    /// The migrations folder: what the settings say, or `migrations`, beside the manifest.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub fn migrations(&self) -> Result<PathBuf, ConfigError> {
        let said = self.settings()?.migrations;
        Ok(said.unwrap_or_else(|| self.folder().join("migrations")))
    }

    /// Builds the crate and asks it for its tables.
    ///
    /// # Errors
    /// It has no library, does not depend on `orm`, does not compile, declares nothing, or its tables contradict each
    /// other.
    pub fn declared(&self) -> Result<Schema, ProjectError> {
        let json = probe::ask(self)?;
        let schema: Schema = serde_json::from_str(&json).map_err(|error| ProjectError::Tables {
            package: self.name().to_owned(),
            message: format!("{error}; is its `orm` of the same version as orm-migrate?"),
        })?;
        if schema.tables.is_empty() && schema.objects.is_empty() {
            let package = self.metadata.packages.get(self.package);
            let library = package.and_then(metadata::Package::library);
            let library = library.map(|path| path.strip_prefix(self.folder()).unwrap_or(path));
            return Err(ProjectError::Empty {
                package: self.name().to_owned(),
                library: library.unwrap_or(Path::new("src/lib.rs")).to_owned(),
            });
        }
        Ok(schema)
    }
}

/// The program that builds: cargo's own word when it runs us, else what is on the PATH.
fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
