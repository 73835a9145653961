//! What writes or locks a big table for long is not done without being asked for.

use crate::support::{Case, FILLED};
use orm_migrate::plan::{Forms, HazardKind, Strategy};

/// The one thing that is refused of a change, and that it can be allowed.
async fn refused(from: &str, change: &str, sentence: &str) {
    let case = Case::new(&format!("{FILLED}{from}"), change).await;
    let strategy = case.strategy(Forms::BySize).await;
    let said = case.online(&strategy).refused;
    let [one] = said.as_slice() else { panic!("{change}: {said:?}") };
    assert!(one.sentence.contains(sentence), "{sentence}: {}", one.sentence);
    let allowed = case.online(&Strategy { allow_rewrite: true, ..strategy });
    assert_eq!(allowed.refused, []);
    case.apply(&allowed.plan.up_sql()).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{}", allowed.plan.up_sql());
}

#[tokio::test]
async fn a_type_that_is_made_again_writes_the_tables_of_its_columns() {
    let said = "it writes the big table \"t\" anew";
    refused(
        "CREATE TYPE e AS ENUM ('x', 'y'); ALTER TABLE t ADD x e DEFAULT 'x';",
        "ALTER TABLE t DROP x; DROP TYPE e; CREATE TYPE e AS ENUM ('x'); ALTER TABLE t ADD x e DEFAULT 'x'",
        said,
    )
    .await;
    refused(
        "CREATE DOMAIN w AS varchar(5); ALTER TABLE t ADD x w;",
        "ALTER TABLE t DROP x; DROP DOMAIN w; CREATE DOMAIN w AS varchar(9); ALTER TABLE t ADD x w",
        said,
    )
    .await;
    refused(
        "CREATE TYPE c AS (m int, n int); ALTER TABLE t ADD x c;",
        "ALTER TABLE t DROP x; ALTER TYPE c ALTER ATTRIBUTE m TYPE bigint; ALTER TABLE t ADD x c",
        said,
    )
    .await;
}

#[tokio::test]
async fn a_new_column_whose_domain_has_a_say_writes_every_row() {
    let domains = "CREATE DOMAIN d AS int CHECK (value > 0); CREATE DOMAIN over AS d; CREATE DOMAIN r AS float8 DEFAULT random();";
    for column in ["d", "d DEFAULT 3", "over", "r"] {
        let said = "it writes the big table \"t\" anew";
        refused(domains, &format!("ALTER TABLE t ADD c {column}"), said).await;
    }
    for column in ["d[]", "r DEFAULT 3"] {
        let case =
            Case::new(&format!("{FILLED}{domains}"), &format!("ALTER TABLE t ADD c {column}"))
                .await;
        assert_eq!(case.online(&case.strategy(Forms::BySize).await).refused, [], "{column}");
    }
}

#[tokio::test]
async fn a_new_column_fails_if_its_domain_refuses_what_the_rows_would_have() {
    let domains = "CREATE DOMAIN n AS int NOT NULL; CREATE DOMAIN d AS int CHECK (value > 0);";
    for (column, said) in [
        ("n", Some("it fails if table \"t\" has rows and domain \"n\" refuses NULL")),
        (
            "d DEFAULT -3",
            Some("it fails if table \"t\" has rows and domain \"d\" refuses '-3'::integer"),
        ),
        ("d", None),
        ("n DEFAULT 3", None),
    ] {
        let change = format!("DELETE FROM t; ALTER TABLE t ADD c {column}");
        let case = Case::new(&format!("{FILLED}{domains}"), &change).await;
        let plan = case.plain();
        let fails = plan.hazards().find(|it| it.kind == HazardKind::FailsOnExistingRows);
        assert_eq!(fails.map(|it| it.sentence.as_str()), said, "{column}");
    }
}
