//! A key that does not exist is named, with the one that was meant.
use orm::prelude::*;

#[derive(Table)]
#[table(nmae = "user", shape = 3, on_delete = cascade)]
pub struct User {
    #[column(primary_kee)]
    pub id: i64,
    #[column(defualt = false)]
    pub verified: bool,
    #[column(size = 3)]
    pub name: String,
    #[column(schema = "auth")]
    pub email: String,
}

fn main() {}
