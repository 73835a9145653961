//! A column whose type has another name must be set, unless that type can be NULL.
use orm::prelude::*;

type Maybe<T> = Option<T>;
type Id = i64;

#[derive(Table, Debug)]
pub struct Post {
    #[column(primary_key)]
    pub id: Id,
    pub author_id: Id,
    pub editor_id: Maybe<Id>,
}

fn main() {
    let _ = Post::insert().id(1).build();
}
