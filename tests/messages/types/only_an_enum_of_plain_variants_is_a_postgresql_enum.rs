//! A value of a PostgreSQL enum is a label: no fields, no parameters, and at least one.
use orm::prelude::*;

#[derive(Enum, Debug)]
pub struct Mood {
    pub happy: bool,
}

#[derive(Enum, Debug)]
pub enum Shape {
    Point,
    Circle(i32),
    Square { side: i32 },
}

#[derive(Enum, Debug)]
pub enum Choice<T> {
    Yes(T),
}

#[derive(Enum, Debug)]
pub enum Nothing {}

fn main() {}
