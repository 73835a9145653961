//! Names that PostgreSQL cuts, or that must be quoted wherever somebody writes SQL by hand.

use super::report::Report;
use super::{Level, Rule};
use orm_core::schema::names::MAX_BYTES;
use orm_core::schema::{Object, Schema, Table, Text};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "name-too-long",
        what: "A name has more than 63 bytes.",
        why: "PostgreSQL cuts it, so that the name in the code is never found in the database, and two names may become one.",
        manual: "4.1.1 Identifiers and Key Words",
        level: Level::Default,
        check: too_long,
    },
    Rule {
        name: "mixed-case-name",
        what: "A name has capital letters.",
        why: "It must be quoted wherever somebody writes SQL by hand: without quotes it is read in lower case.",
        manual: "4.1.1 Identifiers and Key Words",
        level: Level::Pedantic,
        check: mixed_case,
    },
    Rule {
        name: "reserved-word-name",
        what: "The name of a table or column is a reserved word of SQL.",
        why: "It must be quoted wherever somebody writes SQL by hand; `SELECT * FROM user` is no error, it says who is \
              connected.",
        manual: "Appendix C, SQL Key Words",
        level: Level::Pedantic,
        check: reserved,
    },
];

/// The names of a table's parts, each with what it is.
fn parts(table: &Table) -> Vec<(&'static str, &str)> {
    fn named<'a>(kind: &'static str, name: &'a Option<Text>) -> Option<(&'static str, &'a str)> {
        name.as_deref().map(|name| (kind, name))
    }
    let columns = table.columns.iter().map(|it| ("column", it.name.as_ref()));
    let primary = table.primary_key.iter().filter_map(|it| named("primary key", &it.name));
    let uniques = table.uniques.iter().filter_map(|it| named("unique constraint", &it.name));
    let keys = table.foreign_keys.iter().filter_map(|it| named("foreign key", &it.name));
    let checks = table.checks.iter().filter_map(|it| named("check", &it.name));
    let exclusions =
        table.exclusions.iter().filter_map(|it| named("exclusion constraint", &it.name));
    let indexes = table.indexes.iter().filter_map(|it| named("index", &it.name));
    let triggers = table.triggers.iter().map(|it| ("trigger", it.name.as_ref()));
    let policies = table.policies.iter().map(|it| ("policy", it.name.as_ref()));
    let constraints = primary.chain(uniques).chain(keys).chain(checks).chain(exclusions);
    columns.chain(constraints).chain(indexes).chain(triggers).chain(policies).collect()
}

/// The bare name of an object.
fn bare(object: &Object) -> &str {
    match object {
        Object::Namespace(it) => &it.name,
        Object::Extension(it) => &it.name,
        Object::Enum(it) => &it.name,
        Object::Domain(it) => &it.name,
        Object::Composite(it) => &it.name,
        Object::Sequence(it) => &it.name,
        Object::Function(it) => &it.name,
        Object::View(it) => &it.name,
    }
}

/// Every name that fits, in every table and object.
fn each(
    schema: &Schema,
    report: &mut Report<'_>,
    fits: impl Fn(&str) -> bool,
    says: &str,
    fix: &str,
) {
    for table in &schema.tables {
        if fits(&table.name) {
            report.table(table, says, fix);
        }
        for (kind, name) in parts(table) {
            if fits(name) {
                report.part(table, (kind, name), says, fix);
            }
        }
    }
    for object in schema.objects.iter().filter(|object| fits(bare(object))) {
        report.object(object, says, fix);
    }
}

fn too_long(schema: &Schema, report: &mut Report<'_>) {
    let fix = "give it a shorter `name`";
    each(schema, report, |name| name.len() > MAX_BYTES, "has a name of more than 63 bytes", fix);
}

fn mixed_case(schema: &Schema, report: &mut Report<'_>) {
    let fits = |name: &str| name.chars().any(char::is_uppercase);
    each(schema, report, fits, "has capital letters in its name", "name it in snake_case");
}

fn reserved(schema: &Schema, report: &mut Report<'_>) {
    let (says, fix) =
        ("has a reserved word for its name", "choose another `name`, such as the plural");
    for table in &schema.tables {
        if RESERVED.contains(&table.name.as_ref()) {
            report.table(table, says, fix);
        }
        for column in table.columns.iter().filter(|it| RESERVED.contains(&it.name.as_ref())) {
            report.column(table, &column.name, says, fix);
        }
    }
}

/// What `pg_get_keywords()` of PostgreSQL 18 calls reserved.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];
