//! Types that are there for old times' sake, and how a type's name is read.

use super::report::Report;
use super::{Level, Rule};
use orm_core::schema::{Column, Object, Schema, Table};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "serial-instead-of-identity",
        what: "A column is `serial`.",
        why: "Its sequence is an object apart, with rights and an owner of its own; an identity column is standard SQL \
              and takes no other value by accident.",
        manual: "8.1.4 Serial Types; 5.3 Identity Columns",
        level: Level::Default,
        check: serial,
    },
    Rule {
        name: "timestamp-without-time-zone",
        what: "A column is a `timestamp` without time zone.",
        why: "It is no point in time: the same value means another moment to a client in another zone.",
        manual: "8.5.3 Time Zones",
        level: Level::Default,
        check: timestamp,
    },
    Rule {
        name: "time-with-time-zone",
        what: "A column is a `time with time zone`.",
        why: "An offset without a date cannot follow summer time; the manual itself advises against it.",
        manual: "8.5.3 Time Zones",
        level: Level::Default,
        check: timetz,
    },
    Rule {
        name: "timestamp-rounded-to-seconds",
        what: "A column is a `timestamp(0)`, with or without time zone.",
        why: "It rounds, so that what happens now may be stored as half a second from now.",
        manual: "8.5 Date/Time Types",
        level: Level::Default,
        check: rounded,
    },
    Rule {
        name: "char-type",
        what: "A column is `char(n)`.",
        why: "Values are padded with spaces, which some comparisons ignore and others do not; it is neither faster nor \
              smaller than text.",
        manual: "8.3 Character Types",
        level: Level::Default,
        check: char_type,
    },
    Rule {
        name: "money-type",
        what: "A column is `money`.",
        why: "Its value depends on the setting `lc_monetary`, and says no currency.",
        manual: "8.2 Monetary Types",
        level: Level::Default,
        check: money,
    },
    Rule {
        name: "json-instead-of-jsonb",
        what: "A column is `json`.",
        why: "It is parsed at every use, has no equality (DISTINCT and UNION fail) and takes no index.",
        manual: "8.14 JSON Types",
        level: Level::Default,
        check: json,
    },
    Rule {
        name: "float-for-money",
        what: "A column whose name speaks of money is a floating-point number.",
        why: "Most amounts cannot be said exactly, so that sums are off by cents.",
        manual: "8.1.3 Floating-Point Types; 8.1.2 Arbitrary Precision Numbers",
        level: Level::Pedantic,
        check: float,
    },
    Rule {
        name: "varchar-limit",
        what: "A column is `varchar(n)`.",
        why: "The limit is part of the type: to lower it rewrites the table, and a check says the same in words that can be \
              changed without that.",
        manual: "8.3 Character Types",
        level: Level::Pedantic,
        check: varchar,
    },
    Rule {
        name: "nullable-boolean",
        what: "A boolean column may be NULL.",
        why: "It has three values: `NOT flag` finds no row where it is NULL.",
        manual: "9.1 Logical Operators",
        level: Level::Pedantic,
        check: nullable_boolean,
    },
];

/// A type, taken apart: `character varying(20)[]`, `timestamptz(3)`, `int4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LintedType {
    /// The server's name for it, without the modifier: `character varying`.
    pub(super) name: String,
    /// What stands in parentheses.
    pub(super) modifier: Option<String>,
    /// Whether it is an array of it.
    pub(super) array: bool,
    /// Whether it was written as a `serial`.
    pub(super) serial: bool,
}

impl LintedType {
    /// Reads a type as an author or a server writes it.
    pub(super) fn of(sql: &str) -> Self {
        let mut text = sql.trim();
        let mut array = false;
        while let Some((before, _)) = text.strip_suffix(']').and_then(|it| it.rsplit_once('[')) {
            (text, array) = (before.trim_end(), true);
        }
        let (before, modifier, after) = match text.split_once('(') {
            Some((before, rest)) => {
                let (modifier, after) = rest.split_once(')').unwrap_or((rest, ""));
                (before, Some(modifier.trim().to_owned()), after)
            }
            None => (text, None, ""),
        };
        let words = format!("{before} {after}");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = if words.contains('"') { words } else { words.to_ascii_lowercase() };
        let plain = words.strip_prefix("pg_catalog.").unwrap_or(&words);
        let (name, serial) = server_name(plain);
        Self { name: name.to_owned(), modifier, array, serial }
    }

    /// As a person says it.
    pub(super) fn said(&self) -> String {
        let modifier = self.modifier.as_ref().map(|it| format!("({it})")).unwrap_or_default();
        format!("{}{modifier}{}", self.name, if self.array { "[]" } else { "" })
    }
}

/// The server's name for a type of many names (manual, table 8.1), and whether it is a serial one.
fn server_name(name: &str) -> (&str, bool) {
    let name = match name {
        "smallserial" | "serial2" => return ("smallint", true),
        "serial" | "serial4" => return ("integer", true),
        "bigserial" | "serial8" => return ("bigint", true),
        "int2" => "smallint",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float" | "float8" => "double precision",
        "decimal" | "dec" => "numeric",
        "bool" => "boolean",
        "varchar" | "char varying" | "national character varying" | "nchar varying" => {
            "character varying"
        }
        "char" | "bpchar" | "national character" | "nchar" => "character",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    };
    (name, false)
}

/// The type behind a column's: that of a domain is the one it restricts.
pub(super) fn resolved(schema: &Schema, data_type: &str) -> LintedType {
    let mut kind = LintedType::of(data_type);
    // A domain may restrict another one; the server takes no circles.
    for _ in 0..schema.objects.len() {
        let bare = kind.name.replace('"', "");
        let domain = schema.objects.iter().find_map(|object| match object {
            Object::Domain(it)
                if *it.name == bare || format!("{}.{}", it.schema, it.name) == bare =>
            {
                Some(it)
            }
            _ => None,
        });
        let Some(domain) = domain else { break };
        let below = LintedType::of(&domain.data_type);
        kind = LintedType { array: kind.array || below.array, ..below };
    }
    kind
}

pub(super) fn is_text(kind: &LintedType) -> bool {
    !kind.array && matches!(kind.name.as_str(), "text" | "character varying" | "citext")
}

pub(super) fn is_integer(kind: &LintedType) -> bool {
    !kind.array && matches!(kind.name.as_str(), "smallint" | "integer" | "bigint")
}

/// Whether its columns and constraints are its own: those of a partition are the partitioned table's.
pub(super) fn is_own_table(table: &Table) -> bool {
    table.partition_of.is_none()
}

/// What may be part of a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Each column of a table of its own that fits, with the sentence and the fix.
fn each(
    schema: &Schema,
    report: &mut Report<'_>,
    fits: impl Fn(&Column, &LintedType) -> bool,
    fix: &str,
) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for column in table.columns.iter() {
            let kind = LintedType::of(&column.data_type);
            if fits(column, &kind) {
                report.column(table, &column.name, format!("is {}", kind.said()), fix);
            }
        }
    }
}

fn serial(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for column in table.columns.iter() {
            if LintedType::of(&column.data_type).serial {
                let says = format!("is {}", column.data_type);
                report.column(table, &column.name, says, "`#[column(identity)]` in its place");
            }
        }
    }
}

fn timestamp(schema: &Schema, report: &mut Report<'_>) {
    let fix = "make the field a `DateTime<Utc>`, whose column is `timestamp with time zone`";
    each(schema, report, |_, kind| kind.name == "timestamp without time zone", fix);
}

fn timetz(schema: &Schema, report: &mut Report<'_>) {
    let fix = "use `timestamp with time zone`, or `time` beside the name of a zone";
    each(schema, report, |_, kind| kind.name == "time with time zone", fix);
}

fn rounded(schema: &Schema, report: &mut Report<'_>) {
    let fits = |_: &Column, kind: &LintedType| {
        kind.name.starts_with("timestamp") && kind.modifier.as_deref() == Some("0")
    };
    each(schema, report, fits, "leave the `(0)` out, and cut with `date_trunc` where it is read");
}

fn char_type(schema: &Schema, report: &mut Report<'_>) {
    // The type "char", with its quotes, is another one: a single byte.
    let fix = "use `text`, with a check where the length matters";
    each(schema, report, |_, kind| kind.name == "character", fix);
}

fn money(schema: &Schema, report: &mut Report<'_>) {
    let fix = "use `numeric`, or a `bigint` of cents, and a column for the currency";
    each(schema, report, |_, kind| kind.name == "money", fix);
}

fn json(schema: &Schema, report: &mut Report<'_>) {
    let fix = "use `jsonb`, unless the exact text must come back";
    each(schema, report, |_, kind| kind.name == "json", fix);
}

fn float(schema: &Schema, report: &mut Report<'_>) {
    const MONEY: &[&str] = &[
        "price", "prices", "cost", "costs", "amount", "balance", "salary", "fee", "fees",
        "revenue", "budget", "wage", "payment", "discount", "tax", "vat", "subtotal", "usd", "eur",
        "gbp",
    ];
    let fits = |column: &Column, kind: &LintedType| {
        matches!(kind.name.as_str(), "real" | "double precision")
            && column.name.to_ascii_lowercase().split('_').any(|word| MONEY.contains(&word))
    };
    each(schema, report, fits, "use `numeric`, or a `bigint` of cents");
}

fn varchar(schema: &Schema, report: &mut Report<'_>) {
    let fits =
        |_: &Column, kind: &LintedType| kind.name == "character varying" && kind.modifier.is_some();
    each(schema, report, fits, "use `text` and a check on `char_length`");
}

fn nullable_boolean(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| is_own_table(table)) {
        for column in table.columns.iter() {
            if column.nullable && LintedType::of(&column.data_type).name == "boolean" {
                let fix = "make it a `bool` with a default, or an enum that names the third value";
                report.column(table, &column.name, "is boolean and may be NULL", fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_read_in_every_spelling() {
        let all = [
            ("int4", "integer", None, false),
            ("VARCHAR(20)", "character varying", Some("20"), false),
            ("character varying(20)[]", "character varying", Some("20"), true),
            ("timestamp(3) with time zone", "timestamp with time zone", Some("3"), false),
            ("timestamptz", "timestamp with time zone", None, false),
            ("pg_catalog.int8[][]", "bigint", None, true),
            ("numeric(10, 2)", "numeric", Some("10, 2"), false),
            ("public.\"Mood\"", "public.\"Mood\"", None, false),
            ("text [3]", "text", None, true),
            ("", "", None, false),
            ("(", "", Some(""), false),
        ];
        for (sql, name, modifier, array) in all {
            let kind = LintedType::of(sql);
            let found = (kind.name.as_str(), kind.modifier.as_deref(), kind.array);
            assert_eq!(found, (name, modifier, array), "{sql}");
        }
        assert!(LintedType::of("bigserial").serial && LintedType::of("bigserial").name == "bigint");
    }
}
