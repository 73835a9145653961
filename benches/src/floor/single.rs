//! One row by its key.

use crate::model::{CHANGED, NAME, READ, User};
use crate::way::{Outcome, Way};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, pin_mut};
use tokio_postgres::Client;

pub(super) const POINT_READ: &str =
    "SELECT id, name, hair_color, created_at FROM users WHERE id = $1";

pub(super) async fn point_read(client: &'static Client) -> Outcome<Vec<Way>> {
    let statement = client.prepare(POINT_READ).await?;
    let other = statement.clone();
    Ok(vec![
        Way::new("query_opt", async move || {
            let row = client.query_opt(&statement, &[&READ]).await?;
            let user = row.map(|row| User::read(&row, 0)).transpose()?;
            Ok(user.map_or(0, |user| user.digest()))
        }),
        Way::new("query_raw", async move || {
            let rows = client.query_raw(&other, [READ]).await?;
            pin_mut!(rows);
            let user = rows.next().await.transpose()?.map(|row| User::read(&row, 0)).transpose()?;
            while rows.next().await.transpose()?.is_some() {}
            Ok(user.map_or(0, |user| user.digest()))
        }),
    ])
}

pub(super) async fn update(client: &'static Client) -> Outcome<Vec<Way>> {
    let statement = client.prepare("UPDATE users SET name = $1 WHERE id = $2").await?;
    Ok(vec![Way::new("execute", async move || {
        Ok(client.execute(&statement, &[&NAME, &CHANGED]).await?)
    })])
}

pub(super) async fn upsert(client: &'static Client) -> Outcome<Vec<Way>> {
    let sql = "INSERT INTO users (id, name, hair_color, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    let statement = client.prepare(sql).await?;
    Ok(vec![Way::new("execute", async move || {
        let (color, time) = (None::<&str>, DateTime::<Utc>::UNIX_EPOCH);
        Ok(client.execute(&statement, &[&CHANGED, &NAME, &color, &time]).await?)
    })])
}
