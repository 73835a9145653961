//! Which right is missing where the server said that one is, and the statement that gives it.
//!
//! The server's own words name the thing, in the language of the server, but not what to do about it. So the catalog is
//! asked what the role lacks, and of that is said what the refused statement speaks of.

use crate::diff::has_word;
use orm_core::Error;
use orm_core::exec::Connection;

/// The SQLSTATE of a right that is missing.
const REFUSED: &str = "42501";

const LACKS: &str = include_str!("privileges.sql");

/// A right that the role lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lack {
    /// `TABLE`, `SCHEMA`, ..
    kind: String,
    schema: String,
    name: String,
    /// `CREATE`, `OWNER`, ..
    right: String,
    /// Whether names without a schema are made there.
    is_here: bool,
    /// The statement that gives it.
    grant: String,
}

/// What gives the role the rights that this SQL needs and it lacks; nothing where that is not known.
async fn grants(connection: &Connection, sql: &str) -> Vec<String> {
    let Ok(rows) = connection.query::<orm_core::exec::DriverRow>(LACKS, &[]).await else {
        return Vec::new();
    };
    let lacks = rows.iter().filter_map(|row| {
        Some(Lack {
            kind: row.try_get(0).ok()?,
            schema: row.try_get(1).ok()?,
            name: row.try_get(2).ok()?,
            right: row.try_get(3).ok()?,
            is_here: row.try_get(4).ok()?,
            grant: row.try_get(5).ok()?,
        })
    });
    needed(sql, &lacks.collect::<Vec<_>>())
}

/// A hint that has what gives the role the right whose lack an error tells of; nothing of other errors.
pub(crate) async fn hint(connection: &Connection, error: &Error) -> Option<String> {
    if error.sqlstate() != Some(REFUSED) {
        return None;
    }
    words(&grants(connection, error.sql()?).await)
}

fn words(grants: &[String]) -> Option<String> {
    (!grants.is_empty())
        .then(|| format!("the role lacks a right that this needs: {}", grants.join("; ")))
}

fn needed(sql: &str, lacks: &[Lack]) -> Vec<String> {
    let upper = sql.to_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    let first = words.first().copied().unwrap_or_default();
    let has = |word: &str| words.contains(&word);
    let early = |word: &str| words.iter().take(4).any(|it| *it == word);
    // What stands behind it is only referenced.
    let target = upper.find(" REFERENCES ").and_then(|at| sql.get(..at)).unwrap_or(sql);
    let creates = first == "CREATE";
    let is_asked = |lack: &Lack| match (lack.kind.as_str(), lack.right.as_str()) {
        ("DATABASE", _) => creates && (early("SCHEMA") || early("EXTENSION")),
        ("SCHEMA", "CREATE") => {
            (creates || (has("ADD") && (has("UNIQUE") || has("PRIMARY"))))
                && !["SCHEMA", "TRIGGER", "POLICY", "RULE"].into_iter().any(early)
                && is_in(target, lack)
        }
        ("SCHEMA", _) => is_in(sql, lack),
        (_, "OWNER") => {
            let is_of_table =
                early("INDEX") || early("TRIGGER") || early("POLICY") || early("RULE");
            let changes = matches!(first, "ALTER" | "DROP" | "COMMENT" | "CLUSTER" | "REFRESH");
            let replaces = creates && has("REPLACE");
            let is_asked = match lack.kind.as_str() {
                "ROUTINE" => {
                    (changes || replaces)
                        && (early("FUNCTION") || early("PROCEDURE") || early("ROUTINE"))
                }
                "TYPE" | "DOMAIN" => changes && (early("TYPE") || early("DOMAIN")),
                _ => changes || replaces || (creates && is_of_table),
            };
            is_asked && speaks_of(target, lack, lacks)
        }
        // An expression may cast to a type, call a function or read a sequence wherever it stands.
        ("TYPE" | "DOMAIN", "USAGE") | ("ROUTINE", "EXECUTE") | ("SEQUENCE", "USAGE") => {
            speaks_of(sql, lack, lacks)
        }
        // Its function is what the right is for.
        ("OPERATOR", _) => sql.contains(&lack.name),
        (_, "REFERENCES") => has("REFERENCES") && speaks_of(sql, lack, lacks),
        (_, "SELECT") => {
            matches!(first, "SELECT" | "UPDATE" | "DELETE" | "INSERT" | "WITH")
                && speaks_of(sql, lack, lacks)
        }
        (_, right) => {
            (first == right || (first == "WITH" && has(right))) && speaks_of(sql, lack, lacks)
        }
    };
    let mut grants: Vec<String> =
        lacks.iter().filter(|it| is_asked(it)).map(|it| it.grant.clone()).collect();
    grants.dedup();
    grants
}

/// Whether SQL makes something in that schema.
fn is_in(sql: &str, lack: &Lack) -> bool {
    let quoted = format!("\"{}\".", lack.name.replace('"', "\"\""));
    let is_named = sql.contains(&quoted)
        || has_word(sql, &lack.name) && sql.contains(&format!("{}.", lack.name));
    // Without any dot no schema is named.
    is_named || (lack.is_here && !sql.contains('.'))
}

/// Whether SQL names that thing, as far as its text tells.
fn speaks_of(sql: &str, lack: &Lack, all: &[Lack]) -> bool {
    let is_qualified = |it: &Lack| {
        let (schema, name) = (it.schema.replace('"', "\"\""), it.name.replace('"', "\"\""));
        let schemas = [format!("\"{schema}\""), schema];
        let names = [format!("\"{name}\""), name];
        schemas.iter().any(|schema| {
            names
                .iter()
                .any(|name| has_word(sql, &it.name) && sql.contains(&format!("{schema}.{name}")))
        })
    };
    let namesakes = || all.iter().filter(|it| it.name == lack.name && it.kind == lack.kind);
    is_qualified(lack)
        || (lack.is_here && has_word(sql, &lack.name) && !namesakes().any(is_qualified))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lack(kind: &str, name: &str, right: &str) -> Lack {
        let (schema, name) = name.split_once('.').unwrap_or(("public", name));
        Lack {
            kind: kind.to_owned(),
            schema: schema.to_owned(),
            name: name.to_owned(),
            right: right.to_owned(),
            is_here: schema == "public",
            grant: format!("{right} {schema}.{name}"),
        }
    }

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        let lacks = [
            lack("DATABASE", "db", "CREATE"),
            lack("SCHEMA", "public", "CREATE"),
            lack("SCHEMA", "s.s", "CREATE"),
            lack("TABLE", "a", "OWNER"),
            lack("TABLE", "s.a", "OWNER"),
            lack("TABLE", "a", "REFERENCES"),
            lack("TABLE", "a", "INSERT"),
            lack("ROUTINE", "f", "OWNER"),
            lack("TYPE", "t", "OWNER"),
            lack("TYPE", "mood", "USAGE"),
            lack("ROUTINE", "s.g", "EXECUTE"),
            lack("SEQUENCE", "q", "USAGE"),
            lack("OPERATOR", "%%%", "EXECUTE"),
        ];
        assert_eq!(needed(sql, &lacks), expected, "{sql}");
    }

    #[test]
    fn of_what_is_lacking_only_what_a_statement_speaks_of_is_said() {
        check("CREATE SCHEMA x", &["CREATE public.db"]);
        check("CREATE EXTENSION x", &["CREATE public.db", "CREATE public.public"]);
        check("CREATE TABLE b ()", &["CREATE public.public"]);
        check("CREATE TABLE \"public\".\"b\" ()", &["CREATE public.public"]);
        check("CREATE TABLE s.b ()", &["CREATE s.s"]);
        check(
            "CREATE INDEX i ON \"public\".\"a\" (b)",
            &["CREATE public.public", "OWNER public.a"],
        );
        check("ALTER TABLE a ADD b int", &["OWNER public.a"]);
        check("ALTER TABLE \"s\".\"a\" ADD b int", &["OWNER s.a"]);
        check("ALTER TABLE other ADD b int", &[]);
        check("ALTER TABLE c ADD FOREIGN KEY (b) REFERENCES a (b)", &["REFERENCES public.a"]);
        check("INSERT INTO a VALUES (1)", &["INSERT public.a"]);
        check("DROP FUNCTION f(int)", &["OWNER public.f"]);
        check("ALTER TYPE t ADD VALUE 'x'", &["OWNER public.t"]);
        check("CREATE TRIGGER x BEFORE INSERT ON a EXECUTE FUNCTION f()", &["OWNER public.a"]);
        check("ALTER TABLE c ADD CHECK (b <> 'x'::mood)", &["USAGE public.mood"]);
        check("ALTER TABLE c ADD CHECK (s.g(b))", &["EXECUTE s.g"]);
        check("ALTER TABLE c ADD CHECK (g(b))", &[]);
        check("ALTER TABLE c ALTER b SET DEFAULT nextval('q')", &["USAGE public.q"]);
        check("ALTER TABLE c ADD CHECK (b %%% 1)", &["EXECUTE public.%%%"]);
        check("", &[]);
    }

    #[test]
    fn nothing_that_is_known_is_no_hint() {
        assert_eq!(words(&[]), None);
        assert!(
            words(&["GRANT a TO b".to_owned()]).is_some_and(|it| it.ends_with(": GRANT a TO b"))
        );
    }
}
