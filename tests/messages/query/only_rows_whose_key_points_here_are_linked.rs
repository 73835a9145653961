//! Rows are linked where the related table or a join table has the key; where the row itself has it, it is a column to set.
use auth::{Session, User};
use orm::prelude::*;

fn run(session: &Session, user: &User) {
    let _ = Session::user.connect(["ada"]);
    let _ = Session::user.of(session);
    let _ = User::sessions.of(session);
    let _ = User::sessions.of(user).connect([1]);
    let _ = Session::insert().user_id("ada");
}

fn main() {}
