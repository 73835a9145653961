//! What is a statement, and what only looks like the end of one.

use super::*;

#[track_caller]
fn check(sql: &str, expected: &[(usize, &str)]) {
    let script = Script::parse(sql).expect("a script");
    let found: Vec<_> = script.statements().map(|s| (s.line, s.text.as_str())).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check_fails(sql: &str, line: usize, part: &str) {
    let error = Script::parse(sql).expect_err("no script");
    assert_eq!(error.line, line, "{error}");
    assert!(error.message.contains(part), "{error}");
}

#[test]
fn statements_end_at_semicolons_and_at_the_end_of_the_file() {
    check("SELECT 1;\n\nSELECT\n 2", &[(1, "SELECT 1"), (3, "SELECT\n 2")]);
    check(" ;; -- nothing\n", &[]);
}

#[test]
fn semicolons_in_quotes_end_nothing() {
    check("SELECT ';', 'it''s;', \";\"", &[(1, "SELECT ';', 'it''s;', \";\"")]);
    check(
        r"SELECT E'\';', 2; SELECT '\'; SELECT 3",
        &[(1, r"SELECT E'\';', 2"), (1, r"SELECT '\'"), (1, "SELECT 3")],
    );
}

#[test]
fn semicolons_in_dollar_quotes_end_nothing() {
    check(
        "DO $$ a; $$; DO $x$ $$;\n $x$;\nSELECT 1",
        &[(1, "DO $$ a; $$"), (1, "DO $x$ $$;\n $x$"), (3, "SELECT 1")],
    );
    check("SELECT a$b$c; SELECT $1", &[(1, "SELECT a$b$c"), (1, "SELECT $1")]);
}

#[test]
fn semicolons_in_comments_end_nothing() {
    check(
        "SELECT 1 -- a; b\n+ 1; /* ; /* ; */ ; */ SELECT 2",
        &[(1, "SELECT 1 -- a; b\n+ 1"), (2, "SELECT 2")],
    );
}

#[test]
fn semicolons_in_parentheses_and_atomic_bodies_end_nothing() {
    check(
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);",
        &[(1, "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)")],
    );
    let function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
    check(&format!("{function};\nSELECT 3;"), &[(1, function), (2, "SELECT 3")]);
}

#[test]
fn letters_outside_ascii_are_kept() {
    check(
        "SELECT 'ä;ö'; COMMENT ON TABLE é IS '日本'",
        &[(1, "SELECT 'ä;ö'"), (1, "COMMENT ON TABLE é IS '日本'")],
    );
}

#[test]
fn segments_are_told_apart() {
    let sql =
        "SELECT 1;\n-- orm:segment autocommit\nSELECT 2;\n-- orm:segment transaction\nSELECT 3;";
    let script = Script::parse(sql).expect("a script");
    let modes: Vec<_> = script.segments.iter().map(|segment| segment.mode).collect();
    assert_eq!(modes, [ScriptMode::Transaction, ScriptMode::Autocommit, ScriptMode::Transaction]);
    assert!(!script.is_one_transaction());
    assert_eq!(script.statements().map(|s| s.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_file_that_cannot_be_cut_says_where() {
    check_fails("SELECT 1;\nSELECT 'a", 2, "does not end");
    check_fails("SELECT 1;\n/* a", 2, "without its");
    check_fails("DO $x$ a", 1, "$x$");
    check_fails("-- orm:segment later\n", 1, "unknown segment `later`");
    check_fails("SELECT 1\n-- orm:segment autocommit\n", 2, "end the statement");
    check_fails("SELECT 1;\ncommit;", 2, "COMMIT in a migration");
}

#[test]
fn what_would_end_the_transaction_of_apply_is_refused() {
    check_fails("start transaction;", 1, "START TRANSACTION in a migration");
    check_fails("SELECT 1;\nPREPARE TRANSACTION 'x'", 2, "PREPARE TRANSACTION in a migration");
    check("PREPARE a AS SELECT 1", &[(1, "PREPARE a AS SELECT 1")]);
}

#[test]
fn what_a_client_does_is_refused() {
    check_fails("COPY a FROM STDIN;\n1\n\\.\n", 1, "COPY .. FROM STDIN in a migration");
    check_fails("copy (SELECT 1) to stdout", 1, "COPY .. TO STDOUT in a migration");
    check_fails("SELECT 1;\n\\connect shop", 2, "`\\connect` is a command of psql");
    check("COPY a FROM '/tmp/stdin'", &[(1, "COPY a FROM '/tmp/stdin'")]);
    check("SELECT from_ FROM stdin", &[(1, "SELECT from_ FROM stdin")]);
}

#[test]
fn a_comment_ends_at_any_end_of_a_line() {
    check("-- a\rSELECT 1;\r", &[(1, "SELECT 1")]);
    check("SELECT 1; -- a\r\nSELECT 2", &[(1, "SELECT 1"), (2, "SELECT 2")]);
    check_fails("-- orm:segment later\rSELECT 1", 1, "unknown segment `later`");
}

#[test]
fn a_statement_may_be_repeated() {
    let sql = "SELECT 1;\n-- orm:segment autocommit\n-- orm:repeat\n-- in batches\nUPDATE a SET b = 1;\nSELECT 3;";
    let script = Script::parse(sql).expect("a script");
    let repeated: Vec<_> = script.statements().filter(|s| s.repeat).map(|s| s.number).collect();
    assert_eq!(repeated, [2]);
}

#[test]
fn a_directive_in_the_wrong_place_is_refused() {
    check_fails("-- orm:repeat\nUPDATE a SET b = 1;", 1, "outside of a segment");
    let autocommit = "-- orm:segment autocommit\n";
    check_fails(&format!("{autocommit}-- orm:repeat\n"), 2, "followed by no statement");
    check_fails(&format!("{autocommit}-- orm:repeat\n-- orm:segment transaction\n"), 2, "no stat");
    check_fails(&format!("{autocommit}UPDATE a\n-- orm:repeat\nSET b = 1"), 3, "end the statement");
    check_fails(&format!("{autocommit}-- orm:repeat\nSELECT 1"), 3, "above SELECT");
    check_fails("--orm:repaet\nSELECT 1", 1, "unknown directive `-- orm:repaet`");
}

#[test]
fn a_position_is_found_in_its_line() {
    let script = Script::parse("\n /* ä */ SELECT\n  ä,\n  b").expect("a script");
    let statement = script.statements().next().expect("a statement");
    assert_eq!(statement.place_of(1), (2, 10));
    assert_eq!(statement.place_of(8), (3, 1));
    assert_eq!(statement.place_of(15), (4, 3));
}
