//! What is well formed: as `ltree_io.c` and `ltxtquery_io.c` of PostgreSQL read it. Each function gives what is wrong.

/// `LTREE_LABEL_MAX_CHARS` of PostgreSQL 16; before it is 255, and the server says so.
const LABEL_MAX: usize = 1000;
/// `LTREE_MAX_LEVELS`.
const LEVELS_MAX: usize = 65_535;

type Wrong = String;

/// A sign of a label: a letter of the database's locale, which may be any.
fn is_of_label(sign: char) -> bool {
    sign.is_alphanumeric()
        || matches!(sign, '_' | '-')
        || (!sign.is_ascii() && !sign.is_whitespace())
}

fn label(label: &str) -> Result<(), Wrong> {
    if label.is_empty() {
        return Err("a label is empty".into());
    }
    if let Some(sign) = label.chars().find(|sign| !is_of_label(*sign)) {
        return Err(format!(
            "{sign:?} is no sign of a label, which has letters, digits, `_` and `-`"
        ));
    }
    if label.chars().count() > LABEL_MAX {
        return Err(format!("a label has more than {LABEL_MAX} characters"));
    }
    Ok(())
}

fn counted(levels: usize) -> Result<(), Wrong> {
    if levels > LEVELS_MAX {
        return Err(format!("it has {levels} levels, and {LEVELS_MAX} are the most"));
    }
    Ok(())
}

/// An `ltree`.
pub(super) fn path(text: &str) -> Result<(), Wrong> {
    if text.is_empty() {
        return Ok(());
    }
    counted(text.split('.').count())?;
    text.split('.').try_for_each(label)
}

/// An `lquery`.
pub(super) fn pattern(text: &str) -> Result<(), Wrong> {
    counted(text.split('.').count())?;
    text.split('.').try_for_each(level)
}

/// `*`, `!a|b*@`, each perhaps with how often it may be there: `{1,2}`.
fn level(text: &str) -> Result<(), Wrong> {
    let (item, count) = match text.split_once('{') {
        Some((item, count)) => (item, Some(count)),
        None => (text, None),
    };
    if let Some(count) = count {
        quantity(count)?;
    }
    match item {
        "*" => Ok(()),
        "" => Err("a level is empty".into()),
        _ => item
            .strip_prefix('!')
            .unwrap_or(item)
            .split('|')
            .try_for_each(|variant| label(variant.trim_end_matches(['@', '*', '%']))),
    }
}

/// `n}`, `n,}`, `,m}`, `n,m}` or `,}`.
fn quantity(text: &str) -> Result<(), Wrong> {
    let Some(numbers) = text.strip_suffix('}') else {
        return Err("a level ends with the `}` that closes its `{`".into());
    };
    let (low, high) = match numbers.split_once(',') {
        Some((low, high)) => (low, high),
        None if numbers.is_empty() => return Err("there is no number in {}".into()),
        None => (numbers, numbers),
    };
    let number = |text: &str, default: usize| match text {
        "" => Ok(default),
        _ if text.bytes().all(|digit| digit.is_ascii_digit()) => match text.parse() {
            Ok(number) if number <= LEVELS_MAX => Ok(number),
            _ => Err(format!("{text} is more than {LEVELS_MAX}, the most levels")),
        },
        _ => Err(format!("{text} is no number of levels")),
    };
    if number(low, 0)? > number(high, LEVELS_MAX)? {
        return Err(format!("the second number of {{{numbers}}} is less than the first"));
    }
    Ok(())
}

/// How deep parentheses may be within each other: far more than people write, and no risk for the stack, here or there.
const DEPTH_MAX: usize = 1000;

/// An `ltxtquery`.
pub(super) fn labels(text: &str) -> Result<(), Wrong> {
    let mut rest = text;
    let mut depth = 0_usize;
    let mut wants_label = true;
    while let Some(sign) = {
        rest = rest.trim_start();
        rest.chars().next()
    } {
        let word = |rest: &str| {
            let end = rest.find(|sign: char| sign.is_whitespace() || "&|!()".contains(sign));
            end.unwrap_or(rest.len())
        };
        let taken = match (wants_label, sign) {
            (true, '!') => 1,
            (true, '(') => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(format!(
                        "it has more than {DEPTH_MAX} parentheses within each other"
                    ));
                }
                1
            }
            (false, '&' | '|') => {
                wants_label = true;
                1
            }
            (false, ')') => {
                depth = depth.checked_sub(1).ok_or("a `)` closes no `(`")?;
                1
            }
            (true, _) => {
                let end = word(rest);
                let found = rest.get(..end).unwrap_or_default();
                if found.is_empty() {
                    return Err(format!("`{sign}` is where a label is expected"));
                }
                label(found.trim_end_matches(['@', '*', '%']))?;
                wants_label = false;
                end
            }
            (false, _) => return Err(format!("`&` or `|` is missing before `{sign}`")),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    match (wants_label, depth) {
        (true, _) => Err("it ends where a label is expected".into()),
        (_, 0) => Ok(()),
        _ => Err("a `(` is not closed".into()),
    }
}
