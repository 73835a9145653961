//! SeaORM 2: entities and their loader, through its pool and in a transaction.

use crate::count;
use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use orm_benches::{
    CHANGED, CONNECTIONS, Cell, Contender, Crowd, Data, Entry, NAME, NewEntry, Outcome, Place, READ,
    Way, Workload, digest, joined, new_entries,
};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, EntityTrait as _, LoaderTrait as _, ModelTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, TransactionTrait as _,
};

pub(crate) const ENTRY: Entry = Entry {
    name: "sea-orm",
    crates: &["sea-orm"],
    open: |place| Box::pin(open(place)),
    crowd: Some(|place| Box::pin(crowd(place))),
};

mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::post::Entity")]
        Post,
    }

    impl Related<super::post::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Post.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub user_id: i64,
        pub title: String,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id"
        )]
        User,
        #[sea_orm(has_many = "super::comment::Entity")]
        Comment,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl Related<super::comment::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Comment.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod comment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub post_id: i64,
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::post::Entity",
            from = "Column::PostId",
            to = "super::post::Column::Id"
        )]
        Post,
    }

    impl Related<super::post::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Post.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "entries")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

struct Peer(Vec<DatabaseConnection>);

async fn pool(url: String) -> Outcome<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    // It pings a connection before it gives it away otherwise, as none of the others does.
    options.max_connections(CONNECTIONS as u32).test_before_acquire(false).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

async fn open(place: Place) -> Outcome<&'static dyn Contender> {
    let mut open = Vec::new();
    for data in [Data::Indexed, Data::Plain, Data::Wide, Data::WidePlain] {
        open.push(pool(place.url(data)).await?);
    }
    Ok(Box::leak(Box::new(Peer(open))))
}

fn of_user(user: &user::Model) -> u64 {
    let time = user.created_at.timestamp_micros();
    digest::user(user.id, &user.name, user.hair_color.as_deref(), time)
}

fn of_post(post: &post::Model) -> u64 {
    digest::post(post.id, post.user_id, &post.title, &post.body)
}

async fn point_read(db: &impl ConnectionTrait, id: i64) -> Outcome<u64> {
    let user = user::Entity::find_by_id(id).one(db).await?;
    Ok(user.map_or(0, |user| of_user(&user)))
}

async fn update(db: &impl ConnectionTrait) -> Outcome<u64> {
    let update = user::Entity::update_many()
        .col_expr(user::Column::Name, Expr::value(NAME))
        .filter(user::Column::Id.eq(CHANGED));
    Ok(update.exec(db).await?.rows_affected)
}

async fn upsert(db: &impl ConnectionTrait) -> Outcome<u64> {
    let row = user::ActiveModel {
        id: Set(CHANGED),
        name: Set(NAME.to_owned()),
        hair_color: Set(None),
        created_at: Set(DateTime::<Utc>::UNIX_EPOCH),
    };
    let conflict = OnConflict::column(user::Column::Id)
        .update_column(user::Column::Name)
        .to_owned();
    Ok(user::Entity::insert(row).on_conflict(conflict).exec_without_returning(db).await?)
}

async fn users(db: &impl ConnectionTrait, size: i64) -> Outcome<u64> {
    let users = user::Entity::find().filter(user::Column::Id.lte(size)).all(db).await?;
    Ok(digest::all(users.iter().map(of_user)))
}

async fn left_join(db: &impl ConnectionTrait, range: (i64, i64)) -> Outcome<u64> {
    let pairs = user::Entity::find()
        .find_also_related(post::Entity)
        .filter(user::Column::Id.gte(range.0))
        .filter(user::Column::Id.lte(range.1))
        .all(db)
        .await?;
    let pair = |(user, post): &(user::Model, Option<post::Model>)| {
        digest::with(of_user(user), post.as_ref().map_or(0, of_post))
    };
    Ok(digest::all(pairs.iter().map(pair)))
}

async fn insert(
    db: &impl ConnectionTrait,
    rows: &[NewEntry],
    wants_ids: bool,
) -> Outcome<u64> {
    let row = |row: &NewEntry| entry::ActiveModel {
        id: NotSet,
        name: Set(row.name.clone()),
        hair_color: Set(row.hair_color.clone()),
    };
    let insert = entry::Entity::insert_many(rows.iter().map(row));
    if wants_ids {
        return Ok(digest::ids(insert.exec_with_returning_keys(db).await?));
    }
    Ok(insert.exec_without_returning(db).await?)
}

fn tree(
    users: Vec<user::Model>,
    posts: Vec<Vec<post::Model>>,
    mut comments: impl Iterator<Item = Vec<comment::Model>>,
) -> u64 {
    let of_comment = |it: &comment::Model| digest::comment(it.id, it.post_id, &it.body);
    let trees: Vec<_> = users
        .into_iter()
        .zip(posts)
        .map(|(user, posts)| {
            let with_comments =
                posts.into_iter().map(|post| (post, comments.next().unwrap_or_default()));
            (user, with_comments.collect::<Vec<_>>())
        })
        .collect();
    let of_posts = |(post, comments): &(post::Model, Vec<comment::Model>)| {
        digest::with(of_post(post), digest::all(comments.iter().map(of_comment)))
    };
    digest::all(trees.iter().map(|(user, posts)| {
        digest::with(of_user(user), digest::all(posts.iter().map(of_posts)))
    }))
}

async fn some_users(db: &impl ConnectionTrait, range: (i64, i64)) -> Outcome<Vec<user::Model>> {
    let users = user::Entity::find()
        .filter(user::Column::Id.gte(range.0))
        .filter(user::Column::Id.lte(range.1));
    Ok(users.all(db).await?)
}

async fn trees(
    db: &impl ConnectionTrait,
    range: (i64, i64),
    with_comments: bool,
) -> Outcome<u64> {
    let users = some_users(db, range).await?;
    let posts = users.load_many(post::Entity, db).await?;
    if !with_comments {
        return Ok(tree(users, posts, std::iter::empty()));
    }
    // The loader takes a list of models: it is flattened, and comes back in the same order.
    let counts: Vec<usize> = posts.iter().map(Vec::len).collect();
    let flat: Vec<post::Model> = posts.into_iter().flatten().collect();
    let comments = flat.load_many(comment::Entity, db).await?;
    let mut flat = flat.into_iter();
    let posts = counts.iter().map(|count| flat.by_ref().take(*count).collect()).collect();
    Ok(tree(users, posts, comments.into_iter()))
}

/// The loader has no limit for each parent: each user's newest posts are a query of their own.
async fn newest(db: &impl ConnectionTrait, range: (i64, i64)) -> Outcome<u64> {
    let users = some_users(db, range).await?;
    let mut posts = Vec::with_capacity(users.len());
    for user in &users {
        let newest = user.find_related(post::Entity).order_by_desc(post::Column::Id).limit(3);
        posts.push(newest.all(db).await?);
    }
    Ok(tree(users, posts, std::iter::empty()))
}

/// Through the pool and in a transaction.
macro_rules! on_both {
    ($db:ident, $on:ident => $run:expr) => {
        vec![
            Way::new("pool", async move || {
                let $on = $db;
                $run.await
            }),
            Way::within(
                "transaction",
                async move || Ok($db.begin().await?),
                async move |$on: &DatabaseTransaction| $run.await,
                async |tx: DatabaseTransaction| Ok(tx.rollback().await?),
            ),
        ]
    };
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
            Workload::PointRead => on_both!(db, on => point_read(on, READ)),
            Workload::Update => vec![Way::new("pool", async move || update(db).await)],
            Workload::Upsert => vec![Way::new("pool", async move || upsert(db).await)],
            Workload::Rows => on_both!(db, on => users(on, size)),
            Workload::LeftJoin => on_both!(db, on => left_join(on, range)),
            Workload::Insert => on_both!(db, on => insert(on, rows, false)),
            Workload::InsertIds => on_both!(db, on => insert(on, rows, true)),
            Workload::Nested => on_both!(db, on => trees(on, (1, size), true)),
            Workload::Wide => on_both!(db, on => trees(on, (1, 1), false)),
            Workload::Newest => on_both!(db, on => newest(on, (2, size + 1))),
            Workload::Crowd => Vec::new(),
        };
        Box::pin(async move { Ok(ways) })
    }
}

async fn crowd(place: Place) -> Outcome<Vec<Crowd>> {
    let db = pool(place.url(Data::Indexed)).await?;
    Ok(vec![Crowd::of_tasks("pool", move |_, id| {
        let db = db.clone();
        async move { point_read(&db, id).await }
    })])
}
