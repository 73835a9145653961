//! Tables that are divided: what is said of each step is what PostgreSQL does, plain and online, there and back.

use crate::measured::check_plan;
use crate::support::Case;
use orm_migrate::plan::Forms;

/// A table of 20 000 rows in two partitions, one of which is divided again, and two tables that it knows.
const DIVIDED: &str = "
    CREATE TABLE other (id bigint PRIMARY KEY);
    INSERT INTO other SELECT generate_series(1, 10);
    CREATE TABLE d (id bigint NOT NULL, a int, b text, other_id bigint) PARTITION BY RANGE (id);
    CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (MINVALUE) TO (10001);
    CREATE TABLE d2 PARTITION OF d FOR VALUES FROM (10001) TO (MAXVALUE) PARTITION BY HASH (id);
    CREATE TABLE d2a PARTITION OF d2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    INSERT INTO d SELECT g, g, 'b' || g, 1 + g % 10 FROM generate_series(1, 20000) AS g;";

/// Plain and online; and the statements of the online form, each with a part of it.
async fn check(from: &str, change: &str, expected: &[&str]) {
    let from = format!("{DIVIDED}{from}");
    let case = Case::new(&from, change).await;
    check_plan(&case, &case.plain()).await;
    let case = Case::new(&from, change).await;
    let online = case.online(&case.strategy(Forms::BySize).await);
    assert_eq!(online.refused, [], "{change}");
    let up = online.plan.up_sql();
    let statements: Vec<&String> =
        online.plan.steps.iter().flat_map(|step| &step.statements).collect();
    for (index, part) in expected.iter().enumerate() {
        let statement =
            statements.get(index).unwrap_or_else(|| panic!("no statement {index}:\n{up}"));
        assert!(statement.contains(part), "{part}:\n{up}");
    }
    assert_eq!(statements.len(), expected.len(), "{up}");
    check_plan(&case, &online.plan).await;
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    let unchecked = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
    assert_eq!((case.number(invalid).await, case.number(unchecked).await), (0, 0), "{up}");
    let down = case.down().expect("a way back");
    case.apply(&down).await;
    assert_eq!(case.left(&case.before).await, Vec::<String>::new(), "{up}\nand back:\n{down}");
    // As the tool runs it.
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
}

#[tokio::test]
async fn an_index_is_built_for_one_partition_after_the_other() {
    for unique in ["", "UNIQUE "] {
        check(
            "CREATE TABLE d1_id_a_idx (x int);",
            &format!("CREATE {unique}INDEX i ON d (id, a)"),
            &[
                "INDEX \"i\" ON ONLY \"public\".\"d\"",
                "ON ONLY \"public\".\"d2\"",
                "ATTACH PARTITION",
                "INDEX CONCURRENTLY",
                "INDEX CONCURRENTLY",
                "ATTACH PARTITION",
                "ATTACH PARTITION",
            ],
        )
        .await;
    }
    check("CREATE INDEX i ON d (a);", "DROP INDEX i", &["DROP INDEX \"public\".\"i\""]).await;
}

#[tokio::test]
async fn keys_of_partitions_become_one_of_their_table() {
    check(
        "",
        "ALTER TABLE d ADD CONSTRAINT k UNIQUE (id, b)",
        &[
            "UNIQUE INDEX CONCURRENTLY",
            "UNIQUE INDEX CONCURRENTLY",
            "ALTER TABLE ONLY \"public\".\"d\" ADD CONSTRAINT \"k\" UNIQUE",
            "",
            "",
            "",
            "",
            "ATTACH PARTITION",
            "ATTACH PARTITION",
        ],
    )
    .await;
    check(
        "",
        "ALTER TABLE d ADD CONSTRAINT k PRIMARY KEY (id, a)",
        &[
            "CHECK (\"a\" IS NOT NULL) NOT VALID",
            "VALIDATE",
            "SET NOT NULL",
            "DROP CONSTRAINT",
            "UNIQUE INDEX CONCURRENTLY",
            "UNIQUE INDEX CONCURRENTLY",
            "ALTER TABLE ONLY \"public\".\"d\" ADD CONSTRAINT \"k\" PRIMARY KEY",
            "",
            "",
            "",
            "",
            "ATTACH PARTITION",
            "ATTACH PARTITION",
        ],
    )
    .await;
}

#[tokio::test]
async fn foreign_keys_of_partitions_become_one_of_their_table() {
    check(
        "",
        "ALTER TABLE d ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES other",
        &["NOT VALID", "VALIDATE", "NOT VALID", "VALIDATE", "ALTER TABLE \"public\".\"d\" ADD"],
    )
    .await;
}

#[tokio::test]
async fn columns_and_checks_of_all_partitions() {
    check("", "ALTER TABLE d ADD CONSTRAINT c CHECK (a > 0)", &["NOT VALID", "VALIDATE"]).await;
    check(
        "",
        "ALTER TABLE d ALTER a SET NOT NULL",
        &["NOT VALID", "VALIDATE", "SET NOT NULL", "DROP CONSTRAINT"],
    )
    .await;
    check("", "ALTER TABLE d ADD c int DEFAULT 3, ALTER a SET DEFAULT 7", &["ADD COLUMN"]).await;
}

#[tokio::test]
async fn a_big_table_becomes_a_partition_after_it_was_checked() {
    const ALONE: &str = "
        CREATE TABLE other (id bigint PRIMARY KEY);
        INSERT INTO other SELECT generate_series(1, 10);
        CREATE TABLE p (id bigint NOT NULL, a int, other_id bigint CONSTRAINT f REFERENCES other, CONSTRAINT p_pkey PRIMARY KEY (id)) PARTITION BY RANGE (id);
        CREATE INDEX i ON p (a);
        CREATE TABLE rest PARTITION OF p DEFAULT;
        INSERT INTO p VALUES (40000, 1, 1);
        CREATE TABLE t (id bigint NOT NULL, a int, other_id bigint);
        INSERT INTO t SELECT g, g, 1 + g % 10 FROM generate_series(1, 20000) AS g;";
    let change = "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1) TO (30000)";
    let case = Case::new(ALONE, change).await;
    let online = case.online(&case.strategy(Forms::BySize).await);
    let up = online.plan.up_sql();
    let statements: Vec<&String> =
        online.plan.steps.iter().flat_map(|step| &step.statements).collect();
    for (statement, part) in statements.iter().zip([
        "UNIQUE INDEX CONCURRENTLY",
        "PRIMARY KEY USING INDEX",
        "REFERENCES",
        "VALIDATE",
        "INDEX CONCURRENTLY",
        "CHECK (id IS NOT NULL AND id >= '1' AND id < '30000') NOT VALID",
        "VALIDATE",
        "ATTACH PARTITION",
        "DROP CONSTRAINT",
    ]) {
        assert!(statement.contains(part), "{part}:\n{up}");
    }
    assert_eq!(statements.len(), 9, "{up}");
    check_plan(&case, &online.plan).await;
    let case = Case::new(ALONE, change).await;
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    case.apply(&case.down().expect("a way back")).await;
    assert_eq!(case.left(&case.before).await, Vec::<String>::new(), "{up}");
}

#[tokio::test]
async fn a_new_partition_locks_its_table_and_what_has_the_rest() {
    let new = "CREATE TABLE d3 PARTITION OF e FOR VALUES IN (3)";
    let divided = "CREATE TABLE e (id int) PARTITION BY LIST (id); CREATE TABLE rest PARTITION OF e DEFAULT; INSERT INTO e SELECT generate_series(10, 20);";
    let case = Case::new(divided, new).await;
    check_plan(&case, &case.plain()).await;
    let case = Case::new("CREATE TABLE e (id int) PARTITION BY LIST (id);", new).await;
    check_plan(&case, &case.plain()).await;
}

#[tokio::test]
async fn partitions_that_go() {
    let key = "ALTER TABLE d ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES other;";
    for from in ["", key] {
        for change in ["ALTER TABLE d DETACH PARTITION d1", "DROP TABLE d1"] {
            let case = Case::new(&format!("{DIVIDED}{from}"), change).await;
            check_plan(&case, &case.plain()).await;
        }
    }
}
