//! A default is in the range of its Rust type: that of column `port` is not.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "host")]
pub struct Host {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = 70000)]
    pub port: u16,
    #[column(default = "one")]
    pub shelf: u8,
}

fn main() {}
