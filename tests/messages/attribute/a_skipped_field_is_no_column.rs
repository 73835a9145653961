//! A skipped field is no column: it has no other key, and a value when a row is read.
use orm::prelude::*;

pub struct Handle;

#[derive(Table)]
pub struct Upload {
    #[column(primary_key)]
    pub id: i64,
    #[column(skip, index, name = "x")]
    pub cached: bool,
    #[column(skip)]
    pub handle: Handle,
    #[column(skip = "text")]
    pub count: i32,
}

#[derive(FromRow)]
pub struct Row {
    #[column(skip, nested)]
    pub id: i64,
    #[column(skip)]
    pub handle: Handle,
}

#[derive(Insertable)]
#[insert(into = Upload)]
pub struct NewUpload {
    pub id: i64,
    #[given(skip = 3)]
    pub cached: bool,
}

fn main() {
    let _ = Upload::query().filter(Upload::cached.eq(true));
}
