//! Asks on a terminal.

use super::output::Output;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// Whether somebody is there to be asked.
pub(super) fn can(output: &Output) -> bool {
    !output.is_json() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether the answer is yes; all else, also none, is no.
pub(super) async fn yes(question: &str) -> bool {
    line(&format!("{question} [y/N] ")).await.is_some_and(|line| is_yes(&line))
}

/// One line of a person; nothing when there are no more.
pub(super) async fn line(prompt: &str) -> Option<String> {
    let mut terminal = std::io::stderr().lock();
    let _printed = write!(terminal, "{prompt}").and_then(|()| terminal.flush());
    drop(terminal);
    let (answer, answered) = tokio::sync::oneshot::channel();
    // Not a task: whoever is stopped meanwhile does not wait for an answer.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let _gone = answer.send(read.ok().filter(|bytes| *bytes > 0).map(|_| line));
    });
    answered.await.ok().flatten()
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes(" YES\r\n"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("n\n") && !is_yes("yy\n"));
    }
}
