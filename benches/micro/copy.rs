//! 100,000 rows of four columns by `COPY`, in and out, by a statement of one's own and typed, beside the driver's `BinaryCopyInWriter` and `BinaryCopyOutStream`:
//! medians of interleaved rounds, and their ratio.
//!
//! `cargo bench -p orm-benches --bench copy`. Both sides have one connection of the same runtime.

use futures_util::{StreamExt as _, pin_mut};
use orm::postgres_types::Type;
use orm::prelude::*;
use orm::{Connection, CopyOut, copy_in, copy_out, raw_copy_in};
use orm_migrate::devdb;
use std::time::Instant;
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::{Client, NoTls};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
type Measure = (i64, String, Option<f64>, i32);

#[derive(Table, Debug, Clone)]
#[table(name = "measure")]
struct Row {
    #[column(primary_key)]
    id: i64,
    name: String,
    value: Option<f64>,
    place: i32,
}

const ROUNDS: usize = 15;
const ROWS: i32 = 100_000;
const IN: &str = "COPY measure (id, name, value, place) FROM STDIN (FORMAT binary)";
const OUT: &str = "COPY measure (id, name, value, place) TO STDOUT (FORMAT binary)";
const TYPES: [Type; 4] = [Type::INT8, Type::TEXT, Type::FLOAT8, Type::INT4];

fn measures() -> Vec<Measure> {
    let measure =
        |n: i32| (i64::from(n), format!("measure {n}"), (n % 10 != 0).then_some(0.5), n % 100);
    (0..ROWS).map(measure).collect()
}

async fn in_by_hand(client: &Client, rows: &[Measure]) -> Outcome<u64> {
    let sink = client.copy_in(IN).await?;
    let writer = BinaryCopyInWriter::new(sink, &TYPES);
    pin_mut!(writer);
    for (id, name, value, place) in rows {
        writer.as_mut().write(&[id, name, value, place]).await?;
    }
    Ok(writer.finish().await?)
}

async fn in_ours(db: &Connection, rows: &[Measure]) -> Outcome<u64> {
    let copied = raw_copy_in(db, IN, &TYPES, rows, |(id, name, value, place), row| {
        row.value(id)?.value(name)?.value(value)?.value(place)?.end()
    });
    Ok(copied.await?)
}

/// The rows are given away, as they are to [`in_typed`].
async fn in_by_hand_owned(client: &Client, rows: Vec<Row>) -> Outcome<u64> {
    let sink = client.copy_in(IN).await?;
    let writer = BinaryCopyInWriter::new(sink, &TYPES);
    pin_mut!(writer);
    for row in rows {
        writer.as_mut().write(&[&row.id, &row.name, &row.value, &row.place]).await?;
    }
    Ok(writer.finish().await?)
}

async fn in_typed(db: &Connection, rows: Vec<Row>) -> Outcome<u64> {
    Ok(copy_in::<Row>(db, rows).await?)
}

async fn out_by_hand(client: &Client) -> Outcome<usize> {
    let rows = BinaryCopyOutStream::new(client.copy_out(OUT).await?, &TYPES);
    pin_mut!(rows);
    let mut count = 0;
    while let Some(row) = rows.next().await {
        let row = row?;
        let row: Measure = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        count += row.1.len();
    }
    Ok(count)
}

async fn out_ours(db: &Connection) -> Outcome<usize> {
    let mut rows = CopyOut::<Measure>::start(db, OUT, &TYPES).await?;
    let mut count = 0;
    while let Some(row) = rows.next().await {
        count += row?.1.len();
    }
    Ok(count)
}

async fn out_typed(db: &Connection) -> Outcome<usize> {
    let mut rows = copy_out::<Row>(db).await?;
    let mut count = 0;
    while let Some(row) = rows.next().await {
        count += row?.name.len();
    }
    Ok(count)
}

fn report(name: &str, mut rounds: Vec<(f64, f64)>) {
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let ratio = |index: usize| rounds[index].0 / rounds[index].1;
    let (ours, by_hand) = rounds[rounds.len() / 2];
    say(&format!(
        "{name:<10} {ROWS} rows: {:.1} ms, by hand {:.1} ms: {:.3} ({:.3} to {:.3})",
        ours * 1e3,
        by_hand * 1e3,
        ratio(rounds.len() / 2),
        ratio(0),
        ratio(rounds.len() - 1)
    ));
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let database = devdb::test_database()?;
    let db = Connection::connect(&orm::Config::from_url(database.url())?).await?;
    db.batch_execute(
        "CREATE UNLOGGED TABLE measure (id bigint NOT NULL, name text NOT NULL, value float8, place int NOT NULL)",
    )
    .await?;
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    let rows = measures();
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        db.batch_execute("TRUNCATE measure").await?;
        let begun = Instant::now();
        let ours = in_ours(&db, &rows).await?;
        let ours_took = begun.elapsed().as_secs_f64();
        db.batch_execute("TRUNCATE measure").await?;
        let begun = Instant::now();
        assert_eq!(in_by_hand(&client, &rows).await?, ours, "both do the same");
        // The first one warms up.
        if round > 0 {
            rounds.push((ours_took, begun.elapsed().as_secs_f64()));
        }
    }
    report("COPY in", rounds);
    let rows: Vec<Row> =
        rows.into_iter().map(|(id, name, value, place)| Row { id, name, value, place }).collect();
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut times = [0.0; 2];
        // Who is first changes from round to round.
        for turn in [round % 2, (round + 1) % 2] {
            db.batch_execute("TRUNCATE measure").await?;
            let rows = rows.clone();
            let begun = Instant::now();
            let count = match turn {
                0 => in_typed(&db, rows).await?,
                _ => in_by_hand_owned(&client, rows).await?,
            };
            times[turn] = begun.elapsed().as_secs_f64();
            assert_eq!(count, u64::from(ROWS.unsigned_abs()));
        }
        if round > 0 {
            rounds.push((times[0], times[1]));
        }
    }
    report("typed in", rounds);
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        let ours = out_ours(&db).await?;
        let ours_took = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        assert_eq!(out_by_hand(&client).await?, ours, "both do the same");
        if round > 0 {
            rounds.push((ours_took, begun.elapsed().as_secs_f64()));
        }
    }
    report("COPY out", rounds);
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        let ours = out_typed(&db).await?;
        let ours_took = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        assert_eq!(out_by_hand(&client).await?, ours, "both do the same");
        if round > 0 {
            rounds.push((ours_took, begun.elapsed().as_secs_f64()));
        }
    }
    report("typed out", rounds);
    Ok(())
}
