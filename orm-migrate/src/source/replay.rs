//! Runs migrations on an empty database, as far as they are wanted.

use super::SideError;
use crate::catalog::{self, Canonical};
use crate::change::{Change, ObjectName};
use crate::diff::diff;
use crate::history::{Migration, Script, ScriptError, unreplaced};
use crate::scratch::{self, ScratchServer};
use crate::server_message::server_says;
use orm_core::exec::Connection;
use std::path::PathBuf;

/// Why migrations do not run on an empty database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A file cannot be cut into statements.
    #[error("{}, {source}", file.display())]
    Script {
        /// The file.
        file: PathBuf,
        /// Where and why.
        source: ScriptError,
    },
    /// A statement failed.
    #[error("on an empty database the migrations stop at {}: statement {number} of {count}, line {line}: {}", file.display(), server_says(source))]
    Statement {
        /// The file.
        file: PathBuf,
        /// The statement, from 1.
        number: usize,
        /// How many there are.
        count: usize,
        /// The line of the error, or else of the statement.
        line: usize,
        /// What the server said.
        source: orm_core::Error,
    },
    /// A transaction failed as a whole, or the connection was lost.
    #[error("on an empty database the migrations stop at {}: {}", file.display(), server_says(source))]
    Session {
        /// The file.
        file: PathBuf,
        /// What the server said.
        source: orm_core::Error,
    },
}

/// Runs these migrations in their order.
///
/// # Errors
/// The first statement that fails, by file and line.
pub async fn replay(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<(), ReplayError> {
    replay_applied(connection, migrations, None).await
}

/// As [`replay`], one of them only as far as it was applied.
pub(super) async fn replay_applied(
    connection: &mut Connection,
    migrations: &[Migration],
    partial: Option<&(String, usize)>,
) -> Result<(), ReplayError> {
    for migration in migrations {
        let partial = partial.filter(|(name, _)| *name == migration.name);
        let done = partial.map_or(usize::MAX, |(_, done)| *done);
        file(connection, migration.up_path(), &migration.up, done).await?;
    }
    Ok(())
}

/// What is wrong with the way back of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayTo {
    /// The migration.
    pub name: String,
    /// What is wrong, each in a line for people.
    pub found: Vec<String>,
}

/// Runs each migration on an empty database, back, and again: `down.sql` must bring back what was there before, and
/// `up.sql` then the same as the first time. Those without a `down.sql` only run. Gives back what is wrong.
///
/// # Errors
/// A migration fails, or nothing can be built on the server.
pub async fn there_and_back(
    server: &ScratchServer,
    migrations: &[Migration],
) -> Result<Vec<ReplayTo>, SideError> {
    let scratch = server.database().await?;
    let mut connection = scratch.connect().await?;
    let found = each_and_back(&mut connection, &unreplaced(migrations)).await;
    connection.close().await;
    // Also after a failure; what went wrong first is what to tell.
    let closed = scratch.close().await;
    let found = found?;
    closed?;
    Ok(found)
}

async fn each_and_back(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<Vec<ReplayTo>, SideError> {
    let mut wrong = Vec::new();
    for migration in migrations {
        let before = catalog::read(connection).await?.canonical;
        replay(connection, std::slice::from_ref(migration)).await?;
        let Some(down) = &migration.down else { continue };
        let after = catalog::read(connection).await?.canonical;
        let down_path = migration.path.join("down.sql");
        let mut found = Vec::new();
        if let Err(error) = file(connection, down_path, down, usize::MAX).await {
            wrong.push(ReplayTo { name: migration.name.clone(), found: vec![error.to_string()] });
            // What it left behind says nothing about the migrations after it.
            break;
        }
        let back = catalog::read(connection).await?.canonical;
        found.extend(left(&before, &back).iter().map(|change| {
            format!(
                "down.sql does not bring back what was there before: it leaves a need to {change}"
            )
        }));
        let again = replay(connection, std::slice::from_ref(migration)).await;
        if let Err(error) = &again {
            found.push(format!("after down.sql, up.sql fails: {error}"));
        } else {
            let again = catalog::read(connection).await?.canonical;
            found.extend(left(&after, &again).iter().map(|change| {
                format!("after down.sql, up.sql makes something else: it leaves a need to {change}")
            }));
        }
        if !found.is_empty() {
            wrong.push(ReplayTo { name: migration.name.clone(), found });
        }
        if again.is_err() {
            break;
        }
    }
    Ok(wrong)
}

/// What would have to change in what there is.
fn left(expected: &Canonical, there: &Canonical) -> Vec<Change> {
    diff(there, expected, &ObjectName::all(there.schema()).collect())
}

/// Runs the first `done` statements of a file.
pub(crate) async fn file(
    connection: &mut Connection,
    file: PathBuf,
    sql: &str,
    done: usize,
) -> Result<(), ReplayError> {
    let script = match Script::parse(sql) {
        Ok(script) => script,
        Err(source) => return Err(ReplayError::Script { file, source }),
    };
    let Err(stopped) = scratch::run(connection, &script, done).await else { return Ok(()) };
    let (line, source) = (stopped.line(), stopped.source);
    Err(match stopped.statement {
        None => ReplayError::Session { file, source },
        Some(statement) => {
            let (number, count) = (statement.number, script.statements().count());
            ReplayError::Statement { file, number, count, line, source }
        }
    })
}
