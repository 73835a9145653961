//! `verify`: all migrations on an empty database, compared with the code.

use super::context::{Context, Cut};
use super::diff::{find, managed};
use crate::apply;
use crate::change::Change;
use crate::error::{Exit, Failure};
use crate::history::unreplaced;
use crate::source::{self, ReplayTo, SchemaSource, Side, SideError};
use serde_json::json;

/// What is verified.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Also goes back each migration that has a down.sql, and forth again: what was there before must be there again.
    #[arg(long)]
    down: bool,
    /// What the migrations should make: `crate`, `database`, a URL, or the path of a folder or of a schema.json.
    #[arg(long, value_name = "SIDE", default_value = "crate")]
    to: String,
    #[command(flatten)]
    cut: Cut,
}

pub(super) async fn run(context: &Context<'_>, how: VerifyArgs) -> Result<Exit, Failure> {
    let (from, to) = (Side::Migrations, Side::parse(&how.to)?);
    // Before the crate is built.
    apply::read(&context.folder()?)?;
    let sides = context.sides(&from, &to).await?;
    let server = sides.server.ok_or(SideError::NoServer)?;
    let migrations = match &sides.from {
        SchemaSource::Replayed(migrations) => unreplaced(migrations),
        _ => Vec::new(),
    };
    let wrong = match how.down {
        true => source::there_and_back(&server, &migrations).await?,
        false => Vec::new(),
    };
    let both = source::both(sides.from, sides.to, Some(&server)).await?;
    let managed = managed(&from, &to, &both.before, &migrations);
    let found = find(both, managed, &context.filter(&how.cut)?);
    let output = context.output;
    found.notes.iter().for_each(|note| output.note(note));
    let count = migrations.len();
    let mut text = match count {
        1 => "1 migration runs on an empty database".to_owned(),
        count => format!("{count} migrations run on an empty database"),
    };
    if found.changes.is_empty() {
        text += &format!(", and what they make is what {to} has\n");
    } else {
        text += &format!("; what is left to do until there is what {to} has:\n");
        found.changes.iter().for_each(|change| text += &format!("- {change}\n"));
    }
    let no_down: Vec<&str> = migrations
        .iter()
        .filter(|migration| migration.down.is_none())
        .map(|migration| migration.name.as_str())
        .collect();
    if how.down {
        for ReplayTo { name, found } in &wrong {
            found.iter().for_each(|line| text += &format!("{name}: {line}\n"));
        }
        no_down.iter().for_each(|name| text += &format!("{name}: has no down.sql\n"));
        if wrong.is_empty() {
            text += "each down.sql brings back what was there before\n";
        }
    }
    let document = json!({
        "migrations": count,
        "changes": found.changes.iter().map(Change::to_string).collect::<Vec<_>>(),
        "down": how.down.then(|| wrong.iter().map(|back| json!({
            "name": back.name,
            "found": back.found,
        })).collect::<Vec<_>>()),
        "without_down": no_down,
    });
    output.answer(text.trim_end(), document);
    Ok(if !wrong.is_empty() {
        Exit::Proof
    } else if !found.changes.is_empty() {
        Exit::Differences
    } else {
        Exit::Done
    })
}
