//! Newtypes: keys through relations, operators of the type within, every way that a value goes.

use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{Insert, Maybe, Placeholder, Update, func, prepare};
use orm_test_support::TestDatabase;
use std::marker::PhantomData;
use uuid::Uuid;

#[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UserId(pub(crate) Uuid);

/// With a named field, and counted by the server.
#[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TeamId {
    number: i64,
}

#[derive(Newtype, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

/// A newtype over another.
#[derive(Newtype, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nickname(Name);

#[derive(Newtype, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tags(Vec<String>);

#[derive(Newtype, Debug, Clone, PartialEq)]
pub(crate) struct Settings(serde_json::Value);

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[pg_enum(name = "newtype_color")]
pub(crate) enum Color {
    Red,
    Green,
}

#[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint(Color);

#[derive(Domain, Debug, Clone, PartialEq, Eq)]
#[domain(name = "newtype_slug", check = "VALUE <> ''")]
pub(crate) struct SlugText(String);

#[derive(Newtype, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slug(SlugText);

/// Told apart by a parameter that no value has.
#[derive(Newtype)]
pub(crate) struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    const fn of(number: i64) -> Self {
        Self(number, PhantomData)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self::of(self.0)
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A parameter that is the type of the value.
#[derive(Newtype, Debug, Clone, PartialEq)]
pub(crate) struct Measured<V>(V);

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "newtype_user", has_many(members: Member::user_id, notes: Note))]
pub(crate) struct User {
    #[column(primary_key, default = sql("gen_random_uuid()"))]
    id: UserId,
    #[column(unique)]
    name: Name,
    nickname: Option<Nickname>,
    tags: Tags,
    settings: Settings,
    paint: Paint,
    slug: Slug,
    friends: Vec<UserId>,
    weight: Measured<f64>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "newtype_team", has_many(members: Member))]
pub(crate) struct Team {
    #[column(primary_key, identity)]
    id: TeamId,
    name: Name,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "newtype_member", primary_key(team_id, user_id))]
pub(crate) struct Member {
    #[column(references = Team::id)]
    team_id: TeamId,
    #[column(references = User::id, on_delete = cascade)]
    user_id: UserId,
    /// Who brought the member along.
    #[column(references = User::id, on_delete = set_null, relation = guide)]
    guide_id: Option<UserId>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "newtype_note")]
pub(crate) struct Note {
    #[column(primary_key, serial)]
    id: Id<Note>,
    #[column(references = User::id)]
    author_id: UserId,
    #[column(references = Note::id)]
    answers_id: Option<Id<Note>>,
    text: String,
}

orm::declare! { orm::schema::Extension::new("citext") }

/// In a column of text whose case does not count.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "newtype_mailbox")]
pub(crate) struct Mailbox {
    #[column(primary_key, data_type = "citext")]
    address: Name,
}

#[derive(Insertable)]
#[insert(into = User)]
struct NewUser {
    name: Name,
    nickname: Maybe<Option<Nickname>>,
    tags: Tags,
    settings: Settings,
    paint: Paint,
    slug: Slug,
    friends: Vec<UserId>,
    weight: Measured<f64>,
}

#[derive(Patch)]
#[patch(table = User, keyed)]
struct UserPatch {
    id: UserId,
    name: Maybe<Name>,
    nickname: Maybe<Option<Nickname>>,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Member)]
struct Pair {
    team_id: TeamId,
    user_id: UserId,
}

fn id(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn name(text: &str) -> Name {
    Name(text.to_owned())
}

fn user(number: u128, text: &str) -> User {
    User {
        id: id(number),
        name: name(text),
        nickname: (number == 2).then(|| Nickname(name("Nick"))),
        tags: Tags(vec![text.to_owned(), "x".to_owned()]),
        settings: Settings(serde_json::json!({ "number": number as u64 })),
        paint: Paint(Color::Green),
        slug: Slug(SlugText(text.to_lowercase())),
        friends: vec![id(1), id(number)],
        weight: Measured(0.5),
    }
}

async fn tables() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    (database, db)
}

/// Ada, Grace and Alan; two teams; Ada is in both, Grace in the second, brought by Ada.
async fn people() -> (TestDatabase, Db) {
    let (database, db) = tables().await;
    let users = [user(1, "Ada"), user(2, "Grace"), user(3, "Alan")];
    assert_eq!(Insert::values(users).execute(&db).await.unwrap(), 3);
    for text in ["Research", "Compilers"] {
        Team::insert().name(name(text)).execute(&db).await.unwrap();
    }
    let member = |team, user, guide_id| Member {
        team_id: TeamId { number: team },
        user_id: id(user),
        guide_id,
    };
    let members = [member(1, 1, None), member(2, 1, None), member(2, 2, Some(id(1)))];
    Insert::values(members).execute(&db).await.unwrap();
    (database, db)
}

#[test]
fn a_column_is_declared_as_the_type_within() {
    let types: Vec<&str> = User::TABLE.columns.iter().map(|column| &*column.data_type).collect();
    assert_eq!(
        types,
        [
            "uuid",
            "text",
            "text",
            "text[]",
            "jsonb",
            "public.newtype_color",
            "public.newtype_slug",
            "uuid[]",
            "double precision"
        ]
    );
    assert!(User::TABLE.columns[2].nullable);
    assert_eq!(Team::TABLE.columns[0].data_type, "bigint");
    assert!(Team::TABLE.columns[0].identity.is_some());
    assert_eq!(Note::TABLE.columns[0].data_type, "bigserial");
    assert_eq!(Member::TABLE.foreign_keys[0].references_table, "newtype_team");
}

#[tokio::test]
async fn rows_come_back_as_they_were_sent() {
    let (_database, db) = people().await;
    let all = User::query().order_by(User::id.asc()).all(&db).await.unwrap();
    assert_eq!(all, [user(1, "Ada"), user(2, "Grace"), user(3, "Alan")]);
    let team = Team::insert().name(name("New")).returning_all().one(&db).await.unwrap();
    assert_eq!(team.id, TeamId { number: 3 });
    let note = |answers_id| Note::insert().author_id(id(1)).answers_id(answers_id).text("hello");
    let first = note(None).returning_all().one(&db).await.unwrap();
    let second = note(Some(first.id.clone())).returning_all().one(&db).await.unwrap();
    assert_eq!(second.answers_id, Some(first.id));
}

#[tokio::test]
async fn values_are_compared_as_every_type_is() {
    let (_database, db) = people().await;
    let ada = user(1, "Ada");
    let same = User::query()
        .filter(User::id.eq(ada.id))
        .filter(User::id.is_in([ada.id, id(9)]))
        .filter(User::id.is_not_in(&[id(9)]))
        .filter(User::name.between(name("A"), name("B")))
        .filter(User::nickname.is_not_distinct_from(ada.nickname.clone()))
        .filter(User::tags.eq(ada.tags.clone()))
        .filter(User::settings.eq(ada.settings.clone()))
        .filter(User::paint.eq(ada.paint))
        .filter(User::slug.eq(ada.slug.clone()))
        .filter(User::friends.eq(ada.friends.clone()))
        .filter(User::friends.contains(vec![ada.id]))
        .filter(User::weight.eq(ada.weight.clone()));
    assert_eq!(same.one(&db).await.unwrap(), ada);
    assert_eq!(User::query().find(id(2)).one(&db).await.unwrap().name, name("Grace"));
    assert_eq!(User::query().find_many([id(2), id(3)]).count(&db).await.unwrap(), 2);
    let key = (TeamId { number: 2 }, id(2));
    assert_eq!(Member::query().find(key).one(&db).await.unwrap().guide_id, Some(id(1)));
    assert_eq!(Member::query().find_many([key]).count(&db).await.unwrap(), 1);
    let members = Member::query().select(Member::user_id);
    assert_eq!(User::query().filter(User::id.is_in(members)).count(&db).await.unwrap(), 2);
    let row = func::row((Member::team_id, Member::user_id)).eq(key);
    assert_eq!(Member::query().filter(row).count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn keys_go_through_relations_and_joins() {
    let (_database, db) = people().await;
    let users = User::query()
        .with(User::members.with(Member::team).with(Member::guide).order_by(Member::team_id.asc()))
        .order_by(User::id.asc());
    let users = users.all(&db).await.unwrap();
    let teams: Vec<Vec<&str>> = users
        .iter()
        .map(|user| user.members.iter().map(|member| member.team.name.0.as_str()).collect())
        .collect();
    assert_eq!(teams, [vec!["Research", "Compilers"], vec!["Compilers"], vec![]]);
    assert_eq!(users[1].members[0].guide, Some(user(1, "Ada")));
    let joined = Member::query()
        .inner_join(User, Member::user)
        .left_join(Team, Member::team_id.eq(Team::id))
        .filter(User::name.eq(name("Grace")))
        .select((Team::id, User::id));
    assert_eq!(joined.one(&db).await.unwrap(), (Some(TeamId { number: 2 }), id(2)));
    let other = orm::alias!(User, "other");
    let pairs = User::query()
        .inner_join(other, User::id.lt(other.id))
        .order_by((User::id.asc(), other.id.asc()))
        .select((User::id, other.id));
    assert_eq!(pairs.all(&db).await.unwrap(), [(id(1), id(2)), (id(1), id(3)), (id(2), id(3))]);
    let picked = Member::query().order_by(Member::user_id.desc()).select_as::<Pair>();
    let first = picked.first(&db).await.unwrap();
    assert_eq!(first, Some(Pair { team_id: TeamId { number: 2 }, user_id: id(2) }));
}

#[tokio::test]
async fn the_operators_of_the_type_within_are_those_of_inner() {
    let (_database, db) = people().await;
    let query = User::query()
        .filter(User::name.inner().starts_with("A"))
        .filter(User::slug.inner().like("a%"))
        .filter(User::tags.inner().contains(vec!["x".to_owned()]))
        .filter(User::weight.inner().lt(1.0))
        .order_by(User::name.asc())
        .select((User::name, func::upper(User::name.inner()), User::weight.inner() * 4.0));
    let text = query.to_sql().text;
    assert!(!text.contains("CAST"), "{text}");
    assert!(text.contains(r#""newtype_user"."name" LIKE $"#), "{text}");
    let rows = query.all(&db).await.unwrap();
    let row = |text: &str| (name(text), text.to_uppercase(), 2.0);
    assert_eq!(rows, [row("Ada"), row("Alan")]);
    // Of a nullable column it is an `Option`.
    let nicknames = User::query().order_by(User::id.asc()).select(User::nickname.inner().inner());
    let nicknames: Vec<Option<String>> = nicknames.all(&db).await.unwrap();
    assert_eq!(nicknames, [None, Some("Nick".to_owned()), None]);
    let largest = Team::query().select((func::max(Team::id), func::max(Team::id).inner() + 1_i64));
    let largest = largest.one(&db).await.unwrap();
    assert_eq!(largest, (Some(TeamId { number: 2 }), Some(3)));
    let grouped = Member::query()
        .group_by(Member::team_id)
        .order_by(Member::team_id.asc())
        .select((Member::team_id.inner(), func::count(Member::user_id)));
    assert_eq!(grouped.all(&db).await.unwrap(), [(1, 1), (2, 2)]);
    let lower = func::lower(User::name.inner()).cast::<Name>();
    User::update().set(User::name.set(lower)).find(id(1)).execute(&db).await.unwrap();
    assert_eq!(User::query().find(id(1)).select(User::name).one(&db).await.unwrap(), name("ada"));
}

#[tokio::test]
async fn inner_of_a_declared_type_is_compared_as_that_type() {
    let (_database, db) = tables().await;
    Mailbox::insert().address(name("Ada@X.com")).execute(&db).await.unwrap();
    let same = Mailbox::query().filter(Mailbox::address.eq(name("ada@x.com")));
    assert_eq!(same.count(&db).await.unwrap(), 1);
    let inner = Mailbox::query().filter(Mailbox::address.inner().eq("ada@x.com"));
    assert_eq!(inner.count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn pages_are_sorted_by_keys_of_newtypes() {
    let (_database, db) = people().await;
    let query = User::query().order_by((User::name.desc(), User::id.asc()));
    let first = query.clone().page(2).fetch(&db).await.unwrap();
    let next = query.page(2).after(first.next.as_ref()).fetch(&db).await.unwrap();
    let names: Vec<&str> =
        first.rows.iter().chain(&next.rows).map(|user| user.name.0.as_str()).collect();
    assert_eq!(names, ["Grace", "Alan", "Ada"]);
}

#[tokio::test]
async fn values_are_written_by_every_statement() {
    let (_database, db) = people().await;
    let new = |text: &str| NewUser {
        name: name(text),
        nickname: Maybe::Value(Some(Nickname(name("Edsger")))),
        tags: Tags(Vec::new()),
        settings: Settings(serde_json::json!(null)),
        paint: Paint(Color::Red),
        slug: Slug(SlugText(text.to_owned())),
        friends: Vec::new(),
        weight: Measured(1.0),
    };
    let made = Insert::values([new("a"), new("b")]).returning(User::id).all(&db).await.unwrap();
    assert_eq!(made.len(), 2);
    assert_ne!(made[0], made[1]);
    let patch = |id, text: &str| UserPatch {
        id,
        name: Maybe::Value(name(text)),
        nickname: Maybe::Value(None),
    };
    Update::row(patch(made[0], "c")).execute(&db).await.unwrap();
    Update::rows([patch(made[0], "d"), patch(made[1], "e")]).execute(&db).await.unwrap();
    let names = User::query().find_many(&made).order_by(User::name.asc()).select(User::name);
    assert_eq!(names.all(&db).await.unwrap(), [name("d"), name("e")]);
    let upsert = User::insert()
        .name(name("d"))
        .tags(Tags(Vec::new()))
        .settings(Settings(serde_json::json!(1)))
        .paint(Paint(Color::Red))
        .slug(Slug(SlugText("s".to_owned())))
        .friends(vec![])
        .weight(Measured(3.0))
        .on_conflict(User::name)
        .do_update(User::weight.set_excluded());
    assert_eq!(upsert.returning(User::id).one(&db).await.unwrap(), made[0]);
    let many = (10..150).map(|number| user(number, &format!("user {number}")));
    assert_eq!(Insert::values(many).execute(&db).await.unwrap(), 140);
    User::delete().find_many((10..150).map(id)).execute(&db).await.unwrap();
    let copied = (10..13).map(|number| user(number, &format!("user {number}")));
    assert_eq!(orm::copy_in(&db, copied.collect::<Vec<_>>()).await.unwrap(), 3);
    let all: Vec<User> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(all.len(), 8);
    assert!(all.contains(&user(12, "user 12")));
}

#[tokio::test]
async fn newtypes_are_arguments_placeholders_and_values_of_raw_sql() {
    orm::function! {
        fn uuid_send(id: UserId) -> Vec<u8>;
        fn int8larger(one: TeamId, other: TeamId) -> TeamId;
    }
    let (_database, db) = people().await;
    let bytes = User::query().find(id(7 - 6)).select(uuid_send(User::id)).one(&db).await.unwrap();
    assert_eq!(bytes, id(1).0.as_bytes());
    let larger = Team::query().select(int8larger(Team::id, TeamId { number: 2 }));
    assert_eq!(larger.all(&db).await.unwrap(), [TeamId { number: 2 }, TeamId { number: 2 }]);
    let by_id = prepare(|ids: Placeholder<Vec<UserId>>, name: Placeholder<Name>| {
        User::query().filter(User::id.is_in(ids)).filter(User::name.ne(name)).select(User::name)
    });
    let found = by_id.all(&db, (vec![id(1), id(2)], name("Ada"))).await.unwrap();
    assert_eq!(found, [name("Grace")]);
    let typed = orm::sql!(Name: "upper({})", name("ada"));
    let query =
        User::query().find(id(1)).select((typed, func::value(id(4)), func::value(vec![id(5)])));
    assert_eq!(query.one(&db).await.unwrap(), (name("ADA"), id(4), vec![id(5)]));
    let connection = db.connection().await.unwrap();
    let sql = "SELECT name, id FROM newtype_user WHERE id = $1";
    let rows: Vec<(Name, UserId)> = connection.query(sql, &[&id(2)]).await.unwrap();
    assert_eq!(rows, [(name("Grace"), id(2))]);
}
