//! What a declared type is made of has a type that PostgreSQL knows.
use orm::prelude::*;

#[derive(Composite, Debug)]
pub struct Door {
    pub width: u64,
}

#[derive(Domain, Debug)]
pub struct Size(usize);

fn main() {}
