//! Runs migrations on an empty database, as far as they are wanted.

use crate::history::{Migration, Script, ScriptError};
use crate::scratch;
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
    #[error("on an empty database the migrations fail at {}: statement {number} of {count}, line {line}: {source}{}", file.display(), hint(source))]
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
    #[error("on an empty database the migrations fail at {}: {source}", file.display())]
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
    for migration in migrations {
        file(connection, migration.up_path(), &migration.up, usize::MAX).await?;
    }
    Ok(())
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

fn hint(error: &orm_core::Error) -> String {
    error.hint_text().map(|hint| format!("\nhint: {hint}")).unwrap_or_default()
}
