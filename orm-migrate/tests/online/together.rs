//! What steps aside for a change is missed by nobody: a policy that is gone for as long as rows are read is a hole.

use crate::support::{Case, FILLED, run};
use orm_core::exec::Connection;
use orm_migrate::plan::{Forms, Strategy};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const SECURED: &str =
    "ALTER TABLE t ADD v varchar(20) DEFAULT 'v'; CREATE VIEW vv AS SELECT v FROM t;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER g BEFORE UPDATE OF v ON t FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t AS RESTRICTIVE USING (v <> 'q');";

/// What somebody else sees of policies, triggers and views.
const THERE: &str = "SELECT (SELECT count(*) FROM pg_policy) + (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)
    + (SELECT count(*) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace)";

async fn count(connection: &Connection) -> i64 {
    connection.query::<orm_core::exec::DriverRow>(THERE, &[]).await.expect("a count")[0].get(0)
}

/// Applies a change while somebody looks whether all is there; the SQL.
async fn never_away(from: &str, change: &str, strategy: impl Fn(Strategy) -> Strategy) -> String {
    let case = Case::new(&format!("{FILLED}{from}"), change).await;
    let strategy = strategy(case.strategy(Forms::BySize).await);
    let online = case.online(&strategy);
    assert_eq!(online.refused, [], "{change}");
    let up = online.plan.up_sql();
    let watcher = case.another().await;
    // Only some of what `THERE` counts waits for locks: nobody who looks is held up.
    let (all, is_over) = (count(&watcher).await, Arc::new(AtomicBool::new(false)));
    let ended = Arc::clone(&is_over);
    let watching = tokio::spawn(async move {
        let mut least = all;
        while !ended.load(Ordering::Relaxed) {
            least = least.min(count(&watcher).await);
        }
        least
    });
    case.apply(&up).await;
    is_over.store(true, Ordering::Relaxed);
    let least = watching.await.expect("it looked");
    assert!(least >= all, "{least} of {all} were there:\n{up}");
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    run(&case.connection, "UPDATE t SET b = 'x' WHERE id = 1").await;
    up
}

/// The segments of a migration, without its comments.
fn segments(up: &str) -> Vec<String> {
    let is_said = |line: &&str| !line.starts_with("-- ") || line.starts_with("-- orm:segment");
    let lines: Vec<&str> = up.lines().filter(is_said).collect();
    lines.join("\n").split("-- orm:segment ").map(str::to_owned).collect()
}

const MORE: &str = "CREATE INDEX i2 ON t (b); ALTER TABLE t ADD CONSTRAINT cc CHECK (a > 0);";

fn retyped(column: &str) -> String {
    format!(
        "DROP TRIGGER g ON t; DROP POLICY p ON t; DROP VIEW vv; ALTER TABLE t ALTER v TYPE {column}; CREATE VIEW vv AS SELECT v FROM t;
         CREATE POLICY p ON t AS RESTRICTIVE USING (v <> 'q'); CREATE TRIGGER g BEFORE UPDATE OF v ON t FOR EACH ROW EXECUTE FUNCTION f();"
    )
}

#[tokio::test]
async fn policies_triggers_and_views_are_back_before_rows_are_read() {
    let change = format!("{} ALTER TABLE t ALTER v SET NOT NULL; {MORE}", retyped("varchar(40)"));
    let up = never_away(SECURED, &change, |it| it).await;
    let segments = segments(&up);
    let moment = segments.iter().find(|it| it.contains("DROP POLICY")).expect("a segment");
    for part in [
        "DROP VIEW",
        "DROP TRIGGER",
        "TYPE character varying(40)",
        "CREATE VIEW",
        "CREATE TRIGGER",
        "CREATE POLICY",
    ] {
        assert!(moment.contains(part), "{part}:\n{up}");
    }
    for part in ["VALIDATE", "CONCURRENTLY", "SET NOT NULL"] {
        assert!(!moment.contains(part), "{part}:\n{up}");
    }
}

#[tokio::test]
async fn the_same_holds_where_a_table_is_written_anew_or_a_column_takes_another_place() {
    let change = format!("{} {MORE}", retyped("varchar(10)"));
    never_away(SECURED, &change, |it| Strategy { allow_rewrite: true, ..it }).await;
    never_away(SECURED, &change, |it| Strategy { expand: true, ..it }).await;
}

#[tokio::test]
async fn tables_that_have_nothing_to_do_with_each_other_are_locked_one_after_the_other() {
    let second = "CREATE TABLE u (id bigint PRIMARY KEY, v varchar(20)); INSERT INTO u SELECT g, g FROM generate_series(1, 20000) AS g; CREATE POLICY q ON u USING (v <> 'q');";
    let change = format!(
        "{} DROP POLICY q ON u; ALTER TABLE u ALTER v TYPE varchar(40); CREATE POLICY q ON u USING (v <> 'q');",
        retyped("varchar(40)")
    );
    let up = never_away(&format!("{SECURED}{second}"), &change, |it| it).await;
    let segments = segments(&up);
    assert_eq!(segments.iter().filter(|it| it.contains("CREATE POLICY")).count(), 2, "{up}");
}

#[tokio::test]
async fn a_foreign_key_is_back_as_soon_as_the_type_of_its_column_is_another() {
    let change = "ALTER TABLE other ALTER id TYPE int; ALTER TABLE t ALTER other_id TYPE int; CREATE INDEX i2 ON t (b);";
    let key = "ALTER TABLE t ADD FOREIGN KEY (other_id) REFERENCES other;";
    let up = never_away(key, change, |it| Strategy { expand: true, ..it }).await;
    let segments = segments(&up);
    let moment = segments.iter().find(|it| it.contains("DROP CONSTRAINT \"t_other_id_fkey\""));
    assert!(moment.is_some_and(|it| it.contains("REFERENCES") && it.contains("NOT VALID")), "{up}");
}
