//! Has what both sides say, in the words of one server.

use super::replay::replay_applied;
use super::with_renames::{RenamesAsked, names};
use super::{Filter, SideError};
use crate::catalog::{self, Canonical, Live, Unmanaged};
use crate::change::Change;
use crate::history::{Migration, unreplaced};
use crate::rename;
use crate::scratch::{self, ScratchDatabase, ScratchServer};
use crate::session;
use orm_core::exec::{Config, Connection};
use orm_core::schema::{Rename, Renamed, Schema};

/// Where a side comes from.
#[derive(Debug, Clone)]
pub enum SchemaSource {
    /// Somebody wrote it: the crate, or a file.
    Declared(Schema),
    /// A live database.
    Database(Box<Config>),
    /// What these migrations make of an empty database.
    Replayed(Vec<Migration>),
    /// The same, where one was applied in part: its name, and how many of its statements are done.
    Applied(Vec<Migration>, (String, usize)),
}

impl SchemaSource {
    /// The same, which says of names only those of what is compared.
    #[must_use]
    pub fn asked(mut self, filter: &Filter) -> Self {
        if let Self::Declared(schema) = &mut self {
            schema.renames.retain(|it| match it.of {
                Renamed::Table | Renamed::Column | Renamed::Part => {
                    filter.has(&it.schema, &it.name)
                }
                Renamed::Object | Renamed::Value | Renamed::Attribute => {
                    filter.has_object(&it.schema)
                }
            });
        }
        self
    }
}

/// Two sides, in the words of one server.
#[derive(Debug, Clone)]
pub struct Both {
    /// What it is compared from, under its new names.
    pub from: Live,
    /// The same under the names it has now.
    pub before: Canonical,
    /// What leads from the old names to the new ones.
    pub renamings: Vec<Change>,
    /// What it is compared to.
    pub to: Canonical,
    /// What somebody said of names for this once, and where; none for what was asked and answered.
    pub asked: Vec<(Rename, Option<rename::AnswerOrigin>)>,
    /// What is beside that, where it was read.
    pub beside: Vec<Unmanaged>,
}

/// What a side says, and where it was read.
pub(super) struct Reached {
    pub(super) said: LoadedSource,
    /// None where a side was only declared.
    pub(super) place: Option<Connected>,
}

pub(super) enum LoadedSource {
    Declared(Schema),
    Read(Box<Live>),
}

/// A session that knows the types of a side.
pub(super) struct Connected {
    pub(super) connection: Connection,
    pub(super) scratch: Option<ScratchDatabase>,
}

impl Connected {
    pub(super) async fn close(self) -> Result<(), SideError> {
        self.connection.close().await;
        match self.scratch {
            Some(scratch) => Ok(scratch.close().await?),
            None => Ok(()),
        }
    }
}

/// Reads both sides, and gives what it is compared from the names that the declared side says. What is declared, and
/// what another server said, is put into the words of the server of `from`; where that has none, of `to`; and where
/// neither has one, of `server`, on which migrations are also replayed. Where something has another name, it is the
/// server on which that was tried.
///
/// # Errors
/// A side cannot be reached, is not accepted by the server, or a migration fails; what is said of names cannot be done.
pub async fn both(
    from: SchemaSource,
    to: SchemaSource,
    server: Option<&ScratchServer>,
) -> Result<Both, SideError> {
    both_named(from, to, server, &RenamesAsked::default()).await
}

/// The same with the names that somebody says for this once.
///
/// # Errors
/// As [`both`]; an answer is wrong or answers nothing.
pub async fn both_named(
    from: SchemaSource,
    to: SchemaSource,
    server: Option<&ScratchServer>,
    asked: &RenamesAsked,
) -> Result<Both, SideError> {
    let mut to = reach(to, server).await?;
    // A database that is lent holds one side at a time.
    let is_replayed = matches!(from, SchemaSource::Replayed(_) | SchemaSource::Applied(..));
    if let Some(place) = to.place.take_if(|_| is_replayed) {
        place.close().await?;
    }
    let mut from = reach(from, server).await?;
    let mut names = match names(&mut from, &mut to, server, asked).await {
        Ok(names) => names,
        Err(error) => {
            for place in [from.place, to.place].into_iter().flatten() {
                // What went wrong first is what to tell.
                let _closed = place.close().await;
            }
            return Err(error);
        }
    };
    let judge = match names.judge.take().or(from.place).or_else(|| to.place.take()) {
        Some(place) => place,
        None => {
            let server = server.ok_or(SideError::NoServer)?;
            Connected { connection: server.connect().await?, scratch: None }
        }
    };
    // What is lent already cannot be lent for views, too: its own session knows what they read.
    let is_lent = judge.scratch.as_ref().is_some_and(ScratchDatabase::is_lent);
    let read = agreed(&judge.connection, server.filter(|_| !is_lent), from.said, to.said).await;
    // Also after a failure; what went wrong first is what to tell.
    let closed = judge.close().await;
    if let Some(place) = to.place {
        place.close().await?;
    }
    let read = read?;
    closed?;
    names.given(read)
}

/// What one side says, in the words of whoever wrote it, and what is beside it.
///
/// # Errors
/// As [`both`].
pub async fn one(
    source: SchemaSource,
    server: Option<&ScratchServer>,
) -> Result<(Schema, Vec<Unmanaged>), SideError> {
    let reached = reach(source, server).await?;
    if let Some(place) = reached.place {
        place.close().await?;
    }
    Ok(match reached.said {
        LoadedSource::Declared(schema) => (schema, Vec::new()),
        LoadedSource::Read(live) => (live.canonical.schema().clone(), live.unmanaged),
    })
}

async fn reach(source: SchemaSource, server: Option<&ScratchServer>) -> Result<Reached, SideError> {
    match source {
        SchemaSource::Declared(schema) => {
            Ok(Reached { said: LoadedSource::Declared(schema), place: None })
        }
        SchemaSource::Database(config) => {
            let connection = session::open(&config).await?;
            let live = Box::new(catalog::read(&connection).await?);
            let place = Some(Connected { connection, scratch: None });
            Ok(Reached { said: LoadedSource::Read(live), place })
        }
        SchemaSource::Replayed(migrations) => {
            replayed(&unreplaced(&migrations), None, server).await
        }
        SchemaSource::Applied(migrations, partial) => {
            replayed(&migrations, Some(&partial), server).await
        }
    }
}

async fn replayed(
    migrations: &[Migration],
    partial: Option<&(String, usize)>,
    server: Option<&ScratchServer>,
) -> Result<Reached, SideError> {
    let scratch = server.ok_or(SideError::NoServer)?.database().await?;
    let mut connection = scratch.connect().await?;
    let read = match replay_applied(&mut connection, migrations, partial).await {
        Ok(()) => read_anew(&scratch, connection).await,
        Err(error) => Err(error.into()),
    };
    match read {
        Ok((connection, live)) => {
            let place = Some(Connected { connection, scratch: Some(scratch) });
            Ok(Reached { said: LoadedSource::Read(Box::new(live)), place })
        }
        Err(error) => {
            scratch.close().await?;
            Err(error)
        }
    }
}

/// In a session of its own: migrations may have left settings and temporary tables behind.
async fn read_anew(
    scratch: &ScratchDatabase,
    connection: Connection,
) -> Result<(Connection, Live), SideError> {
    connection.close().await;
    let connection = scratch.connect().await?;
    let live = catalog::read(&connection).await?;
    Ok((connection, live))
}

/// Both in the words of the server that the judge is a session of.
async fn agreed(
    judge: &Connection,
    server: Option<&ScratchServer>,
    from: LoadedSource,
    to: LoadedSource,
) -> Result<Both, SideError> {
    let beside = match &to {
        LoadedSource::Read(live) => live.unmanaged.clone(),
        LoadedSource::Declared(_) => Vec::new(),
    };
    let (mut from, to) = match (from, to) {
        (LoadedSource::Read(from), LoadedSource::Declared(to)) => {
            let to = scratch::canonical_beside(judge, &to, &from.canonical).await?;
            (*from, to)
        }
        (LoadedSource::Read(from), LoadedSource::Read(to)) => {
            let to = scratch::settled(judge, &to.canonical, &from.canonical).await?;
            (*from, to)
        }
        (LoadedSource::Declared(from), to) => {
            let from = scratch::canonical(judge, &from).await?;
            let to = match to {
                LoadedSource::Declared(to) => scratch::canonical(judge, &to).await?,
                LoadedSource::Read(to) => scratch::settled(judge, &to.canonical, &from).await?,
            };
            // Nothing is beside what is declared.
            let mut live = catalog::read(judge).await?;
            live.canonical = from;
            live.unmanaged.clear();
            (live, to)
        }
    };
    from.canonical = scratch::reread(judge, &from.canonical, &to).await?;
    let (to, canonical) = scratch::with_views(server, judge, to, from.canonical).await?;
    from.canonical = canonical.clone();
    let (renamings, asked) = (Vec::new(), Vec::new());
    Ok(Both { from, before: canonical, renamings, to, asked, beside })
}
