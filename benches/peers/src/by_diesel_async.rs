//! diesel-async: Diesel's queries on tokio-postgres.

use crate::count;
use crate::diesel_models::{
    Comment, NewUser, Post, User, entries, entry_rows, pairs_digest, posts, tree, users,
    users_digest,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use futures_util::future::LocalBoxFuture;
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry, NAME, NewEntry, Outcome, Place, READ,
    Way, Workload, digest, joined, new_entries,
};
use tokio::sync::Mutex;

pub(crate) const ENTRY: Entry = Entry {
    name: "diesel-async",
    crates: &["diesel-async"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

type It = Mutex<AsyncPgConnection>;

struct Peer(Vec<It>);

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        open.push(Mutex::new(AsyncPgConnection::establish(&place.url(data)).await?));
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

async fn point_read(it: &mut AsyncPgConnection, id: i64) -> Outcome<u64> {
    let user = users::table.find(id).select(User::as_select()).first(it).await.optional()?;
    Ok(user.map_or(0, |user| user.digest()))
}

async fn update(it: &mut AsyncPgConnection) -> Outcome<u64> {
    let update = diesel::update(users::table.find(CHANGED)).set(users::name.eq(NAME));
    Ok(update.execute(it).await?.try_into()?)
}

async fn upsert(it: &mut AsyncPgConnection) -> Outcome<u64> {
    let created_at = DateTime::<Utc>::UNIX_EPOCH;
    let insert = diesel::insert_into(users::table)
        .values(NewUser { id: CHANGED, name: NAME, hair_color: None, created_at })
        .on_conflict(users::id)
        .do_update()
        .set(users::name.eq(excluded(users::name)));
    Ok(insert.execute(it).await?.try_into()?)
}

async fn many_users(it: &mut AsyncPgConnection, size: i64) -> Outcome<u64> {
    let users = users::table.filter(users::id.le(size)).select(User::as_select());
    Ok(users_digest(&users.load(it).await?))
}

async fn left_join(it: &mut AsyncPgConnection, range: (i64, i64)) -> Outcome<u64> {
    let pairs: Vec<(User, Option<Post>)> = users::table
        .left_join(posts::table)
        .filter(users::id.ge(range.0))
        .filter(users::id.le(range.1))
        .select((User::as_select(), Option::<Post>::as_select()))
        .load(it)
        .await?;
    Ok(pairs_digest(&pairs))
}

async fn insert(it: &mut AsyncPgConnection, rows: &[NewEntry], wants_ids: bool) -> Outcome<u64> {
    let insert = diesel::insert_into(entries::table).values(entry_rows(rows));
    if wants_ids {
        let ids = insert.returning(entries::id).get_results::<i64>(it).await?;
        return Ok(digest::ids(ids));
    }
    Ok(insert.execute(it).await?.try_into()?)
}

async fn some_users(it: &mut AsyncPgConnection, range: (i64, i64)) -> Outcome<Vec<User>> {
    let users = users::table.filter(users::id.ge(range.0)).filter(users::id.le(range.1));
    Ok(users.select(User::as_select()).load(it).await?)
}

async fn trees(
    it: &mut AsyncPgConnection,
    range: (i64, i64),
    with_comments: bool,
) -> Outcome<u64> {
    let users = some_users(it, range).await?;
    let posts = Post::belonging_to(&users).select(Post::as_select()).load(it).await?;
    let comments = match with_comments {
        true => Comment::belonging_to(&posts).select(Comment::as_select()).load(it).await?,
        false => Vec::new(),
    };
    Ok(tree(users, posts, comments))
}

/// There is no lateral join: each user's newest posts are a query of their own.
async fn newest(it: &mut AsyncPgConnection, range: (i64, i64)) -> Outcome<u64> {
    let users = some_users(it, range).await?;
    let mut all = Vec::new();
    for user in &users {
        let newest = Post::belonging_to(user).order(posts::id.desc()).limit(3);
        all.extend(newest.select(Post::as_select()).load(it).await?);
    }
    Ok(tree(users, all, Vec::new()))
}

/// The operation on the connection.
macro_rules! way {
    ($form:literal, $it:ident, $connection:ident => $run:expr) => {
        vec![Way::new($form, async move || {
            let mut connection = $it.lock().await;
            let $connection = &mut *connection;
            $run.await
        })]
    };
}

impl Contender for Peer {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let it = &self.0[cell.data as usize];
        let (size, range) = (count(cell.size), joined(cell.size));
        let rows: &'static [NewEntry] = match cell.workload {
            Workload::Insert | Workload::InsertIds => Vec::leak(new_entries(cell.size)),
            _ => &[],
        };
        let ways = match cell.workload {
            Workload::PointRead => way!("find", it, on => point_read(on, READ)),
            Workload::Update => way!("update", it, on => update(on)),
            Workload::Upsert => way!("upsert", it, on => upsert(on)),
            Workload::Rows => way!("load", it, on => many_users(on, size)),
            Workload::LeftJoin => way!("load", it, on => left_join(on, range)),
            Workload::Insert => way!("values", it, on => insert(on, rows, false)),
            Workload::InsertIds => way!("values", it, on => insert(on, rows, true)),
            Workload::Nested => way!("belonging_to", it, on => trees(on, (1, size), true)),
            Workload::Wide => way!("belonging_to", it, on => trees(on, (1, 1), false)),
            Workload::Newest => way!("a query each", it, on => newest(on, (2, size + 1))),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let mut settings = ManagerConfig::default();
    // It asks the server whether a connection is alive before it gives it away otherwise.
    settings.recycling_method = RecyclingMethod::Fast;
    let url = place.url(Data::Indexed);
    let manager =
        AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, settings);
    let pool = Pool::builder(manager).max_size(CONNECTIONS).build()?;
    Ok(vec![Crowd::of_tasks("deadpool", move |_, id| {
        let pool = pool.clone();
        async move { point_read(&mut *pool.get().await?, id).await }
    })])
}
