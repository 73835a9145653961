//! A table without a primary key has no row to be found by it.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "reading")]
pub struct Reading {
    pub sensor: i64,
    pub value: f64,
}

fn main() {
    let _ = Reading::query().find(1_i64);
}
