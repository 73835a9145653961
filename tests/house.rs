//! The rules of the house that a machine can check. Each failure names the file, the rule, and what to do instead.

#[path = "house/doors.rs"]
mod doors;
#[path = "house/guide.rs"]
mod guide;
#[path = "house/readme.rs"]
mod readme;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every file of the repository with one of these endings.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(".")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if !matches!(name, "target" | ".git" | "node_modules" | "migrations" | ".orm") {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no file ends with {endings:?}");
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text")
}

#[track_caller]
fn none(violations: &[String], instead: &str) {
    assert!(violations.is_empty(), "{}\n→ {instead}", violations.join("\n"));
}

#[test]
fn files_are_small_enough_to_hold_in_the_head() {
    let long: Vec<String> = files(&[".rs", ".sql"])
        .iter()
        .map(|path| (path, text(path).lines().count()))
        .filter(|(_, lines)| *lines > 700)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    none(&long, "split by reason to change: would two names say more than one?");
}

/// Which rooms a room may know, by crate. `error` and what is not listed may be known by all.
const ARROWS: &[(&str, &str, &[&str])] = &[
    ("orm-core", "schema", &[]),
    ("orm-core", "types", &["schema"]),
    ("orm-core", "query", &["schema", "types"]),
    ("orm-core", "sql", &["schema", "types", "query"]),
    ("orm-migrate", "change", &["ddl"]),
    ("orm-migrate", "ddl", &["change"]),
    ("orm-migrate", "catalog", &[]),
    ("orm-migrate", "diff", &["change", "catalog", "ddl"]),
    ("orm-migrate", "plan", &["change", "catalog", "ddl", "diff"]),
    ("orm-migrate", "preflight", &["change", "ddl", "diff", "plan"]),
    ("orm-migrate", "rename", &["change", "ddl"]),
    ("orm-migrate", "scratch", &["change", "catalog", "ddl", "diff", "history", "plan", "session"]),
    ("orm-migrate", "lint", &["change"]),
    ("orm-migrate", "history", &["change"]),
    ("orm-migrate", "apply", &["history", "session"]),
    ("orm-migrate", "embedded", &["apply", "config", "history"]),
    (
        "orm-migrate",
        "source",
        &["change", "catalog", "diff", "preflight", "history", "rename", "scratch", "session"],
    ),
    ("orm-migrate", "project", &["config"]),
    ("orm-migrate", "config", &[]),
    ("orm-migrate", "devdb", &[]),
    ("orm-migrate", "session", &[]),
];

#[test]
fn rooms_know_only_the_rooms_that_the_arrows_allow() {
    let mut violations = Vec::new();
    for (krate, room, allowed) in ARROWS {
        let rooms: BTreeSet<&str> =
            ARROWS.iter().filter(|(other, ..)| other == krate).map(|(_, room, _)| *room).collect();
        let rooms: BTreeSet<&str> = rooms.into_iter().chain(["exec", "cli"]).collect();
        let place = format!("./{krate}/src/{room}");
        for path in files(&[".rs"]) {
            let name = path.display().to_string();
            let inside = name == format!("{place}.rs") || name.starts_with(&format!("{place}/"));
            if !inside || name.contains("/tests") {
                continue;
            }
            for (number, line) in text(&path).lines().enumerate() {
                if line.trim_start().starts_with("//") {
                    continue;
                }
                for known in rooms.iter().filter(|known| *known != room && !allowed.contains(known))
                {
                    let used = line.contains(&format!("crate::{known}::"))
                        || line.contains(&format!("use crate::{known};"));
                    if used {
                        violations.push(format!("{name}:{}: `{room}` knows `{known}`", number + 1));
                    }
                }
            }
        }
    }
    none(
        &violations,
        "turn the arrow around, or change ARCHITECTURE.md and the table in tests/house.rs",
    );
}

#[test]
fn query_sql_and_ddl_are_made_in_one_place_each() {
    let keywords = [
        "\"SELECT ",
        "\"INSERT ",
        "\"UPDATE ",
        "\"DELETE ",
        "\"ALTER ",
        "\"CREATE ",
        "\"DROP ",
        "\"COMMENT ON",
    ];
    let allowed = [
        // The rooms for it.
        "orm-core/src/sql",
        "orm-migrate/src/ddl",
        // Statements about the session and the server, not about the user's tables.
        "orm-core/src/exec",
        "orm-migrate/src/apply",
        "orm-migrate/src/history",
        "orm-migrate/src/session.rs",
        "orm-migrate/src/scratch",
        "orm-migrate/src/devdb",
        "orm-migrate/src/catalog",
        "orm-migrate/src/preflight",
    ];
    let mut violations = Vec::new();
    for path in files(&[".rs"]) {
        let name = path.display().to_string();
        let is_source = ["./src", "./orm-core/src", "./orm-macros/src", "./orm-migrate/src"]
            .iter()
            .any(|it| name.starts_with(it));
        if !is_source
            || name.contains("/tests")
            || allowed.iter().any(|it| name.starts_with(&format!("./{it}")))
        {
            continue;
        }
        let text = text(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let line = line.trim();
            // A chapter of PostgreSQL's manual has the name of its statement.
            let says_sql = !line.starts_with("//") && !line.starts_with("manual: ");
            if says_sql && keywords.iter().any(|word| line.contains(word)) {
                violations.push(format!("{name}:{}: {line}", number + 1));
            }
        }
    }
    none(&violations, "queries are written by orm-core/src/sql, DDL by orm-migrate/src/ddl");
}

#[test]
fn sessions_of_the_tool_are_opened_in_one_place() {
    // A private server and its test databases have no schema of anybody's to read.
    let allowed = ["./orm-migrate/src/session.rs", "./orm-migrate/src/devdb/"];
    let mut violations = Vec::new();
    for path in files(&[".rs"]) {
        let name = path.display().to_string();
        if !name.starts_with("./orm-migrate/src/") || allowed.iter().any(|it| name.starts_with(it))
        {
            continue;
        }
        for (number, line) in text(&path).lines().enumerate() {
            if line.contains("Connection::connect") {
                violations.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none(&violations, "call `session::open`: what is read depends on the settings of the session");
}

#[test]
fn every_path_that_a_page_names_exists() {
    let mut violations = Vec::new();
    for page in files(&[".md"]) {
        let text = text(&page);
        for word in text.split('`').skip(1).step_by(2) {
            let is_path = word.contains('/')
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
                && ["src/", "orm-", "tests/", "examples/", "benches/", ".ci/"]
                    .iter()
                    .any(|it| word.starts_with(it));
            if is_path && !Path::new(word).exists() {
                violations.push(format!("{}: `{word}` does not exist", page.display()));
            }
        }
    }
    none(&violations, "name the path as it is now");
}

#[test]
fn nothing_is_left_unfinished() {
    // Written apart, so that this file does not find itself.
    let marks = [
        ["to", "do!("],
        ["unimple", "mented!("],
        ["FIX", "ME"],
        ["#[ig", "nore"],
        ["#[should", "_panic"],
        ["db", "g!("],
    ];
    let marks = marks.map(|parts| parts.concat());
    let mut violations = Vec::new();
    for path in files(&[".rs"]) {
        for (number, line) in text(&path).lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                violations.push(format!("{}:{}: {mark}", path.display(), number + 1));
            }
        }
    }
    none(&violations, "finish it, or take it out");
}

/// The words of a message between its first parameters: what stands in every text the compiler makes of it.
fn fixed_part(message: &str) -> &str {
    let mut parts: Vec<&str> = message.split(['{', '}']).step_by(2).collect();
    parts.sort_by_key(|part| part.len());
    parts.last().copied().unwrap_or_default()
}

#[test]
fn every_message_of_ours_is_shown_by_a_case() {
    let shown: String = files(&[".stderr"]).iter().map(|path| text(path)).collect();
    // Traits that no user's code can name wrongly: another one speaks first.
    let never_first = [
        "this expression reads tables that are not part of this query",
        "this expression reads another table than `{S}`",
        "`{Self}` is not a table or an alias of one",
        "`{Self}` cannot be read from a row",
    ];
    let mut violations = Vec::new();
    for path in files(&[".rs"]) {
        if !path.starts_with("./orm-core/src") {
            continue;
        }
        for line in text(&path).lines() {
            let Some(message) = line.trim().strip_prefix("message = \"") else { continue };
            let message = message.trim_end_matches(['"', ',']);
            let part = fixed_part(message).trim_matches('`');
            if !shown.contains(part) && !never_first.contains(&message) {
                violations.push(format!("{}: {message}", path.display()));
            }
        }
    }
    none(&violations, "add a case to tests/messages");
}
