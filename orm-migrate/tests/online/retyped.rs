//! Another type for a column of a big table, with what stands on the column.

use crate::measured;
use crate::support::{Case, FILLED, run};
use orm_migrate::plan::{Forms, Strategy};

/// The SQL, applied; with what a step says of itself observed.
async fn done(from: &str, change: &str, strategy: impl Fn(Strategy) -> Strategy) -> String {
    let from =
        format!("{FILLED} ALTER TABLE t ADD v varchar(20); UPDATE t SET v = 'v' || id; {from}");
    let case = Case::new(&from, change).await;
    let online = case.online(&strategy(case.strategy(Forms::BySize).await));
    assert_eq!(online.refused, [], "{change}");
    let up = online.plan.up_sql();
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    let down = case.down().expect("a way back");
    case.apply(&down).await;
    assert_eq!(case.left(&case.before).await, Vec::<String>::new(), "{up}\nand back:\n{down}");
    up
}

async fn refused(from: &str, change: &str) {
    let case = Case::new(&format!("{FILLED}{from}"), change).await;
    let strategy = case.strategy(Forms::BySize).await;
    let said = case.online(&strategy).refused;
    let [one] = said.as_slice() else { panic!("{change}: {said:?}") };
    assert!(one.sentence.contains("it builds indexes of the big table \"t\" again"), "{one:?}");
    assert!(one.instead.is_some(), "{one:?}");
    for plan in [case.plain(), case.online(&Strategy { allow_rewrite: true, ..strategy }).plan] {
        let case = Case::new(&format!("{FILLED}{from}"), change).await;
        measured::check_plan(&case, &plan).await;
    }
    done(from, change, |it| Strategy { expand: true, ..it }).await;
}

#[tokio::test]
async fn a_check_is_held_against_the_rows_while_others_write() {
    for to in ["varchar(40)", "text"] {
        let from = "ALTER TABLE t ADD CONSTRAINT c CHECK (v <> ''), ADD CONSTRAINT e CHECK (length(v) < 30);";
        let up = done(from, &format!("ALTER TABLE t ALTER v TYPE {to}"), |it| it).await;
        assert_eq!(up.matches("VALIDATE CONSTRAINT").count(), 2, "{up}");
    }
    measured::check(
        "ALTER TABLE t ADD v varchar(20), ADD CONSTRAINT c CHECK (v <> '');",
        "ALTER TABLE t ALTER v TYPE varchar(40)",
    )
    .await;
}

#[tokio::test]
async fn an_index_that_is_built_again_is_refused() {
    refused("CREATE INDEX i ON t (b);", "ALTER TABLE t ALTER b TYPE text COLLATE \"C\"").await;
    for index in ["(lower(v))", "(id) WHERE v <> ''"] {
        let from =
            format!("ALTER TABLE t ADD IF NOT EXISTS v varchar(20); CREATE INDEX i ON t {index};");
        refused(&from, "ALTER TABLE t ALTER v TYPE varchar(40)").await;
    }
}

#[tokio::test]
async fn a_plain_index_stays_as_it_is() {
    for (index, change) in [
        ("(v)", "v TYPE varchar(40)"),
        ("(v)", "v TYPE text"),
        ("(id) INCLUDE (b)", "b TYPE text COLLATE \"C\""),
        ("(b COLLATE \"C\")", "b TYPE text COLLATE \"POSIX\""),
    ] {
        let from =
            format!("ALTER TABLE t ADD IF NOT EXISTS v varchar(20); CREATE INDEX i ON t {index};");
        measured::check(&from, &format!("ALTER TABLE t ALTER {change}")).await;
    }
}

#[tokio::test]
async fn an_index_that_is_another_one_makes_room_for_the_type() {
    let change = "ALTER TABLE t ALTER v TYPE text";
    let up = done("CREATE UNIQUE INDEX i ON t (id) WHERE v <> '';", change, |it| it).await;
    let place = |text: &str| up.find(text).unwrap_or_else(|| panic!("{text}: {up}"));
    assert!(place("DROP INDEX \"public\".\"i\"") < place("TYPE text"), "{up}");
    assert!(place("TYPE text") < place("CREATE UNIQUE INDEX CONCURRENTLY \"i\""), "{up}");
    let first = &up[..place("TYPE text")];
    assert!(!first.contains("-- orm:segment"), "{up}");
}

#[tokio::test]
async fn an_index_whose_text_has_no_meaning_for_the_new_type_goes_before() {
    let status = "CREATE TYPE e AS ENUM ('ok', 'no'); ALTER TABLE t ADD m text DEFAULT 'ok'; CREATE INDEX i ON t (id) WHERE m = 'ok';";
    let to_enum = "DROP INDEX i; ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE e USING m::e, ALTER m SET DEFAULT 'ok'; CREATE INDEX i ON t (id) WHERE m = 'ok'";
    let expression = "CREATE INDEX i ON t ((a + 1));";
    let to_text = "DROP INDEX i; ALTER TABLE t ALTER a TYPE text; CREATE INDEX i ON t (lower(a))";
    for (from, change) in [(status, to_enum), (expression, to_text)] {
        done(from, change, |it| Strategy { allow_rewrite: true, ..it }).await;
        done(from, change, |it| Strategy { expand: true, ..it }).await;
    }
}

/// The instant that is stored does not depend on the time zone of whoever writes, nor on that of the tool.
#[tokio::test]
async fn times_are_read_as_utc_by_whomever_they_are_written() {
    for (old, new) in [
        ("timestamp", "timestamptz"),
        ("timestamptz", "timestamp"),
        ("timestamp(3)", "timestamptz(3)"),
        ("date", "timestamptz"),
    ] {
        for (expand, index) in [(false, ""), (true, ""), (true, "CREATE INDEX i ON t (s);")] {
            let value =
                if old == "timestamptz" { "'2020-01-01 10:00Z'" } else { "'2020-01-01 10:00'" };
            let from =
                format!("{FILLED} ALTER TABLE t ADD s {old}; UPDATE t SET s = {value}; {index}");
            let case = Case::new(&from, &format!("ALTER TABLE t ALTER s TYPE {new}")).await;
            let strategy = case.strategy(Forms::BySize).await;
            let online = case.online(&Strategy { expand, allow_rewrite: !expand, ..strategy });
            assert_eq!(online.refused, [], "{old} to {new}");
            let up = online.plan.up_sql();
            assert!(up.contains("read as UTC"), "{up}");
            let zone = "ALTER DATABASE %I SET timezone = 'America/New_York'";
            run(
                &case.connection,
                &format!(
                    "DO $$ BEGIN EXECUTE format('{}', current_database()); END $$",
                    zone.replace('\'', "''")
                ),
            )
            .await;
            let writer = case.another().await;
            run(&writer, "SET timezone = 'Asia/Tokyo'").await;
            // Where a trigger keeps the columns in step, somebody writes before the batches.
            let (first, rest) = match up.split_once("-- orm:segment autocommit") {
                Some((first, rest)) if expand && up.contains("CREATE TRIGGER") => (first, rest),
                _ => ("", up.as_str()),
            };
            if !first.is_empty() {
                case.apply(first).await;
            }
            run(&writer, "UPDATE t SET b = 'x' WHERE id <= 5000").await;
            let rest = if first.is_empty() {
                rest.to_owned()
            } else {
                format!("-- orm:segment autocommit{rest}")
            };
            case.apply(&rest).await;
            assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
            let hour = if old == "date" { "00" } else { "10" };
            run(&case.connection, "SET timezone = 'UTC'").await;
            let wrong = format!("SELECT count(*) FROM t WHERE s <> '2020-01-01 {hour}:00'");
            assert_eq!(case.number(&wrong).await, 0, "{old} to {new}: {up}");
        }
    }
}

#[tokio::test]
async fn a_check_for_null_that_is_there_serves_for_not_null() {
    let from = "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL);";
    let up = done(from, "ALTER TABLE t ALTER a SET NOT NULL", |it| it).await;
    assert!(!up.contains("VALIDATE"), "{up}");
    measured::check(from, "ALTER TABLE t ALTER a SET NOT NULL").await;
}
