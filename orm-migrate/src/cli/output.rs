//! The only file that prints: for people, or one JSON document for machines.

mod mask;

use super::Color;
use crate::error::{Exit, Failure};
use mask::masked;
use serde_json::{Value, json};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::OnceLock;

/// How to print.
#[derive(Debug)]
pub(super) struct Output {
    json: bool,
    /// Whether what goes to standard error may have colour.
    color: bool,
    /// Why an answer could not be written.
    unwritten: OnceLock<io::Error>,
}

impl Output {
    pub(super) fn new(json: bool, color: Color) -> Self {
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org
            Color::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|said| !said.is_empty());
                io::stderr().is_terminal() && !refused
            }
        };
        Self { json, color, unwritten: OnceLock::new() }
    }

    /// A line while work goes on; only for people.
    pub(super) fn line(&self, text: &str) {
        if !self.json {
            self.write(text);
        }
    }

    /// What a verb has to say, once.
    pub(super) fn answer(&self, text: &str, document: Value) {
        if self.json { self.write(&document.to_string()) } else { self.write(text) }
    }

    /// Whether machines read it.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// A word to the person that is no answer.
    pub(super) fn note(&self, text: &str) {
        write_error(&masked(text));
    }

    fn write(&self, text: &str) {
        if let Err(error) = write_out(text) {
            let _first = self.unwritten.set(error);
        }
    }

    /// The code of a run whose answer did not reach its reader, as on a full disk: what is missing would pass for
    /// what is not there.
    pub(super) fn delivered(&self, code: u8) -> u8 {
        let Some(error) = self.unwritten.get() else { return code };
        write_error(&format!("{}: could not write the answer: {error}", self.mark()));
        if code == Exit::Done as u8 { Exit::Error as u8 } else { code }
    }

    fn mark(&self) -> &'static str {
        if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" }
    }

    pub(super) fn failed(&self, failure: &Failure) -> Exit {
        let exit = failure.exit();
        let message = masked(&failure.to_string()).into_owned();
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
            self.write(&document.to_string());
            return exit;
        }
        write_error(&format!("{}: {message}", self.mark()));
        exit
    }
}

/// What clap says: help and version are answers, all else is wrong usage.
pub(super) fn usage(error: &clap::Error, json: bool) -> Exit {
    if !error.use_stderr() {
        // A reader that has gone away is not an error.
        let _printed = error.print();
        return Exit::Done;
    }
    let message = error.render().to_string();
    if json {
        let document = failed_as_json(&masked(message.trim_end()), Exit::Usage);
        // What was wrong is in the code too.
        let _printed = write_out(&document.to_string());
    } else if masked(&message) == message {
        // With its colours.
        let _printed = error.print();
    } else {
        write_error(masked(&message).trim_end());
    }
    Exit::Usage
}

/// A word to the person while work goes on.
pub(super) fn aside(text: &str) {
    write_error(&masked(text));
}

fn failed_as_json(message: &str, exit: Exit) -> Value {
    json!({ "error": { "message": message, "exit_code": exit as u8 } })
}

fn write_out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        // A reader that has gone away wants no more.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn write_error(text: &str) {
    let _printed = writeln!(io::stderr().lock(), "{text}");
}
