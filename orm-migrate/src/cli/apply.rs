//! `apply`: what is pending, one line for each that is done.

pub(super) mod progress;

use super::context::Context;
use super::settings::Waits;
use crate::apply::{self, ApplyError, Committed, Event, Options, PendingMigration};
use crate::error::{Exit, Failure};
use crate::history::{ScriptMode, Statement};
use crate::server_message::Reported;
use clap::Args;
use progress::Progress;
use serde_json::{Value, json};
use std::time::Duration;

/// How to apply.
#[derive(Debug, Args)]
pub(super) struct ApplyArgs {
    /// Says what would run, statement by statement; takes no lock and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// The last migration to apply: its name, its name without the time, or the beginning of either.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// Seconds that all of it may take; what is not done by then is cancelled, and the next `apply` goes on there.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    #[command(flatten)]
    waits: Waits,
}

pub(super) async fn run(context: &Context<'_>, how: ApplyArgs) -> Result<Exit, Failure> {
    let (config, folder, output) = (&context.target()?, &context.folder()?, context.output);
    let (lock_wait, lock_timeout) = context.waits(how.waits)?;
    let options = Options {
        lock_wait,
        lock_timeout,
        to: how.to,
        ledger: Some(context.ledger()?),
        timeout: how.timeout.map(Duration::from_secs),
        ..Options::default()
    };
    let migrations = apply::read(folder)?;
    if how.dry_run {
        let pending = apply::preview(config, &migrations, &options).await?;
        output.answer(&preview(&pending, "apply", "applied"), preview_as_json(&pending));
        return Ok(Exit::Done);
    }
    let progress = Progress::new(config, output);
    let applied = apply::apply_all(config, &migrations, &options, |event| {
        progress.note(event);
        if let Some(line) = line(event) {
            progress.beside(|| output.line(&line));
        }
    })
    .await;
    drop(progress);
    let applied = match applied {
        Ok(applied) => applied,
        Err(error) => return Err(Failure::from(error).with_rights_in(config).await),
    };
    let text = match applied.len() {
        0 => "nothing to apply".to_owned(),
        1 => "1 migration applied".to_owned(),
        count => format!("{count} migrations applied"),
    };
    let list: Vec<_> = applied
        .iter()
        .map(|applied| {
            json!({
                "name": applied.name,
                "statements": applied.statements,
                "duration_ms": u64::try_from(applied.duration.as_millis()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    output.answer(&text, json!({ "applied": list }));
    Ok(Exit::Done)
}

/// What is worth a line of its own for good.
pub(super) fn line(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Applied(applied) if applied.statements == 0 => {
            format!("applied {}, which has no statement", applied.name)
        }
        Event::Applied(applied) => {
            format!("applied {} ({} ms)", applied.name, applied.duration.as_millis())
        }
        Event::Waiting { holder } => format!("waiting for another apply: {holder}"),
        Event::Begun { name, statements, done } if *done > 0 => {
            format!("going on with {name} after {done} of {statements} statements")
        }
        Event::AlreadyDone { statement } => {
            format!("statement {} was done when the last run broke off", statement.number)
        }
        Event::IndexDropped { name } => {
            format!("dropped the invalid index {name} that a failed run had left")
        }
        Event::Retrying { statement, attempt, attempts, blockers } => {
            let by = blockers.iter().map(|blocker| format!("\n  in the way: {blocker}"));
            format!(
                "statement {} did not get its lock (attempt {attempt} of {attempts}), trying again: {}{}",
                statement.number,
                statement.text.lines().next().unwrap_or_default(),
                by.collect::<String>()
            )
        }
        _ => return None,
    })
}

pub(super) fn preview(pending: &[PendingMigration<'_>], verb: &str, done: &str) -> String {
    if pending.is_empty() {
        return format!("nothing to {verb}");
    }
    let mut text = String::new();
    for one in pending {
        text += &format!("would {verb} {}\n", one.migration.name.trim_end_matches("/down"));
        if let Some(started) = &one.started {
            let next = match apply::can_ask(&started.text) {
                true => "the catalog is asked how far it came",
                false => "nothing shows how far it came, see `orm-migrate repair`",
            };
            text += &format!(
                "  statement {} was begun by a run that broke off: {next}\n",
                started.statement
            );
        }
        for (mode, statements) in left(one) {
            text += match mode {
                ScriptMode::Transaction => "  in one transaction:\n",
                ScriptMode::Autocommit => "  each for itself:\n",
            };
            for statement in statements {
                let again = if statement.repeat { ", again until it changes no row" } else { "" };
                text += &format!("    -- statement {}{again}\n", statement.number);
                for line in statement.text.lines() {
                    text += &format!("    {line}\n");
                }
                // In a line of its own where a comment would swallow it.
                let swallowed = statement.text.lines().last().is_some_and(|it| it.contains("--"));
                text.truncate(text.len() - usize::from(!swallowed));
                text += if swallowed { "    ;\n" } else { ";\n" };
            }
        }
    }
    text += &match pending.len() {
        1 => format!("1 migration would be {done}"),
        count => format!("{count} migrations would be {done}"),
    };
    text + "; nothing was changed"
}

/// The statements that are left, with how they run.
fn left<'p>(one: &'p PendingMigration<'_>) -> Vec<(ScriptMode, Vec<&'p Statement>)> {
    let segments = one.script.segments.iter().map(|segment| {
        let left = segment.statements.iter().filter(|statement| statement.number > one.done);
        (segment.mode, left.collect::<Vec<_>>())
    });
    segments.filter(|(_, left)| !left.is_empty()).collect()
}

pub(super) fn preview_as_json(pending: &[PendingMigration<'_>]) -> Value {
    let pending = pending.iter().map(|one| {
        let segments = left(one).into_iter().map(|(mode, statements)| {
            let statements = statements.into_iter().map(|statement| {
                json!({
                    "number": statement.number,
                    "line": statement.line,
                    "text": statement.text,
                    "repeat": statement.repeat,
                })
            });
            json!({
                "mode": match mode {
                    ScriptMode::Transaction => "transaction",
                    ScriptMode::Autocommit => "autocommit",
                },
                "statements": statements.collect::<Vec<_>>(),
            })
        });
        json!({
            "name": one.migration.name,
            "statements": one.script.statements().count(),
            "statements_done": one.done,
            "statement_begun": one.started.as_ref().map(|started| started.statement),
            "segments": segments.collect::<Vec<_>>(),
        })
    });
    json!({ "dry_run": true, "pending": pending.collect::<Vec<_>>() })
}

/// Adds where and why to what machines are told of a failure.
pub(super) fn more(error: &ApplyError, said: &mut Value) {
    if let Some(place) = error.place() {
        said["place"] = json!({
            "file": place.file.display().to_string(),
            "statement": place.number,
            "statements": place.count,
            "line": place.line,
            "column": place.column,
        });
    }
    if let Some(reported) = error.reported() {
        let own = Reported::of(reported);
        said["server"] = json!({
            "sqlstate": reported.sqlstate(),
            "message": own.as_ref().map_or_else(|| reported.to_string(), |it| it.message.clone()),
            "detail": own.as_ref().and_then(|it| it.detail.as_deref()),
            "hint": own.as_ref().and_then(|it| it.hint.as_deref()),
        });
    }
    if let Some(kept) = error.kept() {
        said["statements_done"] = json!(match kept {
            Committed::Nothing => 0,
            Committed::Statements(done) => done,
        });
    }
}
