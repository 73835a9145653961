//! An entry of a document has a name or a position.
use orm::prelude::*;

#[derive(Table, Debug, Clone)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub image: Option<String>,
}

#[derive(Table, Debug, Clone)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    pub words: Vec<String>,
    pub data: serde_json::Value,
}

fn main() {
    use orm::JsonOperators as _;
    let _ = Post::query().select(Post::data.get(1.5));
}
