//! Runs the statements of a script, as `apply` would, where nothing of it stays.

use crate::history::{Script, ScriptMode, Statement};
use crate::locks::{EVERY, Exceeded, Room};
use crate::session;
use orm_core::exec::Connection;
use orm_core::{Error, ErrorKind};

/// A statement that failed.
#[derive(Debug)]
pub struct StatementStopped {
    /// The statement; none when the transaction around it failed.
    pub statement: Option<Statement>,
    /// What the server said.
    pub source: Error,
    /// Where it takes more locks than there is room for.
    pub locks: Option<Exceeded>,
}

impl StatementStopped {
    /// The line of the error, or else of the statement.
    pub fn line(&self) -> usize {
        let position = self.source.position();
        self.statement.as_ref().map_or(1, |statement| {
            position.map_or(statement.line, |position| statement.line_of(position))
        })
    }
}

/// Runs the first `count` statements: each segment in one transaction, or each of its statements for itself.
///
/// # Errors
/// The first statement that fails.
pub async fn run(
    connection: &mut Connection,
    script: &Script,
    count: usize,
) -> Result<(), StatementStopped> {
    let lost = |source| StatementStopped { statement: None, source, locks: None };
    // What an earlier script has set must not reach this one.
    connection.batch_execute("RESET ROLE").await.map_err(lost)?;
    session::reset(connection).await.map_err(lost)?;
    connection.batch_execute(super::database::WRITES).await.map_err(lost)?;
    for segment in &script.segments {
        let statements = segment.statements.iter().take_while(|it| it.number <= count);
        let stopped = |statement: &Statement| {
            let statement = Some(statement.clone());
            move |source| StatementStopped { statement, source, locks: None }
        };
        match segment.mode {
            ScriptMode::Transaction => {
                let tx = connection.begin().await.map_err(lost)?;
                let all = segment.statements.len();
                for (number, statement) in statements.enumerate() {
                    if number > 0 && number % EVERY == 0 {
                        let room = Room::in_transaction(&tx).await.map_err(lost)?;
                        if let Some(exceeded) = room.is_full(number, all) {
                            let source = Error::new(ErrorKind::Database, exceeded.to_string());
                            let (statement, locks) = (Some(statement.clone()), Some(exceeded));
                            return Err(StatementStopped { statement, source, locks });
                        }
                    }
                    tx.batch_execute(&statement.text).await.map_err(stopped(statement))?;
                }
                tx.commit().await.map_err(lost)?;
            }
            ScriptMode::Autocommit => {
                for statement in statements {
                    alone(connection, statement).await.map_err(stopped(statement))?;
                }
            }
        }
    }
    Ok(())
}

/// Outside of a transaction, and again where it says so until it changes no row.
async fn alone(connection: &Connection, statement: &Statement) -> Result<(), Error> {
    if !statement.repeat {
        return connection.batch_execute(&statement.text).await;
    }
    while connection.execute(&statement.text, &[]).await? > 0 {}
    Ok(())
}
