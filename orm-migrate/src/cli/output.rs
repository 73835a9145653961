//! The only file that prints: for people, or one JSON document for machines.

use super::Color;
use crate::error::{Exit, Failure};
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};

/// How to print.
#[derive(Debug)]
pub(super) struct Output {
    json: bool,
    /// Whether what goes to standard error may have colour.
    color: bool,
}

impl Output {
    pub(super) fn new(json: bool, color: Color) -> Self {
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org
            Color::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|said| !said.is_empty());
                std::io::stderr().is_terminal() && !refused
            }
        };
        Self { json, color }
    }

    /// A line while work goes on; only for people.
    pub(super) fn line(&self, text: &str) {
        if !self.json {
            write_out(text);
        }
    }

    /// What a verb has to say, once.
    pub(super) fn answer(&self, text: &str, document: Value) {
        if self.json { write_out(&document.to_string()) } else { write_out(text) }
    }

    /// Whether machines read it.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// A word to the person that is no answer.
    pub(super) fn note(&self, text: &str) {
        write_error(text);
    }

    pub(super) fn failed(&self, failure: &Failure) -> Exit {
        let exit = failure.exit();
        let message = failure.to_string();
        if self.json {
            let mut document = failed_as_json(&message, exit);
            if let (Failure::Apply(error), Some(said)) =
                (failure.cause(), document.get_mut("error"))
            {
                super::apply::more(error, said);
            }
            if let Some(details) = failure.details() {
                document["error"]["details"] = details;
            }
            write_out(&document.to_string());
            return exit;
        }
        let mark = if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        write_error(&format!("{mark}: {message}"));
        exit
    }
}

/// What clap says: help and version are answers, all else is wrong usage.
pub(super) fn usage(error: &clap::Error, json: bool) -> Exit {
    if json && error.use_stderr() {
        let message = error.render().to_string();
        write_out(&failed_as_json(message.trim_end(), Exit::Usage).to_string());
        return Exit::Usage;
    }
    // A reader that has gone away is not an error.
    let _printed = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

/// A word to the person while work goes on.
pub(super) fn aside(text: &str) {
    write_error(text);
}

fn failed_as_json(message: &str, exit: Exit) -> Value {
    json!({ "error": { "message": message, "exit_code": exit as u8 } })
}

fn write_out(text: &str) {
    let mut out = std::io::stdout().lock();
    let _printed = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn write_error(text: &str) {
    let _printed = writeln!(std::io::stderr().lock(), "{text}");
}
