//! Ranges and multiranges: as columns of every kind and by every way in and out, their operators, their texts.

use chrono::{NaiveDate, NaiveDateTime, TimeZone as _};
use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::types::{BytesMut, CustomType, Failure, Float8, Own, RangeElement, Type};
use orm::{Insert, Multirange, Numeric, Range, func};
use orm_test_support::TestDatabase;
use rust_decimal::Decimal;
use std::ops::Bound;

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
#[table(name = "span", has_many(marks: Mark))]
struct Span {
    #[column(primary_key)]
    id: i64,
    ints: Range<i32>,
    bigs: Range<i64>,
    numbers: Range<Numeric>,
    decimals: Range<Decimal>,
    days: Range<NaiveDate>,
    times: Range<NaiveDateTime>,
    moments: Range<DateTime<Utc>>,
    heat: Range<Celsius>,
    #[column(data_type = "whole_range")]
    whole: Range<i32>,
    many: Multirange<i64>,
    many_days: Multirange<NaiveDate>,
    many_heats: Multirange<Celsius>,
    maybe: Option<Range<i32>>,
    list: Vec<Range<i64>>,
    holes: Vec<Option<Range<NaiveDate>>>,
    heats: Vec<Range<Celsius>>,
    manies: Option<Vec<Multirange<i32>>>,
}

/// Has a span, so that it is also read from within a record.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "mark")]
struct Mark {
    #[column(primary_key)]
    id: i64,
    #[column(references = Span::id)]
    span_id: i64,
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, day).expect("a day")
}

fn moment(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 31, hour, 30, 0).single().expect("a moment")
}

fn full(id: i64) -> Span {
    let number = |text: &str| text.parse::<Numeric>().expect("a number");
    Span {
        id,
        ints: (1..=3).into(),
        bigs: (Bound::Excluded(i64::MIN), Bound::Unbounded).into(),
        numbers: (Bound::Excluded(number("-1.50")), Bound::Included(Numeric::INFINITY)).into(),
        decimals: (Decimal::new(-15, 1)..=Decimal::MAX).into(),
        days: (day(1)..=day(31)).into(),
        times: (moment(1).naive_utc()..moment(2).naive_utc()).into(),
        moments: (..=moment(12)).into(),
        heat: (Celsius(-273.15)..Celsius(1e10)).into(),
        whole: (4..8).into(),
        many: Multirange::new([Range::from(1..3), (5..=9).into(), (3..=3).into()]),
        many_days: [Range::from(day(3)..), (day(1)..day(2)).into()].into_iter().collect(),
        many_heats: Range::from(Celsius(0.5)..=Celsius(0.5)).into(),
        maybe: Some(Range::empty()),
        list: vec![Range::full(), Range::empty(), (7..).into()],
        holes: vec![None, Some((..=day(2)).into())],
        heats: vec![Range::from(Celsius(1.0)..Celsius(2.0)), Range::empty()],
        manies: Some(vec![Multirange::empty(), Range::from(1..2).into()]),
    }
}

fn bare(id: i64) -> Span {
    Span {
        id,
        ints: Range::empty(),
        bigs: Range::full(),
        numbers: Range::empty(),
        decimals: Range::full(),
        days: Range::empty(),
        times: Range::empty(),
        moments: Range::full(),
        heat: Range::empty(),
        whole: Range::full(),
        many: Multirange::empty(),
        many_days: Range::full().into(),
        many_heats: Multirange::empty(),
        maybe: None,
        list: vec![],
        holes: vec![],
        heats: vec![],
        manies: None,
    }
}

async fn spans() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.execute(DECLARED).await;
    database.create(&[Span::TABLE, Mark::TABLE]).await;
    let db = database.db();
    (database, db)
}

async fn all(db: &Db) -> Vec<Span> {
    Span::query().order_by(Span::id.asc()).all(db).await.unwrap()
}

#[tokio::test]
async fn ranges_are_read_as_they_were_written_by_every_way() {
    let (_database, db) = spans().await;
    let rows = vec![full(1), bare(2)];
    // One row, with parameters; several, as arrays where there are any; copied.
    for row in rows.clone() {
        Insert::values([row]).execute(&db).await.unwrap();
    }
    assert_eq!(all(&db).await, rows);
    Span::delete().all_rows().execute(&db).await.unwrap();
    Insert::values(rows.clone()).execute(&db).await.unwrap();
    assert_eq!(all(&db).await, rows);
    Span::delete().all_rows().execute(&db).await.unwrap();
    orm::copy_in(&db, rows.clone()).await.unwrap();
    let copied: Vec<Span> =
        orm::copy_out::<Span>(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied, rows);
    // Within a record.
    for (id, span_id) in [(1, 1), (2, 2)] {
        Mark::insert().id(id).span_id(span_id).execute(&db).await.unwrap();
    }
    let marks = Mark::query().with(Mark::span).order_by(Mark::id.asc()).all(&db).await.unwrap();
    assert_eq!(marks.into_iter().map(|mark| mark.span).collect::<Vec<_>>(), rows);
}

/// The columns of `Span` that `UNNEST` takes: none is an array.
#[derive(Insertable, Clone)]
#[insert(into = Plain)]
struct Unnested {
    id: i64,
    ints: Range<i32>,
    heat: Range<Celsius>,
    whole: Range<i32>,
    many: Multirange<i64>,
    maybe: Option<Range<NaiveDate>>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "plain")]
struct Plain {
    #[column(primary_key)]
    id: i64,
    ints: Range<i32>,
    heat: Range<Celsius>,
    #[column(data_type = "whole_range")]
    whole: Range<i32>,
    many: Multirange<i64>,
    maybe: Option<Range<NaiveDate>>,
}

#[tokio::test]
async fn many_rows_with_ranges_are_arrays_of_them() {
    let database = orm_test_support::database().await;
    database.execute(DECLARED).await;
    database.create(&[Plain::TABLE]).await;
    let db = database.db();
    let row = |id: i64| Unnested {
        id,
        ints: (1..=i32::try_from(id).unwrap_or(0)).into(),
        heat: (..Celsius(id as f64)).into(),
        whole: (0..=3).into(),
        many: Range::from(1..=id).into(),
        maybe: (id % 2 == 0).then(|| Range::from(day(1)..)),
    };
    let insert = Insert::values((1..=100).map(row));
    assert!(insert.to_sql().text.contains("unnest($1)"), "{}", insert.to_sql().text);
    assert_eq!(insert.execute(&db).await.unwrap(), 100);
    let read = Plain::query().order_by(Plain::id.desc()).first(&db).await.unwrap().unwrap();
    let expected = Plain {
        id: 100,
        ints: (1..101).into(),
        heat: (..Celsius(100.0)).into(),
        whole: (0..4).into(),
        many: Range::from(1..101).into(),
        maybe: Some((day(1)..).into()),
    };
    assert_eq!(read, expected);
    // As parameters.
    let same = Plain::query()
        .filter(Plain::ints.eq(expected.ints))
        .filter(Plain::heat.eq(expected.heat.clone()))
        .filter(Plain::heat.is_in([expected.heat]))
        .filter(Plain::whole.eq(expected.whole))
        .filter(Plain::whole.is_in([expected.whole]))
        .filter(Plain::many.eq(expected.many))
        .filter(Plain::maybe.is_not_distinct_from(expected.maybe));
    assert_eq!(same.count(&db).await.unwrap(), 1);
    Plain::update()
        .set((Plain::ints.set(5..7), Plain::maybe.set(..day(3)), Plain::whole.set(Range::empty())))
        .filter(Plain::id.eq(1))
        .execute(&db)
        .await
        .unwrap();
    let query = Plain::query().filter(Plain::id.eq(1)).select((Plain::ints, Plain::maybe, Plain::whole));
    let expected = (Range::from(5..7), Some(Range::from(..day(3))), Range::empty());
    assert_eq!(query.one(&db).await.unwrap(), expected);
}

#[tokio::test]
async fn a_range_has_the_text_that_psql_shows() {
    let (database, _) = spans().await;
    let utc = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), 'UTC'); END $$";
    database.execute(utc).await;
    let db = database.db();
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    for span in all(&db).await {
        let texts = Span::query().filter(Span::id.eq(span.id)).select((
            Span::ints.cast::<String>(),
            Span::bigs.cast::<String>(),
            Span::numbers.cast::<String>(),
            Span::decimals.cast::<String>(),
            Span::days.cast::<String>(),
            Span::times.cast::<String>(),
            Span::moments.cast::<String>(),
            Span::many.cast::<String>(),
            Span::many_days.cast::<String>(),
        ));
        let texts = texts.one(&db).await.unwrap();
        assert_eq!(texts.0, span.ints.to_string());
        assert_eq!(texts.1, span.bigs.to_string());
        assert_eq!(texts.2, span.numbers.to_string());
        assert_eq!(texts.3, span.decimals.to_string());
        assert_eq!(texts.4, span.days.to_string());
        assert_eq!(texts.5, span.times.to_string());
        assert_eq!(texts.6, span.moments.to_string());
        assert_eq!(texts.7, span.many.to_string());
        assert_eq!(texts.8, span.many_days.to_string());
        assert_eq!(texts.6.parse::<Range<DateTime<Utc>>>().unwrap(), span.moments);
        assert_eq!(texts.8.parse::<Multirange<NaiveDate>>().unwrap(), span.many_days);
    }
}

async fn ids(db: &Db, condition: impl Into<orm::Condition<Span>>) -> Vec<i64> {
    let condition: orm::Condition<Span> = condition.into();
    Span::query().filter(condition).order_by(Span::id.asc()).select(Span::id).all(db).await.unwrap()
}

#[tokio::test]
async fn ranges_contain_values_ranges_and_multiranges() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    assert_eq!(ids(&db, Span::ints.contains(3)).await, [1]);
    assert_eq!(ids(&db, Span::ints.contains(4)).await, [0; 0]);
    assert_eq!(ids(&db, Span::bigs.contains(7)).await, [1, 2]);
    assert_eq!(ids(&db, Span::bigs.contains(Span::id)).await, [1, 2]);
    assert_eq!(ids(&db, Span::bigs.contains(1..5)).await, [1, 2]);
    assert_eq!(ids(&db, Span::bigs.contains(Span::many)).await, [1, 2]);
    assert_eq!(ids(&db, Span::many.contains(1..4)).await, [1]);
    assert_eq!(ids(&db, Span::many.contains(9)).await, [1]);
    assert_eq!(ids(&db, Span::many.contains(Multirange::from(Range::from(8_i64..9)))).await, [1]);
    assert_eq!(ids(&db, Span::moments.contains(moment(12))).await, [1, 2]);
    assert_eq!(ids(&db, Span::moments.contains(func::now())).await, [2]);
    assert_eq!(ids(&db, Span::maybe.contains(1)).await, [0; 0]);
    assert_eq!(ids(&db, Span::decimals.contains(Decimal::ONE)).await, [1, 2]);
    assert_eq!(ids(&db, Span::numbers.contains(Numeric::from(5))).await, [1]);
    // Of types that the program knows only by name.
    assert_eq!(ids(&db, Span::heat.contains(Celsius(0.0))).await, [1]);
    assert_eq!(ids(&db, Span::heat.contains(Range::from(Celsius(0.0)..Celsius(1.0)))).await, [1]);
    assert_eq!(ids(&db, Span::heat.contains(Span::many_heats)).await, [1, 2]);
    assert_eq!(ids(&db, Span::many_heats.contains(Celsius(0.5))).await, [1]);
    assert_eq!(ids(&db, Span::whole.contains(4)).await, [1, 2]);
    assert_eq!(ids(&db, Span::whole.contains(5..=7)).await, [1, 2]);
    let query = Span::query().filter(Span::heat.contains(Range::from(Celsius(0.0)..)));
    let text = query.select(Span::id).to_sql().text;
    assert!(text.ends_with(r#"WHERE "span"."heat" @> CAST($1 AS celsius_range)"#), "{text}");
}

#[tokio::test]
async fn values_and_ranges_are_contained_in_ranges() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    assert_eq!(ids(&db, Span::id.contained_in(2..5)).await, [2]);
    assert_eq!(ids(&db, Span::id.contained_in(Span::many)).await, [1]);
    assert_eq!(ids(&db, Span::id.contained_in(Span::bigs)).await, [1, 2]);
    assert_eq!(ids(&db, Span::ints.contained_in(0..9)).await, [1, 2]);
    assert_eq!(ids(&db, Span::ints.contained_in(Span::maybe)).await, [0; 0]);
    assert_eq!(ids(&db, Span::many.contained_in(Span::bigs)).await, [1, 2]);
    assert_eq!(ids(&db, Span::heat.contained_in(Range::from(Celsius(-300.0)..))).await, [1, 2]);
    assert_eq!(ids(&db, func::value(Celsius(0.5)).contained_in(Span::many_heats)).await, [1]);
    let maybe = Span::query().order_by(Span::id.asc()).select(func::value(0).contained_in(Span::maybe));
    assert_eq!(maybe.all(&db).await.unwrap(), [Some(false), None]);
}

#[tokio::test]
async fn ranges_are_compared_by_where_they_are() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    assert_eq!(ids(&db, Span::ints.overlaps(3..9)).await, [1]);
    assert_eq!(ids(&db, Span::ints.overlaps(4..9)).await, [0; 0]);
    assert_eq!(ids(&db, Span::many.overlaps(Span::bigs)).await, [1]);
    assert_eq!(ids(&db, Span::heat.overlaps(Range::from(..Celsius(0.0)))).await, [1]);
    assert_eq!(ids(&db, Span::whole.overlaps(7..)).await, [1, 2]);
    assert_eq!(ids(&db, Span::ints.strictly_left_of(4..)).await, [1]);
    assert_eq!(ids(&db, Span::ints.strictly_right_of(..1)).await, [1]);
    assert_eq!(ids(&db, Span::ints.not_right_of(0..=3)).await, [1]);
    assert_eq!(ids(&db, Span::ints.not_left_of(1..2)).await, [1]);
    assert_eq!(ids(&db, Span::ints.adjacent_to(4..5)).await, [1]);
    assert_eq!(ids(&db, Span::many.adjacent_to(10..)).await, [1]);
    assert_eq!(ids(&db, Span::ints.lt(2..3)).await, [1, 2]);
    assert_eq!(ids(&db, Span::ints.eq(1..=3)).await, [1]);
}

#[tokio::test]
async fn ranges_are_put_together() {
    let (_database, db) = spans().await;
    Insert::values([full(1)]).execute(&db).await.unwrap();
    let query = Span::query().select((
        Span::ints.union(4..6),
        Span::ints.intersection(2..9),
        Span::ints.difference(3..9),
        Span::many.union(Multirange::from(Range::from(20_i64..30))),
        Span::decimals.intersection(Decimal::ZERO..Decimal::ONE),
        Span::heat.intersection(Range::from(Celsius(0.0)..Celsius(5.0))),
        Span::maybe.union(Span::ints),
    ));
    let many = [1..4, 5..10, 20..30].map(Range::from);
    assert_eq!(
        query.one(&db).await.unwrap(),
        (
            Range::from(1..6),
            Range::from(2..4),
            Range::from(1..3),
            Multirange::new(many),
            Range::from(Decimal::ZERO..Decimal::ONE),
            Range::from(Celsius(0.0)..Celsius(5.0)),
            Some(Range::from(1..4)),
        )
    );
    let gap = Span::query().select(Span::ints.union(7..9)).one(&db).await.unwrap_err();
    assert!(gap.to_string().contains("would not be contiguous"), "{gap}");
}

#[tokio::test]
async fn what_a_range_type_cannot_hold_is_an_error_before_anything_is_sent() {
    let (_database, db) = spans().await;
    let insert = |ints: Range<i32>| Insert::values([Span { ints, ..bare(1) }]);
    #[expect(clippy::reversed_empty_ranges, reason = "that is the point")]
    let error = insert((5..3).into()).execute(&db).await.unwrap_err();
    let text = format!("{error}");
    assert!(text.contains("the lower bound of the range [5,3) is greater than its upper bound"), "{text}");
    let error = insert((5..=i32::MAX).into()).execute(&db).await.unwrap_err();
    let text = format!("{error}");
    assert!(
        text.contains("the range [5,2147483647] cannot be stored: a int4range excludes its upper bound"),
        "{text}"
    );
    assert_eq!(all(&db).await, []);
    assert_eq!(insert((5..i32::MAX).into()).execute(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_range_of_other_values_is_an_error_that_names_the_column() {
    let (database, db) = spans().await;
    Insert::values([full(1)]).execute(&db).await.unwrap();
    database.execute("ALTER TABLE span ALTER ints TYPE int8range USING ints::text::int8range").await;
    let error = Span::query().all(&db).await.unwrap_err();
    assert!(error.to_string().contains("could not read column \"ints\" (int8range)"), "{error}");
}

#[tokio::test]
async fn functions_of_ranges_give_what_the_manual_says() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    let one = || Span::query().filter(Span::id.eq(1));
    assert_eq!(
        one()
            .select((
                func::lower(Span::heat),
                func::upper(Span::many),
                func::isempty(Span::whole),
                func::range_merge(Span::heat, Range::from(Celsius(1e20)..=Celsius(1e20))),
                func::multirange(Span::heat),
                func::range_merge_of(Span::many_heats),
            ))
            .one(&db)
            .await
            .unwrap(),
        (
            Some(Celsius(-273.15)),
            Some(10),
            false,
            Range::from(Celsius(-273.15)..=Celsius(1e20)),
            Multirange::from(Range::from(Celsius(-273.15)..Celsius(1e10))),
            Range::from(Celsius(0.5)..=Celsius(0.5)),
        )
    );
    assert_eq!(
        Span::query().select((func::range_agg(Span::ints), func::range_intersect_agg(Span::heat))).one(&db).await.unwrap(),
        (Some(Multirange::from(Range::from(1..4))), Some(Range::empty()))
    );
    let none = Span::query().filter(Span::id.eq(9)).select(func::range_agg(Span::moments));
    assert_eq!(none.one(&db).await.unwrap(), None);

    #[derive(FromRow, Debug, PartialEq)]
    struct Part {
        range: Range<i64>,
    }
    let parts = orm::from(func::unnest_multirange(full(1).many).rows::<Part>());
    let parts = parts.select(Part::range).all(&db).await.unwrap();
    assert_eq!(parts, [1..4, 5..10].map(Range::from));
}
