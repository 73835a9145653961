//! Operators of hstore and ltree are of columns of these types: column `name` is a text.
use orm::func::{hstore, ltree};
use orm::prelude::*;
use orm::types::{Hstore, Ltree};

#[derive(Table)]
#[table(name = "product")]
pub struct Product {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub attributes: Hstore,
    pub path: Ltree,
}

fn main() {
    let _ = Product::name.value_of("color");
    let _ = Product::name.is_ancestor_of(Product::path);
    let _ = Product::path.matches_lquery("Top.*");
    let _ = hstore::akeys(Product::name);
    let _ = ltree::nlevel("Top.Science");
}
