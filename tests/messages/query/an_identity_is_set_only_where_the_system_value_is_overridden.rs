//! The server makes an `identity`: an insert sets it after `overriding_system_value`, an update does not.
use orm::prelude::*;

#[derive(Table, Debug)]
pub struct Ticket {
    #[column(primary_key, identity)]
    pub id: i64,
    pub subject: String,
}

fn main() {
    let _ = Ticket::insert().subject("printer").overriding_system_value().id(7).build();
    let _ = Ticket::update().set(Ticket::id.set_default());
    let _ = Ticket::insert().subject("printer").id(7).build();
    let _ = Ticket::update().set(Ticket::id.set(3));
    let _ = Ticket::insert().subject("s").on_conflict(Ticket::id).do_update(Ticket::id.set_excluded());
}
