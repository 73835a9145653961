//! This library: on a connection, through the pool, and in a transaction.

mod crowd;
mod models;
mod nested;
mod plain;

use crate::cell::{Cell, Data, Workload};
use crate::contender::{Contender, Entry, OURS};
use crate::server::Place;
use crate::way::{Outcome, Way};
use futures_util::future::LocalBoxFuture;
use orm::{Config, Connection, Db};

/// This library.
pub const ENTRY: Entry = Entry {
    name: OURS,
    crates: &["orm"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd::open(place))),
};

/// A connection and a pool for each of [`Data::ALL`].
struct Ours([(Connection, Db); 4]);

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in Data::ALL {
        let url = place.url(data);
        let db = Db::connect(&url).await?;
        open.push((Connection::connect(&Config::from_url(&url)?).await?, db));
    }
    let open = open.try_into().map_err(|_| "another number of databases")?;
    Ok(Box::leak(Box::new(Ours(open))))
}

/// A way on a connection and one through the pool.
macro_rules! on_both {
    ($it:expr, $operation:expr) => {{
        let (connection, db) = $it;
        let (first, second) = ($operation, $operation);
        vec![
            Way::new("connection", async move || first(connection).await),
            Way::new("pool", async move || second(db).await),
        ]
    }};
}
use on_both;

/// A way on a connection, through the pool and in a transaction each.
macro_rules! on_each {
    ($it:expr, $operation:expr) => {{
        let mut ways = on_both!($it, $operation);
        let ((_, db), operation) = ($it, $operation);
        ways.push(Way::within(
            "transaction",
            async move || Ok(db.begin().await?),
            async move |tx: &Transaction<'static>| operation(tx).await,
            async |tx: Transaction<'static>| Ok(tx.rollback().await?),
        ));
        ways
    }};
}
use on_each;

impl Contender for Ours {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let it = &self.0[cell.data as usize];
        let ways = match cell.workload {
            Workload::PointRead => plain::point_read(it),
            Workload::Update => plain::update(it),
            Workload::Upsert => plain::upsert(it),
            Workload::Rows => plain::users(it, cell.size),
            Workload::LeftJoin => plain::left_join(it, cell.size),
            Workload::Insert => plain::insert(it, cell.size),
            Workload::InsertIds => plain::insert_with_ids(it, cell.size),
            Workload::Nested if cell.data.has_indexes() => nested::indexed(it, cell.size),
            Workload::Nested => nested::plain(it, cell.size),
            Workload::Wide if cell.data.has_indexes() => nested::wide_indexed(it),
            Workload::Wide => nested::wide_plain(it),
            Workload::Newest if cell.data.has_indexes() => nested::newest_indexed(it, cell.size),
            Workload::Newest => nested::newest_plain(it, cell.size),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}
