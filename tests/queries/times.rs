//! Intervals, infinities and the ends of days; dates and times of `jiff` and `time` in queries. Each type by every road is in
//! `tests/types`.

use auth::Session;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use jiff::{SignedDuration, Span, SpanFieldwise, Timestamp, ToSpan as _, civil};
use orm::prelude::*;
use orm::types::{TimeOfDay, TimeTz};
use orm::{Interval, OrInfinity, func};
use std::time::{Duration, SystemTime};
use time::{OffsetDateTime, PrimitiveDateTime};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "task")]
struct Task {
    #[column(primary_key)]
    id: i64,
    takes: Interval,
    pause: Option<TimeDelta>,
    limit: SignedDuration,
    #[column(default = now())]
    created: Timestamp,
    starts: civil::DateTime,
    day: civil::Date,
    clock: civil::Time,
    changed: OffsetDateTime,
    local: PrimitiveDateTime,
    date: time::Date,
    ends: OrInfinity<SystemTime>,
    closes: TimeOfDay,
}

fn interval(text: &str) -> Interval {
    text.parse().unwrap()
}

fn starts() -> civil::DateTime {
    civil::date(2026, 1, 31).at(12, 30, 15, 0)
}

fn offset(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

fn task(id: i64, takes: &str) -> Task {
    let changed = offset(1_769_862_615);
    Task {
        id,
        takes: interval(takes),
        pause: (id > 1).then(|| TimeDelta::minutes(id)),
        limit: SignedDuration::from_hours(id),
        created: "2026-01-31T12:30:15Z".parse().unwrap(),
        starts: starts(),
        day: starts().date(),
        clock: starts().time(),
        changed,
        local: PrimitiveDateTime::new(changed.date(), changed.time()),
        date: changed.date(),
        ends: OrInfinity::Infinity,
        closes: TimeOfDay::END_OF_DAY,
    }
}

async fn tasks() -> (orm_test_support::TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Task::TABLE]).await;
    let db = database.db();
    let tasks = [task(1, "1 mon"), task(2, "30 days"), task(3, "1 day 02:00")];
    orm::Insert::values(tasks).execute(&db).await.unwrap();
    (database, db)
}

#[tokio::test]
async fn intervals_are_selected_compared_and_aggregated() {
    let (_database, db) = tasks().await;
    let sorted = Task::query().order_by((Task::takes.asc(), Task::id.asc()));
    let found = sorted.clone().select((Task::takes, Task::pause)).all(&db).await.unwrap();
    let expected = [
        (interval("1 day 02:00"), Some(TimeDelta::minutes(3))),
        (interval("1 mon"), None),
        (interval("30 days"), Some(TimeDelta::minutes(2))),
    ];
    assert_eq!(found, expected);
    // The server compares by length.
    let month = Task::query().filter(Task::takes.eq(interval("30 days"))).select(Task::id);
    assert_eq!(month.order_by(Task::id.asc()).all(&db).await.unwrap(), [1, 2]);
    let short = Task::takes.lt(Duration::from_secs(27 * 3_600)).and(Task::takes.gt(25.hours()));
    assert_eq!(Task::query().filter(short).select(Task::id).all(&db).await.unwrap(), [3]);
    let is_in = Task::takes.is_in([interval("1 mon"), Interval::ZERO]);
    assert_eq!(Task::query().filter(is_in).count(&db).await.unwrap(), 2);
    let all = Task::query().select((
        func::sum(Task::takes),
        func::avg(Task::takes),
        func::min(Task::takes),
        func::max(Task::limit),
        func::sum(Task::pause),
        func::avg(Task::limit),
    ));
    let found = all.one(&db).await.unwrap();
    let expected = (
        Some(interval("1 mon 31 days 02:00")),
        Some(interval("20 days 08:40")),
        Some(interval("1 day 02:00")),
        Some(SignedDuration::from_hours(3)),
        Some(interval("00:05")),
        Some(interval("02:00")),
    );
    assert_eq!(found, expected);
}

#[tokio::test]
async fn intervals_are_counted_with() {
    let (_database, db) = tasks().await;
    let first = Task::query().filter(Task::id.eq(2));
    let found = first
        .select((
            Task::takes + interval("1 mon"),
            -Task::takes,
            Task::takes * 2,
            Task::takes / 4.0,
            Task::takes - Task::limit,
            Task::pause + SignedDuration::from_secs(1),
            interval("1 day") - Task::takes,
            func::interval("1 week 1 hour"),
            func::justify_days(Task::takes),
        ))
        .one(&db)
        .await
        .unwrap();
    let expected = (
        interval("1 mon 30 days"),
        interval("-30 days"),
        interval("60 days"),
        interval("7 days 12:00"),
        interval("30 days -02:00"),
        Some(interval("00:02:01")),
        interval("-29 days"),
        interval("7 days 01:00"),
        interval("1 mon"),
    );
    assert_eq!(found, expected);
    let age = func::age(func::now(), func::now() - interval("1 year 2 mons"));
    assert_eq!(Task::query().filter(Task::id.eq(1)).select(age).one(&db).await.unwrap().months, 14);
    let set = (Task::takes.set(Task::takes + 1.month()), Task::pause.set(TimeDelta::seconds(5)));
    let changed =
        Task::update().set(set).filter(Task::id.eq(1)).returning((Task::takes, Task::pause));
    let expected = (interval("2 mons"), Some(TimeDelta::seconds(5)));
    assert_eq!(changed.one(&db).await.unwrap(), expected);
}

#[tokio::test]
async fn a_span_without_months_and_days_does_not_hold_them() {
    let (database, db) = tasks().await;
    database.execute("UPDATE task SET pause = '1 day' WHERE id = 1").await;
    let error = Task::query().select(Task::pause).all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not read column \"task\".\"pause\" (interval): `chrono::TimeDelta` does not hold the interval 1 day: months and days have \
         no fixed length; use `orm::Interval`"
    );
    // The difference of two moments has days.
    let age = (func::now() - (func::now() - TimeDelta::hours(49))).cast::<Interval>();
    let age = Task::query().filter(Task::id.eq(1)).select(age).one(&db).await.unwrap();
    assert_eq!(age, interval("2 days 01:00"));
    let age = TimeDelta::try_from(age.days_as_hours().unwrap());
    assert_eq!(age, Ok(TimeDelta::hours(49)));
    let span = Task::query().filter(Task::id.eq(3)).select(Task::takes.cast::<Span>());
    let span: SpanFieldwise = span.one(&db).await.unwrap().into();
    assert_eq!(span, SpanFieldwise(1.day().hours(2)));
}

#[tokio::test]
async fn results_are_of_the_crate_of_the_operand() {
    let (_database, db) = tasks().await;
    let first = Task::query().filter(Task::id.eq(1));
    let of_jiff = first.clone().select((
        Task::created + interval("1 mon"),
        Task::created - Task::created,
        Task::starts - 1.hour(),
        Task::day + 1,
        Task::day - civil::date(2026, 1, 1),
        Task::day + Task::clock,
        Task::day + func::interval("1 mon"),
        Task::clock + SignedDuration::from_hours(12),
    ));
    let found = of_jiff.one(&db).await.unwrap();
    let timestamp = |text: &str| text.parse::<Timestamp>().unwrap();
    let expected = (
        timestamp("2026-02-28T12:30:15Z"),
        Interval::ZERO,
        starts().with().hour(11).build().unwrap(),
        civil::date(2026, 2, 1),
        30,
        starts(),
        civil::date(2026, 2, 28).at(0, 0, 0, 0),
        civil::time(0, 30, 15, 0),
    );
    assert_eq!(found, expected);
    let functions = first.clone().select((
        func::date_trunc("hour", Task::created),
        func::date_trunc_in("day", Task::created, "Europe/Paris"),
        func::at_time_zone(Task::created, "Europe/Paris"),
        func::at_time_zone(Task::starts, "UTC"),
        "2026-02-28T12:30:15Z".parse::<Timestamp>().unwrap() - Task::created,
    ));
    let found = functions.one(&db).await.unwrap();
    let expected = (
        timestamp("2026-01-31T12:00:00Z"),
        timestamp("2026-01-30T23:00:00Z"),
        starts().with().hour(13).build().unwrap(),
        timestamp("2026-01-31T12:30:15Z"),
        interval("28 days"),
    );
    assert_eq!(found, expected);
    let of_time = first.clone().select((
        Task::changed + time::Duration::hours(1),
        Task::changed - Task::created,
        Task::local - interval("00:30:15"),
        Task::date + 1,
        Task::date - interval("1 day"),
        func::date_trunc("hour", Task::local),
        func::at_time_zone(Task::changed, "UTC"),
    ));
    let found = of_time.one(&db).await.unwrap();
    let local = |seconds| PrimitiveDateTime::new(offset(seconds).date(), offset(seconds).time());
    let expected = (
        offset(1_769_862_615 + 3_600),
        Interval::ZERO,
        local(1_769_860_800),
        offset(1_769_862_615).date().next_day().unwrap(),
        local(1_769_817_600 - 86_400),
        local(1_769_860_800),
        local(1_769_862_615),
    );
    assert_eq!(found, expected);
    let infinite = first.select((
        Task::ends + interval("1 day"),
        func::date_trunc("day", Task::ends),
        func::greatest((Task::ends, OrInfinity::Value(SystemTime::now()))),
    ));
    let infinity = OrInfinity::<SystemTime>::Infinity;
    assert_eq!(infinite.one(&db).await.unwrap(), (infinity, infinity, infinity));
}

#[tokio::test]
async fn dates_and_times_of_all_crates_are_compared_and_stored() {
    let (_database, db) = tasks().await;
    let noon = "2026-01-31T12:30:15Z".parse::<DateTime<Utc>>().unwrap();
    let same = Task::query()
        .filter(Task::created.eq(noon).and(Task::created.eq(Task::changed)))
        .filter(Task::created.eq(noon.fixed_offset()).and(Task::changed.eq(SystemTime::from(noon))))
        .filter(Task::created.lt(func::now()).and(Task::day.le(func::current_date())))
        .filter(Task::starts.eq(Task::local).and(Task::starts.gt(Task::date)))
        .filter(Task::ends.gt(noon).and(Task::created.lt(OrInfinity::<Timestamp>::Infinity)))
        .filter(Task::closes.gt(NaiveTime::MIN).and(Task::clock.lt(Task::closes)));
    assert_eq!(same.count(&db).await.unwrap(), 3);
    let set = (
        Task::created.set(func::now()),
        Task::changed.set(func::now() + interval("1 day")),
        Task::ends.set(func::now()),
        Task::starts.set(func::localtimestamp()),
        Task::day.set(func::current_date()),
        Task::date.set(func::make_date(2026, 3, 1)),
        Task::closes.set(func::make_time(24, 0, 0.0)),
    );
    let update = Task::update().set(set).filter(Task::id.eq(1)).returning_all();
    let found = update.one(&db).await.unwrap();
    assert!(found.ends > OrInfinity::Value(SystemTime::UNIX_EPOCH) && found.ends.value().is_some());
    assert_eq!(found.date, time::Date::from_calendar_date(2026, time::Month::March, 1).unwrap());
    let selected = Task::query().filter(Task::id.eq(1)).select((
        func::now().cast::<Timestamp>(),
        func::now().cast::<OffsetDateTime>(),
        func::current_date().cast::<civil::Date>(),
    ));
    let (of_jiff, of_time, _) = selected.one(&db).await.unwrap();
    assert_eq!(of_jiff.as_second(), of_time.unix_timestamp());
}

#[tokio::test]
async fn the_server_is_in_another_time_zone_than_the_client() {
    let (database, db) = tasks().await;
    let zone = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), 'Asia/Kathmandu'); END $$";
    database.execute(zone).await;
    let other = database.db();
    for db in [&db, &other] {
        let found = Task::query().filter(Task::id.eq(1)).one(db).await.unwrap();
        assert_eq!(found, task(1, "1 mon"));
    }
    // A day starts when it starts there.
    let day = func::date_trunc("day", Task::created);
    let found =
        Task::query().filter(Task::id.eq(1)).select((day, Task::created.cast::<civil::DateTime>()));
    let (day, local) = found.one(&other).await.unwrap();
    assert_eq!(day.to_string(), "2026-01-30T18:15:00Z");
    assert_eq!(local, starts() + 5.hours().minutes(45));
}

#[tokio::test]
async fn what_a_crate_does_not_hold_is_an_error_that_names_what_does() {
    let (_database, db) = tasks().await;
    async fn read<T: orm::types::Value>(db: &Db, sql: &str) -> String {
        let found: orm::Result<Vec<(T,)>> = db.query(&format!("SELECT {sql} AS x"), &[]).await;
        found.expect_err(sql).to_string()
    }
    let error = read::<NaiveDate>(&db, "'infinity'::date").await;
    assert!(error.ends_with("column \"x\" (date): `chrono::NaiveDate` does not hold the date infinity; use `orm::OrInfinity<chrono::NaiveDate>`"), "{error}");
    let error = read::<Timestamp>(&db, "'10000-01-01 UTC'::timestamptz").await;
    assert!(
        error.contains(
            "`jiff::Timestamp` does not hold the timestamp with time zone 10000-01-01 00:00:00+00"
        ),
        "{error}"
    );
    let error = read::<DateTime<Utc>>(&db, "'294276-12-31 UTC'::timestamptz").await;
    assert!(error.ends_with("294276-12-31 00:00:00+00; use `std::time::SystemTime`"), "{error}");
    let error = read::<time::Date>(&db, "'5874897-12-31'::date").await;
    assert!(error.contains("does not hold the date 5874897-12-31"), "{error}");
    let error = read::<NaiveTime>(&db, "'24:00'::time").await;
    assert!(
        error.ends_with("does not hold the time 24:00:00; use `orm::types::TimeOfDay`"),
        "{error}"
    );
    let error = read::<OrInfinity<civil::Date>>(&db, "'10000-01-01'::date").await;
    assert!(error.contains("`jiff::civil::Date` does not hold"), "{error}");
    // PostgreSQL makes the start of the next minute of it; here nothing is sent.
    let leap = NaiveDate::from_ymd_opt(2016, 12, 31)
        .unwrap()
        .and_hms_milli_opt(23, 59, 59, 1_000)
        .unwrap();
    let error = Task::query().filter(Task::starts.eq(leap)).all(&db).await.unwrap_err();
    assert!(
        format!("{error:#}").contains("23:59:60 is a leap second, and PostgreSQL has none"),
        "{error:#}"
    );
    let texts = "SELECT '2016-12-31 23:59:60'::timestamp::text, '23:59:60'::time::text";
    let texts: Vec<(String, String)> = db.query(texts, &[]).await.unwrap();
    assert_eq!(texts, [("2017-01-01 00:00:00".to_owned(), "24:00:00".to_owned())]);
}

#[tokio::test]
async fn sql_of_a_user_takes_and_gives_them() {
    let (_database, db) = tasks().await;
    let ends = OrInfinity::<NaiveDate>::NegativeInfinity;
    let (takes, closes) = (interval("1 mon -1 days"), TimeOfDay::END_OF_DAY);
    let noon = TimeTz::new(closes, -3_600).unwrap();
    let sql = "SELECT $1::interval, $2::time, $3::timetz, $4::date, $5::timestamptz";
    let epoch = SystemTime::UNIX_EPOCH;
    let found: Vec<(Interval, TimeOfDay, TimeTz, OrInfinity<NaiveDate>, Timestamp)> =
        db.query(sql, &[&takes, &closes, &noon, &ends, &epoch]).await.unwrap();
    assert_eq!(found, [(takes, closes, noon, ends, Timestamp::UNIX_EPOCH)]);
    let clock = func::value(noon) + interval("02:00");
    let found = Task::query()
        .filter(Task::id.eq(1))
        .select((clock.clone(), func::extract(func::Field::Hour, clock)));
    assert_eq!(found.one(&db).await.unwrap(), ("02:00:00-01".parse().unwrap(), 2.0));
}

#[tokio::test]
async fn an_interval_may_be_infinite() {
    let (_database, db) = tasks().await;
    let version: Vec<i32> =
        db.query("SELECT current_setting('server_version_num')::integer", &[]).await.unwrap();
    if version[0] < 170_000 {
        orm_test_support::skipped("an infinite interval", 17);
        return;
    }
    for (infinite, text) in
        [(Interval::INFINITY, "infinity"), (Interval::NEGATIVE_INFINITY, "-infinity")]
    {
        let set = Task::update().set(Task::takes.set(infinite)).filter(Task::id.eq(1));
        let found =
            set.returning((Task::takes, Task::takes.cast::<String>())).one(&db).await.unwrap();
        assert_eq!(found, (infinite, text.to_owned()));
        let read: Vec<Interval> = db.query("SELECT $1::text::interval", &[&text]).await.unwrap();
        assert_eq!(read, [infinite]);
        let moment = Task::query().filter(Task::id.eq(1)).select(Task::ends - func::now());
        assert_eq!(moment.one(&db).await.unwrap(), Interval::INFINITY);
    }
}

#[tokio::test]
async fn a_column_of_chrono_takes_spans_of_every_crate() {
    let query = Session::query().select(Session::id).filter(
        (Session::expires_at + Duration::from_secs(60))
            .gt(func::now() - 1.day())
            .and((Session::expires_at - time::Duration::HOUR).gt(Session::created_at)),
    );
    assert!(query.to_sql().text.ends_with(
        r#"("session"."expires_at" + $1) > (now() - $2) AND ("session"."expires_at" - $3) > "session"."created_at""#
    ));
}
