//! `orm::load`: relations of rows that the program has, in one query.

use crate::fixture::{people, tables};
use auth::{Account, Member, Session, Team, TeamMember, User, UserWith, UserWithSessions};
use orm::prelude::*;

fn ids(user: &UserWithSessions) -> (&str, Vec<&str>) {
    (user.id.as_str(), user.sessions.iter().map(|session| session.id.as_str()).collect())
}

async fn user(db: &Db, id: &str) -> User {
    User::query().find(id).one(db).await.unwrap()
}

#[tokio::test]
async fn relations_of_rows_are_one_query_of_their_keys() {
    let (_database, db) = people().await;
    let users = vec![user(&db, "grace").await, user(&db, "alan").await, user(&db, "ada").await];
    let sessions = User::sessions.order_by(Session::expires_at.desc()).select(Session::id);
    let sql = orm::load(users.clone()).with(sessions).to_sql().unwrap();
    assert_eq!(
        sql.text,
        concat!(
            r#"SELECT "user"."number", ARRAY(SELECT "session"."id" FROM "session" "#,
            r#"WHERE "session"."user_id" = "user"."id" ORDER BY "session"."expires_at" DESC) "#,
            r#"FROM (SELECT unnest($1) AS "id", generate_series(1, $2) AS "number") AS "user""#
        )
    );
    let found: Vec<UserWith<Vec<Session>, Vec<Account>>> = orm::load(users.clone())
        .with(User::sessions.order_by(Session::expires_at.desc()))
        .with(User::accounts)
        .all(&db)
        .await
        .unwrap();
    let by_query = User::query()
        .with(User::accounts)
        .with(User::sessions.order_by(Session::expires_at.desc()))
        .order_by(User::id.desc())
        .all(&db)
        .await
        .unwrap();
    let mut sorted = found.clone();
    sorted.sort_by(|a, b| b.id.cmp(&a.id));
    assert_eq!(sorted, by_query);
    assert_eq!(found.iter().map(|user| user.row.clone()).collect::<Vec<_>>(), users);
}

#[tokio::test]
async fn rows_stay_in_order_and_equal_ones_are_asked_for_once() {
    let (_database, db) = people().await;
    let (ada, grace) = (user(&db, "ada").await, user(&db, "grace").await);
    let users = || vec![ada.clone(), grace.clone(), ada.clone(), ada.clone()];
    let sessions = || User::sessions.order_by(Session::id.asc());
    let params = format!("{:?}", orm::load(users()).with(sessions()).to_sql().unwrap());
    assert_eq!(params.matches("\"ada\"").count(), 1, "{params}");
    let loaded = orm::load(users()).with(sessions()).all(&db).await.unwrap();
    let (of_ada, of_grace) = (("ada", vec!["s1", "s2"]), ("grace", vec!["s3"]));
    let found: Vec<_> = loaded.iter().map(ids).collect();
    assert_eq!(found, [of_ada.clone(), of_grace, of_ada.clone(), of_ada]);
}

#[tokio::test]
async fn no_row_sends_nothing() {
    // Nobody listens there.
    let config = orm::Config::from_url("postgres://nobody@127.0.0.1:1/nothing").unwrap();
    let db = Db::connect_lazy(config).unwrap();
    let none = orm::load(Vec::<User>::new()).with(User::sessions).all(&db).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn one_row_gets_its_relations_and_a_loaded_one_gets_others() {
    let (_database, db) = people().await;
    let user = orm::load_one(user(&db, "ada").await).with(User::accounts).one(&db).await.unwrap();
    assert_eq!(user.accounts.len(), 1);
    let user = orm::load_one(user)
        .with(User::sessions.order_by(Session::id.asc()))
        .with(User::members.with(Member::organization))
        .one(&db)
        .await
        .unwrap();
    assert_eq!(user.accounts.len(), 1);
    assert_eq!(user.sessions.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["s1", "s2"]);
    assert_eq!(user.members[0].organization.name, "Acme");
    // So do rows within a tree, once they are taken out of it.
    let members = orm::load(user.members).with(Member::user).all(&db).await.unwrap();
    assert_eq!((&*members[0].user.id, &*members[0].organization.id), ("ada", "acme"));
}

#[tokio::test]
async fn a_row_that_belongs_to_another_gets_it() {
    let (_database, db) = people().await;
    let sessions = Session::query().order_by(Session::id.asc()).all(&db).await.unwrap();
    let loaded = orm::load(sessions.clone()).with(Session::user).all(&db).await.unwrap();
    let users: Vec<&str> = loaded.iter().map(|session| session.user.id.as_str()).collect();
    assert_eq!(users, ["ada", "ada", "grace"]);
    // A filter leaves none where one was required.
    let filtered = Session::user.filter(User::id.eq("grace"));
    let loaded = orm::load(sessions).with(filtered).all(&db).await.unwrap();
    let found: Vec<bool> = loaded.iter().map(|session| session.user.is_some()).collect();
    assert_eq!(found, [false, false, true]);
}

#[tokio::test]
async fn related_rows_are_filtered_sorted_and_limited_for_each_row() {
    let (_database, db) = people().await;
    let users = User::query().order_by(User::id.asc()).all(&db).await.unwrap();
    let newest = User::sessions.order_by(Session::expires_at.desc()).limit(1);
    let loaded = orm::load(users).with(newest).all(&db).await.unwrap();
    let found: Vec<_> = loaded.iter().map(ids).collect();
    assert_eq!(found, [("ada", vec!["s1"]), ("alan", vec![]), ("grace", vec!["s3"])]);
}

#[tokio::test]
async fn an_executor_of_any_kind_loads() {
    let (_database, db) = people().await;
    let ada = user(&db, "ada").await;
    let loaded = db
        .transaction(async |tx| {
            Session::delete().find("s1").execute(&tx).await?;
            orm::load_one(ada).with(User::sessions).one(&tx).await
        })
        .await
        .unwrap();
    assert_eq!(ids(&loaded), ("ada", vec!["s2"]));
}

#[tokio::test]
async fn an_error_is_that_of_the_query() {
    let (database, db) = people().await;
    let ada = user(&db, "ada").await;
    database.execute(r#"ALTER TABLE "session" DROP COLUMN "user_agent""#).await;
    let error = orm::load_one(ada).with(User::sessions).one(&db).await.unwrap_err();
    assert!(error.to_string().contains("session.user_agent"), "{error}");
    assert!(format!("{error:#}").contains("orm-migrate"), "{error:#}");
}

#[derive(Newtype, Debug, Clone, PartialEq)]
pub(crate) struct RoomId(i64);

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wing {
    #[variant(name = "east")]
    East,
    #[variant(name = "west")]
    West,
}

/// A key of two columns, of a newtype and of an enum.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(primary_key(id, wing), has_many(visits: Visit))]
pub(crate) struct Room {
    id: RoomId,
    wing: Wing,
    number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(foreign_key(room_id, wing => Room::id, Room::wing, relation = room))]
pub(crate) struct Visit {
    #[column(primary_key)]
    id: i32,
    room_id: Option<RoomId>,
    wing: Option<Wing>,
    #[column(references = Self::id)]
    previous_id: Option<i32>,
}

#[tokio::test]
async fn keys_of_several_columns_of_any_type_that_may_be_null() {
    let database = orm_test_support::database().await;
    database.execute("CREATE TYPE wing AS ENUM ('east', 'west')").await;
    database.create(&[Room::TABLE, Visit::TABLE]).await;
    let db = database.db();
    let rooms: Vec<Room> = [(1, Wing::East), (1, Wing::West), (2, Wing::East)]
        .into_iter()
        .map(|(id, wing)| Room { id: RoomId(id), wing, number: 7 })
        .collect();
    orm::Insert::values(rooms.clone()).execute(&db).await.unwrap();
    let visit = |id, room: Option<i64>, wing, previous_id| Visit {
        id,
        room_id: room.map(RoomId),
        wing,
        previous_id,
    };
    let visits = vec![
        visit(1, Some(1), Some(Wing::West), None),
        visit(2, Some(1), Some(Wing::West), Some(1)),
        visit(3, None, None, Some(2)),
        visit(4, None, Some(Wing::East), None),
    ];
    orm::Insert::values(visits.clone()).execute(&db).await.unwrap();

    let loaded = orm::load(rooms).with(Room::visits.order_by(Visit::id.asc()));
    let sql = loaded.to_sql().unwrap().text;
    assert!(sql.contains(r#"generate_series(1, $3) AS "number_""#), "{sql}");
    let rooms = Room::query().order_by((Room::id.asc(), Room::wing.asc())).all(&db).await.unwrap();
    let loaded = orm::load(rooms).with(Room::visits.order_by(Visit::id.asc()));
    let rooms = loaded.all(&db).await.unwrap();
    let found: Vec<Vec<i32>> =
        rooms.iter().map(|room| room.visits.iter().map(|visit| visit.id).collect()).collect();
    assert_eq!(found, [vec![], vec![1, 2], vec![]]);

    let loaded = orm::load(visits).with(Visit::room).with(Visit::previous).all(&db).await.unwrap();
    let found: Vec<_> = loaded
        .iter()
        .map(|visit| {
            (visit.room.as_ref().map(|it| it.wing), visit.previous.as_ref().map(|it| it.id))
        })
        .collect();
    let west = Some(Wing::West);
    assert_eq!(found, [(west, None), (west, Some(1)), (None, Some(2)), (None, None)]);
}

/// A type without a binary form here: its values travel as texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mac(String);

impl orm::CustomType for Mac {
    type Sql = orm::types::Own<Self>;
    type Element = orm::types::Own<Self>;
    const DATA_TYPE: &'static str = "macaddr8";
    const TRAVELS_AS_TEXT: bool = true;

    fn read(_: &orm::types::Type, raw: &[u8]) -> Result<Self, orm::types::Failure> {
        Ok(Self(std::str::from_utf8(raw)?.to_owned()))
    }

    fn write(
        &self,
        _: &orm::types::Type,
        out: &mut orm::types::BytesMut,
    ) -> Result<(), orm::types::Failure> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}

orm::custom_type!(Mac);

/// A key that travels as text, and one that is an array.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(primary_key(mac, path), has_many(ports: Port))]
pub(crate) struct Machine {
    mac: Mac,
    path: Vec<i32>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(foreign_key(mac, path => Machine::mac, Machine::path, relation = machine))]
pub(crate) struct Port {
    #[column(primary_key)]
    number: i32,
    mac: Mac,
    path: Vec<i32>,
}

#[tokio::test]
async fn keys_that_travel_as_texts_and_keys_that_are_arrays() {
    let (_database, db) = tables(&[Machine::TABLE, Port::TABLE]).await;
    let machine =
        |mac: &str, path: &[i32]| Machine { mac: Mac(mac.to_owned()), path: path.to_vec() };
    let machines = vec![
        machine("08:00:2b:01:02:03:04:05", &[1, 2]),
        machine("08:00:2b:01:02:03:04:05", &[]),
        machine("08:00:2b:01:02:03:04:06", &[1, 2]),
    ];
    orm::Insert::values(machines.clone()).execute(&db).await.unwrap();
    let port = |number, of: usize| {
        let Machine { mac, path } = machines[of].clone();
        Port { number, mac, path }
    };
    let ports = vec![port(1, 2), port(2, 1), port(3, 1)];
    orm::Insert::values(ports.clone()).execute(&db).await.unwrap();

    let loaded = orm::load(machines.clone()).with(Machine::ports.order_by(Port::number.asc()));
    let loaded = loaded.all(&db).await.unwrap();
    let found: Vec<Vec<i32>> =
        loaded.iter().map(|it| it.ports.iter().map(|port| port.number).collect()).collect();
    assert_eq!(found, [vec![], vec![2, 3], vec![1]]);
    let loaded = orm::load(ports).with(Port::machine).all(&db).await.unwrap();
    let found: Vec<Machine> = loaded.into_iter().map(|port| port.machine).collect();
    assert_eq!(found, [2, 1, 1].map(|of| machines[of].clone()));
}

#[derive(Columns, Debug, Clone, PartialEq)]
pub(crate) struct Owned {
    #[column(references = Keeper::id)]
    keeper_id: i64,
    since: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(animals: Animal::keeper_id))]
pub(crate) struct Keeper {
    #[column(primary_key)]
    id: i64,
}

/// Its foreign key is a field of a field.
#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Animal {
    name: String,
    #[column(flatten)]
    owned: Owned,
    #[column(primary_key)]
    id: i64,
}

#[tokio::test]
async fn a_key_within_a_struct_of_columns() {
    let (_database, db) = tables(&[Keeper::TABLE, Animal::TABLE]).await;
    orm::Insert::values([Keeper { id: 1 }, Keeper { id: 2 }]).execute(&db).await.unwrap();
    let animal = |id, keeper_id| Animal {
        name: "Tux".to_owned(),
        owned: Owned { keeper_id, since: 1991 },
        id,
    };
    let animals = vec![animal(1, 2), animal(2, 1)];
    orm::Insert::values(animals.clone()).execute(&db).await.unwrap();
    let loaded = orm::load(animals).with(Animal::keeper).all(&db).await.unwrap();
    assert_eq!(loaded.iter().map(|it| it.keeper.id).collect::<Vec<_>>(), [2, 1]);
    let keepers = vec![Keeper { id: 1 }, Keeper { id: 2 }];
    let loaded = orm::load(keepers).with(Keeper::animals).all(&db).await.unwrap();
    let found: Vec<i64> = loaded.iter().map(|it| it.animals[0].id).collect();
    assert_eq!(found, [2, 1]);
}

#[tokio::test]
async fn many_rows_are_one_statement_whose_text_does_not_grow() {
    let (_database, db) = people().await;
    let insert = |id: usize| {
        let (id, email) = (format!("u{id}"), format!("u{id}@example.com"));
        User::insert().id(id.clone()).name(id).email(email)
    };
    let users = orm::Insert::values((0..5000).map(insert)).returning_all().all(&db).await.unwrap();
    let one = orm::load(users[..1].to_vec()).with(User::sessions).to_sql().unwrap();
    let all = orm::load(users.clone()).with(User::sessions).to_sql().unwrap();
    assert_eq!(one.text, all.text);
    let loaded = orm::load(users).with(User::sessions).all(&db).await.unwrap();
    assert_eq!(loaded.len(), 5000);
    assert!(loaded.iter().all(|user| user.sessions.is_empty()));
    // Of 5000 rows that belong to one, one key is sent.
    let members: Vec<TeamMember> = (0..5000)
        .map(|id| TeamMember {
            id: format!("tm{id}"),
            team_id: "t1".to_owned(),
            user_id: "ada".to_owned(),
            membership_key: None,
            created_at: None,
        })
        .collect();
    let loaded = orm::load(members).with(TeamMember::user).with(TeamMember::team);
    let loaded = loaded.all(&db).await.unwrap();
    assert!(loaded.iter().all(|member| member.user.id == "ada" && member.team.id == "t1"));
    let _: &Team = &loaded[0].team;
}
