//! What is in a database, and how it becomes empty again.

use super::one_text;
use crate::scratch::ScratchError;
use orm_core::exec::Connection;

const CONTENTS: &str = include_str!("cleanup.sql");

const DEFAULT_RIGHTS: &str = include_str!("default_rights.sql");

const BLANK: &str = include_str!("blank.sql");

/// Drops what is there. Other orders may be needed where one thing stands on another, so it goes on while fewer stay.
pub(super) async fn empty(admin: &Connection, extensions: &[String]) -> Result<(), ScratchError> {
    // A session that was just ended may hold its locks for a moment.
    admin.batch_execute("SET lock_timeout = '10s'").await?;
    for row in admin.query::<orm_core::exec::DriverRow>(DEFAULT_RIGHTS, &[]).await? {
        admin.batch_execute(&row.try_get::<_, String>(0).unwrap_or_default()).await?;
    }
    let mut before = usize::MAX;
    loop {
        let left = contents(admin, extensions).await?;
        let Some((kind, name)) = left.first() else { return Ok(()) };
        if left.len() >= before {
            let database = one_text(admin, "SELECT current_database()::text").await?;
            return Err(ScratchError::Stays { database, example: format!("{kind} {name}") });
        }
        before = left.len();
        for (kind, name) in &left {
            // What cannot go yet is counted above.
            let _later =
                admin.batch_execute(&format!("DROP {kind} IF EXISTS {name} CASCADE")).await;
        }
    }
}

/// What there is, each as its kind and its name in SQL.
pub(super) async fn contents(
    connection: &Connection,
    extensions: &[String],
) -> Result<Vec<(String, String)>, ScratchError> {
    let rows = connection.query::<orm_core::exec::DriverRow>(CONTENTS, &[&extensions]).await?;
    Ok(rows.iter().filter_map(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?))).collect())
}

/// What tells a new database from one in which something stays that nobody drops: the rights of a schema, settings.
pub(super) async fn blank(connection: &Connection) -> Result<String, ScratchError> {
    one_text(connection, BLANK).await
}
