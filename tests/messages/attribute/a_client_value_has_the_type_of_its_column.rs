//! `on_update = ..` is a value of the column.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(on_update = "later")]
    pub updated_at: DateTime<Utc>,
    #[column(on_update = None::<i32>)]
    pub changes: i32,
}

fn main() {}
