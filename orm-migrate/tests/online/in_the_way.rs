//! What stands on that which goes, and is not ours to drop: it is named, and nothing is written. Never CASCADE.

use crate::support::{Case as Live, all, version};
use crate::tool::Case;
use orm_migrate::change::ObjectName;
use orm_migrate::diff::diff;
use orm_migrate::plan::HazardKind;
use orm_migrate::preflight;
use orm_test_support::is_known_to;
use std::collections::BTreeSet;

const T: &str = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE TABLE u (id int);";

/// `beside` is on the live database only, and `change` is refused because of it, with these words.
async fn refused(beside: &str, change: &str, words: &[&str]) {
    let case = Case::new(T, change).await;
    case.run(beside).await;
    for arguments in [&[][..], &["--no-verify"]] {
        let said = case.diff(arguments);
        assert_eq!(said.code, Some(3), "{beside}: {}{}", said.out, said.error);
        for word in words {
            assert!(said.error.contains(word), "{word}: {}", said.error);
        }
    }
    assert!(!case.diff(&["--sql", "--no-verify"]).out.contains("CASCADE"));
}

/// The same, where PostgreSQL drops it unasked: that is a loss which must be allowed.
async fn lost(beside: &str, change: &str, words: &str) {
    let case = Case::new(T, change).await;
    case.run(beside).await;
    let said = case.diff(&[]);
    assert_eq!(said.code, Some(3), "{beside}: {}{}", said.out, said.error);
    assert!(said.error.contains(words), "{words}: {}", said.error);
    let allowed = case.diff(&["--allow-destructive"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.error);
    assert_eq!(case.tool(&["apply"]).code, Some(0));
    assert!(case.diff(&["--check"]).out.contains("no differences"));
}

#[tokio::test]
async fn rules_are_in_the_way_of_columns() {
    let rule = "CREATE RULE r AS ON INSERT TO u DO ALSO UPDATE t SET a = 1 WHERE b > 3";
    let words = &[
        "PostgreSQL refuses to change column \"a\" of \"t\"",
        "rule r on table public.u",
        "create it again",
    ];
    refused(rule, "ALTER TABLE t ALTER a TYPE bigint", words).await;
    refused(
        rule,
        "ALTER TABLE t DROP b",
        &["drop column \"b\" of \"t\"", "rule r on table public.u"],
    )
    .await;
    refused(rule, "DROP TABLE t", &["drop table \"t\"", "rule r on table public.u"]).await;
}

#[tokio::test]
async fn what_is_not_modelled_is_in_the_way() {
    for (beside, change, word) in [
        ("CREATE TABLE child () INHERITS (t)", "DROP TABLE t", "table public.child"),
        (
            "CREATE AGGREGATE g (t) (sfunc = f, stype = t)",
            "DROP TABLE t",
            "function public.g(public.t)",
        ),
        ("CREATE PUBLICATION p FOR TABLE t (id, b)", "ALTER TABLE t DROP b", "publication"),
        ("CREATE PUBLICATION q FOR TABLE t WHERE (b > 3)", "ALTER TABLE t DROP b", "publication"),
    ] {
        if !is_known_to(version().await, beside) {
            continue;
        }
        let f = "CREATE FUNCTION f(t, t) RETURNS t LANGUAGE sql AS 'SELECT $1';";
        let f = if beside.contains("AGGREGATE") { f } else { "" };
        refused(&format!("{f} {beside}"), change, &[word]).await;
    }
}

#[tokio::test]
async fn a_range_over_a_type_is_in_the_way_of_it() {
    let types = "CREATE TYPE e AS ENUM ('x', 'y', 'z')";
    let case =
        Case::new(types, "ALTER TYPE e RENAME TO o; CREATE TYPE e AS ENUM ('z', 'x'); DROP TYPE o")
            .await;
    case.run("CREATE TYPE er AS RANGE (subtype = e)").await;
    let said = case.diff(&[]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.error);
    assert!(said.error.contains("type public.er stands on it"), "{}", said.error);
}

#[tokio::test]
async fn what_goes_along_unasked_is_a_loss() {
    lost(
        "CREATE STATISTICS s (dependencies) ON a, b FROM t",
        "ALTER TABLE t DROP b",
        "statistics object public.s goes along",
    )
    .await;
    lost(
        "CREATE PUBLICATION p FOR TABLE t, u",
        "DROP TABLE t",
        "publication of table public.t in publication p",
    )
    .await;
}

#[tokio::test]
async fn rows_of_a_table_are_not_divided_anew() {
    for (table, change, words) in [
        (
            "CREATE TABLE p (id int, a int) PARTITION BY RANGE (a)",
            "DROP TABLE p; CREATE TABLE p (id int, a bigint) PARTITION BY RANGE (a)",
            "the rows of the table are divided by it",
        ),
        (
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE p (id int, a e) PARTITION BY LIST (a)",
            "DROP TABLE p; DROP TYPE e; CREATE TYPE e AS ENUM ('y'); CREATE TABLE p (id int, a e) PARTITION BY LIST (a)",
            "the rows of table \"p\" are divided by column \"a\"",
        ),
    ] {
        let case = Case::new(table, change).await;
        let said = case.diff(&["--no-verify"]);
        assert_eq!(said.code, Some(3), "{}{}", said.out, said.error);
        assert!(said.error.contains(words), "{}", said.error);
    }
}

/// The hazards where only tables are managed: what else there is belongs to somebody else.
async fn of_tables(from: &str, beside: &str, change: &str) -> Vec<(HazardKind, String)> {
    let case = Live::new(&format!("{from} {beside}"), change).await;
    let managed: BTreeSet<ObjectName> =
        all(&case.before).into_iter().filter(|name| !name.name.starts_with("their")).collect();
    let changes = diff(&case.before, &case.goal, &managed);
    let found = preflight::dependents(&case.connection, &changes, case.before.schema()).await;
    found.expect("an answer").into_iter().map(|(_, it)| (it.kind, it.sentence)).collect()
}

#[tokio::test]
async fn views_functions_keys_and_columns_of_others_are_in_the_way() {
    let gone = "DROP VIEW IF EXISTS v, w; DROP FUNCTION IF EXISTS g(); ALTER TABLE t DROP b";
    let view = "CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT id FROM t;";
    let found = of_tables(T, view, gone).await;
    let [(HazardKind::Refused, said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.contains("drop column \"b\" of \"t\": view public.v stands on it"), "{said}");
    let function = "CREATE FUNCTION g() RETURNS bigint BEGIN ATOMIC SELECT b FROM t; END;";
    let found = of_tables(T, function, gone).await;
    let [(HazardKind::Refused, said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.contains("function public.g() stands on it"), "{said}");
    let theirs = "CREATE TABLE theirs (x t, y int DEFAULT 3);";
    let found = of_tables(T, theirs, "DROP TABLE theirs; DROP TABLE t").await;
    let [(HazardKind::Refused, said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.contains("drop table \"t\": column x of table public.theirs"), "{said}");
    // What only must step aside is not in the way.
    let found = of_tables(T, view, "DROP VIEW v, w; ALTER TABLE t ALTER b TYPE bigint").await;
    assert_eq!(found, []);
    // A partition that nobody declared.
    let divided = "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE their_part PARTITION OF p DEFAULT;";
    let found = of_tables(divided, "", "DROP TABLE p").await;
    let [(HazardKind::DataLoss, said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.contains("all rows of table public.their_part"), "{said}");
}
