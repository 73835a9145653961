//! Rows are written along relations that follow a foreign key.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(mails: Mail on(email = Mail::recipient)))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

#[derive(Table)]
pub struct Mail {
    #[column(primary_key)]
    pub id: i64,
    pub recipient: String,
}

fn main() {
    let mail = Mail::insert().id(1).recipient("ada");
    let _ = User::insert().id(1).email("ada").with(User::mails.insert([mail]));
}
