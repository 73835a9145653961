//! How much memory statements take: a process of its own, and one test at a time, so that nothing else counts.

mod inserts;

use futures_util::{StreamExt as _, TryStreamExt as _};
use orm::Row;
use orm::prelude::*;
use orm_test_support::database_with_declared_tables;

#[derive(Composite, Debug, Clone, PartialEq)]
#[composite(name = "point_in_time")]
pub(crate) struct PointInTime {
    pub(crate) place: i32,
    pub(crate) time: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Measure {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) value: Option<f64>,
    pub(crate) point: PointInTime,
}

/// What one test holds while it measures.
pub(crate) static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

const ROWS: i64 = 1_000_000;
const MIB: u64 = 1 << 20;

/// The most memory that the process has had since [`forget_peak`], as the kernel counts it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024
}

/// The peak is what there is now (manual page `proc_pid_clear_refs(5)`). Gives that.
fn forget_peak() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
    peak()
}

#[tokio::test]
async fn a_million_rows_are_streamed_in_less_than_20_mib() {
    let _alone = ALONE.lock().await;
    let database = database_with_declared_tables().await;
    let fill = format!(
        "INSERT INTO measure SELECT n, 'measure ' || n, nullif(n % 10, 0), ROW(n % 100, n)::point_in_time \
         FROM generate_series(1, {ROWS}) AS n"
    );
    database.execute(&fill).await;
    let db = database.db();
    let expected = (ROWS, ROWS * (ROWS + 1) / 2, ROWS / 10 * 9);

    // The first of them meets the composite type for the first time.
    for attempt in ["the first time", "again"] {
        let before = forget_peak();
        let mut found = (0_i64, 0_i64, 0_i64);
        let mut rows = Measure::query().stream(&db);
        while let Some(row) = rows.next().await {
            let row = row.expect("a row");
            assert_eq!((row.point.time, i64::from(row.point.place)), (row.id, row.id % 100));
            found = (found.0 + 1, found.1 + row.id, found.2 + i64::from(row.value.is_some()));
        }
        assert_eq!(found, expected, "{attempt}");
        let taken = peak() - before;
        assert!(taken < 20 * MIB, "{attempt}: {taken} bytes");
    }

    // SQL by hand, without parameters and with, into rows and into a tuple.
    let before = forget_peak();
    let sql = "SELECT id, name, value, point FROM measure";
    let rows = db.query_stream::<Row>(sql, &[]).await.expect("rows");
    let sum = rows.try_fold(0, async |sum, row| Ok(sum + row.get::<i64>("id")?)).await;
    assert_eq!(sum.expect("rows"), expected.1);
    let sql = "SELECT id, name, value, point FROM measure WHERE id <= $1";
    let rows = db.query_stream::<(i64, String)>(sql, &[&ROWS]).await.expect("rows");
    let sum = rows.try_fold(0, async |sum, (id, _)| Ok(sum + id)).await;
    assert_eq!(sum.expect("rows"), expected.1);
    let taken = peak() - before;
    assert!(taken < 20 * MIB, "SQL by hand: {taken} bytes");

    // The measurement is one: as many rows in a list take more.
    let before = forget_peak();
    assert_eq!(Measure::query().all(&db).await.expect("rows").len(), 1_000_000);
    assert!(peak() - before > 60 * MIB);
}
