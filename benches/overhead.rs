//! What the queries cost beside hand-written `tokio-postgres`: medians of interleaved rounds, and their ratio.
//!
//! `cargo bench --bench overhead`. Both sides have one connection, prepared statements, and make the same structs.

use auth::{Session, User, UserWithSessions};
use chrono::{TimeDelta, Utc};
use orm::prelude::*;
use orm::{Connection, Executor, Insert};
use orm_migrate::{devdb, plan};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls, Row, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(200);
const USERS: i32 = 1000;

struct Hand {
    client: Client,
    point: Statement,
    all: Statement,
    some: Statement,
    sessions: Statement,
    rename: Statement,
}

fn user(row: &Row) -> User {
    User {
        id: row.get(0),
        name: row.get(1),
        email: row.get(2),
        email_verified: row.get(3),
        image: row.get(4),
        created_at: row.get(5),
        updated_at: row.get(6),
    }
}

fn session(row: &Row) -> Session {
    Session {
        id: row.get(0),
        expires_at: row.get(1),
        token: row.get(2),
        created_at: row.get(3),
        updated_at: row.get(4),
        ip_address: row.get(5),
        user_agent: row.get(6),
        user_id: row.get(7),
        active_organization_id: row.get(8),
        active_team_id: row.get(9),
    }
}

const USER: &str =
    r#"SELECT id, name, email, email_verified, image, created_at, updated_at FROM "user""#;
const SESSION: &str = "SELECT id, expires_at, token, created_at, updated_at, ip_address, user_agent, user_id, \
                       active_organization_id, active_team_id FROM session";

impl Hand {
    async fn open(url: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Self {
            point: client.prepare(&format!("{USER} WHERE id = $1")).await?,
            all: client.prepare(USER).await?,
            some: client.prepare(&format!("{USER} ORDER BY id LIMIT $1")).await?,
            sessions: client.prepare(&format!("{SESSION} WHERE user_id = ANY($1)")).await?,
            rename: client
                .prepare(r#"UPDATE "user" SET name = $1, updated_at = now() WHERE id = $2"#)
                .await?,
            client,
        })
    }

    async fn point(&self) -> Outcome<usize> {
        let row = self.client.query_opt(&self.point, &[&"user 7"]).await?;
        Ok(row.as_ref().map(user).map_or(0, |user| user.name.len()))
    }

    async fn all(&self) -> Outcome<usize> {
        let rows = self.client.query(&self.all, &[]).await?;
        Ok(rows.iter().map(user).collect::<Vec<_>>().len())
    }

    async fn rename(&self) -> Outcome<usize> {
        Ok(self.client.execute(&self.rename, &[&"Ada", &"user 7"]).await?.try_into()?)
    }

    /// Two round trips, put together by a map.
    async fn nested(&self) -> Outcome<usize> {
        let rows = self.client.query(&self.some, &[&10_i64]).await?;
        let users: Vec<User> = rows.iter().map(user).collect();
        let ids: Vec<&str> = users.iter().map(|user| user.id.as_str()).collect();
        let mut of: HashMap<String, Vec<Session>> = HashMap::new();
        for row in &self.client.query(&self.sessions, &[&ids]).await? {
            let session = session(row);
            of.entry(session.user_id.clone()).or_default().push(session);
        }
        let loaded: Vec<(User, Vec<Session>)> = users
            .into_iter()
            .map(|user| {
                let sessions = of.remove(&user.id).unwrap_or_default();
                (user, sessions)
            })
            .collect();
        Ok(loaded.iter().map(|(_, sessions)| sessions.len()).sum())
    }
}

async fn orm_point(db: &impl Executor) -> Outcome<usize> {
    let user = User::query().filter(User::id.eq("user 7")).first(db).await?;
    Ok(user.map_or(0, |user| user.name.len()))
}

async fn orm_all(db: &impl Executor) -> Outcome<usize> {
    Ok(User::query().all(db).await?.len())
}

async fn orm_rename(db: &impl Executor) -> Outcome<usize> {
    let update = User::update().set(User::name.set("Ada")).filter(User::id.eq("user 7"));
    Ok(update.execute(db).await?.try_into()?)
}

async fn orm_nested(db: &impl Executor) -> Outcome<usize> {
    let query = User::query().order_by(User::id.asc()).limit(10).with(User::sessions);
    let users: Vec<UserWithSessions> = query.all(db).await?;
    Ok(users.iter().map(|user| user.sessions.len()).sum())
}

/// How long one call takes in the median of a round.
async fn round<F: Future<Output = Outcome<usize>>>(mut call: impl FnMut() -> F) -> Outcome<f64> {
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < ROUND {
        let one = Instant::now();
        call().await?;
        times.push(one.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

async fn compare<A, B>(
    name: &str,
    mut ours: impl FnMut() -> A,
    mut by_hand: impl FnMut() -> B,
) -> Outcome
where
    A: Future<Output = Outcome<usize>>,
    B: Future<Output = Outcome<usize>>,
{
    assert_eq!(ours().await?, by_hand().await?, "{name}: both do the same");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((round(&mut ours).await?, round(&mut by_hand).await?));
    }
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let ((least, middle), most) = ((rounds[0], rounds[ROUNDS / 2]), rounds[ROUNDS - 1]);
    let ratio = |(ours, by_hand): (f64, f64)| ours / by_hand;
    say(&format!(
        "{name:<28} {:>9.1} us {:>9.1} us {:>6.2} ({:.2} to {:.2})",
        middle.0,
        middle.1,
        ratio(middle),
        ratio(least),
        ratio(most)
    ));
    Ok(())
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
    let users = (0..USERS).map(|n| {
        let id = format!("user {n}");
        User::insert().id(&id).name(format!("Name {n}")).email(format!("{n}@example.com"))
    });
    Insert::values(users).execute(&db).await?;
    let sessions = (0..USERS * 10).map(|n| {
        let id = format!("session {n}");
        let ends = Utc::now() + TimeDelta::hours(n.into());
        Session::insert().token(&id).id(&id).expires_at(ends).user_id(format!("user {}", n % USERS))
    });
    for part in sessions.collect::<Vec<_>>().chunks(5000) {
        Insert::values(part.to_vec()).execute(&db).await?;
    }
    db.batch_execute("ANALYZE").await?;
    let hand = Hand::open(database.url()).await?;
    say(&format!("{:<28} {:>12} {:>12} {:>6}", "", "orm", "by hand", "ratio"));
    compare("point read", || orm_point(&db), || hand.point()).await?;
    let pool = Db::connect(database.url()).await?;
    compare("point read from a pool", || orm_point(&pool), || hand.point()).await?;
    compare("1000 rows", || orm_all(&db), || hand.all()).await?;
    compare("update one row", || orm_rename(&db), || hand.rename()).await?;
    compare("10 users x 10 sessions", || orm_nested(&db), || hand.nested()).await?;
    Ok(())
}
