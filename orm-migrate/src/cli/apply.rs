//! `apply`: what is pending, one line for each that is done.

use super::output::Output;
use crate::apply::{Options, apply};
use crate::error::{Exit, Failure};
use crate::history::Folder;
use orm_core::exec::Config;
use serde_json::json;

pub(super) async fn run(
    config: &Config,
    folder: &Folder,
    options: &Options,
    output: &Output,
) -> Result<Exit, Failure> {
    let applied = apply(config, folder, options, |applied| {
        let milliseconds = applied.duration.as_millis();
        output.line(&format!("applied {} ({milliseconds} ms)", applied.name));
    })
    .await?;
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
