//! A composite primary key is written on the struct, and only there.
use orm::prelude::*;

#[derive(Table)]
pub struct Member {
    #[column(primary_key)]
    pub user_id: i64,
    #[column(primary_key)]
    pub team_id: i64,
}

#[derive(Table)]
#[table(primary_key(user_id, team_id))]
pub struct Guest {
    #[column(primary_key)]
    pub user_id: i64,
    pub team_id: i64,
}

fn main() {}
