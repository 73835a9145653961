//! The names in a piece of SQL: string literals and comments hold none.

use std::borrow::Cow;

/// Whether an expression names a column, table or other object, as far as its text tells: it may say yes where the
/// name is that of something else, but not where it only occurs in a string literal or comment.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    // Within a literal a quote of the name is written twice.
    (has_word(sql, name) || name.contains('\''))
        && (!has_literals(sql) || has_word(&code(sql), name))
}

/// Whether a word occurs anywhere in a text, also in literals: the body of a function is one.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let quoted = word.replace('"', "\"\"");
    text.match_indices(quoted.as_str()).any(|(start, found)| {
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let after = text.get(start + found.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn has_literals(sql: &str) -> bool {
    sql.contains(['\'', '$']) || sql.contains("--") || sql.contains("/*")
}

/// The text without its string literals and comments (manual, section 4.1). A literal that is read as a name when the
/// expression is made, such as `'public.s'::regclass`, stays: the server records a dependency on what it names.
pub(crate) fn code(sql: &str) -> Cow<'_, str> {
    if !has_literals(sql) {
        return Cow::Borrowed(sql);
    }
    let mut code = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '\'' => {
                let end = end_of_literal(rest, is_escape(&code));
                let (literal, after) = rest.split_at(end);
                if is_name(&code, after) {
                    code.push_str(&literal.replace("''", "'"));
                } else {
                    code.push_str("''");
                }
                end
            }
            '"' => {
                let end = end_of_quoted(rest);
                code.push_str(rest.get(..end).unwrap_or_default());
                end
            }
            '$' if !code.chars().next_back().is_some_and(is_of_word) => {
                let end = end_of_dollars(rest);
                code.push_str(if end == 1 { "$" } else { "''" });
                end
            }
            '-' if rest.starts_with("--") => {
                code.push(' ');
                rest.find('\n').unwrap_or(rest.len())
            }
            '/' if rest.starts_with("/*") => {
                code.push(' ');
                end_of_comment(rest)
            }
            other => {
                code.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(end..).unwrap_or_default();
    }
    Cow::Owned(code)
}

/// Whether the literal that follows has backslash escapes: `E'..'`.
fn is_escape(before: &str) -> bool {
    let mut last = before.chars().rev();
    matches!(last.next(), Some('e' | 'E')) && !last.next().is_some_and(is_of_word)
}

/// Behind the closing quote. A quote that is written twice is one of the literal.
fn end_of_literal(text: &str, has_escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if has_escapes => {
                chars.next();
            }
            '\'' if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                chars.next();
            }
            '\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Behind the closing double quote.
fn end_of_quoted(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '"' {
            if chars.peek().is_some_and(|(_, next)| *next == '"') {
                chars.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

/// Behind `$tag$ .. $tag$`; 1 where it is another dollar sign, as in `$1`.
fn end_of_dollars(text: &str) -> usize {
    let Some(end) = text.get(1..).and_then(|it| it.find('$')).map(|at| at + 2) else { return 1 };
    let (tag, body) = text.split_at(end);
    let name = tag.trim_matches('$');
    let is_tag = name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return 1;
    }
    body.find(tag).map_or(text.len(), |at| end + at + tag.len())
}

/// Behind `*/`. Comments nest.
fn end_of_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The types whose literals name an object (manual, section 8.19).
const NAMES: [&str; 10] = [
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regtype",
];

/// The functions whose argument is one, where no cast says so.
const OF_SEQUENCES: [&str; 3] = ["nextval", "currval", "setval"];

fn is_name(before: &str, after: &str) -> bool {
    let is_type = |text: &str| {
        let text = text.trim_start();
        let text = text.strip_prefix("pg_catalog.").unwrap_or(text);
        let word = text.split(|c| !is_of_word(c)).next().unwrap_or_default();
        NAMES.iter().any(|it| word.eq_ignore_ascii_case(it))
    };
    let last_word = |text: &str| {
        let text = text.trim_end();
        let start = text.rfind(|c| !is_of_word(c)).map_or(0, |at| at + 1);
        text.get(start..).unwrap_or_default().to_ascii_lowercase()
    };
    let after = after.trim_start();
    if let Some(cast) = after.strip_prefix("::") {
        return is_type(cast);
    }
    if let Some(cast) = after.get(..3).filter(|it| it.eq_ignore_ascii_case("as ")) {
        return is_type(after.get(cast.len()..).unwrap_or_default());
    }
    match before.trim_end().strip_suffix('(') {
        Some(call) => OF_SEQUENCES.contains(&last_word(call).as_str()),
        // `regclass 'public.s'`
        None => NAMES.contains(&last_word(before).as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::{code, mentions};

    #[test]
    fn literals_and_comments_name_nothing() {
        for sql in [
            "'active'::text",
            "(status = 'active'::text)",
            "'it''s active'",
            r"E'it\'s active' || x",
            "x -- active\n+ 1",
            "x /* active /* active */ active */ + 1",
            "$$active$$",
            "$a$ active $$ active $a$ || x",
            "to_regclass('active'::text)",
            "'active",
            "U&'active'",
        ] {
            assert!(!mentions(sql, "active"), "{sql}");
        }
    }

    #[test]
    fn names_stay_also_in_quotes_and_as_literals_of_names() {
        for sql in [
            "active",
            "public.active",
            "\"active\"",
            "'x' || active || 'y'",
            "'x\\' || active || 'y'",
            "\"it's\" || active || \"it's\"",
            "nextval('public.active'::regclass)",
            "nextval('active')",
            "CAST('active' AS regclass)",
            "regclass 'active'",
            "'active'::pg_catalog.regproc",
            "$1 + active",
            "x$1 + active",
            "x /* a */ + active -- b",
            "'a'::public.active",
            "$$a$$ || active",
        ] {
            assert!(mentions(sql, "active"), "{sql}: {}", code(sql));
        }
    }

    #[test]
    fn any_text_has_an_end() {
        for sql in ["'", "\"", "$", "$$", "/*", "/", "-", "--", "E'\\", "ü'ü", "/*ü", "$ü$ü", "'ü"]
        {
            code(sql);
        }
    }
}
