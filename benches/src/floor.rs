//! Hand-written code on the driver: statements are prepared once, columns are read by their position. Several forms of
//! each workload; the best one is what others are compared with.

mod crowd;
mod insert;
mod nested;
mod newest;
mod record;
mod rows;
mod single;
mod tree;

use crate::cell::{Cell, Data, Workload};
use crate::contender::{Contender, Entry, FLOOR};
use crate::server::{Place, connect};
use crate::way::{Outcome, Way};
use futures_util::future::LocalBoxFuture;
use tokio_postgres::Client;

/// Hand-written code.
pub const ENTRY: Entry = Entry {
    name: FLOOR,
    crates: &["tokio-postgres", "deadpool-postgres"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd::open(place))),
};

/// A session for each of [`Data::ALL`].
struct Floor([Client; 4]);

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let [a, b, c, d] = Data::ALL.map(|data| place.url(data));
    let clients = [connect(&a).await?, connect(&b).await?, connect(&c).await?, connect(&d).await?];
    Ok(Box::leak(Box::new(Floor(clients))))
}

impl Contender for Floor {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let client = &self.0[cell.data as usize];
        Box::pin(async move {
            match cell.workload {
                Workload::PointRead => single::point_read(client).await,
                Workload::Update => single::update(client).await,
                Workload::Upsert => single::upsert(client).await,
                Workload::Rows => rows::users(client, cell.size).await,
                Workload::LeftJoin => rows::left_join(client, cell.size).await,
                Workload::Insert => insert::ways(client, cell.size, false).await,
                Workload::InsertIds => insert::ways(client, cell.size, true).await,
                Workload::Nested => nested::ways(client, cell.size).await,
                Workload::Wide | Workload::Newest => newest::ways(client, cell).await,
                Workload::Crowd => Ok(Vec::new()),
            }
        })
    }
}
