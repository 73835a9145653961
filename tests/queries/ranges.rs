//! Ranges and multiranges: as columns of every kind and by every way in and out, their operators, their texts.

use chrono::{NaiveDate, NaiveDateTime, TimeZone as _};
use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{Insert, Multirange, Numeric, Range, func};
use orm_test_support::TestDatabase;
use rust_decimal::Decimal;
use std::ops::Bound;

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
    many: Multirange<i64>,
    many_days: Multirange<NaiveDate>,
    maybe: Option<Range<i32>>,
    list: Vec<Range<i64>>,
    holes: Vec<Option<Range<NaiveDate>>>,
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
        many: Multirange::new([Range::from(1..3), (5..=9).into(), (3..=3).into()]),
        many_days: [Range::from(day(3)..), (day(1)..day(2)).into()].into_iter().collect(),
        maybe: Some(Range::empty()),
        list: vec![Range::full(), Range::empty(), (7..).into()],
        holes: vec![None, Some((..=day(2)).into())],
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
        many: Multirange::empty(),
        many_days: Range::full().into(),
        maybe: None,
        list: vec![],
        holes: vec![],
        manies: None,
    }
}

async fn spans() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
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
    let copied: Vec<Span> = orm::copy_out::<Span>(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied, rows);
    // Within a record.
    for (id, span_id) in [(1, 1), (2, 2)] {
        Mark::insert().id(id).span_id(span_id).execute(&db).await.unwrap();
    }
    let marks = Mark::query().with(Mark::span).order_by(Mark::id.asc()).all(&db).await.unwrap();
    assert_eq!(marks.into_iter().map(|mark| mark.span).collect::<Vec<_>>(), rows);
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
    let maybe =
        Span::query().order_by(Span::id.asc()).select(func::value(0).contained_in(Span::maybe));
    assert_eq!(maybe.all(&db).await.unwrap(), [Some(false), None]);
}

#[tokio::test]
async fn ranges_are_compared_by_where_they_are() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    assert_eq!(ids(&db, Span::ints.overlaps(3..9)).await, [1]);
    assert_eq!(ids(&db, Span::ints.overlaps(4..9)).await, [0; 0]);
    assert_eq!(ids(&db, Span::many.overlaps(Span::bigs)).await, [1]);
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
    assert!(
        text.contains("the lower bound of the range [5,3) is greater than its upper bound"),
        "{text}"
    );
    let error = insert((5..=i32::MAX).into()).execute(&db).await.unwrap_err();
    let text = format!("{error}");
    assert!(
        text.contains("the range [5,2147483647] cannot be stored: int4range excludes upper bounds"),
        "{text}"
    );
    assert_eq!(all(&db).await, []);
    assert_eq!(insert((5..i32::MAX).into()).execute(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_range_of_other_values_is_an_error_that_names_the_column() {
    let (database, db) = spans().await;
    Insert::values([full(1)]).execute(&db).await.unwrap();
    database
        .execute("ALTER TABLE span ALTER ints TYPE int8range USING ints::text::int8range")
        .await;
    let error = Span::query().all(&db).await.unwrap_err();
    assert!(error.to_string().contains("could not read column \"ints\" (int8range)"), "{error}");
}

#[tokio::test]
async fn columns_are_arguments_of_functions_of_ranges() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    assert_eq!(
        Span::query()
            .select((func::range_agg(Span::ints), func::range_intersect_agg(Span::moments)))
            .one(&db)
            .await
            .unwrap(),
        (Some(Multirange::from(Range::from(1..4))), Some(Range::from(..=moment(12))))
    );
    let bounds = Span::query().filter(Span::id.eq(1)).select((
        func::lower(Span::decimals),
        func::upper(Span::many_days),
        func::isempty(Span::maybe),
    ));
    assert_eq!(bounds.one(&db).await.unwrap(), (Some(Decimal::new(-15, 1)), None, Some(true)));
    let none = Span::query().filter(Span::id.eq(9)).select(func::range_agg(Span::moments));
    assert_eq!(none.one(&db).await.unwrap(), None);
}

#[tokio::test]
async fn ranges_are_placeholders_keys_of_pages_and_read_without_a_struct() {
    let (_database, db) = spans().await;
    Insert::values([full(1), bare(2)]).execute(&db).await.unwrap();
    let with = orm::prepare(|number: orm::Placeholder<i32>| {
        Span::query().filter(Span::ints.contains(number)).select(Span::id)
    });
    assert_eq!(with.all(&db, 3).await.unwrap(), [1]);
    assert_eq!(with.all(&db, 4).await.unwrap(), [0; 0]);
    let within = orm::prepare(|days: orm::Placeholder<Range<NaiveDate>>| {
        Span::query().filter(Span::days.overlaps(days)).select(Span::id)
    });
    assert_eq!(within.all(&db, Range::from(day(31)..)).await.unwrap(), [1]);
    // The empty range is the first.
    let pages = || Span::query().order_by(Span::ints.asc()).order_by(Span::id.asc()).page(1);
    let first = pages().fetch(&db).await.unwrap();
    let second = pages().after(first.next.clone().unwrap()).fetch(&db).await.unwrap();
    assert_eq!([first.rows, second.rows].concat(), [bare(2), full(1)]);
    let mut seen = Vec::new();
    let query =
        Span::query().order_by(Span::id.asc()).select((Span::ints, Span::list, Span::maybe));
    let read = |row: (Range<i32>, Vec<Range<i64>>, Option<Range<i32>>)| {
        seen.push(row);
        Ok(())
    };
    query.for_each(&db, read).await.unwrap();
    assert_eq!(seen[0].0, full(1).ints);
    assert_eq!((&seen[1].1, &seen[1].2), (&vec![], &None));
}
