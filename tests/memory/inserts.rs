//! How often an insert of many rows takes memory: about once a row for what is given and what comes back, and not for each value.

use crate::{ALONE, Measure, PointInTime};
use allocation_counter::{AllocationInfo, measure};
use orm::prelude::*;
use orm::{Connection, Insert};
use orm_test_support::database;
use tokio::runtime::{Builder, Runtime};

#[derive(Table, Debug, Clone)]
pub(crate) struct Inserted {
    #[column(primary_key, identity)]
    id: i64,
    name: String,
    color: Option<String>,
    place: i32,
    score: Option<f64>,
}

#[derive(Insertable)]
#[insert(into = Inserted)]
struct New<'a> {
    name: &'a str,
    color: Option<&'a str>,
    place: i32,
    score: Option<f64>,
}

type Given = (String, Option<String>, i32, Option<f64>);

fn given(count: usize) -> Vec<Given> {
    let row = |n: usize| {
        let color = (n % 3 > 0).then(|| format!("color {n}"));
        (format!("name {n}"), color, 7, (n % 2 > 0).then_some(0.5))
    };
    (0..count).map(row).collect()
}

fn structs(rows: &[Given]) -> Insert<Inserted> {
    Insert::values(rows.iter().map(|(name, color, place, score)| New {
        name,
        color: color.as_deref(),
        place: *place,
        score: *score,
    }))
}

fn owned(rows: &[Given]) -> Vec<Inserted> {
    let row = |(name, color, place, score): &Given| Inserted {
        id: 0,
        name: name.clone(),
        color: color.clone(),
        place: *place,
        score: *score,
    };
    rows.iter().map(row).collect()
}

fn builders(rows: &[Given]) -> Insert<Inserted> {
    Insert::values(rows.iter().map(|(name, color, place, score)| {
        Inserted::insert().name(name).color(color.as_deref()).place(*place).score(*score)
    }))
}

/// What an insert takes in the steady state: its statement is prepared.
fn taken(
    runtime: &Runtime,
    db: &Connection,
    with_ids: bool,
    mut insert: impl FnMut() -> Insert<Inserted>,
) -> AllocationInfo {
    let run = |insert: Insert<Inserted>| {
        runtime.block_on(async {
            match with_ids {
                true => insert.returning(Inserted::id).all(db).await.map(|ids| ids.len() as u64),
                false => insert.execute(db).await,
            }
        })
    };
    run(insert()).expect("inserted");
    measure(|| {
        run(insert()).expect("inserted");
    })
}

#[test]
fn an_insert_of_many_rows_takes_memory_about_once_a_row() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _alone = runtime.block_on(ALONE.lock());
    let (_database, db) = runtime.block_on(async {
        let database = database().await;
        database.create(&[Inserted::TABLE]).await;
        let db = Connection::connect(&database.config()).await.expect("a connection");
        (database, db)
    });
    // Up to 1,000 rows they are arrays, 10,000 are copied.
    for (count, fixed) in [(1_000, 120), (10_000, 250)] {
        let rows = given(count);
        let count = count as u64;
        let lent = taken(&runtime, &db, false, || structs(&rows));
        assert!(lent.count_total < fixed, "{lent:?}");
        let ids = taken(&runtime, &db, true, || structs(&rows));
        assert!(ids.count_total < count + count / 20 + fixed, "{ids:?}");
        let all = owned(&rows);
        let copies = measure(|| drop(all.clone())).count_total;
        let given = taken(&runtime, &db, false, || Insert::values(all.clone()));
        assert!(given.count_total < copies + fixed, "{given:?}, of them {copies} for the copies");
        let built = taken(&runtime, &db, false, || builders(&rows));
        assert!(built.count_total < count + fixed, "{built:?}");
        let ids = taken(&runtime, &db, true, || builders(&rows));
        assert!(ids.count_total < 2 * count + count / 20 + fixed, "{ids:?}");
    }
}

/// A composite value is written when its type has been looked up: each is kept as it is.
#[test]
fn rows_with_composite_values_take_no_more_than_those() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _alone = runtime.block_on(ALONE.lock());
    let row = |id| Measure {
        id,
        name: String::new(),
        value: None,
        point: PointInTime { place: 1, time: id },
    };
    let taken = measure(|| drop(Insert::values((0..1_000).map(row))));
    assert!(taken.count_total < 100, "{taken:?}");
}
