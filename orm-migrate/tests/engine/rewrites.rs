//! A table that is said to be written anew is, and no other.

use orm_migrate::diff::diff;
use orm_migrate::plan::{HazardKind, plan};
use orm_migrate_test_support::{Live, all};

/// Types that become each other, of every family.
const FAMILIES: &[&[&str]] = &[
    &["text", "varchar", "varchar(5)", "varchar(9)", "char(5)", "char(9)", "name"],
    &["text[]", "varchar[]", "varchar(5)[]", "varchar(9)[]"],
    &[
        "numeric",
        "numeric(5,2)",
        "numeric(9,2)",
        "numeric(9,3)",
        "numeric(9)",
        "numeric(10)",
        "int",
        "bigint",
        "smallint",
        "oid",
        "float8",
    ],
    &["numeric(5,2)[]", "numeric(9,2)[]", "numeric[]"],
    &["bit(3)", "bit(5)", "varbit", "varbit(3)", "varbit(5)"],
    &[
        "timestamp",
        "timestamp(0)",
        "timestamp(3)",
        "timestamp(6)",
        "timestamptz",
        "timestamptz(3)",
        "timestamptz(6)",
        "date",
    ],
    &["time", "time(0)", "time(3)", "time(6)", "timetz", "timetz(3)"],
    &[
        "interval",
        "interval(3)",
        "interval(6)",
        "interval day to second(3)",
        "interval year to month",
        "interval day",
    ],
    &["cidr", "inet"],
    &["json", "jsonb"],
    &["xml", "text", "varchar"],
    &["date", "date[]"],
];

#[tokio::test]
async fn what_is_said_to_be_written_anew_is() {
    let (live, goal) = (Live::with("").await, Live::with("").await);
    let mut wrong = Vec::new();
    for family in FAMILIES {
        for from in *family {
            for to in family.iter().filter(|to| *to != from) {
                // Without rows every cast works. In UTC a `timestamp` is stored as the `timestamptz` it becomes.
                let begin = "SET timezone = 'Europe/Berlin'; CREATE TABLE t";
                live.begin_again(&format!("{begin} (a {from})")).await;
                goal.begin_again(&format!("{begin} (a {to})")).await;
                let (before, after) = (live.read().await, goal.read().await);
                let plan = plan(diff(&before, &after, &all(&before)), &before, &after);
                let said = plan.hazards().any(|hazard| hazard.kind == HazardKind::Rewrite);
                let node = "SELECT pg_relation_filenode('t')::bigint";
                let old = live.number(node).await;
                if live.connection.batch_execute(&plan.up_sql()).await.is_err() {
                    continue;
                }
                let is_written = old != live.number(node).await;
                if said != is_written {
                    wrong.push(format!("{from} to {to}: said {said}, is {is_written}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}
