//! What several migrations make together.

use super::SideError;
use super::replay::replay;
use crate::catalog::{self, Live};
use crate::history::Migration;
use crate::preflight;
use crate::scratch::{ScratchDatabase, ScratchServer};

/// What migrations make of an empty database.
#[derive(Debug, Clone)]
pub struct ReplayedSchema {
    /// The schema.
    pub live: Live,
    /// The tables that have rows.
    pub filled: Vec<String>,
}

/// Runs migrations on an empty database, and reads what they have made.
///
/// # Errors
/// A migration fails, or nothing can be built on the server.
pub async fn made(
    server: &ScratchServer,
    migrations: &[Migration],
) -> Result<ReplayedSchema, SideError> {
    let scratch = server.database().await?;
    let made = on(&scratch, migrations).await;
    // Also after a failure; what went wrong first is what to tell.
    let closed = scratch.close().await;
    let made = made?;
    closed?;
    Ok(made)
}

async fn on(
    scratch: &ScratchDatabase,
    migrations: &[Migration],
) -> Result<ReplayedSchema, SideError> {
    let mut connection = scratch.connect().await?;
    replay(&mut connection, migrations).await?;
    connection.close().await;
    // In a session of its own: migrations may have left settings behind.
    let connection = scratch.connect().await?;
    let live = catalog::read(&connection).await?;
    let filled = preflight::filled(&connection, live.canonical.schema()).await?;
    connection.close().await;
    Ok(ReplayedSchema { live, filled })
}
