//! What a person sees while `apply` is at work: on a terminal, and in a log.

use super::Case;
use super::flags::{error, out};
use orm_migrate_test_support::tool;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::io::Read as _;
use std::time::Duration;

/// All that `apply` writes to a terminal of that width, which is its standard output and error.
fn on_a_terminal(case: &Case, more: &[&str], columns: u16) -> String {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("rights");
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&ours, size).expect("a size");
    let name = ptsname(&ours, Vec::new()).expect("a name").into_string().expect("text");
    let theirs = std::fs::File::options().read(true).write(true).open(name).expect("the other end");
    let mut command = tool(&["apply", "--migrations"]);
    command.arg(case.folder.path()).args(more);
    command.env("POSTGRES_URL", case.database.url()).env("TERM", "xterm");
    command.stdout(theirs.try_clone().expect("a copy")).stderr(theirs);
    let mut child = command.spawn().expect("it runs");
    // Holds the other end: dropped, so that reading ends when the program does.
    drop(command);
    let reader = std::thread::spawn(move || {
        let (mut text, mut piece) = (Vec::new(), [0; 4096]);
        let mut ours = std::fs::File::from(ours);
        // The end of a terminal is an error on Linux.
        while let Ok(count @ 1..) = ours.read(&mut piece) {
            text.extend_from_slice(&piece[..count]);
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    assert!(child.wait().expect("it ends").success());
    reader.join().expect("it reads")
}

#[test]
fn a_terminal_shows_the_statement_and_its_time() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT pg_sleep(2.6);"]);
    let shown = on_a_terminal(&case, &[], 120);
    for part in
        ["statement 2 of 2, line 2: SELECT pg_sleep(2.6)", "1 s ", "2 s ", "1 migration applied"]
    {
        assert!(shown.contains(part), "{part}: {shown:?}");
    }
    // What moved is gone in the end.
    let last = shown.rsplit('\u{1b}').next().expect("text");
    assert!(!last.contains("pg_sleep"), "{shown:?}");
}

#[test]
fn a_narrow_terminal_is_not_overrun() {
    let case = Case::new(&[&format!("SELECT pg_sleep(1.5), '{}';", "long ".repeat(40))]);
    let shown = on_a_terminal(&case, &[], 40);
    // The answer may be longer: it is no progress.
    let moved = shown.lines().filter(|line| !line.contains("applied"));
    let pieces = moved.flat_map(|line| line.split(['\r', '\u{1b}']));
    let longest = pieces.map(|piece| piece.chars().count()).max();
    assert!(shown.contains("statement 1 of 1"), "{shown:?}");
    assert!(longest <= Some(42), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_shows_how_far_an_index_is() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (id);",
    ]);
    assert!(case.tool(&["--to", "m0"]).status.success());
    let other = case.connect().await;
    // The index waits for this transaction.
    other.batch_execute("BEGIN; INSERT INTO a VALUES (1)").await.expect("a transaction");
    let release = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(3500)).await;
        other.batch_execute("COMMIT").await.expect("committed");
    });
    let shown = tokio::task::block_in_place(|| on_a_terminal(&case, &[], 200));
    release.await.expect("released");
    assert!(shown.contains("[waiting for writers before build (1 left)]"), "{shown:?}");
}

#[test]
fn a_log_gets_one_line_of_a_long_statement_and_nothing_of_others() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT pg_sleep(12.5);"]);
    let said = case.tool(&[]);
    let told = error(&said);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(
        told.contains("statement 2 of 2, line 2: SELECT pg_sleep(12.5): running for 10 s"),
        "{told}"
    );
    assert_eq!(out(&said).lines().count(), 2, "{}", out(&said));
}

#[test]
fn machines_are_told_of_no_progress() {
    let case = Case::new(&["SELECT pg_sleep(1.5);"]);
    let shown = on_a_terminal(&case, &["--json"], 120);
    assert!(shown.starts_with("{\"applied\"") && shown.trim_end().ends_with('}'), "{shown:?}");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}
