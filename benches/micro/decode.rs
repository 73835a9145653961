//! What decoding costs beside hand-written `tokio-postgres`: 10,000 rows of ten columns of mixed types, as they are already in the
//! memory of the client. Interleaved rounds, the quickest of each, and their ratio.
//!
//! `cargo bench -p orm-benches --bench decode`; with the argument `orm` or `hand` one side alone a few times, for callgrind.

use chrono::NaiveDate;
use orm::prelude::*;
use orm::{Connection, Row};
use orm_migrate::{devdb, plan};
use std::hint::black_box;
use std::time::{Duration, Instant};
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROWS: i32 = 10_000;
const ROUNDS: usize = 60;

#[derive(Table, Debug, PartialEq)]
#[table(name = "mixed")]
struct Mixed {
    #[column(primary_key)]
    id: i64,
    count: i32,
    is_open: bool,
    rate: f64,
    name: String,
    key: Uuid,
    day: NaiveDate,
    created_at: DateTime<Utc>,
    settings: serde_json::Value,
    note: Option<String>,
}

const ROW: &str = "SELECT n::bigint, n::integer, n % 2 = 0, n / 7.0::double precision, 'Name ' || n, gen_random_uuid(), \
    '2026-01-01'::date + n % 1000, now(), jsonb_build_object('n', n), \
    CASE WHEN n % 3 > 0 THEN 'note ' || n END FROM generate_series(1, $1::integer) n";

fn by_hand(row: &tokio_postgres::Row) -> Result<Mixed, tokio_postgres::Error> {
    Ok(Mixed {
        id: row.try_get(0)?,
        count: row.try_get(1)?,
        is_open: row.try_get(2)?,
        rate: row.try_get(3)?,
        name: row.try_get(4)?,
        key: row.try_get(5)?,
        day: row.try_get(6)?,
        created_at: row.try_get(7)?,
        settings: row.try_get(8)?,
        note: row.try_get(9)?,
    })
}

fn hand(rows: &[tokio_postgres::Row]) -> Outcome<Duration> {
    let begun = Instant::now();
    for row in rows {
        black_box(by_hand(row)?);
    }
    Ok(begun.elapsed())
}

fn orm(rows: &[Row]) -> Outcome<Duration> {
    let begun = Instant::now();
    for row in rows {
        black_box(row.read::<Mixed>()?);
    }
    Ok(begun.elapsed())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let database = devdb::test_database()?;
    let db = Connection::connect(&orm::Config::from_url(database.url())?).await?;
    let create = orm::schema::Schema::declared([Mixed::TABLE.clone()])?;
    db.batch_execute(&plan::schema_sql(&create)).await?;
    db.execute(&format!("INSERT INTO mixed {ROW}"), &[&ROWS]).await?;
    let theirs: Vec<tokio_postgres::Row> = db.query("SELECT * FROM mixed ORDER BY id", &[]).await?;
    let ours: Vec<Row> = db.query("SELECT * FROM mixed ORDER BY id", &[]).await?;
    for (row, other) in ours.iter().zip(&theirs) {
        assert_eq!(row.read::<Mixed>()?, by_hand(other)?);
    }
    match std::env::args().find(|argument| argument == "orm" || argument == "hand").as_deref() {
        Some("orm") => {
            for _ in 0..5 {
                orm(&ours)?;
            }
            return Ok(());
        }
        Some(_) => {
            for _ in 0..5 {
                hand(&theirs)?;
            }
            return Ok(());
        }
        None => {}
    }
    let (mut orm_best, mut hand_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        orm_best = orm_best.min(orm(&ours)?);
        hand_best = hand_best.min(hand(&theirs)?);
    }
    let ratio = orm_best.as_secs_f64() / hand_best.as_secs_f64();
    say(&format!("decode {ROWS} rows: orm {orm_best:?}, by hand {hand_best:?}, ratio {ratio:.3}"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
fn say(line: &str) {
    println!("{line}");
}
