//! Data that a struct does not hold, and values that a column does not: each is an error that names table, column and both types, and
//! says what to do.

use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::{Error, ErrorKind, Insert, func, prepare};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bad_box", has_many(parts: Part))]
struct Container {
    #[column(primary_key)]
    id: i32,
    weight: i16,
    #[column(data_type = "varchar(5)")]
    code: String,
    note: Option<String>,
    tags: Vec<String>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bad_part", has_many(smaller: Part))]
struct Part {
    #[column(primary_key)]
    id: i32,
    #[column(references = Container::id)]
    container_id: i32,
    size: i16,
    #[column(references = Part::id)]
    whole_id: Option<i32>,
}

#[derive(FromRow, Debug)]
#[from_row(from = Container)]
struct Weighed {
    id: i32,
    weight: i16,
}

#[derive(FromRow, Debug)]
struct Sized {
    id: i32,
    size: i16,
}

async fn database() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Container::TABLE, Part::TABLE, Document::TABLE]).await;
    let db = database.db();
    Insert::values([container(1)]).execute(&db).await.unwrap();
    let part = Part { id: 1, container_id: 1, size: 4, whole_id: None };
    let smaller = Part { id: 2, whole_id: Some(1), ..part };
    Insert::values([part]).execute(&db).await.unwrap();
    Insert::values([smaller]).execute(&db).await.unwrap();
    (database, db)
}

fn container(id: i32) -> Container {
    Container { id, weight: 3, code: "abc".into(), note: None, tags: vec!["t".into()] }
}

#[track_caller]
fn check<T: std::fmt::Debug>(answer: orm::Result<T>, place: (&str, &str), message: &str) -> Error {
    let error = answer.expect_err("data that does not fit");
    assert_eq!(error.to_string(), message);
    assert_eq!((error.table().unwrap_or(""), error.column().unwrap_or("")), place);
    assert!(error.hint().is_some(), "what to do: {error:?}");
    error
}

#[tokio::test]
async fn a_column_of_another_type_is_named_by_every_road() {
    let (database, db) = database().await;
    database
        .execute(
            "ALTER TABLE bad_box ALTER weight TYPE integer; ALTER TABLE bad_part ALTER size TYPE text",
        )
        .await;
    let weight = ("bad_box", "weight");
    let message =
        "could not read column \"bad_box\".\"weight\" (int4): the Rust type `i16` is for smallint";
    check(Container::query().all(&db).await, weight, message);
    check(Container::query().stream(&db).try_collect::<Vec<_>>().await, weight, message);
    check(Container::query().select(Container::weight).all(&db).await, weight, message);
    let mixed = Container::query().select((func::lower(Container::code), Container::weight));
    check(mixed.all(&db).await, weight, message);
    check(Container::query().select_as::<Weighed>().all(&db).await, weight, message);
    check(Container::query().select((Container, Container::id)).all(&db).await, weight, message);
    let other = orm::alias!(Container, "other");
    check(orm::from(other).select((other.id, other.weight)).all(&db).await, weight, message);
    check(container(1).updated(&db).await, weight, message);
    let update = Container::update().set(Container::note.set("n")).all_rows();
    check(update.returning(Container::weight).all(&db).await, weight, message);
    let prepared = prepare(|| Container::query().select((Container::id, Container::weight)));
    check(prepared.all(&db, ()).await, weight, message);
    let copied = orm::copy_out::<Container>(&db).await.unwrap().try_collect::<Vec<_>>().await;
    check(copied, weight, message);
    let raw = db.query::<Container>("SELECT * FROM bad_box", &[]).await;
    check(raw, weight, message);
    let raw = db.query::<(i32, i16)>("SELECT id, weight FROM bad_box", &[]).await;
    let message = "could not read column \"weight\" (int4): the Rust type `i16` is for smallint";
    check(raw, ("", "weight"), message);

    let size = ("bad_part", "size");
    let message = "could not read column \"bad_part\".\"size\" (text) of a related row: the Rust type `i16` is for smallint";
    database.execute("ALTER TABLE bad_box ALTER weight TYPE smallint").await;
    check(Container::query().with(Container::parts).all(&db).await, size, message);
    let nested = Container::query().with(Container::parts.with(Part::smaller));
    check(nested.all(&db).await, size, message);
    let message =
        "could not read column \"bad_part\".\"size\" (text): the Rust type `i16` is for smallint";
    let sized = Part::query().select(SizedSelect { id: Part::id, size: Part::size });
    check(sized.all(&db).await, size, message);
}

trait Updated {
    async fn updated(self, db: &Db) -> orm::Result<Container>;
}

impl Updated for Container {
    async fn updated(self, db: &Db) -> orm::Result<Container> {
        orm::Update::row(self).returning_all().one(db).await
    }
}

#[tokio::test]
async fn null_and_missing_columns_are_named() {
    let (database, db) = database().await;
    database
        .execute(
            "ALTER TABLE bad_box ALTER weight DROP NOT NULL, ALTER tags DROP NOT NULL; \
             ALTER TABLE bad_part ALTER size DROP NOT NULL; \
             UPDATE bad_box SET weight = NULL; UPDATE bad_part SET size = NULL",
        )
        .await;
    let weight = ("bad_box", "weight");
    let message = "could not read column \"bad_box\".\"weight\" (int2): it is NULL, which `i16` does not hold";
    check(Container::query().all(&db).await, weight, message);
    check(Container::query().select(Container::weight).one(&db).await, weight, message);
    let size = ("bad_part", "size");
    let message =
        "could not read column \"bad_part\".\"size\" (int2): it is NULL, which `i16` does not hold";
    database.execute("UPDATE bad_box SET weight = 1").await;
    check(Container::query().with(Container::parts).all(&db).await, size, message);
    database.execute("UPDATE bad_box SET tags = '{a,NULL}'").await;
    let message = "could not read column \"bad_box\".\"tags\" (_text): element number 2 is NULL; declare the field as `Vec<Option<_>>`";
    check(Container::query().all(&db).await, ("bad_box", "tags"), message);
    // Fewer columns than the struct has.
    let raw = db.query::<Container>("SELECT id, weight FROM bad_box", &[]).await;
    let message =
        "could not read column \"bad_box\".\"code\": the row has no column number 2: it has 2";
    check(raw, ("bad_box", "code"), message);
    database.execute("ALTER TABLE bad_box DROP COLUMN note").await;
    let error = Container::query().all(&db).await.unwrap_err();
    assert_eq!(error.to_string(), "column bad_box.note does not exist");
    assert!(error.hint().unwrap().contains("orm-migrate diff"), "{error:?}");
    assert_eq!((error.table(), error.column()), (Some("bad_box"), Some("note")));
}

#[tokio::test]
async fn a_value_that_a_column_does_not_hold_is_named_before_and_after_it_is_sent() {
    let (_database, db) = database().await;
    let code = ("bad_box", "code");
    let long = || Container { code: "too long".into(), ..container(2) };
    let message = "could not insert into \"bad_box\": value too long for type character varying(5) (column \"bad_box\".\"code\")";
    let insert = |rows: Vec<Container>| Insert::values(rows);
    let hintless = |answer: orm::Result<u64>| {
        let error = answer.expect_err("too long");
        (error.to_string(), error.table().map(str::to_owned), error.column().map(str::to_owned))
    };
    let expected = (message.to_owned(), Some(code.0.to_owned()), Some(code.1.to_owned()));
    assert_eq!(hintless(insert(vec![long()]).execute(&db).await), expected);
    assert_eq!(hintless(insert(vec![container(3), long()]).execute(&db).await), expected);
    let returning = insert(vec![long()]).returning_all().all(&db).await.map(|_| 0);
    assert_eq!(hintless(returning), expected);
    let prepared = prepare(|code: orm::Placeholder<String>| {
        Container::update().set(Container::code.set(code)).all_rows()
    });
    let (message, table, column) = hintless(prepared.execute(&db, "too long").await);
    assert!(message.ends_with("(column \"bad_box\".\"code\")"), "{message}");
    assert_eq!((table.as_deref(), column.as_deref()), (Some("bad_box"), Some("code")));
    let (_, table, column) = hintless(orm::copy_in(&db, [long()]).await);
    assert_eq!((table.as_deref(), column.as_deref()), (Some("bad_box"), Some("code")));
    // What the client finds, before anything is sent.
    let deep = (0..200).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    let insert = Document::insert().id(1).body(deep.clone());
    let error = insert.execute(&db).await.unwrap_err();
    let start = "could not write parameter $2, for column \"bad_document\".\"body\" (jsonb): ";
    assert!(error.to_string().starts_with(start), "{error}");
    assert_eq!((error.table(), error.column()), (Some("bad_document"), Some("body")));
    let compared =
        Document::query().filter(Document::id.gt(0).and(Document::body.eq(deep.clone())));
    let error = compared.all(&db).await.unwrap_err();
    assert!(error.to_string().starts_with(start), "{error}");
    let rows = [1, 2].map(|id| Document { id, body: deep.clone() });
    let error = Insert::values(rows).execute(&db).await.unwrap_err();
    assert!(error.to_string().contains("for column \"bad_document\".\"body\""), "{error}");
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let prepared = prepare(|body: orm::Placeholder<serde_json::Value>| {
        Document::update().set(Document::body.set(body)).all_rows()
    });
    let error = prepared.execute(&db, deep).await.unwrap_err();
    assert!(error.to_string().contains("for column \"bad_document\".\"body\""), "{error}");
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "bad_document")]
struct Document {
    #[column(primary_key)]
    id: i32,
    body: serde_json::Value,
}
