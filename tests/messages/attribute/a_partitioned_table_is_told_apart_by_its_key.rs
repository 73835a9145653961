//! Partitions are of a partitioned table, whose primary key contains what tells them apart.
use orm::prelude::*;

#[derive(Table)]
#[table(partition("event_1", values = "FROM (1) TO (2)"))]
pub struct Event {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(partition_by = range(at), partition("b", default), partition("b", default), partition("c"), partition("d", default, values = "IN (1)"))]
pub struct Log {
    #[column(primary_key)]
    pub id: i64,
    pub at: i64,
}

#[derive(Table)]
#[table(partition_by = modulo(id))]
pub struct Shard {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(partition_by = hash(idd))]
pub struct Other {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
