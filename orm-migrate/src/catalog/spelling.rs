//! One spelling for what releases of one server write differently: text of an older minor release, in a file or in a
//! database that was upgraded, is compared with that of a newer one.
//!
//! `EXTRACT('YEAR' FROM ts)` is written as `EXTRACT(YEAR FROM ts)` until 15.18 and its siblings, which they read as
//! another constant, and as `EXTRACT("YEAR" FROM ts)` by those of November 2026. The field is compared without case.

use std::borrow::Cow;

const EXTRACT: &str = "EXTRACT(";

/// The server's text with each field of `EXTRACT` as `EXTRACT(year FROM`. What stands in quotes is left as it is.
pub(crate) fn settled(sql: &str) -> Cow<'_, str> {
    if !sql.contains(EXTRACT) {
        return Cow::Borrowed(sql);
    }
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let is_word = text.chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '_');
        if let Some((field, after)) = rest.strip_prefix(EXTRACT).and_then(field)
            && !is_word
        {
            text += EXTRACT;
            text += &field.to_ascii_lowercase();
            rest = after;
            continue;
        }
        let length = quoted(rest, text.ends_with('E')).unwrap_or(next.len_utf8());
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        text += taken;
        rest = after;
    }
    Cow::Owned(text)
}

/// The field that stands before ` FROM `, with or without quotes, and what follows it.
fn field(sql: &str) -> Option<(&str, &str)> {
    let end = sql.find(" FROM ")?;
    let (field, after) = sql.split_at_checked(end)?;
    let field = field.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(field);
    let is_word =
        !field.is_empty() && field.chars().all(|it| it.is_ascii_alphabetic() || it == '_');
    is_word.then_some((field, after))
}

/// The length of a constant or name in quotes that the text begins with.
fn quoted(sql: &str, has_escapes: bool) -> Option<usize> {
    let first = sql.chars().next()?;
    match first {
        '\'' | '"' => {
            let mut is_escaped = false;
            let end = sql.char_indices().skip(1).find(|(_, it)| {
                let ends = !is_escaped && *it == first;
                is_escaped = !is_escaped && first == '\'' && has_escapes && *it == '\\';
                ends
            });
            // A doubled quote ends one part and begins the next.
            Some(end.map_or(sql.len(), |(index, _)| index + 1))
        }
        '$' => {
            let tag = sql.get(1..)?.find('$').and_then(|end| sql.get(..end + 2))?;
            let is_tag = tag.trim_matches('$').chars().all(|it| it.is_alphanumeric() || it == '_');
            let body = sql.get(tag.len()..).filter(|_| is_tag)?;
            Some(body.find(tag).map_or(sql.len(), |end| end + 2 * tag.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn the_field_of_extract_has_one_spelling() {
        for (text, expected) in [
            ("(EXTRACT(YEAR FROM ts) > (2)::numeric)", "(EXTRACT(year FROM ts) > (2)::numeric)"),
            ("EXTRACT(\"Year\" FROM ts)", "EXTRACT(year FROM ts)"),
            ("EXTRACT(year FROM ts)", "EXTRACT(year FROM ts)"),
            (
                "EXTRACT(\"YEAR\" FROM EXTRACT(MONTH FROM ü))",
                "EXTRACT(year FROM EXTRACT(month FROM ü))",
            ),
        ] {
            assert_eq!(settled(text), expected);
        }
    }

    #[test]
    fn what_stands_in_quotes_is_left_as_it_is() {
        for text in [
            "'EXTRACT(YEAR FROM ts)'::text",
            "'it''s EXTRACT(YEAR FROM ts)'",
            "E'\\'EXTRACT(YEAR FROM ts)'",
            "\"EXTRACT(YEAR FROM ts)\"",
            "AS $function$ SELECT EXTRACT(YEAR FROM ts) $function$",
            "AS $$EXTRACT(YEAR FROM ts)$$",
            "my_EXTRACT(YEAR FROM ts)",
            "EXTRACT('a b' FROM ts)",
            "EXTRACT(",
            "'EXTRACT(YEAR FROM ",
            "$1 || $EXTRACT(",
        ] {
            assert_eq!(settled(text), text);
        }
    }
}
