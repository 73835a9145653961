//! Statements on one table, and a join.

use super::models::indexed::{Post, User};
use super::models::{Entry, NewEntry};
use super::{on_both, on_each};
use crate::digest;
use crate::model::{self, CHANGED, NAME, READ, count, joined, new_entries};
use crate::way::{Outcome, Way};
use orm::prelude::*;
use orm::{Connection, Db, Executor, Insert, Transaction};

type It = (Connection, Db);

pub(super) fn point_read(it: &'static It) -> Vec<Way> {
    async fn run(db: &impl Executor) -> Outcome<u64> {
        let user = User::query().filter(User::id.eq(READ)).first(db).await?;
        Ok(user.map_or(0, |user| user.digest()))
    }
    on_each!(it, async |db: &_| run(db).await)
}

/// Not in a transaction: in one, the versions of the row would grow in number.
pub(super) fn update(it: &'static It) -> Vec<Way> {
    async fn run(db: &impl Executor) -> Outcome<u64> {
        let update = User::update().set(User::name.set(NAME)).filter(User::id.eq(CHANGED));
        Ok(update.execute(db).await?)
    }
    on_both!(it, async |db: &_| run(db).await)
}

pub(super) fn upsert(it: &'static It) -> Vec<Way> {
    async fn run(db: &impl Executor) -> Outcome<u64> {
        let insert = User::insert()
            .id(CHANGED)
            .name(NAME)
            .hair_color(None::<String>)
            .created_at(DateTime::<Utc>::UNIX_EPOCH);
        Ok(insert.on_conflict(User::id).do_update(User::name.set_excluded()).execute(db).await?)
    }
    on_both!(it, async |db: &_| run(db).await)
}

pub(super) fn users(it: &'static It, size: usize) -> Vec<Way> {
    async fn run(db: &impl Executor, size: i64) -> Outcome<u64> {
        let users = User::query().filter(User::id.le(size)).all(db).await?;
        Ok(digest::all(users.iter().map(User::digest)))
    }
    let size = count(size);
    on_each!(it, async move |db: &_| run(db, size).await)
}

pub(super) fn left_join(it: &'static It, size: usize) -> Vec<Way> {
    async fn run(db: &impl Executor, (first, last): (i64, i64)) -> Outcome<u64> {
        let rows: Vec<(User, Option<Post>)> = User::query()
            .left_join(Post, Post::user_id.eq(User::id))
            .filter(User::id.ge(first))
            .filter(User::id.le(last))
            .all(db)
            .await?;
        let pair = |(user, post): &(User, Option<Post>)| {
            digest::with(user.digest(), post.as_ref().map_or(0, Post::digest))
        };
        Ok(digest::all(rows.iter().map(pair)))
    }
    let range = joined(size);
    on_each!(it, async move |db: &_| run(db, range).await)
}

fn entries(from: &[model::NewEntry]) -> impl Iterator<Item = NewEntry<'_>> {
    from.iter().map(|entry| NewEntry {
        name: &entry.name,
        hair_color: orm::Maybe::Value(entry.hair_color.as_deref()),
    })
}

pub(super) fn insert(it: &'static It, size: usize) -> Vec<Way> {
    async fn run(db: &impl Executor, rows: &[model::NewEntry]) -> Outcome<u64> {
        Ok(Insert::values(entries(rows)).execute(db).await?)
    }
    let rows: &'static [model::NewEntry] = Vec::leak(new_entries(size));
    on_each!(it, async move |db: &_| run(db, rows).await)
}

pub(super) fn insert_with_ids(it: &'static It, size: usize) -> Vec<Way> {
    async fn run(db: &impl Executor, rows: &[model::NewEntry]) -> Outcome<u64> {
        let ids = Insert::values(entries(rows)).returning(Entry::id).all(db).await?;
        Ok(digest::ids(ids))
    }
    let rows: &'static [model::NewEntry] = Vec::leak(new_entries(size));
    on_each!(it, async move |db: &_| run(db, rows).await)
}
