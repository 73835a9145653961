//! The binary, as a user runs it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// What a run of the tool printed, and its exit code.
#[derive(Debug)]
pub struct ToolOutput {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub error: String,
}

impl ToolOutput {
    /// What a command printed.
    ///
    /// # Panics
    /// It does not start.
    pub fn of(command: &mut Command) -> Self {
        command.output().expect("a program that runs").into()
    }

    /// Both streams, for messages.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.error)
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.all());
        assert!(!self.error.contains("panicked"), "{}", self.error);
        self
    }

    /// Checks that each of these is somewhere in what was printed.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            let is_there = self.out.contains(part) || self.error.contains(part);
            assert!(is_there, "{part} is not in\n{}", self.all());
        }
        self
    }

    /// Checks that it succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    /// Checks that it failed with this code and these words.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Self {
        self.exits(code).says(words)
    }

    /// Checks the exit code, and that each of these is in standard error.
    #[track_caller]
    pub fn reports(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.all());
        for part in parts {
            assert!(self.error.contains(part), "{part}: {}", self.error);
        }
        assert!(!self.error.contains("panicked"), "{}", self.error);
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}", self.all()))
    }
}

impl From<Output> for ToolOutput {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            error: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// The binary with these flags, no database in its environment, and nothing to read.
pub fn tool(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    command.stdin(Stdio::null());
    command
}

/// What the binary prints with these flags.
pub fn run(arguments: &[&str]) -> ToolOutput {
    ToolOutput::of(&mut tool(arguments))
}

/// Cargo builds it before the integration tests, in the folder above theirs.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("a test in target/debug/deps");
    let program = folder.join(format!("orm-migrate{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is not built", program.display());
    program
}
