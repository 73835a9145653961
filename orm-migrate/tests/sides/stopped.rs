//! What is stopped by a signal, or kept up by a server that does not drop a scratch database.

use orm_migrate_test_support::{Database, Held, TempFolder, hold, tool};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take to begin, on a machine that has much else to do.
const BEGINS: Duration = Duration::from_secs(60);

/// How long what is stopped may take: the tool gives up after two seconds.
const ENDS: Duration = Duration::from_secs(10);

fn send(signal: &str, child: &Child) {
    let process = child.id().to_string();
    let kill = std::process::Command::new("kill").args(["-s", signal, &process]).status();
    assert!(kill.expect("kill").success());
}

/// Waits for the end, which is not to take longer than that; the exit code, and what was said.
fn end(mut child: Child, limit: Duration) -> (Option<i32>, String, String) {
    let begun = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if begun.elapsed() > limit {
            child.kill().expect("killed");
            panic!("it did not end in {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("it ended");
    let [out, error] =
        [output.stdout, output.stderr].map(|it| String::from_utf8(it).expect("text"));
    (output.status.code(), out, error)
}

/// Once a migration sleeps in a scratch database of this process: its name, and a session that keeps it from being
/// dropped.
fn held_while_asleep(target: &Database, child: &Child) -> (String, Held) {
    let asleep = format!(
        "SELECT datname::text FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND state = 'active' \
         AND datname ~ '^orm_scratch_{}_'",
        child.id()
    );
    let begun = Instant::now();
    let name = loop {
        if let Some(name) = target.texts(&asleep).pop() {
            break name;
        }
        assert!(begun.elapsed() < BEGINS, "it does not begin");
        std::thread::sleep(Duration::from_millis(20));
    };
    let held = hold(target.url(), &format!("BEGIN; COMMENT ON DATABASE \"{name}\" IS 'held'"));
    (name, held)
}

fn diff(target: &Database, folder: &str) -> Child {
    tool(&["diff", "--from", target.url(), "--to", folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs")
}

/// What a run left behind goes with the next one.
fn gone(target: &Database, name: &str) {
    let empty = TempFolder::new();
    let folder = empty.migrations("m", &[("SELECT 1;", None)]);
    let (code, out, error) = end(diff(target, &folder), BEGINS);
    assert_eq!(code, Some(0), "{out}{error}");
    let left = format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'");
    assert!(target.texts(&left).is_empty());
}

#[test]
fn a_server_that_does_not_drop_the_scratch_database_changes_no_answer() {
    let (place, target) = (TempFolder::new(), Database::with(""));
    let up = "CREATE TABLE a (); CREATE CAST (int AS point) WITH INOUT; SELECT pg_sleep(4);";
    let folder = place.migrations("m", &[(up, None)]);
    let child = diff(&target, &folder);
    let (name, held) = held_while_asleep(&target, &child);
    let (code, out, error) = end(child, BEGINS);
    assert!(code == Some(0) && out.contains("create table \"a\""), "{out}{error}");
    for part in [&name, "stays on the server", "lock timeout", "DROP DATABASE"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    drop(held);
    gone(&target, &name);
}

#[test]
fn what_is_stopped_ends_also_where_the_scratch_database_cannot_be_dropped() {
    let (place, target) = (TempFolder::new(), Database::with(""));
    let folder = place.migrations("m", &[("CREATE TABLE a (); SELECT pg_sleep(600);", None)]);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let child = diff(&target, &folder);
        let (name, held) = held_while_asleep(&target, &child);
        send(signal, &child);
        let (ended, out, error) = end(child, ENDS);
        assert_eq!(ended, Some(code), "{out}{error}");
        assert!(error.contains(&name) && error.contains("stays on the server"), "{error}");
        drop(held);
        gone(&target, &name);
    }
}

#[test]
fn what_is_stopped_while_cargo_builds_ends() {
    let (place, target) = (TempFolder::new(), Database::with(""));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the root");
    std::fs::create_dir(place.path().join("src")).expect("a folder");
    let manifest = place.file(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"slow\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             orm = {{ path = {root:?}, default-features = false }}\n"
        ),
    );
    place.file("src/lib.rs", "");
    let lock = root.join("Cargo.lock");
    if lock.exists() {
        std::fs::copy(lock, place.path().join("Cargo.lock")).expect("copied");
    }
    let builds = place.path().join("builds");
    let script = format!(
        "fn main() {{ std::fs::write({builds:?}, \"\").unwrap(); \
         std::thread::sleep(std::time::Duration::from_secs(90)) }}"
    );
    place.file("build.rs", &script);
    let mut command = tool(&["diff", "--manifest-path", &manifest, "--database-url", target.url()]);
    command.env("CARGO_TARGET_DIR", root.join("target"));
    // The build script is an orphan for a while, and keeps the pipes of its parents.
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let begun = Instant::now();
    while !builds.exists() {
        assert!(begun.elapsed() < 5 * BEGINS, "it does not build");
        std::thread::sleep(Duration::from_millis(50));
    }
    send("TERM", &child);
    let (code, out, _) = end(child, ENDS);
    assert_eq!((code, out.as_str()), (Some(143), ""));
}
