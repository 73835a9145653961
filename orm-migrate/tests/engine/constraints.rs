//! All that a constraint may say: it comes, goes and changes, in place where PostgreSQL can.

use crate::round_trip::{Case, check};
use orm_migrate::diff::diff;
use orm_migrate::plan::plan;
use orm_migrate_test_support::{Live, all};

const PLAIN: &str = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1, 1);
    CREATE TABLE t (id int NOT NULL, a int, b int, c text, d int4range); INSERT INTO t VALUES (1, 1, 1, 'x', '[1,2)')";
const FULL: &str = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
    CREATE TABLE t (id int NOT NULL, a int, b int, c text, d int4range,
        CONSTRAINT t_key PRIMARY KEY (id) INCLUDE (c, a) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT t_uni UNIQUE (a) INCLUDE (b), CONSTRAINT t_che CHECK (a > 0) NO INHERIT,
        CONSTRAINT t_for FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON DELETE SET NULL (b) ON UPDATE CASCADE DEFERRABLE);
    ALTER TABLE t ADD CONSTRAINT t_old CHECK (b < 100) NOT VALID, ADD CONSTRAINT t_ref FOREIGN KEY (b, a) REFERENCES p ON DELETE SET DEFAULT (a, b) NOT VALID";
const EXCLUDED: &str = "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (id int NOT NULL, a int, b int, c text, d int4range,
        EXCLUDE USING gist (d WITH &&) WHERE (a > 0 AND c IN ('x', 'y')) DEFERRABLE,
        CONSTRAINT odd EXCLUDE USING btree (lower(c) COLLATE \"C\" text_pattern_ops DESC WITH =, a WITH OPERATOR(pg_catalog.=)) INCLUDE (b),
        EXCLUDE (a WITH =, b WITH =) DEFERRABLE INITIALLY DEFERRED)";

#[test]
fn constraints_of_every_kind_come_go_and_change() {
    check(&[
        Case("they come with their table", "", FULL),
        Case("they come", PLAIN, FULL),
        Case("they go", FULL, PLAIN),
        Case(
            "they change",
            FULL,
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
             CREATE TABLE t (id int NOT NULL, a int, b int, c text, d int4range,
                CONSTRAINT t_key PRIMARY KEY (id) INCLUDE (c) DEFERRABLE, CONSTRAINT t_uni UNIQUE (a) INCLUDE (c), CONSTRAINT t_che CHECK (a > 0), CONSTRAINT t_old CHECK (b < 100),
                CONSTRAINT t_for FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON DELETE SET NULL (a) ON UPDATE CASCADE DEFERRABLE, CONSTRAINT t_ref FOREIGN KEY (b, a) REFERENCES p ON DELETE SET DEFAULT)",
        ),
    ]);
}

#[test]
fn exclusions_come_go_and_change() {
    check(&[
        Case("they come with their table", "", EXCLUDED),
        Case("they come", PLAIN, EXCLUDED),
        Case("they go", EXCLUDED, PLAIN),
        Case(
            "they change, with their columns",
            EXCLUDED,
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (id int NOT NULL, a bigint, b int, c text,
                CONSTRAINT odd EXCLUDE USING btree (a WITH =), EXCLUDE (a WITH =, b WITH =) WHERE (b > 3))",
        ),
    ]);
}

/// The statements of the migration, there and back.
async fn statements(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let (one, other) = (Live::with(before).await, Live::with(after).await);
    let (from, to) = (one.read().await, other.read().await);
    let of = |from, to| {
        plan(diff(from, to, &all(from)), from, to)
            .steps
            .into_iter()
            .flat_map(|step| step.statements)
            .collect()
    };
    (of(&from, &to), of(&to, &from))
}

#[tokio::test]
async fn what_can_change_in_place_does() {
    let with =
        |rest: &str| format!("CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int); {rest}");
    let key = |rest: &str| {
        with(&format!("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p {rest}"))
    };
    let alter = |rest: &str| vec![format!("ALTER TABLE \"public\".\"t\" {rest}")];
    for (before, after, there, back) in [
        (
            key(""),
            key("DEFERRABLE"),
            alter("ALTER CONSTRAINT \"f\" DEFERRABLE INITIALLY IMMEDIATE"),
            alter("ALTER CONSTRAINT \"f\" NOT DEFERRABLE"),
        ),
        (
            key("DEFERRABLE"),
            key("DEFERRABLE INITIALLY DEFERRED"),
            alter("ALTER CONSTRAINT \"f\" DEFERRABLE INITIALLY DEFERRED"),
            alter("ALTER CONSTRAINT \"f\" DEFERRABLE INITIALLY IMMEDIATE"),
        ),
        // What holds for all rows is no difference to what need not.
        (key("NOT VALID"), key(""), alter("VALIDATE CONSTRAINT \"f\""), Vec::new()),
        (
            with("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"),
            with("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)"),
            alter("VALIDATE CONSTRAINT \"c\""),
            Vec::new(),
        ),
    ] {
        assert_eq!(statements(&before, &after).await, (there, back), "{before} to {after}");
    }
}

#[tokio::test]
async fn a_foreign_key_that_is_not_valid_steps_aside_and_comes_back_as_declared() {
    let with = |ty: &str, rest: &str| {
        format!(
            "CREATE TABLE p (a {ty} PRIMARY KEY); CREATE TABLE t (a {ty}); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p {rest}"
        )
    };
    let (there, back) = statements(&with("int", "NOT VALID"), &with("text", "DEFERRABLE")).await;
    let key = "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"p\" (\"a\")";
    assert_eq!((there.len(), there.last()), (4, Some(&format!("{key} DEFERRABLE"))));
    assert_eq!((back.len(), back.last()), (4, Some(&format!("{key} NOT VALID"))));
}
