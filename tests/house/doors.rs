//! The doors between crates: who may name the driver, and what generated code may name.

use super::{files, none, text};
use std::collections::BTreeSet;
use std::path::Path;

/// The lines of a file that ship, without comments.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = text(path);
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = shipped.lines().enumerate().filter_map(|(number, line)| {
        let line = line.split("//").next().unwrap_or_default();
        (!line.trim().is_empty()).then(|| (number + 1, line.to_owned()))
    });
    lines.collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
}

#[test]
fn only_rooms_that_read_rows_or_run_queries_name_the_driver() {
    let allowed = [
        "./orm-core/src/exec",
        // Rows and cells are the driver's.
        "./orm-core/src/types/cells.rs",
        "./orm-core/src/types/levels.rs",
        "./orm-migrate/src/catalog",
        "./orm-migrate/src/preflight",
        // The server's report becomes our error.
        "./orm-core/src/error.rs",
    ];
    let mut violations = Vec::new();
    for path in files(&[".rs"]) {
        let name = path.display().to_string();
        let is_source = ["./src", "./orm-core/src", "./orm-macros/src", "./orm-migrate/src"]
            .iter()
            .any(|it| name.starts_with(it));
        if !is_source || allowed.iter().any(|it| name.starts_with(it)) || name.contains("/tests") {
            continue;
        }
        for (number, line) in code(&path) {
            if words(&line).any(|word| word == "tokio_postgres" || word == "deadpool_postgres") {
                violations.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    none(&violations, "call `orm_core::exec`: the driver may change, the rooms above it must not");
}

#[test]
fn generated_code_names_all_of_the_private_list() {
    let list = Path::new("orm-core/src/private.rs");
    let lines: Vec<String> = code(list).into_iter().map(|(_, line)| line).collect();
    let items = lines.join("\n");
    let (listed, functions) = items.split_once("\nuse ").expect("the list, then functions");
    // `pub use a::b::{c, d};` lists `c` and `d`.
    let mut names = BTreeSet::new();
    for item in listed.split("pub use ").skip(1) {
        let item = item.split(';').next().unwrap_or_default();
        let last = item.rsplit("::").next().unwrap_or(item);
        names.extend(words(last).filter(|word| !word.is_empty()).map(str::to_owned));
    }
    assert!(names.len() > 20, "{names:?}");
    let mut used: BTreeSet<String> = words(functions).map(str::to_owned).collect();
    let emitters = files(&[".rs"]).into_iter().filter(|path| {
        let is_emitter =
            path.starts_with("./orm-macros/src") || path.starts_with("./orm-migrate/src/project");
        is_emitter && !path.display().to_string().contains("/tests")
    });
    for path in emitters {
        for (_, line) in code(&path) {
            // `syn::Error` is not ours.
            let line = line.replace("syn::Error", "");
            used.extend(words(&line).map(str::to_owned));
        }
    }
    let violations: Vec<String> = names
        .difference(&used)
        .map(|name| format!("{}: no generated code names `{name}`", list.display()))
        .collect();
    none(&violations, "take it off the list");
}
