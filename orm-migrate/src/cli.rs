//! The verbs and flags of `orm-migrate`, and who does them.
//!
//! Each verb is a file: it gathers what it needs, calls the rooms, and hands an answer to `output`, the only one that
//! prints. Start at [`run`].

mod apply;
mod dev;
mod diff;
mod init;
mod output;
mod status;

use crate::error::{Exit, Failure};
use crate::history::Folder;
use crate::project::{Project, Selection};
use clap::{Args, Parser, Subcommand, ValueEnum};
use orm_core::exec::Config;
use orm_core::schema::Schema;
use output::Output;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Compares the tables of a crate with a live database, writes migrations and applies them.
#[derive(Debug, Parser)]
#[command(name = "orm-migrate", version, max_term_width = 100)]
struct Flags {
    #[command(subcommand)]
    verb: Verb,
    /// One JSON document on standard output, and nothing else there.
    #[arg(long, global = true)]
    json: bool,
    /// Whether to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes the migrations folder and says what comes next.
    Init(Place),
    /// Compares the crate's tables with the database, and writes a migration.
    ///
    /// Exit code 2 with --check when they differ, 3 when data would be lost, 8 when the proof fails.
    Diff {
        /// What the migration is called [default: after what it does].
        name: Option<String>,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        how: diff::How,
    },
    /// Applies the migrations that the database has not had.
    Apply {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        place: Place,
        /// Seconds to wait for another `apply` on the same database.
        #[arg(long, default_value_t = 60, value_name = "SECONDS")]
        lock_wait: u64,
        /// Milliseconds a statement may wait for a table lock before the migration is tried again.
        #[arg(long, default_value_t = 3000, value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(1..=i32::MAX as u64))]
        lock_timeout: u64,
    },
    /// Says what the database has had, what is pending, and where the folder contradicts it.
    ///
    /// Exit code 2 when migrations are pending, 5 when there is a contradiction.
    Status {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        place: Place,
    },
    /// Runs a PostgreSQL for this project until ctrl-c, or while a command runs.
    Dev {
        #[command(flatten)]
        place: Place,
        /// Where its data is kept [default: .orm/postgres beside the manifest, or below /var/lib/orm where that is closed to the server].
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
        /// A command to run with POSTGRES_URL set; the server stops when it ends.
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

#[derive(Debug, Args)]
struct Database {
    /// The database [default: the variable POSTGRES_URL, then DATABASE_URL].
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Database {
    fn config(&self) -> Result<Config, Failure> {
        let builder = Config::builder().application_name("orm-migrate");
        Ok(match &self.url {
            Some(url) => builder.url(url),
            None => builder,
        }
        .build()?)
    }
}

/// Which crate is meant, and where its migrations are.
#[derive(Debug, Args)]
struct Place {
    /// The folder of the migrations [default: `migrations` beside the manifest, or what `[package.metadata.orm]` says].
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// The path of Cargo.toml.
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// The package of the workspace.
    #[arg(short, long)]
    package: Option<String>,
    /// Features to build it with.
    #[arg(short = 'F', long, value_delimiter = ',')]
    features: Vec<String>,
    /// Builds it with all features.
    #[arg(long)]
    all_features: bool,
    /// Builds it without its default features.
    #[arg(long)]
    no_default_features: bool,
    /// The profile to build it with.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Builds without access to the network.
    #[arg(long)]
    offline: bool,
    /// Demands that Cargo.lock is up to date.
    #[arg(long)]
    locked: bool,
}

impl Place {
    fn project(&self) -> Result<Project, Failure> {
        Ok(Project::find(Selection {
            manifest_path: self.manifest_path.clone(),
            package: self.package.clone(),
            features: self.features.clone(),
            all_features: self.all_features,
            no_default_features: self.no_default_features,
            profile: self.profile.clone(),
            offline: self.offline,
            locked: self.locked,
        })?)
    }

    /// Where `--migrations` is given, no project is needed: a machine that only applies may have no Rust.
    fn folder(&self) -> Result<Folder, Failure> {
        match &self.migrations {
            Some(path) => Ok(Folder::at(path)),
            None => Ok(Folder::at(self.project()?.migrations())),
        }
    }
}

/// Runs the tool with these arguments, of which the first is the program's name; prints, and says how it ended.
///
/// `declared` is for binaries of one's own, which know their tables: without it the crate is built and asked.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     let declared = orm_core::registry::declared().ok();
///     orm_migrate::cli::run(std::env::args_os(), declared).into()
/// }
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>, declared: Option<Schema>) -> Exit {
    let flags = match Flags::try_parse_from(arguments) {
        Ok(flags) => flags,
        Err(error) => return output::usage(&error),
    };
    let output = Output::new(flags.json, flags.color);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let done = runtime
        .map_err(|source| Failure::System { act: "start the runtime".to_owned(), source })
        .and_then(|runtime| runtime.block_on(dispatch(flags.verb, declared, &output)));
    match done {
        Ok(exit) => exit,
        Err(failure) => output.failed(&failure),
    }
}

async fn dispatch(verb: Verb, declared: Option<Schema>, output: &Output) -> Result<Exit, Failure> {
    match verb {
        Verb::Init(place) => init::run(&place, output),
        Verb::Diff { name, database, place, how } => {
            let config = database.config()?;
            let folder = place.folder()?;
            let declared = match declared {
                Some(declared) => declared,
                None => place.project()?.declared()?,
            };
            diff::run(&config, &folder, &declared, name, how, output).await
        }
        Verb::Apply { database, place, lock_wait, lock_timeout } => {
            let options = crate::apply::Options {
                lock_wait: Duration::from_secs(lock_wait),
                lock_timeout: Duration::from_millis(lock_timeout),
                ..crate::apply::Options::default()
            };
            apply::run(&database.config()?, &place.folder()?, &options, output).await
        }
        Verb::Status { database, place } => {
            status::run(&database.config()?, &place.folder()?, output).await
        }
        Verb::Dev { place, data, command } => dev::run(&place, data, &command, output).await,
    }
}
