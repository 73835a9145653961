//! The verbs and flags of `orm-migrate`, and who does them.
//!
//! Each verb is a file: it gathers what it needs, calls the rooms, and hands an answer to `output`, the only one that
//! prints. Start at [`run`].

mod apply;
mod ask;
mod baseline;
mod check;
mod completions;
mod context;
mod dev;
mod diff;
mod down;
mod drift;
mod init;
mod new;
mod output;
mod push;
mod repair;
mod settings;
mod sql;
mod squash;
mod status;
mod verify;

use crate::error::{Exit, Failure};
use crate::project::{Build, Project, Selection};
use clap::{Args, Parser, Subcommand, ValueEnum};
use context::{Context, Servers};
use orm_core::exec::Config;
use orm_core::schema::Schema;
use output::Output;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The headings of flags that several verbs have, in their help.
const BUILDING: &str = "Building the crate";
const EVERYWHERE: &str = "Everywhere";

/// Compares the tables of a crate with a live database, writes migrations and applies them.
#[derive(Debug, Parser)]
#[command(name = "orm-migrate", version, max_term_width = 100)]
struct Flags {
    #[command(subcommand)]
    verb: Verb,
    /// The database [default: the variable POSTGRES_URL, then DATABASE_URL].
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "URL")]
    database_url: Option<String>,
    /// Where something may be built and dropped again, to try migrations and to replay them: a server whose role may
    /// create databases, or an empty database of its own [default: the server of the database].
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "URL")]
    scratch_url: Option<String>,
    /// The folder of the migrations [default: `migrations` beside the manifest, or what the settings say].
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// The table of the schema `orm_migrate` that says which migrations a database has had: one for each project that
    /// shares the database [default: `ledger`, or what the settings say].
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME")]
    ledger: Option<String>,
    /// One JSON document on standard output, and nothing else there.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Whether to use colour.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
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
    Init(CrateSelection),
    /// Compares the crate's tables with the database, and writes a migration.
    ///
    /// Either side may also be another database, the migrations (replayed on an empty database), or a file that
    /// `orm-migrate sql --json` has written. What is compared to another side than the crate is only said, or printed
    /// with --sql, unless a NAME is given. Exit code 2 with --check when they differ, 3 when data would be lost, 8 when the proof fails.
    Diff {
        /// What the migration is called [default: after what it does].
        name: Option<String>,
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: diff::DiffArgs,
    },
    /// Applies the migrations that the database has not had.
    ///
    /// Exit code 5 when the folder contradicts the database, 6 when a lock was not obtained, 7 when a migration was
    /// applied in part: then the next `apply` goes on where it stopped.
    Apply {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: apply::ApplyArgs,
    },
    /// Says what the database has had, what is pending, and where the folder contradicts it.
    ///
    /// Exit code 2 when migrations are pending, 7 when one was applied in part, 5 when there is a contradiction.
    Status(CrateSelection),
    /// Says whether the code, the migrations folder and the database agree, and what the lint rules find; for CI.
    ///
    /// Changes nothing and asks nothing. Exit code 2 when something differs, is pending or is found, 5 when the folder
    /// contradicts the database.
    Check {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: check::CheckArgs,
    },
    /// Undoes what was applied last: runs its down.sql.
    ///
    /// Exit code 3 when rows or values would be lost, 5 when the folder contradicts the database, 6 when a lock was not
    /// obtained, 7 when a migration was undone in part: then the next `down` goes on where it stopped.
    Down {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: down::DownArgs,
    },
    /// Writes an empty migration, for SQL by hand: data, or what is not declared.
    New {
        /// What the migration is called.
        name: String,
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: new::NewArgs,
    },
    /// Brings the database to the crate's tables at once, without a migration; for development.
    ///
    /// Shows what it does, and asks before data is lost. All of it is one transaction, as far as PostgreSQL allows. Exit
    /// code 3 when data would be lost and nobody allowed it, 5 when the database has had migrations, 7 when a statement
    /// failed and others before it stay.
    Push {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: push::PushArgs,
    },
    /// Says what somebody changed by hand: the database against what its applied migrations made.
    ///
    /// Migrations that are pending are no drift, and what no migration made is listed and not counted. Changes nothing.
    /// Exit code 2 when there is drift, 5 when the folder contradicts the database.
    Drift {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: drift::DriftArgs,
    },
    /// Gives an existing database a history: what it has becomes the first migration, and is recorded as applied.
    ///
    /// Where the folder has migrations already, records that this database has what the first of them makes, once that
    /// was shown. Exit code 2 when it does not, 5 when the database has a history already.
    Baseline {
        /// What the migration is called [default: baseline].
        name: Option<String>,
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: baseline::BaselineArgs,
    },
    /// Makes one migration of many: an empty database runs it, and one that has had all of them counts it as applied.
    ///
    /// Exit code 1 when they do more than a schema says (--concatenate keeps it), 8 when it would not make the same.
    Squash {
        /// What the migration is called [default: squashed].
        name: Option<String>,
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: squash::SquashArgs,
    },
    /// Says what keeps `apply` from going on, and mends what it is told to; prints what it changed.
    ///
    /// Exit code 5 for a contradiction between folder and database, 6 when the lock is held, 7 when a migration was
    /// applied in part, 2 for an invalid index.
    Repair {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: repair::RepairArgs,
    },
    /// Prints a whole schema as SQL, which runs as it stands on an empty database.
    ///
    /// With --json it is the schema.json that `diff` takes as a side.
    Sql {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: sql::SqlArgs,
    },
    /// Runs all migrations on an empty database, and compares what they make with the crate's tables.
    ///
    /// Exit code 2 when that differs, 8 when a migration fails there, or with --down does not go back.
    Verify {
        #[command(flatten)]
        place: CrateSelection,
        #[command(flatten)]
        arguments: verify::VerifyArgs,
    },
    /// Prints what a shell needs to complete the verbs and flags.
    ///
    /// bash: `source <(orm-migrate completions bash)` in ~/.bashrc; zsh: into a file `_orm-migrate` of a folder in
    /// $fpath; fish: into ~/.config/fish/completions/orm-migrate.fish.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Runs a PostgreSQL for this project until ctrl-c, or while a command runs.
    Dev {
        #[command(flatten)]
        place: CrateSelection,
        /// Where its data is kept [default: .orm/postgres beside the manifest, or below /var/lib/orm where that is closed to the server].
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
        /// A command to run with POSTGRES_URL set; the server stops when it ends, and its exit code is passed on.
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

fn config(url: Option<&str>) -> Result<Config, Failure> {
    let builder = Config::builder().application_name("orm-migrate");
    Ok(match url {
        Some(url) => builder.url(url),
        None => builder,
    }
    .build()?)
}

/// Which crate is meant, and how it is built.
#[derive(Debug, Args)]
struct CrateSelection {
    /// The path of Cargo.toml.
    #[arg(help_heading = BUILDING, long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// The package of the workspace.
    #[arg(help_heading = BUILDING, short, long)]
    package: Option<String>,
    /// Features to build it with.
    #[arg(help_heading = BUILDING, short = 'F', long, value_delimiter = ',')]
    features: Vec<String>,
    /// Builds it with all features.
    #[arg(help_heading = BUILDING, long)]
    all_features: bool,
    /// Builds it without its default features.
    #[arg(help_heading = BUILDING, long)]
    no_default_features: bool,
    /// The profile to build it with.
    #[arg(help_heading = BUILDING, long, value_name = "NAME")]
    profile: Option<String>,
    /// Builds without access to the network.
    #[arg(help_heading = BUILDING, long)]
    offline: bool,
    /// Demands that Cargo.lock is up to date.
    #[arg(help_heading = BUILDING, long)]
    locked: bool,
}

impl CrateSelection {
    fn project(&self, build: &Build) -> Result<Project, Failure> {
        Ok(Project::find(Selection {
            manifest_path: self.manifest_path.clone(),
            package: self.package.clone(),
            features: self.features.clone(),
            all_features: self.all_features,
            no_default_features: self.no_default_features,
            profile: self.profile.clone(),
            offline: self.offline,
            locked: self.locked,
            build: build.clone(),
        })?)
    }
}

/// Runs the tool with these arguments, of which the first is the program's name; prints, and says the exit code.
///
/// `declared` is for binaries of one's own, which know their tables: without it the crate is built and asked, which
/// blocks this thread. Needs a tokio runtime with time and I/O.
///
/// ```no_run
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     let declared = orm_core::registry::declared().ok();
///     orm_migrate::cli::run(std::env::args_os(), declared).await.into()
/// }
/// ```
pub async fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    declared: Option<Schema>,
) -> u8 {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let flags = match Flags::try_parse_from(&args) {
        Ok(flags) => flags,
        Err(error) => return output::usage(&error, asks_for_json(&args)) as u8,
    };
    let output = Output::new(flags.json, flags.color);
    let servers = Servers::default();
    let build = Build::default();
    let done = dispatch(flags, declared, &output, &servers, &build).await;
    servers.close(&output, build.is_stopped()).await;
    let code = match done {
        Ok(code) => code,
        Err(failure) => output.failed(&failure) as u8,
    };
    output.delivered(code)
}

/// Whether `--json` is among the flags, even where the others are wrong; what follows `--` is another program's.
fn asks_for_json(args: &[OsString]) -> bool {
    args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}

async fn dispatch(
    flags: Flags,
    declared: Option<Schema>,
    output: &Output,
    servers: &Servers,
    build: &Build,
) -> Result<u8, Failure> {
    let Flags { verb, database_url, scratch_url, migrations, ledger, .. } = flags;
    let context = |place| Context {
        database_url: database_url.clone(),
        scratch_url: scratch_url.clone(),
        migrations: migrations.clone(),
        ledger: ledger.clone(),
        place,
        build: build.clone(),
        declared: declared.clone(),
        output,
        servers,
        project: OnceLock::new(),
        settings: OnceLock::new(),
    };
    let exit = match verb {
        Verb::Init(place) => init::run(&context(place).folder()?, output),
        Verb::Diff { name, place, arguments } => {
            return unless_stopped(build, diff::run(&context(place), name, arguments)).await;
        }
        Verb::Apply { place, arguments } => apply::run(&context(place), arguments).await,
        Verb::Check { place, arguments } => {
            return unless_stopped(build, check::run(&context(place), arguments)).await;
        }
        Verb::Status(place) => {
            let context = context(place);
            status::run(&context.target()?, &context.folder()?, &context.ledger()?, output).await
        }
        Verb::Down { place, arguments } => down::run(&context(place), arguments).await,
        Verb::New { name, place, arguments } => {
            new::run(&context(place).folder()?, name, arguments, output)
        }
        Verb::Push { place, arguments } => {
            return unless_stopped(build, push::run(&context(place), arguments)).await;
        }
        Verb::Drift { place, arguments } => {
            return unless_stopped(build, drift::run(&context(place), arguments)).await;
        }
        Verb::Baseline { name, place, arguments } => {
            return unless_stopped(build, baseline::run(&context(place), name, arguments)).await;
        }
        Verb::Squash { name, place, arguments } => {
            return unless_stopped(build, squash::run(&context(place), name, arguments)).await;
        }
        Verb::Repair { place, arguments } => repair::run(&context(place), arguments).await,
        Verb::Sql { place, arguments } => {
            return unless_stopped(build, sql::run(&context(place), arguments)).await;
        }
        Verb::Verify { place, arguments } => {
            return unless_stopped(build, verify::run(&context(place), arguments)).await;
        }
        Verb::Completions { shell } => completions::run(shell, output),
        // The exit code of a command is its own.
        Verb::Dev { place, data, command } => {
            return dev::run(&context(place), data, &command).await;
        }
    };
    exit.map(|exit| exit as u8)
}

/// Ctrl-c drops the work, and with it what was built on a scratch database. The exit code is the one a shell gives.
async fn unless_stopped(
    build: &Build,
    work: impl Future<Output = Result<Exit, Failure>>,
) -> Result<u8, Failure> {
    let mut terminated = dev::terminated()?;
    let ours = build.clone();
    // A task of its own: while cargo builds, the work blocks the thread that it is polled on.
    let mut stopped = tokio::spawn(async move {
        let signal = tokio::select! {
            _ = tokio::signal::ctrl_c() => 2,
            _ = terminated.recv() => 15,
        };
        ours.stop();
        128 + signal
    });
    let code = |stopped: Result<u8, _>| stopped.unwrap_or(Exit::Error as u8);
    tokio::select! {
        biased;
        stop = &mut stopped => Ok(code(stop)),
        exit = work => match exit {
            // What was told to stop fails.
            Err(_) if build.is_stopped() => Ok(code(stopped.await)),
            exit => exit.map(|exit| exit as u8),
        },
    }
}
