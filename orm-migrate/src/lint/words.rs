//! The words of an SQL expression, without its strings and comments.

use super::types::is_word;

/// A word outside of strings, and whether it is called: `now` of `now()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LintWord {
    /// In lower case, unless it was quoted.
    pub(super) text: String,
    /// Whether a parenthesis follows.
    pub(super) called: bool,
}

/// The words of an expression, in order.
pub(super) fn words(sql: &str) -> Vec<LintWord> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '\'' => behind(after, '\''),
            '"' => {
                let text = after.split('"').next().unwrap_or_default();
                let behind = behind(after, '"');
                words.push(LintWord { text: text.to_owned(), called: calls(behind) });
                behind
            }
            '-' if after.starts_with('-') => after.split_once('\n').map_or("", |(_, next)| next),
            '/' if after.starts_with('*') => after.split_once("*/").map_or("", |(_, next)| next),
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let (word, next) = rest.split_at(end);
                words.push(LintWord { text: word.to_ascii_lowercase(), called: calls(next) });
                next
            }
            _ => after,
        };
    }
    words
}

/// Whether one of the words is this one.
pub(super) fn mentions(sql: &str, name: &str) -> bool {
    words(sql).iter().any(|word| word.text == name)
}

fn behind(text: &str, quote: char) -> &str {
    text.split_once(quote).map_or("", |(_, next)| next)
}

fn calls(rest: &str) -> bool {
    rest.trim_start().starts_with('(')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_strings_and_comments_do_not_count() {
        let sql = "lower(a) <> 'now()' AND \"B\" > /* random() */ now ( ) -- clock_timestamp()";
        let found: Vec<_> = words(sql).into_iter().map(|word| (word.text, word.called)).collect();
        let expected = [("lower", true), ("a", false), ("and", false), ("B", false), ("now", true)];
        assert_eq!(found, expected.map(|(text, called)| (text.to_owned(), called)));
        assert!(mentions("char_length(id) < 10", "id"));
        assert!(!mentions("char_length(ids) < 10", "id"));
        for broken in ["'", "\"", "a'b", "/*", "--", "é\"", "'é"] {
            words(broken);
        }
    }
}
