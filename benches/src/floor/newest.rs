//! Users with posts, without comments: all posts of one user, and the newest of several.

use super::record::{self, Raw};
use super::tree::{self, UserTree};
use crate::cell::{Cell, Workload};
use crate::model::{Post, User, count};
use crate::way::{Outcome, Way};
use futures_util::future::join;
use futures_util::{StreamExt as _, pin_mut};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

const USERS: &str =
    "SELECT id, name, hair_color, created_at FROM users WHERE id >= $1 AND id <= $2";
const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id = ANY($1)";
const POSTS_OF_RANGE: &str =
    "SELECT id, user_id, title, body FROM posts WHERE user_id >= $1 AND user_id <= $2";
const RECORDS: &str = "SELECT id, name, hair_color, created_at, \
    ARRAY(SELECT ROW(p.id, p.user_id, p.title, p.body) FROM posts p WHERE p.user_id = u.id) \
    FROM users u WHERE id >= $1 AND id <= $2";
const NEWEST_RECORDS: &str = "SELECT id, name, hair_color, created_at, \
    ARRAY(SELECT ROW(p.id, p.user_id, p.title, p.body) FROM posts p WHERE p.user_id = u.id \
    ORDER BY p.id DESC LIMIT 3) FROM users u WHERE id >= $1 AND id <= $2";
const LATERAL: &str = "SELECT p.id, p.user_id, p.title, p.body FROM unnest($1::bigint[]) AS u (id) \
    CROSS JOIN LATERAL (SELECT * FROM posts WHERE user_id = u.id ORDER BY id DESC LIMIT 3) p";
const NUMBERED: &str = "SELECT id, user_id, title, body FROM \
    (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS number FROM posts \
    WHERE user_id = ANY($1)) p WHERE number <= 3";
const JOINED: &str = "SELECT u.id, u.name, u.hair_color, u.created_at, p.list FROM users u LEFT JOIN \
    (SELECT user_id, array_agg(ROW(id, user_id, title, body)) AS list FROM \
    (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS number FROM posts \
    WHERE user_id >= $1 AND user_id <= $2) p WHERE number <= 3 GROUP BY user_id) p \
    ON p.user_id = u.id WHERE u.id >= $1 AND u.id <= $2";

async fn users(client: &Client, statement: &Statement, range: (i64, i64)) -> Outcome<Vec<User>> {
    let rows = client.query(statement, &[&range.0, &range.1]).await?;
    Ok(rows.iter().map(|row| User::read(row, 0)).collect::<Result<_, _>>()?)
}

async fn posts(
    client: &Client,
    statement: &Statement,
    parameters: &[&(dyn ToSql + Sync)],
) -> Outcome<Vec<Post>> {
    let rows = client.query_raw(statement, parameters.iter().copied()).await?;
    pin_mut!(rows);
    let mut posts = Vec::new();
    while let Some(row) = rows.next().await {
        posts.push(Post::read(&row?, 0)?);
    }
    Ok(posts)
}

/// Users, then what the statement gives for their keys.
fn two(
    client: &'static Client,
    form: &'static str,
    roots: Statement,
    children: Statement,
    range: (i64, i64),
) -> Way {
    Way::new(form, async move || {
        let users = users(client, &roots, range).await?;
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = posts(client, &children, &[&ids]).await?;
        Ok(tree::digest(&tree::assembled(users, posts, Vec::new())))
    })
}

/// A row for each user, with an array of records.
fn one(client: &'static Client, form: &'static str, all: Statement, range: (i64, i64)) -> Way {
    Way::new(form, async move || {
        let rows = client.query(&all, &[&range.0, &range.1]).await?;
        let tree = |row| {
            let posts =
                record::posts(tokio_postgres::Row::try_get::<_, Option<Raw<'_>>>(row, 4)?, false)?;
            Outcome::Ok(UserTree { user: User::read(row, 0)?, posts })
        };
        Ok(tree::digest(&rows.iter().map(tree).collect::<Outcome<Vec<_>>>()?))
    })
}

pub(super) async fn ways(client: &'static Client, cell: Cell) -> Outcome<Vec<Way>> {
    let roots = client.prepare(USERS).await?;
    if cell.workload == Workload::Newest {
        let range = (2, count(cell.size) + 1);
        return Ok(vec![
            two(client, "lateral", roots.clone(), client.prepare(LATERAL).await?, range),
            two(client, "row_number", roots, client.prepare(NUMBERED).await?, range),
            one(client, "records", client.prepare(NEWEST_RECORDS).await?, range),
            one(client, "grouped", client.prepare(JOINED).await?, range),
        ]);
    }
    let range = (1, 1);
    let (roots_2, by_range) = (roots.clone(), client.prepare(POSTS_OF_RANGE).await?);
    Ok(vec![
        two(client, "seq2", roots, client.prepare(POSTS).await?, range),
        one(client, "records", client.prepare(RECORDS).await?, range),
        Way::new("pipelined", async move || {
            let parameters: [&(dyn ToSql + Sync); 2] = [&range.0, &range.1];
            let (users, posts) =
                join(users(client, &roots_2, range), posts(client, &by_range, &parameters)).await;
            Ok(tree::digest(&tree::assembled(users?, posts?, Vec::new())))
        }),
    ])
}
