//! What an insert of 10,000 rows of four columns costs beside the best hand-written one: medians of rounds in turn, and
//! their ratio.
//!
//! `cargo bench --bench insert`. By hand it is `INSERT .. SELECT .. FROM UNNEST(..)` with one array for each column, prepared
//! once. Both sides have one connection, begin with the same structs, and insert into an empty table without an index but
//! the primary key.

use chrono::{DateTime, TimeDelta, Utc};
use orm::prelude::*;
use orm::{Connection, Insert};
use orm_migrate::{devdb, plan};
use std::time::Instant;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROUNDS: usize = 25;
const ROWS: i64 = 10_000;

#[derive(Table, Debug, Clone)]
#[table(name = "event")]
struct Event {
    #[column(primary_key)]
    id: i64,
    name: String,
    done: bool,
    at: DateTime<Utc>,
}

fn events() -> Vec<Event> {
    let moment = |id| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(id);
    let event = |id| Event { id, name: format!("event {id}"), done: id % 3 == 0, at: moment(id) };
    (0..ROWS).map(event).collect()
}

async fn ours(db: &Connection, events: Vec<Event>) -> Outcome<u64> {
    Ok(Insert::values(events).execute(db).await?)
}

async fn by_hand(client: &Client, statement: &Statement, events: Vec<Event>) -> Outcome<u64> {
    let (mut ids, mut names) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    let (mut done, mut at) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    for event in events {
        ids.push(event.id);
        names.push(event.name);
        done.push(event.done);
        at.push(event.at);
    }
    Ok(client.execute(statement, &[&ids, &names, &done, &at]).await?)
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
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    let sql = "INSERT INTO event (id, name, done, at) \
               SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::boolean[], $4::timestamptz[])";
    let statement = client.prepare(sql).await?;
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut times = [0.0; 2];
        // Who is first changes from round to round.
        for turn in [round % 2, (round + 1) % 2] {
            db.batch_execute("TRUNCATE event; CHECKPOINT").await?;
            let events = events();
            let begun = Instant::now();
            let count = match turn {
                0 => ours(&db, events).await?,
                _ => by_hand(&client, &statement, events).await?,
            };
            times[turn] = begun.elapsed().as_secs_f64() * 1e3;
            assert_eq!(count, ROWS.unsigned_abs());
        }
        // The first one warms both.
        if round > 0 {
            rounds.push(times);
        }
    }
    rounds.sort_by(|a, b| (a[0] / a[1]).total_cmp(&(b[0] / b[1])));
    let median = |side: usize| {
        let mut times: Vec<f64> = rounds.iter().map(|times| times[side]).collect();
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    };
    let ratio = |place: usize| rounds[place][0] / rounds[place][1];
    say(&format!("{:<16} {:>9} {:>9} {:>6}", "", "orm", "by hand", "ratio"));
    say(&format!(
        "{:<16} {:>6.1} ms {:>6.1} ms {:>6.2} ({:.2} to {:.2})",
        "10000 rows",
        median(0),
        median(1),
        ratio(ROUNDS / 2),
        ratio(0),
        ratio(ROUNDS - 1)
    ));
    Ok(())
}
