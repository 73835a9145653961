//! `completions`: what a shell needs to complete the verbs and flags.

use super::Flags;
use super::output::Output;
use crate::error::{Exit, Failure};
use clap::CommandFactory as _;
use clap_complete::{Shell, generate};
use serde_json::json;

pub(super) fn run(shell: Shell, output: &Output) -> Result<Exit, Failure> {
    let mut command = Flags::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    generate(shell, &mut command, name, &mut script);
    let script = String::from_utf8_lossy(&script);
    // clap_complete 4.6 takes the hyphen of our name for the border of a verb in one half of the script, and not in
    // the other, so that bash would find no flag of any verb.
    let script = script.replace("orm__subcmd__migrate", "orm__migrate");
    output.answer(script.trim_end(), json!({ "shell": shell.to_string(), "script": script }));
    Ok(Exit::Done)
}
