//! [`Statement`]: what has been read of one statement, and whether it may go on like that.

use super::functions::{is_harmless, is_syntax};
use super::tokens::Token;

const VERBS: [&str; 6] = ["select", "insert", "update", "delete", "merge", "values"];

/// What has been read of one statement.
#[derive(Default)]
pub(super) struct Statement<'a> {
    /// How many parentheses are open.
    depth: usize,
    /// `SELECT`, `INSERT`, .. was read, outside of `WITH x AS (..)`.
    has_verb: bool,
    /// It begins with `WITH`.
    is_with: bool,
    /// It is `SET LOCAL`, whatever follows.
    is_local: bool,
    /// The last token, and those before it.
    before: [Option<Token<'a>>; 2],
    /// The last token is `INSERT` or `MERGE`, where a statement begins.
    begins_insert: bool,
    /// The name of the table that is inserted into is being read: a list of columns may follow.
    names_table: bool,
    /// `JOIN`s whose `ON` was not read yet.
    joins: usize,
    /// The last `ON` belongs to no join: `CONFLICT` may follow.
    is_free_on: bool,
    has_insert: bool,
    has_merge: bool,
    has_distinct_on: bool,
    /// The last token opened a parenthesis that may be a call of an unknown function.
    is_open: bool,
    /// How many parentheses were open before each `set_config(`.
    local_calls: Vec<usize>,
}

impl<'a> Statement<'a> {
    /// Takes the next token; false where the statement may do what lasts.
    pub(super) fn allows(&mut self, token: Token<'a>) -> bool {
        if self.is_local {
            return true;
        }
        let may_name_table = std::mem::take(&mut self.begins_insert);
        let is_allowed = self.begins_well(token) && self.goes_on(token, may_name_table);
        self.before = [Some(token), self.before[0]];
        is_allowed
    }

    /// Notes verbs. A statement begins at the start, after a parenthesis, and after `WITH x AS (..)`.
    fn begins_well(&mut self, token: Token<'a>) -> bool {
        let is_first = self.before[0].is_none();
        let after_open = self.before[0] == Some(Token::Sign('('));
        let after_with = self.is_with
            && !self.has_verb
            && self.depth == 0
            && self.before[0] == Some(Token::Sign(')'));
        let is_verb = VERBS.iter().any(|verb| token.is(verb));
        if is_verb && (is_first || after_open || after_with) {
            self.begins_insert = token.is("insert") || token.is("merge");
            self.has_insert |= token.is("insert");
            self.has_merge |= token.is("merge");
        }
        if is_verb && self.depth == 0 && (is_first || after_with) {
            self.has_verb = true;
        }
        if !is_first {
            return true;
        }
        self.is_with = token.is("with");
        // `(SELECT ..) UNION ..`: what stands in it is looked at as in any parenthesis.
        is_verb || self.is_with || token.is("set") || token == Token::Sign('(')
    }

    fn goes_on(&mut self, token: Token<'a>, may_name_table: bool) -> bool {
        let [last, before_last] = self.before;
        // An argument of a function cannot begin like that: it was a subquery.
        let is_subquery = token.is("select") || token.is("with");
        if std::mem::take(&mut self.is_open) && !is_subquery {
            return false;
        }
        if last.is_some_and(|it| it.is("set")) && before_last.is_none() {
            self.is_local = token.is("local");
            return self.is_local;
        }
        let was_named = std::mem::replace(&mut self.names_table, false);
        match token {
            // `SELECT .. INTO` makes a table, perhaps a temporary one.
            Token::Word(_) if token.is("into") => {
                self.names_table = may_name_table;
                self.names_table
            }
            Token::Word(_) | Token::Quoted(_) => {
                self.names_table =
                    was_named && last.is_some_and(|it| it.is("into") || it == Token::Sign('.'));
                self.notes_join(token);
                true
            }
            Token::Sign('.') => {
                self.names_table = was_named;
                true
            }
            Token::Sign('(') => {
                self.depth += 1;
                if !was_named && !self.calls_nothing() {
                    self.is_open = true;
                }
                true
            }
            Token::Sign(')') => {
                let Some(depth) = self.depth.checked_sub(1) else { return false };
                self.depth = depth;
                if self.local_calls.last() == Some(&depth) {
                    self.local_calls.pop();
                    // `set_config(name, value, true)` ends with the transaction.
                    return last.is_some_and(|it| it.is("true"))
                        && before_last == Some(Token::Sign(','));
                }
                true
            }
            Token::Sign(_) | Token::Value => true,
        }
    }

    fn notes_join(&mut self, token: Token<'a>) {
        if token.is("join") {
            self.joins += 1;
        } else if token.is("on") {
            self.is_free_on = self.joins == 0;
            self.joins = self.joins.saturating_sub(1);
            self.has_distinct_on |= self.before[0].is_some_and(|it| it.is("distinct"));
        }
    }

    /// What stands before a parenthesis says what it means.
    fn calls_nothing(&mut self) -> bool {
        let [last, before_last] = self.before;
        let Some(last) = last else { return true };
        let follows =
            |words: &[&str]| before_last.is_some_and(|it| words.iter().any(|word| it.is(word)));
        match last {
            // An operator, another parenthesis, a comma, a value.
            Token::Sign(sign) => sign != '.',
            Token::Value => true,
            // `AS name (columns)`, `CAST(.. AS type(3))`, `WITH name (columns)`.
            Token::Word(_) | Token::Quoted(_) if follows(&["as", "with"]) => true,
            // That of a user's own function, or one whose name needs no quotes.
            Token::Quoted(_) => false,
            Token::Word(_) if before_last == Some(Token::Sign('.')) => false,
            Token::Word(_) if last.is("by") => follows(&["group", "order", "partition"]),
            Token::Word(_) if last.is("cube") || last.is("rollup") => follows(&["by"]),
            Token::Word(_) if last.is("sets") => follows(&["grouping"]),
            Token::Word(_) if last.is("varying") => follows(&["char", "character", "bit"]),
            Token::Word(_) if last.is("filter") || last.is("over") => {
                before_last == Some(Token::Sign(')')) && !self.has_distinct_on
            }
            Token::Word(_) if last.is("conflict") => {
                follows(&["on"]) && self.is_free_on && self.has_insert && !self.has_merge
            }
            Token::Word(_) if last.is("set_config") => {
                self.local_calls.push(self.depth.saturating_sub(1));
                true
            }
            Token::Word(word) => is_syntax(word) || is_harmless(word),
        }
    }
}
