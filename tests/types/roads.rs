//! `types!`: what a type goes through.

use orm_test_support::TestDatabase;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;

/// A line of the guide.
pub(crate) struct Line {
    pub(crate) sql: &'static str,
    pub(crate) rust: &'static str,
    pub(crate) feature: &'static str,
    pub(crate) limits: &'static str,
}

/// So many rows are copied.
pub(crate) const MANY: i64 = 3_100;

/// How many random values a type is tried with.
const RANDOM: usize = 40;

/// The values that are given, and random ones after them.
pub(crate) fn values<T: std::fmt::Debug + Clone>(
    edges: Vec<T>,
    random: impl Strategy<Value = T>,
) -> Vec<T> {
    let mut runner = TestRunner::default();
    let mut random = || random.new_tree(&mut runner).expect("a value").current();
    edges.into_iter().chain(std::iter::repeat_with(&mut random).take(RANDOM)).collect()
}

/// A database with that extension, in another time zone than the client's; none where the server does not have the extension, or is
/// built without libxml.
pub(crate) async fn database(extension: &str) -> Option<TestDatabase> {
    let database = orm_test_support::database().await;
    database
        .execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), 'Asia/Kathmandu'); END $$")
        .await;
    if extension.is_empty() {
        return Some(database);
    }
    if extension == "libxml" {
        // A library that the server is built with, or not.
        let reads_xml = database.db().batch_execute("SELECT '<a/>'::xml").await.is_ok();
        if !reads_xml {
            orm_test_support::not_tested("the server is built without libxml");
        }
        return reads_xml.then_some(database);
    }
    database.create_extension(extension).await.then_some(database)
}

/// As it is printed: NaN is itself, and 0.0 is not -0.0.
#[track_caller]
pub(crate) fn assert_same<T: std::fmt::Debug + ?Sized>(found: &T, expected: &T, road: &str) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{road}");
}

/// Lines `name { rust: T, sql: "type", edges: [(value, "text as psql prints it")], random: strategy }`, each a module with a
/// test. In between, in this order: `extension`, `feature` and `limits`, texts; `equality: none` where the type has no `=`;
/// `arrays: none` where the Rust type is no element of a `Vec`.
macro_rules! types {
    ($($name:ident {
        rust: $rust:ty,
        sql: $sql:tt,
        $(extension: $extension:tt,)?
        $(feature: $feature:tt,)?
        $(limits: $limits:tt,)?
        $(equality: $equality:ident,)?
        $(arrays: $arrays:ident,)?
        edges: [$(($value:expr, $text:expr $(,)?)),* $(,)?],
        random: $random:expr $(,)?
    })*) => {
        /// What the guide says of these types.
        pub(crate) const LINES: &[$crate::roads::Line] = &[$($crate::roads::Line {
            sql: $sql,
            rust: stringify!($rust),
            feature: concat!("", $($feature)?),
            limits: concat!("", $($limits)?),
        }),*];
        $(
            #[expect(dead_code, reason = "each column of a table has a handle")]
            mod $name {
                use super::*;
                // Each of the modules uses something of the file.
                const _: &[$crate::roads::Line] = LINES;
                types!(@sample $rust, $sql, $($arrays)?);

                #[tokio::test]
                async fn comes_back_as_it_went_by_every_road() {
                    let extension = concat!("", $($extension)?);
                    let Some(database) = $crate::roads::database(extension).await else { return };
                    let edges: Vec<$rust> = vec![$($value),*];
                    let texts: Vec<String> = vec![$(String::from($text)),*];
                    let values = $crate::roads::values(edges, $random);
                    database.create(&[<Sample as orm::Table>::TABLE, <Plain as orm::Table>::TABLE]).await;
                    let db = database.db();
                    every_road(&db, &values, &texts).await;
                    every_insert(&db, &values).await;
                }

                types!(@roads $rust, $sql, [$($equality)?]);
                types!(@inserts $rust, $sql);
            }
        )*
    };
    (@sample $rust:ty, $sql:tt, none) => {
        #[derive(orm::Table, Debug, Clone)]
        #[table(name = "sample", has_many(parts: Sample))]
        pub(crate) struct Sample {
            #[column(primary_key)]
            pub id: i64,
            #[column(data_type = $sql)]
            pub value: $rust,
            #[column(data_type = $sql)]
            pub nullable: Option<$rust>,
            #[column(references = Sample::id)]
            pub whole_id: Option<i64>,
        }

        fn samples(values: &[$rust]) -> Vec<Sample> {
            let sample = |(index, value): (usize, &$rust)| Sample {
                id: index as i64,
                value: value.clone(),
                nullable: (index % 3 > 0).then(|| value.clone()),
                whole_id: (index > 0).then_some(0),
            };
            values.iter().enumerate().map(sample).collect()
        }
    };
    (@sample $rust:ty, $sql:tt,) => {
        #[derive(orm::Table, Debug, Clone)]
        #[table(name = "sample", has_many(parts: Sample))]
        pub(crate) struct Sample {
            #[column(primary_key)]
            pub id: i64,
            #[column(data_type = $sql)]
            pub value: $rust,
            #[column(data_type = $sql)]
            pub nullable: Option<$rust>,
            pub elements: Vec<$rust>,
            pub perhaps: Vec<Option<$rust>>,
            #[column(references = Sample::id)]
            pub whole_id: Option<i64>,
        }

        fn samples(values: &[$rust]) -> Vec<Sample> {
            let sample = |(index, value): (usize, &$rust)| Sample {
                id: index as i64,
                value: value.clone(),
                nullable: (index % 3 > 0).then(|| value.clone()),
                elements: values.iter().skip(index).take(index % 4).cloned().collect(),
                perhaps: vec![None, Some(value.clone()), None].into_iter().skip(index % 4).collect(),
                whole_id: (index > 0).then_some(0),
            };
            values.iter().enumerate().map(sample).collect()
        }
    };
    (@roads $rust:ty, $sql:tt, [$($equality:ident)?]) => {
        async fn every_road(db: &orm::Db, values: &[$rust], texts: &[String]) {
            use orm::prelude::*;
            use futures_util::TryStreamExt as _;
            use $crate::roads::assert_same;
            let rows = samples(values);
            let all = || Sample::query().order_by(Sample::id.asc());
            // One by one: each value a parameter.
            for row in &rows {
                let inserted = orm::Insert::values([row.clone()]).returning_all().one(db).await;
                assert_same(&inserted.unwrap(), row, "a parameter");
            }
            assert_same(&all().all(db).await.unwrap(), &rows, "columns");
            let columns = all().select((Sample::value, Sample::nullable)).all(db).await.unwrap();
            let expected: Vec<_> =
                rows.iter().map(|row| (row.value.clone(), row.nullable.clone())).collect();
            assert_same(&columns, &expected, "selected columns");
            // As the server prints them, and as it reads them.
            let printed = "SELECT value::text FROM sample ORDER BY id";
            let printed: Vec<String> = db.query(printed, &[]).await.unwrap();
            assert_eq!(&printed[..texts.len()], texts, "the text of psql");
            let read = concat!("SELECT CAST(value::text AS ", $sql, ") FROM sample ORDER BY id");
            let read: Vec<($rust,)> = db.query(read, &[]).await.unwrap();
            let expected: Vec<($rust,)> = values.iter().map(|value| (value.clone(),)).collect();
            assert_same(&read, &expected, "a value that the server read from text");
            types!(@equality [$($equality)?] db rows);
            // Records.
            let whole = Sample::query().filter(Sample::id.eq(0)).with(Sample::parts);
            let whole = whole.one(db).await.unwrap();
            let mut parts: Vec<Sample> = whole.parts.iter().cloned().collect();
            parts.sort_by_key(|part| part.id);
            assert_same(&parts, &rows[1..].to_vec(), "records in an array");
            let part = Sample::query().filter(Sample::id.eq(1)).with(Sample::whole);
            let part = part.one(db).await.unwrap();
            assert_same(&part.whole, &Some(rows[0].clone()), "a record");
            // An update.
            let swapped = rows.last().unwrap();
            let set = (
                Sample::value.set(swapped.value.clone()),
                Sample::nullable.set(Some(swapped.value.clone())),
            );
            let update = Sample::update().set(set).filter(Sample::id.eq(0));
            let updated = update.returning_all().one(db).await.unwrap();
            assert_same(&updated.value, &swapped.value, "an update");
            assert_same(&updated.nullable, &Some(swapped.value.clone()), "an update");
            // Many at once.
            let empty = || async { Sample::delete().all_rows().execute(db).await.unwrap() };
            empty().await;
            let count = rows.len() as u64;
            assert_eq!(orm::Insert::values(rows.clone()).execute(db).await.unwrap(), count);
            assert_same(&all().all(db).await.unwrap(), &rows, "UNNEST");
            let copied: Vec<Sample> =
                orm::copy_out(db).await.unwrap().try_collect().await.unwrap();
            assert_eq!(copied.len(), rows.len());
            empty().await;
            assert_eq!(orm::copy_in(db, copied).await.unwrap(), count);
            assert_same(&all().all(db).await.unwrap(), &rows, "COPY");
        }
    };
    (@inserts $rust:ty, $sql:tt) => {
        /// Without a column of an array type: many rows are an array for each column, or are copied.
        #[derive(orm::Table, Debug, Clone)]
        pub(crate) struct Plain {
            #[column(primary_key)]
            pub id: i64,
            #[column(data_type = $sql)]
            pub value: $rust,
            #[column(data_type = $sql)]
            pub nullable: Option<$rust>,
        }

        async fn every_insert(db: &orm::Db, values: &[$rust]) {
            use orm::prelude::*;
            use $crate::roads::{MANY, assert_same};
            let row = |(id, value): (i64, &$rust)| Plain {
                id,
                value: value.clone(),
                nullable: (id % 3 > 0).then(|| value.clone()),
            };
            let rows: Vec<Plain> = (0..).zip(values).map(row).collect();
            let many: Vec<Plain> = (0..MANY).zip(values.iter().cycle()).map(row).collect();
            let built = |rows: &[Plain]| {
                let builder = |row: &Plain| {
                    let builder = Plain::insert().id(row.id).nullable(row.nullable.clone());
                    builder.value(row.value.clone())
                };
                orm::Insert::values(rows.iter().map(builder).collect::<Vec<_>>())
            };
            let there = async |expected: &[Plain], form: &str| {
                let read = Plain::query().order_by(Plain::id.asc()).all(db).await.unwrap();
                assert_same(&read[..], expected, form);
                Plain::delete().all_rows().execute(db).await.unwrap();
            };
            for row in &rows {
                built(std::slice::from_ref(row)).execute(db).await.unwrap();
            }
            there(&rows, "a builder").await;
            let inserted = orm::Insert::values(rows.clone()).returning_all().all(db).await;
            assert_same(&inserted.unwrap(), &rows, "what UNNEST returns");
            there(&rows, "UNNEST").await;
            built(&rows).execute(db).await.unwrap();
            there(&rows, "UNNEST of builders").await;
            orm::Insert::values(many.clone()).execute(db).await.unwrap();
            there(&many, "an insert as COPY").await;
            built(&many).execute(db).await.unwrap();
            there(&many, "an insert of builders as COPY").await;
        }
    };
    (@equality [none] $db:ident $rows:ident) => {};
    (@equality [] $db:ident $rows:ident) => {
        for row in &$rows {
            let same = Sample::query()
                .filter(Sample::id.eq(row.id))
                .filter(Sample::value.eq(row.value.clone()))
                .filter(Sample::nullable.is_not_distinct_from(row.nullable.clone()))
                .filter(Sample::value.is_in([row.value.clone()]));
            assert_eq!(same.count($db).await.unwrap(), 1, "compared with {:?}", row.value);
        }
    };
}
