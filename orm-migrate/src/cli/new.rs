//! `new`: a migration without statements, for SQL that a person writes.

use super::output::Output;
use crate::error::{Exit, Failure};
use crate::history::{Branches, Draft, EMPTY, Folder, PlanFile};
use serde_json::json;

/// What it has.
#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// Also a down.sql to write the way back into.
    #[arg(long)]
    down: bool,
}

pub(super) fn run(
    folder: &Folder,
    name: String,
    how: NewArgs,
    output: &Output,
) -> Result<Exit, Failure> {
    let migrations = folder.read()?;
    let branches = Branches::of(&migrations);
    let (parent, merges) = branches.parents();
    // It does not change what is managed, as far as anybody knows: the next `diff` sees what it has really done.
    let last = branches.plans().last();
    let schema = last.map(|plan| plan.schema_after.clone()).unwrap_or_default();
    let plan = PlanFile {
        schema_before: schema.clone(),
        schema_after: schema,
        server_version: last.map(|plan| plan.server_version).unwrap_or_default(),
        parent,
        merges,
        tables: branches.tables().into_iter().collect(),
        objects: branches.objects().into_iter().collect(),
        ..PlanFile::default()
    };
    let up = format!(
        "-- {name}: written by hand.\n\
         -- All statements run in one transaction, unless a line `-- orm:segment autocommit` stands above those that\n\
         -- cannot. A line `-- orm:repeat` above an UPDATE or DELETE runs it until it changes no row, for big tables.\n\
         -- Without a statement `apply` refuses it, unless a line `-- {EMPTY}` says that this is on purpose.\n"
    );
    let down = how.down.then(|| format!("-- The way back from {name}, for `orm-migrate down`.\n"));
    let draft = Draft { name, up, down, plan };
    let written = folder.write(&draft)?;
    let mut text = format!("wrote {}", written.up_path().display());
    if how.down {
        text += &format!("\nwrote {}", written.down_path().display());
    }
    text += "\nwrite your SQL into it, then run `orm-migrate apply`";
    let down = how.down.then(|| written.down_path());
    let document = json!({ "migration": written.path, "up": written.up_path(), "down": down });
    output.answer(&text, document);
    Ok(Exit::Done)
}
