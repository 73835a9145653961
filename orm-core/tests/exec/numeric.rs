//! `Numeric` beside the server: text, order and conversions are the server's own, and nothing is lost on the way.

use orm_core::exec::Connection;
use orm_core::types::Numeric;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};

async fn connection() -> (orm_test_support::TestDatabase, Connection) {
    let database = orm_test_support::database().await;
    let connection = Connection::connect(&database.config()).await.expect("a session");
    (database, connection)
}

/// What the server makes of each text: the value, and its words for it.
async fn of_server(connection: &Connection, texts: &[String]) -> Vec<(Numeric, String)> {
    let sql = "SELECT t::numeric, t::numeric::text FROM unnest($1::text[]) WITH ORDINALITY AS given(t, place) ORDER BY place";
    let rows =
        connection.query::<orm_core::exec::DriverRow>(sql, &[&texts]).await.expect("numbers");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// What the server says of each value that is sent: its words, its scale, and itself.
async fn sent(connection: &Connection, numbers: &[Numeric]) -> Vec<(Numeric, String, Option<i32>)> {
    let sql = "SELECT n, n::text, scale(n) FROM unnest($1::numeric[]) WITH ORDINALITY AS given(n, place) ORDER BY place";
    let rows =
        connection.query::<orm_core::exec::DriverRow>(sql, &[&numbers]).await.expect("numbers");
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// The server's answers for each text, against ours.
async fn check(connection: &Connection, texts: &[String]) {
    let ours: Vec<Numeric> = texts.iter().map(|text| text.parse().expect(text)).collect();
    for ((text, number), (theirs, words)) in
        texts.iter().zip(&ours).zip(of_server(connection, texts).await)
    {
        assert_eq!(number.to_string(), words, "{text}");
        assert_eq!((number, number.scale()), (&theirs, theirs.scale()), "{text}");
        assert_eq!(theirs.to_string(), words, "{text}");
    }
    for (number, (back, words, scale)) in ours.iter().zip(sent(connection, &ours).await) {
        assert_eq!(words, number.to_string());
        assert_eq!(scale, number.scale().map(i32::from), "{words}");
        assert_eq!((&back, back.to_string()), (number, words));
    }
    let sql = "SELECT n FROM unnest($1::numeric[]) AS n ORDER BY n";
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[&ours]).await.expect("numbers");
    let theirs: Vec<Numeric> = rows.iter().map(|row| row.get(0)).collect();
    let mut sorted = ours;
    sorted.sort();
    assert_eq!(sorted, theirs);
}

#[test]
fn random_numbers_are_written_read_and_sorted_as_the_server_does() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio");
    let (_database, connection) = runtime.block_on(connection());
    let number = prop_oneof![
        8 => ("[-+]?[0-9]{1,40}(\\.[0-9]{0,40})?", prop_oneof![Just(0), -60..60_i32])
            .prop_map(|(digits, exponent)| format!("{digits}e{exponent}")),
        4 => ("-?[0-9]{1,6}", "0{0,20}").prop_map(|(digits, zeros)| format!("{digits}{zeros}.{zeros}")),
        2 => "-?0{0,9}\\.0{0,9}[1-9]{1,3}0{0,9}",
        1 => (-16_000..130_000_i32).prop_map(|exponent| format!("-7.25e{exponent}")),
        1 => prop::sample::select(vec!["NaN", "Infinity", "-Infinity"]).prop_map(str::to_owned),
    ];
    let strategy = prop::collection::vec(number, 1..120);
    let config = Cases { cases: 40, failure_persistence: None, ..Cases::default() };
    let answer = TestRunner::new(config).run(&strategy, |texts| {
        runtime.block_on(check(&connection, &texts));
        Ok(())
    });
    answer.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn the_largest_and_the_smallest_number_of_the_server_come_back() {
    let (_database, connection) = connection().await;
    let largest = format!("-{}.{}", "9".repeat(131_072), "9".repeat(16_383));
    check(&connection, &[largest, "1e131071".to_owned(), "1e-16383".to_owned()]).await;
    for text in ["1e131072", "1e-16384"] {
        let theirs = connection
            .query::<orm_core::exec::DriverRow>("SELECT $1::text::numeric", &[&text])
            .await
            .unwrap_err();
        assert!(theirs.to_string().contains("value overflows numeric format"), "{theirs}");
        text.parse::<Numeric>().unwrap_err();
    }
}

#[tokio::test]
async fn sums_and_averages_are_read_exactly() {
    let (_database, connection) = connection().await;
    let numbers = [i64::MAX, i64::MAX, 1];
    let sql = "SELECT sum(n), avg(n), avg(n) FILTER (WHERE false) FROM unnest($1::bigint[]) AS n";
    let rows = connection.query::<orm_core::exec::DriverRow>(sql, &[&&numbers[..]]).await.unwrap();
    let sum: Numeric = rows[0].get(0);
    assert_eq!(i128::try_from(&sum), Ok(2 * i128::from(i64::MAX) + 1));
    assert_eq!(rows[0].get::<_, Numeric>(1).to_string(), "6148914691236517205");
    assert_eq!(rows[0].get::<_, Option<Numeric>>(2), None);
}

#[tokio::test]
async fn a_float_is_what_the_server_casts_to() {
    let (_database, connection) = connection().await;
    for text in ["0.1", "-123456789012345678901234567890.5", "1e308", "4e-320", "Infinity", "-0.0"]
    {
        let number: Numeric = text.parse().unwrap();
        let rows = connection
            .query::<orm_core::exec::DriverRow>("SELECT $1::numeric::float8", &[&number])
            .await
            .unwrap();
        assert_eq!(f64::try_from(&number), Ok(rows[0].get::<_, f64>(0)), "{text}");
    }
    for text in ["1e309", "1e-400"] {
        let number: Numeric = text.parse().unwrap();
        connection
            .query::<orm_core::exec::DriverRow>("SELECT $1::numeric::float8", &[&number])
            .await
            .unwrap_err();
        f64::try_from(&number).unwrap_err();
    }
}
