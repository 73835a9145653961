//! Runs the statements: in one transaction as far as PostgreSQL allows.

use crate::error::{Exit, Failure};
use crate::history::{Script, ScriptMode, Segment, Statement};
use crate::locks::{EVERY, Room};
use orm_core::exec::{Connection, Transaction};
use orm_core::{Error, ErrorKind};
use std::time::Duration;

/// What did not run to its end.
pub(super) struct PushStopped {
    /// The statement; none when the transaction around it failed.
    statement: Option<Statement>,
    source: Error,
    /// How many statements stay done.
    kept: usize,
}

/// Each segment in one transaction, or each of its statements for itself.
pub(super) async fn run(
    connection: &mut Connection,
    script: &Script,
    lock_timeout: Duration,
) -> Result<(), PushStopped> {
    let settings =
        format!("SET statement_timeout = 0; SET lock_timeout = {}", lock_timeout.as_millis());
    let set = connection.batch_execute(&settings).await;
    set.map_err(|source| PushStopped { statement: None, source, kept: 0 })?;
    let mut kept = 0;
    for segment in &script.segments {
        match segment.mode {
            ScriptMode::Transaction => {
                together(connection, segment).await.map_err(|(statement, source)| PushStopped {
                    statement,
                    source,
                    kept,
                })?;
                kept += segment.statements.len();
            }
            ScriptMode::Autocommit => {
                for statement in &segment.statements {
                    alone(connection, statement).await.map_err(|source| PushStopped {
                        statement: Some(statement.clone()),
                        source,
                        kept,
                    })?;
                    kept += 1;
                }
            }
        }
    }
    Ok(())
}

async fn together(
    connection: &mut Connection,
    segment: &Segment,
) -> Result<(), (Option<Statement>, Error)> {
    let tx: Transaction<'_> = connection.begin().await.map_err(|error| (None, error))?;
    for (number, statement) in segment.statements.iter().enumerate() {
        if number > 0 && number % EVERY == 0 {
            let room = Room::in_transaction(&tx).await;
            let room = room.map_err(|error| (Some(statement.clone()), error))?;
            if let Some(exceeded) = room.is_full(number, segment.statements.len()) {
                let _undone = tx.rollback().await;
                let error = Error::new(ErrorKind::Database, exceeded.to_string());
                return Err((Some(statement.clone()), error));
            }
        }
        if let Err(error) = tx.batch_execute(&statement.text).await {
            // Its own error would say less than the first one.
            let _undone = tx.rollback().await;
            return Err((Some(statement.clone()), error));
        }
    }
    tx.commit().await.map_err(|error| (None, error))
}

/// Outside of a transaction, and again where it says so until it changes no row.
async fn alone(connection: &Connection, statement: &Statement) -> Result<(), Error> {
    if !statement.repeat {
        return connection.batch_execute(&statement.text).await;
    }
    while connection.execute(&statement.text, &[]).await? > 0 {}
    Ok(())
}

impl PushStopped {
    /// What the server said.
    pub(super) fn source(&self) -> &Error {
        &self.source
    }

    /// Where, why, and what stays; and what gives a right that is missing.
    pub(super) fn explained(self, script: &Script, right: Option<String>) -> Failure {
        let Self { statement, source, kept } = self;
        let count = script.statements().count();
        let place = match &statement {
            Some(statement) => format!("statement {} of {count}", statement.number),
            None => "the transaction".to_owned(),
        };
        let text = statement.as_ref().map_or_else(String::new, |statement| {
            format!("\n  in: {}", statement.text.trim().replace('\n', "\n      "))
        });
        let stays = match kept {
            0 => "nothing was kept: the database is as it was".to_owned(),
            1 => "its first statement stays; after a fix `orm-migrate push` goes on from there"
                .to_owned(),
            kept => format!(
                "its first {kept} statements stay; after a fix `orm-migrate push` goes on from there"
            ),
        };
        let exit = match source.kind() {
            _ if kept > 0 => Exit::Partial,
            ErrorKind::LockTimeout => Exit::Lock,
            _ => Exit::Error,
        };
        let hint = match (source.kind(), right.as_deref().or(source.hint())) {
            (ErrorKind::LockTimeout, _) => {
                "look for long transactions in pg_stat_activity, or raise --lock-timeout".to_owned()
            }
            (_, Some(hint)) => hint.to_owned(),
            (_, None) => "`orm-migrate push --dry-run` shows all statements".to_owned(),
        };
        let what = format!("push stopped at {place}: {source}{text}\n  {stays}");
        Failure::Refused { what, hint, exit }
    }
}
