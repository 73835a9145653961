//! `init`: the migrations folder, and what comes next.

use super::output::Output;
use crate::error::{Exit, Failure};
use crate::history::Folder;
use serde_json::json;

pub(super) fn run(folder: &Folder, output: &Output) -> Result<Exit, Failure> {
    let is_new = folder.create()?;
    let path = folder.path().display();
    let done = if is_new { "made" } else { "is there already:" };
    let text = format!(
        "{done} {path}\n\nnext:\n  orm-migrate dev            a PostgreSQL for this project; export the line it prints\n  \
         orm-migrate diff NAME      writes a migration from the tables of the crate\n  \
         orm-migrate apply          applies it"
    );
    output.answer(&text, json!({ "folder": folder.path(), "created": is_new }));
    Ok(Exit::Done)
}
