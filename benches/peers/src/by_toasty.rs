//! Toasty: models, and relations that are included.

use crate::count;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry as Contestant, NAME, NewEntry,
    Outcome, Place, READ, Way, Workload, digest, joined, new_entries,
};
use toasty::{Db, Deferred};

pub(crate) const ENTRY: Contestant = Contestant {
    name: "toasty",
    crates: &["toasty"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

#[derive(Debug, toasty::Model)]
#[table = "users"]
struct User {
    #[key]
    id: i64,
    name: String,
    hair_color: Option<String>,
    created_at: Timestamp,
    #[has_many]
    posts: Deferred<Vec<Post>>,
}

#[derive(Debug, toasty::Model)]
#[table = "posts"]
struct Post {
    #[key]
    id: i64,
    #[index]
    user_id: i64,
    #[belongs_to(key = user_id, references = id)]
    user: Deferred<User>,
    title: String,
    body: String,
    #[has_many]
    comments: Deferred<Vec<Comment>>,
}

#[derive(Debug, toasty::Model)]
#[table = "comments"]
struct Comment {
    #[key]
    id: i64,
    #[index]
    post_id: i64,
    #[belongs_to(key = post_id, references = id)]
    post: Deferred<Post>,
    body: String,
}

#[derive(Debug, toasty::Model)]
#[table = "entries"]
struct Entry {
    #[key]
    #[auto]
    id: i64,
    name: String,
    hair_color: Option<String>,
}

impl User {
    fn digest(&self) -> u64 {
        let time = self.created_at.as_microsecond();
        digest::user(self.id, &self.name, self.hair_color.as_deref(), time)
    }
}

impl Post {
    fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, &self.body)
    }
}

impl Comment {
    fn digest(&self) -> u64 {
        digest::comment(self.id, self.post_id, &self.body)
    }
}

struct Peer(Vec<Db>);

async fn connect(url: &str) -> Outcome<Db> {
    let mut builder = Db::builder();
    builder.models(toasty::models!(User, Post, Comment, Entry)).max_pool_size(CONNECTIONS);
    Ok(builder.connect(url).await?)
}

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        open.push(connect(&place.url(data)).await?);
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

async fn point_read(db: &mut Db, id: i64) -> Outcome<u64> {
    Ok(User::get_by_id(db, &id).await?.digest())
}

/// It gives no number of rows.
async fn update(db: &mut Db) -> Outcome<u64> {
    User::filter_by_id(CHANGED).update().name(NAME).exec(db).await?;
    Ok(1)
}

/// It gives the row.
async fn upsert(db: &mut Db) -> Outcome<u64> {
    let user = User::upsert_by_id(CHANGED)
        .name(NAME)
        .on_create(|create| create.hair_color(None).created_at(Timestamp::UNIX_EPOCH))
        .exec(db)
        .await?;
    Ok(u64::from(user.id == CHANGED))
}

async fn users(db: &mut Db, size: i64) -> Outcome<u64> {
    let users = User::filter(User::fields().id().le(size)).exec(db).await?;
    Ok(digest::all(users.iter().map(User::digest)))
}

/// It has no joins: users with their posts are the same rows.
async fn left_join(db: &mut Db, range: (i64, i64)) -> Outcome<u64> {
    let users = User::filter(User::fields().id().ge(range.0).and(User::fields().id().le(range.1)))
        .include(User::fields().posts())
        .exec(db)
        .await?;
    let mut digests = 0_u64;
    for user in &users {
        for post in user.posts.get() {
            digests = digests.wrapping_add(digest::with(user.digest(), post.digest()));
        }
        if user.posts.get().is_empty() {
            digests = digests.wrapping_add(digest::with(user.digest(), 0));
        }
    }
    Ok(digests)
}

/// It always gives whole rows.
async fn insert(db: &mut Db, rows: &[NewEntry], wants_ids: bool) -> Outcome<u64> {
    let mut many = Entry::create_many();
    for row in rows {
        many = many.item(Entry::create().name(&row.name).hair_color(row.hair_color.clone()));
    }
    let entries = many.exec(db).await?;
    match wants_ids {
        true => Ok(digest::ids(entries.iter().map(|entry| entry.id))),
        false => Ok(entries.len() as u64),
    }
}

async fn nested(db: &mut Db, size: i64) -> Outcome<u64> {
    let users = User::filter(User::fields().id().le(size))
        .include(User::fields().posts().comments())
        .exec(db)
        .await?;
    let of_post = |post: &Post| {
        let comments = post.comments.get().iter().map(Comment::digest);
        digest::with(post.digest(), digest::all(comments))
    };
    Ok(digest::all(users.iter().map(|user| {
        digest::with(user.digest(), digest::all(user.posts.get().iter().map(of_post)))
    })))
}

async fn wide(db: &mut Db) -> Outcome<u64> {
    let users =
        User::filter(User::fields().id().eq(1)).include(User::fields().posts()).exec(db).await?;
    let of_post = |post: &Post| digest::with(post.digest(), 0);
    Ok(digest::all(users.iter().map(|user| {
        digest::with(user.digest(), digest::all(user.posts.get().iter().map(of_post)))
    })))
}

/// What is included has no limit for each parent: each user's newest posts are a query of their own.
async fn newest(db: &mut Db, range: (i64, i64)) -> Outcome<u64> {
    let filter = User::fields().id().ge(range.0).and(User::fields().id().le(range.1));
    let users = User::filter(filter).exec(db).await?;
    let mut digests = 0_u64;
    for user in &users {
        let newest = Post::filter_by_user_id(user.id).order_by(Post::fields().id().desc()).limit(3);
        let posts = newest.exec(db).await?;
        let posts = digest::all(posts.iter().map(|post| digest::with(post.digest(), 0)));
        digests = digests.wrapping_add(digest::with(user.digest(), posts));
    }
    Ok(digests)
}

/// The operation through the pool.
macro_rules! way {
    ($db:ident, $on:ident => $run:expr) => {{
        let db: &'static Db = $db;
        vec![Way::new("pool", async move || {
            let mut db = db.clone();
            let $on = &mut db;
            $run.await
        })]
    }};
}

impl Contender for Peer {
    fn ways(&'static self, cell: Cell) -> LocalBoxFuture<'static, Outcome<Vec<Way>>> {
        let db = &self.0[cell.data as usize];
        let (size, range) = (count(cell.size), joined(cell.size));
        let rows: &'static [NewEntry] = match cell.workload {
            Workload::Insert | Workload::InsertIds => Vec::leak(new_entries(cell.size)),
            _ => &[],
        };
        let ways = match cell.workload {
            Workload::PointRead => way!(db, on => point_read(on, READ)),
            Workload::Update => way!(db, on => update(on)),
            Workload::Upsert => way!(db, on => upsert(on)),
            Workload::Rows => way!(db, on => users(on, size)),
            Workload::LeftJoin => way!(db, on => left_join(on, range)),
            Workload::Insert => way!(db, on => insert(on, rows, false)),
            Workload::InsertIds => way!(db, on => insert(on, rows, true)),
            Workload::Nested => way!(db, on => nested(on, size)),
            Workload::Wide => way!(db, on => wide(on)),
            Workload::Newest => way!(db, on => newest(on, (2, size + 1))),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let db = connect(&place.url(Data::Indexed)).await?;
    Ok(vec![Crowd::of_tasks("pool", move |_, id| {
        let mut db = db.clone();
        async move { point_read(&mut db, id).await }
    })])
}
