//! [`Context`]: what the flags of a run name, opened as late as possible.

use super::output::Output;
use super::{CrateSelection, config};
use crate::config::Settings;
use crate::error::Failure;
use crate::history::{Folder, Migration};
use crate::project::{Build, Project};
use crate::scratch::ScratchServer;
use crate::session;
use crate::source::{self, SchemaSource, Side, SideError};
use orm_core::exec::Config;
use orm_core::schema::Schema;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Which schemas and tables are looked at.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Cut {
    /// Only this schema; may be repeated, and `*` stands for any characters.
    #[arg(long, value_name = "SCHEMA")]
    pub(super) schema: Vec<String>,
    /// Only this table; may be repeated, and `*` stands for any characters. Without a schema it is one of `public`.
    #[arg(long, value_name = "[SCHEMA.]TABLE")]
    pub(super) table: Vec<String>,
    /// Without this table; may be repeated, and `*` stands for any characters.
    #[arg(long, value_name = "[SCHEMA.]TABLE")]
    pub(super) exclude_table: Vec<String>,
}

/// What the flags name.
pub(super) struct Context<'a> {
    pub(super) database_url: Option<String>,
    pub(super) scratch_url: Option<String>,
    pub(super) migrations: Option<PathBuf>,
    pub(super) ledger: Option<String>,
    pub(super) place: CrateSelection,
    /// The programs that run for the crate.
    pub(super) build: Build,
    /// The tables of a binary that knows its own.
    pub(super) declared: Option<Schema>,
    pub(super) output: &'a Output,
    pub(super) servers: &'a Servers,
    /// Looked for when it is first asked for.
    pub(super) project: OnceLock<Project>,
    /// Read when they are first asked for.
    pub(super) settings: OnceLock<Settings>,
}

/// The servers of this run on which something was built: each keeps a database for the next who needs one.
#[derive(Default)]
pub(super) struct Servers(Mutex<Vec<ScratchServer>>);

impl Servers {
    /// The one of this run, if it is known.
    fn known(&self, server: ScratchServer) -> ScratchServer {
        let mut servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = servers.iter().find(|known| known.is_same(&server)) {
            return known.clone();
        }
        servers.push(server.clone());
        server
    }

    /// Drops what they kept, and says what stays; after a signal without waiting for long.
    pub(super) async fn close(self, output: &Output, is_stopped: bool) {
        for server in self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let closed = match is_stopped {
                true => server.close_hurried().await,
                false => server.close().await,
            };
            if let Err(error) = closed {
                output.note(&format!("something stays of what was built to be dropped: {error}"));
            }
            server.left().iter().for_each(|left| output.note(&left.to_string()));
        }
    }
}

/// Both sides of a comparison, not read yet.
pub(super) struct Sides {
    pub(super) from: SchemaSource,
    pub(super) to: SchemaSource,
    pub(super) server: Option<ScratchServer>,
}

impl Context<'_> {
    /// Where `--migrations` is given, no project is needed: a machine that only applies may have no Rust.
    pub(super) fn folder(&self) -> Result<Folder, Failure> {
        if let Some(path) = &self.migrations {
            return Ok(Folder::at(path));
        }
        match self.project() {
            Ok(project) => Ok(Folder::at(project.migrations()?)),
            // The settings may say where it is.
            Err(error) => match &self.settings()?.migrations {
                Some(path) => Ok(Folder::at(path)),
                None => Err(error),
            },
        }
    }

    /// What the crate declares. Builds it, unless this binary knows its tables.
    pub(super) fn declared(&self) -> Result<Schema, Failure> {
        match &self.declared {
            Some(declared) => Ok(declared.clone()),
            None => Ok(self.project()?.declared()?),
        }
    }

    /// The server for what is built and goes again: the one that was named for it, else the one that is worked on.
    pub(super) fn server(
        &self,
        worked_on: Option<&Config>,
    ) -> Result<Option<ScratchServer>, Failure> {
        if let Some(url) = self.scratch_url()? {
            let given = ScratchServer::given(&config(Some(&url))?);
            return Ok(Some(self.servers.known(given)));
        }
        let target = match worked_on {
            Some(config) => ScratchServer::of_target(config),
            None if self.names_a_database()? => ScratchServer::of_target(&self.target()?),
            None => return Ok(None),
        };
        Ok(Some(self.servers.known(target)))
    }

    /// The database that a side is.
    pub(super) fn database(&self, side: &Side) -> Result<Option<Config>, Failure> {
        match side {
            Side::Target => self.target().map(Some),
            Side::Url(url) => config(Some(url)).map(Some),
            _ => Ok(None),
        }
    }

    /// Where both sides come from. The crate is built last: what can be told at once is not told after minutes.
    pub(super) async fn sides(&self, from: &Side, to: &Side) -> Result<Sides, Failure> {
        let databases = [self.database(from)?, self.database(to)?];
        let server = self.server(databases.iter().flatten().next())?;
        let is_built = [from, to].contains(&&Side::Crate) && self.declared.is_none();
        if is_built {
            // Also where something must be built, so that a wrong password is no surprise then.
            for config in databases.iter().flatten() {
                session::open(config).await?.close().await;
            }
            match &server {
                None => return Err(SideError::NoServer.into()),
                Some(server) if server.is_given() => server.connect().await?.close().await,
                Some(_) => {}
            }
        }
        let [from_database, to_database] = databases;
        // What is not the crate first.
        let (from_is_crate, source) = (*from == Side::Crate, |side, it| self.source(side, it));
        let (from, to) = if from_is_crate {
            let to = source(to, to_database)?;
            (source(from, from_database)?, to)
        } else {
            (source(from, from_database)?, source(to, to_database)?)
        };
        Ok(Sides { from, to, server })
    }

    /// Where one side comes from, and the server to read it on.
    pub(super) fn side(
        &self,
        side: &Side,
    ) -> Result<(SchemaSource, Option<ScratchServer>), Failure> {
        let database = self.database(side)?;
        let server = self.server(database.as_ref())?;
        Ok((self.source(side, database)?, server))
    }

    /// The migrations that a side is made of.
    pub(super) fn migrations_of(&self, side: &Side) -> Result<Option<Vec<Migration>>, Failure> {
        match side {
            Side::Folder(path) => read(&Folder::at(path)).map(Some),
            Side::Migrations => read(&self.folder()?).map(Some),
            _ => Ok(None),
        }
    }

    fn source(&self, side: &Side, database: Option<Config>) -> Result<SchemaSource, Failure> {
        if let Some(config) = database {
            return Ok(SchemaSource::Database(Box::new(config)));
        }
        Ok(match side {
            Side::File(path) => SchemaSource::Declared(source::from_json(path)?),
            Side::Folder(path) => SchemaSource::Replayed(read(&Folder::at(path))?),
            Side::Migrations => SchemaSource::Replayed(read(&self.folder()?)?),
            Side::Crate | Side::Target | Side::Url(_) => SchemaSource::Declared(self.declared()?),
        })
    }
}

fn read(folder: &Folder) -> Result<Vec<Migration>, Failure> {
    Ok(folder.read()?)
}
