//! Many rows, of one table and of two.

use crate::digest;
use crate::model::{Post, User, count, joined};
use crate::way::{Outcome, Way};
use futures_util::{StreamExt as _, pin_mut};
use tokio_postgres::{Client, Error, Row};

pub(super) async fn users(client: &'static Client, size: usize) -> Outcome<Vec<Way>> {
    let sql = "SELECT id, name, hair_color, created_at FROM users WHERE id <= $1";
    let statement = client.prepare(sql).await?;
    let (other, size) = (statement.clone(), count(size));
    let digest = |users: Vec<User>| digest::all(users.iter().map(User::digest));
    Ok(vec![
        Way::new("query", async move || {
            let rows = client.query(&statement, &[&size]).await?;
            let users: Result<Vec<User>, Error> =
                rows.iter().map(|row| User::read(row, 0)).collect();
            Ok(digest(users?))
        }),
        Way::new("query_raw", async move || {
            let rows = client.query_raw(&other, [size]).await?;
            pin_mut!(rows);
            let mut users = Vec::new();
            while let Some(row) = rows.next().await {
                users.push(User::read(&row?, 0)?);
            }
            Ok(digest(users))
        }),
    ])
}

fn user_and_post(row: &Row) -> Result<(User, Option<Post>), Error> {
    let post = match row.try_get::<_, Option<i64>>(4)? {
        Some(_) => Some(Post::read(row, 4)?),
        None => None,
    };
    Ok((User::read(row, 0)?, post))
}

/// Of a user and what was joined to it.
fn pair(user: &User, post: Option<&Post>) -> u64 {
    digest::with(user.digest(), post.map_or(0, Post::digest))
}

pub(super) async fn left_join(client: &'static Client, size: usize) -> Outcome<Vec<Way>> {
    let sql = "SELECT u.id, u.name, u.hair_color, u.created_at, p.id, p.user_id, p.title, p.body \
               FROM users u LEFT JOIN posts p ON p.user_id = u.id WHERE u.id >= $1 AND u.id <= $2";
    let statement = client.prepare(sql).await?;
    let (other, (first, last)) = (statement.clone(), joined(size));
    let digest = |rows: Vec<(User, Option<Post>)>| {
        digest::all(rows.iter().map(|(user, post)| pair(user, post.as_ref())))
    };
    Ok(vec![
        Way::new("query", async move || {
            let rows = client.query(&statement, &[&first, &last]).await?;
            let rows: Result<Vec<_>, Error> = rows.iter().map(user_and_post).collect();
            Ok(digest(rows?))
        }),
        Way::new("query_raw", async move || {
            let rows = client.query_raw(&other, [first, last]).await?;
            pin_mut!(rows);
            let mut found = Vec::new();
            while let Some(row) = rows.next().await {
                found.push(user_and_post(&row?)?);
            }
            Ok(digest(found))
        }),
    ])
}
