//! Every Rust type of a column, four ways around: as a column, as a parameter, within a record, as NULL.

use bigdecimal::BigDecimal;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use orm::Numeric;
use orm::prelude::*;
use orm::types::Json;
use rust_decimal::Decimal;

/// One column of every type, and one nullable column of each.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "zoo", has_many(cages: Cage))]
pub(crate) struct Zoo {
    #[column(primary_key)]
    pub id: i64,
    pub boolean: bool,
    pub int2: i16,
    pub int4: i32,
    pub float4: f32,
    pub float8: f64,
    pub numeric: Numeric,
    #[column(data_type = "numeric(10, 2)")]
    pub price: Numeric,
    pub decimal: Decimal,
    pub big: BigDecimal,
    pub text: String,
    pub bytea: Vec<u8>,
    pub timestamptz: DateTime<Utc>,
    pub timestamp: NaiveDateTime,
    pub date: NaiveDate,
    pub time: NaiveTime,
    pub texts: Vec<String>,
    pub ints: Vec<i64>,
    pub byteas: Vec<Vec<u8>>,
    pub numerics: Vec<Numeric>,
    pub decimals: Vec<Decimal>,
    pub bigs: Vec<BigDecimal>,
    pub nullable_numeric: Option<Numeric>,
    pub nullable_numerics: Option<Vec<Numeric>>,
    pub nullable_decimal: Option<Decimal>,
    pub nullable_decimals: Option<Vec<Decimal>>,
    pub nullable_big: Option<BigDecimal>,
    pub nullable_text: Option<String>,
    pub nullable_int: Option<i32>,
    pub nullable_bytea: Option<Vec<u8>>,
    pub nullable_texts: Option<Vec<String>>,
    pub nullable_byteas: Option<Vec<Vec<u8>>>,
    pub nullable_timestamptz: Option<DateTime<Utc>>,
}

/// Keeps a zoo, so that it is also read from within a record.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "cage")]
pub(crate) struct Cage {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Zoo::id)]
    pub zoo_id: i64,
}

fn numeric(text: &str) -> Numeric {
    text.parse().unwrap()
}

fn animals() -> Zoo {
    let day = NaiveDate::from_ymd_opt(1999, 12, 31).unwrap();
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    Zoo {
        id: i64::MIN,
        boolean: true,
        int2: i16::MAX,
        int4: i32::MIN,
        float4: f32::MAX,
        float8: f64::MIN_POSITIVE,
        numeric: numeric("-1e1000"),
        price: numeric("12345678.90"),
        decimal: Decimal::MAX,
        big: "1e-1000".parse::<BigDecimal>().unwrap(),
        text: "ŝüße \u{1f600} '\"\\ \n".to_owned(),
        bytea: vec![0, 255, 1],
        timestamptz: Utc.from_utc_datetime(&day.and_time(time)),
        timestamp: day.and_time(time),
        date: day,
        time,
        texts: vec!["a,b".to_owned(), "{}".to_owned(), String::new()],
        ints: vec![1, i64::MAX],
        byteas: vec![vec![0, 255], vec![], b"NULL".to_vec(), b"\\x00".to_vec()],
        numerics: vec![numeric("0.00"), Numeric::NAN, Numeric::NEGATIVE_INFINITY, i64::MIN.into()],
        decimals: vec![Decimal::ZERO, Decimal::new(-1, 28), Decimal::new(100_000, 4)],
        bigs: vec!["-0.50".parse::<BigDecimal>().unwrap()],
        nullable_numeric: Some(Numeric::INFINITY),
        nullable_numerics: Some(vec![numeric("10000.00010")]),
        nullable_decimal: Some(Decimal::MIN),
        nullable_decimals: Some(vec![]),
        nullable_big: Some("7".parse::<BigDecimal>().unwrap()),
        nullable_text: Some("x".to_owned()),
        nullable_int: Some(-1),
        nullable_bytea: Some(vec![]),
        nullable_texts: Some(vec![]),
        nullable_byteas: Some(vec![vec![7]]),
        nullable_timestamptz: Some(Utc.from_utc_datetime(&day.and_time(time))),
    }
}

fn insert(zoo: Zoo) -> ZooInsertComplete {
    Zoo::insert()
        .id(zoo.id)
        .boolean(zoo.boolean)
        .int2(zoo.int2)
        .int4(zoo.int4)
        .float4(zoo.float4)
        .float8(zoo.float8)
        .numeric(zoo.numeric)
        .price(zoo.price)
        .decimal(zoo.decimal)
        .big(zoo.big)
        .text(zoo.text)
        .bytea(zoo.bytea)
        .timestamptz(zoo.timestamptz)
        .timestamp(zoo.timestamp)
        .date(zoo.date)
        .time(zoo.time)
        .texts(zoo.texts)
        .ints(zoo.ints)
        .byteas(zoo.byteas)
        .numerics(zoo.numerics)
        .decimals(zoo.decimals)
        .bigs(zoo.bigs)
        .nullable_numeric(zoo.nullable_numeric)
        .nullable_numerics(zoo.nullable_numerics)
        .nullable_decimal(zoo.nullable_decimal)
        .nullable_decimals(zoo.nullable_decimals)
        .nullable_big(zoo.nullable_big)
        .nullable_text(zoo.nullable_text)
        .nullable_int(zoo.nullable_int)
        .nullable_bytea(zoo.nullable_bytea)
        .nullable_texts(zoo.nullable_texts)
        .nullable_byteas(zoo.nullable_byteas)
        .nullable_timestamptz(zoo.nullable_timestamptz)
        .build()
}

type ZooInsertComplete = orm::Insert<Zoo>;

async fn check(zoo: Zoo) {
    let database = orm_test_support::database().await;
    database.create(&[Zoo::TABLE, Cage::TABLE]).await;
    let db = database.db();
    assert_eq!(insert(zoo.clone()).returning_all().one(&db).await.unwrap(), zoo, "as a column");
    Cage::insert().id(1).zoo_id(zoo.id).execute(&db).await.unwrap();
    let cage = Cage::query().with(Cage::zoo).one(&db).await.unwrap();
    assert_eq!(cage.zoo, zoo, "within a record");
    let same = Zoo::query()
        .filter(Zoo::boolean.eq(zoo.boolean))
        .filter(Zoo::int2.eq(zoo.int2))
        .filter(Zoo::int4.eq(zoo.int4))
        .filter(Zoo::float4.eq(zoo.float4))
        .filter(Zoo::float8.eq(zoo.float8))
        .filter(Zoo::numeric.eq(zoo.numeric.clone()))
        .filter(Zoo::numeric.is_in([Numeric::ZERO, zoo.numeric]))
        .filter(Zoo::price.eq(zoo.price.clone()))
        .filter(Zoo::decimal.ge(zoo.decimal).and(Zoo::decimal.gt(zoo.price)))
        .filter(Zoo::big.eq(zoo.big))
        .filter(Zoo::numerics.eq(zoo.numerics))
        .filter(Zoo::decimals.eq(zoo.decimals))
        .filter(Zoo::bigs.eq(zoo.bigs))
        .filter(Zoo::nullable_numeric.is_not_distinct_from(zoo.nullable_numeric))
        .filter(Zoo::nullable_decimal.is_not_distinct_from(zoo.nullable_decimal))
        .filter(Zoo::nullable_big.is_not_distinct_from(zoo.nullable_big))
        .filter(Zoo::text.eq(zoo.text))
        .filter(Zoo::bytea.eq(zoo.bytea))
        .filter(Zoo::timestamptz.eq(zoo.timestamptz))
        .filter(Zoo::timestamp.eq(zoo.timestamp))
        .filter(Zoo::date.eq(zoo.date))
        .filter(Zoo::time.eq(zoo.time))
        .filter(Zoo::texts.eq(zoo.texts))
        .filter(Zoo::ints.eq(zoo.ints))
        .filter(Zoo::bytea.is_in([vec![1], zoo.byteas[0].clone(), vec![0, 255, 1]]))
        .filter(Zoo::byteas.eq(zoo.byteas))
        .filter(Zoo::nullable_byteas.is_not_distinct_from(zoo.nullable_byteas))
        .filter(Zoo::nullable_text.is_not_distinct_from(zoo.nullable_text))
        .filter(Zoo::nullable_int.is_not_distinct_from(zoo.nullable_int));
    assert_eq!(same.count(&db).await.unwrap(), 1, "as a parameter");
}

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    check(animals()).await;
}

#[tokio::test]
async fn every_nullable_type_may_be_null() {
    check(Zoo {
        nullable_numeric: None,
        nullable_numerics: None,
        nullable_decimal: None,
        nullable_decimals: None,
        nullable_big: None,
        nullable_text: None,
        nullable_int: None,
        nullable_bytea: None,
        nullable_texts: None,
        nullable_byteas: None,
        nullable_timestamptz: None,
        ..animals()
    })
    .await;
}

#[tokio::test]
async fn not_a_number_and_infinity_survive_a_record() {
    let database = orm_test_support::database().await;
    database.create(&[Zoo::TABLE, Cage::TABLE]).await;
    let db = database.db();
    insert(Zoo { float4: f32::INFINITY, float8: f64::NAN, ..animals() })
        .execute(&db)
        .await
        .unwrap();
    Cage::insert().id(1).zoo_id(i64::MIN).execute(&db).await.unwrap();
    let cage = Cage::query().with(Cage::zoo).one(&db).await.unwrap();
    assert!(cage.zoo.float8.is_nan() && cage.zoo.float4.is_infinite());
}

/// What a document column holds.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Settings {
    theme: String,
    sizes: Vec<u32>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "document", has_many(parts: Document))]
pub(crate) struct Document {
    #[column(primary_key, default = gen_random_uuid())]
    pub id: uuid::Uuid,
    pub any: serde_json::Value,
    pub settings: Json<Settings>,
    pub perhaps: Option<Json<Settings>>,
    pub several: Vec<Json<Settings>>,
    pub anything: Option<Vec<serde_json::Value>>,
    pub ids: Vec<uuid::Uuid>,
    #[column(references = Document::id)]
    pub whole_id: Option<uuid::Uuid>,
}

#[tokio::test]
async fn identifiers_and_documents_come_back_as_they_went() {
    let database = orm_test_support::database().await;
    database.create(&[Document::TABLE]).await;
    let db = database.db();
    let settings = Json(Settings { theme: "d\u{e4}rk \"x\"".to_owned(), sizes: vec![1, u32::MAX] });
    let any = serde_json::json!({"a": [1, null, "b"], "c": {"d": 1.5}});
    let ids = vec![uuid::Uuid::from_u128(7), uuid::Uuid::nil()];
    let several = vec![settings.clone(), Json(Settings { theme: "{}".to_owned(), sizes: vec![] })];
    let anything = Some(vec![any.clone(), serde_json::Value::Null]);
    let insert = Document::insert().any(any.clone()).settings(settings.clone()).ids(ids.clone());
    let insert = insert.several(several.clone()).anything(anything.clone());
    let whole = insert.returning_all().one(&db).await.unwrap();
    assert_eq!(
        (&whole.any, &whole.settings, &whole.perhaps, &whole.ids),
        (&any, &settings, &None, &ids)
    );
    assert_eq!((&whole.several, &whole.anything), (&several, &anything));
    let part = Document::insert().any(any).settings(settings.clone()).ids(vec![]);
    let part = part.several(several.clone()).anything(anything.clone());
    part.perhaps(Some(settings.clone())).whole_id(whole.id).execute(&db).await.unwrap();

    let found = Document::query().filter(Document::id.eq(whole.id)).with(Document::parts);
    let found = found.one(&db).await.unwrap();
    assert_eq!(found.parts.len(), 1);
    let nested = &found.parts[0];
    assert_eq!(nested.perhaps, Some(settings.clone()), "within a record");
    assert_eq!((&nested.several, &nested.anything), (&several, &anything), "within a record");
    let same = Document::query().filter(Document::settings.eq(settings));
    let same = same.filter(Document::several.eq(several));
    assert_eq!(same.count(&db).await.unwrap(), 2, "as a parameter");
    let set = Document::update().set(Document::perhaps.set(None::<Json<Settings>>)).all_rows();
    assert_eq!(set.execute(&db).await.unwrap(), 2);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "deep", has_many(parts: Deep))]
pub(crate) struct Deep {
    #[column(primary_key)]
    pub id: i64,
    pub any: serde_json::Value,
    pub perhaps: Option<Json<serde_json::Value>>,
    pub several: Vec<serde_json::Value>,
    #[column(references = Deep::id)]
    pub whole_id: Option<i64>,
}

/// A document of that depth: arrays and objects in turn.
fn nested(depth: usize) -> serde_json::Value {
    (0..depth).fold(serde_json::json!("[[{"), |inner, level| match level % 2 {
        0 => serde_json::json!([inner]),
        _ => serde_json::json!({ "a": inner }),
    })
}

#[track_caller]
fn is_too_deep<T: std::fmt::Debug>(answer: orm::Result<T>, sql_type: &str) {
    let error = answer.expect_err("too deep");
    assert_eq!(error.kind(), orm::ErrorKind::Conversion);
    let text = error.to_string();
    assert!(text.starts_with("could not write parameter $"), "{text}");
    let why = format!(
        "a document of the type {sql_type} is nested 128 deep, and could not be read again: 127 is the most"
    );
    assert!(text.contains(&why), "{text}");
    assert!(error.sql().is_some());
}

#[tokio::test]
async fn a_document_that_could_not_be_read_again_is_not_written_and_every_other_one_is_read() {
    let database = orm_test_support::database().await;
    database.create(&[Deep::TABLE]).await;
    let db = database.db();
    let insert = |id: i64, any: usize, perhaps: usize, several: usize| {
        let several = vec![serde_json::Value::Null, nested(several)];
        Deep::insert().id(id).any(nested(any)).perhaps(Json(nested(perhaps))).several(several)
    };
    is_too_deep(insert(1, 128, 1, 1).execute(&db).await, "jsonb");
    is_too_deep(insert(1, 1, 128, 1).execute(&db).await, "jsonb");
    is_too_deep(insert(1, 1, 1, 128).execute(&db).await, "jsonb");
    is_too_deep(Deep::query().filter(Deep::any.eq(nested(128))).count(&db).await, "jsonb");
    let list = Deep::query().filter(Deep::any.is_in([nested(128)]));
    is_too_deep(list.count(&db).await, "jsonb");
    let set = Deep::update().set(Deep::perhaps.set(Some(Json(nested(128))))).all_rows();
    is_too_deep(set.execute(&db).await, "jsonb");
    let connection = db.connection().await.unwrap();
    let raw = "UPDATE deep SET \"any\" = $1";
    is_too_deep(connection.execute(raw, &[&nested(128)]).await, "jsonb");

    let whole = insert(1, 127, 127, 127).returning_all().one(&db).await.unwrap();
    assert_eq!(whole.any, nested(127), "as a column");
    assert_eq!((&whole.perhaps, &whole.several[1]), (&Some(Json(nested(127))), &nested(127)));
    insert(2, 127, 127, 127).whole_id(1).execute(&db).await.unwrap();
    let found = Deep::query().filter(Deep::any.eq(nested(127))).filter(Deep::id.eq(1));
    let found = found.with(Deep::parts).one(&db).await.unwrap();
    let part = Deep { id: 2, whole_id: Some(1), ..whole };
    assert_eq!(found.parts, [part], "within a record");
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "ledger")]
pub(crate) struct Ledger {
    #[column(primary_key)]
    pub id: i64,
    pub total: Decimal,
    pub parts: Vec<Decimal>,
}

#[tokio::test]
async fn a_decimal_is_never_rounded_and_says_what_does_not_fit() {
    let database = orm_test_support::database().await;
    database.create(&[Ledger::TABLE]).await;
    let db = database.db();
    Ledger::insert().id(1).total(Decimal::ONE).parts(vec![]).execute(&db).await.unwrap();
    for (value, why) in [
        ("NaN", "NaN is no `Decimal`: a `Decimal` is always a finite number"),
        ("1e32", "has more digits than 96 bits can hold, which are 28 or 29"),
        ("1e-29", "it has 29 digits after the decimal point, and 28 are the most"),
    ] {
        database.execute(&format!("UPDATE ledger SET total = '{value}', parts = '{{}}'")).await;
        let error = Ledger::query().one(&db).await.unwrap_err();
        assert_eq!(error.kind(), orm::ErrorKind::Conversion);
        let text = error.to_string();
        assert!(text.starts_with("could not read column \"total\" (numeric): "), "{text}");
        assert!(text.contains(why), "{text}");
        database.execute(&format!("UPDATE ledger SET total = 1, parts = '{{1, {value}}}'")).await;
        let text = Ledger::query().one(&db).await.unwrap_err().to_string();
        assert!(text.starts_with("could not read column \"parts\" (_numeric): "), "{text}");
        assert!(text.contains(why), "{text}");
    }
}

#[derive(Domain, Debug, Clone, PartialEq)]
#[domain(name = "price")]
pub(crate) struct Price(Decimal);

#[derive(Composite, Debug, Clone, PartialEq)]
#[composite(name = "offer")]
pub(crate) struct Offer {
    exact: Numeric,
    total: Decimal,
    parts: Vec<Decimal>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "shop", has_many(branches: Shop))]
pub(crate) struct Shop {
    #[column(primary_key)]
    pub id: i64,
    pub price: Price,
    pub prices: Option<Vec<Price>>,
    pub offer: Offer,
    pub offers: Vec<Offer>,
    #[column(references = Shop::id)]
    pub whole_id: Option<i64>,
}

#[tokio::test]
async fn numerics_within_declared_types_are_read_as_those_of_columns() {
    let (_database, db) = crate::fixture::empty().await;
    let offer = Offer { exact: Numeric::NAN, total: Decimal::MAX, parts: vec![Decimal::ONE] };
    let price = || Price(Decimal::new(1250, 2));
    let shop = |id: i64| {
        let insert = Shop::insert().id(id).price(price()).prices(Some(vec![price()]));
        insert.offer(offer.clone()).offers(vec![offer.clone(), offer.clone()])
    };
    let whole = shop(1).returning_all().one(&db).await.unwrap();
    assert_eq!((&whole.price, &whole.prices), (&price(), &Some(vec![price()])));
    assert_eq!((&whole.offer, &whole.offers[1]), (&offer, &offer));
    shop(2).whole_id(1).execute(&db).await.unwrap();
    let found = Shop::query().filter(Shop::id.eq(1)).with(Shop::branches).one(&db).await.unwrap();
    assert_eq!(found.branches, [Shop { id: 2, whole_id: Some(1), ..whole }], "within a record");
    // A number that the crate's own reading panics at.
    let connection = db.connection().await.unwrap();
    for (id, set) in [
        (1, "price = 1e32"),
        (1, "prices = '{1e32}'"),
        (1, "offer = '(1,1e32,{})'"),
        (1, "offer = '(1,1,{1e32})'"),
        (1, "offers = ARRAY['(1,1e32,{})'::offer]"),
        (2, "price = 1e32"),
        (2, "offers = ARRAY['(1,1e32,{})'::offer]"),
    ] {
        connection.batch_execute("BEGIN").await.unwrap();
        connection.batch_execute(&format!("UPDATE shop SET {set} WHERE id = {id}")).await.unwrap();
        let found = Shop::query().filter(Shop::id.eq(1)).with(Shop::branches).one(&connection);
        let error = found.await.unwrap_err();
        assert_eq!(error.kind(), orm::ErrorKind::Conversion, "{set}: {error:?}");
        let text = error.to_string();
        let why = "is no `Decimal`: it has more digits than 96 bits can hold, which are 28 or 29";
        assert!(text.contains(why), "{set}: {text}");
        connection.batch_execute("ROLLBACK").await.unwrap();
    }
}
