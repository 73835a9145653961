//! Rows by their primary key: of one column, of several; many at once; in changes too.

use auth::User;
use orm::prelude::*;

use crate::fixture::people;

#[derive(Table, Debug, PartialEq)]
#[table(name = "find_seat", primary_key(row, place))]
pub(crate) struct Seat {
    place: i32,
    row: String,
    taken: bool,
}

async fn seats() -> (orm_test_support::TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    for (row, place) in [("A", 1), ("A", 2), ("B", 1), ("B", 2)] {
        Seat::insert().row(row).place(place).taken(false).execute(&db).await.expect("a seat");
    }
    (database, db)
}

#[tokio::test]
async fn a_row_is_found_by_its_key() {
    let (_database, db) = people().await;
    let query = User::query().find("ada").select(User::name);
    assert_eq!(query.to_sql(), r#"SELECT "user"."name" FROM "user" WHERE "user"."id" = $1"#);
    assert_eq!(query.one(&db).await.unwrap(), "Ada Lovelace");
    assert_eq!(User::query().find("nobody").first(&db).await.unwrap(), None);
    let with = User::query().with(User::sessions).find(String::from("ada")).one(&db).await.unwrap();
    assert_eq!(with.sessions.len(), 2);
}

#[tokio::test]
async fn a_composite_key_is_a_tuple_in_its_order() {
    let (_database, db) = seats().await;
    let query = Seat::query().find(("B", 1)).select(Seat::place);
    assert_eq!(
        query.to_sql(),
        r#"SELECT "find_seat"."place" FROM "find_seat" WHERE "find_seat"."row" = $1 AND "find_seat"."place" = $2"#
    );
    assert_eq!(query.all(&db).await.unwrap(), [1]);
}

#[tokio::test]
async fn many_rows_are_found_by_their_keys() {
    let (_database, db) = people().await;
    let query = User::query().find_many(["ada", "nobody", "alan", "ada"]).order_by(User::id.asc());
    let names: Vec<_> = query.all(&db).await.unwrap().into_iter().map(|user| user.id).collect();
    assert_eq!(names, ["ada", "alan"]);
    let none: [&str; 0] = [];
    assert_eq!(User::query().find_many(none).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn many_rows_are_found_by_composite_keys() {
    let (_database, db) = seats().await;
    let query = Seat::query().find_many([("A", 2), ("B", 1), ("C", 7)]).filter(!Seat::taken);
    let sql = query.clone().select(Seat::row).to_sql();
    assert_eq!(
        sql,
        concat!(
            r#"SELECT "find_seat"."row" FROM "find_seat" "#,
            r#"WHERE (ROW("find_seat"."row", "find_seat"."place") IN (SELECT * FROM unnest($1, $2))) "#,
            r#"AND NOT "find_seat"."taken""#
        )
    );
    let found = query.order_by(Seat::row.asc()).all(&db).await.unwrap();
    assert_eq!(
        found.iter().map(|seat| (&*seat.row, seat.place)).collect::<Vec<_>>(),
        [("A", 2), ("B", 1)]
    );
}

#[tokio::test]
async fn changes_find_their_rows_too() {
    let (_database, db) = seats().await;
    let taken =
        Seat::update().set(Seat::taken.set(true)).find(("A", 1)).execute(&db).await.unwrap();
    assert_eq!(taken, 1);
    let rows = Seat::query().filter(Seat::taken).all(&db).await.unwrap();
    assert_eq!(rows, [Seat { row: "A".to_owned(), place: 1, taken: true }]);
    assert_eq!(Seat::delete().find_many([("A", 2), ("B", 2)]).execute(&db).await.unwrap(), 2);
    assert_eq!(Seat::query().count(&db).await.unwrap(), 2);
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "country_code")]
pub(crate) struct CountryCode {
    #[column(primary_key, data_type = "char(5)")]
    pub code: String,
}

#[tokio::test]
async fn a_key_is_sent_as_the_type_that_its_column_is_declared_with() {
    let (_database, db) = crate::fixture::tables(&[CountryCode::TABLE]).await;
    CountryCode::insert().code("ab").execute(&db).await.unwrap();
    // As a `text` it would be another one: spaces count there, and not in a `char(5)`.
    assert_eq!(CountryCode::query().find("ab ").count(&db).await.unwrap(), 1);
    assert_eq!(CountryCode::query().find_many(["ab ", "b"]).count(&db).await.unwrap(), 1);
}
