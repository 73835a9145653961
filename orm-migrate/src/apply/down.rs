//! Runs ways back: `down.sql` of what was applied last, each with the removal of its line in the ledger.

mod data_loss;

use super::deadline::Deadline;
use super::event::{Event, Observe};
use super::run::{self, Session};
use super::{Applied, ApplyError, Options, PendingMigration, lock, pending, pid};
use crate::history::{Conflict, Ledger, LedgerEntry, Migration, Script, Started, squashed_into};
use crate::session;
use orm_core::exec::{Config, Connection};
use std::time::Instant;

/// How far to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// That many migrations.
    Steps(usize),
    /// What was applied after this one, which stays: its name, its name without the time, or the beginning of either.
    Name(String),
}

/// Why nothing, or not all, was undone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownError {
    /// As with `apply`.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// There is no way back that could be run; nothing ran.
    #[error("{what}\n  hint: {hint}")]
    Refused {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Data would be lost, and nobody allowed it; nothing ran.
    #[error("undoing this would lose data:{}\n  nothing was changed\n  hint: look at the list, then run it again with --allow-destructive", .0.iter().map(|it| format!("\n- {it}")).collect::<String>())]
    Loses(Vec<String>),
}

/// A way back that is to be run.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// The migration that it undoes.
    pub name: String,
    /// What is lost for good, each in a sentence.
    pub loses: Vec<String>,
    way: Migration,
    script: Script,
    done: usize,
    started: Option<Started>,
}

impl Rollback {
    /// The way back as what is left to do.
    pub fn pending(&self) -> PendingMigration<'_> {
        let Self { way, script, done, started, .. } = self;
        PendingMigration {
            migration: way,
            script: script.clone(),
            done: *done,
            started: started.clone(),
        }
    }
}

/// Undoes what was applied last, the last first; `observe` is told what happens.
///
/// # Errors
/// See [`DownError`]. What was undone before the error stays undone.
pub async fn down(
    config: &Config,
    migrations: &[Migration],
    until: &Until,
    allow_destructive: bool,
    options: &Options,
    mut observe: impl FnMut(&Event<'_>) + Send,
) -> Result<Vec<Applied>, DownError> {
    let observe: &mut Observe<'_> = &mut observe;
    let deadline = Deadline::after(options.timeout);
    let mut connection = lock::open(config).await?;
    let pid = pid(&connection).await.map_err(ApplyError::Session)?;
    observe(&Event::Connected { pid });
    lock::wait(&connection, deadline.at_most(options.lock_wait), observe).await?;
    let ledger = options.ledger();
    ledger.create(&connection).await.map_err(ApplyError::History)?;
    let entries = ledger.read(&connection).await.map_err(ApplyError::History)?;
    let backs = backs(&connection, migrations, &entries, until).await?;
    let lost: Vec<String> = backs.iter().flat_map(|back| back.loses.clone()).collect();
    if !lost.is_empty() && !allow_destructive {
        return Err(DownError::Loses(lost));
    }
    let mut finished = Vec::new();
    let mut rest = backs.iter();
    while let Some(back) = rest.next() {
        let begun = Instant::now();
        let later = rest.clone().map(|later| later.name.clone()).collect();
        let session = Session { connection: &mut connection, config, pid, options, deadline };
        run::migration(session, &back.pending(), later, observe).await?;
        let statements = back.script.statements().count() - back.done;
        let now = Applied { name: back.name.clone(), statements, duration: begun.elapsed() };
        observe(&Event::Applied(&now));
        finished.push(now);
    }
    // The lock goes with the session.
    connection.close().await;
    Ok(finished)
}

/// What [`down`] would do. Takes no lock and changes nothing.
///
/// # Errors
/// As [`down`].
pub async fn preview_down(
    config: &Config,
    migrations: &[Migration],
    until: &Until,
    ledger: &Ledger,
) -> Result<Vec<Rollback>, DownError> {
    let connection = session::open(config).await.map_err(ApplyError::Session)?;
    let entries = ledger.read(&connection).await.map_err(ApplyError::History)?;
    let backs = backs(&connection, migrations, &entries, until).await;
    connection.close().await;
    backs
}

async fn backs(
    connection: &Connection,
    migrations: &[Migration],
    entries: &[LedgerEntry],
    until: &Until,
) -> Result<Vec<Rollback>, DownError> {
    let mut backs = Vec::new();
    for entry in chosen(migrations, entries, until)? {
        let (migration, mut back) = back(migrations, entries, entry)?;
        back.loses = data_loss::loses(connection, migration, &back.script).await?;
        backs.push(back);
    }
    Ok(backs)
}

/// The lines of the ledger that go, the last one first. The order is that in which they were applied: where branches
/// were merged it is not that of the names.
fn chosen<'a>(
    migrations: &[Migration],
    entries: &'a [LedgerEntry],
    until: &Until,
) -> Result<Vec<&'a LedgerEntry>, DownError> {
    let is_begun = |entry: &LedgerEntry| entries.iter().any(|it| it.undoes() == Some(&entry.name));
    let mut applied: Vec<&LedgerEntry> =
        entries.iter().filter(|it| it.undoes().is_none()).collect();
    // What is undone in part comes first.
    applied.sort_by_key(|entry| (!is_begun(entry), std::cmp::Reverse(entry.place)));
    match until {
        Until::Steps(steps) => applied.truncate(*steps),
        Until::Name(name) => {
            let stays = pending::target(migrations, name)?;
            let stays = migrations.get(stays).map(|it| it.name.as_str()).unwrap_or_default();
            let Some(last) = applied.iter().find(|entry| entry.name == stays).map(|it| it.place)
            else {
                return Err(DownError::Refused {
                    what: format!("{stays} is not applied to this database"),
                    hint: "`orm-migrate status` lists what is; the one after --to is the one that stays".to_owned(),
                });
            };
            applied.retain(|entry| entry.place > last || is_begun(entry));
        }
    }
    Ok(applied)
}

fn back<'a>(
    migrations: &'a [Migration],
    entries: &[LedgerEntry],
    entry: &LedgerEntry,
) -> Result<(&'a Migration, Rollback), DownError> {
    let name = &entry.name;
    let refused = |what: String, hint: &str| DownError::Refused { what, hint: hint.to_owned() };
    if entry.is_partial() {
        return Err(refused(
            format!("{name} was applied in part, so its down.sql does not fit"),
            "run `orm-migrate apply`, which goes on where it stopped; or undo by hand what is done, then `orm-migrate repair --rolled-back`",
        ));
    }
    let Some(migration) = migrations.iter().find(|it| it.name == *name) else {
        return Err(match squashed_into(migrations, name) {
            Some(into) => refused(
                format!("{name} was squashed into {}, and its own folder is gone", into.name),
                "bring back its folder from version control to undo it; or go forward: a new migration that undoes it",
            ),
            None => ApplyError::Conflicts(vec![Conflict::Missing { name: name.clone() }]).into(),
        });
    };
    if migration.checksum() != entry.checksum {
        return Err(ApplyError::Conflicts(vec![Conflict::Edited { name: name.clone() }]).into());
    }
    let Some(way) = migration.back() else {
        return Err(refused(
            format!("{name} has no down.sql"),
            "write one that undoes its up.sql, or go forward: a new migration that undoes it, or a backup",
        ));
    };
    let script = Script::parse(&way.up)
        .and_then(|script| super::runnable(&script).map(|()| script))
        .map_err(|source| ApplyError::Script { file: way.up_path(), source })?;
    if script.is_unwritten() && Script::parse(&migration.up).is_ok_and(|up| !up.segments.is_empty())
    {
        return Err(refused(
            format!("{name}/down.sql has no statement, and its up.sql has"),
            "write into it what undoes up.sql; where nothing is to be undone, a line `-- orm:empty` says so",
        ));
    }
    let begun = entries.iter().find(|it| it.undoes() == Some(name));
    let back = Rollback {
        name: name.clone(),
        loses: Vec::new(),
        way,
        script,
        done: begun.map_or(0, |it| usize::try_from(it.statements_done).unwrap_or(0)),
        started: begun.and_then(|it| it.started.clone()),
    };
    Ok((migration, back))
}
