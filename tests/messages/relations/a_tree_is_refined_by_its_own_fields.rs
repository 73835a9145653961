//! A query of a struct is refined by the fields of that struct that a relation fills.
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

#[derive(FromRow)]
#[from_row(from = Post)]
pub struct Title {
    pub title: String,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct Name {
    pub name: String,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct UserPage {
    pub name: String,
    #[column(relation)]
    pub posts: Vec<PostPage>,
}

#[derive(FromRow)]
#[from_row(from = Post)]
pub struct PostPage {
    pub title: String,
    #[column(relation)]
    pub author: Name,
}

fn main() {
    let _ = UserPage::query().refine(PostPage::author.order_by(User::id.asc()));
    let _ = UserPage::query().refine(UserPage::posts);
    let _ = UserPage::query().refine(User::posts.limit(3));
    let _ = UserPage::query().refine(UserPage::posts.refine(UserPage::posts.limit(1)));
    let _ = UserPage::query().refine(UserPage::posts.filter(User::id.eq(1)));
    let _ = UserPage::query().refine(UserPage::posts.refine(PostPage::author.filter(User::id.eq(1))));
    let _ = UserPage::query().refine(UserPage::posts.refine(PostPage::author.limit(1)));
    let _ = orm::pick::<UserPage>().refine(PostPage::author.order_by(User::id.asc()));
    let _ = User::query().refine(UserPage::posts.limit(3));
    let _ = User::query().select(User::id).refine(UserPage::posts.limit(3));
}
