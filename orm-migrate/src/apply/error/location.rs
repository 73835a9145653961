//! [`SourceLocation`]: where in a migration's file something happened, and how that looks.

use crate::history::Statement;
use std::fmt;
use std::path::{Path, PathBuf};

/// The most characters of a line that are shown.
const WIDTH: usize = 100;

/// Where in a migration's file something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    /// The file.
    pub file: PathBuf,
    /// The statement, from 1.
    pub number: usize,
    /// How many statements the file has.
    pub count: usize,
    /// The line of the position that the server named, or else of the statement's beginning; from 1.
    pub line: usize,
    /// The character of that line, from 1, where the server named a position.
    pub column: Option<usize>,
    /// The text of that line.
    pub text: String,
}

impl SourceLocation {
    pub(in crate::apply) fn of(
        up: &str,
        file: &Path,
        statement: &Statement,
        count: usize,
        position: Option<u32>,
        context: Option<&str>,
    ) -> Self {
        let place = position.map(|position| statement.place_of(position));
        let in_body = || context.and_then(|context| line_in_body(statement, context));
        let line = place.map(|(line, _)| line).or_else(in_body).unwrap_or(statement.line);
        let text = up.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned();
        let column = place.map(|(_, column)| column);
        Self { file: file.to_owned(), number: statement.number, count, line, column, text }
    }

    /// The line with its number, and a mark below the place; begins with a line end. Nothing for an empty line.
    pub fn excerpt(&self) -> String {
        let count = self.text.chars().count();
        if self.text.trim().is_empty() {
            return String::new();
        }
        // Of a long line, what stands around the place.
        let at = self.column.unwrap_or(1).saturating_sub(1).min(count);
        let from = if count <= WIDTH { 0 } else { at.saturating_sub(WIDTH / 2).min(count - WIDTH) };
        let shown: String = self.text.chars().skip(from).take(WIDTH).collect();
        let before = if from > 0 { "… " } else { "" };
        let after = if from + WIDTH < count { " …" } else { "" };
        let number = self.line.to_string();
        let mut excerpt = format!("\n  {number} | {before}{shown}{after}");
        if self.column.is_some() {
            // Tabs stay, so that the mark stands where the terminal shows the place.
            let blank = |c| if c == '\t' { '\t' } else { ' ' };
            let shift: String =
                before.chars().chain(shown.chars().take(at - from)).map(blank).collect();
            excerpt += &format!("\n  {} | {shift}^", " ".repeat(number.len()));
        }
        excerpt
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, number, count, line, .. } = self;
        write!(f, "{}: statement {number} of {count}, line {line}", file.display())
    }
}

/// The line of the file that a context means: `PL/pgSQL function inline_code_block line 3 at RAISE`, whatever the
/// server's language. The first line of a body is the one that its quote begins on.
fn line_in_body(statement: &Statement, context: &str) -> Option<usize> {
    let (_, after) = context.split_once("inline_code_block")?;
    let after = after.lines().next()?.trim_start_matches(|c: char| !c.is_ascii_digit());
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let line: usize = after.get(..digits)?.parse().ok()?;
    let (head, body) = statement.text.split_once('$')?;
    let first = statement.line + head.matches('\n').count();
    (1..=body.lines().count()).contains(&line).then(|| first + line - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, column: Option<usize>, expected: &str) {
        let file = PathBuf::from("up.sql");
        let text = text.to_owned();
        let place = SourceLocation { file, number: 1, count: 2, line: 12, column, text };
        assert_eq!(place.excerpt(), expected);
    }

    #[test]
    fn a_mark_stands_below_the_place() {
        check("SELECT nö, x", Some(12), "\n  12 | SELECT nö, x\n     |            ^");
        check("\tx", Some(2), "\n  12 | \tx\n     | \t^");
        check("x", Some(9), "\n  12 | x\n     |  ^");
        check("SELECT", None, "\n  12 | SELECT");
        check("  ", Some(1), "");
    }

    #[test]
    fn of_a_long_line_the_place_is_shown() {
        let line = format!("{}!{}", "a".repeat(200), "b".repeat(200));
        let shown = format!("… {}!{} …", "a".repeat(50), "b".repeat(49));
        check(&line, Some(201), &format!("\n  12 | {shown}\n     | {}^", " ".repeat(52)));
        let end = format!("{}!", "a".repeat(200));
        let shown = format!("… {}!", "a".repeat(99));
        check(&end, Some(201), &format!("\n  12 | {shown}\n     | {}^", " ".repeat(101)));
    }
}
