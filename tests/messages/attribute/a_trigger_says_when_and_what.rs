//! A trigger has a name of its own, says when it fires, and which function it calls.
use orm::prelude::*;

#[derive(Table)]
#[table(
    trigger("touch", "UPDATE", "FOR EACH ROW EXECUTE FUNCTION touch()"),
    trigger("touch", "BEFORE UPDATE", "touch()"),
    trigger("short", "BEFORE UPDATE"),
)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
