//! Operators of `jsonb` on columns: text and rows.

use orm::prelude::*;
use orm::types::Json;
use orm::{JsonOperators as _, func};
use orm_test_support::TestDatabase;
use serde_json::{Value, json};

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
struct Settings {
    theme: String,
    size: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "profile")]
struct Profile {
    #[column(primary_key)]
    id: i64,
    data: Value,
    maybe: Option<Value>,
    settings: Json<Settings>,
}

async fn profiles() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Profile::TABLE]).await;
    let db = database.db();
    for (id, data) in [
        (1, json!({"name": "Ada", "tags": ["x", "y"], "age": 36, "address": {"city": "London"}})),
        (2, json!({"name": "Grace", "tags": [], "age": null})),
        (3, json!(["name", "z"])),
    ] {
        let settings = Json(Settings { theme: "dark".to_owned(), size: 1 });
        Profile::insert().id(id).data(data).settings(settings).execute(&db).await.unwrap();
    }
    (database, db)
}

async fn ids(db: &Db, condition: impl Into<orm::Condition<Profile>>) -> Vec<i64> {
    let condition: orm::Condition<Profile> = condition.into();
    Profile::query()
        .filter(condition)
        .order_by(Profile::id.asc())
        .select(Profile::id)
        .all(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn entries_and_elements_are_read() {
    let (_database, db) = profiles().await;
    let query = Profile::query().order_by(Profile::id.asc()).select((
        Profile::data.get_text("name"),
        Profile::data.get("tags").get_text(0),
        Profile::data.get(1),
        Profile::data.get_path(["address", "city"]),
        Profile::data.get_path_text(["tags", "1"]),
        Profile::maybe.get("x"),
        Profile::data.get_text("age").cast::<i32>(),
    ));
    assert!(
        query.to_sql().text.starts_with(
            r#"SELECT "profile"."data" ->> $1, ("profile"."data" -> $2) ->> $3, "profile"."data" -> $4, "profile"."data" #> $5, "profile"."data" #>> $6, "#
        ),
        "{:?}",
        query.to_sql()
    );
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        query.all(&db).await.unwrap(),
        [
            (text("Ada"), text("x"), None, Some(json!("London")), text("y"), None, Some(36)),
            (text("Grace"), None, None, None, None, None, None),
            (None, None, Some(json!("z")), None, None, None, None),
        ]
    );
}

#[tokio::test]
async fn documents_are_searched() {
    let (_database, db) = profiles().await;
    assert_eq!(ids(&db, Profile::data.contains(json!({"tags": ["y"]}))).await, [1]);
    assert_eq!(ids(&db, Profile::data.contained_in(json!(["name", "z", "more"]))).await, [3]);
    assert_eq!(ids(&db, Profile::data.has_key("name")).await, [1, 2, 3]);
    assert_eq!(ids(&db, Profile::data.has_any_key(["address", "z"])).await, [1, 3]);
    assert_eq!(ids(&db, Profile::data.has_all_keys(["name", "tags"])).await, [1, 2]);
    assert_eq!(ids(&db, Profile::data.path_exists("$.tags[*] ? (@ == \"x\")")).await, [1]);
    assert_eq!(ids(&db, Profile::data.path_matches("$.age > 30")).await, [1]);
    assert_eq!(ids(&db, Profile::data.get_text("name").eq("Grace")).await, [2]);
    assert_eq!(ids(&db, Profile::settings.contains(json!({"theme": "dark"}))).await, [1, 2, 3]);
    let query = Profile::query()
        .filter(Profile::data.has_key("a").and(Profile::data.path_exists("$.b")))
        .select(Profile::id);
    assert!(
        query.to_sql().text.ends_with(
            r#"WHERE "profile"."data" ? $1 AND "profile"."data" @? CAST($2 AS jsonpath)"#
        )
    );
}

#[tokio::test]
async fn a_path_that_is_no_path_is_an_error_of_the_server() {
    let (_database, db) = profiles().await;
    let query = Profile::query()
        .filter(Profile::data.path_exists("'; DROP TABLE profile"))
        .count(&db)
        .await;
    let error = query.expect_err("no path");
    assert!(error.to_string().contains("jsonpath"), "{error}");
    assert_eq!(Profile::query().count(&db).await.unwrap(), 3);
}

#[tokio::test]
async fn documents_are_changed_in_place() {
    let (_database, db) = profiles().await;
    Profile::update()
        .set((
            Profile::data.set(Profile::data.without("tags").concat(json!({"new": true}))),
            Profile::settings.set(func::jsonb_set(
                Profile::settings,
                ["theme"],
                func::to_jsonb("light"),
                true,
            )),
        ))
        .filter(Profile::id.eq(1))
        .execute(&db)
        .await
        .unwrap();
    let profile = Profile::query().filter(Profile::id.eq(1)).one(&db).await.unwrap();
    assert_eq!(
        profile.data,
        json!({"name": "Ada", "age": 36, "address": {"city": "London"}, "new": true})
    );
    assert_eq!(profile.settings.0, Settings { theme: "light".to_owned(), size: 1 });
    let without = Profile::query()
        .filter(Profile::id.eq(3))
        .select((Profile::data.without(-1), Profile::data.without_path(["0"])));
    assert_eq!(without.one(&db).await.unwrap(), (json!(["name"]), json!(["z"])));
}
