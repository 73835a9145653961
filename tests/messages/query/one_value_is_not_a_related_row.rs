//! Of a relation to one row a tuple or a struct is selected; one value is an expression.
use auth::{Session, User};
use orm::prelude::*;

fn main() {
    let _ = Session::query().with(Session::user.select(User::name));
}
