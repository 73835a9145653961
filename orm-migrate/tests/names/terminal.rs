//! A person at a terminal is asked.

use orm_migrate_test_support::{Database, tool};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Output, Stdio};

/// Runs `diff --sql` where standard input and error are a terminal, and types these lines.
fn typed(from: &Database, to: &Database, lines: &str) -> (Output, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&master).expect("a right");
    unlockpt(&master).expect("it opens");
    let name = ptsname(&master, Vec::new()).expect("a name");
    let name = name.to_str().expect("a path").to_owned();
    let slave = OpenOptions::new().read(true).write(true).open(name).expect("the other end");
    let mut command = tool(&["diff", "--sql", "--from", from.url(), "--to", to.url()]);
    command.stdin(Stdio::from(slave.try_clone().expect("a copy")));
    command.stderr(Stdio::from(slave)).stdout(Stdio::piped());
    let child = command.spawn().expect("it runs");
    drop(command);
    let mut master = File::from(master);
    master.write_all(lines.as_bytes()).expect("typed");
    let output = child.wait_with_output().expect("it ends");
    let mut said = Vec::new();
    // Where nobody holds the other end any more, reading ends with an error.
    let _hung_up = master.read_to_end(&mut said);
    (output, String::from_utf8_lossy(&said).into_owned())
}

const BEFORE: &str = "CREATE TABLE t (id int PRIMARY KEY, a text, b text)";

#[test]
fn a_person_is_asked_until_the_answer_is_one() {
    let from = Database::with(BEFORE);
    let to = Database::with("CREATE TABLE t (id int PRIMARY KEY, c text, d text)");
    let (output, said) = typed(&from, &to, "\nwhat\n9\n2\n1\n");
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("is column \"c\" of \"t\" new, or was it renamed from"), "{said}");
    let sql = String::from_utf8(output.stdout).expect("text");
    assert_eq!(sql.matches("RENAME COLUMN").count(), 2, "{sql}");
    assert!(!sql.contains("DROP COLUMN"), "{sql}");
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let from = Database::with(BEFORE);
    let to = Database::with("CREATE TABLE t (id int PRIMARY KEY, a text, c text)");
    let (output, said) = typed(&from, &to, "\u{4}");
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("--rename t.b=t.c"), "{said}");
}

#[test]
fn what_is_new_is_said_to_be_new() {
    let from = Database::with(BEFORE);
    let to = Database::with("CREATE TABLE t (id int PRIMARY KEY, a text, c text)");
    let (output, said) = typed(&from, &to, "n\n");
    // The other one goes, and nobody has allowed that.
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("n  new: \"b\" goes"), "{said}");
}
