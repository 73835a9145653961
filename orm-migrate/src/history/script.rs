//! [`Script`]: the statements of an SQL file, each with its line; pure.
//!
//! Follows the lexical rules of the manual's section 4.1. Bodies in `BEGIN ATOMIC .. END` are kept whole as `psql` does:
//! by counting `CASE` and `END`.

mod refuse;

use std::fmt;

/// What a comment begins with that is meant for us: `-- orm:segment autocommit`, `-- orm:segment transaction`,
/// `-- orm:repeat` or `-- orm:empty`.
const MARK: &str = "orm:";

/// The comment of a file that has no statement on purpose.
pub(crate) const EMPTY: &str = "orm:empty";

/// The statements of an SQL file, in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The segments that hold statements, in order.
    pub segments: Vec<Segment>,
    /// Whether a line `-- orm:empty` says that it has no statement on purpose.
    pub marked_empty: bool,
}

/// Statements that run together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// How they run.
    pub mode: ScriptMode,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// How the statements of a segment run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptMode {
    /// All in one transaction.
    Transaction,
    /// Each for itself, as `CREATE INDEX CONCURRENTLY` demands.
    Autocommit,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its place among all statements of the file, from 1.
    pub number: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The character of that line that it begins at, from 1.
    pub column: usize,
    /// Its text, without the semicolon.
    pub text: String,
    /// Whether it runs again until it changes no row: `-- orm:repeat` stands above it.
    pub repeat: bool,
}

impl Statement {
    /// The line of the file that holds a position the server reported: a character of the text, from 1.
    pub fn line_of(&self, position: u32) -> usize {
        self.place_of(position).0
    }

    /// The line and the character in it that a position means which the server reported: a character of the text. All
    /// from 1.
    pub fn place_of(&self, position: u32) -> (usize, usize) {
        let before = usize::try_from(position).unwrap_or(usize::MAX).saturating_sub(1);
        let mut place = (self.line, self.column);
        for c in self.text.chars().take(before) {
            place = if c == '\n' { (place.0 + 1, 1) } else { (place.0, place.1 + 1) };
        }
        place
    }
}

/// A file that cannot be cut into statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ScriptError {}

impl Script {
    /// Cuts a file into statements.
    ///
    /// # Errors
    /// A quote, comment or body that does not end; an unknown segment or directive, or one in the wrong place; `BEGIN`,
    /// `COMMIT` and their like, which are the business of whoever runs the script.
    ///
    /// ```
    /// use orm_migrate::history::Script;
    /// let script = Script::parse("CREATE TABLE a ();\nSELECT ';';").unwrap();
    /// let lines: Vec<usize> = script.statements().map(|statement| statement.line).collect();
    /// assert_eq!(lines, [1, 2]);
    /// ```
    pub fn parse(sql: &str) -> Result<Self, ScriptError> {
        Scanner::new(sql).script()
    }

    /// All statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.segments.iter().flat_map(|segment| &segment.statements)
    }

    /// Whether it has no statement, and no line `-- orm:empty` says that this is on purpose: a file that was not
    /// written yet.
    pub fn is_unwritten(&self) -> bool {
        self.segments.is_empty() && !self.marked_empty
    }

    /// Whether all of it runs in one transaction.
    pub fn is_one_transaction(&self) -> bool {
        self.segments.len() <= 1 && self.segments.iter().all(|s| s.mode == ScriptMode::Transaction)
    }
}

/// The text of a file that the tool writes: marked where it has no statement, for that is on purpose.
pub(crate) fn written_or_marked(sql: String) -> String {
    if sql.trim().is_empty() { format!("-- {EMPTY}\n") } else { sql }
}

struct Scanner<'a> {
    sql: &'a str,
    at: usize,
    line: usize,
    column: usize,
    /// Where the statement in hand began: byte, line and column.
    begun: Option<(usize, usize, usize)>,
    parentheses: usize,
    /// Open `BEGIN ATOMIC` and `CASE`.
    blocks: usize,
    last_word: String,
    /// The line of a `-- orm:repeat` whose statement has not ended yet.
    repeat: Option<usize>,
    /// The line of `-- orm:empty`.
    empty: Option<usize>,
    segments: Vec<Segment>,
    count: usize,
}

impl<'a> Scanner<'a> {
    fn new(sql: &'a str) -> Self {
        Self {
            // As psql does: a byte order mark is no part of the first statement.
            sql: sql.strip_prefix('\u{feff}').unwrap_or(sql),
            at: 0,
            line: 1,
            column: 1,
            begun: None,
            parentheses: 0,
            blocks: 0,
            last_word: String::new(),
            repeat: None,
            empty: None,
            segments: vec![Segment { mode: ScriptMode::Transaction, statements: Vec::new() }],
            count: 0,
        }
    }

    fn script(mut self) -> Result<Script, ScriptError> {
        while let Some(c) = self.peek() {
            self.step(c)?;
        }
        self.end_statement()?;
        self.no_repeat_is_open()?;
        self.segments.retain(|segment| !segment.statements.is_empty());
        match self.empty {
            Some(line) if !self.segments.is_empty() => fail(
                line,
                format!(
                    "`-- {EMPTY}` stands in a file that has statements: take the line out, or the statements"
                ),
            ),
            empty => Ok(Script { segments: self.segments, marked_empty: empty.is_some() }),
        }
    }

    fn step(&mut self, c: char) -> Result<(), ScriptError> {
        let rest = self.rest();
        if rest.starts_with("--") {
            return self.line_comment();
        }
        if rest.starts_with("/*") {
            return self.block_comment();
        }
        if c.is_whitespace() {
            self.bump();
            return Ok(());
        }
        if c == ';' && self.parentheses == 0 && self.blocks == 0 {
            self.end_statement()?;
            self.bump();
            return Ok(());
        }
        if self.begun.is_none() {
            if c == '\\' {
                return refuse::psql_command(rest, self.line);
            }
            self.begun = Some((self.at, self.line, self.column));
        }
        match c {
            '\'' => self.quoted('\'', Escapes::No),
            '"' => self.quoted('"', Escapes::No),
            '$' => self.dollar(),
            _ if c.is_alphanumeric() || c == '_' => self.word(),
            _ => {
                match c {
                    '(' => self.parentheses += 1,
                    ')' => self.parentheses = self.parentheses.saturating_sub(1),
                    _ => {}
                }
                self.bump();
                Ok(())
            }
        }
    }

    fn line_comment(&mut self) -> Result<(), ScriptError> {
        // As the server reads it: a carriage return alone ends a comment too (manual, section 4.1.5).
        let text = self.rest().split(['\n', '\r']).next().unwrap_or_default();
        let line = self.line;
        self.skip(text.len());
        let Some(directive) = text.trim_start_matches('-').trim_start().strip_prefix(MARK) else {
            return Ok(());
        };
        let (name, value) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
        if self.begun.is_some() {
            return fail(
                line,
                format!("`-- {MARK}{name}` stands within a statement: end the statement with `;`"),
            );
        }
        match name {
            "segment" => self.segment(value.trim(), line),
            "repeat" => self.repeat(line),
            "empty" => {
                self.empty = Some(line);
                Ok(())
            }
            _ => fail(
                line,
                format!(
                    "unknown directive `-- {MARK}{name}`: expected `-- {MARK}segment autocommit`, `-- {MARK}segment \
                     transaction`, `-- {MARK}repeat` or `-- {EMPTY}`"
                ),
            ),
        }
    }

    fn segment(&mut self, mode: &str, line: usize) -> Result<(), ScriptError> {
        self.no_repeat_is_open()?;
        let mode = match mode {
            "autocommit" => ScriptMode::Autocommit,
            "transaction" => ScriptMode::Transaction,
            other => {
                let message = format!(
                    "unknown segment `{other}`: expected `-- {MARK}segment autocommit` or `-- {MARK}segment transaction`"
                );
                return fail(line, message);
            }
        };
        self.segments.push(Segment { mode, statements: Vec::new() });
        Ok(())
    }

    fn repeat(&mut self, line: usize) -> Result<(), ScriptError> {
        self.no_repeat_is_open()?;
        if self.segments.last().is_none_or(|segment| segment.mode != ScriptMode::Autocommit) {
            // In one transaction all runs together would lock what one big statement locks.
            return fail(
                line,
                format!(
                    "`-- {MARK}repeat` stands outside of a segment `-- {MARK}segment autocommit`: each run is a \
                     transaction of its own"
                ),
            );
        }
        self.repeat = Some(line);
        Ok(())
    }

    fn no_repeat_is_open(&self) -> Result<(), ScriptError> {
        match self.repeat {
            Some(line) => fail(line, format!("`-- {MARK}repeat` is followed by no statement")),
            None => Ok(()),
        }
    }

    fn block_comment(&mut self) -> Result<(), ScriptError> {
        let line = self.line;
        let mut depth = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    return Ok(());
                }
            } else if self.bump().is_none() {
                return fail(line, "a comment `/*` without its `*/`");
            }
        }
    }

    fn quoted(&mut self, quote: char, escapes: Escapes) -> Result<(), ScriptError> {
        let line = self.line;
        self.bump();
        // A doubled quote reads as the end of one piece and the start of the next: the same statement either way.
        loop {
            match self.bump() {
                Some('\\') if escapes == Escapes::Backslash => {
                    self.bump();
                }
                Some(c) if c == quote => return Ok(()),
                Some(_) => {}
                None => return fail(line, format!("a quote {quote} that does not end")),
            }
        }
    }

    fn dollar(&mut self) -> Result<(), ScriptError> {
        let line = self.line;
        let rest = self.rest();
        let tag = rest.get(1..).and_then(|after| after.split_once('$')).map(|(tag, _)| tag);
        let is_tag = |tag: &str| {
            tag.chars().all(|c| c.is_alphanumeric() || c == '_')
                && !tag.starts_with(|c: char| c.is_ascii_digit())
        };
        let Some(tag) = tag.filter(|tag| is_tag(tag)) else {
            self.bump();
            return Ok(());
        };
        let mark = format!("${tag}$");
        let body = rest.get(mark.len()..).unwrap_or_default();
        let Some(end) = body.find(&mark) else {
            return fail(line, format!("a quote {mark} that does not end"));
        };
        self.skip(mark.len() + end + mark.len());
        Ok(())
    }

    fn word(&mut self) -> Result<(), ScriptError> {
        let rest = self.rest();
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_ascii_uppercase();
        self.skip(end);
        match word.as_str() {
            "E" if self.peek() == Some('\'') => self.quoted('\'', Escapes::Backslash)?,
            "ATOMIC" if self.last_word == "BEGIN" => self.blocks += 1,
            "CASE" if self.blocks > 0 => self.blocks += 1,
            "END" => self.blocks = self.blocks.saturating_sub(1),
            _ if self.is_copy() => refuse::copy_by_client(&self.last_word, &word, self.line)?,
            _ => {}
        }
        self.last_word = word;
        Ok(())
    }

    fn is_copy(&self) -> bool {
        let text = self.begun.and_then(|(start, ..)| self.sql.get(start..));
        text.and_then(|text| text.get(..4)).is_some_and(|word| word.eq_ignore_ascii_case("copy"))
    }

    fn end_statement(&mut self) -> Result<(), ScriptError> {
        let Some((start, line, column)) = self.begun.take() else { return Ok(()) };
        if self.blocks > 0 {
            return fail(line, "a body `BEGIN ATOMIC` without its `END`");
        }
        self.parentheses = 0;
        self.last_word.clear();
        let text = self.sql.get(start..self.at).unwrap_or_default().trim_end();
        refuse::transaction_control(text, line)?;
        let repeat = self.repeat.take().is_some();
        if repeat {
            refuse::endless(text, line)?;
        }
        self.count += 1;
        let (number, text) = (self.count, text.to_owned());
        let statement = Statement { number, line, column, text, repeat };
        if let Some(segment) = self.segments.last_mut() {
            segment.statements.push(statement);
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.sql.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.pass(c);
        Some(c)
    }

    fn skip(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or_default();
        self.at += passed.len();
        passed.chars().for_each(|c| self.pass(c));
    }

    fn pass(&mut self, c: char) {
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    No,
    Backslash,
}

fn fail<T>(line: usize, message: impl Into<String>) -> Result<T, ScriptError> {
    Err(ScriptError { line, message: message.into() })
}

#[cfg(test)]
mod tests;
