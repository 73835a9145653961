//! Only rows of tables that are always there are locked.
use orm::prelude::*;
use orm::{for_update, func};

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

#[derive(Table)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author_id: i64,
}

fn all_of_an_outer_join() {
    let _ = User::query().left_join(Post, Post::author_id.eq(User::id)).for_update();
}

fn the_nullable_side() {
    let _ = User::query()
        .left_join(Post, Post::author_id.eq(User::id))
        .lock(for_update().of(Post));
}

fn a_table_that_is_not_read() {
    let _ = User::query().lock(for_update().of(Post));
}

fn groups() {
    let _ = User::query().group_by(User::email).select(User::email).for_update();
    let _ = User::query().select(func::count_star()).for_update();
}

fn skipped_and_refused() {
    let _ = for_update().nowait().skip_locked();
}

fn main() {}
