//! Every function of the library, on the server, with values: what it gives is what the manual says.

use crate::arithmetic::Numbers;
use chrono::{NaiveDate, NaiveTime, TimeZone as _, Utc};
use orm::JsonOperators as _;
use orm::func::{self, Field, Weight};
use orm::prelude::*;
use orm::types::{
    BoundingBox, Cidr, Circle, Inet, Line, LineSegment, MacAddr8, Path, Point, Polygon,
};
use orm::{Multirange, Numeric, Range};
use orm_test_support::TestDatabase;
use serde_json::json;
use std::net::IpAddr;

async fn one_row() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Numbers::TABLE]).await;
    database
        .execute(
            "INSERT INTO numbers VALUES (1, 2, 3, NULL, 1.5, 2.5, '2026-01-31', '12:00', '2026-01-31 12:00'); \
             CREATE SEQUENCE \"Invoice\"",
        )
        .await;
    let db = database.db();
    (database, db)
}

/// Each line: an expression, and the value that the server gives.
macro_rules! gives {
    ($db:expr; $($expression:expr => $expected:expr;)*) => {$({
        let query = Numbers::query().select($expression);
        let value = query.one($db).await;
        let value = value.map_err(|error| format!("{}: {error:#}", stringify!($expression))).unwrap();
        assert_eq!(value, $expected, "{}", stringify!($expression));
    })*};
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

#[tokio::test]
async fn string_functions() {
    let (_database, db) = one_row().await;
    gives! { &db;
        func::lower("Ada") => "ada";
        func::upper("Ada") => "ADA";
        func::initcap("ada LOVELACE") => "Ada Lovelace";
        func::length("añb") => 3;
        func::octet_length("añb") => 4;
        func::bit_length("ab") => 16;
        func::trim("  a ") => "a";
        func::btrim("xxaxx", "x") => "a";
        func::ltrim("xxaxx", "x") => "axx";
        func::rtrim("xxaxx", "x") => "xxa";
        func::substring("Lovelace", 2, 3) => "ove";
        func::substr("Lovelace", 5) => "lace";
        func::overlay("Txxxxas", "hom", 2, 4) => "Thomas";
        func::replace("abcabc", "b", "-") => "a-ca-c";
        func::translate("12345", "143", "ax") => "a2x5";
        func::left("Lovelace", 4) => "Love";
        func::right("Lovelace", 4) => "lace";
        func::lpad("7", 3, "0") => "007";
        func::rpad("7", 3, "0") => "700";
        func::strpos("Lovelace", "lace") => 5;
        func::starts_with("Lovelace", "Love") => true;
        func::split_part("a,b,c", ",", 2) => "b";
        func::repeat("ab", 3) => "ababab";
        func::reverse("abc") => "cba";
        func::md5("") => "d41d8cd98f00b204e9800998ecf8427e";
        func::encode(func::sha256(b"".to_vec()), "hex") =>
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        func::length(func::encode(func::sha512(b"".to_vec()), "hex")) => 128;
        func::encode(vec![1_u8, 255], "hex") => "01ff";
        func::decode("AQI=", "base64") => vec![1_u8, 2];
        func::convert_to("ñ", "UTF8") => vec![0xc3_u8, 0xb1];
        func::convert_from(vec![0xc3_u8, 0xb1], "UTF8") => "ñ";
        func::ascii("a") => 97;
        func::chr(97) => "a";
        func::to_hex(255) => "ff";
        func::quote_ident("Foo bar") => "\"Foo bar\"";
        func::quote_literal("it's") => "'it''s'";
        func::regexp_replace("foobarbaz", "b..", "X", "g") => "fooXX";
        func::regexp_match("foobarbequebaz", "(BAR)(beque)", "i") =>
            Some(vec!["bar".to_owned(), "beque".to_owned()]);
        func::regexp_match("foo", "x", "") => None;
        func::regexp_split_to_array("a1b22c", "[0-9]+") => ["a", "b", "c"].map(String::from).to_vec();
        func::string_to_array("a,b", ",") => vec!["a".to_owned(), "b".to_owned()];
        func::unistr(r"d\0061t\+000061") => "data";
        func::concat(("a", 1, None::<String>, true)) => "a1t";
        func::concat_ws("-", ("a", None::<String>, "b")) => "a-b";
        func::format("%s is %L, %I", ("x", "it's", "A b")) => "x is 'it''s', \"A b\"";
    }
}

#[tokio::test]
async fn mathematical_functions() {
    let (_database, db) = one_row().await;
    gives! { &db;
        func::abs(-5) => 5;
        func::abs(-2.5) => 2.5;
        func::abs(Numbers::maybe) => None::<i32>;
        func::ceil(1.2) => 2.0;
        func::ceil(Numbers::int) => 3.0;
        func::floor(-1.2) => -2.0;
        func::round(2.6) => 3.0;
        func::round(Numbers::double) => 2.0;
        func::trunc(-2.7) => -2.0;
        func::sign(-2.7) => -1.0;
        func::sqrt(16.0) => 4.0;
        func::sqrt(Numbers::maybe) => None::<f64>;
        func::round(func::cbrt(27.0)) => 3.0;
        func::exp(0.0) => 1.0;
        func::ln(1.0) => 0.0;
        func::log10(100.0) => 2.0;
        func::degrees(0.0) => 0.0;
        func::radians(180.0) => std::f64::consts::PI;
        func::sin(0.0) => 0.0;
        func::cos(0.0) => 1.0;
        func::tan(0.0) => 0.0;
        func::asin(0.0) => 0.0;
        func::acos(1.0) => 0.0;
        func::atan(0.0) => 0.0;
        func::atan2(0.0, 1.0) => 0.0;
        func::power(2.0, 10.0) => 1024.0;
        func::power(Numbers::small, Numbers::single) => 8.0_f64.sqrt();
        func::pi() => std::f64::consts::PI;
        func::random().lt(1.0) => true;
        func::gcd(12_i64, 18_i64) => 6;
        func::lcm(4_i64, 6_i64) => 12;
        func::width_bucket(5.35, 0.024, 10.06, 5) => 3;
    }
}

#[tokio::test]
async fn dates_and_times() {
    let (_database, db) = one_row().await;
    let noon = Utc.with_ymd_and_hms(2026, 1, 31, 12, 30, 15).single().expect("a moment");
    let local = day(1, 31).and_hms_opt(12, 30, 15).expect("a moment");
    gives! { &db;
        func::now().eq(func::now()) => true;
        func::current_date().ge(day(1, 1)) => true;
        func::localtimestamp().cast::<NaiveDate>().eq(func::current_date()) => true;
        func::localtime().eq(func::localtimestamp().cast::<NaiveTime>()) => true;
        func::clock_timestamp().ge(func::statement_timestamp()) => true;
        func::statement_timestamp().ge(func::now()) => true;
        func::make_date(2026, 1, 31) => day(1, 31);
        func::make_time(12, 30, 15.0) => local.time();
        func::make_timestamp(2026, 1, 31, 12, 30, 15.0) => local;
        func::make_timestamptz(2026, 1, 31, 13, 30, 15.0, "Europe/Paris") => noon;
        func::to_timestamp(0.0) => Utc.timestamp_opt(0, 0).single().expect("a moment");
        func::to_timestamp_by("31.01.2026 12:30:15 +0", "DD.MM.YYYY HH24:MI:SS TZH") => noon;
        func::to_date("31.01.2026", "DD.MM.YYYY") => day(1, 31);
        func::to_char(local, "YYYY-MM HH24:MI") => "2026-01 12:30";
        func::to_char(func::interval("90 minutes"), "HH24:MI") => "01:30";
        func::date_part("year", noon) => 2026.0;
        func::date_part("epoch", func::interval("2 minutes")) => 120.0;
        func::extract(Field::Year, local) => 2026.0;
        func::extract(Field::Quarter, local) => 1.0;
        func::extract(Field::Month, day(2, 3)) => 2.0;
        func::extract(Field::Week, local) => 5.0;
        func::extract(Field::Day, local) => 31.0;
        func::extract(Field::DayOfWeek, day(2, 1)) => 0.0;
        func::extract(Field::IsoDayOfWeek, day(2, 1)) => 7.0;
        func::extract(Field::IsoYear, day(1, 1)) => 2026.0;
        func::extract(Field::DayOfYear, day(2, 1)) => 32.0;
        func::extract(Field::Hour, local.time()) => 12.0;
        func::extract(Field::Minute, local) => 30.0;
        func::extract(Field::Second, local) => 15.0;
        func::extract(Field::Epoch, func::age(noon, noon - chrono::TimeDelta::days(1))) => 86400.0;
        func::extract(Field::Epoch, func::justify_interval(func::interval("24 hours"))) => 86400.0;
        func::extract(Field::Day, func::justify_interval(func::interval("25 hours"))) => 1.0;
        func::justify_interval(func::interval("31 days 25 hours")) => "1 mon 2 days 01:00:00".parse().expect("an interval");
        func::justify_days(func::interval("31 days 25 hours")) => "1 mon 1 day 25:00:00".parse().expect("an interval");
        func::justify_hours(func::interval("31 days 25 hours")) => "32 days 01:00:00".parse().expect("an interval");
        func::date_trunc("hour", func::interval("90 minutes")) => "01:00".parse().expect("an interval");
        func::extract(Field::Epoch, -func::interval("1 second")) => -1.0;
        func::date_trunc("hour", local) => day(1, 31).and_hms_opt(12, 0, 0).expect("a moment");
        func::date_trunc("minute", noon) => noon - chrono::TimeDelta::seconds(15);
        func::date_trunc_in("day", noon, "Europe/Paris") =>
            Utc.with_ymd_and_hms(2026, 1, 30, 23, 0, 0).single().expect("a moment");
        func::at_time_zone(noon, "Europe/Paris") => local + chrono::TimeDelta::hours(1);
        func::at_time_zone(local, "UTC") => noon;
        Numbers::day + func::interval("1 month") => day(2, 28).and_hms_opt(0, 0, 0).expect("a moment");
        func::interval("1 hour") + day(1, 31) => day(1, 31).and_hms_opt(1, 0, 0).expect("a moment");
    }
}

#[tokio::test]
async fn array_functions() {
    let (_database, db) = one_row().await;
    let array = || vec![1, 2, 3, 2];
    let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<String>>();
    gives! { &db;
        func::cardinality(array()) => 4;
        func::array_length(array(), 1) => Some(4);
        func::array_length(Vec::<i32>::new(), 1) => None;
        func::array_append(array(), 4) => vec![1, 2, 3, 2, 4];
        func::array_prepend(0, array()) => vec![0, 1, 2, 3, 2];
        func::array_remove(array(), 2) => vec![1, 3];
        func::array_replace(array(), 2, 9) => vec![1, 9, 3, 9];
        func::array_position(array(), 3) => Some(3);
        func::array_position(array(), 7) => None;
        func::array_positions(array(), 2) => vec![2, 4];
        func::array_to_string(array(), "-") => "1-2-3-2";
        func::array_to_string_null(vec![Some(1), None], "-", "?") => "1-?";
        func::array_ndims(array()) => Some(1);
        func::array_dims(array()) => Some("[1:4]".to_owned());
        func::array_lower(array(), 1) => Some(1);
        func::array_upper(array(), 1) => Some(4);
        func::trim_array(array(), 3) => vec![1];
        func::array_append(array(), None::<i32>) => vec![Some(1), Some(2), Some(3), Some(2), None];
        func::array_append(None::<Vec<i32>>, 1) => vec![1];
        func::array_position(vec![Some(1), None], None::<i32>) => Some(2);
        func::array(("a", func::upper("b"))) => strings(&["a", "B"]);
        func::array((Numbers::int, 1)) => vec![3, 1];
    }
}

#[tokio::test]
async fn json_functions() {
    let (_database, db) = one_row().await;
    let document = || json!({"a": [1, {"b": "x"}], "n": null});
    gives! { &db;
        func::jsonb_array_length(json!([1, 2, 3])) => 3;
        func::jsonb_typeof(document()) => "object";
        func::jsonb_strip_nulls(document()) => json!({"a": [1, {"b": "x"}]});
        func::jsonb_pretty(json!([])) => "[\n]";
        func::to_jsonb(vec![1, 2]) => json!([1, 2]);
        func::to_jsonb("a") => json!("a");
        func::to_jsonb(Numbers::maybe) => None::<serde_json::Value>;
        func::jsonb_set(document(), ["a", "0"], json!(9), true) => json!({"a": [9, {"b": "x"}], "n": null});
        func::jsonb_set(document(), ["z"], json!(9), false) => document();
        func::jsonb_insert(json!([1, 2]), ["1"], json!(9), false) => json!([1, 9, 2]);
        func::jsonb_path_query_first(document(), "$.a[*].b") => Some(json!("x"));
        func::jsonb_path_query_first(document(), "$.z") => None;
        func::jsonb_path_query_array(document(), "$.a[*]") => json!([1, {"b": "x"}]);
        func::jsonb_build_object((("id", Numbers::id), ("maybe", Numbers::maybe), ("x", "y"))) =>
            json!({"id": 1, "maybe": null, "x": "y"});
        func::jsonb_build_array((1, "a", Numbers::maybe, true)) => json!([1, "a", null, true]);
    }
}

#[tokio::test]
async fn full_text_functions() {
    let (_database, db) = one_row().await;
    let cats = || func::to_tsvector("english", "The fat cats sat");
    gives! { &db;
        cats().matches(func::to_tsquery("english", "cat & !rat")) => true;
        cats().matches(func::plainto_tsquery("english", "cats sitting")) => false;
        cats().matches(func::phraseto_tsquery("english", "fat cat")) => true;
        cats().matches(func::websearch_to_tsquery("english", "cat -fat")) => false;
        func::ts_rank(cats(), func::to_tsquery("english", "cat")).gt(0.0) => true;
        func::ts_rank_cd(cats(), func::to_tsquery("english", "cat")).gt(0.0) => true;
        func::ts_rank(func::setweight(cats(), Weight::A), func::to_tsquery("english", "cat")).gt(func::ts_rank(func::setweight(cats(), Weight::D), func::to_tsquery("english", "cat"))) => true;
        func::ts_rank(func::setweight(cats(), Weight::B), func::to_tsquery("english", "cat")).gt(func::ts_rank(func::setweight(cats(), Weight::C), func::to_tsquery("english", "cat"))) => true;
        func::ts_headline("english", "The fat cats", func::to_tsquery("english", "cat")) => "The fat <b>cats</b>";
        func::ts_headline_with("english", "The cats", func::to_tsquery("english", "cat"), "StartSel=<, StopSel=>") => "The <cats>";
        func::numnode(func::to_tsquery("english", "cat & rat")) => 3;
    }
}

#[tokio::test]
async fn sequences_and_the_session() {
    let (_database, db) = one_row().await;
    let sequence = || func::SequenceName::of_schema("public", "Invoice");
    let query = Numbers::query().select(func::nextval(sequence()));
    assert_eq!(
        query.to_sql(),
        r#"SELECT nextval(CAST('"public"."Invoice"' AS regclass)) FROM "numbers""#
    );
    let db = db.begin().await.unwrap();
    gives! { &db;
        func::nextval(sequence()) => 1;
        func::nextval("Invoice") => 2;
        func::currval(func::SequenceName::named("Invoice")) => 2;
        func::lastval() => 2;
        func::setval(sequence(), 10_i64) => 10;
        func::nextval("Invoice") => 11;
        func::current_setting("server_encoding") => "UTF8";
        func::version().like("PostgreSQL %") => true;
        func::pg_backend_pid().gt(0) => true;
        func::txid_current().gt(0_i64) => true;
        func::current_user().eq("") => false;
        func::gen_random_uuid().ne(func::gen_random_uuid()) => true;
    }
    let error = Numbers::query().select(func::nextval("no'\"such")).one(&db).await.unwrap_err();
    assert!(error.to_string().contains("no'\"such"), "{error}");
}

#[tokio::test]
async fn values_and_what_chooses_among_them() {
    let (_database, db) = one_row().await;
    gives! { &db;
        func::value(7) => 7;
        func::value("a") => "a";
        func::value(None::<i64>) => None;
        func::value(Some("a")) => Some("a".to_owned());
        func::coalesce((Numbers::maybe, 5)) => 5;
        func::nullif(1, 1) => None;
        func::greatest((1, Numbers::int, 2)) => 3;
        func::least((Numbers::maybe, 2)) => 2;
        func::case().when(Numbers::int.gt(1), "many").otherwise("few") => "many";
        func::row((1, 2)).lt(func::row((1, 3))) => true;
        func::value(json!({"a": 1})).get_text("a") => Some("1".to_owned());
    }
}

#[tokio::test]
async fn functions_of_network_addresses() {
    let (_database, db) = one_row().await;
    let inet = |text: &str| text.parse::<Inet>().unwrap();
    let cidr = |text: &str| text.parse::<Cidr>().unwrap();
    let host = || inet("192.168.1.5/24");
    gives! { &db;
        func::abbrev(cidr("10.1.0.0/16")) => "10.1/16";
        func::abbrev(host()) => "192.168.1.5/24";
        func::broadcast(host()) => inet("192.168.1.255/24");
        func::family(host()) => 4;
        func::family(IpAddr::from([0; 16])) => 6;
        func::host(host()) => "192.168.1.5";
        func::hostmask(host()) => inet("0.0.0.255");
        func::masklen(host()) => 24;
        func::masklen(cidr("::/0")) => 0;
        func::masklen(None::<Inet>) => None::<i32>;
        func::netmask(host()) => inet("255.255.255.0");
        func::network(host()) => cidr("192.168.1.0/24");
        func::set_masklen(host(), 16) => inet("192.168.1.5/16");
        func::set_masklen(cidr("192.168.1.0/24"), 16) => cidr("192.168.0.0/16");
        func::inet_same_family(host(), inet("::1")) => false;
        func::inet_same_family(host(), cidr("10.0.0.0/8")) => true;
        func::inet_merge(host(), inet("192.168.2.5/24")) => cidr("192.168.0.0/22");
        func::macaddr8_set7bit(MacAddr8([0, 34, 1, 2, 3, 4, 5, 6])) => MacAddr8([2, 34, 1, 2, 3, 4, 5, 6]);
        func::value(host()) + 10_i64 => inet("192.168.1.15/24");
        func::value(cidr("10.0.0.0/8")) + 1_i64 => inet("10.0.0.1/8");
        func::value(host()) - inet("192.168.1.1") => 4;
    }
}

#[tokio::test]
async fn functions_of_shapes() {
    let (_database, db) = one_row().await;
    let at = Point::new;
    let rectangle = || BoundingBox::new(at(0.0, 0.0), at(4.0, 3.0));
    let circle = || Circle::new(at(1.0, 1.0), 2.0).unwrap();
    let closed = || Path::closed([at(0.0, 0.0), at(2.0, 0.0), at(2.0, 2.0)]).unwrap();
    let open = || Path::open(closed().into_points()).unwrap();
    let lseg = |start, end| LineSegment { start, end };
    gives! { &db;
        func::area(rectangle()) => 12.0;
        func::area(circle()).between(12.56, 12.57) => true;
        func::area(closed()) => Some(2.0);
        func::area(open()) => None;
        func::center(rectangle()) => at(2.0, 1.5);
        func::center(circle()) => at(1.0, 1.0);
        func::center(None::<Circle>) => None::<Point>;
        func::npoints(open()) => 3;
        func::npoints(Polygon::new([at(0.0, 0.0)]).unwrap()) => 1;
        func::bound_box(rectangle(), BoundingBox::new(at(5.0, 5.0), at(6.0, 6.0))) =>
            BoundingBox::new(at(0.0, 0.0), at(6.0, 6.0));
        func::box_of(at(4.0, 0.0), at(0.0, 3.0)) => rectangle();
        func::circle(at(1.0, 1.0), 2.0) => circle();
        func::diagonal(rectangle()) => lseg(at(4.0, 3.0), at(0.0, 0.0));
        func::diameter(circle()) => 4.0;
        func::radius(circle()) => 2.0;
        func::height(rectangle()) => 3.0;
        func::width(rectangle()) => 4.0;
        func::isclosed(closed()) => true;
        func::isopen(closed()) => false;
        func::line(at(0.0, 0.0), at(1.0, 1.0)) => Line::new(1.0, -1.0, 0.0).unwrap();
        func::lseg(at(0.0, 0.0), at(1.0, 1.0)) => lseg(at(0.0, 0.0), at(1.0, 1.0));
        func::pclose(open()) => closed();
        func::popen(closed()) => open();
        func::point(1.0, 2.5) => at(1.0, 2.5);
        func::slope(at(0.0, 0.0), at(1.0, 2.0)) => 2.0;
        func::value(at(1.0, 2.0)) + at(3.0, 4.0) => at(4.0, 6.0);
        func::value(at(1.0, 2.0)) - at(3.0, 4.0) => at(-2.0, -2.0);
        func::value(at(1.0, 0.0)) * at(0.0, 1.0) => at(0.0, 1.0);
        func::value(rectangle()) / at(2.0, 0.0) => BoundingBox::new(at(0.0, 0.0), at(2.0, 1.5));
        func::value(open()) + open() => Some(Path::open([open().into_points(), open().into_points()].concat()).unwrap());
        func::value(open()) + closed() => None;
        func::value(circle()) + at(1.0, 1.0) => Circle::new(at(2.0, 2.0), 2.0).unwrap();
        func::value(rectangle()).cast::<Polygon>() =>
            Polygon::new([at(0.0, 0.0), at(0.0, 3.0), at(4.0, 3.0), at(4.0, 0.0)]).unwrap();
    }
}

#[tokio::test]
async fn range_functions() {
    let (_database, db) = one_row().await;
    let numbers = |text: &str| text.parse::<Range<Numeric>>().unwrap();
    let noon = || day(1, 31).and_hms_opt(12, 0, 0).unwrap();
    let many = || Multirange::new([1..3, 5..7].map(Range::from));
    gives! { &db;
        func::lower(1..5) => Some(1);
        func::upper(1..=5) => Some(6);
        func::lower(Range::<i64>::empty()) => None;
        func::upper(Range::from(day(1, 1)..)) => None;
        func::lower(many()) => Some(1);
        func::isempty(3..3) => true;
        func::isempty(None::<Range<i32>>) => None;
        func::lower_inc(1..3) => true;
        func::upper_inc(1..3) => false;
        func::upper_inc(numbers("[1,3]")) => true;
        func::lower_inf(..3) => true;
        func::upper_inf(..3) => false;
        func::range_merge(1..3, 7..9) => Range::from(1..9);
        func::range_merge_of(many()) => Range::from(1..7);
        func::multirange(1..3) => Multirange::from(Range::from(1..3));
        func::range_agg(func::value(Range::from(1..3))) => Some(Multirange::from(Range::from(1..3)));
        func::range_intersect_agg(func::value(Range::from(1..3))) => Some(Range::from(1..3));
        func::int4range(1, Numbers::int) => Range::from(1..3);
        func::int4range(Numbers::maybe, 3) => Range::from(..3);
        func::int4range_bounds(1, 3, "[]") => Range::from(1..4);
        func::int8range(None::<i64>, None::<i64>) => Range::full();
        func::int8range_bounds(1_i64, 3_i64, "(]") => Range::from(2..4);
        func::numrange(Numeric::from(1), Numeric::from(2)) => numbers("[1,2)");
        func::numrange_bounds(Numeric::from(1), Numeric::from(2), "()") => numbers("(1,2)");
        func::daterange(day(1, 1), day(2, 1)) => Range::from(day(1, 1)..day(2, 1));
        func::daterange_bounds(day(1, 1), day(1, 31), "[]") => Range::from(day(1, 1)..day(2, 1));
        func::tsrange(noon(), None::<chrono::NaiveDateTime>) => Range::from(noon()..);
        func::tsrange_bounds(noon(), noon(), "[]") => Range::from(noon()..=noon());
        func::tstzrange(noon().and_utc(), None::<DateTime<Utc>>) => Range::from(noon().and_utc()..);
        func::tstzrange_bounds(None::<DateTime<Utc>>, noon().and_utc(), "(]") =>
            Range::from(..=noon().and_utc());
    }

    #[derive(FromRow)]
    struct Part {
        range: Range<i32>,
    }
    let parts = orm::from(func::unnest_multirange(many()).rows::<Part>()).select(Part::range);
    assert_eq!(parts.all(&db).await.unwrap(), [1..3, 5..7].map(Range::from));
}

/// A function that is added to the library and not tested here is found.
#[test]
fn every_function_is_called_here() {
    let here = include_str!("functions.rs");
    let sources = [
        include_str!("../../orm-core/src/query/func/array.rs"),
        include_str!("../../orm-core/src/query/func/conditional.rs"),
        include_str!("../../orm-core/src/query/func/geometric.rs"),
        include_str!("../../orm-core/src/query/func/json.rs"),
        include_str!("../../orm-core/src/query/func/math.rs"),
        include_str!("../../orm-core/src/query/func/misc.rs"),
        include_str!("../../orm-core/src/query/func/network.rs"),
        include_str!("../../orm-core/src/query/func/range.rs"),
        include_str!("../../orm-core/src/query/func/search.rs"),
        include_str!("../../orm-core/src/query/func/sequence.rs"),
        include_str!("../../orm-core/src/query/func/text.rs"),
        include_str!("../../orm-core/src/query/func/time.rs"),
        include_str!("../../orm-core/src/query/func/zones.rs"),
    ];
    let mut count = 0;
    for line in sources.iter().flat_map(|source| source.lines()) {
        // `pub fn name(..)`, a line of `functions! { .. }`, or one of a list of names.
        let text = line.trim();
        let is_listed = line.starts_with("    ") && !line.starts_with("     ")
            // The type of its result is an argument of a macro.
            || text.contains(" -> $($");
        let name = match text.strip_prefix("pub fn ").or_else(|| text.strip_prefix("pub const fn "))
        {
            Some(rest) if !line.starts_with(' ') => rest,
            Some(_) => continue,
            None if is_listed
                && text.contains(") ")
                && text.contains("-> ")
                && text.ends_with(';') =>
            {
                text
            }
            None if is_listed
                && text.trim_end_matches(';').chars().all(|c| c.is_alphanumeric() || c == '_')
                && text.ends_with(';') =>
            {
                text
            }
            None if is_listed && (text.ends_with("-> Vector;") || text.ends_with("-> Query;")) => {
                text
            }
            None => continue,
        };
        let name =
            name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        if name.is_empty() || name == "fn" || name.starts_with(char::is_uppercase) {
            continue;
        }
        count += 1;
        assert!(here.contains(&format!("func::{name}(")), "`func::{name}` is not tested here");
    }
    assert!(count > 140, "{count} functions were found");
}
