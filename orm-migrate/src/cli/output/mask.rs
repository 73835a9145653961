//! [`masked`]: no password in any message, wherever somebody has put one.

use std::borrow::Cow;

/// What stands in its place.
const MASK: &str = "***";

/// The text without what looks like the password of a URL: `://role:password@host`, `role:password@host` and
/// `password=..`. Errors name what was given to them, and a URL may be given in the wrong place.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains('@') && !text.contains("password=") {
        return Cow::Borrowed(text);
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | ',' | ';' | ')');
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(is_end) {
        out += &word_masked(word);
    }
    Cow::Owned(out)
}

fn word_masked(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(password) = word.rfind('@').and_then(|at| of_role(word.get(..at)?)) {
        word.replace_range(password, MASK);
    }
    if let Some(at) = word.find("password=") {
        let begin = at + "password=".len();
        let rest = word.get(begin..).unwrap_or_default();
        let is_end = |c: char| c == '&' || c.is_whitespace() || matches!(c, '\'' | '"' | '`');
        let end = rest.find(is_end).unwrap_or(rest.len());
        word.replace_range(begin..begin + end, MASK);
    }
    word
}

/// Where the password is in what stands before the `@`.
fn of_role(before: &str) -> Option<std::ops::Range<usize>> {
    let begin = match before.find("://") {
        Some(scheme) => scheme + 3,
        // A URL with a slip of the pen.
        None => before.rfind('/').map_or(0, |slash| slash + 1),
    };
    let colon = begin + before.get(begin..)?.find(':')?;
    (colon + 1 < before.len()).then_some(colon + 1..before.len())
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn passwords_of_urls_are_not_shown() {
        check("`postgres://a:se@cr/et@h:5432/x` is", "`postgres://a:***@h:5432/x` is");
        check("folder app:secret@h/db", "folder app:***@h/db");
        check("postgres:/app:secret@h/db", "postgres:/app:***@h/db");
        check("host=h password=secret user=a", "host=h password=*** user=a");
        check("postgres://h/x?password=secret&user=a'", "postgres://h/x?password=***&user=a'");
    }

    #[test]
    fn what_has_no_password_stays() {
        for text in
            ["ada@example.com", "postgres://a@h/x", "nothing", "a: b@c", "is :@ there", "a:@h"]
        {
            check(text, text);
        }
    }
}
