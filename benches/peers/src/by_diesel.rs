//! Diesel, which waits for the server and links libpq.

use crate::count;
use crate::diesel_models::{
    Comment, NewUser, Post, User, entries, entry_rows, pairs_digest, posts, tree, users,
    users_digest,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::upsert::excluded;
use futures_util::future::LocalBoxFuture;
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry, NAME, NewEntry, Outcome, Place, READ,
    Way, Workload, digest, joined, new_entries,
};
use std::cell::RefCell;

pub(crate) const ENTRY: Entry = Entry {
    name: "diesel",
    crates: &["diesel"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

type It = RefCell<PgConnection>;

struct Peer(Vec<It>);

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        open.push(RefCell::new(PgConnection::establish(&place.url(data))?));
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

fn point_read(it: &mut PgConnection, id: i64) -> Outcome<u64> {
    let user = users::table.find(id).select(User::as_select()).first(it).optional()?;
    Ok(user.map_or(0, |user| user.digest()))
}

fn update(it: &mut PgConnection) -> Outcome<u64> {
    let update = diesel::update(users::table.find(CHANGED)).set(users::name.eq(NAME));
    Ok(update.execute(it)?.try_into()?)
}

fn upsert(it: &mut PgConnection) -> Outcome<u64> {
    let created_at = DateTime::<Utc>::UNIX_EPOCH;
    let insert = diesel::insert_into(users::table)
        .values(NewUser { id: CHANGED, name: NAME, hair_color: None, created_at })
        .on_conflict(users::id)
        .do_update()
        .set(users::name.eq(excluded(users::name)));
    Ok(insert.execute(it)?.try_into()?)
}

fn many_users(it: &mut PgConnection, size: i64) -> Outcome<u64> {
    let users = users::table.filter(users::id.le(size)).select(User::as_select()).load(it)?;
    Ok(users_digest(&users))
}

fn left_join(it: &mut PgConnection, range: (i64, i64)) -> Outcome<u64> {
    let pairs: Vec<(User, Option<Post>)> = users::table
        .left_join(posts::table)
        .filter(users::id.ge(range.0))
        .filter(users::id.le(range.1))
        .select((User::as_select(), Option::<Post>::as_select()))
        .load(it)?;
    Ok(pairs_digest(&pairs))
}

fn insert(it: &mut PgConnection, rows: &[NewEntry], wants_ids: bool) -> Outcome<u64> {
    let insert = diesel::insert_into(entries::table).values(entry_rows(rows));
    if wants_ids {
        return Ok(digest::ids(insert.returning(entries::id).get_results::<i64>(it)?));
    }
    Ok(insert.execute(it)?.try_into()?)
}

fn copy(it: &mut PgConnection, rows: &[NewEntry]) -> Outcome<u64> {
    let copied = diesel::copy_from(entries::table).from_insertable(entry_rows(rows)).execute(it)?;
    Ok(copied.try_into()?)
}

fn trees(it: &mut PgConnection, range: (i64, i64), with_comments: bool) -> Outcome<u64> {
    let users = users::table
        .filter(users::id.ge(range.0))
        .filter(users::id.le(range.1))
        .select(User::as_select())
        .load(it)?;
    let posts = Post::belonging_to(&users).select(Post::as_select()).load(it)?;
    let comments = match with_comments {
        true => Comment::belonging_to(&posts).select(Comment::as_select()).load(it)?,
        false => Vec::new(),
    };
    Ok(tree(users, posts, comments))
}

/// Diesel has no lateral join: each user's newest posts are a query of their own.
fn newest(it: &mut PgConnection, range: (i64, i64)) -> Outcome<u64> {
    let users = users::table
        .filter(users::id.ge(range.0))
        .filter(users::id.le(range.1))
        .select(User::as_select())
        .load(it)?;
    let mut all = Vec::new();
    for user in &users {
        let newest = Post::belonging_to(user).order(posts::id.desc()).limit(3);
        all.extend(newest.select(Post::as_select()).load(it)?);
    }
    Ok(tree(users, all, Vec::new()))
}

fn way(
    form: &'static str,
    it: &'static It,
    run: impl Fn(&mut PgConnection) -> Outcome<u64> + 'static,
) -> Way {
    Way::new(form, async move || run(&mut it.borrow_mut()))
}

impl Contender for Peer {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let it = &self.0[cell.data as usize];
        let size = count(cell.size);
        let rows: &'static [NewEntry] = match cell.workload {
            Workload::Insert | Workload::InsertIds => Vec::leak(new_entries(cell.size)),
            _ => &[],
        };
        let ways = match cell.workload {
            Workload::PointRead => vec![way("find", it, |it| point_read(it, READ))],
            Workload::Update => vec![way("update", it, update)],
            Workload::Upsert => vec![way("upsert", it, upsert)],
            Workload::Rows => vec![way("load", it, move |it| many_users(it, size))],
            Workload::LeftJoin => {
                let range = joined(cell.size);
                vec![way("load", it, move |it| left_join(it, range))]
            }
            Workload::Insert => vec![
                way("values", it, |it| insert(it, rows, false)),
                way("copy", it, |it| copy(it, rows)),
            ],
            Workload::InsertIds => vec![way("values", it, |it| insert(it, rows, true))],
            Workload::Nested => vec![way("belonging_to", it, move |it| trees(it, (1, size), true))],
            Workload::Wide => vec![way("belonging_to", it, |it| trees(it, (1, 1), false))],
            Workload::Newest => {
                vec![way("a query each", it, move |it| newest(it, (2, size + 1)))]
            }
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let manager = ConnectionManager::<PgConnection>::new(place.url(Data::Indexed));
    // It asks the server whether a connection is alive before it gives it away otherwise.
    let size = CONNECTIONS.try_into()?;
    let pool = Pool::builder().max_size(size).test_on_check_out(false).build(manager)?;
    Ok(vec![Crowd::of_threads("r2d2", move |id| point_read(&mut *pool.get()?, id))])
}
