//! Ranges that the database declares: by an element of the program's own, and by the name of the type. Manual, section 8.17.8.

use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::types::{BytesMut, CustomType, Failure, Float8, Own, RangeElement, Type};
use orm::{Insert, Multirange, Range, func};
use orm_test_support::TestDatabase;

/// An element of ranges that the database declares.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
struct Celsius(f64);

impl CustomType for Celsius {
    type Sql = Float8;
    type Element = Float8;
    const DATA_TYPE: &'static str = "double precision";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(f64::from_be_bytes(raw.try_into()?)))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }
}

orm::custom_type!(Celsius);

impl RangeElement for Celsius {
    type Range = Own<Range<Self>>;
    type Multirange = Own<Multirange<Self>>;
    const RANGE: &'static str = "celsius_range";
    const MULTIRANGE: &'static str = "celsius_multirange";

    fn to_text(&self) -> String {
        self.0.to_string()
    }

    fn from_text(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.parse()?))
    }
}

const DECLARED: &str = "CREATE TYPE celsius_range AS RANGE (subtype = float8, subtype_diff = float8mi); \
     CREATE TYPE whole_range AS RANGE (subtype = int4)";

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "plain", has_many(marks: Mark))]
struct Plain {
    #[column(primary_key)]
    id: i64,
    heat: Range<Celsius>,
    #[column(data_type = "whole_range")]
    whole: Range<i32>,
    many: Multirange<Celsius>,
    maybe: Option<Range<Celsius>>,
    day: Option<Range<NaiveDate>>,
}

/// As `Plain`, with arrays.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "listed")]
struct Listed {
    #[column(primary_key)]
    id: i64,
    heats: Vec<Range<Celsius>>,
    holes: Vec<Option<Range<Celsius>>>,
    #[column(data_type = "whole_range[]")]
    wholes: Vec<Range<i32>>,
    manies: Vec<Multirange<Celsius>>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "mark")]
struct Mark {
    #[column(primary_key)]
    id: i64,
    #[column(references = Plain::id)]
    plain_id: i64,
}

fn range(lower: f64, upper: f64) -> Range<Celsius> {
    Range::from(Celsius(lower)..Celsius(upper))
}

fn row(id: i64) -> Plain {
    Plain {
        id,
        heat: range(-273.15, id as f64),
        whole: (4..=7).into(),
        many: Multirange::new([range(0.5, 1.0), range(-5.0, -4.5), Range::empty()]),
        maybe: (id % 2 == 0).then(Range::empty),
        day: (id % 2 == 1).then(Range::full),
    }
}

async fn plain() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.execute(DECLARED).await;
    database.create(&[Plain::TABLE, Listed::TABLE, Mark::TABLE]).await;
    let db = database.db();
    (database, db)
}

async fn all(db: &Db) -> Vec<Plain> {
    Plain::query().order_by(Plain::id.asc()).all(db).await.unwrap()
}

#[tokio::test]
async fn they_are_read_as_they_were_written_by_every_way() {
    let (_database, db) = plain().await;
    let rows: Vec<Plain> = (1..=100).map(row).collect();
    for row in rows.iter().take(2).cloned() {
        Insert::values([row]).execute(&db).await.unwrap();
    }
    let insert = Insert::values(rows.iter().skip(2).cloned());
    let text = insert.to_sql().text;
    assert!(
        text.contains(
            "unnest(CAST($2 AS \"celsius_range\"[])), unnest(CAST($3 AS \"whole_range\"[]))"
        ),
        "{text}"
    );
    assert_eq!(insert.execute(&db).await.unwrap(), 98);
    assert_eq!(all(&db).await, rows);
    for row in rows.iter().take(2) {
        Mark::insert().id(row.id).plain_id(row.id).execute(&db).await.unwrap();
    }
    let marks = Mark::query().with(Mark::plain).order_by(Mark::id.asc()).all(&db).await.unwrap();
    assert_eq!(marks.into_iter().map(|mark| mark.plain).collect::<Vec<_>>(), rows[..2]);
    Mark::delete().all_rows().execute(&db).await.unwrap();
    Plain::delete().all_rows().execute(&db).await.unwrap();
    orm::copy_in(&db, rows.clone()).await.unwrap();
    let copied: Vec<Plain> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied, rows);
}

#[tokio::test]
async fn arrays_of_them_are_read_as_they_were_written() {
    let (_database, db) = plain().await;
    let row = |id: i64| Listed {
        id,
        heats: vec![range(1.0, 2.0), Range::empty()],
        holes: vec![None, Some(range(0.0, id as f64)), None],
        wholes: vec![(..=id as i32).into(), Range::full()],
        manies: vec![Multirange::empty(), range(3.0, 4.0).into()],
    };
    let rows: Vec<Listed> = (1..20_000).map(row).collect();
    // Few rows are `VALUES`, many are sent as their elements.
    Insert::values(rows[..5].to_vec()).execute(&db).await.unwrap();
    Insert::values(rows[5..].to_vec()).execute(&db).await.unwrap();
    let read = Listed::query().order_by(Listed::id.asc()).all(&db).await.unwrap();
    assert_eq!(read, rows);
    let same = Listed::query()
        .filter(Listed::holes.eq(rows[6].holes.clone()))
        .filter(Listed::wholes.contains(rows[6].wholes.clone()));
    assert_eq!(same.count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn they_are_compared_as_other_ranges_are() {
    let (_database, db) = plain().await;
    Insert::values([row(1), row(2)]).execute(&db).await.unwrap();
    let ids = async |condition: orm::Condition<Plain>| {
        let query = Plain::query().filter(condition).order_by(Plain::id.asc());
        query.select(Plain::id).all(&db).await.unwrap()
    };
    assert_eq!(ids(Plain::heat.eq(row(1).heat).into()).await, [1]);
    assert_eq!(ids(Plain::heat.is_in([row(1).heat, row(2).heat]).into()).await, [1, 2]);
    assert_eq!(ids(Plain::whole.eq(4..8).into()).await, [1, 2]);
    assert_eq!(ids(Plain::whole.is_in([Range::from(4..8)]).into()).await, [1, 2]);
    assert_eq!(ids(Plain::many.eq(row(1).many).into()).await, [1, 2]);
    assert_eq!(ids(Plain::maybe.is_not_distinct_from(row(2).maybe).into()).await, [2]);
    assert_eq!(ids(Plain::heat.contains(Celsius(1.5)).into()).await, [2]);
    assert_eq!(ids(Plain::heat.contains(range(0.0, 1.5)).into()).await, [2]);
    assert_eq!(ids(Plain::heat.contains(Plain::many).into()).await, [1, 2]);
    assert_eq!(ids(Plain::many.contains(Celsius(0.5)).into()).await, [1, 2]);
    assert_eq!(ids(Plain::whole.contains(4).into()).await, [1, 2]);
    assert_eq!(ids(Plain::whole.contains(5..=7).into()).await, [1, 2]);
    assert_eq!(ids(Plain::heat.contained_in(Range::from(..Celsius(1.0))).into()).await, [1]);
    assert_eq!(ids(func::value(Celsius(1.5)).contained_in(Plain::heat).into()).await, [2]);
    assert_eq!(ids(func::value(Celsius(0.7)).contained_in(Plain::many).into()).await, [1, 2]);
    assert_eq!(ids(Plain::heat.overlaps(range(1.0, 9.0)).into()).await, [2]);
    assert_eq!(ids(Plain::whole.overlaps(7..).into()).await, [1, 2]);
    assert_eq!(ids(Plain::heat.strictly_left_of(Range::from(Celsius(1.0)..)).into()).await, [1]);
    let query = Plain::query().filter(Plain::heat.contains(Range::from(Celsius(0.0)..)));
    let text = query.select(Plain::id).to_sql().text;
    assert!(text.ends_with(r#"WHERE "plain"."heat" @> CAST($1 AS "celsius_range")"#), "{text}");
    let update = Plain::update().set((Plain::heat.set(Celsius(0.0)..), Plain::whole.set(..5)));
    update.filter(Plain::id.eq(1)).execute(&db).await.unwrap();
    let query = Plain::query().filter(Plain::id.eq(1)).select((
        func::lower(Plain::heat),
        func::upper(Plain::whole),
        func::isempty(Plain::maybe),
        func::range_merge(Plain::heat, range(-5.0, -4.0)),
        func::range_merge_of(Plain::many),
        func::multirange(Plain::heat),
        Plain::heat.intersection(range(-1.0, 1.0)),
    ));
    assert_eq!(
        query.one(&db).await.unwrap(),
        (
            Some(Celsius(0.0)),
            Some(5),
            None,
            Range::from(Celsius(-5.0)..),
            range(-5.0, 1.0),
            Multirange::from(Range::from(Celsius(0.0)..)),
            range(0.0, 1.0),
        )
    );
    let all = Plain::query()
        .select((func::range_agg(Plain::heat), func::range_intersect_agg(Plain::many)));
    let (all, common) = all.one(&db).await.unwrap();
    assert_eq!(all, Some(Multirange::from(Range::from(Celsius(-273.15)..))));
    assert_eq!(common, Some(row(1).many));
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "booking", exclude("no_double_booking", room with "=", during with "&&"))]
struct Booking {
    #[column(primary_key, identity)]
    id: i64,
    room: String,
    during: Range<i32>,
}

#[tokio::test]
async fn rows_with_ranges_that_overlap_are_refused_by_an_exclusion_constraint() {
    let Some(database) = crate::roads::database("btree_gist").await else { return };
    database.create(&[Booking::TABLE]).await;
    let db = database.db();
    let book = async |room: &str, hours: std::ops::Range<i32>| {
        Booking::insert().room(room).during(hours).execute(&db).await
    };
    assert_eq!(book("blue", 1..3).await.unwrap(), 1);
    assert_eq!(book("blue", 3..5).await.unwrap(), 1);
    assert_eq!(book("red", 2..4).await.unwrap(), 1);
    let error = book("blue", 2..4).await.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::ExclusionViolation);
    assert_eq!(error.constraint(), Some("no_double_booking"));
    let free =
        Booking::query().filter(Booking::room.eq("blue")).select(func::range_agg(Booking::during));
    let free = Booking::query()
        .filter(Booking::id.eq(1))
        .select(func::value(Multirange::from(Range::from(0..24))).difference(orm::scalar(free)));
    let expected = Multirange::new([0..1, 5..24].map(Range::from));
    assert_eq!(free.one(&db).await.unwrap(), Some(expected));
}
