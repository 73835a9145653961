//! What migrations do beside what a schema says of it; pure.

use super::{Migration, Script};
use std::path::PathBuf;

/// A statement that a schema says nothing of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Its file.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// Its first line.
    pub text: String,
}

/// What statements begin with whose whole effect a schema says, where the tables are empty.
const SAID: &[&str] = &[
    "CREATE TABLE",
    "CREATE UNLOGGED",
    "CREATE INDEX",
    "CREATE UNIQUE",
    "CREATE TYPE",
    "CREATE DOMAIN",
    "CREATE SEQUENCE",
    "CREATE EXTENSION",
    "CREATE SCHEMA",
    "CREATE VIEW",
    "CREATE MATERIALIZED",
    "CREATE FUNCTION",
    "CREATE PROCEDURE",
    "CREATE OR",
    "CREATE TRIGGER",
    "CREATE POLICY",
    "ALTER TABLE",
    "ALTER INDEX",
    "ALTER TYPE",
    "ALTER DOMAIN",
    "ALTER SEQUENCE",
    "ALTER EXTENSION",
    "ALTER SCHEMA",
    "ALTER VIEW",
    "ALTER MATERIALIZED",
    "ALTER FUNCTION",
    "ALTER PROCEDURE",
    "ALTER TRIGGER",
    "ALTER POLICY",
    "DROP",
    "COMMENT ON",
    "UPDATE",
    "DELETE",
    "SET",
    "RESET",
    "ANALYZE",
    "VACUUM",
    "REINDEX",
    "CLUSTER",
    "REFRESH",
];

/// The statements whose effect may be more than a schema says: rights, roles, rows, calls.
pub fn beside(migrations: &[Migration]) -> Vec<Beside> {
    let mut found = Vec::new();
    for migration in migrations {
        // Whoever runs it says what is wrong with it.
        let Ok(script) = Script::parse(&migration.up) else { continue };
        for statement in script.statements() {
            let words: Vec<String> =
                statement.text.split_whitespace().take(2).map(str::to_uppercase).collect();
            let [first, two] = [words.first().cloned().unwrap_or_default(), words.join(" ")];
            if SAID.iter().any(|said| *said == first || *said == two) {
                continue;
            }
            found.push(Beside {
                file: migration.up_path(),
                line: statement.line,
                text: statement.text.lines().next().unwrap_or_default().to_owned(),
            });
        }
    }
    found
}
