//! The same key twice on one place is a mistake.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "a", name = "b")]
pub struct User {
    #[column(primary_key, primary_key)]
    pub id: i64,
    #[column(unique)]
    #[column(unique)]
    pub email: String,
    #[column(on_update = now(), on_update = Utc::now())]
    pub updated_at: DateTime<Utc>,
}

fn main() {}
