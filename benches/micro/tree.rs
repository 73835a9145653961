//! Users with their posts and comments, beside a hand-written loop over the rows of the three levels in one statement: medians of
//! interleaved rounds.
//!
//! `cargo bench -p orm-benches --bench tree`; `-- ours 20` or `-- hand 20` runs one of them so many times, for
//! `valgrind --tool=callgrind`. Both sides have one connection of the same runtime, and make the same structs.

use futures_util::{StreamExt as _, pin_mut};
use orm::Connection;
use orm::prelude::*;
use orm_migrate::{devdb, plan};
use std::collections::HashMap;
use std::time::Instant;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROUNDS: usize = 15;
/// How many users; each has ten posts, each of which has ten comments.
const USERS: i64 = 100;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(posts: Post))]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(comments: Comment))]
pub(crate) struct Post {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = User::id, index)]
    pub(crate) user_id: i64,
    pub(crate) title: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Comment {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = Post::id, index)]
    pub(crate) post_id: i64,
    pub(crate) body: String,
}

const LEVELS: &str = "WITH u AS MATERIALIZED (SELECT id, name, hair_color FROM \"user\" WHERE id <= $1), \
    p AS MATERIALIZED (SELECT id, user_id, title FROM post WHERE user_id = ANY(ARRAY(SELECT id FROM u))) \
    SELECT 0, id, 0::bigint, name, hair_color FROM u UNION ALL SELECT 1, id, user_id, title, NULL FROM p \
    UNION ALL SELECT 2, id, post_id, body, NULL FROM comment WHERE post_id = ANY(ARRAY(SELECT id FROM p))";

/// How many comments there are, and how long their texts.
async fn by_hand(client: &Client, statement: &Statement) -> Outcome<usize> {
    let (mut users, mut posts) = (Vec::new(), Vec::new());
    let (mut of_user, mut of_post) = (HashMap::new(), HashMap::new());
    let rows = client.query_raw(statement, [USERS]).await?;
    pin_mut!(rows);
    while let Some(row) = rows.next().await {
        let row = row?;
        let (id, parent): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
        match row.try_get::<_, i32>(0)? {
            0 => {
                of_user.insert(id, users.len());
                let user = User { id, name: row.try_get(3)?, hair_color: row.try_get(4)? };
                users.push((user, Vec::new()));
            }
            1 => {
                of_post.insert(id, posts.len());
                posts.push((Post { id, user_id: parent, title: row.try_get(3)? }, Vec::new()));
            }
            _ => {
                let comment = Comment { id, post_id: parent, body: row.try_get(3)? };
                if let Some(place) = of_post.get(&parent) {
                    posts[*place].1.push(comment);
                }
            }
        }
    }
    for post in posts {
        if let Some(place) = of_user.get(&post.0.user_id) {
            users[*place].1.push(post);
        }
    }
    let length =
        |post: &(Post, Vec<Comment>)| post.1.iter().map(|it| 1 + it.body.len()).sum::<usize>();
    Ok(users.iter().map(|user| user.1.iter().map(length).sum::<usize>()).sum())
}

async fn typed(db: &impl Executor) -> Outcome<usize> {
    let query = User::query().filter(User::id.le(USERS));
    let users = query.with(User::posts.with(Post::comments)).all(db).await?;
    let comments = users.iter().flat_map(|user| &user.posts).flat_map(|post| &post.comments);
    Ok(comments.map(|comment| 1 + comment.body.len()).sum())
}

/// What this thread, which does all of the client's work, has used of a processor, in seconds: what else the machine does is not
/// in it.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(f64::NAN) / 1e9
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
    db.batch_execute(
        "INSERT INTO \"user\" SELECT n, 'user ' || n, 'color ' || n FROM generate_series(1, 1000) AS n; \
         INSERT INTO post SELECT n, 1 + n % 1000, 'post ' || n FROM generate_series(1, 10000) AS n; \
         INSERT INTO comment SELECT n, 1 + n % 10000, 'comment ' || n FROM generate_series(1, 100000) AS n;",
    )
    .await?;
    db.batch_execute("VACUUM ANALYZE").await?;
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
    tokio::spawn(connection);
    let statement = client.prepare(LEVELS).await?;

    let arguments: Vec<String> = std::env::args().collect();
    let times = arguments.last().and_then(|times| times.parse().ok());
    if let (Some(times), Some(way)) = (times, arguments.iter().nth_back(1)) {
        for _ in 0..times {
            if way == "ours" {
                typed(&db).await?
            } else {
                by_hand(&client, &statement).await?
            };
        }
        return Ok(());
    }
    let expected = by_hand(&client, &statement).await?;
    assert_eq!(typed(&db).await?, expected, "both do the same");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let begun = (Instant::now(), cpu());
        typed(&db).await?;
        let between = (Instant::now(), cpu());
        by_hand(&client, &statement).await?;
        let ended = (Instant::now(), cpu());
        rounds.push((
            (between.0 - begun.0).as_secs_f64() / (ended.0 - between.0).as_secs_f64(),
            (between.1 - begun.1) / (ended.1 - between.1),
        ));
    }
    let median = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        (values[ROUNDS / 2], values[0], values[ROUNDS - 1])
    };
    let (wall, least, most) = median(&|round| round.0);
    let (of_cpu, ..) = median(&|round| round.1);
    say(&format!(
        "{USERS} users x 10 x 10: {wall:.3} of the same by hand ({least:.3} to {most:.3}); \
         of the client's processor time {of_cpu:.3}"
    ));
    Ok(())
}
