//! Types of a few bytes: binary strings of other Rust types, bits, objects of the catalog, places in the log, money.

use crate::fixture::tables;
use bytes::Bytes;
use orm::prelude::*;
use orm::types::{Bits, Char, Money, Oid, PgLsn, RegClass, RegType};
use orm::{Numeric, func};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "blob")]
pub(crate) struct Blob {
    #[column(primary_key)]
    pub digest: [u8; 4],
    pub content: Bytes,
    pub plain: Vec<u8>,
    #[column(data_type = "bit(3)")]
    pub flags: Bits,
}

fn blob() -> Blob {
    Blob {
        digest: *b"abcd",
        content: Bytes::from_static(b"content"),
        plain: b"abcd".to_vec(),
        flags: "101".parse().unwrap(),
    }
}

#[tokio::test]
async fn bytes_of_every_rust_type_are_compared_with_each_other() {
    let (_database, db) = tables(&[Blob::TABLE]).await;
    orm::Insert::values([blob()]).execute(&db).await.unwrap();
    let found = Blob::query()
        .filter(Blob::digest.eq(*b"abcd"))
        .filter(Blob::digest.eq(Blob::plain))
        .filter(Blob::digest.eq(b"abcd".to_vec()))
        .filter(Blob::content.eq(Bytes::from_static(b"content")))
        .filter(Blob::plain.ne(Blob::content))
        .filter(Blob::digest.is_in([*b"abcd", *b"efgh"]))
        .filter(Blob::flags.eq("101".parse::<Bits>().unwrap()));
    assert_eq!(found.one(&db).await.unwrap(), blob());
    assert_eq!(Blob::query().find(*b"abcd").count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn another_number_of_bytes_or_bits_is_an_error() {
    let (database, db) = tables(&[Blob::TABLE]).await;
    let long = Blob { flags: "1010".parse().unwrap(), ..blob() };
    let error = orm::Insert::values([long]).execute(&db).await.unwrap_err();
    assert!(
        error.to_string().contains("bit string length 4 does not match type bit(3)"),
        "{error}"
    );
    orm::Insert::values([blob()]).execute(&db).await.unwrap();
    database.execute("UPDATE blob SET digest = 'abc'").await;
    let error = Blob::query().one(&db).await.unwrap_err();
    let expected =
        "could not read column \"blob\".\"digest\" (bytea): it has 3 bytes, and `[u8; 4]` has 4";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "noted")]
pub(crate) struct Noted {
    #[column(primary_key)]
    pub id: i32,
    pub object: RegClass,
    pub oid: Oid,
    pub ty: Option<RegType>,
    pub price: Money,
    pub place: PgLsn,
}

#[tokio::test]
async fn objects_of_the_catalog_are_named_by_their_oid() {
    let (_database, db) = tables(&[Noted::TABLE]).await;
    let catalog = "SELECT oid, relkind FROM pg_class WHERE relname = $1 AND relkind = $2";
    let found: Vec<(Oid, Char)> = db.query(catalog, &[&"noted", &Char(b'r')]).await.unwrap();
    let [(oid, kind)] = found.try_into().unwrap();
    assert_eq!(kind, Char(b'r'));
    let insert = Noted::insert().id(1).object(RegClass(oid)).oid(oid).price(Money(250));
    let insert = insert.place(PgLsn(0x1_0000_0000));
    insert.ty(RegType(Oid(23))).execute(&db).await.unwrap();
    let names = Noted::query().select((Noted::object.cast::<String>(), Noted::ty.cast::<String>()));
    let names = names.one(&db).await.unwrap();
    let expected = ("noted".to_owned(), Some("integer".to_owned()));
    assert_eq!(names, expected);
    let same =
        Noted::query().filter(Noted::object.eq(Noted::oid)).filter(Noted::oid.gt(Oid(16_383)));
    assert_eq!(same.count(&db).await.unwrap(), 1);
    let row = Noted::query().select((
        Noted::price + Money(50),
        Noted::price * 2,
        Noted::price / Noted::price,
        Noted::place - PgLsn(0xffff_0000),
        Noted::place + Numeric::from(16),
        func::max(Noted::price).over(func::window()),
    ));
    let row = row.one(&db).await.unwrap();
    let expected = (
        Money(300),
        Money(500),
        1.0,
        Numeric::from(65_536),
        PgLsn(0x1_0000_0010),
        Some(Money(250)),
    );
    assert_eq!(row, expected);
}
