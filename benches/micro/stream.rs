//! A million rows of four columns as a stream, beside a hand-written loop over `query_raw`: medians of interleaved rounds, and
//! the most memory that ours took.
//!
//! `cargo bench -p orm-benches --bench stream`. Both sides have one connection of the same runtime, and make the same structs.

use futures_util::{StreamExt as _, TryStreamExt as _, pin_mut};
use orm::Connection;
use orm::prelude::*;
use orm_migrate::{devdb, plan};
use std::time::Instant;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROUNDS: usize = 7;
const ROWS: i64 = 1_000_000;

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Measure {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) value: Option<f64>,
    pub(crate) place: i32,
}

/// What is done with a row: it must be read whole.
fn digest(sum: i64, row: &Measure) -> i64 {
    let of_value = row.value.map_or(0, |value| value.to_bits().cast_signed() >> 48);
    sum.wrapping_add(row.id ^ i64::from(row.place))
        .wrapping_add(row.name.len().cast_signed() as i64 + of_value)
}

async fn by_hand(client: &Client, statement: &Statement) -> Outcome<i64> {
    let none: [i64; 0] = [];
    let rows = client.query_raw(statement, none).await?;
    pin_mut!(rows);
    let mut sum = 0;
    while let Some(row) = rows.next().await {
        let row = row?;
        let row = Measure {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            value: row.try_get(2)?,
            place: row.try_get(3)?,
        };
        sum = digest(sum, &row);
    }
    Ok(sum)
}

async fn typed(db: &impl Executor) -> Outcome<i64> {
    let mut rows = Measure::query().stream(db);
    let mut sum = 0;
    while let Some(row) = rows.next().await {
        sum = digest(sum, &row?);
    }
    Ok(sum)
}

async fn raw(db: &Connection) -> Outcome<i64> {
    let rows =
        db.query_stream::<Measure>("SELECT id, name, value, place FROM measure", &[]).await?;
    Ok(rows.try_fold(0, async |sum, row| Ok(digest(sum, &row))).await?)
}

/// What this thread, which does all of the client's work, has used of a processor, in seconds: what else the machine does is not
/// in it.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(f64::NAN) / 1e9
}

/// The peak of the process's memory in MiB, counted from the last call; none where the kernel does not say.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(kib / 1024.0)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let database = devdb::test_database()?;
    let db = Connection::connect(&orm::Config::from_url(database.url())?).await?;
    db.batch_execute(&plan::schema_sql(&orm::registry::declared()?)).await?;
    let fill = "INSERT INTO measure SELECT n, 'measure ' || n, nullif(n % 10, 0), n % 100 FROM generate_series(1::bigint, $1) AS n";
    db.execute(fill, &[&ROWS]).await?;
    db.batch_execute("VACUUM ANALYZE measure").await?;
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    let statement = client.prepare("SELECT id, name, value, place FROM measure").await?;

    let expected = by_hand(&client, &statement).await?;
    peak();
    let before = peak();
    assert_eq!(typed(&db).await?, expected, "both do the same");
    let after = peak();
    assert_eq!(raw(&db).await?, expected, "all do the same");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut times = [(Instant::now(), cpu()); 4];
        typed(&db).await?;
        times[1] = (Instant::now(), cpu());
        raw(&db).await?;
        times[2] = (Instant::now(), cpu());
        by_hand(&client, &statement).await?;
        times[3] = (Instant::now(), cpu());
        let took = |way: usize| {
            let ((begun, cpu_before), (ended, cpu_after)) = (times[way], times[way + 1]);
            ((ended - begun).as_secs_f64(), cpu_after - cpu_before)
        };
        rounds.push([took(0), took(1), took(2)]);
    }
    let median = |of: &dyn Fn(&[(f64, f64); 3]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        (values[ROUNDS / 2], values[0], values[ROUNDS - 1])
    };
    for (way, name) in ["typed query", "SQL by hand"].into_iter().enumerate() {
        let (time, ..) = median(&|round| round[way].0);
        let (ratio, least, most) = median(&|round| round[way].0 / round[2].0);
        let (of_cpu, ..) = median(&|round| round[way].1 / round[2].1);
        say(&format!(
            "{name:<14} {ROWS} rows: {time:.3} s, {ratio:.3} of query_raw by hand ({least:.3} to {most:.3}); \
             of the client's processor time {of_cpu:.3}",
        ));
    }
    if let (Some(before), Some(after)) = (before, after) {
        say(&format!("peak of the stream: {:.1} MiB more than before", after - before));
    }
    Ok(())
}
