//! drizzle-rs on tokio-postgres: its builders, and its relational queries, which load by JSON.

use crate::count;
use chrono::{DateTime, Utc};
use drizzle::core::desc;
use drizzle::core::expr::{eq, gte, lte};
use drizzle::postgres::prelude::*;
use drizzle::postgres::tokio::Drizzle;
use futures_util::future::LocalBoxFuture;
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry as Contestant, NAME, NewEntry,
    Outcome, Place, READ, Way, Workload, digest, joined, new_entries,
};
use std::sync::Arc;
use tokio_postgres::NoTls;

pub(crate) const ENTRY: Contestant = Contestant {
    name: "drizzle-rs",
    crates: &["drizzle"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

#[PostgresTable(name = "users")]
struct Users {
    #[column(primary)]
    id: i64,
    name: String,
    hair_color: Option<String>,
    created_at: DateTime<Utc>,
}

#[PostgresTable(name = "posts")]
struct Posts {
    #[column(primary)]
    id: i64,
    #[column(references = Users::id)]
    user_id: i64,
    title: String,
    body: String,
}

#[PostgresTable(name = "comments")]
struct Comments {
    #[column(primary)]
    id: i64,
    #[column(references = Posts::id)]
    post_id: i64,
    body: String,
}

#[PostgresTable(name = "entries")]
struct Entries {
    #[column(identity(by_default), primary)]
    id: i64,
    name: String,
    hair_color: Option<String>,
}

#[derive(PostgresSchema, Clone)]
struct Schema {
    users: Users,
    posts: Posts,
    comments: Comments,
    entries: Entries,
}

type It = (Drizzle<Schema>, Schema);

struct Peer(Vec<It>);

async fn connect(url: &str) -> Outcome<It> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(Drizzle::new(client))
}

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        open.push(connect(&place.url(data)).await?);
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

fn of_user(id: i64, name: &str, hair_color: Option<&str>, created_at: DateTime<Utc>) -> u64 {
    digest::user(id, name, hair_color, created_at.timestamp_micros())
}

fn of_selected(it: &SelectUsers) -> u64 {
    of_user(it.id, &it.name, it.hair_color.as_deref(), it.created_at)
}

fn of_post(it: &SelectPosts) -> u64 {
    digest::post(it.id, it.user_id, &it.title, &it.body)
}

async fn point_read((db, schema): &It, id: i64) -> Outcome<u64> {
    let users = schema.users;
    let user: Option<SelectUsers> =
        db.select(()).from(users).r#where(eq(users.id, id)).get().await?;
    Ok(user.map_or(0, |user| of_selected(&user)))
}

async fn update((db, schema): &It) -> Outcome<u64> {
    let users = schema.users;
    let set = UpdateUsers::default().with_name(NAME);
    Ok(db.update(users).set(set).r#where(eq(users.id, CHANGED)).execute().await?)
}

async fn upsert((db, schema): &It) -> Outcome<u64> {
    let users = schema.users;
    let row = InsertUsers::new(CHANGED, NAME, DateTime::<Utc>::UNIX_EPOCH);
    let insert = db.insert(users).value(row).on_conflict(users.id);
    Ok(insert.do_update(UpdateUsers::default().with_name(NAME)).execute().await?)
}

async fn many_users((db, schema): &It, size: i64) -> Outcome<u64> {
    let users = schema.users;
    let all: Vec<SelectUsers> =
        db.select(()).from(users).r#where(lte(users.id, size)).all().await?;
    Ok(digest::all(all.iter().map(of_selected)))
}

async fn left_join((db, schema): &It, range: (i64, i64)) -> Outcome<u64> {
    let (users, posts) = (schema.users, schema.posts);
    let pairs: Vec<(SelectUsers, Option<SelectPosts>)> = db
        .select(())
        .from(users)
        .left_join((posts, eq(posts.user_id, users.id)))
        .r#where((gte(users.id, range.0), lte(users.id, range.1)))
        .all()
        .await?;
    Ok(digest::all(pairs.iter().map(|(user, post)| {
        digest::with(of_selected(user), post.as_ref().map_or(0, of_post))
    })))
}

async fn insert((db, schema): &It, rows: &[NewEntry], wants_ids: bool) -> Outcome<u64> {
    let entries = schema.entries;
    let row = |row: &NewEntry| {
        InsertEntries::new(row.name.clone()).with_hair_color(row.hair_color.clone())
    };
    let insert = db.insert(entries).values(rows.iter().map(row));
    if wants_ids {
        let ids: Vec<(i64,)> = insert.returning((entries.id,)).all().await?;
        return Ok(digest::ids(ids.into_iter().map(|(id,)| id)));
    }
    Ok(insert.execute().await?)
}

async fn nested((db, schema): &It, size: i64) -> Outcome<u64> {
    let (users, posts) = (schema.users, schema.posts);
    let found = db
        .query(users)
        .with(users.posts().with(posts.comments()))
        .r#where(lte(users.id, size))
        .find_many()
        .await?;
    let mut digests = 0_u64;
    for user in &found {
        let mut of_posts = 0_u64;
        for post in &user.posts {
            let comment = |it: &SelectComments| digest::comment(it.id, it.post_id, &it.body);
            let comments = digest::all(post.comments.iter().map(|it| comment(it)));
            let own = digest::post(post.id, post.user_id, &post.title, &post.body);
            of_posts = of_posts.wrapping_add(digest::with(own, comments));
        }
        let own = of_user(user.id, &user.name, user.hair_color.as_deref(), user.created_at);
        digests = digests.wrapping_add(digest::with(own, of_posts));
    }
    Ok(digests)
}

/// All posts of users, or their newest.
macro_rules! with_posts {
    ($name:ident, $posts:ident => $relation:expr) => {
        async fn $name((db, schema): &It, range: (i64, i64)) -> Outcome<u64> {
            let (users, $posts) = (schema.users, schema.posts);
            let relation = |users: Users| $relation(users);
            let found = db
                .query(users)
                .with(relation(users))
                .r#where((gte(users.id, range.0), lte(users.id, range.1)))
                .find_many()
                .await?;
            let mut digests = 0_u64;
            for user in &found {
                let post = |it: &SelectPosts| digest::with(of_post(it), 0);
                let posts = digest::all(user.posts.iter().map(|it| post(it)));
                let own = of_user(user.id, &user.name, user.hair_color.as_deref(), user.created_at);
                digests = digests.wrapping_add(digest::with(own, posts));
            }
            Ok(digests)
        }
    };
}

with_posts!(wide, _posts => |users: Users| users.posts());
with_posts!(newest, posts => |users: Users| users.posts().order_by(desc(posts.id)).limit(3));

/// The operation on the connection.
macro_rules! way {
    ($form:literal, $it:ident, $run:expr) => {
        vec![Way::new($form, async move || $run.await)]
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
            Workload::PointRead => way!("builder", it, point_read(it, READ)),
            Workload::Update => way!("builder", it, update(it)),
            Workload::Upsert => way!("builder", it, upsert(it)),
            Workload::Rows => way!("builder", it, many_users(it, size)),
            Workload::LeftJoin => way!("builder", it, left_join(it, range)),
            Workload::Insert => way!("values", it, insert(it, rows, false)),
            Workload::InsertIds => way!("values", it, insert(it, rows, true)),
            Workload::Nested => way!("query", it, nested(it, size)),
            Workload::Wide => way!("query", it, wide(it, (1, 1))),
            Workload::Newest => way!("query", it, newest(it, (2, size + 1))),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

/// A handle can be shared: eight of them serve all tasks.
async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let mut shared = Vec::new();
    for _ in 0..CONNECTIONS {
        shared.push(connect(&place.url(Data::Indexed)).await?);
    }
    let shared: Arc<[It]> = shared.into();
    Ok(vec![Crowd::of_tasks("shared", move |task, id| {
        let shared = Arc::clone(&shared);
        async move { point_read(&shared[task % CONNECTIONS], id).await }
    })])
}
