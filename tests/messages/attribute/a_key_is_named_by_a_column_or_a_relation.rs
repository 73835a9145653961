//! A relation names the foreign key that it follows by a column, or by a relation.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(mails: Mail::query))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Mail {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
}

fn main() {}
