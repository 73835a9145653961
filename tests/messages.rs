//! What the compiler says of a mistake.
//!
//! One file for each promise: the file's name and first line say it, and it fails with the text of its `.stderr`.
//! `BLESS=1 cargo test --test messages` writes the texts. Correct code, of which the compiler says nothing, is in
//! `tests/accepted`.

use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = "tests/messages";

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of cases");
    let paths = entries.map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(ROOT).expect("tests/messages");
    let paths = entries.map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_mistake_has_its_message() {
    if std::env::var_os("BLESS").is_some() {
        // `TRYBUILD` is read by this process: a second one runs with it.
        let program = std::env::current_exe().expect("this test");
        let mut again = Command::new(program);
        again.arg("every_mistake").env_remove("BLESS").env("TRYBUILD", "overwrite");
        assert!(again.status().expect("this test again").success());
        return;
    }
    // One instance, and only mistakes: the cases are then built by one run of cargo, side by side. A single case that must
    // compile would have each of them built by a run of its own, which takes ten times as long.
    let cases = trybuild::TestCases::new();
    for folder in folders() {
        for file in files(&folder, "rs") {
            cases.compile_fail(file);
        }
    }
}

#[test]
fn every_case_says_its_promise_and_no_message_is_an_orphan() {
    for folder in folders() {
        for file in files(&folder, "rs") {
            let text = std::fs::read_to_string(&file).expect("a case");
            assert!(text.starts_with("//! "), "{}: begin with `//! ` and the rule", file.display());
        }
        for message in files(&folder, "stderr") {
            let case = message.with_extension("rs");
            assert!(case.exists(), "{} has no case: delete it", message.display());
        }
    }
}
