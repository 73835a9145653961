//! `down`: what was applied last, undone.

use super::apply::progress::Progress;
use super::apply::{line, preview, preview_as_json};
use super::context::Context;
use super::settings::Waits;
use crate::apply::{self, Event, Options, Rollback, Until};
use crate::error::{Exit, Failure};
use clap::Args;
use serde_json::{Value, json};
use std::time::Duration;

/// How far to go back.
#[derive(Debug, Args)]
pub(super) struct DownArgs {
    /// How many migrations to undo, the last one first.
    #[arg(long, default_value_t = 1, value_name = "COUNT", conflicts_with = "to", value_parser = steps)]
    steps: usize,
    /// The migration that stays, while what was applied after it is undone: its name, its name without the time, or
    /// the beginning of either.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Says what would run, statement by statement; takes no lock and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Allows to lose rows and values.
    #[arg(long)]
    allow_destructive: bool,
    /// Seconds that all of it may take; what is not done by then is cancelled, and the next `down` goes on there.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    #[command(flatten)]
    waits: Waits,
}

fn steps(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("a number from 1".to_owned()),
        Ok(steps) => Ok(steps),
    }
}

pub(super) async fn run(context: &Context<'_>, how: DownArgs) -> Result<Exit, Failure> {
    let (config, folder, output) = (&context.target()?, &context.folder()?, context.output);
    let migrations = apply::read(folder)?;
    let until = how.to.map_or(Until::Steps(how.steps), Until::Name);
    if how.dry_run {
        let backs = apply::preview_down(config, &migrations, &until, &context.ledger()?).await?;
        output.answer(&words(&backs), document(&backs));
        return Ok(Exit::Done);
    }
    let (lock_wait, lock_timeout) = context.waits(how.waits)?;
    let timeout = how.timeout.map(Duration::from_secs);
    let ledger = Some(context.ledger()?);
    let options = Options { lock_wait, lock_timeout, ledger, timeout, ..Options::default() };
    let progress = Progress::new(config, output);
    let observe = |event: &Event<'_>| {
        progress.note(event);
        let line = match event {
            Event::Applied(undone) => {
                Some(format!("undone {} ({} ms)", undone.name, undone.duration.as_millis()))
            }
            event => line(event),
        };
        if let Some(line) = line {
            progress.beside(|| output.line(&line));
        }
    };
    let undone =
        apply::down(config, &migrations, &until, how.allow_destructive, &options, observe).await;
    drop(progress);
    let undone = match undone {
        Ok(undone) => undone,
        Err(error) => return Err(Failure::from(error).with_rights_in(config).await),
    };
    let text = match undone.len() {
        0 => "nothing to undo".to_owned(),
        1 => "1 migration undone".to_owned(),
        count => format!("{count} migrations undone"),
    };
    let list: Vec<_> = undone
        .iter()
        .map(|undone| {
            json!({
                "name": undone.name,
                "statements": undone.statements,
                "duration_ms": u64::try_from(undone.duration.as_millis()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    output.answer(&text, json!({ "undone": list }));
    Ok(Exit::Done)
}

fn words(backs: &[Rollback]) -> String {
    let pending: Vec<_> = backs.iter().map(Rollback::pending).collect();
    let mut text = preview(&pending, "undo", "undone");
    for lost in backs.iter().flat_map(|back| &back.loses) {
        text += &format!("\nloses {lost}");
    }
    text
}

fn document(backs: &[Rollback]) -> Value {
    let pending: Vec<_> = backs.iter().map(Rollback::pending).collect();
    let mut said = preview_as_json(&pending);
    let mut undo = said["pending"].take();
    for (one, back) in undo.as_array_mut().into_iter().flatten().zip(backs) {
        one["name"] = json!(back.name);
        one["loses"] = json!(back.loses);
    }
    json!({ "dry_run": true, "undo": undo })
}
