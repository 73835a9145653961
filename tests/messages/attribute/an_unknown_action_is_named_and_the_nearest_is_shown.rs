//! There are five referential actions.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Self::id, on_delete = casacde)]
    pub a_id: Option<i64>,
    #[column(references = Self::id, on_delete = explode)]
    pub b_id: Option<i64>,
    #[column(references = Self::id, on_delete = "cascade")]
    pub c_id: Option<i64>,
    #[column(references = Self::id, on_update = set_nul)]
    pub d_id: Option<i64>,
}

fn main() {}
