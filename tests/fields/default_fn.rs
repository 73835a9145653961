//! `default_fn`: the client makes what an insert leaves out, a value of its own for each row.

use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{ErrorKind, Insert, Maybe, Placeholder, prepare};
use orm_test_support::TestDatabase;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

#[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderId(Uuid);

impl OrderId {
    fn random() -> Self {
        let random = std::collections::hash_map::RandomState::new();
        let half = || u128::from(std::hash::BuildHasher::hash_one(&random, calls()));
        Self(Uuid::from_u128(half() << 64 | half()))
    }
}

/// How often something was called.
fn calls() -> i64 {
    static CALLS: AtomicI64 = AtomicI64::new(1);
    CALLS.fetch_add(1, Ordering::Relaxed)
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "default_fn_order")]
pub(crate) struct Order {
    #[column(primary_key, default_fn = OrderId::random)]
    id: OrderId,
    text: String,
    #[column(default_fn = || Some(format!("note {}", calls())))]
    note: Option<String>,
    /// The client's, and the server's for others.
    #[column(default = -1, default_fn = calls)]
    number: i64,
    /// One value for a new row, another for a changed one.
    #[column(default_fn = || String::from("new"), on_update = "changed")]
    state: String,
    #[column(default_fn = || vec![calls()])]
    numbers: Vec<i64>,
}

#[derive(Insertable, Clone)]
#[insert(into = Order)]
struct NewOrder {
    id: Maybe<OrderId>,
    text: String,
    number: Option<i64>,
}

#[derive(Insertable)]
#[insert(into = Order)]
struct Numbered {
    text: String,
    numbers: Maybe<Vec<i64>>,
}

/// The server makes the key, for rows of a query too.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "default_fn_archive")]
pub(crate) struct Archived {
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = OrderId::random)]
    id: OrderId,
    text: String,
}

async fn orders() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    (database, db)
}

async fn all(db: &Db) -> Vec<Order> {
    Order::query().order_by(Order::text.asc()).all(db).await.unwrap()
}

fn different<T: Ord + Clone>(values: impl IntoIterator<Item = T>) -> usize {
    values.into_iter().collect::<BTreeSet<T>>().len()
}

fn new(text: &str) -> NewOrder {
    NewOrder { id: Maybe::Absent, text: text.to_owned(), number: None }
}

#[tokio::test]
async fn what_a_builder_leaves_out_is_made_for_each_row() {
    let (_database, db) = orders().await;
    let one = Order::insert().text("a");
    assert_eq!(
        one.to_sql(),
        r#"INSERT INTO "default_fn_order" ("id", "text", "note", "number", "state", "numbers") VALUES ($1, $2, $3, $4, $5, $6)"#
    );
    let row = one.returning_all().one(&db).await.unwrap();
    assert!(row.number > 0 && row.note.is_some_and(|note| note.starts_with("note ")));
    assert_eq!((row.state.as_str(), row.numbers.len()), ("new", 1));
    let given = OrderId(Uuid::from_u128(1));
    let insert = Order::insert().id(given).note(None::<String>).number(7).text("b").returning_all();
    let row = insert.one(&db).await.unwrap();
    assert_eq!((row.id, row.note, row.number), (given, None, 7));
    // Some rows give a value, others do not.
    let rows = (0..3).map(|index| {
        let order = Order::insert().text(format!("c{index}"));
        if index == 1 { order.number(-7) } else { order }
    });
    assert_eq!(Insert::values(rows).execute(&db).await.unwrap(), 3);
    let orders = all(&db).await;
    assert_eq!(different(orders.iter().map(|order| order.id)), 5);
    assert_eq!(different(orders.iter().map(|order| order.number)), 5);
    assert_eq!(orders[3].number, -7);
    let many = (0..250).map(|index| Order::insert().text(format!("d{index}")));
    assert_eq!(Insert::values(many).execute(&db).await.unwrap(), 250);
    assert_eq!(different(all(&db).await.iter().map(|order| order.id)), 255);
}

#[tokio::test]
async fn what_a_struct_leaves_out_is_made_for_each_row() {
    let (_database, db) = orders().await;
    Insert::values([new("a")]).execute(&db).await.unwrap();
    Insert::values([new("b"), new("c")]).execute(&db).await.unwrap();
    let given = OrderId(Uuid::from_u128(1));
    let mixed = [
        NewOrder { id: Maybe::Value(given), ..new("d") },
        NewOrder { number: Some(-5), ..new("e") },
        new("f"),
    ];
    let insert = Insert::values(mixed);
    assert!(insert.to_sql().text.contains("VALUES"), "an array for each row");
    insert.execute(&db).await.unwrap();
    let orders = all(&db).await;
    assert_eq!(different(orders.iter().map(|order| order.id)), 6);
    assert_eq!(different(orders.iter().map(|order| order.number)), 6);
    assert!(orders.iter().all(|order| order.number > 0 || order.text == "e"));
    assert_eq!((orders[3].id, orders[4].number), (given, -5));
    assert_eq!(different(orders.iter().map(|order| order.numbers.clone())), 6);
    let lists = [Maybe::Value(vec![1, 2, 3]), Maybe::Absent, Maybe::Value(vec![])];
    let rows = lists.map(|numbers| Numbered { text: "z".to_owned(), numbers });
    let numbers = Insert::values(rows).returning(Order::numbers).all(&db).await.unwrap();
    assert_eq!((numbers[0].len(), numbers[1].len(), numbers[2].len()), (3, 1, 0));
    let rows = (0..20_000).map(|index| Numbered {
        text: "many".to_owned(),
        numbers: if index % 2 == 0 { Maybe::Value(vec![1, 2]) } else { Maybe::Absent },
    });
    assert_eq!(Insert::values(rows).execute(&db).await.unwrap(), 20_000);
}

#[tokio::test]
async fn rows_that_give_a_value_and_rows_that_do_not_are_one_array() {
    #[derive(Table, Debug)]
    #[table(name = "default_fn_plain")]
    struct Plain {
        #[column(primary_key, default_fn = calls)]
        id: i64,
        text: String,
    }
    #[derive(Insertable)]
    #[insert(into = Plain)]
    struct NewPlain {
        id: Option<i64>,
        text: String,
    }
    let database = orm_test_support::database().await;
    database.create(&[Plain::TABLE]).await;
    let db = database.db();
    let rows = || [Some(-1), None, None].map(|id| NewPlain { id, text: "x".to_owned() });
    let insert = Insert::values(rows());
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "default_fn_plain" ("id", "text") SELECT unnest($1), unnest($2)"#
    );
    let made = insert.returning(Plain::id).all(&db).await.unwrap();
    assert_eq!((made[0], different(made.clone())), (-1, 3));
    // A prepared insert makes new values for each run; those that were given stay.
    Plain::delete().all_rows().execute(&db).await.unwrap();
    let insert = prepare(|| Insert::values(rows()).on_conflict_do_nothing());
    assert_eq!(insert.execute(&db, ()).await.unwrap(), 3);
    assert_eq!(insert.execute(&db, ()).await.unwrap(), 2);
    let ids = Plain::query().select(Plain::id).all(&db).await.unwrap();
    assert_eq!((ids.len(), different(ids)), (5, 5));
}

#[tokio::test]
async fn a_prepared_insert_makes_new_values_for_each_run() {
    let (_database, db) = orders().await;
    let insert = prepare(|text: Placeholder<String>| Order::insert().text(text));
    for text in ["a", "b", "c"] {
        insert.execute(&db, text).await.unwrap();
    }
    let orders = all(&db).await;
    assert_eq!(different(orders.iter().map(|order| order.id)), 3);
    assert_eq!(different(orders.iter().map(|order| order.note.clone())), 3);
}

#[tokio::test]
async fn an_update_sets_what_on_update_says_and_an_upsert_what_an_insert_makes() {
    let (_database, db) = orders().await;
    let id = Order::insert().text("a").returning(Order::id).one(&db).await.unwrap();
    let update = Order::update().set(Order::text.set("b")).find(id).returning_all();
    let row = update.one(&db).await.unwrap();
    assert_eq!((row.id, row.state.as_str()), (id, "changed"));
    let upsert = Insert::values([new("c"), NewOrder { id: Maybe::Value(id), ..new("d") }])
        .on_conflict(Order::id)
        .do_update(Order::text.set_excluded())
        .returning_all();
    let rows = upsert.all(&db).await.unwrap();
    assert_ne!(rows[0].id, id);
    assert_eq!((rows[0].state.as_str(), rows[0].text.as_str()), ("new", "c"));
    assert_eq!((rows[1].id, rows[1].state.as_str(), rows[1].text.as_str()), (id, "changed", "d"));
}

#[tokio::test]
async fn a_copy_makes_a_value_for_each_row() {
    let (_database, db) = orders().await;
    let given = OrderId(Uuid::from_u128(1));
    let rows =
        vec![new("a"), NewOrder { id: Maybe::Value(given), number: Some(3), ..new("b") }, new("c")];
    assert_eq!(orm::copy_in(&db, rows).await.unwrap(), 3);
    let orders = all(&db).await;
    assert_eq!(different(orders.iter().map(|order| order.id)), 3);
    assert_eq!((orders[1].id, orders[1].number), (given, 3));
    let built =
        vec![Order::insert().text("d"), Order::insert().text("e").id(OrderId(Uuid::from_u128(2)))];
    assert_eq!(orm::copy_in(&db, built).await.unwrap(), 2);
    let copied: Vec<Order> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(different(copied.iter().map(|order| order.id)), 5);
    assert!(copied.iter().any(|order| order.id == OrderId(Uuid::from_u128(2))));
}

#[tokio::test]
async fn the_rows_of_a_query_have_the_default_of_the_server_or_are_refused() {
    let (_database, db) = orders().await;
    Insert::values([new("a"), new("b")]).execute(&db).await.unwrap();
    let copy =
        Insert::into(Archived).columns(Archived::text).select(Order::query().select(Order::text));
    assert_eq!(
        copy.to_sql(),
        r#"INSERT INTO "default_fn_archive" ("text") SELECT "default_fn_order"."text" FROM "default_fn_order""#
    );
    assert_eq!(copy.execute(&db).await.unwrap(), 2);
    let back =
        Insert::into(Order).columns(Order::text).select(Archived::query().select(Archived::text));
    let error = back.execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query);
    assert_eq!(
        format!("{error:#}").lines().take(2).collect::<Vec<_>>().join("\n"),
        "the insert of table \"default_fn_order\" gives no value for column \"id\"\nhint: its `default_fn` is not called for the rows of a query: give the column a value there, or a `default` of the server"
    );
    let merge = orm::merge(Order)
        .using(Archived, Archived::id.eq(Order::id))
        .when_not_matched()
        .insert((Order::id.set(Archived::id), Order::text.set(Archived::text)));
    let error = merge.execute(&db).await.unwrap_err();
    assert!(
        error.to_string().starts_with(
            "the merge of table \"default_fn_order\" gives no value for column \"note\""
        )
    );
}
