//! What the manifests say of tests.

use super::{files, none, text};
use std::path::{Path, PathBuf};

/// The Rust files below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    files(&[".rs"]).into_iter().filter(|path| path.starts_with(folder)).collect()
}

#[test]
fn what_is_built_without_its_tests_has_none() {
    let mut violations = Vec::new();
    let mut looked_at = 0;
    for manifest in files(&["Cargo.toml"]) {
        let package = manifest.parent().expect("a folder");
        let text_of_manifest = text(&manifest);
        for section in text_of_manifest.split("\n[") {
            if !section.lines().any(|line| line == "test = false") {
                continue;
            }
            let path = section.lines().find_map(|line| line.strip_prefix("path = "));
            let sources = match (section.starts_with("lib]"), path) {
                (true, _) => below(&package.join("src")),
                (false, Some(path)) => vec![package.join(path.trim_matches('"'))],
                (false, None) => panic!("{}: {section}: which files?", manifest.display()),
            };
            for path in sources {
                looked_at += 1;
                let tests = ["#[test]", "#[tokio::test", "mod tests"];
                if text(&path).lines().any(|line| tests.iter().any(|it| line.contains(it))) {
                    violations.push(path.display().to_string());
                }
            }
        }
    }
    assert!(looked_at > 9, "only {looked_at} files are built without tests");
    none(&violations, "the tests of this file never run: take `test = false` out of its manifest");
}
