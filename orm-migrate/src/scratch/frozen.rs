//! Constants that PostgreSQL reads once, when something is created: `'now'` as a default is the time at which the table
//! was created (manual, section 8.5.1.4). Such a text is another one each time that it is created, and no comparison of it
//! comes to an end.
//!
//! Whether a constant is one of these is asked of the server, for it depends on the type: `'today'` as a text stays as it
//! is. One that was there in what is declared and is gone in what the server says was read as a time.

use super::ScratchError;
use crate::change::ObjectName;
use orm_core::schema::{IndexKey, Object, Table};
use orm_core::sql::ident::Ident;

const WORDS: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

/// A table whose declared expressions have such a constant where the server's have none.
pub(super) fn table(declared: &Table, read: &Table) -> Result<(), ScratchError> {
    let read = places(read);
    for (place, sql) in places(declared) {
        let there = read.iter().filter(|(other, _)| *other == place).map(|(_, sql)| sql.as_str());
        let place = format!("{place} of table {}", ObjectName::of(declared));
        check(place, &sql, &there.collect::<Vec<_>>().join(" "))?;
    }
    Ok(())
}

/// The same of an object that is no table.
pub(super) fn object(declared: &Object, read: &Object) -> Result<(), ScratchError> {
    let place = || format!("{} {}", declared.kind(), ObjectName::of_object(declared));
    match (declared, read) {
        (Object::Domain(declared), Object::Domain(read)) => {
            let texts = |it: &orm_core::schema::Domain| {
                let checks = it.checks.iter().map(|check| check.expression.to_string());
                checks
                    .chain(it.default.iter().map(ToString::to_string))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            check(place(), &texts(declared), &texts(read))
        }
        (Object::Function(declared), Object::Function(read)) => {
            check(place(), &declared.arguments, &read.arguments)
        }
        (Object::View(declared), Object::View(read)) => {
            check(place(), &declared.query, &read.query)
        }
        _ => Ok(()),
    }
}

/// Where in a table an expression stands, and the expression. What may have no name is taken together.
fn places(table: &Table) -> Vec<(String, String)> {
    let mut places: Vec<(String, String)> = Vec::new();
    for column in table.columns.iter() {
        let name = Ident(&column.name);
        places.extend(
            column
                .default
                .iter()
                .map(|it| (format!("the default of column {name}"), it.to_string())),
        );
        places.extend(
            column
                .generated
                .iter()
                .map(|it| (format!("the expression of column {name}"), it.expression.to_string())),
        );
    }
    let mut all = |place: &str, texts: Vec<String>| {
        if !texts.is_empty() {
            places.push((place.to_owned(), texts.join(" ")));
        }
    };
    all("a check", table.checks.iter().map(|it| it.expression.to_string()).collect());
    let of_index = |it: &orm_core::schema::Index| {
        let keys = it.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(sql) => Some(sql.to_string()),
            IndexKey::Column(_) => None,
        });
        keys.chain(it.predicate.iter().map(ToString::to_string)).collect::<Vec<_>>()
    };
    all("an index", table.indexes.iter().flat_map(of_index).collect());
    all("the bound", table.partition_of.iter().map(|it| it.bound.to_string()).collect());
    let of_policy = |it: &orm_core::schema::Policy| {
        it.using.iter().chain(it.with_check.iter()).map(ToString::to_string).collect::<Vec<_>>()
    };
    all("a policy", table.policies.iter().flat_map(of_policy).collect());
    places
}

fn check(place: String, declared: &str, read: &str) -> Result<(), ScratchError> {
    let declared = constants(declared);
    let read = constants(read);
    let count = |all: &[&'static str], word: &str| all.iter().filter(|it| **it == word).count();
    match declared.iter().find(|word| count(&declared, word) > count(&read, word)) {
        None => Ok(()),
        Some(word) => {
            let instead = match *word {
                "now" => "now()",
                "today" => "CURRENT_DATE",
                "tomorrow" => "CURRENT_DATE + 1",
                _ => "CURRENT_DATE - 1",
            };
            Err(ScratchError::Frozen { place, word, instead })
        }
    }
}

/// The words that stand for a time in the string constants of some SQL.
fn constants(sql: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '"']) {
        let quoted = rest.get(at..).unwrap_or_default();
        let quote = if quoted.starts_with('"') { '"' } else { '\'' };
        let inside = rest.get(at + 1..).unwrap_or_default();
        let end = inside.find(quote).unwrap_or(inside.len());
        if quote == '\'' {
            let text = inside.get(..end).unwrap_or_default().to_lowercase();
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            found.extend(words.filter_map(|word| WORDS.into_iter().find(|it| *it == word)));
        }
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::constants;

    #[test]
    fn only_words_in_constants_are_found() {
        for (sql, found) in [
            ("'now'", &["now"][..]),
            ("timestamp ' Today 12:00'", &["today"]),
            ("now()", &[]),
            ("\"now\" = 'know' || 'now_'", &[]),
            ("'it''s' || 'tomorrow'::text", &["tomorrow"]),
            ("'[now,tomorrow)'::tstzrange", &["now", "tomorrow"]),
            ("'", &[]),
            ("\"é'", &[]),
        ] {
            assert_eq!(constants(sql), found, "{sql}");
        }
    }
}
