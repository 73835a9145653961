//! Changes of type of a big table: refused, or spelled out; meanwhile others write, and nothing of theirs is lost.

use crate::support::{Case, FILLED, run};
use orm_migrate::apply::Options;
use orm_migrate::plan::{Forms, HazardKind, OnlinePlan, Strategy};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

async fn expanded(case: &Case) -> OnlinePlan {
    let strategy = Strategy { expand: true, ..case.strategy(Forms::BySize).await };
    case.online(&strategy)
}

/// Applies the long way, and compares the rows with those of the plain one.
async fn check(from: &str, change: &str) -> Case {
    let from = format!("{FILLED}{from}");
    let plain = Case::new(&from, change).await;
    run(&plain.connection, change).await;
    let case = Case::new(&from, change).await;
    let online = expanded(&case).await;
    assert_eq!(online.refused, [], "{change}");
    let up = online.plan.up_sql();
    assert!(up.contains("-- orm:repeat"), "{up}");
    assert!(
        !online
            .plan
            .steps
            .iter()
            .any(|step| step.costs.iter().any(|cost| cost.to_string().contains("anew")))
    );
    case.apply(&up).await;
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{up}");
    let columns = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped";
    let columns: String =
        plain.connection.query::<orm_core::exec::DriverRow>(columns, &[]).await.expect("columns")
            [0]
        .get(0);
    let hash = format!("SELECT sum(hashtext(({columns})::text))::bigint FROM t");
    assert_eq!(case.number(&hash).await, plain.number(&hash).await, "{up}");
    let left = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
    assert_eq!(case.number(left).await, 0);
    let down = case.down().expect("a way back");
    case.apply(&down).await;
    assert_eq!(case.left(&case.before).await, Vec::<String>::new(), "{up}\nand back:\n{down}");
    case
}

#[tokio::test]
async fn a_plain_column_changes_its_type() {
    check("", "ALTER TABLE t ALTER a TYPE bigint").await;
    check("", "ALTER TABLE t ALTER a TYPE text USING a::text, ALTER a SET NOT NULL, ALTER a SET DEFAULT 'x', DROP b").await;
    check("ALTER TABLE t ALTER b TYPE varchar(20);", "ALTER TABLE t ALTER b TYPE varchar(10)")
        .await;
}

#[tokio::test]
async fn a_column_keeps_its_constraints_indexes_and_comment() {
    check(
        "ALTER TABLE t ALTER a SET NOT NULL, ALTER a SET DEFAULT 7, ADD CONSTRAINT positive CHECK (a > 0), ADD CONSTRAINT k UNIQUE (a, b);
         CREATE INDEX i ON t (b, a DESC) INCLUDE (other_id); CREATE INDEX j ON t (b) WHERE a > 5;
         CREATE UNIQUE INDEX l ON t ((a + 1)); COMMENT ON COLUMN t.a IS 'number';",
        "ALTER TABLE t ALTER a TYPE bigint",
    )
    .await;
}

#[tokio::test]
async fn a_key_that_others_reference_grows() {
    let of = |kind: &str| {
        format!(
            "CREATE TABLE p (id {kind} PRIMARY KEY); INSERT INTO p OVERRIDING SYSTEM VALUE SELECT nextval(pg_get_serial_sequence('p', 'id')) FROM generate_series(1, 20000);
             CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p); INSERT INTO c VALUES (1, 1);"
        )
    };
    for kind in ["serial", "int GENERATED ALWAYS AS IDENTITY"] {
        let change = "ALTER TABLE p ALTER id TYPE bigint; ALTER TABLE c ALTER p_id TYPE bigint;";
        let change = match kind {
            "serial" => format!("{change} ALTER SEQUENCE p_id_seq AS bigint"),
            _ => change.to_owned(),
        };
        let case = Case::new(&of(kind), &change).await;
        let plan = expanded(&case).await.plan;
        // The foreign key is away for a moment only: it goes after the batches.
        let place = |text: &str| {
            plan.steps.iter().position(|step| step.statements.iter().any(|it| it.contains(text)))
        };
        let (batches, gone) = (place("LIMIT 5000"), place("DROP CONSTRAINT \"c_p_id_fkey\""));
        assert!(batches < gone && batches.is_some(), "{}", plan.up_sql());
        case.apply(&plan.up_sql()).await;
        assert_eq!(case.left(&case.goal).await, Vec::<String>::new(), "{}", plan.up_sql());
        run(&case.connection, "INSERT INTO p DEFAULT VALUES").await;
        assert_eq!(case.number("SELECT max(id) FROM p").await, 20_001);
    }
}

#[tokio::test]
async fn who_writes_meanwhile_loses_nothing_and_hardly_waits() {
    let case = Case::new(FILLED, "ALTER TABLE t ALTER a TYPE bigint; ALTER TABLE t ADD c uuid NOT NULL DEFAULT gen_random_uuid(); CREATE INDEX i ON t (b)").await;
    let up = expanded(&case).await.plan.up_sql();
    let writer = case.another().await;
    let ended = Arc::new(AtomicBool::new(false));
    let is_over = Arc::clone(&ended);
    let writing = tokio::spawn(async move {
        let (mut longest, mut count) = (std::time::Duration::ZERO, 0_i64);
        while !is_over.load(Ordering::Relaxed) {
            count += 1;
            let begun = std::time::Instant::now();
            let sql = format!(
                "INSERT INTO t (id, a, b, other_id) VALUES ({}, {count}, 'new', 1); UPDATE t SET a = -1 WHERE id = {}",
                20_000 + count,
                1 + count % 20_000
            );
            run(&writer, &sql).await;
            longest = longest.max(begun.elapsed());
        }
        (longest, count)
    });
    case.apply(&up).await;
    ended.store(true, Ordering::Relaxed);
    let (longest, count) = writing.await.expect("it wrote");
    assert!(count > 10, "{count}");
    assert_eq!(case.left(&case.goal).await, Vec::<String>::new());
    assert_eq!(case.number("SELECT count(*) FROM t WHERE b = 'new'").await, count);
    assert_eq!(
        case.number("SELECT count(*) FROM t WHERE a = -1 AND id <= 20000").await,
        count.min(20_000)
    );
    // As long as a statement may wait for its lock, and some time for a machine that is busy.
    assert!(longest < std::time::Duration::from_secs(5), "{longest:?}");
}

#[tokio::test]
async fn without_being_asked_it_is_refused_and_offered() {
    let case = Case::new(FILLED, "ALTER TABLE t ALTER a TYPE bigint; ALTER TABLE t ADD d int GENERATED ALWAYS AS (other_id + 1) STORED").await;
    let strategy = case.strategy(Forms::BySize).await;
    let [first, second] = <[_; 2]>::try_from(case.online(&strategy).refused).expect("two");
    let (retyped, made) = if first.instead.is_some() { (first, second) } else { (second, first) };
    assert!(
        retyped.sentence.contains("change column \"a\" of \"t\": type integer to bigint"),
        "{retyped:?}"
    );
    let instead = retyped.instead.expect("an offer");
    for part in [
        "ADD COLUMN \"a_orm_new\" bigint",
        "CREATE TRIGGER",
        "-- orm:repeat",
        "DROP COLUMN \"a\"",
        "RENAME COLUMN",
    ] {
        assert!(instead.contains(part), "{part}: {instead}");
    }
    assert!(made.sentence.contains("add column \"d\"") && made.instead.is_none(), "{made:?}");
    let allowed = case.online(&Strategy { allow_rewrite: true, ..strategy.clone() });
    assert_eq!(allowed.refused, []);
    assert!(allowed.plan.steps.iter().all(|step| !step.repeats));
    let plain = case.online(&Strategy { forms: Forms::Plain, ..strategy });
    assert_eq!(plain.refused, []);
    let small = Case::new("CREATE TABLE t (a int)", "ALTER TABLE t ALTER a TYPE bigint").await;
    assert_eq!(small.online(&small.strategy(Forms::BySize).await).refused, []);
}

#[tokio::test]
async fn a_value_that_is_too_long_is_not_cut_on_the_long_way() {
    let change = "ALTER TABLE t ALTER a TYPE varchar(4) USING a::text::varchar(4)";
    let case = Case::new(FILLED, change).await;
    let up = expanded(&case).await.plan.up_sql();
    let failed = case.try_apply(&up, &Options::default()).await.expect_err("values of five digits");
    assert!(failed.contains("value too long for type character varying(4)"), "{failed}");
    // Also what is written meanwhile.
    let insert = "INSERT INTO t VALUES (50000, 50000, '', 1)";
    assert!(case.connection.batch_execute(insert).await.is_err());
    run(&case.connection, "INSERT INTO t VALUES (50000, 5000, '', 1)").await;
}

#[tokio::test]
async fn values_that_are_rounded_are_lost_on_the_long_way_too() {
    let from = format!("{FILLED} ALTER TABLE t ALTER a TYPE numeric;");
    let case = Case::new(&from, "ALTER TABLE t ALTER a TYPE bigint").await;
    let plan = expanded(&case).await.plan;
    let lost = plan.hazards().filter(|hazard| hazard.kind == HazardKind::DataLoss);
    let lost: Vec<&str> = lost.map(|hazard| hazard.sentence.as_str()).collect();
    assert_eq!(lost, ["the values of column \"a\" of table \"t\" become bigint: they are rounded"]);
}
