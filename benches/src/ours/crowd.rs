//! Many tasks on one pool: a connection for each statement while it runs, and connections that are shared.

use super::models::indexed::User;
use crate::cell::Data;
use crate::crowd::{CONNECTIONS, Crowd};
use crate::server::Place;
use crate::way::Outcome;
use orm::Config;
use orm::prelude::*;

fn reads(form: &'static str, db: Db) -> Crowd {
    Crowd::of_tasks(form, move |_, id| {
        let db = db.clone();
        async move {
            let user = User::query().filter(User::id.eq(id)).first(&db).await?;
            Ok(user.map_or(0, |user| user.digest()))
        }
    })
}

pub(super) async fn open(place: Place) -> Outcome<Vec<Crowd>> {
    let config = || Config::builder().url(place.url(Data::Indexed)).max_connections(CONNECTIONS);
    let pool = Db::connect(&config().build()?).await?;
    // One is left for what travels alone; here nothing does.
    let shared = config().max_connections(CONNECTIONS + 1).shared_connections(CONNECTIONS);
    let shared = Db::connect(&shared.build()?).await?;
    Ok(vec![reads("pool", pool), reads("shared", shared)])
}
