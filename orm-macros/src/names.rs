//! Names: from Rust's to PostgreSQL's, near misses, and names as bits.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// The longest identifier that PostgreSQL keeps whole, in bytes (manual, section 4.1.1).
pub(crate) const MAX_BYTES: usize = 63;

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

/// The words that cannot be made names by `r#`.
const PATH_WORDS: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// Whether it can be the name of something.
pub(crate) fn is_free(ident: &Ident) -> bool {
    !PATH_WORDS.iter().any(|word| ident == word)
}

/// The identifier of a name: raw where it is a keyword. None of what cannot be one, such as `self`, `_` or `a-b`.
pub(crate) fn ident(name: &str, span: Span) -> Option<Ident> {
    if PATH_WORDS.contains(&name) {
        return None;
    }
    if name == "gen" {
        // A keyword since the edition of 2024, which `syn` does not know.
        return Some(Ident::new_raw(name, span));
    }
    let found = syn::parse_str::<Ident>(name).or_else(|_| syn::parse_str(&format!("r#{name}")));
    found.ok().map(|ident| at(&ident, span))
}

/// Whether two identifiers are one name: `r#` makes no difference.
pub(crate) fn same(a: &Ident, b: &Ident) -> bool {
    plain(a) == plain(b)
}

/// The same identifier at another place.
pub(crate) fn at(ident: &Ident, span: Span) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(span);
    ident
}

/// `UserProfile` and `userProfile` as `user_profile`; `HTTPServer` as `http_server`.
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, char) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(index + 1);
        let starts_word = char.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// `team_members` as `TeamMembers`.
pub(crate) fn camel_case(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// The ways to make a label of a variant's name, and the name of a column of a field's.
pub(crate) const CASES: [(&str, fn(&str) -> String); 8] = [
    ("snake_case", snake_case),
    ("SCREAMING_SNAKE_CASE", |name| snake_case(name).to_uppercase()),
    ("kebab-case", |name| snake_case(name).replace('_', "-")),
    ("SCREAMING-KEBAB-CASE", |name| snake_case(name).to_uppercase().replace('_', "-")),
    ("camelCase", |name| {
        let pascal = camel_case(&snake_case(name));
        let mut chars = pascal.chars();
        chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
    }),
    ("PascalCase", |name| camel_case(&snake_case(name))),
    ("lowercase", |name| name.to_lowercase()),
    ("UPPERCASE", |name| name.to_uppercase()),
];

/// A type's name as SQL, with its schema: quoted only where it must be, as `format_type` writes it.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    let plain = |name: &str| {
        name.starts_with(|char: char| char.is_ascii_lowercase() || char == '_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    // After the dot every word is a name; before it some are not (manual, appendix C), and most schemas are `public`.
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let schema = if schema == "public" { schema.to_owned() } else { quoted(schema) };
    let name = if plain(name) { name.to_owned() } else { quoted(name) };
    format!("{schema}.{name}")
}

/// A collation as SQL: a plain name is quoted, what has quotes of its own is SQL already.
pub(crate) fn collation(text: &str) -> String {
    if text.contains('"') { text.to_owned() } else { format!("\"{text}\"") }
}

/// The word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = words.into_iter().map(|candidate| (distance(word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= 2).min().map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let here = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A hash of a name as digits, so that two names can be told apart by types: FNV-1a, 32 bits.
pub(crate) fn digits(name: &str) -> TokenStream {
    let hash = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    number(hash, 8)
}

/// The position of a column as digits: no more than it has.
pub(crate) fn position(position: usize) -> TokenStream {
    let position = u32::try_from(position).unwrap_or(u32::MAX);
    let digits = (1..8).find(|digits| position >> (4 * digits) == 0).unwrap_or(8);
    number(position, digits)
}

/// The types of the runtime that are hexadecimal digits.
const DIGITS: [&str; 16] = [
    "D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "DA", "DB", "DC", "DD", "DE", "DF",
];

/// The last digits of a number, the least first: `(_orm::D3, (_orm::DA, ()))`.
fn number(number: u32, count: u32) -> TokenStream {
    (0..count).rev().fold(quote!(()), |rest, digit| {
        let value = number >> (4 * digit) & 0xf;
        let digit = format_ident!("{}", DIGITS[value as usize]);
        quote!((_orm::#digit, #rest))
    })
}

/// A type as people write it: tokens have spaces around them.
pub(crate) fn compact(tokens: &str) -> String {
    let mut text = tokens.to_owned();
    for (spaced, close) in [
        (" < ", "<"),
        (" > ", ">"),
        (" >", ">"),
        (" :: ", "::"),
        (":: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        (" ;", ";"),
    ] {
        text = text.replace(spaced, close);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_become_snake_case_tables() {
        for (name, expected) in [
            ("User", "user"),
            ("TeamMember", "team_member"),
            ("HTTPServer", "http_server"),
            ("Oauth2Token", "oauth2_token"),
            ("userId", "user_id"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
        assert_eq!(camel_case("team_members"), "TeamMembers");
    }

    #[test]
    fn a_near_miss_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("defualt", ["default", "index"]), Some("default"));
        assert_eq!(nearest("something", ["default", "index"]), None);
        assert_eq!(nearest("uniqe", ["unique", "index"]), Some("unique"));
    }
}
