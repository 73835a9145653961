//! Builds the benchmark, with or without other libraries, and runs it: see `--help`.

use std::path::Path;
use std::process::{Command, ExitCode};

#[expect(clippy::print_stderr, reason = "a program says why it fails")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let with_peers = !arguments.iter().any(|argument| argument == "--without-peers");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // This program is in `target/release`, or another profile.
    let program = std::env::current_exe().unwrap_or_default();
    let target = program.parent().and_then(Path::parent).unwrap_or(Path::new("target"));
    let (manifest, target) = match with_peers {
        true => (here.join("peers/Cargo.toml"), target.join("peers")),
        false => (here.join("Cargo.toml"), target.to_owned()),
    };
    let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
    let built = Command::new(cargo)
        .args(["build", "--release", "--bin", "measure", "--bin", "allocations"])
        // A peer asks for a newer Rust than it needs.
        .args(if with_peers { &["--ignore-rust-version"][..] } else { &[] })
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        .status();
    if !built.is_ok_and(|status| status.success()) {
        say("the benchmark could not be built");
        if with_peers {
            say(
                "hint: Diesel needs the library libpq (`apt-get install libpq-dev`); --without-peers leaves other libraries out",
            );
        }
        return ExitCode::FAILURE;
    }
    match Command::new(target.join("release/measure")).args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("could not run the benchmark: {error}"));
            ExitCode::FAILURE
        }
    }
}
