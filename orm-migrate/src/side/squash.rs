//! What several migrations make together, and whether a schema says all of it.

use super::SideError;
use super::replay::replay;
use crate::catalog::{self, Live};
use crate::history::{Migration, Script};
use crate::scratch::{ScratchDatabase, ScratchServer};
use orm_core::exec::Connection;
use orm_core::sql::ident::Qualified;
use std::path::PathBuf;

/// What migrations make of an empty database.
#[derive(Debug, Clone)]
pub struct Made {
    /// The schema.
    pub live: Live,
    /// The tables that have rows.
    pub filled: Vec<String>,
}

/// A statement that a schema says nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Its file.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// Its first line.
    pub text: String,
}

/// Runs migrations on an empty database, and reads what they have made.
///
/// # Errors
/// A migration fails, or nothing can be built on the server.
pub async fn made(server: &ScratchServer, migrations: &[Migration]) -> Result<Made, SideError> {
    let scratch = server.database().await?;
    let made = on(&scratch, migrations).await;
    // Also after a failure; what went wrong first is what to tell.
    let closed = scratch.close().await;
    let made = made?;
    closed?;
    Ok(made)
}

async fn on(scratch: &ScratchDatabase, migrations: &[Migration]) -> Result<Made, SideError> {
    let mut connection = scratch.connect().await?;
    replay(&mut connection, migrations).await?;
    connection.close().await;
    // In a session of its own: migrations may have left settings behind.
    let connection = scratch.connect().await?;
    let live = catalog::read(&connection).await?;
    let filled = filled(&connection, &live).await?;
    connection.close().await;
    Ok(Made { live, filled })
}

async fn filled(connection: &Connection, live: &Live) -> Result<Vec<String>, SideError> {
    let mut filled = Vec::new();
    for table in &live.canonical.schema().tables {
        let name = Qualified(&table.schema, &table.name).to_string();
        let rows = connection.rows(&format!("SELECT FROM {name} LIMIT 1"), &[]).await?;
        if !rows.is_empty() {
            filled.push(name);
        }
    }
    Ok(filled)
}

/// What statements begin with whose whole effect a schema says, where the tables are empty.
const SAID: &[&str] = &[
    "CREATE TABLE",
    "CREATE UNLOGGED",
    "CREATE INDEX",
    "CREATE UNIQUE",
    "CREATE TYPE",
    "CREATE DOMAIN",
    "CREATE SEQUENCE",
    "CREATE EXTENSION",
    "CREATE SCHEMA",
    "CREATE VIEW",
    "CREATE MATERIALIZED",
    "CREATE FUNCTION",
    "CREATE PROCEDURE",
    "CREATE OR",
    "CREATE TRIGGER",
    "CREATE POLICY",
    "ALTER TABLE",
    "ALTER INDEX",
    "ALTER TYPE",
    "ALTER DOMAIN",
    "ALTER SEQUENCE",
    "ALTER EXTENSION",
    "ALTER SCHEMA",
    "ALTER VIEW",
    "ALTER MATERIALIZED",
    "ALTER FUNCTION",
    "ALTER PROCEDURE",
    "ALTER TRIGGER",
    "ALTER POLICY",
    "DROP",
    "COMMENT ON",
    "UPDATE",
    "DELETE",
    "SET",
    "RESET",
    "ANALYZE",
    "VACUUM",
    "REINDEX",
    "CLUSTER",
    "REFRESH",
];

/// The statements whose effect may be more than a schema says: rights, roles, rows, calls.
pub fn beside(migrations: &[Migration]) -> Vec<Beside> {
    let mut found = Vec::new();
    for migration in migrations {
        // Whoever runs it says what is wrong with it.
        let Ok(script) = Script::parse(&migration.up) else { continue };
        for statement in script.statements() {
            let words: Vec<String> =
                statement.text.split_whitespace().take(2).map(str::to_uppercase).collect();
            let [first, two] = [words.first().cloned().unwrap_or_default(), words.join(" ")];
            if SAID.iter().any(|said| *said == first || *said == two) {
                continue;
            }
            found.push(Beside {
                file: migration.up_path(),
                line: statement.line,
                text: statement.text.lines().next().unwrap_or_default().to_owned(),
            });
        }
    }
    found
}
