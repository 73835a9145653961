//! A type by another name is asked whether it can be NULL, and whether it counts: the message names the column.
use orm::prelude::*;

type Maybe<T> = Option<T>;
type Id = i64;
type Name = String;

#[derive(Table)]
struct User {
    #[column(primary_key)]
    id: Maybe<i64>,
    #[column(unique)]
    number: Id,
    maybe: Maybe<Id>,
}

#[derive(Table)]
#[table(primary_key(id, name), foreign_key(sure, maybe => User::number, User::maybe, on_update = set_null))]
struct Session {
    #[column(identity)]
    id: Name,
    name: Maybe<String>,
    #[column(references = User::number, on_delete = set_null)]
    user_id: Id,
    #[column(identity)]
    other: Maybe<i64>,
    #[column(serial)]
    third: Name,
    sure: Id,
    maybe: Maybe<Id>,
}

#[derive(Domain, Debug)]
struct Email(Maybe<String>);

fn main() {}
