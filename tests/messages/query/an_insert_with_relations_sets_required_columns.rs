//! An insert of a row with rows of its relations sets every required column: a relation sets its own key, and no other.
use auth::{Session, User};
use orm::prelude::*;

async fn run(db: &Db) -> orm::Result<()> {
    let user = User::insert().id("ada").name("Ada").email("ada@example.com");
    let session = Session::insert().id("s1").expires_at(Utc::now());
    session.with(Session::user.insert(user)).execute(db).await?;
    Ok(())
}

fn main() {}
