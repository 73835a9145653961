//! Column `range` of type `cidr` is no `IpAddr`, which holds no netmask.
use orm::prelude::*;
use std::net::IpAddr;

#[derive(Table)]
#[table(name = "network")]
pub struct Network {
    #[column(primary_key)]
    pub id: i64,
    #[column(data_type = "cidr")]
    pub range: IpAddr,
}

fn main() {}
