//! A newtype is compared with values, columns and expressions of the same newtype.
use orm::prelude::*;
use std::marker::PhantomData;

#[derive(Newtype, Debug, Clone, Copy)]
struct UserId(i64);

#[derive(Newtype, Debug, Clone, Copy)]
struct TeamId(i64);

#[derive(Newtype, Debug)]
struct Name(String);

#[derive(Newtype)]
struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Table)]
struct User {
    #[column(primary_key)]
    id: UserId,
    name: Name,
    visits: i64,
}

#[derive(Table)]
struct Team {
    #[column(primary_key)]
    id: TeamId,
    first: Id<User>,
}

fn main() {
    let _ = User::id.eq(TeamId(1));
    let _ = User::id.eq(1_i64);
    let _ = User::id.eq(User::visits);
    let _ = User::id.is_in([TeamId(1)]);
    let _ = User::query().find(TeamId(1));
    let _ = User::query().inner_join(Team, User::id.eq(Team::id));
    let _ = User::name.eq("Ada");
    let _ = User::name.like("A%");
    let _ = User::visits + User::id;
    let _ = Team::first.eq(Id::<Team>(1, PhantomData));
    let _ = User::insert().id(1_i64);
    let _ = User::update().set(User::id.set(TeamId(1)));
}
