//! A server that lies: whatever bytes it sends are a value or an error, and take no more memory than a few times their
//! length. Without TLS anyone on the way may be that server.

use crate::liar::{self, Described, Liar, TEXT, array, claim, record};
use orm::prelude::*;
use orm_core::ErrorKind;
use orm_core::exec::Connection;
use orm_core::types::Numeric;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use std::process::Command;

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[pg_enum(name = "lie_mood")]
pub(crate) enum Mood {
    Sad,
    Happy,
}

#[derive(Domain, Debug, Clone, PartialEq, Eq)]
#[domain(name = "lie_words")]
pub(crate) struct Words(Vec<String>);

#[derive(Composite, Debug, Clone, PartialEq)]
#[composite(name = "lie_size")]
pub(crate) struct Size {
    width: i32,
    labels: Vec<String>,
    mood: Mood,
}

#[derive(Table, Debug)]
#[table(name = "lie")]
pub(crate) struct Lie {
    #[column(primary_key)]
    id: i64,
    boolean: bool,
    int2: i16,
    int4: i32,
    float4: f32,
    float8: f64,
    text: String,
    bytea: Vec<u8>,
    mood: Mood,
    words: Words,
    size: Size,
    booleans: Vec<bool>,
    int2s: Vec<i16>,
    int4s: Vec<i32>,
    int8s: Vec<i64>,
    float4s: Vec<f32>,
    float8s: Vec<f64>,
    texts: Vec<String>,
    byteas: Option<Vec<Vec<u8>>>,
    numeric: Numeric,
    numerics: Vec<Numeric>,
    moods: Vec<Mood>,
    sizes: Vec<Size>,
}

#[derive(Table, Debug)]
#[table(name = "lie_whole", has_many(parts: Part))]
pub(crate) struct Whole {
    #[column(primary_key)]
    id: i64,
}

#[derive(Table, Debug)]
#[table(name = "lie_part")]
pub(crate) struct Part {
    #[column(primary_key)]
    id: i64,
    #[column(references = Whole::id)]
    whole_id: i64,
    words: Vec<String>,
}

#[cfg(feature = "chrono")]
#[derive(Table, Debug)]
#[table(name = "lie_time")]
pub(crate) struct LieTime {
    #[column(primary_key)]
    id: i64,
    timestamptz: chrono::DateTime<chrono::Utc>,
    timestamp: chrono::NaiveDateTime,
    date: chrono::NaiveDate,
    time: chrono::NaiveTime,
    timestamptzs: Vec<chrono::DateTime<chrono::Utc>>,
    timestamps: Vec<chrono::NaiveDateTime>,
    dates: Vec<chrono::NaiveDate>,
    times: Vec<chrono::NaiveTime>,
}

#[derive(Table, Debug)]
#[table(name = "lie_interval")]
pub(crate) struct LieInterval {
    #[column(primary_key)]
    id: i64,
    interval: orm_core::types::Interval,
    duration: std::time::Duration,
    timetz: orm_core::types::TimeTz,
    time_of_day: orm_core::types::TimeOfDay,
    moment: orm_core::types::OrInfinity<std::time::SystemTime>,
    intervals: Vec<orm_core::types::Interval>,
    timetzs: Vec<orm_core::types::TimeTz>,
    moments: Vec<std::time::SystemTime>,
}

#[cfg(feature = "jiff")]
#[derive(Table, Debug)]
#[table(name = "lie_jiff")]
pub(crate) struct LieJiff {
    #[column(primary_key)]
    id: i64,
    jiff_timestamptz: jiff::Timestamp,
    jiff_timestamp: jiff::civil::DateTime,
    jiff_date: jiff::civil::Date,
    jiff_time: jiff::civil::Time,
    jiff_span: jiff::Span,
    jiff_dates: Vec<orm_core::types::OrInfinity<jiff::civil::Date>>,
}

#[cfg(feature = "time")]
#[derive(Table, Debug)]
#[table(name = "lie_time_crate")]
pub(crate) struct LieTimeCrate {
    #[column(primary_key)]
    id: i64,
    crate_timestamptz: ::time::OffsetDateTime,
    crate_timestamp: ::time::PrimitiveDateTime,
    crate_date: ::time::Date,
    crate_time: ::time::Time,
    crate_duration: ::time::Duration,
    crate_times: Vec<::time::Time>,
}

#[cfg(feature = "json")]
#[derive(Table, Debug)]
#[table(name = "lie_json")]
pub(crate) struct LieJson {
    #[column(primary_key)]
    id: i64,
    any: serde_json::Value,
    settings: orm_core::types::Json<Vec<i32>>,
    anys: Vec<serde_json::Value>,
    several: Vec<orm_core::types::Json<Vec<i32>>>,
}

#[cfg(feature = "rust_decimal")]
#[derive(Table, Debug)]
#[table(name = "lie_decimal")]
pub(crate) struct LieDecimal {
    #[column(primary_key)]
    id: i64,
    decimal: rust_decimal::Decimal,
    decimals: Vec<rust_decimal::Decimal>,
}

#[cfg(feature = "bigdecimal")]
#[derive(Table, Debug)]
#[table(name = "lie_big")]
pub(crate) struct LieBig {
    #[column(primary_key)]
    id: i64,
    big: bigdecimal::BigDecimal,
    bigs: Vec<bigdecimal::BigDecimal>,
}

#[cfg(feature = "uuid")]
#[derive(Table, Debug)]
#[table(name = "lie_uuid")]
pub(crate) struct LieUuid {
    #[column(primary_key)]
    id: i64,
    uuid: uuid::Uuid,
    uuids: Vec<uuid::Uuid>,
}

/// -1.50
const NUMERIC: [u8; 12] = [0, 2, 0, 0, 0x40, 0, 0, 2, 0, 1, 0x13, 0x88];
const MOOD: u32 = 90_001;
const MOODS: u32 = 90_002;
const SIZE: u32 = 90_003;
const SIZES: u32 = 90_004;
const WORDS: u32 = 90_005;
const RECORD: u32 = 2249;
const RECORDS: u32 = 2287;

fn catalog(liar: &Liar) {
    let none = Described { oid: 0, name: "", kind: "b", of: 0, labels: &[], attributes: &[] };
    let attributes = [("width", 23), ("labels", liar::TEXT_ARRAY), ("mood", MOOD)];
    liar.describes(&[
        Described { oid: MOOD, name: "lie_mood", kind: "e", labels: &["sad", "happy"], ..none },
        Described { oid: MOODS, name: "_lie_mood", of: MOOD, ..none },
        Described { oid: SIZE, name: "lie_size", kind: "c", attributes: &attributes, ..none },
        Described { oid: SIZES, name: "_lie_size", of: SIZE, ..none },
        Described { oid: WORDS, name: "lie_words", kind: "d", of: liar::TEXT_ARRAY, ..none },
    ]);
}

fn texts() -> Vec<u8> {
    array(TEXT, &[b"a".to_vec(), "\u{fc}".as_bytes().to_vec()])
}

fn size() -> Vec<u8> {
    record(&[(23, &[0, 0, 0, 1]), (liar::TEXT_ARRAY, &texts()), (MOOD, b"sad")])
}

/// Twice that element.
fn two(element: u32, bytes: &[u8]) -> Vec<u8> {
    array(element, &[bytes.to_vec(), bytes.to_vec()])
}

/// A column, the type that the server says it has, a value of it, and of an array the type of its elements.
struct Case {
    column: &'static str,
    oid: u32,
    valid: Vec<u8>,
    element: Option<u32>,
}

/// The columns of one table, and how each is read alone.
macro_rules! columns {
    ($module:ident, $table:ident: $($column:ident, $oid:expr, $valid:expr, $element:expr;)*) => {
        mod $module {
            use super::*;

            pub(super) fn cases() -> Vec<Case> {
                vec![$(Case { column: stringify!($column), oid: $oid, valid: $valid, element: $element }),*]
            }

            pub(super) async fn read(connection: &Connection, column: &str) -> Option<orm_core::Result<()>> {
                match column {
                    $(stringify!($column) => {
                        Some($table::query().select($table::$column).all(connection).await.map(drop))
                    })*
                    _ => None,
                }
            }
        }
    };
}

columns! { plain, Lie:
    boolean, 16, vec![1], None;
    int2, 21, vec![0; 2], None;
    int4, 23, vec![0; 4], None;
    id, 20, vec![0; 8], None;
    float4, 700, vec![0; 4], None;
    float8, 701, vec![0; 8], None;
    text, TEXT, b"text".to_vec(), None;
    bytea, 17, vec![0, 255], None;
    mood, MOOD, b"happy".to_vec(), None;
    words, WORDS, texts(), Some(TEXT);
    size, SIZE, size(), None;
    booleans, 1000, two(16, &[1]), Some(16);
    int2s, 1005, two(21, &[0; 2]), Some(21);
    int4s, 1007, two(23, &[0; 4]), Some(23);
    int8s, liar::INT8_ARRAY, two(20, &[0; 8]), Some(20);
    float4s, 1021, two(700, &[0; 4]), Some(700);
    float8s, 1022, two(701, &[0; 8]), Some(701);
    texts, liar::TEXT_ARRAY, texts(), Some(TEXT);
    byteas, 1001, two(17, &[0, 255]), Some(17);
    numeric, 1700, NUMERIC.to_vec(), None;
    numerics, 1231, two(1700, &NUMERIC), Some(1700);
    moods, MOODS, two(MOOD, b"sad"), Some(MOOD);
    sizes, SIZES, two(SIZE, &size()), Some(SIZE);
}

#[cfg(feature = "chrono")]
columns! { time, LieTime:
    timestamptz, 1184, vec![0; 8], None;
    timestamp, 1114, vec![0; 8], None;
    date, 1082, vec![0; 4], None;
    time, 1083, vec![0; 8], None;
    timestamptzs, 1185, two(1184, &[0; 8]), Some(1184);
    timestamps, 1115, two(1114, &[0; 8]), Some(1114);
    dates, 1182, two(1082, &[0; 4]), Some(1082);
    times, 1183, two(1083, &[0; 8]), Some(1083);
}

columns! { intervals, LieInterval:
    interval, 1186, vec![0; 16], None;
    duration, 1186, vec![0; 16], None;
    timetz, 1266, vec![0; 12], None;
    time_of_day, 1083, vec![0; 8], None;
    moment, 1184, vec![0; 8], None;
    intervals, 1187, two(1186, &[0; 16]), Some(1186);
    timetzs, 1270, two(1266, &[0; 12]), Some(1266);
    moments, 1185, two(1184, &[0; 8]), Some(1184);
}

#[cfg(feature = "jiff")]
columns! { of_jiff, LieJiff:
    jiff_timestamptz, 1184, vec![0; 8], None;
    jiff_timestamp, 1114, vec![0; 8], None;
    jiff_date, 1082, vec![0; 4], None;
    jiff_time, 1083, vec![0; 8], None;
    jiff_span, 1186, vec![0; 16], None;
    jiff_dates, 1182, two(1082, &[0; 4]), Some(1082);
}

#[cfg(feature = "time")]
columns! { of_time, LieTimeCrate:
    crate_timestamptz, 1184, vec![0; 8], None;
    crate_timestamp, 1114, vec![0; 8], None;
    crate_date, 1082, vec![0; 4], None;
    crate_time, 1083, vec![0; 8], None;
    crate_duration, 1186, vec![0; 16], None;
    crate_times, 1183, two(1083, &[0; 8]), Some(1083);
}

#[cfg(feature = "json")]
columns! { json, LieJson:
    any, 3802, b"\x01{\"a\": [1]}".to_vec(), None;
    settings, 3802, b"\x01[1, 2]".to_vec(), None;
    anys, 3807, two(3802, b"\x01{}"), Some(3802);
    several, 3807, two(3802, b"\x01[1]"), Some(3802);
}

#[cfg(feature = "uuid")]
columns! { uuids, LieUuid:
    uuid, 2950, vec![0; 16], None;
    uuids, 2951, two(2950, &[0; 16]), Some(2950);
}

#[cfg(feature = "rust_decimal")]
columns! { decimal, LieDecimal:
    decimal, 1700, NUMERIC.to_vec(), None;
    decimals, 1231, two(1700, &NUMERIC), Some(1700);
}

#[cfg(feature = "bigdecimal")]
columns! { big, LieBig:
    big, 1700, NUMERIC.to_vec(), None;
    bigs, 1231, two(1700, &NUMERIC), Some(1700);
}

fn cases() -> Vec<Case> {
    let mut cases = plain::cases();
    #[cfg(feature = "chrono")]
    cases.extend(time::cases());
    cases.extend(intervals::cases());
    #[cfg(feature = "jiff")]
    cases.extend(of_jiff::cases());
    #[cfg(feature = "time")]
    cases.extend(of_time::cases());
    #[cfg(feature = "json")]
    cases.extend(json::cases());
    #[cfg(feature = "rust_decimal")]
    cases.extend(decimal::cases());
    #[cfg(feature = "bigdecimal")]
    cases.extend(big::cases());
    #[cfg(feature = "uuid")]
    cases.extend(uuids::cases());
    cases
}

/// Reads one row that has only that column.
async fn read(connection: &Connection, column: &str) -> orm_core::Result<()> {
    if let Some(answer) = plain::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "chrono")]
    if let Some(answer) = time::read(connection, column).await {
        return answer;
    }
    if let Some(answer) = intervals::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "jiff")]
    if let Some(answer) = of_jiff::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "time")]
    if let Some(answer) = of_time::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "json")]
    if let Some(answer) = json::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "rust_decimal")]
    if let Some(answer) = decimal::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "bigdecimal")]
    if let Some(answer) = big::read(connection, column).await {
        return answer;
    }
    #[cfg(feature = "uuid")]
    if let Some(answer) = uuids::read(connection, column).await {
        return answer;
    }
    panic!("no column {column}")
}

/// Runs the test of that name in a process that may have one gigabyte of addresses; gives whether this is that process.
fn has_little_memory(test: &str) -> bool {
    const INNER: &str = "ORM_TEST_LITTLE_MEMORY";
    if std::env::var_os(INNER).is_some() {
        return true;
    }
    let this = std::env::current_exe().expect("this program");
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1048576; exec \"$0\" --exact \"$1\" --test-threads 1"])
        .arg(this)
        .arg(test)
        .env(INNER, "1")
        .output()
        .expect("a shell");
    let shown = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && shown.contains("1 passed"),
        "{}: {shown}{error}",
        output.status
    );
    false
}

/// Beginnings of arrays that say they have more elements than memory holds.
fn claims(element: u32) -> Vec<Vec<u8>> {
    let mut negative = claim(element, &[1]);
    negative[..4].fill(0xff);
    let mut endless = claim(element, &[1]);
    endless[..4].copy_from_slice(&i32::MAX.to_be_bytes());
    vec![
        claim(element, &[i32::MAX]),
        claim(element, &[1, i32::MAX]),
        claim(element, &[65_536, 32_767]),
        claim(element, &[i32::MAX; 6]),
        claim(element, &[-1]),
        [claim(element, &[i32::MAX]), vec![0xff; 400]].concat(),
        negative,
        endless,
    ]
}

#[tokio::test]
async fn an_array_that_claims_elements_which_are_not_there_takes_no_memory() {
    if !has_little_memory(
        "hostile::an_array_that_claims_elements_which_are_not_there_takes_no_memory",
    ) {
        return;
    }
    let liar = Liar::start().await;
    catalog(&liar);
    let connection = liar.connect().await;
    for Case { column, oid, valid, element } in cases() {
        liar.answers_row(&[(oid, Some(&valid))]);
        read(&connection, column).await.unwrap_or_else(|error| panic!("{column}: {error:?}"));
        for bytes in element.map(claims).unwrap_or_default() {
            liar.answers_row(&[(oid, Some(&bytes))]);
            let error = read(&connection, column).await.expect_err(column);
            assert_eq!(error.kind(), ErrorKind::Conversion, "{column}: {error:?}");
        }
    }
    // Within a composite value, and within an array of them.
    for bytes in claims(TEXT) {
        let size = record(&[(23, &[0; 4]), (liar::TEXT_ARRAY, &bytes), (MOOD, b"sad")]);
        liar.answers_row(&[(SIZE, Some(&size))]);
        read(&connection, "size").await.expect_err("a claim in a composite value");
        liar.answers_row(&[(SIZES, Some(&two(SIZE, &size)))]);
        read(&connection, "sizes").await.expect_err("a claim in an array of composite values");
    }
    // The rows of a relation, and an array within one of them.
    let id = 1_i64.to_be_bytes();
    let part = |texts: &[u8]| {
        let fields = [(liar::INT8, &id[..]), (liar::INT8, &id[..]), (liar::TEXT_ARRAY, texts)];
        two(RECORD, &record(&fields))
    };
    let parts = async |bytes: &[u8]| {
        liar.answers_row(&[(liar::INT8, Some(&id)), (RECORDS, Some(bytes))]);
        let correlated = orm_core::query::Loading::Correlated;
        Whole::query().with(Whole::parts).loading(correlated).all(&connection).await
    };
    let whole = parts(&part(&texts())).await.expect("rows within a row");
    assert_eq!(whole[0].parts[1].words, ["a", "\u{fc}"]);
    for bytes in claims(RECORD) {
        let error = parts(&bytes).await.expect_err("a claim of rows");
        assert_eq!(error.kind(), ErrorKind::Conversion, "{error:?}");
    }
    for bytes in claims(TEXT) {
        let error = parts(&part(&bytes)).await.expect_err("a claim within rows");
        assert_eq!(error.kind(), ErrorKind::Conversion, "{error:?}");
    }
    // A row of a level that the statement does not have, and one without its columns.
    for level in [-1_i32, 0, 2, i32::MAX] {
        liar.answers_row(&[(23, Some(&level.to_be_bytes()))]);
        let answer = Whole::query().with(Whole::parts).all(&connection).await;
        let error = answer.expect_err("a level that is not there");
        assert_eq!(error.kind(), ErrorKind::Conversion, "{error:?}");
    }
}

#[test]
fn any_bytes_of_a_cell_are_a_value_or_an_error() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio");
    let (liar, connection) = runtime.block_on(async {
        let liar = Liar::start().await;
        catalog(&liar);
        let connection = liar.connect().await;
        (liar, connection)
    });
    let cases = cases();
    let byte = || prop_oneof![any::<u8>(), Just(0), Just(1), Just(0x7f), Just(0xff)];
    let changed = (prop::collection::vec((any::<usize>(), byte()), 0..6), any::<usize>());
    let bytes = prop::collection::vec(byte(), 0..80);
    let strategy = (0..cases.len(), prop_oneof![bytes.prop_map(Ok), changed.prop_map(Err)]);
    let config = Cases { cases: 1500, failure_persistence: None, ..Cases::default() };
    let answer = TestRunner::new(config).run(&strategy, |(index, change)| {
        let Case { column, oid, valid, .. } = &cases[index];
        let bytes = match change {
            Ok(bytes) => bytes,
            Err((changes, end)) => {
                let mut bytes = valid.clone();
                for (at, byte) in changes {
                    let at = at % bytes.len();
                    bytes[at] = byte;
                }
                // Whole as often as cut.
                bytes.truncate(end % (2 * valid.len()));
                bytes
            }
        };
        liar.answers_row(&[(*oid, Some(&bytes))]);
        if let Err(error) = runtime.block_on(read(&connection, column)) {
            prop_assert_eq!(error.kind(), ErrorKind::Conversion, "{}: {:?}", column, error);
        }
        Ok(())
    });
    answer.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn types_over_types_without_end_are_an_error() {
    let liar = Liar::start().await;
    let connection = liar.connect().await;
    let none =
        Described { oid: 0, name: "endless", kind: "d", of: 0, labels: &[], attributes: &[] };
    for kind in ["d", "b", "r", "m"] {
        let chain: Vec<_> =
            (MOOD..MOOD + 50_000).map(|oid| Described { oid, kind, of: oid + 1, ..none }).collect();
        let itself = [Described { oid: MOOD, kind, of: MOOD, ..none }];
        for types in [&chain[..], &itself] {
            liar.describes(types);
            liar.answers_row(&[(MOOD, Some(b"happy"))]);
            let error = read(&connection, "mood").await.expect_err("endless");
            assert_eq!(error.kind(), ErrorKind::Conversion, "{error:?}");
            assert!(error.to_string().contains("nested more than 32 deep"), "{error:?}");
        }
    }
    let attributes = [("itself", MOOD), ("again", MOOD)];
    liar.describes(&[Described { oid: MOOD, kind: "c", attributes: &attributes, ..none }]);
    let error = read(&connection, "mood").await.expect_err("endless");
    assert_eq!(error.kind(), ErrorKind::Conversion, "{error:?}");
}

#[tokio::test]
async fn a_description_or_a_row_that_is_not_what_it_says_is_an_error() {
    if !has_little_memory("hostile::a_description_or_a_row_that_is_not_what_it_says_is_an_error") {
        return;
    }
    let liar = Liar::start().await;
    let described = |bytes: &[u8]| [liar::description(&[23]), bytes.to_vec()].concat();
    let long = |tag: u8, length: u32| [&[tag][..], &length.to_be_bytes(), &[0; 60]].concat();
    for (name, answer) in [
        ("a count without columns", liar::message(b'T', &[0xff, 0xff])),
        ("a name without an end", liar::message(b'T', &[[0, 1], [b'x'; 2]].concat())),
        ("a column that is cut", liar::message(b'T', b"\0\x01c\0\0\0")),
        ("an empty description", liar::message(b'T', b"")),
        ("a long description", long(b'T', u32::MAX)),
        ("a description of two gigabytes", long(b'T', 0x7fff_ffff)),
        ("a description shorter than its length", long(b'T', 3)),
        ("a row without a description", liar::row(&[Some(vec![0; 4])])),
        ("a row with too few cells", described(&liar::row(&[]))),
        ("a count without cells", described(&liar::message(b'D', &[0xff, 0xff]))),
        ("a cell without bytes", described(&liar::message(b'D', &[0, 1, 0x7f, 0xff, 0xff, 0xff]))),
        ("a cell of a negative length", described(&liar::message(b'D', &[0, 1, 0x80, 0, 0, 0]))),
        ("an empty row", described(&liar::message(b'D', b""))),
        ("a row of two gigabytes", described(&long(b'D', 0x7fff_ffff))),
        ("a row of four gigabytes", described(&long(b'D', u32::MAX))),
        ("a row shorter than its length", described(&long(b'D', 0))),
        ("an unknown message", described(&liar::message(b'?', b"what"))),
        ("an error without its end", described(&liar::message(b'E', b"SERROR"))),
        (
            "an error that is no text",
            described(&liar::message(b'E', b"S\xff\xff\0C\xff\0M\xff\0\0")),
        ),
    ] {
        let connection = liar.connect().await;
        liar.answers(answer);
        let answer = read(&connection, "int4").await;
        assert!(answer.is_err(), "{name}: {answer:?}");
    }
}
