//! Of a struct with parameters, types that are named are tables.
use orm::prelude::*;

#[derive(Table)]
pub struct Row<T> {
    pub value: T,
}

#[derive(Table)]
pub struct Borrowed<'a> {
    pub value: &'a str,
}

#[derive(Table)]
#[table(instances(One = Pair<i32>))]
pub struct Pair<A, B> {
    pub a: A,
    pub b: B,
}

#[derive(Table)]
#[table(instances(Two = Twice<i32>, Again = Twice<i32>))]
pub struct Twice<T> {
    pub value: T,
}

#[derive(Table)]
#[table(instances(Plain = Simple))]
pub struct Simple {
    pub value: i32,
}

#[derive(Table)]
#[table(instances(Numbered = Checked<i32>, Named = Checked<String>))]
pub struct Checked<T> {
    #[column(primary_key)]
    pub id: i64,
    #[column(defualt = 1)]
    pub value: T,
}

#[derive(Table)]
#[table(instances(Odd = Holds<Unknown>, Even = Holds<i32>))]
pub struct Holds<T> {
    #[column(primary_key)]
    pub id: i64,
    pub value: T,
}

pub struct Unknown;

fn main() {
    let _ = Numbered::query().filter(Numbered::value.eq(1));
    let _ = Even::query().filter(Even::value.eq("text"));
    let _ = Holds::<i64>::query();
}
