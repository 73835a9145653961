//! What single statements cost beside hand-written ones: allocations and instructions of one run, each statement prepared before.
//!
//! `cargo bench -p orm-benches --bench statement`. All of the client is one thread, the driver's task included, so that both sides
//! have the same of it. Instructions are counted where `valgrind` is installed: they are the difference between a process that runs a
//! statement many times and one that runs it a few times. `cargo bench -p orm-benches --bench statement -- NAME TIMES URL` is such a process.

use chrono::{DateTime, Utc};
use orm::prelude::*;
use orm::{Connection, Executor, Insert};
use orm_migrate::{devdb, plan};
use std::process::Command;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How often a statement runs in the two processes whose difference counts.
const RUNS: (u64, u64) = (100, 600);

#[derive(Table, Debug, Clone)]
#[table(name = "users")]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    hair_color: Option<String>,
    #[column(default = now())]
    created_at: DateTime<Utc>,
}

#[derive(Table, Debug, Clone)]
#[table(name = "entries")]
struct Entry {
    #[column(primary_key, identity)]
    id: i64,
    name: String,
    hair_color: Option<String>,
}

#[derive(Insertable)]
#[insert(into = Entry)]
struct NewEntry<'a> {
    name: &'a str,
    hair_color: Option<&'a str>,
}

const NAME: &str = "Ada Lovelace";
const COLOR: Option<&str> = Some("brown");

fn entries(count: usize) -> impl Iterator<Item = NewEntry<'static>> {
    (0..count).map(|_| NewEntry { name: NAME, hair_color: COLOR })
}

/// What is run, in the order of [`Hand::statements`].
#[derive(Debug, Clone, Copy)]
enum What {
    Read,
    Update,
    Upsert,
    Insert,
    InsertId,
    InsertIds,
}

const ALL: [(&str, What); 6] = [
    ("point read", What::Read),
    ("update", What::Update),
    ("upsert", What::Upsert),
    ("insert 1", What::Insert),
    ("insert 1 with ids", What::InsertId),
    ("insert 10 with ids", What::InsertIds),
];

/// The floor: statements that are prepared once, columns that are read by position.
struct Hand {
    client: Client,
    statements: Vec<Statement>,
}

impl Hand {
    async fn open(url: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let mut statements = Vec::new();
        for sql in [
            "SELECT id, name, hair_color, created_at FROM users WHERE id = $1",
            "UPDATE users SET name = $1 WHERE id = $2",
            "INSERT INTO users (id, name, hair_color, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            "INSERT INTO entries (name, hair_color) VALUES ($1, $2)",
            "INSERT INTO entries (name, hair_color) VALUES ($1, $2) RETURNING id",
            "INSERT INTO entries (name, hair_color) SELECT unnest($1::text[]), unnest($2::text[]) \
             RETURNING id",
        ] {
            statements.push(client.prepare(sql).await?);
        }
        Ok(Self { client, statements })
    }

    async fn run(&self, what: What) -> Outcome<usize> {
        let (client, statement) = (&self.client, &self.statements[what as usize]);
        match what {
            What::Read => {
                let row = client.query_opt(statement, &[&1_i64]).await?;
                let user = row.map(|row| User {
                    id: row.get(0),
                    name: row.get(1),
                    hair_color: row.get(2),
                    created_at: row.get(3),
                });
                Ok(usize::from(user.is_some()))
            }
            What::Update => Ok(client.execute(statement, &[&NAME, &1_i64]).await?.try_into()?),
            What::Upsert => {
                let time = DateTime::<Utc>::UNIX_EPOCH;
                let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
                    [&1_i64, &NAME, &None::<&str>, &time];
                Ok(client.execute(statement, &params).await?.try_into()?)
            }
            What::Insert => Ok(client.execute(statement, &[&NAME, &COLOR]).await?.try_into()?),
            What::InsertId => {
                let rows = client.query(statement, &[&NAME, &COLOR]).await?;
                let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
                Ok(ids.len())
            }
            What::InsertIds => {
                let (names, colors): (Vec<&str>, Vec<Option<&str>>) =
                    entries(10).map(|entry| (entry.name, entry.hair_color)).unzip();
                let rows = client.query(statement, &[&names, &colors]).await?;
                let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
                Ok(ids.len() / 10)
            }
        }
    }
}

async fn ours(db: &impl Executor, what: What) -> Outcome<usize> {
    match what {
        What::Read => {
            let user = User::query().filter(User::id.eq(1)).first(db).await?;
            Ok(usize::from(user.is_some()))
        }
        What::Update => {
            let update = User::update().set(User::name.set(NAME)).filter(User::id.eq(1));
            Ok(update.execute(db).await?.try_into()?)
        }
        What::Upsert => {
            let insert = User::insert()
                .id(1)
                .name(NAME)
                .hair_color(None::<String>)
                .created_at(DateTime::<Utc>::UNIX_EPOCH);
            let upsert = insert.on_conflict(User::id).do_update(User::name.set_excluded());
            Ok(upsert.execute(db).await?.try_into()?)
        }
        What::Insert => Ok(Insert::values(entries(1)).execute(db).await?.try_into()?),
        What::InsertId => Ok(Insert::values(entries(1)).returning(Entry::id).all(db).await?.len()),
        What::InsertIds => {
            Ok(Insert::values(entries(10)).returning(Entry::id).all(db).await?.len() / 10)
        }
    }
}

struct Sides {
    hand: Hand,
    connection: Connection,
    pool: Db,
}

const SIDES: [&str; 3] = ["by hand", "connection", "pool"];

impl Sides {
    async fn open(url: &str) -> Outcome<Self> {
        Ok(Self {
            hand: Hand::open(url).await?,
            connection: Connection::connect(url).await?,
            pool: Db::connect(url).await?,
        })
    }

    async fn run(&self, side: &str, what: What) -> Outcome {
        let count = match side {
            "by hand" => self.hand.run(what).await?,
            "connection" => ours(&self.connection, what).await?,
            _ => ours(&self.pool, what).await?,
        };
        if count == 1 { Ok(()) } else { Err("one row, or ten, are expected".into()) }
    }

    fn run_often(&self, runtime: &Runtime, side: &str, what: What, times: u64) -> Outcome {
        runtime.block_on(async {
            for _ in 0..times {
                self.run(side, what).await?;
            }
            Ok(())
        })
    }
}

/// The instructions of a process that runs a statement so often; none without `valgrind`.
fn collected(side: &str, name: &str, times: u64, url: &str) -> Option<u64> {
    let this = std::env::current_exe().ok()?;
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this)
        .args([side, name, &times.to_string(), url])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&counted.stderr);
    let line = report.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

fn instructions(side: &str, name: &str, url: &str) -> Option<f64> {
    let (few, many) = (collected(side, name, RUNS.0, url)?, collected(side, name, RUNS.1, url)?);
    Some(many.checked_sub(few)? as f64 / (RUNS.1 - RUNS.0) as f64)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(text: &str) {
    println!("{text}");
}

fn main() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [side, name, times, url] = arguments.as_slice() {
        let what = ALL.iter().find(|(its, _)| its == name).ok_or("no such statement")?.1;
        let sides = runtime.block_on(Sides::open(url))?;
        return sides.run_often(&runtime, side, what, times.parse()?);
    }
    let database = devdb::test_database()?;
    let url = database.url();
    let sides = runtime.block_on(async {
        let db = Connection::connect(url).await?;
        db.batch_execute(&plan::schema_sql(&orm::registry::declared()?)).await?;
        db.batch_execute("INSERT INTO users (id, name) VALUES (1, 'Ada')").await?;
        Sides::open(url).await
    })?;
    say("| statement | side | allocations | instructions | ratio |\n|---|---|---:|---:|---:|");
    for (name, what) in ALL {
        let mut floor = None;
        for side in SIDES {
            sides.run_often(&runtime, side, what, 20)?;
            let mut result = Ok(());
            let counted = allocation_counter::measure(|| {
                result = sides.run_often(&runtime, side, what, 40);
            });
            result?;
            let count = counted.count_total as f64 / 40.0;
            let instructions = instructions(side, name, url);
            let floor = floor.get_or_insert(instructions);
            let ratio = instructions.zip(*floor).map(|(ours, floor)| ours / floor);
            let shown = |it: Option<f64>, digits: usize| {
                it.map_or("?".to_owned(), |it| format!("{it:.digits$}"))
            };
            let (instructions, ratio) = (shown(instructions, 0), shown(ratio, 3));
            say(&format!("| {name} | {side} | {count:.1} | {instructions} | {ratio} |"));
        }
    }
    Ok(())
}
