//! Many tasks on one pool.

use super::models::indexed::User;
use crate::cell::Data;
use crate::crowd::{CONNECTIONS, Crowd};
use crate::server::Place;
use crate::way::Outcome;
use orm::Config;
use orm::prelude::*;

pub(super) async fn open(place: Place) -> Outcome<Vec<Crowd>> {
    let config = || Config::builder().url(place.url(Data::Indexed));
    let pool = Db::connect(config().max_connections(CONNECTIONS).build()?).await?;
    // One more is for transactions, of which there are none here: it is opened to connect, and then shared.
    let shared = config().max_connections(CONNECTIONS + 1).shared_connections(CONNECTIONS);
    let shared = Db::connect(shared.build()?).await?;
    Ok(vec![readers("pool", pool), readers("shared connections", shared)])
}

fn readers(name: &'static str, db: Db) -> Crowd {
    Crowd::of_tasks(name, move |_, id| {
        let db = db.clone();
        async move {
            let user = User::query().filter(User::id.eq(id)).first(&db).await?;
            Ok(user.map_or(0, |user| user.digest()))
        }
    })
}
