//! What was found does not fit the key: the message shows how the key is written.
use orm::prelude::*;

#[derive(Table)]
#[table(name = user, schema = 3, comment, unique = "email", index, check(age > 0), primary_key = id)]
#[table(has_many = Post, crate = "orm", unique_index())]
pub struct User {
    #[column(primary_key = true)]
    pub id: i64,
    #[column(name, unique = 5, index(email))]
    pub email: String,
    #[column(references = "User::id", relation = a::b, on_delete)]
    pub parent_id: Option<i64>,
    #[column(default, data_type = varchar, comment = 3)]
    pub text: String,
    #[column(name = )]
    pub last: String,
}

fn main() {}
