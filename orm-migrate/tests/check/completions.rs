//! The completions of each shell; those of bash are sourced and asked.

use serde_json::Value;
use std::process::Command;

fn completions(more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_orm-migrate"))
        .arg("completions")
        .args(more)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{more:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_shell_has_all_verbs_and_flags() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = completions(&[shell]);
        for word in ["check", "diff", "apply", "no-database", "database-url", "manifest-path"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let document: Value = serde_json::from_str(&completions(&[shell, "--json"])).expect("JSON");
        assert_eq!(document["shell"], shell);
        assert_eq!(document["script"].as_str().map(str::trim_end), Some(script.trim_end()));
    }
}

/// What bash offers for the last of these words.
fn offered(words: &[&str]) -> Vec<String> {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("completions.bash");
    std::fs::write(&file, completions(&["bash"])).expect("written");
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let ask = format!(
        "set -eu; source '{}'; complete -p orm-migrate >/dev/null; COMP_WORDS=({words}); \
         COMP_CWORD=$(({} - 1)); f=$(complete -p orm-migrate | sed 's/.*-F \\([^ ]*\\).*/\\1/'); \
         \"$f\" orm-migrate \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        file.display(),
        "${#COMP_WORDS[@]}"
    );
    let output = Command::new("bash").args(["-c", &ask]).output().expect("bash");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    said.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_verbs_flags_and_values() {
    assert_eq!(offered(&["orm-migrate", "che"]), ["check"]);
    assert_eq!(
        offered(&["orm-migrate", "check", "--no-d"]),
        ["--no-default-features", "--no-database"]
    );
    assert_eq!(offered(&["orm-migrate", "check", "--lint", ""]), ["deny", "warn", "off"]);
    assert_eq!(offered(&["orm-migrate", "completions", "fi"]), ["fish"]);
}

#[test]
fn an_unknown_shell_is_wrong_usage() {
    let tool = env!("CARGO_BIN_EXE_orm-migrate");
    let output = Command::new(tool).args(["completions", "tcsh"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(64) && said.contains("powershell"), "{said}");
}
