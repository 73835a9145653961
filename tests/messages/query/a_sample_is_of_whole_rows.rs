//! A sample is of whole rows.
use auth::User;
use orm::prelude::*;

fn main() {
    let _ = User::query().select(User::id).sample_rows(1.0);
}
