//! Users with their posts and comments: the forms in which it is done by hand.

use super::record::{self, Raw};
use super::tree::{self, UserTree};
use crate::model::{Comment, Post, User, count};
use crate::way::{Outcome, Way};
use chrono::{DateTime, Utc};
use futures_util::future::{join, join3};
use futures_util::{StreamExt as _, pin_mut};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

type Rows = Result<Vec<Row>, tokio_postgres::Error>;

const USERS: &str = "SELECT id, name, hair_color, created_at FROM users WHERE id <= $1";
const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = ANY($1)";
const COMMENTS: &str = "SELECT id, post_id, body FROM comments WHERE post_id = ANY($1)";
const POSTS_BY_ROOT: &str = "SELECT p.id, p.user_id, p.title, p.body FROM posts p \
    JOIN users u ON u.id = p.user_id WHERE u.id <= $1";
const COMMENTS_BY_ROOT: &str = "SELECT c.id, c.post_id, c.body FROM comments c \
    JOIN posts p ON p.id = c.post_id JOIN users u ON u.id = p.user_id WHERE u.id <= $1";
const COMMENTS_BY_USER: &str = "SELECT c.id, c.post_id, c.body FROM comments c \
    JOIN posts p ON p.id = c.post_id WHERE p.user_id = ANY($1)";
const RECORDS: &str = "SELECT u.id, u.name, u.hair_color, u.created_at, \
    ARRAY(SELECT ROW(p.id, p.user_id, p.title, p.body, \
        ARRAY(SELECT ROW(c.id, c.post_id, c.body) FROM comments c WHERE c.post_id = p.id)) \
    FROM posts p WHERE p.user_id = u.id) FROM users u WHERE u.id <= $1";
/// The first two levels, to begin a statement with.
const LEVELS: &str = "WITH u AS MATERIALIZED \
    (SELECT id, name, hair_color, created_at FROM users WHERE id <= $1), \
    p AS MATERIALIZED (SELECT id, user_id, title, body FROM posts WHERE user_id IN (SELECT id FROM u))";
const GROUPED: &str = ", c AS (SELECT c.post_id, array_agg(ROW(c.id, c.post_id, c.body)) AS list \
    FROM comments c WHERE c.post_id IN (SELECT id FROM p) GROUP BY c.post_id) \
    SELECT u.id, u.name, u.hair_color, u.created_at, g.list FROM u LEFT JOIN \
    (SELECT p.user_id, array_agg(ROW(p.id, p.user_id, p.title, p.body, c.list)) AS list \
    FROM p LEFT JOIN c ON c.post_id = p.id GROUP BY p.user_id) g ON g.user_id = u.id";
const UNION: &str = " SELECT 0, id, 0::bigint, name, hair_color, created_at FROM u \
    UNION ALL SELECT 1, id, user_id, title, body, NULL FROM p \
    UNION ALL SELECT 2, id, post_id, body, NULL, NULL FROM comments WHERE post_id IN (SELECT id FROM p)";
const COLUMNS: &str = " SELECT * FROM \
    (SELECT array_agg(id), array_agg(name), array_agg(hair_color), array_agg(created_at) FROM u) u, \
    (SELECT array_agg(id), array_agg(user_id), array_agg(title), array_agg(body) FROM p) p, \
    (SELECT array_agg(id), array_agg(post_id), array_agg(body) FROM comments WHERE post_id IN (SELECT id FROM p)) c";
const USER_COLUMNS: &str = "SELECT array_agg(id), array_agg(name), array_agg(hair_color), \
    array_agg(created_at) FROM users WHERE id <= $1";
const POST_COLUMNS: &str = "SELECT array_agg(id), array_agg(user_id), array_agg(title), array_agg(body) \
    FROM posts WHERE user_id = ANY($1)";
const COMMENT_COLUMNS: &str = "SELECT array_agg(id), array_agg(post_id), array_agg(body) FROM comments WHERE post_id = ANY($1)";

fn users(rows: &[Row]) -> Result<Vec<User>, tokio_postgres::Error> {
    rows.iter().map(|row| User::read(row, 0)).collect()
}

fn posts(rows: &[Row]) -> Result<Vec<Post>, tokio_postgres::Error> {
    rows.iter().map(|row| Post::read(row, 0)).collect()
}

fn comments(rows: &[Row]) -> Result<Vec<Comment>, tokio_postgres::Error> {
    rows.iter().map(|row| Comment::read(row, 0)).collect()
}

fn of_rows(users_of: Rows, posts_of: Rows, comments_of: Rows) -> Outcome<u64> {
    let (users, posts) = (users(&users_of?)?, posts(&posts_of?)?);
    Ok(tree::digest(&tree::assembled(users, posts, comments(&comments_of?)?)))
}

fn keys<T>(rows: &[T], key: impl Fn(&T) -> i64) -> Vec<i64> {
    rows.iter().map(key).collect()
}

/// Each column of the row, from this position on, as an array; no array for no rows.
fn user_columns(row: &Row) -> Outcome<Vec<User>> {
    let (ids, names): (Option<Vec<i64>>, Option<Vec<String>>) = (row.try_get(0)?, row.try_get(1)?);
    let colors: Option<Vec<Option<String>>> = row.try_get(2)?;
    let times: Option<Vec<DateTime<Utc>>> = row.try_get(3)?;
    let texts = names.unwrap_or_default().into_iter().zip(colors.unwrap_or_default());
    let rest = texts.zip(times.unwrap_or_default());
    let user = |(id, ((name, hair_color), created_at))| User { id, name, hair_color, created_at };
    Ok(ids.unwrap_or_default().into_iter().zip(rest).map(user).collect())
}

fn post_columns(row: &Row, at: usize) -> Outcome<Vec<Post>> {
    let ids: Option<Vec<i64>> = row.try_get(at)?;
    let users: Option<Vec<i64>> = row.try_get(at + 1)?;
    let titles: Option<Vec<String>> = row.try_get(at + 2)?;
    let bodies: Option<Vec<String>> = row.try_get(at + 3)?;
    let keys = ids.unwrap_or_default().into_iter().zip(users.unwrap_or_default());
    let texts = titles.unwrap_or_default().into_iter().zip(bodies.unwrap_or_default());
    let post = |((id, user_id), (title, body))| Post { id, user_id, title, body };
    Ok(keys.zip(texts).map(post).collect())
}

fn comment_columns(row: &Row, at: usize) -> Outcome<Vec<Comment>> {
    let ids: Option<Vec<i64>> = row.try_get(at)?;
    let posts: Option<Vec<i64>> = row.try_get(at + 1)?;
    let bodies: Option<Vec<String>> = row.try_get(at + 2)?;
    let keys = ids.unwrap_or_default().into_iter().zip(posts.unwrap_or_default());
    let comment = |((id, post_id), body)| Comment { id, post_id, body };
    Ok(keys.zip(bodies.unwrap_or_default()).map(comment).collect())
}

/// A row for each user, the last column of which is an array of records.
async fn of_records(client: &Client, statement: &Statement, size: i64) -> Outcome<u64> {
    let mut users = Vec::new();
    let rows = client.query_raw(statement, [size]).await?;
    pin_mut!(rows);
    while let Some(row) = rows.next().await {
        let row = row?;
        let posts = record::posts(row.try_get::<_, Option<Raw<'_>>>(4)?, true)?;
        users.push(UserTree { user: User::read(&row, 0)?, posts });
    }
    Ok(tree::digest(&users))
}

/// Rows of all levels, each with the number of its level.
async fn of_levels(client: &Client, statement: &Statement, size: i64) -> Outcome<u64> {
    let (mut users, mut posts, mut comments) = (Vec::new(), Vec::new(), Vec::new());
    let rows = client.query_raw(statement, [size]).await?;
    pin_mut!(rows);
    while let Some(row) = rows.next().await {
        let row = row?;
        let (id, parent): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
        match row.try_get::<_, i32>(0)? {
            0 => users.push(User {
                id,
                name: row.try_get(3)?,
                hair_color: row.try_get(4)?,
                created_at: row.try_get(5)?,
            }),
            1 => {
                let (title, body) = (row.try_get(3)?, row.try_get(4)?);
                posts.push(Post { id, user_id: parent, title, body });
            }
            _ => comments.push(Comment { id, post_id: parent, body: row.try_get(3)? }),
        }
    }
    Ok(tree::digest(&tree::assembled(users, posts, comments)))
}

/// Forms of several statements.
async fn of_statements(client: &'static Client, size: i64) -> Outcome<Vec<Way>> {
    let prepared = [
        client.prepare(USERS).await?,
        client.prepare(POSTS).await?,
        client.prepare(COMMENTS).await?,
        client.prepare(POSTS_BY_ROOT).await?,
        client.prepare(COMMENTS_BY_ROOT).await?,
        client.prepare(COMMENTS_BY_USER).await?,
        client.prepare(USER_COLUMNS).await?,
        client.prepare(POST_COLUMNS).await?,
        client.prepare(COMMENT_COLUMNS).await?,
    ];
    let [roots, by_users, by_posts, by_root, grandchildren, by_user, columns @ ..] = prepared;
    let [user_arrays, post_arrays, comment_arrays] = columns;
    let (roots_2, roots_3, by_users_2) = (roots.clone(), roots.clone(), by_users.clone());
    Ok(vec![
        Way::new("seq3", async move || {
            let users = users(&client.query(&roots, &[&size]).await?)?;
            let ids = keys(&users, |user| user.id);
            let posts = posts(&client.query(&by_users, &[&ids]).await?)?;
            let ids = keys(&posts, |post| post.id);
            let comments = comments(&client.query(&by_posts, &[&ids]).await?)?;
            Ok(tree::digest(&tree::assembled(users, posts, comments)))
        }),
        Way::new("pipelined3", async move || {
            let parameters: [&(dyn ToSql + Sync); 1] = [&size];
            let (users, posts, comments) = join3(
                client.query(&roots_2, &parameters),
                client.query(&by_root, &parameters),
                client.query(&grandchildren, &parameters),
            )
            .await;
            of_rows(users, posts, comments)
        }),
        Way::new("pipelined2", async move || {
            let users = users(&client.query(&roots_3, &[&size]).await?)?;
            let ids = keys(&users, |user| user.id);
            let parameters: [&(dyn ToSql + Sync); 1] = [&ids];
            let (posts_of, comments_of) =
                join(client.query(&by_users_2, &parameters), client.query(&by_user, &parameters))
                    .await;
            let (posts, comments) = (posts(&posts_of?)?, comments(&comments_of?)?);
            Ok(tree::digest(&tree::assembled(users, posts, comments)))
        }),
        Way::new("columns3", async move || {
            let users = user_columns(&client.query_one(&user_arrays, &[&size]).await?)?;
            let ids = keys(&users, |user| user.id);
            let posts = post_columns(&client.query_one(&post_arrays, &[&ids]).await?, 0)?;
            let ids = keys(&posts, |post| post.id);
            let row = client.query_one(&comment_arrays, &[&ids]).await?;
            let comments = comment_columns(&row, 0)?;
            Ok(tree::digest(&tree::assembled(users, posts, comments)))
        }),
    ])
}

pub(super) async fn ways(client: &'static Client, size: usize) -> Outcome<Vec<Way>> {
    let size = count(size);
    let mut ways = of_statements(client, size).await?;
    let records = client.prepare(RECORDS).await?;
    let grouped = client.prepare(&format!("{LEVELS}{GROUPED}")).await?;
    let union = client.prepare(&format!("{LEVELS}{UNION}")).await?;
    let columns = client.prepare(&format!("{LEVELS}{COLUMNS}")).await?;
    ways.push(Way::new("records", async move || of_records(client, &records, size).await));
    ways.push(Way::new("grouped", async move || of_records(client, &grouped, size).await));
    ways.push(Way::new("union", async move || of_levels(client, &union, size).await));
    ways.push(Way::new("columns1", async move || {
        let row = client.query_one(&columns, &[&size]).await?;
        let (users, posts) = (user_columns(&row)?, post_columns(&row, 4)?);
        Ok(tree::digest(&tree::assembled(users, posts, comment_columns(&row, 8)?)))
    }));
    Ok(ways)
}
