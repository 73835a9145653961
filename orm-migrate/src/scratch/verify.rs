//! Proves a migration: the live schema and the migration give the declared one, on a scratch database.

use super::{ScratchError, ScratchServer, run};
use crate::catalog::Canonical;
use crate::change::ObjectName;
use crate::diff;
use crate::history::Script;
use orm_core::exec::Connection;
use orm_core::schema::Object;
use std::collections::BTreeSet;

/// What a proof found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The migration leads to the schema it is for.
    Holds,
    /// It does not: what would still have to change.
    Differs(Vec<String>),
    /// It could not be tried, and why.
    Skipped(String),
}

/// Runs `sql` on a scratch database that has the schema `from`, and compares what comes out with `to`.
///
/// `to` holds every table that is there afterwards, also those of `from` that the migration leaves alone.
///
/// # Errors
/// [`ScratchError::Migration`]: the SQL fails. [`ScratchError::NoCreateDatabase`] and its like where the server was
/// named for it, and cannot be used; else that is a [`Proof::Skipped`]. Else the connection fails.
pub async fn prove(
    server: impl Into<ScratchServer>,
    from: &Canonical,
    sql: &str,
    to: &Canonical,
) -> Result<Proof, ScratchError> {
    let server = server.into();
    let script = Script::parse(sql).map_err(ScratchError::Script)?;
    let database = match server.database().await {
        Err(error @ ScratchError::NoCreateDatabase { .. }) if !server.is_given() => {
            return Ok(Proof::Skipped(error.to_string()));
        }
        database => database?,
    };
    let proof = match database.connect().await {
        Ok(connection) => on_database(connection, from, &script, to).await,
        // A server may let this role into one database only (manual, section 21.1).
        Err(error) if !server.is_given() => {
            Ok(Proof::Skipped(format!("the scratch database cannot be reached: {error}")))
        }
        Err(error) => Err(error),
    };
    // Nobody is there to keep a database for, unless the caller has the server, too.
    drop(server);
    // Also when it failed. A database that cannot be dropped is better named than hidden.
    let gone = database.close().await;
    let proof = proof?;
    gone?;
    Ok(proof)
}

/// The schema as SQL, without rights and owners: this server may know other roles.
fn copy(from: &Canonical) -> String {
    let mut schema = from.schema().clone();
    schema.objects = schema.objects.into_iter().map(Object::without_grants).collect();
    crate::plan::schema_sql(&schema)
}

async fn on_database(
    mut connection: Connection,
    from: &Canonical,
    script: &Script,
    to: &Canonical,
) -> Result<Proof, ScratchError> {
    if let Err(error) = super::batches::run(&connection, &copy(from)).await {
        // What the tables stand on (enums, functions, extensions) is not managed, so it is not there.
        return Ok(Proof::Skipped(format!("the live schema could not be copied: {error}")));
    }
    if let Err(stopped) = run(&mut connection, script, usize::MAX).await {
        let line = stopped.line();
        return Err(match stopped.locks {
            Some(exceeded) => exceeded.into(),
            None => ScratchError::Migration { line, source: stopped.source },
        });
    }
    let found = super::live(&connection, to).await?;
    connection.close().await;
    let managed: BTreeSet<ObjectName> = ObjectName::all(found.canonical.schema()).collect();
    let left = diff::diff(&found.canonical, to, &managed);
    Ok(if left.is_empty() {
        Proof::Holds
    } else {
        Proof::Differs(left.iter().map(ToString::to_string).collect())
    })
}
