//! An array of arrays has as many elements in each, so a newtype over an array has no arrays.
use orm::prelude::*;

#[derive(Newtype, Debug)]
struct Tags(Vec<String>);

#[derive(Table)]
struct Page {
    #[column(primary_key)]
    id: i64,
    tags: Tags,
    earlier_tags: Vec<Tags>,
}

fn main() {}
