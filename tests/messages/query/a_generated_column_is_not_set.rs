//! The server makes a generated column: an insert does not offer it, an update does not set it.
use orm::prelude::*;

#[derive(Table, Debug)]
pub struct Line {
    #[column(primary_key)]
    pub id: i64,
    #[column(generated = "id * 2")]
    pub total: i64,
}

fn main() {
    let _ = Line::insert().id(1).total(2);
    let _ = Line::update().set(Line::total.set(3));
    let _ = Line::insert().id(1).on_conflict(Line::id).do_update(Line::total.set_excluded());
}
