//! A setter does not have the name of a method of the insert, nor that of another setter.
use orm::prelude::*;

#[derive(Table)]
struct Permission {
    #[column(primary_key)]
    role: String,
    execute: bool,
    #[column(setter = to_sql)]
    select: bool,
    #[column(setter = role)]
    insert_rows: bool,
    #[column(generated = "1", setter = set_made)]
    made: i64,
}

#[derive(Table)]
#[table(view = "SELECT 1 AS build", insert = NewView)]
struct View {
    #[column(setter = set_build)]
    build: i32,
}

fn main() {
    // One mistake is one message: the rest of the program compiles.
    let _ = Permission::insert().role("guest").build();
    let _ = Permission::query().filter(Permission::execute.eq(true));
}
