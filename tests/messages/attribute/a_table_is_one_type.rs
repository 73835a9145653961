//! A table has no generic parameters.
use orm::prelude::*;

#[derive(Table)]
pub struct Row<T> {
    pub value: T,
}

#[derive(Table)]
pub struct Borrowed<'a> {
    pub value: &'a str,
}

fn main() {}
