//! Integers that are checked: as operands, in arithmetic, in aggregates, and what does not fit.

use crate::fixture::tables;
use orm::prelude::*;
use orm::{Db, Numeric, Placeholder, func};
use orm_test_support::TestDatabase;
use std::num::{NonZeroI32, NonZeroU64};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "stock", check("count >= 0"))]
pub(crate) struct Stock {
    #[column(primary_key, identity = by_default)]
    pub id: NonZeroU64,
    pub shelf: u8,
    pub change: i8,
    #[column(default = 80)]
    pub port: u16,
    pub count: u32,
    #[column(data_type = "integer")]
    pub declared: u32,
    #[column(data_type = "smallint")]
    pub narrow: Option<u16>,
    #[column(data_type = "numeric(20)")]
    pub all: u64,
    pub plain: i64,
    pub owner: Option<NonZeroI32>,
}

fn stock(id: u64, count: u32) -> Stock {
    Stock {
        id: NonZeroU64::new(id).unwrap(),
        shelf: 200,
        change: -5,
        port: 65_535,
        count,
        declared: 2_000_000_000,
        narrow: Some(30_000),
        all: u64::MAX,
        plain: 7,
        owner: NonZeroI32::new(id as i32),
    }
}

/// Three rows, with the counts 3, 4 and 4,294,967,295.
async fn stocks() -> (TestDatabase, Db) {
    let (database, db) = tables(&[Stock::TABLE]).await;
    let rows = [stock(1, 3), stock(2, 4), stock(3, u32::MAX)];
    assert_eq!(orm::Insert::values(rows).execute(&db).await.unwrap(), 3);
    (database, db)
}

#[tokio::test]
async fn a_checked_integer_is_compared_with_numbers_and_integer_columns() {
    let (_database, db) = stocks().await;
    let count = |condition: orm::Condition<Stock>| {
        let query = Stock::query().filter(condition);
        let db = &db;
        async move { query.count(db).await.unwrap() }
    };
    assert_eq!(count(Stock::count.eq(3).condition()).await, 1);
    assert_eq!(count(Stock::count.gt(3).condition()).await, 2);
    assert_eq!(count(Stock::count.between(3, 4).condition()).await, 2);
    assert_eq!(count(Stock::shelf.eq(200).condition()).await, 3);
    assert_eq!(count(Stock::shelf.is_in([1, 200]).condition()).await, 3);
    assert_eq!(count(Stock::shelf.is_not_in([200_u8]).condition()).await, 0);
    assert_eq!(count(Stock::change.lt(0).condition()).await, 3);
    assert_eq!(count(Stock::port.is_in([65_535]).condition()).await, 3);
    assert_eq!(count(Stock::narrow.ge(30_000).condition()).await, 3);
    assert_eq!(count(Stock::declared.eq(2_000_000_000).condition()).await, 3);
    assert_eq!(count(Stock::all.eq(u64::MAX).condition()).await, 3);
    assert_eq!(count(Stock::all.is_in([u64::MAX]).condition()).await, 3);
    assert_eq!(count(Stock::count.lt(Stock::plain).condition()).await, 2);
    assert_eq!(count(Stock::plain.gt(Stock::count).condition()).await, 2);
    assert_eq!(count(Stock::shelf.gt(Stock::change).condition()).await, 3);
    // A value of another type, as an expression.
    assert_eq!(count(Stock::plain.eq(func::value(7_u32)).condition()).await, 3);
    let owner = NonZeroI32::new(2).unwrap();
    assert_eq!(count(Stock::owner.eq(owner).condition()).await, 1);
    assert_eq!(count(Stock::owner.eq(2).condition()).await, 1);
    assert_eq!(count(Stock::narrow.is_not_distinct_from(Some(30_000_u16)).condition()).await, 3);
}

#[tokio::test]
async fn rows_are_found_by_a_key_that_is_checked() {
    let (_database, db) = stocks().await;
    let key = |id| NonZeroU64::new(id).unwrap();
    let one = Stock::query().find(key(2)).one(&db).await.unwrap();
    assert_eq!(one, stock(2, 4));
    assert_eq!(Stock::query().find_many([key(1), key(3), key(9)]).count(&db).await.unwrap(), 2);
    let insert = Stock::insert().shelf(1).change(0).count(1).declared(0).all(0).plain(0);
    let made = insert.id(key(9)).returning_all().one(&db).await.unwrap();
    assert_eq!((made.id, made.port, made.narrow), (key(9), 80, None));
    let prepared =
        orm::prepare(|count: Placeholder<u32>, shelves: Placeholder<Vec<Option<u8>>>| {
            let _ = shelves;
            Stock::query().filter(Stock::count.eq(count)).select(Stock::id)
        });
    assert_eq!(prepared.all(&db, (4, vec![Some(1)])).await.unwrap(), [key(2)]);
}

#[tokio::test]
async fn a_checked_integer_is_computed_as_what_it_is_stored_as() {
    let (_database, db) = stocks().await;
    let first = Stock::query().find(NonZeroU64::MIN);
    let row = first.clone().select((
        Stock::count - 5,
        Stock::shelf * 2,
        Stock::change + Stock::shelf,
        Stock::port + Stock::count,
        Stock::plain + Stock::count,
        -Stock::count,
        7 - Stock::count,
        Stock::count + func::value(Numeric::from(1)),
        Stock::count * 0.5,
    ));
    let row: (i64, i16, i16, i64, i64, i64, i64, Numeric, f64) = row.one(&db).await.unwrap();
    assert_eq!(row, (-2, 400, 195, 65_538, 10, -3, 4, Numeric::from(4), 1.5));
    // What is declared as another type is computed as that of its Rust type, and does not overflow.
    let more = first.clone().select((
        Stock::declared + Stock::declared,
        Stock::declared * 2,
        10 + Stock::declared,
        Stock::narrow + 30_000,
        Stock::plain + Stock::declared,
    ));
    assert!(more.to_sql().text.contains(r#"CAST("stock"."declared" AS bigint) + CAST("#));
    let more: (i64, i64, i64, Option<i32>, i64) = more.one(&db).await.unwrap();
    assert_eq!(more, (4_000_000_000, 4_000_000_000, 2_000_000_010, Some(60_000), 2_000_000_007));
    let set = (Stock::count.set(Stock::count + 1), Stock::narrow.set(Stock::narrow - 1));
    let updated = Stock::update().set(set).find(NonZeroU64::MIN);
    let updated = updated.returning_all().one(&db).await.unwrap();
    assert_eq!((updated.count, updated.narrow), (4, Some(29_999)));
    // The check of the table has the server refuse what could not be read.
    let set = Stock::update().set(Stock::count.set(Stock::count - 5)).find(NonZeroU64::MIN);
    let error = set.execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::CheckViolation);
    let rounded = first.select((func::abs(Stock::change), func::sqrt(Stock::count))).one(&db).await;
    let rounded: (i16, f64) = rounded.unwrap();
    assert_eq!(rounded, (5, 2.0));
}

#[tokio::test]
async fn aggregates_of_checked_integers_have_the_types_of_the_server() {
    let (_database, db) = stocks().await;
    let row = Stock::query().select((
        func::sum(Stock::count),
        func::sum(Stock::shelf),
        func::sum(Stock::declared),
        func::sum(Stock::narrow),
        func::sum(Stock::all),
        func::avg(Stock::change),
        func::avg(Stock::declared),
    ));
    let row = row.one(&db).await.unwrap();
    let numeric = |number: u128| Some(Numeric::from(number));
    let expected = (
        numeric(4_294_967_302),
        Some(600_i64),
        numeric(6_000_000_000),
        Some(90_000_i64),
        numeric(3 * u128::from(u64::MAX)),
        Some(Numeric::from(-5)),
        numeric(2_000_000_000),
    );
    assert_eq!(row, expected);
    let row = Stock::query().select((
        func::min(Stock::count),
        func::max(Stock::declared),
        func::max(Stock::all),
        func::bit_or(Stock::shelf),
        func::array_agg(Stock::port),
        func::max(Stock::owner),
    ));
    let row: (Option<u32>, _, Option<u64>, Option<u8>, Option<Vec<u16>>, Option<NonZeroI32>) =
        row.one(&db).await.unwrap();
    let ports = Some(vec![65_535; 3]);
    let owner = NonZeroI32::new(3);
    assert_eq!(row, (Some(3), Some(2_000_000_000_u32), Some(u64::MAX), Some(200), ports, owner));
}

#[tokio::test]
async fn what_does_not_fit_is_an_error_that_names_the_column_or_the_type() {
    let (database, db) = stocks().await;
    let written = |row: Stock| orm::Insert::values([row]);
    let error = written(Stock { declared: u32::MAX, ..stock(9, 1) }).execute(&db).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::Conversion);
    let expected = "4294967295 is no `integer`: the range is -2147483648 to 2147483647";
    assert!(error.to_string().contains(expected), "{error}");
    let error = written(Stock { narrow: Some(40_000), ..stock(9, 1) }).execute(&db).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("40000 is no `smallint`: the range is -32768 to 32767"), "{error}");
    // What a column is compared with is of its type, too.
    let error = Stock::query().filter(Stock::declared.lt(3_000_000_000)).count(&db).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("3000000000 is no `integer`"), "{error}");
    let error = orm::copy_in(&db, [Stock { declared: u32::MAX, ..stock(9, 1) }]).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("4294967295 is no `integer`"), "{error}");
    for (set, expected) in [
        ("shelf = -1", "\"shelf\" (int2): -1 is no `u8`: the range is 0 to 255"),
        ("shelf = 5, change = 300", "\"change\" (int2): 300 is no `i8`: the range is -128 to 127"),
        ("change = 0, owner = 0", "\"owner\" (int4): 0 is no `NonZeroI32`: it is never zero"),
        ("owner = 1, count = 4294967296", "4294967296 is no `u32`: the range is 0 to 4294967295"),
        ("count = 1, all = 99999999999999999999", "99999999999999999999 is no `u64`: the range is"),
    ] {
        database.execute(&format!("UPDATE stock SET {}", set.replace("all =", "\"all\" ="))).await;
        let error = Stock::query().first(&db).await.unwrap_err();
        assert_eq!(error.kind(), orm::ErrorKind::Conversion);
        assert!(error.to_string().contains(expected), "{error}");
    }
}
