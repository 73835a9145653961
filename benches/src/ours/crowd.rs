//! Many tasks on one pool.

use super::models::indexed::User;
use crate::cell::Data;
use crate::crowd::{CONNECTIONS, Crowd};
use crate::server::Place;
use crate::way::Outcome;
use orm::Config;
use orm::prelude::*;

pub(super) async fn open(place: Place) -> Outcome<Vec<Crowd>> {
    let config = Config::builder().url(place.url(Data::Indexed)).max_connections(CONNECTIONS);
    let db = Db::connect(&config.build()?).await?;
    Ok(vec![Crowd::of_tasks("pool", move |_, id| {
        let db = db.clone();
        async move {
            let user = User::query().filter(User::id.eq(id)).first(&db).await?;
            Ok(user.map_or(0, |user| user.digest()))
        }
    })])
}
