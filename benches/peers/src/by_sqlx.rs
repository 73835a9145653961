//! sqlx: SQL by hand, rows into structs by their derive. It has no relations: a tree is three queries put together by hand.

use crate::count;
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, LocalBoxFuture};
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry, NAME, NewEntry, Outcome, Place, READ,
    Way, Workload, digest, joined, new_entries,
};
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{Connection as _, FromRow, PgExecutor, PgPool, QueryBuilder, Row as _};
use std::collections::HashMap;
use tokio::sync::Mutex;

pub(crate) const ENTRY: Entry = Entry {
    name: "sqlx",
    crates: &["sqlx"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

#[derive(FromRow)]
struct User {
    id: i64,
    name: String,
    hair_color: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Post {
    id: i64,
    user_id: i64,
    title: String,
    body: String,
}

#[derive(FromRow)]
struct Comment {
    id: i64,
    post_id: i64,
    body: String,
}

impl User {
    fn digest(&self) -> u64 {
        let time = self.created_at.timestamp_micros();
        digest::user(self.id, &self.name, self.hair_color.as_deref(), time)
    }
}

impl Post {
    fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, &self.body)
    }
}

/// A connection and a pool.
struct Open {
    connection: Mutex<PgConnection>,
    pool: PgPool,
}

struct Peer(Vec<Open>);

async fn pool(url: &str) -> Outcome<PgPool> {
    // It pings a connection before it gives it away otherwise, as none of the others does.
    let options = PgPoolOptions::new().max_connections(CONNECTIONS as u32);
    Ok(options.test_before_acquire(false).connect(url).await?)
}

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        let url = place.url(data);
        let connection = Mutex::new(PgConnection::connect(&url).await?);
        open.push(Open { connection, pool: pool(&url).await? });
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

/// On the connection and through the pool.
macro_rules! on_both {
    ($it:expr, $executor:ident => $run:expr) => {{
        let it: &'static Open = $it;
        vec![
            Way::new("connection", async move || {
                let mut connection = it.connection.lock().await;
                let $executor = &mut *connection;
                $run.await
            }),
            Way::new("pool", async move || {
                let $executor = &it.pool;
                $run.await
            }),
        ]
    }};
}

const POINT_READ: &str = "SELECT id, name, hair_color, created_at FROM users WHERE id = $1";

async fn point_read(executor: impl PgExecutor<'_>, id: i64) -> Outcome<u64> {
    let user = sqlx::query_as::<_, User>(POINT_READ).bind(id).fetch_optional(executor).await?;
    Ok(user.map_or(0, |user| user.digest()))
}

async fn update(executor: impl PgExecutor<'_>) -> Outcome<u64> {
    let query = sqlx::query("UPDATE users SET name = $1 WHERE id = $2").bind(NAME).bind(CHANGED);
    Ok(query.execute(executor).await?.rows_affected())
}

async fn upsert(executor: impl PgExecutor<'_>) -> Outcome<u64> {
    let query = sqlx::query(
        "INSERT INTO users (id, name, hair_color, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    );
    let time = DateTime::<Utc>::UNIX_EPOCH;
    let query = query.bind(CHANGED).bind(NAME).bind(None::<&str>).bind(time);
    Ok(query.execute(executor).await?.rows_affected())
}

async fn users(executor: impl PgExecutor<'_>, size: i64) -> Outcome<u64> {
    let sql = "SELECT id, name, hair_color, created_at FROM users WHERE id <= $1";
    let users = sqlx::query_as::<_, User>(sql).bind(size).fetch_all(executor).await?;
    Ok(digest::all(users.iter().map(User::digest)))
}

async fn left_join(executor: impl PgExecutor<'_>, range: (i64, i64)) -> Outcome<u64> {
    let sql = "SELECT u.id, u.name, u.hair_color, u.created_at, p.id, p.user_id, p.title, p.body \
               FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id >= $1 AND u.id <= $2";
    let rows = sqlx::query(sql).bind(range.0).bind(range.1).fetch_all(executor).await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in &rows {
        let user = User {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            hair_color: row.try_get(2)?,
            created_at: row.try_get(3)?,
        };
        let post = match row.try_get::<Option<i64>, _>(4)? {
            None => None,
            Some(id) => Some(Post {
                id,
                user_id: row.try_get(5)?,
                title: row.try_get(6)?,
                body: row.try_get(7)?,
            }),
        };
        pairs.push((user, post));
    }
    let pair = |(user, post): &(User, Option<Post>)| {
        digest::with(user.digest(), post.as_ref().map_or(0, Post::digest))
    };
    Ok(digest::all(pairs.iter().map(pair)))
}

async fn by_unnest(
    executor: impl PgExecutor<'_>,
    rows: &[NewEntry],
    wants_ids: bool,
) -> Outcome<u64> {
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let colors: Vec<Option<&str>> = rows.iter().map(|row| row.hair_color.as_deref()).collect();
    if wants_ids {
        let sql = "INSERT INTO entries (name, hair_color) \
                   SELECT * FROM UNNEST($1::text[], $2::text[]) RETURNING id";
        let query = sqlx::query_scalar::<_, i64>(sql).bind(names).bind(colors);
        return Ok(digest::ids(query.fetch_all(executor).await?));
    }
    let sql =
        "INSERT INTO entries (name, hair_color) SELECT * FROM UNNEST($1::text[], $2::text[])";
    Ok(sqlx::query(sql).bind(names).bind(colors).execute(executor).await?.rows_affected())
}

async fn by_values(
    executor: impl PgExecutor<'_>,
    rows: &[NewEntry],
    wants_ids: bool,
) -> Outcome<u64> {
    let mut query = QueryBuilder::new("INSERT INTO entries (name, hair_color) ");
    query.push_values(rows, |mut row, entry| {
        row.push_bind(&entry.name).push_bind(&entry.hair_color);
    });
    if wants_ids {
        query.push(" RETURNING id");
        return Ok(digest::ids(query.build_query_scalar::<i64>().fetch_all(executor).await?));
    }
    Ok(query.build().execute(executor).await?.rows_affected())
}

fn inserts(it: &'static Open, size: usize, wants_ids: bool) -> Vec<Way> {
    let rows: &'static [NewEntry] = Vec::leak(new_entries(size));
    vec![
        Way::new("unnest", async move || {
            by_unnest(&mut *it.connection.lock().await, rows, wants_ids).await
        }),
        Way::new("unnest, pool", async move || by_unnest(&it.pool, rows, wants_ids).await),
        Way::new("values", async move || {
            by_values(&mut *it.connection.lock().await, rows, wants_ids).await
        }),
    ]
}

/// Puts a tree together; comments may be none.
fn tree(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> u64 {
    let mut of_post: HashMap<i64, Vec<Comment>> = HashMap::new();
    for comment in comments {
        of_post.entry(comment.post_id).or_default().push(comment);
    }
    let mut of_user: HashMap<i64, Vec<(Post, Vec<Comment>)>> = HashMap::new();
    for post in posts {
        let comments = of_post.remove(&post.id).unwrap_or_default();
        of_user.entry(post.user_id).or_default().push((post, comments));
    }
    let trees: Vec<(User, Vec<(Post, Vec<Comment>)>)> = users
        .into_iter()
        .map(|user| {
            let posts = of_user.remove(&user.id).unwrap_or_default();
            (user, posts)
        })
        .collect();
    let of_comment = |it: &Comment| digest::comment(it.id, it.post_id, &it.body);
    let of_post = |(post, comments): &(Post, Vec<Comment>)| {
        digest::with(post.digest(), digest::all(comments.iter().map(of_comment)))
    };
    digest::all(trees.iter().map(|(user, posts)| {
        digest::with(user.digest(), digest::all(posts.iter().map(of_post)))
    }))
}

const USERS: &str =
    "SELECT id, name, hair_color, created_at FROM users WHERE id >= $1 AND id <= $2";
const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = ANY($1)";
const COMMENTS: &str = "SELECT id, post_id, body FROM comments WHERE post_id = ANY($1)";
const NEWEST: &str = "SELECT p.id, p.user_id, p.title, p.body FROM unnest($1::bigint[]) AS u (id) \
    CROSS JOIN LATERAL (SELECT * FROM posts WHERE user_id = u.id ORDER BY id DESC LIMIT 3) p";

async fn trees(
    connection: &mut PgConnection,
    range: (i64, i64),
    posts: &'static str,
    with_comments: bool,
) -> Outcome<u64> {
    let query = sqlx::query_as::<_, User>(USERS).bind(range.0).bind(range.1);
    let users = query.fetch_all(&mut *connection).await?;
    let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
    let posts = sqlx::query_as::<_, Post>(posts).bind(ids).fetch_all(&mut *connection).await?;
    let comments = if with_comments {
        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
        sqlx::query_as::<_, Comment>(COMMENTS).bind(ids).fetch_all(connection).await?
    } else {
        Vec::new()
    };
    Ok(tree(users, posts, comments))
}

fn tree_way(
    it: &'static Open,
    range: (i64, i64),
    posts: &'static str,
    with_comments: bool,
) -> Vec<Way> {
    vec![Way::new("by hand", async move || {
        trees(&mut *it.connection.lock().await, range, posts, with_comments).await
    })]
}

impl Contender for Peer {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let it = &self.0[cell.data as usize];
        let size = count(cell.size);
        let ways = match cell.workload {
            Workload::PointRead => on_both!(it, executor => point_read(executor, READ)),
            Workload::Update => on_both!(it, executor => update(executor)),
            Workload::Upsert => on_both!(it, executor => upsert(executor)),
            Workload::Rows => on_both!(it, executor => users(executor, size)),
            Workload::LeftJoin => {
                let range = joined(cell.size);
                on_both!(it, executor => left_join(executor, range))
            }
            Workload::Insert => inserts(it, cell.size, false),
            Workload::InsertIds => inserts(it, cell.size, true),
            Workload::Nested => tree_way(it, (1, size), POSTS, true),
            Workload::Wide => tree_way(it, (1, 1), POSTS, false),
            Workload::Newest => tree_way(it, (2, size + 1), NEWEST, false),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let pool = pool(&place.url(Data::Indexed)).await?;
    Ok(vec![Crowd::of_tasks("pool", move |_, id| {
        let pool = pool.clone();
        let read: BoxFuture<'static, _> = Box::pin(async move { point_read(&pool, id).await });
        read
    })])
}
