//! Which rows are for a partition, as an expression: PostgreSQL says it of those that are attached only.

use crate::change::ObjectName;
use orm_core::sql::ident::Literal;

/// The condition for rows of a partition; none where it cannot be said, as for the rest that is for no other one.
///
/// `by` is `RANGE (at)`, `bound` is `FOR VALUES FROM ('2020-01-01') TO (MAXVALUE)`: as a catalog says them.
pub(crate) fn bound_condition(parent: &ObjectName, by: &str, bound: &str) -> Option<String> {
    let (method, keys) = by.split_once(' ')?;
    let keys = inside(keys)?;
    let bound = bound.strip_prefix("FOR VALUES ")?;
    match method {
        "HASH" => {
            let (modulus, remainder) = inside(bound.strip_prefix("WITH ")?)?.split_once(',')?;
            let number = |text: &str| text.trim().rsplit(' ').next().map(str::to_owned);
            Some(format!(
                "satisfies_hash_partition({}::regclass, {}, {}, {keys})",
                Literal(&parent.qualified().to_string()),
                number(modulus)?,
                number(remainder)?
            ))
        }
        // What is said of several keys is no simple comparison.
        _ if pieces(keys).len() != 1 => None,
        "LIST" => {
            let values = pieces(inside(bound.strip_prefix("IN ")?)?);
            let key = key(keys);
            let (nulls, values): (Vec<&str>, Vec<&str>) =
                values.into_iter().partition(|it| *it == "NULL");
            let is_in = format!("{key} IN ({})", values.join(", "));
            Some(match (nulls.is_empty(), values.is_empty()) {
                (true, _) => format!("{key} IS NOT NULL AND {is_in}"),
                (false, true) => format!("{key} IS NULL"),
                (false, false) => format!("{key} IS NULL OR {is_in}"),
            })
        }
        "RANGE" => {
            let (from, to) = bound.strip_prefix("FROM ")?.split_once(" TO ")?;
            let (from, to, key) = (inside(from)?, inside(to)?, key(keys));
            let low = (from != "MINVALUE").then(|| format!(" AND {key} >= {from}"));
            let high = (to != "MAXVALUE").then(|| format!(" AND {key} < {to}"));
            let all = low.into_iter().chain(high);
            Some(format!("{key} IS NOT NULL{}", all.collect::<String>()))
        }
        _ => None,
    }
}

/// Without an operator class or a collation, which make no difference to these.
fn key(text: &str) -> String {
    let text = text.trim();
    if text.starts_with('(') || text.starts_with('"') || text.contains('(') {
        return text.to_owned();
    }
    text.split(' ').next().unwrap_or(text).to_owned()
}

fn inside(text: &str) -> Option<&str> {
    text.trim().strip_prefix('(')?.strip_suffix(')')
}

/// What stands between commas, but for those in parentheses and quotes.
fn pieces(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start, mut found) = (0_i32, None, 0, Vec::new());
    for (place, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                found.extend(text.get(start..place).map(str::trim));
                start = place + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(start..).map(str::trim));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(by: &str, bound: &str, expected: Option<&str>) {
        let parent = ObjectName { schema: "public".to_owned(), name: "t".to_owned() };
        assert_eq!(bound_condition(&parent, by, bound).as_deref(), expected, "{by} {bound}");
    }

    #[test]
    fn the_rows_of_a_partition_are_said_as_a_condition() {
        check(
            "RANGE (at)",
            "FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
            Some("at IS NOT NULL AND at >= '2020-01-01' AND at < '2021-01-01'"),
        );
        check("RANGE (at)", "FOR VALUES FROM (MINVALUE) TO (5)", Some("at IS NOT NULL AND at < 5"));
        check(
            "LIST (k)",
            "FOR VALUES IN ('a', 'b, c')",
            Some("k IS NOT NULL AND k IN ('a', 'b, c')"),
        );
        check("LIST (k)", "FOR VALUES IN (NULL)", Some("k IS NULL"));
        check(
            "LIST (lower(k))",
            "FOR VALUES IN ('a', NULL)",
            Some("lower(k) IS NULL OR lower(k) IN ('a')"),
        );
        check(
            "HASH (a, b)",
            "FOR VALUES WITH (modulus 2, remainder 1)",
            Some("satisfies_hash_partition('\"public\".\"t\"'::regclass, 2, 1, a, b)"),
        );
        check("RANGE (a, b)", "FOR VALUES FROM (1, 2) TO (3, 4)", None);
        check("LIST (k)", "DEFAULT", None);
    }
}
