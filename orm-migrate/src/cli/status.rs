//! `status`: the folder and the ledger, compared. Changes nothing.

use super::output::Output;
use crate::apply;
use crate::error::{Exit, Failure};
use crate::history::{Conflict, Folder, Ledger, compare};
use crate::session;
use orm_core::exec::Config;
use serde_json::json;

pub(super) async fn run(
    config: &Config,
    folder: &Folder,
    ledger: &Ledger,
    output: &Output,
) -> Result<Exit, Failure> {
    let migrations = apply::read(folder)?;
    let connection = session::open(config).await?;
    let entries = ledger.read(&connection).await?;
    connection.close().await;
    let standing = compare(&migrations, &entries);
    let mut text = String::new();
    for entry in &standing.applied {
        text += &format!("applied  {}  {} by {}\n", entry.name, entry.applied_at, entry.applied_by);
    }
    for migration in &standing.pending {
        let partial = standing.partial.filter(|entry| entry.name == migration.name);
        text += &match partial {
            Some(entry) => format!(
                "partial  {}  {} of {} statements done\n",
                migration.name, entry.statements_done, entry.statements
            ),
            None => format!("pending  {}\n", migration.name),
        };
    }
    for conflict in &standing.conflicts {
        text += &format!("conflict {conflict}\n");
    }
    if text.is_empty() {
        text += "no migrations\n";
    }
    let document = json!({
        "applied": standing.applied.iter().map(|entry| json!({
            "name": entry.name,
            "checksum": entry.checksum,
            "applied_at": entry.applied_at,
            "applied_by": entry.applied_by,
            "tool_version": entry.tool_version,
            "duration_ms": u64::try_from(entry.duration.as_millis()).unwrap_or(u64::MAX),
        })).collect::<Vec<_>>(),
        "pending": standing.pending.iter().map(|migration| &migration.name).collect::<Vec<_>>(),
        "partial": standing.partial.map(|entry| json!({
            "name": entry.name,
            "statements": entry.statements,
            "statements_done": entry.statements_done,
        })),
        "conflicts": standing.conflicts.iter().map(Conflict::as_json).collect::<Vec<_>>(),
    });
    output.answer(text.trim_end(), document);
    Ok(if !standing.conflicts.is_empty() {
        Exit::Conflict
    } else if standing.partial.is_some() {
        Exit::Partial
    } else if standing.pending.is_empty() {
        Exit::Done
    } else {
        Exit::Differences
    })
}
