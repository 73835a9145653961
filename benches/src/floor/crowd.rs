//! Many tasks: a checkout from a pool for each statement, and connections that are shared.

use super::single::POINT_READ;
use crate::cell::Data;
use crate::crowd::{CONNECTIONS, Crowd};
use crate::model::User;
use crate::server::{Place, connect};
use crate::way::Outcome;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use std::sync::Arc;
use tokio_postgres::{Client, NoTls, Statement};

async fn read(client: &Client, statement: &Statement, id: i64) -> Outcome<u64> {
    let row = client.query_opt(statement, &[&id]).await?;
    let user = row.map(|row| User::read(&row, 0)).transpose()?;
    Ok(user.map_or(0, |user| user.digest()))
}

pub(super) async fn open(place: Place) -> Outcome<Vec<Crowd>> {
    let url = place.url(Data::Indexed);
    let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(url.parse()?, NoTls, settings);
    let pool = Pool::builder(manager).max_size(CONNECTIONS).build()?;
    let mut shared = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        let client = connect(&url).await?;
        let statement = client.prepare(POINT_READ).await?;
        shared.push((client, statement));
    }
    let shared: Arc<[(Client, Statement)]> = shared.into();
    Ok(vec![
        Crowd::of_tasks("checkout", move |_, id| {
            let pool = pool.clone();
            async move {
                let client = pool.get().await?;
                let statement = client.prepare_cached(POINT_READ).await?;
                read(&client, &statement, id).await
            }
        }),
        Crowd::of_tasks("shared", move |task, id| {
            let shared = Arc::clone(&shared);
            async move {
                let (client, statement) = &shared[task % CONNECTIONS];
                read(client, statement, id).await
            }
        }),
    ])
}
