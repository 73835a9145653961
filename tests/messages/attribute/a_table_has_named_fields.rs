//! A field is a column, and its name is the name of the column.
use orm::prelude::*;

#[derive(Table)]
pub struct Pair(i64, String);

#[derive(Table)]
pub struct Nothing;

fn main() {}
