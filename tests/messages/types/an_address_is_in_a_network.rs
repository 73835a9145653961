//! Operators of networks are of `inet` and `cidr`: column `name` is neither, and column `range` contains no text.
use orm::prelude::*;
use orm::types::Cidr;

#[derive(Table)]
#[table(name = "network")]
pub struct Network {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub range: Cidr,
}

fn main() {
    let _ = Network::name.strictly_contains(Network::range);
    let _ = Network::range.contains("10.0.0.1");
    let _ = orm::func::masklen(Network::name);
}
