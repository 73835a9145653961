//! What is inserted with a row is along a relation of its table, and of the table that the relation leads to.
use auth::{Account, Session, User};
use orm::prelude::*;

fn main() {
    let user = || User::insert().id("ada").name("Ada").email("ada@example.com");
    let session = Session::insert().id("s1").token("t").expires_at(Utc::now());
    let _ = user().with(Session::user.insert(user()));

    let account = Account::insert().id("a1").account_id("ada").provider_id("github");
    let _ = User::sessions.insert([account]);

    // Many rows, and one.
    let _ = User::sessions.insert(session);
    let _ = Session::user.insert([user()]);

    let _ = user().with(Session::insert());
}
