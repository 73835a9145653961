//! What inserts cost beside the best hand-written ones: rows of two texts into a table whose key the server counts, with the
//! ids back and without.
//!
//! `cargo bench -p orm-benches --bench insert`. By hand it is `VALUES` (up to 100 rows), `UNNEST` with an array for each column, in the select
//! list and in `FROM`, and `COPY` in binary, each prepared once. All run in turn, round by round, on one connection each, and
//! begin with the same rows; a round empties the table. Wall time and client CPU are medians over rounds, the ratio is that to
//! `UNNEST` of the same round; allocations are counted once. `cargo bench -p orm-benches --bench insert -- WAY ROWS TIMES` runs one way only, so that
//! `valgrind --tool=callgrind` counts its instructions.

use futures_util::SinkExt as _;
use orm::prelude::*;
use orm::{Connection, Insert};
use orm_migrate::{devdb, plan};
use std::pin::pin;
use std::time::Instant;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROUNDS: usize = 15;
/// How many rows a round inserts in each way, in as many statements as that takes.
const ROWS_OF_A_ROUND: usize = 2_000;

#[derive(Table, Debug, Clone)]
#[table(name = "bench_user")]
struct User {
    #[column(primary_key, identity)]
    id: i64,
    name: String,
    hair_color: Option<String>,
    #[column(default = now())]
    created_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[insert(into = User)]
struct Owned {
    name: String,
    hair_color: Option<String>,
}

#[derive(Insertable)]
#[insert(into = User)]
struct Borrowed<'a> {
    name: &'a str,
    hair_color: Option<&'a str>,
}

type Row = (String, Option<String>);

fn rows(count: usize) -> Vec<Row> {
    let color = |n: usize| (!n.is_multiple_of(3)).then(|| format!("color {n}"));
    (0..count).map(|n| (format!("user number {n}"), color(n))).collect()
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Values,
    List,
    From,
    Copy,
    Owned,
    Borrowed,
    Builders,
}

const WAYS: [(&str, Way, bool); 13] = [
    ("unnest", Way::List, false),
    ("unnest, ids", Way::List, true),
    ("unnest in FROM", Way::From, false),
    ("unnest in FROM, ids", Way::From, true),
    ("values", Way::Values, false),
    ("values, ids", Way::Values, true),
    ("copy", Way::Copy, false),
    ("orm structs", Way::Owned, false),
    ("orm structs, ids", Way::Owned, true),
    ("orm borrowed", Way::Borrowed, false),
    ("orm borrowed, ids", Way::Borrowed, true),
    ("orm builders", Way::Builders, false),
    ("orm builders, ids", Way::Builders, true),
];

/// The ways by hand and ours, each with its connection.
struct Sides {
    client: Client,
    db: Connection,
    statements: Vec<(Way, bool, Statement)>,
}

impl Sides {
    async fn prepare(&mut self, count: usize) -> Outcome {
        self.statements.clear();
        let places: Vec<String> =
            (0..count).map(|n| format!("(${}, ${})", 2 * n + 1, 2 * n + 2)).collect();
        let into = "INSERT INTO bench_user (name, hair_color)";
        let all = [
            (Way::List, format!("{into} SELECT unnest($1::text[]), unnest($2::text[])")),
            (Way::From, format!("{into} SELECT * FROM unnest($1::text[], $2::text[])")),
            (Way::Values, format!("{into} VALUES {}", places.join(", "))),
        ];
        for (way, text) in all {
            if way == Way::Values && count > 100 {
                continue;
            }
            let plain = self.client.prepare(&text).await?;
            let ids = self.client.prepare(&format!("{text} RETURNING id")).await?;
            self.statements.extend([(way, false, plain), (way, true, ids)]);
        }
        let copy = "COPY bench_user (name, hair_color) FROM STDIN (FORMAT binary)";
        self.statements.push((Way::Copy, false, self.client.prepare(copy).await?));
        Ok(())
    }

    fn statement(&self, way: Way, ids: bool) -> Option<&Statement> {
        let mut all = self.statements.iter();
        all.find(|(its, with, _)| (*its, *with) == (way, ids)).map(|(.., statement)| statement)
    }

    /// Runs a statement of one way; gives the number of ids.
    async fn by_hand(&self, way: Way, ids: bool, rows: &[Row]) -> Outcome<usize> {
        let statement = self.statement(way, ids).ok_or("not prepared")?;
        if way == Way::Copy {
            return copy(&self.client, statement, rows).await;
        }
        let (names, colors): (Vec<&str>, Vec<Option<&str>>);
        let params: Vec<&(dyn ToSql + Sync)> = if way == Way::Values {
            rows.iter().flat_map(|row| [&row.0 as &(dyn ToSql + Sync), &row.1]).collect()
        } else {
            names = rows.iter().map(|row| row.0.as_str()).collect();
            colors = rows.iter().map(|row| row.1.as_deref()).collect();
            vec![&names, &colors]
        };
        if ids {
            let rows = self.client.query(statement, &params).await?;
            let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            return Ok(ids.len());
        }
        Ok(usize::try_from(self.client.execute(statement, &params).await?)?)
    }

    async fn ours(&self, insert: Insert<User>, ids: bool) -> Outcome<usize> {
        if ids {
            return Ok(insert.returning(User::id).all(&self.db).await?.len());
        }
        Ok(usize::try_from(insert.execute(&self.db).await?)?)
    }

    async fn run(&self, way: Way, ids: bool, rows: &[Row], given: Vec<Owned>) -> Outcome<usize> {
        match way {
            Way::Owned => self.ours(Insert::values(given), ids).await,
            Way::Borrowed => {
                let rows = rows.iter().map(|(name, color)| Borrowed {
                    name: name.as_str(),
                    hair_color: color.as_deref(),
                });
                self.ours(Insert::values(rows), ids).await
            }
            Way::Builders => {
                let rows = rows.iter().map(|(name, color)| {
                    User::insert().name(name.as_str()).hair_color(color.as_deref())
                });
                self.ours(Insert::values(rows), ids).await
            }
            _ => self.by_hand(way, ids, rows).await,
        }
    }
}

/// `COPY`, written as a program does that knows its rows.
async fn copy(client: &Client, statement: &Statement, rows: &[Row]) -> Outcome<usize> {
    use bytes::{BufMut as _, BytesMut};
    let mut sink = pin!(client.copy_in(statement).await?);
    let mut out = BytesMut::with_capacity(40_000);
    out.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    for (name, color) in rows {
        out.put_i16(2);
        for value in [Some(name), color.as_ref()] {
            match value {
                Some(value) => {
                    out.put_i32(i32::try_from(value.len())?);
                    out.put_slice(value.as_bytes());
                }
                None => out.put_i32(-1),
            }
        }
        if out.len() > 32_000 {
            sink.send(out.split().freeze()).await?;
            out.reserve(40_000);
        }
    }
    out.put_i16(-1);
    sink.send(out.freeze()).await?;
    Ok(usize::try_from(sink.finish().await?)?)
}

/// The time this process has run on a processor, in ms: all of it is one thread.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let time = text.split(' ').next().and_then(|time| time.parse::<f64>().ok());
    time.unwrap_or_default() / 1e6
}

fn owned(rows: &[Row]) -> Vec<Owned> {
    let row =
        |(name, hair_color): &Row| Owned { name: name.clone(), hair_color: hair_color.clone() };
    rows.iter().map(row).collect()
}

/// Wall time and CPU of one statement, in ms.
fn measure(
    runtime: &Runtime,
    sides: &Sides,
    (way, ids): (Way, bool),
    rows: &[Row],
    times: usize,
) -> Outcome<[f64; 2]> {
    let mut given: Vec<Vec<Owned>> =
        (0..=times).map(|_| if way == Way::Owned { owned(rows) } else { Vec::new() }).collect();
    runtime.block_on(async {
        // The first one is not measured.
        sides.run(way, ids, rows, given.pop().unwrap_or_default()).await?;
        let begun = (Instant::now(), cpu());
        for _ in 0..times {
            let count = sides.run(way, ids, rows, given.pop().unwrap_or_default()).await?;
            assert_eq!(count, rows.len());
        }
        let count = times as f64;
        Ok([begun.0.elapsed().as_secs_f64() * 1e3 / count, (cpu() - begun.1) / count])
    })
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn main() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let database = devdb::test_database()?;
    let mut sides = runtime.block_on(async {
        let db = Connection::connect(&orm::Config::from_url(database.url())?).await?;
        db.batch_execute(&plan::schema_sql(&orm::registry::declared()?)).await?;
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
        tokio::spawn(connection);
        Outcome::Ok(Sides { client, db, statements: Vec::new() })
    })?;
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [name, count, times] = arguments.as_slice() {
        let way = WAYS.iter().find(|(its, ..)| its == name).ok_or("no such way")?;
        let rows = rows(count.parse()?);
        runtime.block_on(sides.prepare(rows.len()))?;
        measure(&runtime, &sides, (way.1, way.2), &rows, times.parse()?)?;
        return Ok(());
    }
    let sizes: Vec<usize> = arguments.iter().filter_map(|it| it.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1, 10, 100, 1_000, 10_000] } else { sizes };
    for count in sizes {
        compare(&runtime, &mut sides, count)?;
    }
    Ok(())
}

fn compare(runtime: &Runtime, sides: &mut Sides, count: usize) -> Outcome {
    let rows = rows(count);
    runtime.block_on(sides.prepare(count))?;
    let ways: Vec<_> =
        WAYS.iter().filter(|(_, way, _)| count <= 100 || *way != Way::Values).collect();
    let times = (ROWS_OF_A_ROUND / count).clamp(1, 100);
    let mut found = vec![Vec::new(); ways.len()];
    for round in 0..=ROUNDS {
        runtime.block_on(sides.db.batch_execute("TRUNCATE bench_user; CHECKPOINT"))?;
        for turn in 0..ways.len() {
            let at = (turn + round) % ways.len();
            let (_, way, ids) = ways[at];
            let times = measure(runtime, sides, (*way, *ids), &rows, times)?;
            // The first round warms all of them.
            if round > 0 {
                found[at].push(times);
            }
        }
    }
    say(&format!(
        "\n{:<22} {:>9} {:>6} {:>9} {:>6} {:>8}",
        format!("{count} rows"),
        "wall ms",
        "ratio",
        "CPU ms",
        "ratio",
        "allocs"
    ));
    for (at, (name, way, ids)) in ways.iter().enumerate() {
        // The same without ids and with.
        let base = usize::from(*ids);
        let of = |side: usize| median(found[at].iter().map(|times| times[side]).collect());
        let ratio = |side: usize| {
            let both = found[at].iter().zip(&found[base]);
            median(both.map(|(one, other)| one[side] / other[side]).collect())
        };
        let given = owned(&rows);
        let mut result = Ok(0);
        let counted = allocation_counter::measure(|| {
            result = runtime.block_on(sides.run(*way, *ids, &rows, given));
        });
        result?;
        say(&format!(
            "{name:<22} {:>9.3} {:>6.2} {:>9.4} {:>6.2} {:>8}",
            of(0),
            ratio(0),
            of(1),
            ratio(1),
            counted.count_total
        ));
    }
    Ok(())
}
