//! A foreign key of several columns has as many on both sides, of one table, with actions that can happen.
use orm::prelude::*;

#[derive(Table)]
#[table(primary_key(a, b))]
pub struct Pair {
    pub a: i64,
    pub b: i64,
}

#[derive(Table)]
pub struct Other {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(
    foreign_key(a, b => Pair::a),
    foreign_key(a, b => Pair::a, Other::id),
    foreign_key(a, c => Pair::a, Pair::b),
    foreign_key(a, b => Pair::a, Pair::b, on_delete = set_null),
    foreign_key(a, b => Pair::a, Pair::b, on_delete = set_null(id)),
    foreign_key(a, b => Pair::a, Pair::b, on_delete = cascade(a)),
    foreign_key(a, b => Pair::a, Pair::b, on_update = set_default),
    foreign_key(a, b),
    foreign_key(a => Pair),
)]
pub struct Child {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
    pub b: Option<i64>,
}

fn main() {}
