//! Each online form leads where the plain one does, keeps the rows, and can be taken back.

use crate::support::{Case, FILLED};
use orm_migrate::plan::{Forms, TransactionMode};

/// Makes the change online on a big table, says the SQL without comments, and makes it undone.
async fn check(from: &str, change: &str, expected: &[&str]) {
    let case = Case::new(&format!("{FILLED}{from}"), change).await;
    let strategy = case.strategy(Forms::BySize).await;
    let online = case.online(&strategy);
    assert_eq!(online.refused, [], "{change}");
    let up = online.plan.up_sql();
    let marks: Vec<&str> =
        online.plan.steps.iter().flat_map(|step| &step.statements).map(|it| it.as_str()).collect();
    for (index, part) in expected.iter().enumerate() {
        let statement = marks.get(index).unwrap_or_else(|| panic!("no statement {index}:\n{up}"));
        assert!(statement.contains(part), "{part}:\n{up}");
    }
    assert_eq!(marks.len(), expected.len(), "{up}");
    let rows = case.number("SELECT count(*) FROM t").await;
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    assert_eq!(case.number("SELECT count(*) FROM t").await, rows);
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    let unchecked = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
    assert_eq!((case.number(invalid).await, case.number(unchecked).await), (0, 0));
    let down = case.down().expect("a way back");
    case.apply(&down).await;
    assert_eq!(case.left(&case.before).await, Vec::<String>::new(), "{up}\nand back:\n{down}");
}

#[tokio::test]
async fn an_index_is_built_and_dropped_concurrently() {
    check("", "CREATE INDEX t_a ON t (a)", &["CREATE INDEX CONCURRENTLY"]).await;
    check("CREATE INDEX t_a ON t (a);", "DROP INDEX t_a", &["DROP INDEX CONCURRENTLY"]).await;
    check(
        "",
        "CREATE UNIQUE INDEX t_a ON t (a) WHERE a > 5",
        &["CREATE UNIQUE INDEX CONCURRENTLY"],
    )
    .await;
}

#[tokio::test]
async fn an_index_of_a_materialized_view_is_built_concurrently() {
    let view = "CREATE MATERIALIZED VIEW m AS SELECT * FROM t;";
    check(view, "CREATE INDEX m_a ON m (a)", &["CREATE INDEX CONCURRENTLY"]).await;
    let indexed = format!("{view} CREATE INDEX m_a ON m (a);");
    check(&indexed, "DROP INDEX m_a", &["DROP INDEX CONCURRENTLY"]).await;
    let case = Case::new(&format!("{FILLED}{view}"), "CREATE INDEX m_a ON m (a)").await;
    crate::measured::check_plan(&case, &case.plain()).await;
}

#[tokio::test]
async fn statistics_are_made_again_for_another_type() {
    let sql = &["TYPE character varying(40)", "ANALYZE \"public\".\"t\" (\"v\")"];
    check("ALTER TABLE t ADD v varchar(20);", "ALTER TABLE t ALTER v TYPE varchar(40)", sql).await;
}

#[tokio::test]
async fn an_old_index_serves_until_the_new_one_is_there() {
    check(
        "CREATE INDEX i ON t (a);",
        "DROP INDEX i; CREATE INDEX i ON t (a, b)",
        &["CREATE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY", "RENAME TO \"i\""],
    )
    .await;
}

#[tokio::test]
async fn an_old_index_serves_until_the_one_that_takes_its_place_is_there() {
    check(
        "CREATE INDEX i ON t (a);",
        "DROP INDEX i; CREATE INDEX j ON t (a, b)",
        &["CREATE INDEX CONCURRENTLY \"j\"", "DROP INDEX CONCURRENTLY \"public\".\"i\""],
    )
    .await;
}

#[tokio::test]
async fn an_old_key_holds_until_the_new_one_does() {
    let unique = "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);";
    let moment =
        "DROP CONSTRAINT \"k\",\n    ADD CONSTRAINT \"k\" UNIQUE USING INDEX \"k_orm_new\"";
    check(
        unique,
        "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (a) DEFERRABLE",
        &["CREATE UNIQUE INDEX CONCURRENTLY \"k_orm_new\"", moment],
    )
    .await;
    check(
        unique,
        "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT l UNIQUE (a, b)",
        &[
            "CREATE UNIQUE INDEX CONCURRENTLY \"l\"",
            "DROP CONSTRAINT \"k\",\n    ADD CONSTRAINT \"l\" UNIQUE USING INDEX \"l\"",
        ],
    )
    .await;
    // Also where others have their steps between.
    check(
        &format!("{unique} CREATE TABLE s (id bigint REFERENCES t, x int); CREATE TABLE a (x int); ALTER TABLE a ADD CONSTRAINT y CHECK (x > 1);"),
        "ALTER TABLE s DROP CONSTRAINT s_id_fkey; ALTER TABLE a DROP CONSTRAINT y; ALTER TABLE t DROP CONSTRAINT t_pkey, DROP CONSTRAINT k; ALTER TABLE a ADD z int;
         ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id) INCLUDE (a), ADD CONSTRAINT k UNIQUE (a, b); ALTER TABLE s ADD FOREIGN KEY (id) REFERENCES t; ALTER TABLE s ADD y int;",
        &[
            "DROP CONSTRAINT \"y\"",
            "ADD COLUMN \"z\"",
            "ADD COLUMN \"y\"",
            "CREATE UNIQUE INDEX CONCURRENTLY \"t_pkey_orm_new\"",
            "CREATE UNIQUE INDEX CONCURRENTLY \"k_orm_new\"",
            "DROP CONSTRAINT \"s_id_fkey\"",
            "DROP CONSTRAINT \"k\",\n    DROP CONSTRAINT \"t_pkey\",\n    ADD CONSTRAINT",
            "ADD CONSTRAINT \"s_id_fkey\"",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_foreign_key_is_checked_after_it_was_added() {
    check(
        "",
        "ALTER TABLE t ADD FOREIGN KEY (other_id) REFERENCES other",
        &["NOT VALID", "VALIDATE CONSTRAINT"],
    )
    .await;
}

#[tokio::test]
async fn a_check_is_checked_after_it_was_added() {
    check(
        "",
        "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)",
        &["NOT VALID", "VALIDATE CONSTRAINT"],
    )
    .await;
}

#[tokio::test]
async fn not_null_comes_through_a_check() {
    check(
        "",
        "ALTER TABLE t ALTER a SET NOT NULL, ADD c int",
        &[
            "CHECK (\"a\" IS NOT NULL) NOT VALID",
            "VALIDATE CONSTRAINT",
            "SET NOT NULL",
            "DROP CONSTRAINT",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_unique_constraint_and_a_primary_key_take_an_index() {
    check(
        "",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b) DEFERRABLE",
        &["CREATE UNIQUE INDEX CONCURRENTLY \"k\"", "UNIQUE USING INDEX \"k\" DEFERRABLE"],
    )
    .await;
    check(
        "ALTER TABLE t DROP CONSTRAINT t_pkey;",
        "ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)",
        &[
            "NOT VALID",
            "VALIDATE",
            "CREATE UNIQUE INDEX",
            "PRIMARY KEY USING INDEX",
            "DROP CONSTRAINT",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_column_with_another_value_in_each_row_is_filled_in_batches() {
    check(
        "",
        "ALTER TABLE t ADD c uuid NOT NULL DEFAULT gen_random_uuid()",
        &[
            "ALTER COLUMN \"c\" SET DEFAULT gen_random_uuid()",
            "LIMIT 5000",
            "NOT VALID",
            "VALIDATE",
            "SET NOT NULL",
            "DROP CONSTRAINT",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_column_is_filled_by_a_key_of_several_columns_or_by_none() {
    let keyed = "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT k PRIMARY KEY (b, id);";
    let change = "ALTER TABLE t ADD c uuid DEFAULT gen_random_uuid()";
    check(keyed, change, &["SET DEFAULT", "ORDER BY \"b\", \"id\" LIMIT 5000"]).await;
    check("ALTER TABLE t DROP CONSTRAINT t_pkey;", change, &["SET DEFAULT", "ctid"]).await;
}

/// A default that is NULL leaves no mark on the rows that had their turn: the walk must end all the same.
#[tokio::test]
async fn a_column_whose_default_is_null_is_filled_once() {
    let uid = "CREATE FUNCTION uid() RETURNS uuid LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';";
    let change = "ALTER TABLE t ADD owner uuid DEFAULT uid()";
    let none = "ALTER TABLE t DROP CONSTRAINT t_pkey;";
    let of_text = "UPDATE t SET b = '' WHERE id = 7; ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT k PRIMARY KEY (b);";
    let several = "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT k PRIMARY KEY (b, id);";
    for key in ["", none, of_text, several] {
        let from = format!("{uid}{key}");
        let done = check(&from, change, &["SET DEFAULT", "UPDATE"]);
        tokio::time::timeout(std::time::Duration::from_secs(60), done).await.expect("an end");
    }
}

/// Where there is no key, rows are found by their place: each has one in its partition only.
#[tokio::test]
async fn each_row_is_filled_where_rows_are_found_by_their_place() {
    let divided = "CREATE TABLE d (a int) PARTITION BY RANGE (a); CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (0) TO (10000);
        CREATE TABLE d2 PARTITION OF d FOR VALUES FROM (10000) TO (90000); INSERT INTO d SELECT a FROM t; DELETE FROM d WHERE a > 3000 AND a < 6000;
        ALTER TABLE t DROP CONSTRAINT t_pkey;";
    let change = "ALTER TABLE d ADD c uuid NOT NULL DEFAULT gen_random_uuid(); ALTER TABLE t ADD c uuid NOT NULL DEFAULT gen_random_uuid();";
    let case = Case::new(&format!("{FILLED}{divided}"), change).await;
    let up = case.online(&case.strategy(Forms::Online).await).plan.up_sql();
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    let filled = "SELECT count(DISTINCT c) FROM ";
    assert_eq!(case.number(&format!("{filled} t")).await, 20_000);
    assert_eq!(case.number(&format!("{filled} d")).await, 20_000 - 2_999);
}

#[tokio::test]
async fn a_serial_and_an_identity_are_filled_and_go_on() {
    for (change, statements) in [
        ("ALTER TABLE t ADD n bigserial", 8),
        ("ALTER TABLE t ADD n int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2)", 11),
    ] {
        let case = Case::new(FILLED, change).await;
        let plan = case.online(&case.strategy(Forms::BySize).await).plan;
        let count: usize = plan.steps.iter().map(|step| step.statements.len()).sum();
        assert_eq!(count, statements, "{}", plan.up_sql());
        case.apply(&plan.up_sql()).await;
        assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{}", plan.up_sql());
        crate::support::run(&case.connection, "INSERT INTO t (id) VALUES (0)").await;
        let distinct = case.number("SELECT count(DISTINCT n) FROM t").await;
        assert_eq!(distinct, 20_001);
        assert_eq!(
            case.number("SELECT count(*) FROM pg_class WHERE relname ~ '^t_n_orm'").await,
            0
        );
    }
}

#[tokio::test]
async fn a_small_table_gets_the_plain_form_and_a_big_one_if_asked() {
    let change = "CREATE INDEX i ON other (id); CREATE INDEX j ON t (a)";
    let case = Case::new(FILLED, change).await;
    let modes = |forms| {
        let case = &case;
        async move {
            let plan = case.online(&case.strategy(forms).await).plan;
            plan.steps.iter().map(|step| step.mode).collect::<Vec<_>>()
        }
    };
    use TransactionMode::{Autocommit, Transaction};
    assert_eq!(modes(Forms::BySize).await, [Transaction, Autocommit]);
    assert_eq!(modes(Forms::Plain).await, [Transaction, Transaction]);
    assert_eq!(modes(Forms::Online).await, [Autocommit, Autocommit]);
}
