//! Structs with parameters: each type of them that is named is a table.

use orm::prelude::*;
use orm::types::Json;
use orm::{Insert, Update};
use orm_test_support::TestDatabase;
use std::marker::PhantomData;

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
struct Login {
    user: String,
}

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
struct Upload {
    path: String,
    bytes: i64,
}

/// One table, whatever the payload is.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "gen_event", index(kind, id))]
#[table(instances(LoginEvent = Event<Login>, UploadEvent = Event<Upload>))]
struct Event<T: orm::types::Document> {
    #[column(primary_key)]
    id: i64,
    kind: String,
    payload: Json<T>,
    #[column(references = Owner::id)]
    owner_id: Option<i64>,
    #[column(skip)]
    seen: PhantomData<Vec<T>>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "gen_owner", has_many(logins: LoginEvent, uploads: UploadEvent))]
struct Owner {
    #[column(primary_key)]
    id: i64,
}

trait Unit {
    const FIRST: i32;
}

#[derive(Debug, Clone, PartialEq)]
struct Meter;

impl Unit for Meter {
    const FIRST: i32 = 7;
}

/// A table for each type.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(instances(
    IntSetting = Setting<i32, Meter, 3> as "gen_int_setting",
    TextSetting = Setting<Option<String>, Meter, 4> as "gen_text_setting",
))]
struct Setting<T, U: Unit, const N: usize> {
    #[column(primary_key)]
    key: String,
    value: T,
    #[column(on_update = U::FIRST)]
    step: i32,
    #[column(skip = [PhantomData; N])]
    unit: [PhantomData<U>; N],
}

async fn tables() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    let tables = [Owner::TABLE, LoginEvent::TABLE, IntSetting::TABLE, TextSetting::TABLE];
    database.create(&tables).await;
    let db = database.db();
    (database, db)
}

fn login(id: i64, user: &str) -> LoginEvent {
    let payload = Json(Login { user: user.to_owned() });
    Event { id, kind: "login".into(), payload, owner_id: Some(1), seen: PhantomData }
}

#[tokio::test]
async fn types_of_one_table_read_its_rows() {
    let (_database, db) = tables().await;
    Owner::insert().id(1).execute(&db).await.unwrap();
    let payload = Json(Upload { path: "/a".into(), bytes: 9 });
    let upload =
        UploadEvent { id: 2, kind: "upload".into(), payload, owner_id: None, seen: PhantomData };
    Insert::values([login(1, "ada")]).execute(&db).await.unwrap();
    Insert::values([upload.clone()]).execute(&db).await.unwrap();

    let logins = LoginEvent::query().filter(LoginEvent::kind.eq("login"));
    assert_eq!(
        logins.to_sql(),
        r#"SELECT "gen_event"."id", "gen_event"."kind", "gen_event"."payload", "gen_event"."owner_id" FROM "gen_event" WHERE "gen_event"."kind" = $1"#
    );
    assert_eq!(logins.all(&db).await.unwrap(), [login(1, "ada")]);
    let uploads = Event::<Upload>::query().filter(Event::<Upload>::id.eq(2));
    assert_eq!(uploads.one(&db).await.unwrap(), upload);
    let owner = Owner::query().with(Owner::logins).one(&db).await.unwrap();
    assert_eq!(owner.logins, [login(1, "ada")]);
    let with_owner = LoginEvent::query().inner_join(Owner, LoginEvent::owner_id.eq(Owner::id));
    assert_eq!(with_owner.all(&db).await.unwrap(), [(login(1, "ada"), Owner { id: 1 })]);
    let changed = login(1, "eve");
    assert_eq!(Update::row(changed.clone()).returning_all().one(&db).await.unwrap(), changed);
}

#[tokio::test]
async fn types_of_tables_of_their_own_have_columns_of_their_own() {
    let (_database, db) = tables().await;
    IntSetting::insert().key("a").value(3).execute(&db).await.unwrap();
    TextSetting::insert().key("a").execute(&db).await.unwrap();
    let int = IntSetting::query().filter(IntSetting::value.gt(2)).one(&db).await.unwrap();
    let expected = Setting { key: "a".into(), value: 3, step: 7, unit: [PhantomData; 3] };
    assert_eq!(int, expected);
    let text = TextSetting::query().filter(Setting::<Option<String>, Meter, 4>::value.is_null());
    assert_eq!(text.one(&db).await.unwrap().step, 7);
}

#[test]
fn a_table_of_several_types_is_declared_once() {
    let schema = orm::registry::declared().unwrap();
    let count = |name: &str| schema.tables.iter().filter(|it| it.name == name).count();
    assert_eq!(["gen_event", "gen_int_setting", "gen_text_setting"].map(count), [1, 1, 1]);
    let column = |name: &str| schema.table("public", name).unwrap().columns[1].clone();
    assert_eq!(column("gen_int_setting").data_type, "integer");
    assert!(column("gen_text_setting").nullable);
}
