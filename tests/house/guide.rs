//! The guide to queries: each page is compiled and listed, and what its tables say is in a block that is compiled.

use super::{files, none, text};
use std::path::{Path, PathBuf};

fn pages() -> Vec<PathBuf> {
    files(&[".md"]).into_iter().filter(|path| path.starts_with("./docs/queries")).collect()
}

/// The code of a page, and the rest of it.
fn parts(page: &str) -> (String, String) {
    let (mut code, mut rest) = (String::new(), String::new());
    let mut is_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        } else {
            let part = if is_code { &mut code } else { &mut rest };
            part.push_str(line);
            part.push('\n');
        }
    }
    (code, rest)
}

/// Without white space: blocks break lines where tables cannot.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn each_page_of_the_guide_is_compiled_and_listed() {
    let face = text(Path::new("src/lib.rs"));
    let index = text(Path::new("docs/queries/index.md"));
    let mut violations = Vec::new();
    let pages = pages();
    assert!(pages.len() > 10, "{pages:?}");
    for path in &pages {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if !face.contains(&format!("#[doc = include_str!(\"../docs/queries/{name}\")]")) {
            violations.push(format!("{name}: src/lib.rs does not include it"));
        }
        if name != "index.md" && !index.contains(&format!("[{name}]({name})")) {
            violations.push(format!("{name}: index.md does not list it"));
        }
        let page = text(path);
        // `ignore`, `text` and the like would switch a block off.
        for line in page.lines().filter(|line| line.starts_with("```")) {
            if !matches!(line, "```" | "```rust" | "```rust,compile_fail,E0277") {
                violations.push(format!("{name}: a block that is not compiled: {line}"));
            }
        }
    }
    none(&violations, "include each page as a documentation test, and list it");
}

#[test]
fn each_right_side_of_the_pages_from_elsewhere_is_compiled() {
    let mut violations = Vec::new();
    let mut count = 0;
    for path in pages() {
        let name = path.display().to_string();
        if !name.contains("/from_") {
            continue;
        }
        let (code, rest) = parts(&text(&path));
        let code = squeezed(&code);
        for line in rest.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |")) {
            let cell = line.trim_end_matches("` |").rsplit(" | `").next().unwrap_or_default();
            count += 1;
            if !code.contains(&squeezed(&cell.replace("\\|", "|"))) {
                violations.push(format!("{name}: {cell}"));
            }
        }
    }
    assert!(count > 150, "{count} lines");
    none(&violations, "write the right side in the block below its table too");
}
