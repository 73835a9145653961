//! A struct is no field of itself.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "category", has_many(children: Category))]
pub struct Category {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Category::id)]
    pub parent_id: Option<i64>,
}

#[derive(FromRow)]
#[from_row(from = Category)]
pub struct Branch {
    pub id: i64,
    #[column(relation)]
    pub children: Vec<Branch>,
}

fn main() {}
