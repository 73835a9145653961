//! Both sides under the names that the declared one has: what the code says of names, what flags and files say, and what
//! somebody has answered.

use super::load::{Connected, LoadedSource, Reached};
use super::{Both, SideError};
use crate::catalog::{self, Canonical, Live};
use crate::change::Change;
use crate::rename::{self, AnswerOrigin, Hints};
use crate::scratch::{self, ScratchServer};
use orm_core::schema::{Object, Rename, Schema, Table};

/// What somebody says of names for this once.
#[derive(Debug, Clone, Default)]
pub struct RenamesAsked {
    /// In flags and files.
    pub hints: Hints,
    /// As an answer to a question.
    pub answers: Vec<Rename>,
}

/// What is there under the names that it will have, on a scratch database that has them already.
pub(super) struct Names {
    /// Where it was tried; none if nothing in the database has another name.
    pub(super) judge: Option<Connected>,
    /// What is there, in the words of the catalog.
    before: Schema,
    /// The same under its new names.
    after: Schema,
    renamings: Vec<Change>,
    standing: Vec<Rename>,
    /// What was said for this once, and where; answers to questions come last.
    asked: Vec<(Rename, Option<AnswerOrigin>)>,
}

/// Gives what is compared from its new names. Sessions that are not needed any more are closed.
///
/// # Errors
/// What is said of names cannot be done, or nothing can be built on the server to see what comes of it.
pub(super) async fn names(
    from: &mut Reached,
    to: &mut Reached,
    server: Option<&ScratchServer>,
    asked: &RenamesAsked,
) -> Result<Names, SideError> {
    let (declared, standing) = match &to.said {
        LoadedSource::Declared(schema) => (schema, schema.renames.clone()),
        LoadedSource::Read(live) => (live.canonical.schema(), Vec::new()),
    };
    let before = match &from.said {
        LoadedSource::Declared(schema) => schema.clone(),
        LoadedSource::Read(live) => live.canonical.schema().clone(),
    };
    let done = rename::pending(&standing, &[], &before, declared)?;
    let hints = asked.hints.renames(&before, &done, declared)?;
    let hints = hints.into_iter().map(|(rename, source)| (rename, Some(source)));
    let answers = asked.answers.iter().map(|rename| (rename.clone(), None));
    let asked: Vec<(Rename, Option<AnswerOrigin>)> = hints.chain(answers).collect();
    let once: Vec<Rename> = asked.iter().map(|(rename, _)| rename.clone()).collect();
    let renamings = rename::pending(&standing, &once, &before, declared)?;
    let mut names =
        Names { judge: None, after: before.clone(), before, renamings, standing, asked };
    if names.renamings.is_empty() {
        return Ok(names);
    }
    let server = server.ok_or(SideError::NoServer)?;
    // A database that is lent holds one schema at a time.
    for place in [from.place.take(), to.place.take()].into_iter().flatten() {
        place.close().await?;
    }
    let mut live =
        match std::mem::replace(&mut from.said, LoadedSource::Declared(Schema::default())) {
            LoadedSource::Read(live) => live,
            LoadedSource::Declared(schema) => Box::new(read_on(server, &schema).await?),
        };
    names.before = live.canonical.schema().clone();
    let scratch = server.database().await?;
    let tried = match scratch.connect().await {
        Err(error) => Err(error),
        Ok(connection) => {
            let after = scratch::renamed(&connection, &live.canonical, &names.renamings).await;
            after.map(|after| (connection, after))
        }
    };
    match tried {
        Ok((connection, after)) => {
            names.judge = Some(Connected { connection, scratch: Some(scratch) });
            names.after = after.schema().clone();
            live.canonical = after;
            from.said = LoadedSource::Read(live);
            Ok(names)
        }
        Err(error) => {
            // What went wrong first is what to tell.
            let _closed = scratch.close().await;
            Err(error.into())
        }
    }
}

/// What is only declared, in the words of a server. Nothing is beside it.
async fn read_on(server: &ScratchServer, schema: &Schema) -> Result<Live, SideError> {
    let connection = server.connect().await?;
    let canonical = scratch::canonical(&connection, schema).await?;
    let mut live = catalog::read(&connection).await?;
    connection.close().await;
    live.canonical = canonical;
    live.unmanaged.clear();
    Ok(live)
}

impl Names {
    /// Both sides, when they are in the words of one server.
    ///
    /// # Errors
    /// What is said of the names of constraints and indexes cannot be done.
    pub(super) fn given(self, mut both: Both) -> Result<Both, SideError> {
        let agreed = both.from.canonical.schema();
        let declared = both.to.schema();
        let once: Vec<Rename> = self.asked.iter().map(|(rename, _)| rename.clone()).collect();
        let said = (&*self.standing, &*once);
        let parts = rename::parts(&self.before, &self.renamings, &self.after, said, declared)?;
        both.before = Canonical::of_catalog(self.before_in_words(agreed));
        both.from.canonical = Canonical::of_catalog(rename::under_new_names(agreed, &parts));
        both.renamings = self.renamings;
        both.renamings.extend(parts);
        both.asked = self.asked;
        Ok(both)
    }

    /// What the renamings do not touch is said in the words that both sides agree on.
    fn before_in_words(&self, agreed: &Schema) -> Schema {
        let mut before = self.before.clone();
        let table = |it: &Table| {
            let is_same = self.after.table(&it.schema, &it.name) == Some(it);
            agreed.table(&it.schema, &it.name).filter(|_| is_same).cloned()
        };
        for it in &mut before.tables {
            if let Some(words) = table(it) {
                *it = words;
            }
        }
        let object = |it: &Object| {
            let is_same = self.after.object(it.schema(), &it.name()) == Some(it);
            agreed.object(it.schema(), &it.name()).filter(|_| is_same).cloned()
        };
        for it in &mut before.objects {
            if let Some(words) = object(it) {
                *it = words;
            }
        }
        before
    }
}
