//! `.with(..)` is given one relation.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user", has_many(posts: Post, notes: Note))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(references = User::id)]
    pub author_id: i64,
}

#[derive(Table)]
#[table(name = "note")]
pub struct Note {
    #[column(primary_key)]
    pub id: i64,
    pub text: String,
    #[column(references = User::id)]
    pub user_id: Option<i64>,
}

fn main() {
    let _ = User::query().with((User::posts, User::notes));
    let _ = User::query().with(Post);
    let _ = User::query().with("posts");
    let _ = User::query().with(|user: User| user.name);
    let _ = User::query().with(Post::query());
    let _ = User::query().with(None::<i64>);
    let post = Post::insert().id(1).title("a");
    let _ = User::insert().id(1).name("Ada").returning_all().with(User::posts.insert([post]));
}
