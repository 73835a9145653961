//! What a person reads when a migration fails: PostgreSQL's own words, the line, and what is left.

use super::flags::error;
use super::{Case, LEDGER};
use serde_json::json;

/// The message of `apply`, with the folder taken out of it.
#[track_caller]
fn check(migrations: &[&str], expected: &str) {
    let case = Case::new(migrations);
    let said = error(&case.tool(&[]));
    let last = case.folder.read().expect("migrations").pop().expect("one").up_path();
    let said = said.replace(&last.display().to_string(), "up.sql");
    assert_eq!(said.trim_end(), expected);
}

#[test]
fn a_position_is_shown_in_its_line() {
    check(
        &["SELECT 1; SELECT 'ö', /* a\n */ nothing -- here\n FROM pg_class;"],
        "error: up.sql: statement 2 of 2, line 2: ERROR: column \"nothing\" does not exist\n  \
         2 |  */ nothing -- here\n    |     ^\n  nothing of this migration was kept",
    );
}

#[test]
fn a_hint_of_the_server_is_given() {
    check(
        &["SELECT\n\tlength(1);"],
        "error: up.sql: statement 1 of 1, line 2: ERROR: function length(integer) does not exist\n  \
         HINT: No function matches the given name and argument types. You might need to add explicit type casts.\n  \
         2 | \tlength(1);\n    | \t^\n  nothing of this migration was kept",
    );
}

#[test]
fn a_detail_of_the_server_is_given_and_without_a_position_the_line_of_the_statement() {
    check(
        &[
            "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\n\nALTER TABLE a\n  ADD UNIQUE (id);",
        ],
        "error: up.sql: statement 3 of 3, line 4: ERROR: could not create unique index \"a_id_key\"\n  \
         DETAIL: Key (id)=(1) is duplicated.\n  4 | ALTER TABLE a\n  nothing of this migration was kept",
    );
}

#[test]
fn an_error_in_a_body_is_shown_in_its_line() {
    check(
        &[
            "SELECT 1;\nDO LANGUAGE plpgsql\n$$ BEGIN\n  PERFORM 1;\n  RAISE 'no' USING DETAIL = 'Because.';\nEND $$;",
        ],
        "error: up.sql: statement 2 of 2, line 5: ERROR: no\n  DETAIL: Because.\n  \
         CONTEXT: PL/pgSQL function inline_code_block line 3 at RAISE\n  \
         5 |   RAISE 'no' USING DETAIL = 'Because.';\n  nothing of this migration was kept",
    );
}

#[test]
fn a_statement_in_the_wrong_kind_of_segment_is_told_where_it_belongs() {
    check(
        &["CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);"],
        "error: up.sql: statement 2 of 2, line 2: ERROR: CREATE INDEX CONCURRENTLY cannot run inside a transaction block\n  \
         hint: put it below a line `-- orm:segment autocommit`: what stands there runs without a transaction around it\n  \
         2 | CREATE INDEX CONCURRENTLY i ON a (id);\n  nothing of this migration was kept",
    );
}

#[test]
fn a_new_value_that_is_used_too_soon_is_told_what_it_waits_for() {
    check(
        &["CREATE TYPE mood AS ENUM ('a');", "ALTER TYPE mood ADD VALUE 'b';\nSELECT 'b'::mood;"],
        "error: up.sql: statement 2 of 2, line 2: ERROR: unsafe use of new value \"b\" of enum type mood\n  \
         HINT: New enum values must be committed before they can be used.\n  hint: put a line `-- orm:segment transaction` \
         above this statement: what stands above it is committed then\n  \
         2 | SELECT 'b'::mood;\n    |        ^\n  nothing of this migration was kept",
    );
}

#[test]
fn what_is_kept_of_a_migration_in_parts_is_said() {
    check(
        &["CREATE TABLE a (id int);\n-- orm:segment autocommit\nSELECT a.nothing FROM a;"],
        "error: up.sql: statement 2 of 2, line 3: ERROR: column a.nothing does not exist\n  \
         3 | SELECT a.nothing FROM a;\n    |        ^\n  \
         its first statement is done and recorded; after a fix `orm-migrate apply` goes on after it",
    );
}

#[test]
fn a_constraint_that_fails_at_commit_is_said() {
    check(
        &[
            "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n\
           INSERT INTO b VALUES (1);",
        ],
        "error: up.sql: its statements ran, but could not be committed: ERROR: insert or update on table \"b\" violates \
         foreign key constraint \"b_id_fkey\"\n  DETAIL: Key (id)=(1) is not present in table \"a\".\n  \
         nothing of this migration was kept",
    );
}

#[test]
fn a_file_that_cannot_be_cut_into_statements_is_said() {
    check(
        &["CREATE TABLE a ();", "SELECT 1;\nSELECT 'a"],
        "error: up.sql, line 2: a quote ' that does not end\n  nothing was applied",
    );
}

#[test]
fn a_directive_that_is_mistyped_is_said() {
    check(
        &["-- orm:segmnet autocommit\nSELECT 1;"],
        "error: up.sql, line 1: unknown directive `-- orm:segmnet`: expected `-- orm:segment autocommit`, `-- orm:segment \
         transaction`, `-- orm:repeat` or `-- orm:empty`\n  nothing was applied",
    );
}

#[test]
fn line_ends_of_another_system_shift_nothing() {
    check(
        &["SELECT 1;\r\nSELECT\r\n  nothing;\r\n"],
        "error: up.sql: statement 2 of 2, line 3: ERROR: column \"nothing\" does not exist\n  \
         3 |   nothing;\n    |   ^\n  nothing of this migration was kept",
    );
}

#[tokio::test]
async fn machines_are_told_the_same_in_parts() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT\n  length(1);"]);
    let (code, said) = case.json(&[]);
    let said = &said["error"];
    assert_eq!(
        (code, &said["exit_code"], &said["statements_done"]),
        (Some(1), &json!(1), &json!(0))
    );
    let place = &said["place"];
    let numbers = ["statement", "statements", "line", "column"].map(|key| place[key].as_u64());
    assert_eq!(numbers, [2, 2, 3, 3].map(Some));
    assert!(place["file"].as_str().is_some_and(|file| file.ends_with("_m0/up.sql")), "{place}");
    let server = &said["server"];
    assert_eq!(server["sqlstate"], "42883");
    assert_eq!(server["message"], "function length(integer) does not exist");
    assert!(server["hint"].as_str().is_some_and(|hint| hint.starts_with("No function matches")));
    assert_eq!(case.number(LEDGER).await, 0);
}
