//! What the README says is what runs: its commands, its code, the messages it quotes.

use super::{files, text};
use std::path::Path;

/// Name and command between each `<!-- command: name -->` and `<!-- end -->`.
fn commands(readme: &str) -> Vec<(&str, &str)> {
    let marked = readme.split("<!-- command: ").skip(1);
    let commands = marked.filter_map(|rest| {
        let (name, rest) = rest.split_once(" -->")?;
        let (block, _) = rest.split_once("<!-- end -->")?;
        let (_, block) = block.split_once("```sh\n")?;
        let (command, _) = block.split_once("\n```")?;
        Some((name, command))
    });
    commands.collect()
}

#[test]
fn the_commands_of_the_readme_are_those_that_ci_runs() {
    let readme = text(Path::new("README.md"));
    let script = text(Path::new(".ci/run"));
    let commands = commands(&readme);
    let expected = [("demo", "cargo run --package auth"), ("tests", "cargo test --workspace")];
    assert_eq!(commands, expected, "README.md: two commands, each between its marks");
    // Any other command is for a crate beside this one, and names it.
    for block in readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next()) {
        let is_marked = commands.iter().any(|(_, command)| *command == block);
        let ours = block.split_whitespace().find_map(|word| word.strip_prefix("../orm/"));
        let exists = ours.is_some_and(|path| Path::new(path).exists());
        assert!(is_marked || exists, "README.md: nobody runs `{block}`: put it between marks");
    }
    for (name, _) in commands {
        // The script takes the command out of the README: it cannot be another one.
        let run = format!("\nbash -euo pipefail -c \"$(command_of {name})\"\n");
        assert!(script.contains(&run), ".ci/run does not run the README's command `{name}`");
    }
}

#[test]
fn the_code_of_the_readme_is_compiled() {
    let readme = text(Path::new("README.md"));
    let code = readme.lines().filter(|line| line.starts_with("```rust")).collect::<Vec<_>>();
    assert!(!code.is_empty(), "README.md shows no code");
    // `ignore` and the like would switch a block off.
    assert!(code.iter().all(|line| *line == "```rust"), "README.md: {code:?}");
    let face = text(Path::new("src/lib.rs"));
    let included = "#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]";
    assert!(face.contains(included), "src/lib.rs: the README is a documentation test");
}

#[test]
fn the_messages_that_the_readme_quotes_are_those_of_the_compiler() {
    let said: String = files(&[".stderr"]).iter().map(|path| text(path)).collect();
    let readme = text(Path::new("README.md"));
    let quoted: Vec<&str> = readme.lines().filter(|line| line.starts_with("error")).collect();
    assert!(!quoted.is_empty(), "README.md quotes no message");
    for message in quoted {
        let known = said.lines().any(|line| line == message);
        assert!(known, "README.md: no case of tests/messages says `{message}`");
    }
}
