//! What is inserted with a row is the builder of an insert.
use auth::Session;
use orm::prelude::*;

fn main() {
    let _ = Session::user.insert("ada");
}
