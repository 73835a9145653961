//! A checked integer is declared with a type that holds some of its values: column `port` with none of these.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "host")]
pub struct Host {
    #[column(primary_key)]
    pub id: i64,
    #[column(data_type = "real")]
    pub port: u16,
}

fn main() {}
