//! A query reads at most sixteen sources.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user", has_many(posts: Post))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub image: Option<String>,
    #[column(default = false)]
    pub verified: bool,
}

#[derive(Table)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(references = User::id)]
    pub author_id: i64,
}

macro_rules! joined {
    ($query:expr, $($name:literal)+) => {
        $query$(.cross_join(orm::alias!(User, $name)))+
    };
}

fn main() {
    let _ = joined!(User::query(), "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p");
}
