//! A table without columns has no rows to tell apart.
use orm::prelude::*;

#[derive(Table)]
pub struct Empty {}

fn main() {}
