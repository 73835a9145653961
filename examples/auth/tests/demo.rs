//! The program of this crate prints what `demo.out` says. `BLESS=1` writes it anew.

use std::process::Command;

/// What differs from run to run: the folder, the time of day, how long it took.
fn settled(text: &str) -> String {
    let lines = text.lines().map(|line| {
        if line.starts_with("wrote ") {
            return "wrote <folder>".to_owned();
        }
        let words = line.split(' ').map(|word| match word.split_once('T') {
            Some((day, rest))
                if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                format!("<time>{}", rest.get(6..).unwrap_or_default())
            }
            _ => word.to_owned(),
        });
        let line = words.collect::<Vec<_>>().join(" ");
        match line.split_once(" (") {
            Some((before, rest))
                if rest.ends_with("ms)")
                    || rest.ends_with("s)") && before.starts_with("applied") =>
            {
                format!("{before} (<time>)")
            }
            _ => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn the_program_shows_every_step() {
    let output = Command::new(env!("CARGO_BIN_EXE_auth"))
        .env_remove("POSTGRES_URL")
        .output()
        .expect("the program");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/demo.out");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, settled(&printed)).expect("demo.out");
    }
    let expected = std::fs::read_to_string(path).expect("demo.out");
    assert_eq!(settled(&printed), expected, "BLESS=1 writes tests/demo.out anew");
}
