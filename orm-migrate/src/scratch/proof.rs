//! Proves a migration: the live schema and the migration give the declared one, on a scratch database.

use super::ScratchError;
use crate::catalog::Canonical;
use crate::change::ObjectName;
use crate::{ddl, diff};
use orm_core::exec::{Config, Connection};
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

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
/// The scratch database is dropped whatever happens, unless this future is.
///
/// # Errors
/// [`ScratchError::Migration`]: the SQL fails. Else the connection does.
pub async fn prove(
    config: &Config,
    from: &Canonical,
    sql: &str,
    to: &Canonical,
) -> Result<Proof, ScratchError> {
    let admin = Connection::open(config).await?;
    let name = scratch_name();
    if let Err(error) =
        admin.batch(&format!("CREATE DATABASE {} TEMPLATE template0", Ident(&name))).await
    {
        if error.sqlstate() == Some("42501") {
            let reason = "this role may not create databases (CREATEDB)".to_owned();
            return Ok(Proof::Skipped(reason));
        }
        return Err(error.into());
    }
    let proof = on_database(&config.clone().with_database(&name), from, sql, to).await;
    // Also when it failed. A database that cannot be dropped is better named than hidden.
    let dropped =
        admin.batch(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", Ident(&name))).await;
    admin.close().await;
    let proof = proof?;
    dropped?;
    Ok(proof)
}

async fn on_database(
    config: &Config,
    from: &Canonical,
    sql: &str,
    to: &Canonical,
) -> Result<Proof, ScratchError> {
    let connection = match Connection::open(config).await {
        Ok(connection) => connection,
        // A server may let this role into one database only (manual, section 21.1).
        Err(error) => {
            return Ok(Proof::Skipped(format!("the scratch database cannot be reached: {error}")));
        }
    };
    if let Err(error) = connection.batch(&ddl::schema(from.schema())).await {
        // What the tables stand on (enums, functions, extensions) is not managed, so it is not there.
        return Ok(Proof::Skipped(format!("the live schema could not be copied: {error}")));
    }
    if let Err(source) = connection.batch(sql).await {
        return Err(ScratchError::Migration { source });
    }
    let found = super::live(&connection, to).await?;
    connection.close().await;
    let managed: BTreeSet<ObjectName> =
        found.canonical.schema().tables.iter().map(ObjectName::of).collect();
    let left = diff::diff(&found.canonical, to, &managed);
    Ok(if left.is_empty() {
        Proof::Holds
    } else {
        Proof::Differs(left.iter().map(ToString::to_string).collect())
    })
}

fn scratch_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    format!("orm_scratch_{}_{nanos}_{count}", std::process::id())
}
