//! hstore: operators and functions, and values where the extension is in a schema that is not in `search_path`.

use crate::support::with_extension;
use orm::func::{self, hstore};
use orm::prelude::*;
use orm::types::Hstore;
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "product", index(attributes, method = gin))]
struct Product {
    #[column(primary_key)]
    id: i64,
    attributes: Hstore,
    maybe: Option<Hstore>,
}

async fn products() -> Option<(TestDatabase, Db)> {
    let (database, db) = with_extension("hstore").await?;
    database.create(&[Product::TABLE]).await;
    let products = [
        Product { id: 1, attributes: red(), maybe: Some(Hstore::new()) },
        Product { id: 2, attributes: Hstore::from([("color", "blue")]), maybe: None },
    ];
    orm::Insert::values(products).execute(&db).await.unwrap();
    Some((database, db))
}

fn red() -> Hstore {
    Hstore::from([("color", Some("red")), ("size", Some("L")), ("weight", None)])
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

/// Each line: a condition, and the products that it is true of.
macro_rules! finds {
    ($db:expr; $($condition:expr => $expected:expr;)*) => {$(
        let query = Product::query().filter($condition).order_by(Product::id.asc());
        let found: Vec<i64> = query.select(Product::id).all($db).await.unwrap();
        assert_eq!(found, $expected, "{}", stringify!($condition));
    )*};
}

/// Each line: an expression, and the value that the server gives for the first product.
macro_rules! gives {
    ($db:expr; $($expression:expr => $expected:expr;)*) => {$(
        let query = Product::query().filter(Product::id.eq(1)).select($expression);
        assert_eq!(query.one($db).await.unwrap(), $expected, "{}", stringify!($expression));
    )*};
}

#[tokio::test]
async fn conditions_of_keys_and_values() {
    let Some((_database, db)) = products().await else { return };
    finds! { &db;
        Product::attributes.contains(Hstore::from([("color", "red")])) => [1];
        Product::attributes.contains(Hstore::from([("weight", None::<&str>)])) => [1];
        Product::attributes.contained_in(Hstore::from([("color", "blue"), ("x", "y")])) => [2];
        Product::attributes.contains_key("weight") => [1];
        Product::attributes.contains_any_key(["weight", "color"]) => [1, 2];
        Product::attributes.contains_all_keys(["weight", "color"]) => [1];
        Product::attributes.value_of("color").eq("blue") => [2];
        Product::attributes.eq(red()) => [1];
        Product::maybe.eq(Hstore::new()) => [1];
        Product::maybe.is_not_distinct_from(None::<Hstore>) => [2];
        Product::attributes.is_in([red()]) => [1];
        hstore::defined(Product::attributes, "size") => [1];
    }
}

#[tokio::test]
async fn what_operators_and_functions_give() {
    let Some((_database, db)) = products().await else { return };
    let one = || Hstore::from([("color", "red")]);
    gives! { &db;
        Product::attributes.value_of("color") => Some("red".to_owned());
        Product::attributes.value_of("weight") => None;
        Product::attributes.value_of("none") => None;
        Product::attributes.values_of(["size", "none"]) => vec![Some("L".to_owned()), None];
        Product::attributes.concat(Hstore::from([("color", "green")])).value_of("color") => Some("green".to_owned());
        Product::attributes.without_key("size") => Hstore::from([("color", Some("red")), ("weight", None)]);
        Product::attributes.without_keys(["size", "weight"]) => one();
        Product::attributes.without_pairs(Hstore::from([("size", Some("L")), ("weight", None)])) => one();
        Product::maybe.without_key("size") => Some(Hstore::new());
        hstore::akeys(Product::attributes) => texts(&["size", "color", "weight"]);
        hstore::avals(Product::attributes) => vec![Some("L".to_owned()), Some("red".to_owned()), None];
        hstore::defined(Product::attributes, "weight") => false;
        hstore::exist(Product::attributes, "weight") => true;
        hstore::delete(red(), "size") => Hstore::from([("color", Some("red")), ("weight", None)]);
        hstore::delete_keys(red(), texts(&["size", "weight"])) => one();
        hstore::delete_pairs(red(), Hstore::from([("size", Some("L")), ("weight", None)])) => one();
        hstore::hstore_to_array(one()) => vec![Some("color".to_owned()), Some("red".to_owned())];
        hstore::slice(Product::attributes, texts(&["color", "none"])) => one();
        hstore::hstore("color", "red") => one();
        hstore::hstore("a", None::<String>) => Hstore::from([("a", None::<&str>)]);
        hstore::hstore_of(texts(&["color"]), texts(&["red"])) => one();
        func::coalesce((Product::maybe, red())) => Hstore::new();
    }
    let set = Product::attributes.set(Product::attributes.concat(hstore::hstore("new", "1")));
    Product::update().set(set).all_rows().execute(&db).await.unwrap();
    finds! { &db; Product::attributes.contains_key("new") => [1, 2]; }
}

#[test]
fn every_function_of_hstore_is_called_here() {
    let here = include_str!("hstore.rs");
    crate::support::each_function(
        include_str!("../../orm-core/src/query/func/hstore.rs"),
        |name| {
            assert!(
                here.contains(&format!("hstore::{name}(")),
                "`hstore::{name}` is not tested here"
            );
        },
    );
}

#[tokio::test]
async fn values_travel_where_the_extension_is_not_in_search_path() {
    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "far", has_many(parts: Far))]
    struct Far {
        #[column(primary_key)]
        id: i64,
        #[column(data_type = "elsewhere.hstore")]
        attributes: Hstore,
        #[column(data_type = "elsewhere.hstore[]")]
        many: Vec<Option<Hstore>>,
        #[column(references = Far::id)]
        whole_id: Option<i64>,
    }
    let Some((database, db)) = with_extension("hstore").await else { return };
    database.execute("CREATE SCHEMA elsewhere; ALTER EXTENSION hstore SET SCHEMA elsewhere").await;
    database.create(&[Far::TABLE]).await;
    let far = |id: i64| Far {
        id,
        attributes: red(),
        many: vec![Some(red()), None],
        whole_id: (id > 0).then_some(0),
    };
    let rows: Vec<Far> = (0..3).map(far).collect();
    orm::Insert::values([rows[0].clone()]).execute(&db).await.unwrap();
    orm::Insert::values(rows[1..].to_vec()).execute(&db).await.unwrap();
    assert_eq!(Far::query().order_by(Far::id.asc()).all(&db).await.unwrap(), rows);
    let whole = Far::query().filter(Far::id.eq(0)).with(Far::parts).one(&db).await.unwrap();
    assert_eq!(whole.parts.iter().map(|part| &part.attributes).collect::<Vec<_>>(), [&red(); 2]);
    Far::delete().all_rows().execute(&db).await.unwrap();
    assert_eq!(orm::copy_in(&db, rows).await.unwrap(), 3);
    let update = Far::update().set(Far::attributes.set(Hstore::new())).all_rows();
    assert_eq!(update.execute(&db).await.unwrap(), 3);
}
